"""A table beside the pictures: what it says colours the map while it is learned, and when the run is opened again."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from core.config import RunConfig
from explorer.start import Program
from explorer.theme import set_scheme
from tests.journeys.test_journeys import PATIENCE, read, wait_for

TREES = ("oak", "elm", "ash")


@pytest.fixture
def known_folder(folder: Path, tmp_path: Path) -> Path:
    """Pictures of which a table knows the tree and the height."""
    known = Path(shutil.copytree(folder, tmp_path / "known"))
    names = sorted(path.relative_to(known).as_posix() for path in known.rglob("*.png"))
    rows = [f"{name},{TREES[at % 3]},{1.5 * at}" for at, name in enumerate(names)]
    (known / "metadata.csv").write_text("\n".join(["file,tree,height", *rows, "lost.png,oak,1"]))
    return known


def colour_by(program: Program, name: str) -> None:
    boxes = program.window.map.findChildren(QComboBox)
    box = next(box for box in boxes if box.accessibleName() == "Colour by")
    box.setCurrentText(name)
    box.activated.emit(box.currentIndex())


def legend(program: Program) -> list[str]:
    rows = program.window.map._legend
    return [rows.topLevelItem(row).text(0) for row in range(rows.topLevelItemCount())]


def test_what_a_table_says_colours_the_map(
    qtbot: QtBot,
    qapp: QApplication,
    open_program: Callable[[], Program],
    screenshot: Callable[[Program, str], None],
    known_folder: Path,
) -> None:
    program = open_program()
    read(qtbot, program, known_folder)
    config = RunConfig.model_validate(
        {
            "source": str(known_folder),
            "model": {"width": 4},
            "training": {"batch_size": 6, "device": "cpu", "epochs": 3},
        }
    )
    program.window.form.start_requested.emit(config)
    wait_for(qtbot, program, "finished")
    colour_by(program, "tree")
    assert legend(program) == sorted(TREES)
    run = program.session.learning.run
    assert run is not None
    for scheme in ("light", "dark"):
        set_scheme(qapp, scheme)
        screenshot(program, f"colour_by_{scheme}")
    set_scheme(qapp, "system")
    (known_folder / "metadata.csv").unlink()
    with qtbot.waitSignal(program.session.learning.run_opened, timeout=PATIENCE):
        program.session.open(run)
    assert legend(program) == sorted(TREES)  # as it was chosen, and as the run remembers it
    colour_by(program, "height")
    assert len(legend(program)) == 8
    wait_for(qtbot, program, "finished")
