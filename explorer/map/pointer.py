"""What the map points at: the dot under the pointer, ringed at once and told when it is still; and the cursor."""

from PySide6.QtCore import QObject, QTimer, Signal

_HOVER_MS = 125
_CURSOR_MS = 30  # the picture is ready sooner than an eye is, and training pays for every painting
_SAY_MS = 400  # a reader of the screen is told where the cursor has come to rest


class MapRing(QObject):
    """Index of the ringed dot, -1: none."""

    moved = Signal(int, int)  # from, to
    hovered = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.index, self._told = -1, -1
        self._timer = QTimer(self, singleShot=True, interval=_HOVER_MS)
        self._timer.timeout.connect(self._tell)

    def move(self, index: int) -> None:
        """Ring this dot."""
        if index != self.index:
            before, self.index = self.index, index
            self.moved.emit(before, index)
        if index == -1:
            self._timer.stop()
            if self._told != -1:
                self._tell()
        elif index != self._told:
            self._timer.start()

    def _tell(self) -> None:
        self._told = self.index
        self.hovered.emit(self.index)


class MapCursor(QObject):
    """The place that is decoded, and what is known of it in words."""

    moved = Signal(object, object)  # from where it was last painted to where it is; None: nowhere
    rested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place: tuple[float, float] | None = None
        self.verdict, self.near = "", ""
        self._painted: tuple[float, float] | None = None
        self._timer = QTimer(self, singleShot=True, interval=_CURSOR_MS)
        self._timer.timeout.connect(self._tell)
        self._say_timer = QTimer(self, singleShot=True, interval=_SAY_MS)
        self._say_timer.timeout.connect(self.rested)

    def move(self, u: float, v: float) -> None:
        """It is here now; `moved` follows soon, once for many."""
        self.place = (u, v)
        self._say_timer.start()
        if not self._timer.isActive():
            self._timer.start()

    def describe(self, verdict: str | None, near: str | None) -> None:
        """What the place is called, and the image nearest to it; None: as it was."""
        self.verdict = self.verdict if verdict is None else verdict
        self.near = self.near if near is None else near
        self._say_timer.start()

    def _tell(self) -> None:
        before, self._painted = self._painted, self.place
        self.moved.emit(before, self.place)
