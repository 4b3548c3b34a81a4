"""How pictures become square: what is shown is what a model would see, and nothing happens before it is decided."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from explorer.images.fit_cells import FitCell, crop_of
from explorer.images.fit_dialog import FitDialog
from explorer.images.fit_previews import FitQuestion, Fitting, Squares

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
PATIENCE = 10_000


@pytest.fixture
def flags(tmp_path: Path) -> tuple[Path, Path]:
    """A flag of three upright bands, 300 × 100, and one of three lying ones, 100 × 300."""
    bands = np.repeat(np.array([RED, GREEN, BLUE], np.uint8), 100, axis=0)
    wide = np.broadcast_to(bands, (100, 300, 3))
    paths = tmp_path / "wide.png", tmp_path / "high.png"
    Image.fromarray(np.ascontiguousarray(wide)).save(paths[0])
    Image.fromarray(np.ascontiguousarray(wide.transpose(1, 0, 2))).save(paths[1])
    return paths


@pytest.fixture
def fitting(qtbot: QtBot) -> Iterator[Fitting]:
    fitting = Fitting()
    yield fitting
    fitting.stop()


@pytest.fixture
def dialog(qtbot: QtBot) -> FitDialog:
    dialog = FitDialog("crop", "white")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show_files(["wide.png", "high.png"])
    dialog.show()
    return dialog


def decoded(qtbot: QtBot, fitting: Fitting, paths: tuple[Path, ...], background: str = "white") -> list[Squares]:
    rows: list[Squares] = []
    fitting.decoded.connect(lambda _, squares: rows.append(squares))
    fitting.ask(FitQuestion(paths, 32, 3, background))  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: len(rows) == len(paths), timeout=PATIENCE)
    return rows


def test_each_fit_is_shown_as_a_model_would_see_it(qtbot: QtBot, fitting: Fitting, flags: tuple[Path, Path]) -> None:
    wide, high = decoded(qtbot, fitting, flags)
    assert wide.whole.shape == (100, 300, 3)
    assert high.whole.shape == (300, 100, 3)
    assert wide.squares["crop"][16, 16].tolist() == list(GREEN)
    assert (wide.squares["crop"][:, 2:-2] == GREEN).all()
    assert [wide.squares["stretch"][16, x].tolist() for x in (3, 16, 28)] == [list(RED), list(GREEN), list(BLUE)]
    assert [wide.squares["pad"][y, 16].tolist() for y in (2, 16, 29)] == [[255] * 3, list(GREEN), [255] * 3]
    assert [high.squares["pad"][16, x].tolist() for x in (2, 16, 29)] == [[255] * 3, list(GREEN), [255] * 3]


def test_the_background_that_is_looked_at_is_the_one_that_is_chosen(
    qtbot: QtBot, fitting: Fitting, flags: tuple[Path, Path]
) -> None:
    (wide,) = decoded(qtbot, fitting, flags[:1], "black")
    assert wide.squares["pad"][2, 16].tolist() == [0, 0, 0]


def test_a_file_that_is_gone_costs_its_own_row_only(qtbot: QtBot, fitting: Fitting, flags: tuple[Path, Path]) -> None:
    failures: list[tuple[int, str]] = []
    fitting.failed.connect(lambda row, sentence: failures.append((row, sentence)))
    flags[0].unlink()
    with qtbot.waitSignal(fitting.decoded, timeout=PATIENCE) as shown:
        fitting.ask(FitQuestion(flags, 32, 3, "white"))
    assert shown.args[0] == 1
    assert [row for row, _ in failures] == [0]
    assert "wide.png" in failures[0][1]


def test_a_newer_question_leaves_nothing_of_the_older_one(
    qtbot: QtBot, fitting: Fitting, flags: tuple[Path, Path]
) -> None:
    rows: list[tuple[int, Squares]] = []
    fitting.decoded.connect(lambda row, squares: rows.append((row, squares)))
    for background in ("white", "black"):
        fitting.ask(FitQuestion(flags, 32, 3, background))
    qtbot.waitUntil(lambda: len(rows) == 2, timeout=PATIENCE)
    assert [row for row, _ in rows] == [0, 1]
    assert all(squares.squares["pad"].min() == 0 for _, squares in rows)
    assert rows[0][1].squares["pad"][2, 16].tolist() == [0, 0, 0]


def test_nothing_is_decided_by_looking(qtbot: QtBot, dialog: FitDialog) -> None:
    assert not dialog._use.isEnabled()
    with qtbot.assertNotEmitted(dialog.decided):
        qtbot.mouseClick(dialog._rows[0].squares["pad"], Qt.MouseButton.LeftButton)
        with qtbot.waitSignal(dialog.background_chosen, timeout=1000) as background:
            dialog._backgrounds["black"].click()
    assert background.args == ["black"]
    assert dialog._use.text() == "Use pad on black"
    with qtbot.waitSignal(dialog.decided, timeout=1000) as decided:
        qtbot.mouseClick(dialog._use, Qt.MouseButton.LeftButton)
    assert decided.args == ["pad", "black"]


def test_images_in_training_can_be_looked_at_and_not_changed(dialog: FitDialog) -> None:
    dialog._fits["stretch"].click()
    dialog.show_state("training")
    assert not dialog._use.isEnabled()
    assert "training" in dialog._note.text().lower()
    dialog.show_state("paused")
    assert dialog._use.isEnabled()


def test_what_a_crop_cuts_away_is_shaded_and_what_it_keeps_is_not(qtbot: QtBot) -> None:
    cell = FitCell("a flag", shades=True)
    qtbot.addWidget(cell)
    cell.show_pixels(np.full((100, 300, 3), 200, np.uint8))
    picture, middle = cell.grab().toImage(), cell.height() // 2
    left, kept, right = (picture.pixelColor(x, middle).value() for x in (12, cell.width() // 2, cell.width() - 13))
    assert kept == 200
    assert left < 120
    assert right < 120


def test_a_crop_keeps_the_square_in_the_middle() -> None:
    assert crop_of(300, 100).getRect() == (100, 0, 100, 100)
    assert crop_of(100, 300).getRect() == (0, 100, 100, 100)


def test_a_row_says_why_it_is_empty(dialog: FitDialog) -> None:
    dialog.show_failure(1, "high.png cannot be used: no such file.")
    assert dialog._rows[1].failure.isVisible()
    assert not dialog._rows[1].squares["crop"].isVisible()
    assert not dialog._rows[0].failure.isVisible()


def test_every_control_has_a_name_and_a_tooltip(dialog: FitDialog) -> None:
    controls = [each for kind in (QPushButton, QRadioButton, FitCell) for each in dialog.findChildren(kind)]
    assert len(controls) == 15
    assert [each for each in controls if not (each.accessibleName() and each.toolTip())] == []
