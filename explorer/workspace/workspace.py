"""What is opened: a folder, a named set, a run, a picture; and what becomes of what was open before."""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.config import PRESETS, ImagesConfig, RunConfig, preset
from core.errors import ImagesError, PlaceError
from core.images.image_names import same_names
from core.imported.settings import NO_IMAGES, ImportedRunConfig
from core.imported.wish import ModelWish
from core.latent.reports import MapMoved, RunOpened
from core.pixel_range import AUTO
from core.places import bundled_run, is_run, settings_folder
from core.reports.runs import MapSeen
from core.reports.training import TrainingStarted
from explorer.workspace.error_words import sentence
from explorer.workspace.looking import Looking
from explorer.workspace.place_in_hand import Table, table_of
from explorer.workspace.run_in_hand import BUSY, Learning
from explorer.workspace.run_list import Shelving
from explorer.workspace.settings import Settings

if TYPE_CHECKING:
    from core.images.image_set import ImageSet
    from core.latent.latent_space import LatentSpace

FEW_IMAGES = 50
ARRANGING = "Arranging the pictures by their pixels…"


class Workspace(Looking):
    """All that features share: what is looked at, and what can be opened instead; each follows it, and none another."""

    config_changed = Signal(object)  # RunConfig: what the form should say
    model_wished = Signal(object)  # ModelWish: one that was trained elsewhere is to be opened
    source_lost = Signal()  # nothing is open
    images_changed = Signal(object)  # ImageSet
    images_lost = Signal()
    nothing_trained_yet = Signal(str)  # images are ready, no model is
    images_restored = Signal(object)  # ImagesConfig: another was asked for, and this is still how they were read
    images_kept = Signal(str)  # others could not be read, and why
    cautioned = Signal(str)  # beside the Train button
    images_wished = Signal(object)  # dict: how they are to be read, by the names of ImagesConfig's fields
    settings_wished = Signal(object)  # dict: changes for the next training, by their dotted names

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.learning = Learning(self)
        self.learning.most_moments = settings.moments
        self.known_runs = Shelving(self)
        self.source: str | None = None
        self.images = ImagesConfig()
        self._images_in_hand = ImagesConfig()  # how those in hand were read, whatever is being read now
        self._typed: dict[str, object] = {}  # about images, before there was a folder
        self._failure = ""  # of the reading that has just ended
        self._shown_run = ""  # the name of the run that is looked at
        self._picture: Path | None = None  # to place once there is a model
        learning = self.learning
        learning.image_set_ready.connect(self._take_image_set)
        learning.reading_failed.connect(self._take_failure)
        learning.reading_ended.connect(self._take_back)
        learning.map_seen.connect(self._take_first_sight)
        learning.opening_failed.connect(lambda _: self.first_sight.clear())
        learning.run_opened.connect(self._take_run)
        learning.training_started.connect(self._take_start)
        learning.map_moved.connect(self._take_map)
        learning.run_opened.connect(self.recalling.take_run)
        learning.training_started.connect(self.recalling.take_start)
        learning.moments_kept.connect(self.recalling.take_moments)
        self.finding.file_unknown.connect(self._place_file)

    def open(self, path: Path | None, is_anew: bool = False) -> None:
        """Open whatever was named: a run, a folder or set of images, a picture; the last run when nothing was.

        With `is_anew` every file of its images is decoded once more.
        """
        if path is None:
            self.open_run(self.settings.last_run(), is_anew)
        elif is_run(path):
            self.open_run(path, is_anew)
        else:
            self._open_other(path, is_anew)

    def _open_other(self, path: Path, is_anew: bool) -> None:
        """What is no run: told by what it holds."""
        from core.imported.foreign_files import is_model

        if is_model(path):
            self.open_model(ModelWish(path))
        else:
            self._open_found(str(path), is_anew)

    def open_model(self, wish: ModelWish) -> None:
        """Look at a model that was trained elsewhere, and open it once that is agreed to."""
        self.model_wished.emit(wish)

    def open_run(self, run: Path, is_anew: bool = False) -> None:
        """Open a run's folder; a training in hand is saved first."""
        self.learning.open_run(run.resolve(), is_anew=is_anew)

    def open_source(self, source: str, is_anew: bool = False) -> None:
        """Read a folder of images or a named set; a training in hand is saved first."""
        self._choose_source(source)
        self.learning.read_images(source, self.images, is_anew)

    @property
    def has_lost_images(self) -> bool:
        """Whether there are no images where those of the run in hand were."""
        config, image_set = self.learning.config, self.learning.image_set
        if config is None or config.source != self.source or not os.path.isabs(config.source):
            return False
        return len(image_set) == 0 if image_set is not None else not os.path.exists(config.source)

    def find_lost_images(self, folder: Path) -> None:
        """The images of the run in hand are in another folder now; it is opened anew with them."""
        if self.learning.run is not None:
            self.learning.open_run(self.learning.run, folder)

    def download(self, name: str) -> None:
        """Fetch a named set, then read it; the user has seen how much that is."""
        self._choose_source(name)
        self.learning.download(name, self.images)

    def change_images(self, images: ImagesConfig) -> None:
        """Read the same source another way; the next one where no folder is open that this could be about."""
        if images != self.images:
            if self.source is None or not os.path.isabs(self.source):
                self._typed |= _differences(images, self.images)
            self.images = images
            if self.source is not None and self.learning.state not in BUSY:
                self.learning.read_images(self.source, images)

    def read_anew(self) -> None:
        """Decode every file of the source in hand once more, whatever is known of it."""
        if self.source is not None and self.learning.state not in BUSY:
            self.learning.read_images(self.source, self.images, is_anew=True)

    def open_picture(self, path: Path) -> None:
        """A picture is brought to the latent space that is open; opens the last run when none is."""
        if self.viewing.latent_space is None:
            self._picture = path
            self.open_run(self.settings.last_run())
        else:
            self._bring_picture(path)

    @property
    def images_as_read(self) -> ImagesConfig:
        """How a picture from outside is to be made into an image: as those of the run were."""
        config, image_set = self.learning.config, self.learning.image_set
        images = config.images if config else self.images
        if images.range != AUTO or image_set is None:
            return images
        return images.model_copy(update={"range": image_set.images.range})

    def picture_facts(self, latent_space: "LatentSpace | None" = None, **facts: object) -> dict[str, object]:
        """What an exported picture says of where it came from: the latent space that decoded it, and what else."""
        from core.export.pictures import facts_of

        space = latent_space or self.viewing.latent_space
        return facts if space is None else facts_of(self._shown_run, space, **facts)

    @property
    def folder(self) -> Path | None:
        """The folder that the images on the map are files of; None for a named set."""
        image_set, config = self.viewing.image_set, self.learning.config
        if image_set is not None:
            return image_set.folder
        source = config.source if config is not None else ""
        return Path(source) if Path(source).is_absolute() else None

    def throw_away(self, run: Path) -> None:
        """Put a run into the bin; in place of the one in hand its images are opened. Not while it is trained."""
        if run == self.learning.run:
            if self.learning.state in BUSY:
                return
            source = self.source
            self.exploring.let_go()
            self.learning.let_go()
            self.viewing.clear()
            if source is not None:
                self.open_source(source)
        self.known_runs.throw_away(run)

    def close(self) -> None:
        """Save and leave every thread."""
        self.learning.close()
        self.known_runs.stop()
        self.stop()

    def _bring_picture(self, path: Path) -> None:
        """One of the images has its dot; any other is placed."""
        config = self.learning.config
        if not self.finding.find_file(path, config.source if config else self.source):
            self._place_file(path)

    def _place_file(self, path: Path) -> None:
        if self.viewing.latent_space is not None:
            self.placing.place_file(path, self.images_as_read)

    def _open_found(self, words: str, is_anew: bool) -> None:
        """Open a picture, or the images that a path or a name stands for; where it stands for none, say what helps."""
        from core.images.scanning.find_images import find_images, is_picture
        from core.written_paths import read_path

        path = read_path(words)
        try:
            if os.path.isfile(path) and is_picture(path):
                self.open_picture(Path(path))
            else:
                source = find_images(words).source
                self.open_source(str(Path(source).resolve()) if os.path.isabs(source) else source, is_anew)
        except ImagesError as error:
            kept = self.learning.image_set is not None
            (self.images_kept if kept else self.learning.reading_failed).emit(sentence(error))

    def _choose_source(self, source: str) -> None:
        # A run's settings, image size and channels are its own, though it learned from this very source.
        if source != self.source or self.learning.run is not None:
            self.source, self.images = source, ImagesConfig.model_validate(self._typed)
            self.config_changed.emit(preset(PRESETS[0], source).model_copy(update={"images": self.images}))
        self._typed = {}

    def _take_first_sight(self, seen: MapSeen) -> None:
        """Only where nothing else is looked at: at the start of the program."""
        if self.viewing.latent_space is None and self.viewing.image_set is None:
            known = (seen.names, seen.labels, seen.classes, seen.is_held_out, seen.columns)
            self.first_sight.show(seen.space, Table(*known))

    def _take_run(self, opened: RunOpened) -> None:
        self._typed = {}
        self._shown_run = opened.run.name
        self.known_runs.note_opened(opened.run, opened.name)
        self.settings.remember_run(opened.run)
        self._show_config(opened.config, opened.run)
        self._leave_other(opened.run)
        self._leave_pixels()
        self.viewing.show_images(None)
        table = Table(opened.names, opened.labels, opened.classes, opened.is_held_out, opened.columns)
        seen, z = self.first_sight.latent_space, self.first_sight.z
        if z is not None:
            self.viewing.z = z
        self.viewing.show(opened.latent_space, table)
        self._explore(opened.run)
        if seen is not None and z is not None and z is not seen.first_place:  # a hand was here
            self.exploring.look_back(seen.first_place, z, self.viewing.class_name)
        if self._picture is not None:
            path, self._picture = self._picture, None
            self.open_picture(path)

    def _take_image_set(self, image_set: "ImageSet") -> None:
        self._images_in_hand = self.images
        self.images_changed.emit(image_set)
        is_to_learn = not isinstance(self.learning.config, ImportedRunConfig)
        self.cautioned.emit(_caution(image_set) if is_to_learn else "")
        if self.learning.run is None:
            self.settings.remember_source(image_set.source)
            self.viewing.clear()
            self.nothing_trained_yet.emit(obstacle(image_set) or ARRANGING)
            self.charting.chart(image_set)
        elif same_names(image_set.names, self.viewing.table.names):
            self.viewing.show_images(image_set)

    def _take_failure(self, sentence: str) -> None:
        self._failure = sentence

    def _take_back(self, was_wished: bool) -> None:
        """Nothing was read: what is still in hand is what the window says."""
        image_set, config = self.learning.image_set, self.learning.config
        failure, self._failure = self._failure, ""
        if config is not None:
            self._show_config(config, self.learning.run)
        elif image_set is not None:
            self._restore_form(image_set.source)
        else:
            self.source = None
            self.source_lost.emit()
        if image_set is not None:
            self.images_changed.emit(image_set)
            self.images_kept.emit(failure)
        elif was_wished:
            self.images_lost.emit()

    def _show_config(self, config: RunConfig, run: Path | None) -> None:
        """What the form offers is what the run in hand was asked; the demonstration's hour is no one's to wish for.

        And one that was trained elsewhere was asked nothing.
        """
        is_own = run != bundled_run() and not isinstance(config, ImportedRunConfig)
        shown = config if is_own else preset(PRESETS[0], config.source)
        self.source, self.images = shown.source, shown.images
        self.config_changed.emit(shown)
        if config.source == NO_IMAGES:
            self.source = None
            self.source_lost.emit()

    def _restore_form(self, source: str) -> None:
        """What was typed about model and training stays, unless another source was asked for meanwhile."""
        if source != self.source:
            self.config_changed.emit(preset(PRESETS[0], source))
        self.source, self.images = source, self._images_in_hand
        self.images_restored.emit(self.images)

    def _take_start(self, started: TrainingStarted) -> None:
        self.settings.remember_run(started.run)
        self._shown_run = started.run.name
        self.config_changed.emit(started.config)
        if self.learning.image_set is not None:
            self.cautioned.emit(_caution(self.learning.image_set))

    def _take_map(self, moved: MapMoved) -> None:
        image_set = self.learning.image_set
        assert image_set is not None
        if self.learning.run is not None:
            self._leave_other(self.learning.run)
        self._leave_pixels()
        if self.viewing.image_set is image_set:
            self.viewing.show(moved.latent_space)
        else:
            self.viewing.show_images(image_set)
            self.viewing.show(moved.latent_space, table_of(image_set))
        if self.learning.run is not None:
            self._explore(self.learning.run)

    def _leave_pixels(self) -> None:
        """What the pixels told is not what the model tells."""
        if self.viewing.latent_space is None:
            self.charting.clear()
            self.unusual.clear()

    def _leave_other(self, run: Path) -> None:
        """Places, selections and paths of another run mean nothing on the map of this one."""
        if self.exploring.folder not in (None, _exploration_folder(run)):
            self.exploring.clear()

    def _explore(self, run: Path) -> None:
        """Go on with what was done with this run before; the one that ships with the program may be read-only."""
        space, names = self.viewing.latent_space, self.viewing.table.names
        assert space is not None
        if (folder := _exploration_folder(run)) is None:
            self.exploring.clear()
        else:
            self.exploring.open(folder, names, space.latent_dims)


def _exploration_folder(run: Path) -> Path | None:
    """None: the program's own folder cannot be used, which has been said at the start."""
    with suppress(PlaceError):
        return settings_folder() if run == bundled_run() else run
    return None


def obstacle(image_set: "ImageSet") -> str:
    """Why nothing can be learned from these images; empty when something can."""
    if len(image_set) > 1:
        return image_set.amiss
    from core.images.scanning.advice import advice

    said = "Only one image can be used" if len(image_set) else "No image can be used"
    why = "The list of skipped files says why." if image_set.skipped else ""
    return f"{said}: a model needs two at least. {advice(image_set.skipped) or why}".rstrip()


def _caution(image_set: "ImageSet") -> str:
    """What to think about before learning from these images; empty when there is nothing."""
    if len(image_set) >= FEW_IMAGES or len(image_set) < 2:
        return ""
    return f"Only {len(image_set)} images: a model can memorise so few, and its map will say little."


def _differences(one: ImagesConfig, other: ImagesConfig) -> dict[str, object]:
    """What the one says otherwise than the other."""
    return {name: value for name, value in one.model_dump().items() if value != getattr(other, name)}
