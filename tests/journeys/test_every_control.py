"""Every control does what it says: each is pressed, by mouse and by keys, in every state of the window."""

import os
import re
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAction, QDesktopServices, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QDockWidget, QLabel, QTabBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core.config import RunConfig
from core.images.image_set import build_image_set
from core.reports.images import ImageSetReady
from core.reports.training import StepDone
from core.training.train import train
from explorer.curves.panel import REDRAW_MS
from explorer.curves.quantity_plot import QuantityPlot
from explorer.directions.ingredients import SLOTS
from explorer.picture.reconstructions_panel import ReconstructionsPanel
from explorer.runs.evaluation_controller import Evaluating
from explorer.shell.save_dialog import DRAWING
from explorer.toolkit.picture_sheet import PictureSheet
from tests.explorer.opened import Opened
from tests.journeys import traces
from tests.journeys.controls import Control
from tests.journeys.driving import PATIENCE, Open, Screenshot, read, start
from tests.journeys.pressing import Hand, Tally

SIDE = 16
MODELS: dict[str, dict[str, object]] = {
    "plain": {},
    "classes": {"conditional": "class"},
    "completion": {"conditional": "completion"},
    "many dims": {"latent_dims": 5},
}
LAST = (
    r"Train a new|Pause|Resume|Finish and keep|menu Training › (Train|Finish)|key Training › (Train|Finish)"
    r"|Named sets|Open recent|All runs|Try it"
)
NEVER = {
    r"Quit": "pressed at the end of each state",
    r"download": "would ask a server",
    r"Learn › See what happens": "learns for a while: a journey of its own presses it",
}

REPEATS = {
    r"Picture › Near image": "the cursor may be at that image already",
    r"Open recent ›": "may be what is open already",
    r"Paste a picture": "with nothing to paste says what it may have said before",
    r"Map › Shapes": "seen only while dots are large enough to tell",
    r"Compare › Refresh": "reads runs again that may be as they were",
    r"Add stops by clicking": "what the next clicks on the map do",
    r"Importance samples|Judge samples too": "what the next evaluation does",
    r"Brush size": "how wide the next stroke is",
    r"Paths › Speed": "what the next play does",
    r"More ▾ › Play (at|again)|More about time › Play (at|again)": "what the next play does",
}

# Each control is pressed in the first state that has it, by mouse or by keys in turn, and one of SHARE of them in the
# others, always the same; where this is set, all of them both ways in every state (`make press`, half an hour or more).
# Without it `make test` presses in the states of QUICK alone, and two of those that differ by a number,
# or are of one list.
EVERYTHING, SHARE = bool(os.environ.get("LATENTSCAPE_TEST_EVERYTHING")), 3
QUICK, MOST_ALIKE = ("images only", "nothing open", "selection"), 2  # of "Sample 1", "Sample 2" …, or entries
# *Advanced* is left open once it was pressed; others are like these, and where nothing is open nothing is read again.
UNFOLDED = ("images only", "nothing open", "run open") if EVERYTHING else ("nothing open",)


@dataclass(frozen=True)
class Material:
    """A folder of images, and runs that were trained on it; `paused` was stopped before its end."""

    folder: Path
    runs: dict[str, Path]


def config_of(folder: Path, **model: object) -> RunConfig:
    return RunConfig.model_validate(
        {
            "source": str(folder),
            "images": {"held_out": 0.25, "image_size": SIDE},
            "model": {"width": 4, "network": "mlp", **model},
            "training": {"batch_size": 6, "device": "cpu", "epochs": 80},
        }
    )


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    """A dozen pictures in two classes, and a model of each kind."""
    home = tmp_path_factory.mktemp("material")
    rng = np.random.default_rng(0)
    for name in ("red", "blue"):
        (home / "pictures" / name).mkdir(parents=True)
        for number in range(6):
            pixels = rng.integers(0, 256, (SIDE, SIDE + 2 * (number == 0), 3), np.uint8)
            Image.fromarray(pixels).save(home / "pictures" / name / f"{number}.png")
    (home / "pictures" / "red" / "broken.png").write_bytes(b"no picture")
    runs = {name: home / name.replace(" ", "-") for name in (*MODELS, "paused")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTSCAPE_HOME", str(home / "cache"))
        for name, run in runs.items():
            config = config_of(home / "pictures", **MODELS.get(name, {}))
            reports = list(build_image_set(config.source, config.images))
            image_set = next(each.image_set for each in reports if isinstance(each, ImageSetReady))
            steps = train(image_set, config, run)
            for report in steps:
                if name == "paused" and isinstance(report, StepDone):
                    steps.close()
                    break
    return Material(home / "pictures", runs)


@pytest.fixture(scope="module")
def met() -> set[str]:
    """The names of the controls that were pressed in other states."""
    return set()


@pytest.fixture(scope="module")
def told() -> list[Tally]:
    """What was found in each state so far."""
    return []


@dataclass
class Stage:
    """The program in one state, and how it is brought back there."""

    qtbot: QtBot
    program: Opened
    material: Material
    folder: Path  # where the run is that may be changed

    def open_run(self, name: str) -> None:
        run = self.folder / name
        if not run.exists():
            shutil.copytree(self.material.runs[name], run)
        learning = self.program.workspace.learning
        self.program.workspace.open(run)
        self.qtbot.waitUntil(
            lambda: learning.run == run and learning.image_set is not None and learning.state in ("paused", "finished"),
            timeout=PATIENCE,
        )

    def keep_run(self, name: str) -> None:
        learning = self.program.workspace.learning
        is_kept = learning.run == self.folder / name and learning.image_set is not None
        rest = "paused" if name == "paused" else "finished"
        if not is_kept or learning.state != rest or self.program.workspace.images != learning.config.images:
            self.open_run(name)

    def select(self, name: str) -> None:
        self.keep_run(name)
        exploring = self.program.workspace.exploring
        if len(exploring.now.selection) != 3:
            exploring.change("lasso", selection=np.array([0, 4, 9]))

    def read(self) -> None:
        learning = self.program.workspace.learning
        if learning.run is not None or learning.image_set is None or learning.state != "idle":
            read(self.qtbot, self.program, self.material.folder)
        charting = self.program.workspace.charting
        self.qtbot.waitUntil(lambda: charting.space is not None, timeout=PATIENCE)  # it forgets what was explored

    def rest(self) -> None:
        """Nothing was ever open, so nothing can be closed; what is being read is read to its end."""
        learning = self.program.workspace.learning
        self.qtbot.waitUntil(lambda: learning.state != "reading", timeout=PATIENCE)

    def train(self) -> None:
        learning = self.program.workspace.learning
        if learning.state != "training":
            self.read()
            endless = config_of(self.material.folder)
            training = endless.training.model_copy(update={"epochs": 100_000})
            images = self.program.workspace.images
            start(
                self.qtbot,
                self.program,
                endless.model_copy(update={"training": training, "images": images}),
            )


STATES: dict[str, Callable[[Stage], None]] = {
    "nothing open": Stage.rest,
    "images only": Stage.read,
    "run open": lambda stage: stage.keep_run("plain"),
    "training": Stage.train,
    "paused": lambda stage: stage.keep_run("paused"),
    "selection": lambda stage: stage.select("plain"),
    "class-conditional": lambda stage: stage.keep_run("classes"),
    "completion": lambda stage: stage.keep_run("completion"),
    "more than two dims": lambda stage: stage.select("many dims"),
}


def lot(name: str) -> int:
    """A number drawn by the name of a control, the same each time: without folders, dates, and how long ago it was."""
    return crc32(re.sub(r"\d{8}-\d{6}| · .*|\S*[/\\]", "", name).encode())


class Walk:
    """What the hand must know of this program; see `pressing.Guide`."""

    def __init__(self, state: str, stage: Stage, met: set[str]) -> None:
        self.is_restless = state == "training"
        self._state, self._stage, self._bring_back, self._met = state, stage, STATES[state], met
        self._new: set[str] = set()  # met first in this state
        self._alike: dict[str, set[str]] = defaultdict(set)
        self._asked: RunConfig | None = None  # what the form says in this state
        self._folds = 0  # how often *Advanced* was pressed: open, and closed again
        labels = stage.program.window.findChildren(QLabel)
        self._messages = [label for label in labels if label.accessibleName() == "Message"]  # of the status bar
        self._there = {dock: dock.isVisible() for dock in stage.program.window.findChildren(QDockWidget)}

    def keep(self) -> None:
        self._stage.program.shell.actions["large"].setChecked(False)
        for dock, was_there in self._there.items():
            if dock.isFloating():
                dock.setFloating(False)
            if was_there and not dock.toggleViewAction().isChecked():
                dock.show()
        self._bring_back(self._stage)
        self._refill()
        self._settle()

    def _settle(self) -> None:
        """What was asked for is there, so that the same is pressed each time; while a model learns there is no rest."""
        program = self._stage.program
        if not self.is_restless:
            self._stage.qtbot.waitUntil(
                lambda: not is_working(program) and not any(map(is_drawing, traces.windows())), timeout=PATIENCE
            )

    def _refill(self) -> None:
        """What was typed into the form stays there otherwise, and one that is not valid says no command."""
        form, workspace = self._stage.program.panels.form, self._stage.program.workspace
        asked, _ = form._read()
        self._asked = self._asked or asked
        if asked != self._asked:
            source = form._source
            form.show_config(self._asked)
            form.show_source(source)  # where nothing is open it has none
            workspace.change_images(self._asked.images)
            self._stage.rest()
            self._bring_back(self._stage)
        if self._folds > 1 and self._state in UNFOLDED:
            form._advanced.setChecked(True)
            form._rest.search.clear()
            QApplication.processEvents()  # it is laid out

    def prepare(self, control: Control) -> None:
        self._folds += control.name.endswith("Advanced settings")
        for label in self._messages:
            label.clear()  # the same sentence, said again, is an answer too
        for pattern, ready in PREPARE.items():
            if re.search(pattern, control.name):
                ready(self._stage.program)
        QApplication.processEvents()
        self._settle()

    def rank(self, control: Control) -> int:
        if re.search(LAST, control.name):
            return 90
        if control.name.endswith("Advanced settings"):
            return 55
        if control.name.endswith(("Float", "Close", "Find a setting")):  # what it leaves out is not pressed
            return 60
        return {"menu entry": 40, "shortcut": 41, "tab": 50, "heading": 20}.get(control.kind, 10)

    def takes(self, control: Control) -> bool:
        if any(re.search(pattern, control.name) for pattern in NEVER):
            return False
        has_left = self._state == "nothing open" and self._stage.program.workspace.learning.image_set is not None
        if has_left and not re.search(LAST, control.name):  # it is of another state
            return False
        kind = control.name.rsplit(" › ", 1)[0] if control.kind == "list entry" else re.sub(r"\d+", "1", control.name)
        alike = self._alike[kind]
        if not EVERYTHING and len(alike) >= MOST_ALIKE and control.name not in alike:
            return False
        alike.add(control.name)
        is_new = control.name not in self._met or control.name in self._new
        return is_new or EVERYTHING or lot(f"{self._state} {control.name}") % SHARE == 0

    def moves_focus(self, control: Control) -> bool:
        return control.name.endswith("Go to the map")

    def may_repeat(self, control: Control) -> bool:
        return any(re.search(pattern, control.name) for pattern in REPEATS)

    def ways(self, control: Control) -> tuple[str, ...]:
        if control.name not in self._met:
            self._new.add(control.name)
            self._met.add(control.name)
        both = ("keys", "mouse") if lot(control.name) % 2 else ("mouse", "keys")
        asked = control.action or control.widget
        is_toggle = isinstance(asked, QAction | QAbstractButton) and asked.isCheckable()  # pressed back, too
        is_both = EVERYTHING or is_toggle or not (control.by_mouse and control.by_keys)
        return both if is_both else both[:1]


def is_working(program: Opened) -> bool:
    """Whether pictures are awaited, or an evaluation, whose Cancel is there no longer than it takes: that is pressed
    only where everything is."""
    sheet, viewing = program.window.findChild(ReconstructionsPanel), program.workspace.viewing
    is_due = sheet is not None and sheet.isVisible() and viewing.latent_space is not None
    is_awaited = is_due and viewing.image_set is not None and not sheet._pairs and not sheet._is_failure
    evaluating = program.window.findChildren(Evaluating)  # made when its panel is first seen
    return is_awaited or (not EVERYTHING and any(each.is_busy for each in evaluating))


def is_drawing(window: QWidget) -> bool:
    """Whether what was chosen last is still being drawn: until then another choice may change nothing that is seen."""
    timers = [each for each in window.findChildren(QTimer) if each.isActive() and each.isSingleShot()]
    is_due = any(each.interval() <= REDRAW_MS for each in timers)
    sheets = [each for each in window.findChildren(PictureSheet) if each.isVisible()]
    is_told = any(label.text() == DRAWING for label in window.findChildren(QLabel))
    return is_due or is_told or any(each.count and each._is_old for each in sheets)


def look_at_curves(program: Opened) -> None:
    """What brings a panel forward has something to do while another is in front."""
    for bar in program.window.findChildren(QTabBar):
        for index in range(bar.count()):
            if bar.tabText(index).startswith("Curves"):
                bar.setCurrentIndex(index)
                bar.setFocus()


def zoom(program: Opened) -> None:
    """What shows all has something to do while a part is seen."""
    view = program.panels.map.focusProxy()
    place, turn = QPointF(view.rect().center()), QPoint(0, 240)
    no_button, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    phase = Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(
        view, QWheelEvent(place, view.mapToGlobal(place), QPoint(), turn, no_button, no_key, phase, False)
    )


def zoom_curves(program: Opened) -> None:
    """The same of the curves."""
    for each in program.panels.curves.findChildren(QuantityPlot):
        each.plot.setRange(xRange=(0.4, 0.6), yRange=(0.4, 0.6))


def show_all_curves(program: Opened) -> None:
    """On a part without a line a log scale is as any other."""
    for each in program.panels.curves.findChildren(QuantityPlot):
        each.unzoomed.emit()


def hide_a_panel(program: Opened) -> None:
    """What puts the panels back has something to do while one is away."""
    next(each for each in program.window.findChildren(QDockWidget) if each.windowTitle() == "Picture").hide()


def select_none(program: Opened) -> None:
    """What selects has something to do while nothing is selected: of so few images, fifty are all."""
    if len(program.workspace.exploring.now.selection):
        program.workspace.exploring.change("nothing", selection=np.zeros(0, np.int64))


def forget_bookmarks(program: Opened) -> None:
    """One that is set where the cursor is can be set there again, which changes nothing."""
    for number in tuple(program.workspace.exploring.now.bookmarks):
        program.workspace.exploring.forget_mark(number)


def move_on(program: Opened) -> None:
    """What goes somewhere has a way to go."""
    z = program.workspace.exploring.now.z
    if z is not None:
        program.workspace.look_at_latent(z + np.float32(0.3), "")


def set_sides(program: Opened) -> None:
    """What is chosen for A, B or C is another than before, and A is not B."""
    space = program.workspace.viewing.latent_space
    for index, slot in enumerate(SLOTS):
        if space is not None:
            program.controllers.contrasting.choose_spot(slot, f"image {index}", index, space.codes[index])


def fold(program: Opened) -> None:
    """What unfolds the skipped files has something to do while they are folded."""
    for each in program.window.findChildren(QToolButton):
        if each.accessibleName() == "Skipped files":
            each.setChecked(False)


PREPARE: dict[str, Callable[[Opened], None]] = {
    r"Explore › (Selection|Traversals|Directions|Paths|Draw|Set the|Most)": look_at_curves,
    r"(View|Training) › (Draw other|Complete|Go to the map|Evaluate|Compare)": look_at_curves,
    r"(Nearest 50|Select all images)$": select_none,
    r"Set bookmark": forget_bookmarks,
    r"Go to bookmark|mean|A − B \+ C|Near image|Add stop$|to the path": move_on,  # stops at one place make no way
    r"Directions › ([ABC] ›|Swap|Name of|Make)|Make the direction": set_sides,
    r"files skipped": fold,
    r"Fit$": zoom,
    r"against training steps": zoom_curves,
    r"Curves › Log": show_all_curves,
    r"Put the panels back": hide_a_panel,
}


@pytest.fixture
def quick_hand(qapp: QApplication) -> Iterator[None]:
    """No blinking, and no wait between two clicks."""
    flash, double = qapp.cursorFlashTime(), qapp.doubleClickInterval()
    qapp.setCursorFlashTime(0)
    qapp.setDoubleClickInterval(0)
    yield
    qapp.setCursorFlashTime(flash)
    qapp.setDoubleClickInterval(double)


@pytest.fixture
def nothing_leaves(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    """No server is asked, no file manager is told of, and nothing goes into the user's bin or own folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")


@pytest.mark.timeout(3600 if EVERYTHING else 1800)  # a loaded machine takes its time
@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)", extend=True)  # offscreen
@pytest.mark.parametrize("state", STATES if EVERYTHING else QUICK)
@pytest.mark.long
def test_every_control_changes_something(
    state: str,
    qtbot: QtBot,
    open_program: Open,
    screenshot: Screenshot,
    material: Material,
    tmp_path: Path,
    home: Path,
    met: set[str],
    told: list[Tally],
    quick_hand: None,
    nothing_leaves: None,
) -> None:
    began = time.monotonic()
    program = open_program()
    guide = Walk(state, Stage(qtbot, program, material, tmp_path), met)
    guide.keep()
    hand = Hand(qtbot, [home, tmp_path], guide)
    QDesktopServices.setUrlHandler("file", hand.opened, "take")
    screenshot(program, f"pressing {state}")
    hand.walk(program.window)
    QDesktopServices.unsetUrlHandler("file")
    tally, seconds = hand.tally, time.monotonic() - began
    told.append(tally)
    print(f"\n{state}: {sum(tally.pressed.values())} controls, {tally.presses} presses, {seconds:.0f} s")
    print(f"  {dict(tally.pressed)}\n  {dict(tally.changes)}")
    assert not tally.wrong, "\n".join(["", *tally.wrong])


def test_what_is_off_says_why(told: list[Tally]) -> None:
    """Its tooltip is another than while it is on, in the states that were walked through above."""
    on = {name: set().union(*(each.tips.get(name, set()) for each in told)) for each in told for name in each.tips}
    silent = {name for each in told for name, tips in each.off.items() if not all(tips) or tips & on.get(name, set())}
    assert not silent, "\n".join(["", *sorted(silent)])
