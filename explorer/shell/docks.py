"""The docks around the map: each has its place at once, and its panel when it is first seen."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QVBoxLayout, QWidget

from explorer.shell.enlarged_bottom import BottomArea
from explorer.shell.overlay import Part
from explorer.toolkit.descriptions import wrap_tips
from explorer.toolkit.mouse_wheel import pass_wheel_on
from explorer.toolkit.plain_text import be_plain, plain_text
from explorer.toolkit.properties import having
from explorer.toolkit.side_scroll import Narrowing

LEFT, RIGHT, BOTTOM = (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
)
SIDES = 246, 340  # the least and the most that a side is wide at first
CENTRE = 710  # before it has that, the sides have no more than the least
BELOW = 250  # the most that those at the bottom are high at first
TALLEST = (
    16.2  # lines of text that the tallest panel at the bottom needs: kept free, so that nothing moves once it is made
)
PAUSE = 150  # milliseconds between two panels that nobody has asked for: a hand may be dragging
STATE_VERSION = 3  # raised when the set of docks changes, so that an old layout is not applied
Make = Callable[[], QWidget]


@dataclass(eq=False)
class _Dock:
    dock: QDockWidget
    area: Qt.DockWidgetArea
    makes: list[Make]  # its panels, from top to bottom; none: they are made
    words: str
    height: int | None
    is_aside: bool
    is_seen: bool = False


class Docks(QObject):
    """By their titles. Those at the left and the right, and the first at the bottom, are seen from the start."""

    furnished = Signal()  # those have their panels

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._docks: dict[str, _Dock] = {}
        self._shared: dict[str, tuple[int, int]] = {}  # heights before one took the other's
        self._is_furnished = self._is_making = False
        self._leisure = QTimer(self, interval=PAUSE)
        self._leisure.timeout.connect(self._make_at_leisure)
        window.setCorner(Qt.Corner.BottomLeftCorner, LEFT)
        window.setCorner(Qt.Corner.BottomRightCorner, RIGHT)

    def __getitem__(self, title: str) -> QDockWidget:
        return self._docks[title].dock

    # what features say

    def add(
        self,
        title: str,
        area: Qt.DockWidgetArea,
        make: Make,
        words: str = "",
        height: int | None = None,
        is_aside: bool = False,
    ) -> None:
        """A dock whose panel `make` returns when it is first seen; `words` say what it is to somebody new.

        `height` is the most it takes at first of its side, as it asks where there is none. One that is aside is not
        there until it is called.
        """
        dock = QDockWidget(title, self._window)
        dock.setObjectName(title)
        self._docks[title] = _Dock(dock, area, [make], words, height, is_aside)
        first = next((each for each in self._at(BOTTOM) if each.dock is not dock), None)
        self._window.addDockWidget(area, dock)
        if area == BOTTOM and first is not None:
            self._window.tabifyDockWidget(first.dock, dock)
        if area == BOTTOM:
            dock.setWidget(QWidget(minimumHeight=round(TALLEST * self._window.fontMetrics().lineSpacing())))
        if is_aside:
            dock.hide()
        dock.visibilityChanged.connect(lambda is_seen: self._take_sight(title, is_seen))

    def add_below(self, title: str, make: Make) -> None:
        """Another panel below what a dock has, as high as it needs to be."""
        self._docks[title].makes.append(make)

    def when_seen(self, title: str, do: Callable[[bool], object]) -> None:
        """Do this now and when a dock comes into view, or goes behind another tab."""
        self._docks[title].dock.visibilityChanged.connect(do)
        do(self._docks[title].is_seen)

    def bring_forward(self, title: str) -> None:
        """Show a dock, in front of those that share its place."""
        self.make(title)
        self._docks[title].dock.show()
        self._docks[title].dock.raise_()

    def name_tab(self, title: str, words: str) -> None:
        """Other words on the tab of a dock."""
        self._docks[title].dock.setWindowTitle(plain_text(words))

    def give_room(self, title: str, above: str, takes: bool) -> None:
        """A dock takes what the one above it can spare, and gives it back."""
        upper, lower = self._docks[above].dock, self._docks[title].dock
        area = self._window.dockWidgetArea
        if area(upper) != area(lower) or upper in self._window.tabifiedDockWidgets(lower):
            return
        if takes:
            self._shared[title] = upper.height(), lower.height()
        layout = lower.layout()
        assert layout is not None
        layout.activate()  # how tall it must be is asked now, and known only when it is laid out
        both = upper.height() + lower.height()
        shared = self._shared[title]
        heights = [1, both] if takes else [max(1, both * part // sum(shared)) for part in shared]
        self._window.resizeDocks([upper, lower], heights, Qt.Orientation.Vertical)

    # what the window does

    def put_together(self) -> BottomArea:
        """All are added; what is seen is not made yet, so that the map comes first."""
        self._at(BOTTOM)[0].dock.raise_()
        return BottomArea(self._window, {title: each.dock for title, each in self._docks.items()}, STATE_VERSION)

    @property
    def is_furnished(self) -> bool:
        """Whether what is seen first has its panels."""
        return self._is_furnished

    def make_rest(self) -> None:
        """Make those that nobody has seen yet, one after another, while the window does nothing else."""
        if not self._is_making:
            self._is_making = True
            self._leisure.start()

    def make_next(self) -> bool:
        """Make one that nobody has seen yet; False: all are made."""
        title = next((title for title, each in self._docks.items() if each.makes), None)
        if title is not None:
            self.make(title)
        return title is not None

    def make_answering(self) -> None:
        """Make what shows the picture where a hand is on the map, a panel a turn."""
        waiting = [title for title, each in self._docks.items() if each.makes and each.area == RIGHT]
        if waiting:
            self.make(waiting[0])
            QTimer.singleShot(0, self, self.make_answering)

    def make_seen(self) -> None:
        """Make what is seen, a panel a turn, so that a hand on the map is answered between; what answers it first."""
        first = self._at(BOTTOM)[0]
        waiting = [
            title
            for title, each in self._docks.items()
            if each.makes and (each.area != BOTTOM or each is first or each.is_seen)
        ]
        if waiting:
            self.make(min(waiting, key=lambda title: self._docks[title].area != RIGHT))
            QTimer.singleShot(0, self, self.make_seen)
        elif not self._is_furnished:
            self._is_furnished = True
            self.furnished.emit()

    def _make_at_leisure(self) -> None:
        if not self.make_next():
            self._leisure.stop()

    def share_out_room(self) -> None:
        """All of what asks for its height, and a picture as large as its side is wide, on whatever screen."""
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        left, right, below = self._at(LEFT), self._at(RIGHT), self._at(BOTTOM)
        least, most = SIDES
        side = min(most, max(least, (self._window.width() - CENTRE) // 2))
        height = sum(each.dock.height() for each in left)
        self._window.resizeDocks([part[0].dock for part in (left, right) if part], [side, side], across)
        self._window.resizeDocks([below[0].dock], [max(1, min(BELOW, height // 3))], down)
        for part in (left, right):
            lowest = part[-1]
            wanted = max(1, lowest.dock.sizeHint().height())
            if lowest.height is not None:
                wanted = max(1, min(lowest.height, height // 4))
            docks = [part[0].dock, lowest.dock]
            self._window.resizeDocks(docks, [max(1, height - wanted), wanted], down)

    def toggles(self) -> list[QAction]:
        """For the menu: each shows or hides one."""
        return [each.dock.toggleViewAction() for each in self._docks.values()]

    def parts(self) -> list[Part]:
        """What each is, to be named in place."""
        made = ((title, each) for title, each in self._docks.items() if not each.makes)
        return [Part(each.dock.widget(), title, each.words) for title, each in made]

    # inside

    def _at(self, area: Qt.DockWidgetArea) -> list[_Dock]:
        return [each for each in self._docks.values() if each.area == area]

    def _take_sight(self, title: str, is_seen: bool) -> None:
        self._docks[title].is_seen = is_seen
        if is_seen and self._is_furnished:
            self.make(title)

    def make(self, title: str) -> None:
        """See to it that a dock has its panel."""
        each = self._docks[title]
        makes, each.makes = each.makes, []
        if not makes:
            return
        panels = [make() for make in makes]
        panel = panels[0] if len(panels) == 1 else _stacked(panels)
        dress(panel)
        if each.area == BOTTOM:
            each.dock.widget().deleteLater()
        each.dock.setWidget(Narrowing(panel) if each.area == BOTTOM else panel)


def dress(panel: QWidget) -> None:
    """Whatever its labels come to say, the names that people give are in it; and its tooltips can be read."""
    for label in panel.findChildren(QLabel):
        be_plain(label)
    wrap_tips(panel)
    pass_wheel_on(panel)


def _stacked(panels: list[QWidget]) -> QWidget:
    """In one dock; all but the first are as high as they need to be."""
    whole = QWidget()
    column = having(QVBoxLayout(whole), spacing=0)
    column.setContentsMargins(0, 0, 0, 0)
    for place, panel in enumerate(panels):
        column.addWidget(panel, int(not place))
    return whole
