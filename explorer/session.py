"""The only changing state of the window: what is being learned, what is being looked at, and what to remember."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from core.config import PRESETS, ImagesConfig, RunConfig, preset
from core.reports import MapMoved, RunOpened, TrainingStarted
from explorer.learning import Learning
from explorer.settings import Settings
from explorer.viewing import Table, Viewing

if TYPE_CHECKING:
    from core.images.image_set import ImageSet

FEW_IMAGES = 50


class Session(QObject):
    """Joins the two trips: what learning produces becomes what viewing shows."""

    config_changed = Signal(object)  # RunConfig: what the form should say
    images_changed = Signal(object)  # ImageSet
    nothing_trained_yet = Signal(str)  # images are ready, no model is
    cautioned = Signal(str)  # beside the Train button
    message = Signal(str)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.learning = Learning(self)
        self.viewing = Viewing(self)
        self.source: str | None = None
        self.images = ImagesConfig()
        learning = self.learning
        learning.image_set_ready.connect(self._take_image_set)
        learning.run_opened.connect(self._take_run)
        learning.training_started.connect(self._take_start)
        learning.map_moved.connect(self._take_map)

    def open(self, path: Path | None) -> None:
        """Open whatever was named: a run, a folder of images, a picture; the last run when nothing was."""
        if path is None:
            self.open_run(self.settings.last_run())
        elif (path / "config.json").is_file():
            self.open_run(path)
        elif path.is_dir():
            self.open_source(str(path.resolve()))
        elif path.is_file():
            self.encode_file(str(path))
        else:
            self.learning.reading_failed.emit(f"There is nothing at {path}: choose a folder of images or a run.")

    def open_run(self, run: Path) -> None:
        """Open a run's folder; a training in hand is saved first."""
        self.learning.open_run(run.resolve())

    def open_source(self, source: str) -> None:
        """Read a folder of images or a named set; a training in hand is saved first."""
        if source != self.source:  # the last run's image size and channels are not this one's
            self.source, self.images = source, ImagesConfig()
            self.config_changed.emit(preset(PRESETS[0], source))
        self.learning.read_images(source, self.images)

    def change_images(self, images: ImagesConfig) -> None:
        """Read the same source another way."""
        if images != self.images:
            self.images = images
            if self.source is not None and self.learning.state not in ("training", "stopping"):
                self.open_source(self.source)

    def train(self, config: RunConfig) -> None:
        """Begin a new run."""
        self.learning.train(config)

    def encode_file(self, path: str) -> None:
        """Place one image file on the map, read as the images of the run were."""
        config = self.learning.config
        self.viewing.encode_file(path, config.images if config else self.images)

    def picture_facts(self) -> dict[str, object]:
        """What an exported picture says of where it came from."""
        space, run = self.viewing.latent_space, self.learning.run
        return {"run": run.name if run else "", "step": space.step if space else 0}

    def close(self) -> None:
        """Save and leave every thread."""
        self.learning.close()
        self.viewing.stop()

    def _take_run(self, opened: RunOpened) -> None:
        self.source, self.images = opened.config.source, opened.config.images
        self.settings.remember_run(opened.run)
        self.config_changed.emit(opened.config)
        self.viewing.show_images(None)
        self.viewing.show(opened.latent_space, Table(opened.names, opened.labels, opened.classes))

    def _take_image_set(self, image_set: "ImageSet") -> None:
        self.images_changed.emit(image_set)
        self.cautioned.emit(_caution(image_set))
        if self.learning.run is None:
            self.settings.remember_source(image_set.source)
            self.viewing.clear()
            self.nothing_trained_yet.emit(f"{len(image_set):,} images are ready. Press Train to see them on the map.")
        elif same_names(image_set.names, self.viewing.table.names):
            self.viewing.show_images(image_set)

    def _take_start(self, started: TrainingStarted) -> None:
        self.settings.remember_run(started.run)
        self.config_changed.emit(started.config)

    def _take_map(self, moved: MapMoved) -> None:
        image_set = self.learning.image_set
        assert image_set is not None
        if self.viewing.image_set is image_set:
            self.viewing.show(moved.latent_space)
        else:
            self.viewing.show_images(image_set)
            self.viewing.show(moved.latent_space, table_of(image_set))


def table_of(image_set: "ImageSet") -> Table:
    """What is known of the images without their pixels."""
    return Table(tuple(image_set.names), np.asarray(image_set.labels), image_set.classes)


def same_names(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two image sets have the same files in the same order."""
    return len(one) == len(other) and tuple(one) == tuple(other)


def _caution(image_set: "ImageSet") -> str:
    if len(image_set) >= FEW_IMAGES:
        return ""
    return f"Only {len(image_set)} images: a model can memorise so few, and its map will say little."
