"""The training trip: a folder becomes an image set, an image set and a configuration become a run."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from core.config import ImagesConfig, RunConfig
from core.places import bundled_run, runs_folder
from core.reports import (
    HeldOutDone,
    ImageSetReady,
    ImagesPreview,
    MapMoved,
    Progress,
    RunOpened,
    StepDone,
    TrainingDone,
    TrainingStarted,
)
from explorer.failure import sentence
from explorer.threads import Job

if TYPE_CHECKING:
    from core.images.image_set import ImageSet

State = Literal["idle", "reading", "training", "stopping", "settling", "paused", "finished"]
Reports = Callable[[], Iterator[Any]]


class Learning(QObject):
    """One job at a time: reading images, opening a run, training, or making codes exact.

    A new wish stops the job in hand (which saves) and is carried out when that has ended.
    """

    state_changed = Signal(str)
    progressed = Signal(object)  # Progress
    images_previewed = Signal(object)  # (n, H, W, C)
    image_set_ready = Signal(object)  # ImageSet
    run_opened = Signal(object)  # RunOpened
    training_started = Signal(object)
    step_done = Signal(object)
    held_out_done = Signal(object)
    map_moved = Signal(object)
    training_done = Signal(object)
    reading_failed = Signal(str)
    training_failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.image_set: ImageSet | None = None
        self.config: RunConfig | None = None  # of the run in hand
        self.run: Path | None = None
        self._state: State = "idle"
        self._state_after: State = "idle"
        self._job: Job | None = None
        self._next: Callable[[], None] | None = None
        self._shows = {
            Progress: self.progressed,
            TrainingStarted: self.training_started,
            StepDone: self.step_done,
            HeldOutDone: self.held_out_done,
            MapMoved: self.map_moved,
        }

    @property
    def state(self) -> State:
        """What is going on."""
        return self._state

    @property
    def is_busy(self) -> bool:
        """Whether a job is under way."""
        return self._job is not None

    def read_images(self, source: str, images: ImagesConfig) -> None:
        """Scan and decode a folder or a named set."""

        def reports() -> Iterator[Any]:
            from core.images.image_set import build_image_set

            return build_image_set(source, images)

        def begin() -> None:
            self.run = self.config = None  # what is read now belongs to no run yet
            self._begin(reports, "reading", "idle")

        self._when_free(begin)

    def open_run(self, run: Path) -> None:
        """Read a run back, its images after it."""

        def reports() -> Iterator[Any]:
            from core.latent.opening import reopen

            return reopen(run, reserve_core=True)

        self._when_free(lambda: self._begin(reports, "reading", "idle"))

    def train(self, config: RunConfig) -> None:
        """Begin a new run on the image set in hand."""
        self.run = runs_folder() / f"{Path(config.source).name}-{datetime.now():%Y%m%d-%H%M%S}"
        self.config = config
        self._when_free(self._train)

    def resume(self) -> None:
        """Go on with the run in hand."""
        self._when_free(self._train)

    def pause(self) -> None:
        """Stop training; everything is saved, and the codes are made exact."""
        self._stop_training(finished=False)

    def finish(self) -> None:
        """Stop training now and keep the model as it is."""
        if self._state == "paused":
            self._settle(finished=True)
        else:
            self._stop_training(finished=True)

    def cancel(self) -> None:
        """Stop whatever is under way."""
        if self._state == "training":
            self.pause()
        elif self._job is not None:
            self._job.stop()

    def close(self) -> None:
        """Stop and wait: a training in hand has saved itself when this returns."""
        self._next = None
        if self._job is not None:
            self._job.stop()
            self._job.wait()

    def _train(self) -> None:
        image_set, config, run = self.image_set, self.config, self.run
        if image_set is None or config is None or run is None:
            self.training_failed.emit("There are no images to learn from yet: open a folder first.")
            return

        def reports() -> Iterator[Any]:
            from core.training.train import train

            return train(image_set, config, run, reserve_core=True)

        self._begin(reports, "training", "paused")

    def _stop_training(self, finished: bool) -> None:
        if self._state != "training" or self._job is None:
            return
        self._next = lambda: self._settle(finished)
        self._enter("stopping")
        self._job.stop()

    def _settle(self, finished: bool) -> None:
        image_set, config, run = self.image_set, self.config, self.run
        assert image_set is not None
        assert config is not None
        assert run is not None

        def reports() -> Iterator[Any]:
            from core.training.train import settle

            return settle(image_set, config, run, finished, reserve_core=True)

        self._begin(reports, "settling", "finished" if finished else "paused")

    def _when_free(self, wish: Callable[[], None]) -> None:
        if self._job is None:
            wish()
            return
        self._next = wish
        self._job.stop()

    def _begin(self, reports: Reports, state: State, state_after: State) -> None:
        job = Job(reports, self)
        job.reported.connect(self._take)
        job.failed.connect(self._fail)
        job.finished.connect(self._end)
        self._job, self._state_after = job, state_after
        self._enter(state)
        job.start()

    def _take(self, report: Any) -> None:
        match report:
            case ImagesPreview():
                self.images_previewed.emit(report.pixels)
            case ImageSetReady():
                self.image_set = report.image_set
                self.image_set_ready.emit(report.image_set)
            case RunOpened():
                self._take_run(report)
            case TrainingDone():
                if self._state == "training":
                    self._state_after = "finished"
                self.training_done.emit(report)
            case _:
                if signal := self._shows.get(type(report)):
                    signal.emit(report)

    def _take_run(self, opened: RunOpened) -> None:
        self.image_set = None
        self.run, self.config = opened.run, opened.config
        is_shipped = opened.run == bundled_run()
        self._state_after = "finished" if opened.finished or is_shipped else "paused"
        self.run_opened.emit(opened)

    def _fail(self, error: Exception) -> None:
        signal = self.reading_failed if self._state == "reading" else self.training_failed
        if self._state != "reading":
            self._state_after = "paused" if self.run is not None and (self.run / "latest").exists() else "idle"
        signal.emit(sentence(error))

    def _end(self) -> None:
        assert self._job is not None
        self._job.deleteLater()
        self._job, wish, self._next = None, self._next, None
        if wish is not None:
            wish()
        else:
            self._enter(self._state_after)

    def _enter(self, state: State) -> None:
        self._state = state
        self.state_changed.emit(state)
