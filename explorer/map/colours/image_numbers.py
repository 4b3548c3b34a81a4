"""The terms of every image, measured while someone wants them, and again once the model has learned more."""

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from core.reports.evaluation import ImageNumbers
from core.reports.progress import Progress
from explorer.toolkit.worker_threads import Job
from explorer.workspace.error_words import sentence
from explorer.workspace.place_in_hand import NOTHING, Table

if TYPE_CHECKING:
    from core.config import RunConfig
    from core.images.image_set import ImageSet
    from core.latent.latent_space import LatentSpace


class MeasuringImages(QObject):
    """Keeps the numbers of the run in hand; one job at a time, stopped when nobody wants what it finds.

    While the model learns, nothing is measured but what someone has asked for by hand meanwhile: it costs its pace.
    """

    measured = Signal(object)  # ImageNumbers, also while more are being measured; None: none are known
    progressed = Signal(object)  # Progress; None: nothing is being measured
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.numbers: ImageNumbers | None = None
        self.space: LatentSpace | None = None
        self.table = NOTHING
        self.image_set: ImageSet | None = None
        self.is_training = False
        self._run: Path | None = None
        self._config: RunConfig | None = None
        self._wanting: set[str] = set()  # who wants the numbers
        self._is_asked = False  # by hand, since the model began to learn
        self._has_failed = False  # the last time: it is not tried again by itself
        self._job: Job | None = None
        self._is_due = False  # whether to measure again as soon as the job in hand has ended

    @property
    def is_wanted(self) -> bool:
        """Whether anyone wants the numbers."""
        return bool(self._wanting)

    @property
    def is_waiting(self) -> bool:
        """Whether the numbers will be measured when the model has learned, and not before."""
        return self.numbers is None and self.is_training and not self._is_asked

    @property
    def is_stale(self) -> bool:
        """Whether the model has learned since the numbers were measured."""
        return self.numbers is not None and self.space is not None and self.numbers.step != self.space.step

    def open(self, run: Path, config: "RunConfig") -> None:
        """The run whose map was shown, and its images will be."""
        self._run, self._config = run, config
        self.look()

    def start(self, run: Path, config: "RunConfig") -> None:
        """This run is learning from now on; what is known of another is forgotten."""
        if run != self._run:
            self._forget()
            self.space = None
        self._run, self._config, self._is_asked = run, config, False

    def show_map(self, latent_space: "LatentSpace", table: Table) -> None:
        """Measure with this model."""
        if table is not self.table:
            self._forget()
        self.space, self.table = latent_space, table
        self.look()

    def show_images(self, image_set: "ImageSet | None") -> None:
        """The images of the run in hand, None while they are not read."""
        self.image_set, self._has_failed = image_set, False
        self.look()

    def show_state(self, is_training: bool) -> None:
        """Whether the model is learning."""
        self.is_training = is_training
        self.look()

    def want(self, who: str, is_wanted: bool) -> None:
        """Whether someone, by a name of their own, wants the numbers."""
        (self._wanting.add if is_wanted else self._wanting.discard)(who)
        if self._wanting:
            self._is_asked |= is_wanted
            self._has_failed = self._has_failed and not is_wanted
            self.look()
        elif self._job is not None:
            self._is_due = False
            self._job.stop()

    def measure_again(self) -> None:
        """With the model as it is now."""
        self._is_asked = True
        self._begin()

    def clear(self) -> None:
        """There is no model."""
        self._forget()
        self.space, self.image_set, self._run, self._config = None, None, None, None
        self.table = NOTHING

    def stop(self) -> None:
        """Leave the thread."""
        self._is_due = False
        self._wanting.clear()
        if self._job is not None:
            self._job.stop()
            self._job.wait()

    def look(self) -> None:
        """Measure if it is wanted, possible, and not known already."""
        if self.is_wanted and self._job is None and not self._has_failed and self._is_wanting:
            self._begin()

    @property
    def _is_wanting(self) -> bool:
        """Whether there are no numbers, not all, or, with a model that has come to rest, old ones."""
        numbers = self.numbers
        if numbers is None or numbers.measured < numbers.wanted:
            return self._is_asked or not self.is_training
        return self.is_stale and not self.is_training

    def _begin(self) -> None:
        if self._job is not None:
            self._is_due = True
            self._job.stop()
            return
        space, image_set, config = self.space, self.image_set, self._config
        if space is None or image_set is None or config is None:
            return

        def reports() -> Generator[Any, None, None]:
            from core.evaluation.per_image import measure_images

            return measure_images(space, image_set, config.training, reserve_core=True)

        about = (self.table, self._run)
        self._is_due, self._has_failed, self._job = False, False, Job(reports, self)
        self._job.reported.connect(lambda report: self._take(about, report))
        self._job.failed.connect(self._fail)
        self._job.finished.connect(self._end)
        self._job.start()

    def _take(self, about: tuple[Table, Path | None], report: Progress | ImageNumbers) -> None:
        if about[0] is not self.table or about[1] != self._run or not self.is_wanted:
            return
        if isinstance(report, Progress):
            self.progressed.emit(report)
        elif self.numbers is None or report.measured == report.wanted or self.numbers.step == report.step:
            self.numbers = report  # else: all images by the model before are worth more than some by this one
            self.measured.emit(report)

    def _fail(self, error: Exception) -> None:
        self._has_failed = True
        self.failed.emit(sentence(error))

    def _end(self) -> None:
        assert self._job is not None
        self._job.deleteLater()
        self._job = None
        self.progressed.emit(None)
        if self._is_due:
            self._begin()
        else:
            self.look()

    def _forget(self) -> None:
        """The numbers are of images, or of a model, that are not in hand any more."""
        self.numbers, self._is_due = None, False
        if self._job is not None:
            self._job.stop()
        self.measured.emit(None)
