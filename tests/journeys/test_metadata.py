"""A table beside the pictures: what it says colours the map while it is learned, and when the run is opened again."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from explorer.map.colours.number_scale import BINS
from explorer.toolkit.theme import set_scheme
from tests.explorer.opened import Opened
from tests.journeys.driving import PATIENCE, Open, Screenshot, learn, read, small, wait_for

TREES = ("oak", "elm", "ash")


@pytest.fixture
def known_folder(folder: Path, tmp_path: Path) -> Path:
    """Pictures of which a table knows the tree and the height."""
    known = Path(shutil.copytree(folder, tmp_path / "known"))
    names = sorted(path.relative_to(known).as_posix() for path in known.rglob("*.png"))
    rows = [f"{name},{TREES[at % 3]},{1.5 * at}" for at, name in enumerate(names)]
    (known / "metadata.csv").write_text("\n".join(["file,tree,height", *rows, "lost.png,oak,1"]))
    return known


def colour_by(program: Opened, name: str) -> None:
    boxes = program.panels.map.findChildren(QComboBox)
    box = next(box for box in boxes if box.accessibleName() == "Colour by")
    box.setCurrentText(name)
    box.activated.emit(box.currentIndex())


def legend(program: Opened) -> list[str]:
    return [name for name, _ in program.panels.map._key._legend.rows]


def test_what_a_table_says_colours_the_map(
    qtbot: QtBot,
    qapp: QApplication,
    open_program: Open,
    screenshot: Screenshot,
    known_folder: Path,
) -> None:
    program = open_program()
    read(qtbot, program, known_folder)
    run = learn(qtbot, program, small(known_folder, epochs=3))
    colour_by(program, "tree")
    assert legend(program) == sorted(TREES)
    for scheme in ("light", "dark"):
        set_scheme(qapp, scheme)
        screenshot(program, f"colour_by_{scheme}")
    set_scheme(qapp, "system")
    (known_folder / "metadata.csv").unlink()
    with qtbot.waitSignal(program.workspace.learning.run_opened, timeout=PATIENCE):
        program.workspace.open(run)
    assert legend(program) == sorted(TREES)  # as it was chosen, and as the run remembers it
    colour_by(program, "height")
    assert len(legend(program)) == 8  # ranges, until there is a bar
    key = program.panels.map._key
    qtbot.waitUntil(lambda: key.colouring.scale is not None, timeout=PATIENCE)
    assert key._bar.isVisible()
    wait_for(qtbot, program, "finished")
    colour_by(program, "Reconstruction error")  # measured now, of the images themselves
    images = len(program.workspace.viewing.table.names)
    qtbot.waitUntil(lambda: key.colouring.scale is not None and key.colouring.scale.known == images, timeout=PATIENCE)
    worst = int(np.argmax(program.controllers.measuring.numbers.reconstruction))
    key._bar._bar._move_end(0, BINS - 1)
    qtbot.waitUntil(lambda: "outside Reconstruction error" in program.panels.map._line.text())
    screenshot(program, "colour_by_number")
    key._bar.range_selected.emit("replace")
    exploring = program.workspace.exploring
    qtbot.waitUntil(lambda: worst in exploring.now.selection)
    assert len(exploring.now.selection) < images
    exploring.undo()
    assert len(exploring.now.selection) == 0
