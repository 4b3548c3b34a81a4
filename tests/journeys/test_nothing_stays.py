"""Whatever is about a run goes when the run goes: every text of the window, after others and alone, is the same."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QDockWidget, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.explorer.opened import Opened
from tests.journeys import traces
from tests.journeys.driving import PATIENCE, Open, learn, read, small, wait_for


@pytest.mark.long
def test_a_run_is_told_of_alike_alone_and_after_another(
    qtbot: QtBot, open_program: Open, folder: Path, tmp_path: Path
) -> None:
    others, third, wanted = pictures(tmp_path / "others"), pictures(tmp_path / "third"), tmp_path / "wanted"
    maker = open_program()
    read(qtbot, maker, folder)
    shutil.copytree(learn(qtbot, maker, small(folder, {"network": "mlp"}, epochs=3)), wanted)
    maker.window.close()

    alone = open_program()
    open_run(qtbot, alone, wanted)
    run_alone = texts(qtbot, alone)
    alone.window.close()
    only_images = open_program()
    read(qtbot, only_images, third)
    images_alone = texts(qtbot, only_images)
    only_images.window.close()

    program = open_program()
    read(qtbot, program, others)
    learn(qtbot, program, small(others, {"network": "mlp", "latent_dims": 4}, epochs=2))
    say_much(qtbot, program, others)
    open_run(qtbot, program, wanted)
    stayed = differences(run_alone, texts(qtbot, program))
    assert not stayed, stayed
    say_much(qtbot, program, others)
    read(qtbot, program, third)
    stayed = differences(images_alone, texts(qtbot, program))
    assert not stayed, stayed


def pictures(folder: Path) -> Path:
    """Others than those of the run that is wanted, in number, shape and class, one of them broken."""
    rng = np.random.default_rng(5)
    for number in range(10):
        (folder / f"kind{number % 3}").mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 256, (20, 28, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"kind{number % 3}" / f"other{number}.png")
    (folder / "kind0" / "broken.png").write_bytes(b"no picture")
    return folder


def open_run(qtbot: QtBot, program: Opened, run: Path) -> None:
    learning = program.workspace.learning
    program.workspace.open(run)
    qtbot.waitUntil(lambda: learning.run == run and learning.image_set is not None, timeout=PATIENCE)
    wait_for(qtbot, program, "finished", "paused")


def say_much(qtbot: QtBot, program: Opened, source: Path) -> None:
    """All that a person may do with a run, and that the window then tells of."""
    workspace, window = program.workspace, program.window
    exploring, space = workspace.exploring, workspace.viewing.latent_space
    assert space is not None
    with qtbot.waitSignal(program.controllers.evaluating.evaluated, timeout=PATIENCE):
        program.shell.actions["evaluate"].trigger()
    with qtbot.waitSignal(workspace.placing.weighed, timeout=PATIENCE):
        workspace.placing.place_file(source / "kind1" / "other1.png", workspace.images_as_read)
    exploring.change("lasso", selection=np.array([0, 2, 4, 5]))
    for slot in ("set_a", "set_b"):
        program.shell.actions[slot].trigger()
        exploring.change("lasso", selection=np.array([1, 3, 6]))
    with qtbot.waitSignal(
        program.controllers.directing.rows_changed, timeout=PATIENCE, check_params_cb=lambda rows, *_: rows
    ):
        program.shell.actions["make_direction"].trigger()
    program.shell.actions["add_stop"].trigger()
    with qtbot.waitSignal(program.controllers.travelling.found, timeout=PATIENCE):
        program.controllers.routing.add(space.codes[:2], "two stops")
    program.shell.docks.bring_forward("Samples")  # the seed is a choice, and stays
    still(qtbot)
    for name in ("select_all", "compare", "complete", "traversals"):
        program.shell.actions[name].trigger()
    program.panels.map.actions_by_name["grid"].setChecked(True)
    program.panels.map.actions_by_name["grid"].setChecked(False)
    exploring.mark(3)
    window.status.show_message("Something about this run.")


def texts(qtbot: QtBot, program: Opened) -> dict[str, list[str]]:
    """All that can be read, each panel brought into view: where it stands, and the words."""
    window, found = program.window, dict[str, list[str]]()
    for dock in window.findChildren(QDockWidget):
        dock.show()
        dock.raise_()
        still(qtbot)
        found[dock.objectName()] = [dock.windowTitle(), *words_in(dock)]
    docked = {each for dock in window.findChildren(QDockWidget) for each in [dock, *dock.findChildren(QWidget)]}
    found["the rest"] = [window.windowTitle(), *words_in(window, docked)]
    for menu in window.findChildren(QMenu):
        if "rece&nt" not in menu.title():
            found[f"menu {menu.title()}"] = [f"{each.text()} {each.isEnabled()}" for each in menu.actions()]
    return found


def words_in(root: QWidget, apart: set[QWidget] = frozenset()) -> Iterator[str]:
    for widget in root.findChildren(QWidget):
        if widget.isVisible() and widget not in apart:
            said = [each for each in traces.said_by(widget) if isinstance(each, str) and each]
            if said:
                yield " | ".join(said)


def still(qtbot: QtBot) -> None:
    """What comes from threads has come: nothing changes any more."""
    last: dict[int, tuple[object, ...]] = {}

    def is_still() -> bool:
        nonlocal last
        qtbot.wait(150)
        before, last = last, traces.words_now()
        return before == last

    qtbot.waitUntil(is_still, timeout=PATIENCE)


def differences(alone: dict[str, list[str]], after: dict[str, list[str]]) -> str:
    """A line for each text that only one of the two has."""
    lines = []
    for place in sorted({*alone, *after}):
        before, now = Counter(alone.get(place, [])), Counter(after.get(place, []))
        lines += [f"{place}: {text!r} stayed" for text in now - before]
        lines += [f"{place}: {text!r} is missing" for text in before - now]
    return "\n".join(lines)
