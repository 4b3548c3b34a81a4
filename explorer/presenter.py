"""Says in the panels' words what the session reports."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from core.latent.reports import RunOpened
from core.reports.evaluation import Evaluated, Finding
from core.reports.progress import Progress
from core.reports.runs import MapSeen
from core.reports.training import StepDone, TrainingDone, TrainingStarted
from explorer.completion.panel import EMPTY, NO_IMAGE, NOT_TRAINED_FOR_IT
from explorer.images.intake_rows import duplicates_in_words
from explorer.images.named_sets_menu import OfferedSet
from explorer.map.plane.plane_words import prior_centre, words_for_plane
from explorer.picture.panel import NearImage
from explorer.runs.evaluation_panel import NO_MODEL
from explorer.runs.figure_rows import number
from explorer.shell.status_bar import words_for_seconds
from explorer.toolkit.descriptions import allow
from explorer.toolkit.drawable_text import drawable
from explorer.workspace.below_zero import BRIEFLY
from explorer.workspace.run_in_hand import BUSY
from explorer.workspace.workspace import obstacle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.config import ImagesConfig
    from core.exploration import Bookmark
    from core.images.image_set import ImageSet
    from core.latent.latent_space import LatentSpace
    from core.latent.pixel_space import PixelSpace
    from explorer.completion.controller import Task
    from explorer.map.backdrop.heat import Heat
    from explorer.map.marks.contour_controller import Lines
    from explorer.samples.controller import Drawn
    from explorer.shell.main_window import MainWindow
    from explorer.workspace.pixel_map import Seen
    from explorer.workspace.place_in_hand import Near, Place, Table

SAMPLE = 48  # thumbnails in the images panel
SAID = 8  # duplicates named when the mouse rests on their number
ENOUGH_CODES = 5_000  # to find how far the codes reach
SLIDER_REACH = 3.0  # standard deviations of the codes to each side of their mean
OBSTACLES = {"no model": EMPTY, "not trained for it": NOT_TRAINED_FOR_IT, "no image": NO_IMAGE}  # to completing
BY_PIXELS = "The pictures by their pixels (PCA): there is no model yet"
BY_PIXELS_NOTE = "Each lies where its pixels put it; drag to see the picture nearest to the cursor"
NOTHING_TO_FINISH = "Nothing is being trained."
FORM_STATES = {"settling": "stopping"}  # what the form calls the states it need not tell apart


class Presenter(QObject):
    """Turns reports into what panels show; runs in the window's thread, keeps the run's length and the last place."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._steps_total = 0
        self._z: np.ndarray[tuple[int], np.dtype[np.float32]] | None = None  # of the picture

    def show_image_set(self, image_set: "ImageSet") -> None:
        """Thumbnails, counts, and what was left out."""
        chosen = sample_of(len(image_set))
        counts = np.bincount(image_set.labels, minlength=len(image_set.classes)).tolist()
        self._window.images.show_image_set(
            image_set.source,
            np.asarray(image_set.pixels[chosen]),
            image_set.shape,
            list(zip(image_set.classes, counts, strict=True)),
            int(image_set.held_out.sum()),
            image_set.skipped,
            image_set.joined,
        )
        self._window.status.show_skipped(len(image_set.skipped))
        self._window.form.show_source(image_set.source)
        self._window.form.show_obstacle(obstacle(image_set))

    def show_intake(self, image_set: "ImageSet", images: "ImagesConfig") -> None:
        """What was done to the files, and what can be chosen about it."""
        is_folder = Path(image_set.source).is_absolute()
        self._window.images.show_intake(image_set.intake, image_set.joined, images, is_folder, image_set.tables)
        trouble = image_set.joined.trouble if image_set.joined else ""
        self._window.images.show_complaint(image_set.amiss or trouble, is_of_table=True)
        self._show_duplicates(image_set)

    def _show_duplicates(self, image_set: "ImageSet") -> None:
        from core.images.duplicates import count_pictures, duplicates

        twins = np.arange(len(image_set)) if image_set.twins is None else image_set.twins
        said = "files" if Path(image_set.source).is_absolute() else "images"
        words = duplicates_in_words(len(twins), count_pictures(twins), image_set.count_learned_and_held_out(), said)
        some = [[image_set.names[index] for index in part[:SAID].tolist()] for part in duplicates(twins)[:SAID]]
        self._window.images.show_duplicates(words, [" = ".join(names) for names in some])

    def show_named_sets(self) -> None:
        """The sets that need no folder: here already, or to be downloaded."""
        from core.images.named_sets.catalogue import list_named_sets

        self._window.images.show_named_sets(
            [
                OfferedSet(each.name, each.description, each.available, each.download_bytes, each.missing)
                for each in list_named_sets()
            ]
        )

    def show_settling(self, progress: Progress) -> None:
        """How far the exact encoding is."""
        done = progress.done / progress.total if progress.total else None
        self._window.form.show_progress(f"{progress.doing}…", done)

    def show_run(self, opened: RunOpened) -> None:
        """A run that was read back: its curves, and its configuration in the form."""
        self._forget_last()
        self._window.curves.show_history(opened.steps, opened.held_out)
        self._show_run(opened.run)
        self._window.form.show_obstacle("")

    def _forget_last(self) -> None:
        """What the status bar says was of another run, and is not true of this one."""
        self._window.status.show_message("")
        self._window.status.show_device("", "")

    def show_start(self, started: TrainingStarted) -> None:
        """Training begins, or goes on."""
        if started.step == 0:
            self._window.curves.clear()
        self._steps_total = started.steps_total
        self._show_run(started.run)
        self._window.status.show_device(started.device, started.precision)
        learning = f"{started.parameters:,} parameters learn from {started.images:,} images"
        self._window.status.show_message(started.said_of_change or learning)

    def _show_run(self, run: Path) -> None:
        self._window.show_title(run.name)
        self._window.compare.show_run_in_hand(run)
        self._window.evaluation.show_nothing()

    def show_step(self, step: StepDone) -> None:
        """A point on the curves, the speed and the time left."""
        window = self._window
        window.curves.add_step(step)
        window.status.show_speed(step.images_per_second)
        window.status.show_time_left(step.seconds_left)
        left = "" if step.seconds_left is None else f", {words_for_seconds(step.seconds_left)} left"
        done = step.step / self._steps_total if self._steps_total else None
        window.form.show_progress(f"Epoch {step.epoch:.1f}, step {step.step:,}{left}", done)

    def show_done(self, done: TrainingDone) -> None:
        """The model is saved, and this is how good it is."""
        objective = done.held_out.objective if done.held_out else None
        held_out = "" if objective is None else f"; held-out objective {number(objective)} nats per image"
        below = f" ({BRIEFLY})" if objective is not None and objective < 0 else ""
        self._window.status.show_message(f"Saved after {done.epochs:.1f} epochs{held_out}{below}")

    def show_state(self, state: str) -> None:
        """What can be asked for now."""
        window = self._window
        window.form.show_state(FORM_STATES.get(state, state))
        window.images.allow_choices(state not in BUSY)
        window.sliders.keep_order(state in BUSY)
        if state == "reading":  # what is being read may be enough
            window.form.show_obstacle("")
        if state not in ("training", "stopping", "settling"):
            window.form.show_progress("", None)
            window.status.show_speed(None)
            window.status.show_time_left(None)
        allow(window.actions_by_name["finish"], "" if state in ("training", "paused") else NOTHING_TO_FINISH)

    def show_first_sight(self, seen: MapSeen) -> None:
        """The dots of a run that is being opened; what is said of a picture of another is not true of it."""
        self._window.map.show_busy("Opening…")
        self._window.map.show_ring(-1)
        self._window.picture.show_trust("", "", "", "")
        self._window.picture.show_nearest(())
        self._window.map.show_codes(seen.points, seen.labels, seen.classes, seen.is_held_out, seen.columns)

    def show_map(self, latent_space: "LatentSpace", table: "Table") -> None:
        """The codes on the plane, and sliders that reach as far as they do."""
        self._window.map.show_busy("")
        self._window.map.show_model(True)
        self._window.map.show_axes(*latent_space.plane.names)
        self._window.map.show_note(words_for_plane(latent_space))
        self._window.map.show_codes(latent_space.points, table.labels, table.classes, table.is_held_out, table.columns)
        low, high = slider_ends(latent_space.codes)
        self._window.sliders.show_dimensions(latent_space.kl_per_dim, low, high)
        classes = latent_space.classes if latent_space.conditional == "class" else ()
        self._window.map.show_classes(classes, latent_space.label, latent_space.unlearned)
        self._window.samples.show_classes(classes, latent_space.unlearned)
        is_learned = latent_space.conditional == "completion"
        self._window.map.show_learned_prior(is_learned)
        self._window.map.show_prior_centre(prior_centre(latent_space.plane))
        self._window.samples.show_prior("Learned prior" if is_learned else "N(0, I)")
        self._window.evaluation.show_obstacle("")

    def show_pixel_map(self, space: "PixelSpace", table: "Table") -> None:
        """The images by their pixels: there is no model yet."""
        self._window.map.show_busy(BY_PIXELS)
        self._window.map.show_model(False)
        self._window.map.show_axes(*space.plane.names)
        self._window.map.show_note(BY_PIXELS_NOTE)
        self._window.map.show_codes(space.points, table.labels, table.classes, table.is_held_out, table.columns)

    def show_seen(self, seen: "Seen") -> None:
        """The image nearest to the cursor, as it is."""
        self._window.map.show_cursor(*seen.point)
        self._window.picture.show_image(seen.name, seen.pixels)

    def show_place(self, place: "Place") -> None:
        """The picture under the cursor; the map comes after a cursor that was moved, not after a plane that was."""
        is_moved = self._z is None or not np.array_equal(place.z, self._z)
        self._z = place.z
        self._window.map.show_cursor(*place.point, is_moved)
        self._window.picture.show_picture(place.pixels)

    def show_numbers(self, place: "Place") -> None:
        """Where the picture is, in numbers."""
        self._window.picture.show_place(place.z, place.point)
        self._window.sliders.show_z(place.z)

    def show_near(self, near: "list[Near]") -> None:
        """The real images nearest to the place."""
        self._window.picture.show_nearest(
            [
                NearImage(each.index, each.pixels, each.name, each.class_name, each.distance)
                for each in near
                if each.pixels is not None
            ]
        )

    def show_card(self, near: "Near") -> None:
        """What is known of the image under the pointer."""
        self._window.map.show_card(near.index, near.pixels, near.name, near.class_name)

    def show_grid(self, pixels: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", extent: tuple[float, ...]) -> None:
        """The decoded plane behind the dots."""
        self._window.map.show_grid(pixels, *extent)

    def show_heat(self, heat: "Heat | None") -> None:
        """Numbers behind the dots."""
        if heat is None:
            return self._window.map.show_heat(None)
        return self._window.map.show_heat(heat.values, heat.extent, heat.name, heat.unit, heat.low, heat.high)

    def show_contours(self, lines: "Lines") -> None:
        """Lines around most of the prior and of the aggregate posterior; those without any go."""
        for name, each, style in lines:
            self._window.map.show_contours(name, each, style)

    def show_nothing(self) -> None:
        """There is no model to look at."""
        self._forget_last()
        nothing = np.zeros(0, np.float32)
        self._window.map.show_codes(nothing.reshape(0, 2), nothing.astype(np.int64), ())
        self._window.map.show_grid(None, 0.0, 0.0, 0.0, 0.0)
        self._window.map.show_note("")
        self._window.curves.clear()
        self._window.picture.show_nothing()
        self._window.sliders.show_dimensions(nothing, nothing, nothing)
        self._window.reconstructions.show_pairs(np.zeros((0, 1, 1, 1), np.uint8), np.zeros((0, 1, 1, 1), np.uint8), [])
        self._window.map.show_classes((), 0)
        self._window.samples.show_nothing()
        self._window.evaluation.show_obstacle(NO_MODEL)
        self._window.evaluation.show_nothing()
        self._window.compare.show_run_in_hand(None)
        self._window.show_title(None)

    def show_bookmarks(self, bookmarks: "Mapping[int, Bookmark]", latent_space: "LatentSpace | None") -> None:
        """Which bookmarks are set, and where they lie on the map."""
        self._window.bookmarks.show_bookmarks(bookmarks)
        self.show_pins(bookmarks, latent_space)

    def show_pins(self, bookmarks: "Mapping[int, Bookmark]", latent_space: "LatentSpace | None") -> None:
        """Where the bookmarks lie on the map."""
        if latent_space is None or not bookmarks:
            return self._window.map.show_pins([])
        points = latent_space.plane.to_points(np.stack([each.z for each in bookmarks.values()]))
        return self._window.map.show_pins(
            [(n, (float(u), float(v))) for n, (u, v) in zip(bookmarks, points, strict=True)]
        )

    def show_drawn(self, drawn: "Drawn") -> None:
        """Pictures that the model made up."""
        self._window.samples.show_samples(drawn.pixels, drawn.class_names, drawn.step, drawn.verdicts)

    def show_task(self, task: "Task") -> None:
        """The image to complete."""
        self._window.completion.show_image(task.name, task.pixels, task.hidden)

    def show_no_task(self, obstacle: str) -> None:
        """Why no image can be completed."""
        self._window.completion.show_nothing(OBSTACLES[obstacle])

    def show_evaluated(self, evaluated: Evaluated, run: str) -> None:
        """The figures of a run."""
        self._window.evaluation.show_figures(evaluated, f"{evaluated.images:,} held-out images, run {drawable(run)}")

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """What is wrong with the run, and how much on the tab."""
        self._window.findings.show_findings(findings)
        count = len(findings)
        said = f" · {count} finding{'s' if count != 1 else ''}" if count else ""
        self._window.name_tab("Curves", f"Curves{said}")


def sample_of(count: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Which of so many images are shown in the images panel."""
    return np.linspace(0, count - 1, min(SAMPLE, count)).astype(np.int64)


def slider_ends(codes: "np.ndarray[tuple[int, int], np.dtype[np.float32]]") -> "tuple[np.ndarray, np.ndarray]":
    """Where each dimension's slider begins and ends: the codes' mean, three standard deviations either way."""
    sample = codes[:: -(-len(codes) // ENOUGH_CODES) or 1]
    seen = sample[np.isfinite(sample).all(axis=1)]
    if not len(seen):
        return np.full(codes.shape[1], -SLIDER_REACH, np.float32), np.full(codes.shape[1], SLIDER_REACH, np.float32)
    reach = SLIDER_REACH * np.maximum(seen.std(axis=0), 1e-3)
    return seen.mean(axis=0) - reach, seen.mean(axis=0) + reach
