"""A folder as people have them, through the real window: little in it, broken, with a table beside it."""

import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path
from select import select

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from core.config import RunConfig, TrainingConfig
from core.images.image_set import ImageSet
from core.places import datasets_folder
from explorer.images.fit_dialog import FitDialog
from explorer.images.panel import EMPTY
from explorer.shell.settings_dialog import SettingsDialog
from tests.explorer.opened import Opened
from tests.journeys.driving import PATIENCE, Open, Screenshot


@pytest.fixture
def mixed(tmp_path: Path, folder: Path) -> Path:
    """A dozen discs, six wide pictures, two files that are none, and a table of them with a row too many."""
    mixed = tmp_path / "mixed"
    shutil.copytree(folder / "red", mixed)
    rows = [f"{number}.png,{'even' if number % 2 == 0 else 'odd'},{number}" for number in range(12)]
    for number in range(6):
        pixels = np.full((40, 90 + 10 * number, 3), 255, np.uint8)
        pixels[10:30, 40 - number : 50 + number] = (200, 40, 40)
        Image.fromarray(pixels).save(mixed / f"wide {number}.png")
        rows.append(f"wide {number}.png,wide,{number}")
    (mixed / "notes.txt").write_text("no picture")
    (mixed / "torn.png").write_bytes((mixed / "3.png").read_bytes()[:40])
    (mixed / "metadata.csv").write_text("\n".join(["file_name,kind,number", *rows, "gone.png,odd,13"]), "utf-8")
    return mixed


def read(qtbot: QtBot, program: Opened, do: Callable[[], object]) -> ImageSet:
    with qtbot.waitSignal(program.workspace.learning.image_set_ready, timeout=PATIENCE) as ready:
        do()
    qtbot.waitUntil(lambda: program.workspace.learning.state == "idle", timeout=PATIENCE)
    image_set = ready.args[0]
    assert isinstance(image_set, ImageSet)
    return image_set


def use_proxy(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


def dialog(qtbot: QtBot, program: Opened, kind: type[QDialog]) -> QDialog:
    found = program.window.findChild(kind)
    assert found is not None
    qtbot.waitUntil(found.isVisible, timeout=PATIENCE)
    return found


def test_one_usable_image_is_shown_with_what_was_left_out_and_why_nothing_can_be_learned(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, mixed: Path
) -> None:
    program = open_program()
    for each in mixed.glob("*.png"):
        if each.name not in ("3.png", "torn.png"):
            each.unlink()
    (mixed / "metadata.csv").unlink()
    image_set = read(qtbot, program, lambda: program.workspace.open(mixed))
    assert len(image_set) == 1
    form, images = program.panels.form, program.panels.images
    assert not form._buttons["train"].isEnabled()
    assert "one image" in form._reason.text()
    program.window.status.skipped_clicked.emit()
    assert images._skipped._table.isVisible()
    assert images._skipped._table.model().rowCount() == 2
    screenshot(program, "one-image")
    (mixed / "3.png").unlink()
    assert len(read(qtbot, program, lambda: program.workspace.open(mixed))) == 0
    assert images._skipped._table.model().rowCount() == 2
    assert "No image" in form._reason.text()
    screenshot(program, "no-image")


def test_a_folder_with_enough_images_after_one_without_can_be_trained(
    qtbot: QtBot, open_program: Open, tmp_path: Path, folder: Path
) -> None:
    program = open_program()
    lonely = tmp_path / "lonely"
    lonely.mkdir()
    shutil.copy(folder / "red" / "3.png", lonely)
    read(qtbot, program, lambda: program.workspace.open(lonely))
    assert not program.panels.form._buttons["train"].isEnabled()
    read(qtbot, program, lambda: program.workspace.open(folder))
    assert program.panels.form._buttons["train"].isEnabled()
    assert "Only 24 images" in program.panels.form._caution.text()


def test_a_table_beside_the_images_makes_classes_and_a_bad_one_costs_nothing(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, mixed: Path
) -> None:
    program = open_program()
    image_set = read(qtbot, program, lambda: program.workspace.open(mixed))
    assert image_set.classes == ("mixed",)
    images, form = program.panels.images, program.panels.form
    images._skipped.unfold()
    assert "gone.png" in [file.path for file in images._skipped._model._files]
    image_set = read(qtbot, program, lambda: images.column_chosen.emit("class_column", "kind"))
    assert sorted(image_set.classes) == ["even", "odd", "wide"]
    assert images._intake._classes.currentText() == "kind"
    assert "--class-column kind" in form._command._text.toPlainText()
    screenshot(program, "metadata")

    form.show_config(RunConfig(source=str(mixed), images=program.workspace.images, training=TrainingConfig(epochs=7)))
    bad = mixed / "bad.csv"
    bad.write_bytes(b"PAR1 and so on")
    image_set = read(qtbot, program, lambda: form.change_images(metadata=str(bad)))
    assert "bad.csv" in images._complaint.text()
    assert images._wall.isVisible()
    assert len(image_set) == 18
    assert not form._buttons["train"].isEnabled()  # not as it was asked: the column is not there
    assert "bad.csv" in form._reason.text()
    assert "--epochs 7" in form._command._text.toPlainText()
    screenshot(program, "metadata-bad")
    image_set = read(qtbot, program, lambda: qtbot.mouseClick(images._without, Qt.MouseButton.LeftButton))
    assert image_set.classes == ("mixed",)
    assert not images._complaint.isVisible()
    assert not images._without.isVisible()
    assert form._buttons["train"].isEnabled()
    assert "--metadata none" in form._command._text.toPlainText()
    assert "--epochs 7" in form._command._text.toPlainText()


@pytest.mark.parametrize("is_before", [True, False])
def test_none_that_is_typed_as_metadata_holds_for_the_folder_before_and_after_it_is_open(
    qtbot: QtBot, open_program: Open, mixed: Path, is_before: bool
) -> None:
    program = open_program()
    form = program.panels.form
    line = next(field.control for field in form._fields if field.name == "metadata")
    form._advanced.click()

    def type_none() -> None:
        line.setFocus()
        line.clear()
        qtbot.keyClicks(line, "none")
        qtbot.keyClick(line, Qt.Key.Key_Return)

    if is_before:
        type_none()
        image_set = read(qtbot, program, lambda: program.workspace.open(mixed))
    else:
        assert read(qtbot, program, lambda: program.workspace.open(mixed)).joined is not None
        image_set = read(qtbot, program, type_none)
    assert (image_set.joined, image_set.columns) == (None, ())
    assert line.text() == "none"
    other = Path(shutil.copytree(mixed, mixed.parent / "other"))
    assert read(qtbot, program, lambda: program.workspace.open(other)).joined is not None  # it was about that folder


def test_a_fit_that_is_chosen_by_eye_is_what_is_learned_from(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, mixed: Path
) -> None:
    program = open_program()
    before = read(qtbot, program, lambda: program.workspace.open(mixed))
    index = list(before.names).index("wide 5.png")
    qtbot.mouseClick(program.panels.images._intake._fit, Qt.MouseButton.LeftButton)
    fit = dialog(qtbot, program, FitDialog)
    assert isinstance(fit, FitDialog)
    qtbot.waitUntil(lambda: all(row.whole._pixels is not None for row in fit._rows), timeout=PATIENCE)
    assert fit._rows[0].whole.toolTip() == "wide 5.png"
    fit._fits["pad"].click()
    fit._backgrounds["black"].click()
    shown = fit._rows[0].squares["pad"]
    qtbot.waitUntil(lambda: shown._pixels is not None and shown._pixels[2, 32].max() == 0, timeout=PATIENCE)
    seen = shown._pixels
    after = read(qtbot, program, lambda: qtbot.mouseClick(fit._use, Qt.MouseButton.LeftButton))
    np.testing.assert_array_equal(after.pixels[index], seen)
    assert "--fit pad" in program.panels.form._command._text.toPlainText()
    assert program.panels.images._intake._fit.text() == "Fit: pad…"


def test_cancelling_another_way_of_reading_leaves_it_to_be_chosen_again(
    qtbot: QtBot, open_program: Open, mixed: Path
) -> None:
    program = open_program()
    read(qtbot, program, lambda: program.workspace.open(mixed))
    with qtbot.waitSignal(program.workspace.learning.reading_ended, timeout=PATIENCE):
        program.panels.form.change_images(fit="stretch")
        program.panels.images.cancel_clicked.emit()
    assert program.workspace.images.fit == "crop"
    qtbot.waitUntil(lambda: program.workspace.learning.state == "idle", timeout=PATIENCE)
    read(qtbot, program, lambda: program.panels.form.change_images(fit="stretch"))
    assert program.workspace.images.fit == "stretch"


@pytest.mark.long
def test_a_download_without_a_network_is_a_sentence_and_the_images_stay(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_proxy(monkeypatch, 9)  # nobody listens there: as good as no network
    program = open_program()
    read(qtbot, program, lambda: program.workspace.open(folder))
    with qtbot.waitSignal(program.workspace.images_kept, timeout=PATIENCE) as kept:
        program.panels.images.download_chosen.emit("mnist")
    assert "mnist" in kept.args[0]
    assert "Traceback" not in kept.args[0]
    assert program.panels.images._wall.isVisible()
    assert program.workspace.source == str(folder)
    screenshot(program, "offline")


@pytest.mark.long
def test_a_download_that_hangs_can_be_cancelled_at_once(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = open_program()
    with socket.create_server(("127.0.0.1", 0)) as server:  # takes calls and says nothing
        use_proxy(monkeypatch, server.getsockname()[1])
        with qtbot.waitSignal(program.workspace.learning.progressed, timeout=PATIENCE):
            program.panels.images.download_chosen.emit("mnist")
        qtbot.waitUntil(lambda: select([server], [], [], 0)[0] != [], timeout=PATIENCE)
        assert program.panels.images._progress.isVisible()
        assert "Downloading mnist" in program.panels.images._progress._text.text()
        screenshot(program, "downloading")
        start = time.perf_counter()
        with qtbot.waitSignal(program.workspace.learning.reading_ended, timeout=PATIENCE):
            program.panels.images.cancel_clicked.emit()
        assert time.perf_counter() - start < 1.0
    assert program.panels.images._message.text() == EMPTY
    assert not any(path.is_file() for path in datasets_folder().rglob("*"))


def test_clearing_the_cache_takes_nothing_from_the_images_in_hand(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, folder: Path
) -> None:
    program = open_program()
    image_set = read(qtbot, program, lambda: program.workspace.open(folder))
    pixels = np.array(image_set.pixels)
    program.shell.actions["settings"].trigger()
    program.shell.actions["settings"].trigger()
    assert len(program.window.findChildren(SettingsDialog)) == 1
    settings = dialog(qtbot, program, SettingsDialog)
    assert isinstance(settings, SettingsDialog)
    qtbot.waitUntil(settings._clear.isEnabled, timeout=PATIENCE)
    screenshot(program, "settings")
    qtbot.mouseClick(settings._clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: settings._used.text() == "Empty", timeout=PATIENCE)
    np.testing.assert_array_equal(image_set.pixels, pixels)
    settings._scheme.activated.emit(settings._scheme.findData("system"))
    settings.scheme_chosen.emit("dark")
    assert program.workspace.settings.scheme() == "dark"
    settings.scheme_chosen.emit("system")
