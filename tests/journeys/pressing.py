"""A hand that presses every control of a window, meets what opens, and says what changed nothing."""

import os
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.journeys import traces
from tests.journeys.controls import Control, Press, controls_of

# Seconds until a press must have changed something; where others can be tried yet: of the clock, and of this program's
# own work, as there may be little time for it.
PATIENCE, GLANCE = 3.0, 0.12
STILL, LONGEST = 0.02, 2.0  # seconds in which nothing may change, to be called still; and to become so
MOMENT = 2  # milliseconds between two looks
MOST_OF_A_DIALOG = 40  # controls
LISTED, MOST_LIKE = ("row", "list entry"), 3  # of the rows of a list in a dialog, which may be every command
SAYS = "LATENTSCAPE_TEST_PRESSES"  # set: each press is printed


class Guide(Protocol):
    """What the hand must know of the program."""

    is_restless: bool  # the window changes by itself: that something has changed says nothing, and is not asked

    def keep(self) -> None:
        """Bring the program back to the state that is walked through."""

    def prepare(self, control: Control) -> None:
        """See to it that there is something for this one to do."""

    def rank(self, control: Control) -> int:
        """Lower ones are pressed first."""

    def takes(self, control: Control) -> bool:
        """Whether it is to be pressed at all."""

    def moves_focus(self, control: Control) -> bool:
        """Whether it is there to move the keyboard, which then is the change."""

    def may_repeat(self, control: Control) -> bool:
        """Whether it may find everything as it was."""

    def ways(self, control: Control) -> tuple[str, ...]:
        """Of "mouse" and "keys" those by which it is to be pressed, in their order: one may choose the other back."""


@dataclass
class Tally:
    """What was found in one state."""

    pressed: Counter[str] = field(default_factory=Counter)  # kind of control: how many
    presses: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    off: dict[str, set[str]] = field(default_factory=dict)  # name: what its tooltip says
    tips: dict[str, set[str]] = field(default_factory=dict)  # the same of those that are on


class Opened(QObject):
    """The desktop, as far as the program asks it to open files and folders."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    @Slot("QUrl")
    def take(self, _: object) -> None:
        self.count += 1


class Hand:
    """Presses everything, as a person would."""

    def __init__(self, qtbot: QtBot, folders: list[Path], guide: Guide) -> None:
        self._qtbot, self._folders, self._guide = qtbot, folders, guide
        self.tally, self.opened = Tally(), Opened()
        self._done: set[str] = set()
        self._walked: set[str] = set()  # dialogs
        self._met = 0  # menus and dialogs that had to be answered
        self._script: tuple[Control, bool] | None = None  # the entry to choose, and whether with the mouse
        self._has_script = False
        self._errors: list[str] = []
        self._is_meeting = False
        self._last: traces.Trace | None = None

    def walk(self, root: QWidget) -> None:
        """Press all there is, and all that appears meanwhile, until there is nothing new."""
        self._guide.keep()
        while queue := self._queue(root):
            first = self._guide.rank(queue[0])
            for control in [each for each in queue if self._guide.rank(each) == first]:
                self._done.add(control.name)
                self._press(control)
            self._guide.keep()  # what was opened for good, or closed by the last

    # inside

    def _queue(self, root: QWidget) -> list[Control]:
        on, off = controls_of(root)
        for each in off:
            self.tally.off.setdefault(each.name, set()).add(each.tip)
        fresh = [each for each in on if each.name not in self._done and self._guide.takes(each)]
        return sorted(fresh, key=self._guide.rank)

    def _press(self, control: Control) -> bool:
        """Whether it was still there to be pressed."""
        self._guide.keep()
        if not _can_be_pressed(control):
            return False
        if control.is_chosen():
            return True
        self.tally.pressed[control.kind] += 1
        self.tally.tips.setdefault(control.name, set()).add((control.action or control.widget).toolTip())
        for way in self._guide.ways(control):
            is_mouse = way == "mouse"
            presses = control.by_mouse if is_mouse else control.by_keys
            if presses and _can_be_pressed(control) and (control.kind == "list entry" or not control.is_chosen()):
                self._guide.keep()
                self._guide.prepare(control)
                self._try(control, presses, is_mouse)
        return True

    def _try(self, control: Control, presses: tuple[Press, ...], is_mouse: bool) -> None:
        _bring_into_view(control.widget)
        how = f"{control.name} by {'mouse' if is_mouse else 'keys'}"
        for number, press in enumerate(presses):
            if not _can_be_pressed(control):
                return
            began = time.process_time()
            change = self._once(control, press, is_mouse, PATIENCE if number == len(presses) - 1 else GLANCE)
            self.tally.presses += 1
            if os.environ.get(SAYS):
                print(f"PRESS {control.kind} | {how} {number} | {change} | {time.process_time() - began:.3f}")
            if self._errors:
                self.tally.wrong += [f"{how}: {each}" for each in self._errors]
                return
            if change:
                self.tally.changes[change] += 1
                self._walk_dialogs(press)
                return
        if not self._guide.is_restless and not self._guide.may_repeat(control):
            self.tally.wrong.append(f"{how}: nothing changed")

    def _once(self, control: Control, press: Press, is_mouse: bool, patience: float) -> str:
        """Press once; returns what changed."""
        if not control.widget.isActiveWindow():
            control.widget.activateWindow()
            QTest.qWaitForWindowActive(control.widget.window(), 5000)
        if control.widget.focusPolicy() & (Qt.FocusPolicy.ClickFocus if is_mouse else Qt.FocusPolicy.TabFocus):
            control.widget.setFocus(Qt.FocusReason.MouseFocusReason if is_mouse else Qt.FocusReason.TabFocusReason)
        QGuiApplication.clipboard().clear()
        before, focus = self._still(), QApplication.focusWidget()
        if not _can_be_pressed(control):
            return "gone"
        self._script, self._has_script = (control, is_mouse) if control.menu else None, bool(control.menu)
        with self._qtbot.capture_exceptions() as raised:
            self._begin_to_meet()
            opened, met = self.opened.count, self._met
            press()
            change = self._wait(before, control, patience, opened, met)
            if not change and self._guide.moves_focus(control) and QApplication.focusWidget() is not focus:
                change = "focus"
            self._script, self._is_meeting = None, False
            while (popup := QApplication.activePopupWidget()) is not None:
                popup.close()
            QApplication.processEvents()
        self._errors = [f"{kind.__name__}: {error}" for kind, error, _ in raised]
        return change

    def _wait(self, before: traces.Trace, control: Control, patience: float, opened: int, met: int) -> str:
        end, worked = time.monotonic() + patience, time.process_time() + patience
        while True:
            QTest.qWait(MOMENT)
            if self._met > met:
                return "dialog"
            if self.opened.count > opened:
                return "file manager"
            owner = control.owner if control.owner is not None and shiboken6.isValid(control.owner) else None
            self._last = traces.take(self._folders)
            if change := traces.difference(before, self._last, owner):
                return change
            if time.monotonic() > end and time.process_time() > worked:
                return ""

    def _still(self) -> traces.Trace:
        """When nothing has changed for a moment; a model that learns never comes to rest, and is not waited for."""
        end = time.monotonic() + LONGEST
        last, self._last = self._last or traces.take(self._folders), None
        while time.monotonic() < end:
            QTest.qWait(int(1000 * STILL))
            now = traces.take(self._folders)
            if self._guide.is_restless or not traces.difference(last, now):
                return now
            last = now
        return last

    # dialogs of the program's own

    def _walk_dialogs(self, opener: Press) -> None:
        """What opened is walked through the first time, opened again for as long as its controls close it."""
        for dialog in _dialogs():
            if (name := type(dialog).__name__) not in self._walked:
                self._walked.add(name)
                self._walk_dialog(dialog, opener)
        for dialog in _dialogs():
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            QApplication.processEvents()
            if shiboken6.isValid(dialog) and dialog.isVisible():
                self.tally.wrong.append(f"{dialog.windowTitle() or type(dialog).__name__}: Escape does not close it")
                dialog.close()

    def _walk_dialog(self, dialog: QDialog, opener: Press) -> None:
        like: Counter[str] = Counter()
        for _ in range(MOST_OF_A_DIALOG):
            if not (shiboken6.isValid(dialog) and dialog.isVisible()):
                self._begin_to_meet()
                opener()
                QTest.qWait(50)
                self._is_meeting = False
                if not (found := _dialogs()):
                    return
                dialog = found[0]
            queue = [each for each in self._queue(dialog) if like[each.kind] < MOST_LIKE or each.kind not in LISTED]
            if not queue:
                return
            self._done.add(queue[0].name)
            like[queue[0].kind] += 1
            if not self._press(queue[0]) and not (shiboken6.isValid(dialog) and dialog.isVisible()):
                self._done.discard(queue[0].name)  # the one before has closed it, a moment later

    # what opens in loops of its own, and must be met there

    def _begin_to_meet(self) -> None:
        self._is_meeting = True
        QTimer.singleShot(0, self._meet)

    def _meet(self) -> None:
        if not self._is_meeting:
            return
        QTimer.singleShot(5, self._meet)  # before, as what is pressed here may open another loop
        if isinstance(popup := QApplication.activePopupWidget(), QMenu):
            self._meet_menu(popup)
        elif (dialog := QApplication.activeModalWidget()) is not None and _is_of_qt(dialog):
            self._met += 1
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            if shiboken6.isValid(dialog) and dialog.isVisible():
                dialog.close()

    def _meet_menu(self, menu: QMenu) -> None:
        script, self._script = self._script, None
        if script is None:
            self._met += not self._has_script  # else it is only the menu that the entry was in
            menu.close()
            return
        entry, is_mouse = script
        for words in entry.menu:
            same = (each for each in menu.actions() if each.text() == words or each == entry.action)
            action = next(same, None)  # its words may tell what was done last, and are others by now
            if action is None:
                return
            (_choose_by_mouse if is_mouse else _choose_by_keys)(menu, action)
            menu = action.menu() if shiboken6.isValid(action) else None


def _is_of_qt(dialog: QWidget) -> bool:
    """Whether it is a question of Qt's own, which waits in a loop; the program's dialogs do not, and are walked."""
    return type(dialog).__module__.startswith("PySide6")


def _choose_by_mouse(menu: QMenu, action: object) -> None:
    at = menu.actionGeometry(action).center()
    QTest.mouseMove(menu, at)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


def _choose_by_keys(menu: QMenu, action: object) -> None:
    for _ in range(len(menu.actions()) + 1):
        if menu.activeAction() is action:
            break
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)


def _can_be_pressed(control: Control) -> bool:
    if control.action is not None and not (shiboken6.isValid(control.action) and control.action.isEnabled()):
        return False
    return shiboken6.isValid(control.widget) and control.widget.isVisible() and control.widget.isEnabled()


def _dialogs() -> list[QDialog]:
    return [each for each in traces.windows() if isinstance(each, QDialog)]


def _bring_into_view(widget: QWidget) -> None:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()
    QApplication.processEvents()
