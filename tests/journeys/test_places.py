"""Where things are, through the real window: a folder that has moved, archives, and a home that cannot be used."""

import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from core.export.pictures import read_picture_facts
from tests import rights
from tests.explorer.looking import said
from tests.explorer.opened import Opened
from tests.journeys.driving import PATIENCE, Open, Screenshot, fill_in, learn, press_save, read, small, wait_for

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n"


@pytest.fixture
def moved(qtbot: QtBot, open_program: Open, folder: Path, tmp_path: Path) -> tuple[Opened, Path, Path]:
    """A run whose folder of pictures was moved after it was learned from."""
    shutil.copytree(folder, tmp_path / "pictures")
    program = open_program()
    read(qtbot, program, tmp_path / "pictures")
    run = learn(qtbot, program, small(tmp_path / "pictures", epochs=1))
    (tmp_path / "drive").mkdir()
    (tmp_path / "pictures").rename(tmp_path / "drive" / "photos")
    return program, run, tmp_path / "drive" / "photos"


def chosen(monkeypatch: pytest.MonkeyPatch, answer: Path) -> list[str]:
    """Whatever folder is asked for next is this one; the titles of what was asked."""
    asked = list[str]()

    def choose(_: object, title: str, *__: object) -> str:
        asked.append(title)
        return str(answer)

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", choose)
    return asked


def drop(program: Opened, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    program.window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


def where(program: Opened) -> QPushButton:
    return program.panels.images._where


def test_the_images_of_a_run_that_have_moved_are_found_again(
    qtbot: QtBot, moved: tuple[Opened, Path, Path], monkeypatch: pytest.MonkeyPatch, screenshot: Screenshot
) -> None:
    program, run, now = moved
    images = program.panels.images
    program.workspace.open(run)
    qtbot.waitUntil(where(program).isVisible, timeout=PATIENCE)
    assert "where nothing is now" in images._message.text()
    wait_for(qtbot, program, "finished")
    screenshot(program, "places-lost")

    wrong = now.parent / "wrong"
    shutil.copytree(now, wrong)
    for path in wrong.rglob("*.png"):
        Image.new("RGB", (32, 32), (1, 2, 3)).save(path)
    asked = chosen(monkeypatch, wrong)
    qtbot.mouseClick(where(program), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "24 of 24 file names" in images._message.text(), timeout=PATIENCE)
    assert "0 of 24 pictures compared are the same" in images._message.text()
    assert "--" not in images._message.text()
    qtbot.waitUntil(where(program).isVisible, timeout=PATIENCE)
    wait_for(qtbot, program, "finished")
    screenshot(program, "places-wrong")

    chosen(monkeypatch, now)
    with qtbot.waitSignal(program.workspace.images_changed, timeout=PATIENCE):
        qtbot.mouseClick(where(program), Qt.MouseButton.LeftButton)
    wait_for(qtbot, program, "finished")
    assert asked == ["Where are the images of this run now?"]
    assert not where(program).isVisible()
    assert program.workspace.source == str(now)
    assert program.panels.picture.isVisible()
    screenshot(program, "places-found")
    with qtbot.waitSignal(program.workspace.images_changed, timeout=PATIENCE) as again:
        program.workspace.open(run)
    assert again.args[0].source == str(now)
    wait_for(qtbot, program, "finished")


def test_a_drive_that_is_not_mounted_is_asked_after_too(qtbot: QtBot, moved: tuple[Opened, Path, Path]) -> None:
    program, run, now = moved
    (now.parent.parent / "pictures").mkdir()  # an empty folder, where a drive would be
    program.workspace.open(run)
    qtbot.waitUntil(where(program).isVisible, timeout=PATIENCE)
    wait_for(qtbot, program, "finished", "paused", "idle")
    with qtbot.waitSignal(program.workspace.images_changed, timeout=PATIENCE) as found:
        program.workspace.find_lost_images(now)
    assert found.args[0].source == str(now)
    wait_for(qtbot, program, "finished")
    assert not where(program).isVisible()


def test_where_it_is_now_is_not_asked_of_a_folder_that_was_never_there(
    qtbot: QtBot, open_program: Open, tmp_path: Path, folder: Path
) -> None:
    program = open_program()
    program.workspace.open(tmp_path / "nothing")
    assert "There is no folder" in program.panels.images._message.text()
    assert not where(program).isVisible()
    read(qtbot, program, folder)
    program.workspace.open(tmp_path / "nothing")
    assert "There is no folder" in program.panels.images._complaint.text()
    assert program.panels.images._wall.isVisible()
    assert not where(program).isVisible()


def test_an_archive_is_dropped_on_the_window_and_learned_from(
    qtbot: QtBot, open_program: Open, folder: Path, tmp_path: Path, screenshot: Screenshot
) -> None:
    with zipfile.ZipFile(tmp_path / "discs.zip", "w") as archive:
        for path in folder.rglob("*.png"):
            archive.write(path, path.relative_to(folder).as_posix())
        archive.writestr("../escaped.png", b"x")
    program = open_program()
    with qtbot.waitSignal(program.workspace.images_changed, timeout=PATIENCE) as ready:
        drop(program, tmp_path / "discs.zip")
    wait_for(qtbot, program, "idle")
    assert sorted(ready.args[0].classes) == ["blue", "red"]
    assert program.workspace.source == str(tmp_path / "discs.zip")
    screenshot(program, "places-zip")
    learn(qtbot, program, small(tmp_path / "discs.zip", epochs=1))
    assert not list(tmp_path.parent.rglob("escaped.png"))


@pytest.mark.parametrize("kind", ["empty", "film", "pointer", "array", "torn"])
def test_what_is_no_images_is_answered_by_what_helps(
    qtbot: QtBot, open_program: Open, tmp_path: Path, folder: Path, kind: str, screenshot: Screenshot
) -> None:
    program = open_program()
    path, sentence = tmp_path / kind, {
        "empty": "", "film": "ffmpeg", "pointer": "git lfs pull", "array": "PNG files", "torn": "cut off"
    }[kind]  # fmt: skip
    if kind == "array":
        np.save(path, np.zeros(3))
        path = path.with_suffix(".npy")
    elif kind == "empty":
        path.mkdir()
    else:
        path = tmp_path / f"{kind}{'.zip' if kind == 'torn' else ''}"
        path.write_bytes({"film": b"\0\0\0\x18ftypisom", "pointer": POINTER, "torn": b"PK\x03\x04"}[kind])
    if kind == "empty":
        read(qtbot, program, path)
        assert program.panels.images._message.text() == "There is no file in this folder."
        return
    drop(program, path)
    qtbot.waitUntil(lambda: sentence in program.panels.images._message.text(), timeout=PATIENCE)
    wait_for(qtbot, program, "idle")
    screenshot(program, f"places-{kind}")


def test_a_folder_of_films_says_what_helps(
    qtbot: QtBot, open_program: Open, tmp_path: Path, screenshot: Screenshot
) -> None:
    (tmp_path / "films").mkdir()
    for number in range(3):
        (tmp_path / "films" / f"{number}.mp4").write_bytes(b"\0\0\0\x18ftypisom")
    program = open_program()
    read(qtbot, program, tmp_path / "films")
    assert "ffmpeg" in program.panels.form._reason.text()
    screenshot(program, "places-films")


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_home_that_cannot_be_used_is_said_in_the_window(
    qtbot: QtBot,
    open_program: Open,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    screenshot: Screenshot,
    capfd: pytest.CaptureFixture[str],
) -> None:
    if kind == "file":
        (tmp_path / "home").write_text("a file")
    else:
        (tmp_path / "home").symlink_to(tmp_path / "gone")
    monkeypatch.setenv("LATENTSCAPE_HOME", str(tmp_path / "home"))
    program = open_program()
    assert str(tmp_path / "home") in program.window.status._message.text()
    with qtbot.waitSignal(program.workspace.learning.reading_failed, timeout=PATIENCE) as failed:
        program.workspace.open(None)
    assert f"{tmp_path / 'home'} is a {'file' if kind == 'file' else 'link that leads nowhere'}" in failed.args[0]
    wait_for(qtbot, program, "finished")
    assert program.workspace.viewing.latent_space is not None
    program.shell.actions["settings"].trigger()
    screenshot(program, f"places-home-{kind}")
    program.window.close()
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
@pytest.mark.long
def test_a_home_that_may_only_be_read_is_said_in_the_window(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o555)
    code = (
        "import sys; from PySide6.QtCore import QTimer; from PySide6.QtWidgets import QApplication\n"
        "from explorer import start as starting\n"
        "def begin(self, program, begin=starting.Beginning._begin):\n"
        "    print(program.window.status._message.text(), flush=True)\n"
        "    failed = program.workspace.learning.reading_failed\n"
        "    failed.connect(lambda said: (print(said, flush=True), program.window.close()))\n"
        "    begin(self, program)\n"
        "starting.Beginning._begin = begin\n"
        "sys.exit(starting.start(QApplication(sys.argv[:1]), None))\n"
    )
    done = rights.run(["-c", code], tmp_path / "home")
    first, second = done.stdout.splitlines()
    assert (done.returncode, first.split(":")[0]) == (0, f"Settings cannot be kept in {tmp_path / 'home' / 'settings'}")
    assert second.startswith(f"Decoded images cannot be kept in {tmp_path / 'home' / 'cache'}: Permission denied")
    assert "Traceback" not in done.stderr


def test_the_save_dialog_has_asked_but_not_about_the_table_beside_a_film(
    qtbot: QtBot, open_program: Open, folder: Path, tmp_path: Path
) -> None:
    program = open_program()
    read(qtbot, program, folder)
    learn(qtbot, program, small(folder, epochs=1))
    workspace = program.workspace
    qtbot.waitUntil(lambda: workspace.viewing.place is not None, timeout=PATIENCE)
    photo = tmp_path / "photo.png"
    Image.new("RGB", (4, 4)).save(photo)

    program.shell.actions["save_picture"].trigger()
    dialog = fill_in(qtbot, program, photo)
    press_save(qtbot, dialog)
    assert "press Save again" in said(dialog)
    with Image.open(photo) as image:
        assert image.size == (4, 4)
    with qtbot.waitSignal(program.controllers.saving.saved, timeout=PATIENCE):
        press_save(qtbot, dialog)
    assert "z" in read_picture_facts(photo)

    program.shell.docks.bring_forward("Paths")
    program.controllers.routing.add(np.array([[0, 0], [1, 1]], np.float32), "two stops")
    qtbot.waitUntil(lambda: program.controllers.travelling.trip is not None, timeout=PATIENCE)
    table = tmp_path / "walk.z.csv"
    table.write_text("mine", "utf-8")
    Image.new("RGB", (4, 4)).save(tmp_path / "walk.gif")
    with qtbot.waitSignal(program.controllers.filming.failed, timeout=PATIENCE) as failed:
        program.controllers.filming.save(tmp_path / "walk.gif", program.controllers.travelling.trip, "run", 25.0)
    assert "walk.z.csv is there already" in failed.args[0]
    assert "--force" not in failed.args[0]
    assert table.read_text("utf-8") == "mine"
    table.unlink()
    qtbot.waitUntil(lambda: not program.controllers.filming.is_busy, timeout=PATIENCE)  # its thread has left
    with qtbot.waitSignal(program.controllers.filming.reported, timeout=PATIENCE):
        program.controllers.filming.save(tmp_path / "walk.gif", program.controllers.travelling.trip, "run", 25.0)
    with Image.open(tmp_path / "walk.gif") as film:
        assert film.n_frames > 1
