"""The dialog that saves: what it says will come of it, where it goes, and that nothing is written over unasked."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from explorer.shell.file_dialogs import FileDialogs
from explorer.shell.save_dialog import SaveDialog
from explorer.workspace.savable import Drawn, Format, Savable
from explorer.workspace.settings import Settings
from tests.explorer.looking import heard, named, said
from tests.explorer.opened import new_program
from tests.journeys.driving import choose, press_save

FORMATS = (
    Format("png", "PNG", ".png", "exact"),
    Format("jpeg", "JPEG", ".jpg", "small"),
    Format("mp4", "MP4", ".mp4", "film", "PyAV is not installed"),
)


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> Iterator[SaveDialog]:
    savable = Savable("sheet", "Save", "samples", (20, 30), FORMATS, (1, 2, 4), 2, has_background=True)
    window = QWidget()
    qtbot.addWidget(window)
    dialog = SaveDialog(savable, str(tmp_path), window)  # which is gone when it is closed
    dialog.show()
    yield dialog
    window.close()


def test_it_says_how_large_the_file_will_be(dialog: SaveDialog) -> None:
    pixels = np.zeros((40, 60, 3), np.uint8)
    dialog.show_drawn(Drawn(pixels, (60, 40), 12_345, is_exact=True))
    assert "60 × 40 pixels" in said(dialog)
    assert "exactly 12,345 bytes" in said(dialog)
    dialog.show_drawn(Drawn(pixels, (60, 40), 2_000_000, is_exact=False, frames=48))
    assert "48 frames" in said(dialog)
    assert "about 2.0 MB, estimated" in said(dialog)


def test_every_choice_is_told(qtbot: QtBot, dialog: SaveDialog) -> None:
    told = heard(dialog.look_chosen)
    choose(qtbot, named(dialog, "Size"), "120 × 80")
    choose(qtbot, named(dialog, "Background"), "Black")
    qtbot.mouseClick(named(dialog, "Blend the pixels"), Qt.MouseButton.LeftButton, pos=QPoint(8, 10))
    look = told[-1][0]
    assert (look.scale, look.background, look.is_smooth) == (4, "black", True)


def test_a_jpeg_has_another_name_and_no_transparency(qtbot: QtBot, dialog: SaveDialog) -> None:
    choose(qtbot, named(dialog, "Background"), "None")
    choose(qtbot, named(dialog, "Format"), "JPEG")
    assert dialog.path.endswith("samples.jpg")
    assert dialog.look.background == "white"
    assert not named(dialog, "Format").model().item(2).isEnabled()


@pytest.mark.parametrize(("typed", "key", "ending"), [("a.jpg", "jpeg", "a.jpg"), ("a.mp4", "png", "a.mp4.png")])
def test_the_ending_that_is_typed_is_the_format_where_it_can_be(
    qtbot: QtBot, dialog: SaveDialog, typed: str, key: str, ending: str
) -> None:
    told, saved, name = heard(dialog.look_chosen), heard(dialog.save_clicked), dialog._path
    name.selectAll()
    qtbot.keyClicks(name, typed)
    assert dialog.look.format == key
    assert [each[0].format for each in told] == ["jpeg"] * (key == "jpeg")
    press_save(qtbot, dialog)
    assert saved[0][0].endswith(ending)


def test_the_name_offered_is_free_and_a_file_is_written_over_only_at_the_second_press(
    qtbot: QtBot, dialog: SaveDialog, tmp_path: Path
) -> None:
    told = heard(dialog.save_clicked)
    (tmp_path / "samples.png").write_bytes(b"mine")
    press_save(qtbot, dialog)
    assert "samples.png is there already" in said(dialog)
    assert not told
    press_save(qtbot, dialog)
    assert told == [(str(tmp_path / "samples.png"), True)]
    savable = Savable("sheet", "Save", "samples", (2, 2), FORMATS, (1,), 1)
    other = SaveDialog(savable, str(tmp_path), dialog.parentWidget())
    assert other.path == str(tmp_path / "samples-2.png")


def test_a_name_typed_without_a_folder_lies_in_the_one_that_was_shown(
    qtbot: QtBot, dialog: SaveDialog, tmp_path: Path
) -> None:
    """Not wherever the program was started."""
    told, field = heard(dialog.save_clicked), named(dialog, "File")
    field.selectAll()
    qtbot.keyClicks(field, "red")
    press_save(qtbot, dialog)
    assert told == [(str(tmp_path / "red.png"), False)]
    assert field.text() == str(tmp_path / "red.png")
    dialog.show_path(str(tmp_path / "others" / "blue.png"))
    field.selectAll()
    qtbot.keyClicks(field, "green.png")
    press_save(qtbot, dialog)
    assert told[-1] == (str(tmp_path / "others" / "green.png"), False)


def test_what_is_saved_closes_no_dialog_that_was_opened_since(qtbot: QtBot, tmp_path: Path) -> None:
    """A film takes minutes, and another picture may be about to be saved then."""
    program = new_program()
    qtbot.addWidget(program.window)
    program.window.show()
    saving = program.shell.saving
    drawn = Drawn(np.zeros((4, 4, 3), np.uint8), (4, 4), 10, is_exact=True)
    savable = Savable("sheet", "Save", "samples", (4, 4), FORMATS, (1,), 1, has_background=True)
    saving.ask(savable, lambda _: drawn, lambda *_: None)
    dialog = program.window.findChild(SaveDialog)
    saving.say_saved(tmp_path / "film.gif")
    assert dialog.isVisible()
    dialog.show_path(str(tmp_path / "sheet.png"))
    press_save(qtbot, dialog)
    saving.say_saved(tmp_path / "sheet.png")
    qtbot.waitUntil(lambda: program.window.findChild(SaveDialog) is None)
    program.window.close()


def test_escape_saves_nothing(qtbot: QtBot, dialog: SaveDialog) -> None:
    told = heard(dialog.save_clicked)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not told


def test_each_kind_is_asked_for_where_the_last_of_its_kind_was(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    (tmp_path / "a" / "b").mkdir(parents=True)
    asked = list[str]()

    def answer(_: object, __: str, start: str, *___: object) -> str:
        asked.append(start)
        return str(tmp_path / "a" / "b")

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", answer)
    files = FileDialogs(window, Settings())
    files.open_folder("images", "Open", str(tmp_path))
    files.choose_folder("files", "Copy")
    again = FileDialogs(window, Settings())
    again.open_folder("images", "Open", str(tmp_path))
    again.choose_folder("files", "Copy")
    assert asked == [str(tmp_path), str(Path.home()), str(tmp_path / "a"), str(tmp_path / "a" / "b")]
    (tmp_path / "a" / "b").rmdir()
    assert again.folder_of("files") == str(Path.home())
