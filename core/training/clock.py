"""How far a training is, in steps and in time, over all its sessions."""

import time

from core.config import RunConfig, TrainingConfig


class Clock:
    """Steps and seconds of one run; it is over when its epochs or its minutes are, whichever comes first."""

    def __init__(self, config: TrainingConfig, images: int) -> None:
        self.per_epoch = -(-images // config.images_a_step)
        assert config.epochs != "auto", "resolve the configuration first"
        self.steps_total = self.per_epoch * config.epochs
        self.step = 0
        self.seconds = 0.0
        self._seconds_limit = None if config.minutes is None else 60.0 * config.minutes
        self.start()

    def start(self) -> None:
        """Begin a session: the time until now does not count, and the speed is measured from here."""
        self._last = time.monotonic()
        self._progress_at_start, self._seconds_at_start = self.progress, self.seconds

    def tick(self, step: int) -> None:
        """A step is done."""
        now = time.monotonic()
        self.seconds += now - self._last
        self._last = now
        self.step = step

    @property
    def epoch(self) -> float:
        """Epochs done, with their fraction."""
        return self.step / self.per_epoch

    @property
    def progress(self) -> float:
        """The share that is done, in [0, 1]."""
        by_time = self.seconds / self._seconds_limit if self._seconds_limit else 0.0
        return min(1.0, max(self.step / self.steps_total, by_time))

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do."""
        return self.progress >= 1.0

    @property
    def seconds_left(self) -> float | None:
        """At the speed of this session; None before there is one."""
        done = self.progress - self._progress_at_start
        if done <= 0.0:
            return None
        return (1.0 - self.progress) / done * (self.seconds - self._seconds_at_start)


def epochs_at(config: RunConfig, images: int, step: int) -> float:
    """Epochs that so many steps are, on so many images to learn from."""
    return step / -(-max(1, images) // config.training.images_a_step)
