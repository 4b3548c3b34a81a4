"""What somebody new would lose if they were not shown around, or were shown around though they wanted nothing of it."""

import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from core.latent.placement import place
from core.latent.plane_choices import dimension_name
from core.verdicts import WORDS, Verdict
from explorer.tour.controller import Guiding
from explorer.tour.panel import TourCard
from explorer.tour.steps import BACK_TO_DOTS, DRAG, EMPTY, FOLDER, OWN, PLANE, STEPS
from explorer.tour.way_strip import WIDTHS, WayStrip
from explorer.workspace.placed_image import Placed
from explorer.workspace.settings import Settings
from tests.explorer.looking import named, said
from tests.explorer.opened import Opened
from tests.journeys.driving import PATIENCE, Open, Screenshot
from tests.rights import python_path

LEFT, SHIFT, CTRL_ALT = (
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier,
)
# Starts the program as it is, and says whether somebody is shown around once a run is there, and at which step.
TOLD = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
import explorer.start as starting

def begin(self, program, begin=starting.Beginning._begin):
    learning = program.workspace.learning
    learning.state_changed.connect(lambda state: state != "reading" and QTimer.singleShot(800, tell))
    begin(self, program)

def tell():
    from explorer.tour.panel import TourCard
    window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, starting.MainWindow))
    card = window.findChild(TourCard)
    print("shown" if card.isVisible() else "not shown", card._place)
    for name in sys.argv[2:]:
        next(each for each in window.findChildren(QAction) if each.text() == name).trigger()
    window.close()

starting.Beginning._begin = begin
sys.exit(starting.start(QApplication(sys.argv[:1]), Path(sys.argv[1]) if sys.argv[1] else None))
"""


@pytest.fixture
def program(qtbot: QtBot, open_program: Open) -> Opened:
    """With the run that comes with the program."""
    program = open_program()
    viewing = program.workspace.viewing
    with qtbot.waitSignal(viewing.place_decoded, timeout=PATIENCE):
        program.workspace.open(None)
    program.window.activateWindow()
    assert QTest.qWaitForWindowActive(program.window)
    return program


def card_of(program: Opened) -> TourCard:
    card: TourCard = program.window.findChild(TourCard)
    return card


def key(program: Opened, pressed: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(program.window.windowHandle(), pressed, held)


def step_of(program: Opened) -> int:
    return card_of(program)._place


def wait_until_seen(qtbot: QtBot, program: Opened, place: int, words: str) -> None:
    """That the step is done, and says what was seen."""
    qtbot.waitUntil(lambda: words in said(card_of(program)), timeout=PATIENCE)
    assert f"✓ {place + 1} of 5" in said(card_of(program))


def drag(qtbot: QtBot, program: Opened, places: list[tuple[float, float]]) -> None:
    """Press at the first place of the map, move to the others and let go, as the hand that waits for each picture."""
    view = program.panels.map.focusProxy()
    at = [view.frame.to_pixel(u, v).toPoint() for u, v in places]
    QTest.mousePress(view, LEFT, pos=at[0])
    for spot in at[1:]:
        with qtbot.waitSignal(program.workspace.viewing.place_decoded, timeout=PATIENCE):
            QTest.mouseMove(view, spot)
    QTest.mouseRelease(view, LEFT, pos=at[-1])


def draw(program: Opened, number: int) -> None:
    """A stroke on the pad."""
    pad: QWidget = named(program.window, "Drawing pad")
    middle = pad.rect().center()
    QTest.mousePress(pad, LEFT, pos=middle + QPoint(-20, 6 * number))
    QTest.mouseMove(pad, middle + QPoint(20, 6 * number))
    QTest.mouseRelease(pad, LEFT, pos=middle + QPoint(20, 6 * number))


def is_settled(program: Opened) -> bool:
    """Whether what was found is about where the cursor is."""
    return program.workspace.viewing.surveyed is program.workspace.viewing.z


def empty_place(program: Opened) -> tuple[float, float]:
    """A corner of what is seen of the map that lies farthest from any dot."""
    space, frame = program.workspace.viewing.latent_space, program.panels.map.focusProxy().frame
    width, height = program.panels.map.focusProxy().width(), program.panels.map.focusProxy().height()
    corners = [frame.to_point(QPointF(x, y)) for x in (12, width - 12) for y in (12, height - 12)]
    away = [np.linalg.norm(space.points - np.array(corner), axis=1).min() for corner in corners]
    return corners[int(np.argmax(away))]


def test_each_of_five_steps_is_done_by_doing_it(
    qtbot: QtBot, program: Opened, folder: Path, monkeypatch: pytest.MonkeyPatch, screenshot: Screenshot
) -> None:
    card, viewing, seen = card_of(program), program.workspace.viewing, []
    viewing.surroundings_found.connect(seen.append)
    assert not card.isVisible(), "it comes by itself only where nothing was kept"
    key(program, Qt.Key.Key_F1, SHIFT)
    assert card.isVisible()
    assert STEPS[DRAG].task in said(card)
    screenshot(program, "shown around 1")
    drag(qtbot, program, [(0.02 * step, 0.03 * step) for step in range(9)])
    wait_until_seen(qtbot, program, DRAG, STEPS[DRAG].seen)
    key(program, Qt.Key.Key_Return, CTRL_ALT)
    assert STEPS[PLANE].task in said(card)
    key(program, Qt.Key.Key_G)
    wait_until_seen(qtbot, program, PLANE, STEPS[PLANE].seen)
    screenshot(program, "shown around 2")
    qtbot.mouseClick(named(card, "Next step"), LEFT)
    assert STEPS[OWN].task in said(card)
    qtbot.mouseClick(named(card, "Draw"), LEFT)
    qtbot.waitUntil(lambda: not named(program.window, "Drawing pad").visibleRegion().isEmpty(), timeout=PATIENCE)
    draw(program, 0)
    wait_until_seen(qtbot, program, OWN, f"{viewing.latent_space.latent_dims} number")
    screenshot(program, "shown around 3")
    named(card, "Next step").setFocus()
    key(program, Qt.Key.Key_Return)
    assert BACK_TO_DOTS + STEPS[EMPTY].task in said(card)
    key(program, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    key(program, Qt.Key.Key_G)
    assert STEPS[EMPTY].task in said(card)
    assert BACK_TO_DOTS not in said(card)
    with qtbot.waitSignal(viewing.surroundings_found, timeout=PATIENCE, check_params_cb=lambda _: is_settled(program)):
        viewing.look_at(viewing.latent_space.codes[0])
        program.workspace.point_dragged.emit(0.0, 0.0)
    assert "✓" not in said(card), "there is a picture right here"
    drag(qtbot, program, [(0.0, 0.0), empty_place(program)])
    qtbot.waitUntil(lambda: "✓" in said(card), timeout=PATIENCE)
    verdict = viewing.latent_space.support.verdict(viewing.z).verdict
    assert verdict in ("between", "far")
    assert f"“{WORDS[verdict]}”" in said(card)
    other: Verdict = "far" if verdict == "between" else "between"
    found = seen[-1]
    viewing.surroundings_found.emit(replace(found, standing=replace(found.standing, verdict=other)))
    assert f"“{WORDS[other]}”" in said(card), "it says what the panel says, wherever the hand goes on to"
    screenshot(program, "shown around 4")
    key(program, Qt.Key.Key_Return, CTRL_ALT)
    assert STEPS[FOLDER].task in said(card)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(folder))
    qtbot.mouseClick(named(card, "Open folder…"), LEFT)
    wait_until_seen(qtbot, program, FOLDER, STEPS[FOLDER].seen)
    screenshot(program, "shown around 5")
    qtbot.mouseClick(named(card, "End showing me around"), LEFT)
    assert not card.isVisible()
    assert Settings().tour_place() is None


def test_the_way_of_a_drawing_lights_up_part_by_part_with_the_real_numbers(qtbot: QtBot, program: Opened) -> None:
    key(program, Qt.Key.Key_F1, SHIFT)
    for _ in range(OWN):
        key(program, Qt.Key.Key_Return, CTRL_ALT)
    strip, placing = card_of(program).findChild(WayStrip), program.workspace.placing
    blank = strip.grab().toImage()
    key(program, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: not named(program.window, "Drawing pad").visibleRegion().isEmpty(), timeout=PATIENCE)
    lit: list[int] = []
    strip._timer.timeout.connect(lambda: lit.append(strip.lit))
    with qtbot.waitSignal(placing.placed, timeout=PATIENCE):
        draw(program, 0)
    qtbot.waitUntil(lambda: strip.lit == 3, timeout=PATIENCE)
    draw(program, 1)  # the light goes on while the hand does
    qtbot.waitUntil(lambda: lit.count(len(WIDTHS) - 1) == 2, timeout=PATIENCE)
    qtbot.waitUntil(lambda: strip.lit == -1, timeout=PATIENCE)
    assert lit == [*range(1, len(WIDTHS)), *range(len(WIDTHS)), -1]
    last = placing.last
    assert np.array_equal(last.pixels, program.panels.draw._pad.pixels(last.pixels.shape[2]))
    codes, log_variances = program.workspace.viewing.latent_space.encode(last.pixels[None])
    kl = [(z * z + math.exp(spread) - 1 - spread) / 2 for z, spread in zip(codes[0], log_variances[0], strict=True)]
    tells = kl.index(max(kl))
    first, sigma = float(codes[0, tells]), float(np.exp(log_variances[0, tells]) ** 0.5)
    name = dimension_name(tells)
    assert f"encoder, {name} {first:+.2f} ± {sigma:.2f}, ".replace("-", "−") in strip.accessibleName()
    assert strip.grab().toImage() != blank


def test_no_sigma_is_said_of_a_model_that_learned_none(program: Opened) -> None:
    space, placing = program.workspace.viewing.latent_space, program.workspace.placing
    key(program, Qt.Key.Key_F1, SHIFT)
    for _ in range(OWN):
        key(program, Qt.Key.Key_Return, CTRL_ALT)
    plain = place(replace(space, draws=False), "mine.png", space.decode(space.codes[:1])[0])
    placing.brought.emit(plain)
    placing.placed.emit(Placed(plain, (0.0, 9.0), None))
    assert "σ" not in said(card_of(program))
    assert "24 numbers of it; from those alone" in said(card_of(program))
    assert "±" not in card_of(program).findChild(WayStrip).accessibleName()


def test_it_goes_on_a_moment_after_what_was_done_and_a_folder_chosen_early_is_the_last(
    qtbot: QtBot, program: Opened, folder: Path
) -> None:
    card, timer = card_of(program), program.window.findChild(Guiding)._timer
    timer.setInterval(300)
    key(program, Qt.Key.Key_F1, SHIFT)
    key(program, Qt.Key.Key_Return, CTRL_ALT)
    key(program, Qt.Key.Key_G)
    assert step_of(program) == PLANE
    qtbot.waitUntil(lambda: step_of(program) == OWN, timeout=PATIENCE)
    timer.setInterval(PATIENCE)
    qtbot.mouseClick(named(card, "Step back"), LEFT)
    assert step_of(program) == PLANE
    assert "✓" in said(card), "the plane is shown already"
    program.workspace.open(folder)
    wait_until_seen(qtbot, program, FOLDER, STEPS[FOLDER].seen)


def test_it_is_skipped_for_ever_at_a_key_and_comes_again_when_asked_for(qtbot: QtBot, program: Opened) -> None:
    card, actions = card_of(program), program.shell.actions
    assert not actions["tour_skip"].isEnabled()
    assert "not being shown around" in actions["tour_skip"].toolTip()
    key(program, Qt.Key.Key_F1, SHIFT)
    assert Settings().tour_place() == DRAG
    key(program, Qt.Key.Key_Return, CTRL_ALT)
    assert Settings().tour_place() == PLANE
    key(program, Qt.Key.Key_Escape, SHIFT)
    assert not card.isVisible()
    assert Settings().tour_place() is None
    key(program, Qt.Key.Key_G)
    assert not card.isVisible()
    actions["tour"].trigger()
    assert step_of(program) == DRAG
    named(card, "Next step").setFocus()
    key(program, Qt.Key.Key_Escape)
    assert not card.isVisible()
    assert QApplication.focusWidget() is program.panels.map.focusProxy()


def start(path: str = "", *then: str) -> str:
    environment = {**os.environ, "PYTHONPATH": python_path()}
    words = [sys.executable, "-c", TOLD, path, *then]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout.splitlines()[0]


@pytest.mark.long
def test_the_first_start_shows_around_and_goes_on_at_the_next_until_it_is_skipped() -> None:
    assert start("", "&Next step") == "shown 0"
    assert start("", "S&kip showing me around") == "shown 1"
    assert Settings().tour_place() is None


def test_who_opens_something_by_a_command_is_not_shown_around(folder: Path) -> None:
    assert start(str(folder)) == "not shown 0"
    assert Settings().tour_place() is None, "nor the next time"
