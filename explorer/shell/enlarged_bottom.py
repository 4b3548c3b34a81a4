"""What is below the map: made large and put back, and tabs that keep their words."""

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QObject, Qt, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar

_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea
_ANY = (1 << 24) - 1  # pixels: Qt's word for as many as there are
_ASIDE = (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.TopDockWidgetArea)


class BottomArea(QObject):
    """Gives the docks at the bottom the room of the map and of the docks at its left; those at its right stay."""

    large_asked = Signal()  # by a double click on one of its tabs

    def __init__(self, window: QMainWindow, docks: Mapping[str, QDockWidget], state_version: int) -> None:
        super().__init__(window)
        self._window, self._docks, self._version = window, docks, state_version
        self._before: QByteArray | None = None  # how all stood, while it is large

    @property
    def state(self) -> QByteArray:
        """Of all docks, as Qt saves it, when nothing is large."""
        return self._before if self._before is not None else self._window.saveState(self._version)

    def take_tabs(self, bar: QTabBar) -> None:
        """Tabs whose words are whole, scrolled where there is no room for all."""
        bar.setElideMode(Qt.TextElideMode.ElideNone)
        bar.setUsesScrollButtons(True)
        bar.tabBarDoubleClicked.connect(lambda index: self._take_double_click(bar.tabText(index)))

    def enlarge(self, is_large: bool) -> None:
        """Large, or as it was."""
        if is_large == (self._before is not None):
            return
        if is_large:
            self._make_large()
        else:
            self._put_back()

    def _make_large(self) -> None:
        self._before = self._window.saveState(self._version)
        if all(each.isHidden() for each in self._at_bottom()):
            self._docks["Curves"].show()
        for dock in self._docks.values():
            if any(self._is_at(dock, area) for area in _ASIDE):
                dock.hide()
        self._limit_middle(0)  # not hidden: the docks at its right would take its room

    def _put_back(self) -> None:
        """What was opened meanwhile stays, and what was in front is."""
        opened = [dock for dock in self._docks.values() if not dock.isHidden()]
        front = [dock for dock in self._at_bottom() if _is_seen(dock)]
        before, self._before = self._before, None
        self._limit_middle(_ANY)
        assert before is not None
        self._window.restoreState(before, self._version)
        for dock in opened:
            dock.show()
        for dock in front:
            dock.raise_()

    def _limit_middle(self, height: int) -> None:
        middle = self._window.centralWidget()
        assert middle is not None
        middle.setMaximumHeight(height)

    def _at_bottom(self) -> list[QDockWidget]:
        return [dock for dock in self._docks.values() if self._is_at(dock, _BOTTOM)]

    def _is_at(self, dock: QDockWidget, area: Qt.DockWidgetArea) -> bool:
        return self._window.dockWidgetArea(dock) == area and not dock.isFloating()

    def _take_double_click(self, words: str) -> None:
        if words in {dock.windowTitle() for dock in self._at_bottom()}:
            self.large_asked.emit()


def _is_seen(dock: QDockWidget) -> bool:
    """In front of those that share its place: Qt moves the others out of the window."""
    return not dock.visibleRegion().isEmpty()
