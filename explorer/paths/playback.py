"""A path played: the cursor moves along it, forwards or backwards, and all that follows the cursor follows."""

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

from core.exploration import Exploration, LatentPath
from explorer.paths.reel import Reel
from explorer.workspace.undo_history import Exploring

FPS = 25.0  # frames a second at speed 1, as films have
TICK_MS = 33


class Playing(QObject):
    """Keeps the place on the path, in frames; each move is a step of exploring, and all moves of one play are one.

    Playing ends where an open path ends, and whenever the cursor is moved by anything else.
    """

    moved = Signal(float)  # the place, in frames
    playing_changed = Signal(bool)

    def __init__(self, exploring: Exploring, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.position = 0.0
        self._exploring = exploring
        self._reel: Reel | None = None
        self._path: LatentPath | None = None
        self._speed, self._is_moving = 1.0, False
        self._is_due = False  # whether to play as soon as there is a way
        self._clock = QElapsedTimer()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    @property
    def is_playing(self) -> bool:
        """Whether the cursor moves along the path by itself."""
        return self._timer.isActive()

    def show_reel(self, path: LatentPath, reel: Reel) -> None:
        """The way to play; of the same path the share of it that was played stays."""
        is_same = self._reel is not None and self._path is not None and self._path.name == path.name
        share = self.position / self._reel.last if is_same and self._reel is not None and self._reel.last else 0.0
        self._reel, self._path = reel, path
        self._place(share * reel.last)
        if self._is_due:
            self.toggle()

    def show_nothing(self) -> None:
        """There is no way."""
        self.pause()
        self._is_due = False
        self._reel = self._path = None
        self._place(0.0)

    def show_exploration(self, _: Exploration, fields: frozenset[str]) -> None:
        """A cursor that something else moves is not pulled back."""
        if "z" in fields and not self._is_moving:
            self.pause()

    def toggle(self) -> None:
        """Play, or pause; from the other end where it has come to one. Without a way, play the next that is found."""
        self._is_due = self._reel is None and not self._is_due
        if self.is_playing or self._reel is None:
            self.pause()
            return
        if not self._reel.is_loop and self._speed:
            begin, end = (0.0, self._reel.last) if self._speed > 0 else (self._reel.last, 0.0)
            if self.position == end:
                self._place(begin)
        self._clock.start()
        self._timer.start()
        self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stay where it is."""
        if self.is_playing:
            self._timer.stop()
            self.playing_changed.emit(False)

    def stop(self) -> None:
        """The window closes."""
        self.pause()

    def set_speed(self, speed: float) -> None:
        """Times 25 frames a second; below 0 backwards."""
        self._speed = speed

    def seek(self, frame: float) -> None:
        """Put the cursor at a place on the path."""
        if self._reel is not None:
            self._place(float(np.clip(frame, 0.0, self._reel.last)))
            self._move("along")

    def _tick(self) -> None:
        assert self._reel is not None
        frames = self._speed * FPS * self._clock.restart() / 1000.0
        last, wanted = self._reel.last, self.position + frames
        if frames == 0.0:
            return
        self._place(wanted % last if self._reel.is_loop else float(np.clip(wanted, 0.0, last)))
        self._move("playing")
        if not self._reel.is_loop and not 0.0 < wanted < last:
            self.pause()

    def _place(self, position: float) -> None:
        self.position = position
        self.moved.emit(position)

    def _move(self, how: str) -> None:
        assert self._reel is not None
        assert self._path is not None
        words = f"playing of {self._path.name}" if how == "playing" else f"move along {self._path.name}"
        fields = {"class_name": self._path.class_name} if self._path.class_name else {}
        self._is_moving = True
        try:
            self._exploring.change(words, how, z=self._reel.at(self.position), **fields)
        finally:
            self._is_moving = False
