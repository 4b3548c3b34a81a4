"""Pictures of every panel in every state, light and dark, to see whether a change of the code changes what is seen.

python -m tests.looks BEFORE, then after the change python -m tests.looks AFTER --than BEFORE

The images and runs are made once, beside the pictures, and copied to the same place each time, so that names, dates and
numbers are the same. What moves by itself (a model that learns, a film that plays) is not among the states.
"""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={Path(__file__).parent / 'screen.json'}")

import numpy as np
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QDockWidget, QMainWindow, QMenu, QWidget

WORK = Path(os.environ.get("TMPDIR", "/tmp")) / "latentscape-looks"
NOON = 1_767_268_800.0  # the time that it is: dates and ages are of it
SIDE = 32
MODELS: dict[str, dict[str, object]] = {
    "plain": {},
    "classes": {"conditional": "class"},
    "completion": {"conditional": "completion"},
    "many-dims": {"latent_dims": 5},
}
STILL, OPENED, LONGEST = 0.6, 4.0, 60.0  # seconds without a change, the same once something is opened, and the most
DIALOGS = (
    "Settings…",
    "All runs…",
    "Export model…",
    "Save picture…",
    "Share as a page…",
    "Find an image…",
    "Find a command…",
    "What am I looking at?",
)
os.environ["LATENTSCAPE_HOME"] = str(WORK / "home")


def make_material() -> None:
    """Two dozen pictures in two classes, and a small run of each kind that learned from them."""
    from core.config import RunConfig
    from core.images.image_set import build_image_set
    from core.reports.images import ImageSetReady
    from core.reports.training import StepDone
    from core.training.train import train

    rng = np.random.default_rng(0)
    (WORK / "here" / "no pictures").mkdir(parents=True)
    (WORK / "here" / "no pictures" / "notes.txt").write_text("nothing", encoding="utf-8")
    for name, hue in (("red", (220, 60, 40)), ("blue", (40, 60, 220))):
        (WORK / "here" / "pictures" / name).mkdir(parents=True)
        for number in range(12):
            x, y, radius = *rng.uniform(8, SIDE - 8, 2), rng.uniform(3, 7)
            rows, columns = np.mgrid[0:SIDE, 0 : SIDE + 6 * (number == 0)]
            is_inside = (rows - y) ** 2 + (columns - x) ** 2 < radius**2
            pixels = np.where(is_inside[..., None], np.array(hue, np.uint8), np.uint8(240))
            Image.fromarray(pixels).save(WORK / "here" / "pictures" / name / f"{number}.png")
    (WORK / "here" / "pictures" / "red" / "broken.png").write_bytes(b"no picture")
    for name in (*MODELS, "paused"):
        config = RunConfig.model_validate(
            {
                "source": str(WORK / "here" / "pictures"),
                "images": {"held_out": 0.25, "image_size": SIDE},
                "model": {"width": 8, "network": "mlp", **MODELS.get(name, {})},
                "training": {"batch_size": 6, "device": "cpu", "epochs": 100, "precision": "float32"},
            }
        )
        reports = build_image_set(config.source, config.images)
        image_set = next(each.image_set for each in reports if isinstance(each, ImageSetReady))
        steps = train(image_set, config, WORK / "here" / name)
        for report in steps:
            if name == "paused" and isinstance(report, StepDone):
                steps.close()
                break
    (WORK / "here").rename(WORK / "kept")


def lay_out() -> None:
    """The material where it is always found, as old as it always is."""
    shutil.rmtree(WORK / "here", ignore_errors=True)
    shutil.rmtree(WORK / "home", ignore_errors=True)
    if not (WORK / "kept").exists():
        make_material()
        shutil.rmtree(WORK / "home", ignore_errors=True)
    shutil.copytree(WORK / "kept", WORK / "here")
    for path in (WORK / "here").rglob("*"):
        os.utime(path, (NOON - 7200, NOON - 7200))


class Stage:
    """The program, driven as from outside: by what is dropped, and by the words of its menus."""

    def __init__(self, window: QMainWindow, folder: Path) -> None:
        self.window, self.folder = window, folder

    def drop(self, path: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        actions, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        place, no_key = QPointF(self.window.rect().center()), Qt.KeyboardModifier.NoModifier
        self.window.dropEvent(QDropEvent(place, actions, data, left, no_key))
        self.wait(OPENED)

    def trigger(self, words: str) -> None:
        actions = self.window.findChildren(QAction)
        found = [each for each in actions if each.text().replace("&", "") == words and each.isEnabled()]
        assert found, f"{words}: there is no such action, or it is off"
        found[0].trigger()
        self.wait()

    def wait(self, still: float = STILL) -> None:
        """Until nothing has changed for a while."""
        end, since, last = time.monotonic() + LONGEST, time.monotonic(), QImage()
        while time.monotonic() < end and time.monotonic() - since < still:
            QTest.qWait(50)
            now = picture_of(self.window)
            if now != last:
                since, last = time.monotonic(), now

    def save(self, name: str, widget: QWidget) -> None:
        picture_of(widget).save(str(self.folder / f"{name}.png"))

    def save_panels(self, state: str) -> None:
        """Each panel in front of those that share its place, then the whole window."""
        self.save(f"{state} map", self.window.centralWidget())
        for dock in self.window.findChildren(QDockWidget):
            was_there = dock.isVisible()
            dock.show()
            dock.raise_()
            self.wait()
            self.save(f"{state} {dock.objectName()}", dock.widget())
            if not was_there:
                dock.hide()
        self.wait()
        self.save(f"{state} window", self.window)
        for bar_entry in self.window.menuBar().actions():
            menu = bar_entry.menu()
            if isinstance(menu, QMenu):
                menu.aboutToShow.emit()
                self.save(f"{state} menu {bar_entry.text().replace('&', '')}", menu)

    def save_dialogs(self) -> None:
        for words in DIALOGS:
            self.trigger(words)
            for each in self.window.findChildren(QWidget):
                if isinstance(each, QDialog) and each.isVisible() and each.isWindow():
                    self.save(f"dialog {words.strip('…?')}", each)
                    each.close()
            self.save(f"over {words.strip('…?')}", self.window)
            QTest.keyClick(self.window, Qt.Key.Key_Escape)
            if words == DIALOGS[-1]:
                self.trigger(words)
            self.wait()


def picture_of(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def walk(stage: Stage) -> None:
    """Every state, one after another."""
    here = WORK / "here"
    stage.wait()
    stage.save_panels("nothing open")
    stage.drop(here / "no pictures")
    stage.save_panels("failed")
    stage.drop(here / "pictures")
    stage.save_panels("images only")
    for name in (*MODELS, "paused"):
        stage.drop(here / name)
        stage.save_panels(name)
    stage.drop(here / "plain")
    for words in (
        "Grid",
        "Most unusual images",
        "Set the selection as A",
        "Add the cursor's place to the path",
    ):
        stage.trigger(words)
    stage.save_panels("selection")
    stage.save_dialogs()
    stage.trigger("Dark")
    stage.save_panels("selection dark")
    stage.save_dialogs()
    stage.drop(here / "many-dims")
    stage.save_panels("many-dims dark")
    stage.drop(here / "no pictures")
    stage.save_panels("failed dark")
    stage.trigger("Light")


def differences(folder: Path, other: Path) -> Iterator[str]:
    """What is not as it was, and by how many pixels."""
    for name in sorted({path.name for each in (folder, other) for path in each.glob("*.png")}):
        if not (folder / name).exists() or not (other / name).exists():
            yield f"{name}: only one of the two has it"
            continue
        one, two = (np.asarray(Image.open(each / name).convert("RGB")) for each in (folder, other))
        if one.shape != two.shape:
            yield f"{name}: {one.shape[1]} × {one.shape[0]} pixels were {two.shape[1]} × {two.shape[0]}"
        elif (changed := int((one != two).any(axis=2).sum())) > 0:
            yield f"{name}: {changed:,} pixels"


def main() -> int:
    """0 where all is as it was."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--than", type=Path, help="what was saved before, to compare with")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    lay_out()
    time.time = lambda: NOON
    app = QApplication([])
    from explorer.shell.main_window import MainWindow
    from explorer.start import make_program, speak_plainly
    from explorer.toolkit.theme import apply_theme, set_scheme
    from explorer.workspace.settings import Settings

    speak_plainly()
    apply_theme(app)
    set_scheme(app, "light")
    settings = Settings()
    program = make_program(MainWindow(settings), settings)
    program.window.resize(1500, 950)
    program.window.show()
    walk(Stage(program.window, asked.folder))
    program.window.close()
    if asked.than is None:
        return 0
    found = list(differences(asked.folder, asked.than))
    print("\n".join(found) or "All is as it was.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
