"""The training trip: a folder becomes an image set, an image set and a configuration become a run."""

from collections.abc import Callable, Generator
from datetime import datetime
from itertools import count
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from core.config import ImagesConfig, RunConfig
from core.errors import LatentscapeError, PlaceError
from core.imported.settings import ImportedSettings
from core.imported.wish import ModelWish
from core.latent.reports import MapMoved, RunOpened
from core.places import bundled_run, is_run, runs_folder
from core.reports.images import ImageSetReady, ImagesPreview
from core.reports.moments import USUAL_BUDGET, MomentsKept
from core.reports.progress import Progress
from core.reports.runs import MapSeen
from core.reports.training import (
    HeldOutDone,
    LearnsInParts,
    Mended,
    SavingWaits,
    StepDone,
    TrainingDone,
    TrainingStarted,
    Untrained,
)
from core.torch_libraries import load_libraries
from explorer.toolkit.worker_threads import Job, Reports
from explorer.workspace.error_words import sentence

if TYPE_CHECKING:
    from core.images.image_set import ImageSet

# "kept": the user ended it early, and it can go on all the same; "finished": nothing is left to train
State = Literal["idle", "reading", "training", "stopping", "settling", "paused", "kept", "finished"]
PATIENCE = 60.0  # seconds that PyTorch waits for a window that is being made
RESTING: tuple[State, ...] = ("idle", "paused", "kept", "finished")
BUSY: tuple[State, ...] = ("training", "stopping", "settling")  # the images cannot be read another way


class Learning(QObject):
    """One job at a time: reading images, opening a run, training, or making codes exact.

    A new wish stops the job in hand (which saves) and is carried out when that has ended.
    """

    state_changed = Signal(str)
    progressed = Signal(object)  # Progress of reading
    settling_progressed = Signal(object)  # Progress of making codes exact
    images_previewed = Signal(object)  # (n, H, W, C)
    image_set_ready = Signal(object)  # ImageSet
    map_seen = Signal(object)  # MapSeen
    run_opened = Signal(object)  # RunOpened
    training_started = Signal(object)
    before_learning = Signal(object)  # Untrained
    step_done = Signal(object)
    held_out_done = Signal(object)
    map_moved = Signal(object)
    moments_kept = Signal(object)  # MomentsKept
    training_done = Signal(object)
    saving_waits = Signal(object)  # SavingWaits
    damage_found = Signal(object, str)  # a run that `mend` mends, and what is wrong with it
    mended = Signal(object)  # Mended
    learns_in_parts = Signal(object)  # LearnsInParts
    reading_ended = Signal(bool)  # without images; whether that was wished (else it failed)
    reading_failed = Signal(str)
    opening_failed = Signal(str)
    training_failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.image_set: ImageSet | None = None
        self.run: Path | None = None  # the run in hand, its images are `image_set`
        self.config: RunConfig | None = None
        self._state: State = "idle"
        self._rest: State = "idle"  # where the job in hand will end
        self._job: Job | None = None
        self._opens: Path | None = None  # the run that the job in hand is to open
        self._has_run = False  # whether it has
        self._has_images = False  # whether the job in hand has read its images
        self._has_failed = False
        self._next: Callable[[], None] | None = None
        self.most_moments: Callable[[], int] = lambda: USUAL_BUDGET  # bytes that those of a run may take
        self.has_time = Event()  # until it is set, PyTorch is not loaded: it would take half the time from the window
        self.has_time.set()
        self._shows = {
            TrainingStarted: self.training_started,
            Untrained: self.before_learning,
            StepDone: self.step_done,
            HeldOutDone: self.held_out_done,
            MapSeen: self.map_seen,
            MapMoved: self.map_moved,
            MomentsKept: self.moments_kept,
            SavingWaits: self.saving_waits,
            Mended: self.mended,
            LearnsInParts: self.learns_in_parts,
        }

    @property
    def state(self) -> State:
        """What is going on."""
        return self._state

    @property
    def is_opening(self) -> bool:
        """Whether a run is on its way."""
        return self._state == "reading" and self._opens is not None and not (self._has_run or self._has_failed)

    def read_images(self, source: str, images: ImagesConfig, is_anew: bool = False) -> None:
        """Scan and decode a folder or a named set; until it is read, what is in hand stays."""

        def reports() -> Generator[Any, None, None]:
            from core.images.image_set import build_image_set

            return build_image_set(source, images, is_anew)

        self._when_free(lambda: self._begin(reports, "reading", self._state))

    def download(self, name: str, images: ImagesConfig) -> None:
        """Fetch a named set that is not on this machine, then read it."""

        def reports() -> Generator[Any, None, None]:
            from core.images.image_set import build_image_set
            from core.images.named_sets.fetch import download

            yield from download(name)
            yield from build_image_set(name, images)

        self._when_free(lambda: self._begin(reports, "reading", self._state))

    def open_run(self, run: Path, moved_to: Path | None = None, is_anew: bool = False) -> None:
        """Read a run back, its images after it; `moved_to` is where those are now, if they are elsewhere."""

        def reports() -> Generator[Any, None, None]:
            from core.latent.map_preview import see_map

            if (seen := see_map(run)) is not None:
                yield seen
            self.has_time.wait(PATIENCE)
            load_libraries()
            from core.latent.open_run import reopen  # two seconds, the first time

            yield from reopen(run, True, None if moved_to is None else str(moved_to), is_anew)

        self._when_free(lambda: self._begin(reports, "reading", self._state, opens=run))

    def open_model(self, wish: ModelWish, settings: ImportedSettings) -> None:
        """Make a run of a model that was trained elsewhere, as it was tried, and open it."""

        def reports() -> Generator[Any, None, None]:
            yield Progress("Opening the model", 0)
            load_libraries()
            from core.imported.import_model import ImportPlan, import_model
            from core.latent.open_run import reopen

            plan = ImportPlan(wish.decoder, wish.encoder, settings, wish.data, wish.name)
            yield from reopen((yield from import_model(plan)), True)

        self._when_free(lambda: self._begin(reports, "reading", self._state, opens=wish.decoder))

    def mend(self, run: Path, exactly: bool = False) -> None:
        """Go on with what is whole of a damaged run, and open it; `exactly`: from an older checkpoint, bit for bit."""

        def reports() -> Generator[Any, None, None]:
            yield Progress("Mending", 0)
            load_libraries()
            from core.latent.open_run import reopen
            from core.training.mend import mend

            yield Mended(run, mend(run, exactly))
            yield from reopen(run, True)

        self._when_free(lambda: self._begin(reports, "reading", self._state, opens=run))

    def train(self, config: RunConfig) -> None:
        """Begin a new run on the image set in hand."""
        try:
            run = _new_run(config.source)
        except PlaceError as error:
            self.training_failed.emit(sentence(error))
        else:
            self._when_free(lambda: self._train(config, run, "idle"))

    def resume(self) -> None:
        """Go on with the run in hand."""
        if self.config is not None and self.run is not None:
            config, run = self.config, self.run
            self._when_free(lambda: self._train(config, run, "paused"))

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
        """Stop reading; what training does is paused or finished instead."""
        if self._state == "reading" and self._job is not None:
            self._job.stop()

    def let_go(self) -> None:
        """The run in hand is thrown away; its images stay until others are read. Not while it is trained."""
        self.run = self.config = None
        self._rest = "idle"
        self._enter("idle")

    def close(self) -> None:
        """Stop and wait: a training in hand has saved itself when this returns."""
        self._next = None
        self.has_time.set()
        if self._job is not None:
            self._job.stop()
            self._job.wait()

    def _train(self, config: RunConfig, run: Path, rest_if_refused: State) -> None:
        if (image_set := self._images_or_complaint()) is None:
            self._enter(rest_if_refused)
            return
        self.config, self.run = config, run
        budget = self.most_moments()

        def reports() -> Generator[Any, None, None]:
            load_libraries()
            from core.training.train import train

            return train(image_set, config, run, reserve_core=True, budget=budget)

        self._begin(reports, "training", "paused")

    def _stop_training(self, finished: bool) -> None:
        if self._state != "training" or self._job is None:
            return
        self._next = lambda: self._settle(finished)
        self._enter("stopping")
        self._job.stop()

    def _settle(self, finished: bool) -> None:
        image_set, config, run = self._images_or_complaint(), self.config, self.run
        if image_set is None or config is None or run is None:
            self._enter("paused")
            return
        budget = self.most_moments()

        def reports() -> Generator[Any, None, None]:
            from core.training.train import settle

            return settle(image_set, config, run, finished, reserve_core=True, budget=budget)

        self._begin(reports, "settling", "kept" if finished else "paused")

    def _images_or_complaint(self) -> "ImageSet | None":
        if self.image_set is None:
            self.training_failed.emit("The images are not here: open their folder, or the run again when it is back.")
        return self.image_set

    def _when_free(self, wish: Callable[[], None]) -> None:
        if self._job is None:
            wish()
            return
        self._next = wish
        self._job.stop()

    def _begin(self, reports: Reports, state: State, rest: State, opens: Path | None = None) -> None:
        job = Job(reports, self)
        job.reported.connect(self._take)
        job.failed.connect(self._fail)
        job.finished.connect(self._end)
        self._job, self._rest = job, rest if rest in RESTING else "idle"
        self._opens = opens
        self._has_run = self._has_images = self._has_failed = False
        self._enter(state)
        job.start()

    def _take(self, report: Any) -> None:
        match report:
            case Progress():
                is_reading = self._state == "reading" and not self._has_images
                (self.progressed if is_reading else self.settling_progressed).emit(report)
            case ImagesPreview():
                self.images_previewed.emit(report.pixels)
            case ImageSetReady():
                self._take_images(report)
            case RunOpened():
                self._take_run(report)
            case TrainingDone():
                self._take_end(report)
            case _:
                if signal := self._shows.get(type(report)):
                    signal.emit(report)

    def _take_images(self, ready: ImageSetReady) -> None:
        self.image_set, self._has_images = ready.image_set, True
        if self._opens is None:  # they belong to no run yet
            self.run = self.config = None
            self._rest = "idle"
        self.image_set_ready.emit(ready.image_set)

    def _take_run(self, opened: RunOpened) -> None:
        self.image_set, self.run, self.config, self._has_run = None, opened.run, opened.config, True
        is_over = opened.is_over or opened.run == bundled_run()
        self._rest = "finished" if is_over else "kept" if opened.finished else "paused"
        self.run_opened.emit(opened)

    def _take_end(self, done: TrainingDone) -> None:
        if done.is_over:
            self._rest = "finished"
            self._next = None if self._state == "stopping" else self._next  # it came to its own end as it was stopped
        self.training_done.emit(done)

    def _fail(self, error: Exception) -> None:
        self._has_failed, said = True, sentence(error)
        if isinstance(error, LatentscapeError) and error.remedy == "mend":
            self.damage_found.emit(self._opens or self.run, said)
        if self._state == "reading":
            is_about_run = self._opens is not None and not self._has_run
            (self.opening_failed if is_about_run else self.reading_failed).emit(said)
            return
        self._rest = "paused" if self.run is not None and is_run(self.run) else "idle"
        self.training_failed.emit(said)

    def _end(self) -> None:
        assert self._job is not None
        has_no_images = self._state == "reading" and not self._has_images
        self._job.deleteLater()
        self._job, wish, self._next = None, self._next, None
        self._state = self._rest
        if has_no_images:
            self.reading_ended.emit(not self._has_failed)
        if wish is not None:
            wish()
        else:
            self._enter(self._rest)

    def _enter(self, state: State) -> None:
        self._state = state
        self.state_changed.emit(state)


def _new_run(source: str) -> Path:
    """A folder that is not there yet: two runs may begin within a second."""
    name = f"{Path(source).name}-{datetime.now():%Y%m%d-%H%M%S}"
    numbered = (runs_folder() / f"{name}-{number}" for number in count(2))
    first = runs_folder() / name
    return first if not first.exists() else next(run for run in numbered if not run.exists())
