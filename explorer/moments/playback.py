"""The training played: the place in time goes on by itself, from the first moment to now."""

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

TICK_MS = 33
MOMENTS_A_SECOND = 2.5  # at speed 1: two dozen moments take ten seconds
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)
PAUSE = 1.5  # moments that a loop rests at now


class Replaying(QObject):
    """Moves a place in time; a hand that moves it too is not fought with."""

    moved = Signal(float)  # the place in time, in moments
    ended = Signal()  # at now, or paused: the dots come to rest
    playing_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._position, self._last = 0.0, 0.0
        self._speed, self._is_loop = 1.0, False
        self._clock = QElapsedTimer()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    @property
    def is_playing(self) -> bool:
        """Whether time goes on by itself."""
        return self._timer.isActive()

    def show_position(self, position: float) -> None:
        """Where in time it is, whoever moved it; within the rest of a loop it is at now."""
        if position < self._last or not self.is_playing:
            self._position = position

    def show_last(self, last: float) -> None:
        """The place of now; 0: there is nothing to play."""
        self._last = last
        if not last:
            self.pause()

    def set_speed(self, speed: float) -> None:
        """Times two and a half moments a second."""
        self._speed = speed

    def set_loop(self, is_loop: bool) -> None:
        """Whether it begins anew after now."""
        self._is_loop = is_loop

    def toggle(self) -> None:
        """Play, from the first moment where now is reached; or pause."""
        if self.is_playing or not self._last:
            self.pause()
            return
        if self._position >= self._last:
            self._position = 0.0
        self._clock.start()
        self._timer.start()
        self.playing_changed.emit(True)
        self.moved.emit(self._position)

    def pause(self) -> None:
        """Stay at the moment that is nearest."""
        if self.is_playing:
            self._timer.stop()
            self.playing_changed.emit(False)
            self.ended.emit()

    def stop(self) -> None:
        """The window closes."""
        self._timer.stop()

    def _tick(self) -> None:
        self._position += self._speed * MOMENTS_A_SECOND * self._clock.restart() / 1000.0
        if self._position >= self._last + PAUSE * self._is_loop:
            if not self._is_loop:
                self.moved.emit(self._last)
                self.pause()
                return
            self._position = 0.0
        self.moved.emit(min(self._position, self._last))
