"""What is looked at: a map, a place on it, images chosen from it; told to whoever follows, now and from now on."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from core.exploration import Exploration
from core.unicode_names import place_of
from explorer.workspace.image_search import Finding
from explorer.workspace.marks import Marks
from explorer.workspace.moment_in_hand import Recalling
from explorer.workspace.pixel_map import Charting
from explorer.workspace.place_in_hand import Place, Table, Viewing
from explorer.workspace.placed_image import Placing
from explorer.workspace.selection import Selecting
from explorer.workspace.spot import NO_MODEL, NOT_SEEN, Floats, Spot
from explorer.workspace.undo_history import ALL, Exploring
from explorer.workspace.unusual_images import Unusual

if TYPE_CHECKING:
    from core.images.image_set import ImageSet
    from core.latent.latent_space import LatentSpace
    from core.latent.pixel_space import Arrangement


class Looking(QObject):
    """The latent space in hand, or the map of pixels before there is one, and what a person does with it."""

    point_dragged = Signal(float, float)  # by hand over the map, with the mouse or the arrow keys
    image_picked = Signal(int)  # by hand, on the map or beside the picture
    image_reached = Signal(int)  # the cursor went to it: its dot is ringed, its row is the current one
    image_hovered = Signal(int)  # the pointer is over its dot; −1: over none
    map_clicked = Signal(float, float, int)  # pressed and released: the place, and the image there or −1
    view_changed = Signal(float, float, float, float)  # left, bottom, right, top of the map that is seen, once it rests
    verdict_told = Signal(str)  # of the picture that is seen, in a few words

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.viewing = Viewing(self)
        self.first_sight = Viewing(self)  # of a run that is being opened, until PyTorch is there
        self.recalling = Recalling(self.viewing, self)
        self.charting = Charting(self.viewing, self)
        self.exploring = Exploring(self)
        self.unusual = Unusual(self)
        self.selecting = Selecting(self.exploring, self.unusual, self)
        self.finding = Finding(self)
        self.placing = Placing(self.viewing, self)
        self.marks = Marks(self)
        self._join()

    def stop(self) -> None:
        """Keep what was done, and leave every thread."""
        parts = (self.first_sight, self.placing, self.charting, self.selecting, self.finding, self.unusual)
        for each in (*parts, self.recalling, self.exploring, self.viewing):
            each.stop()

    # told now, and from now on

    def follow_map(self, show: Callable[["LatentSpace", Table], object], clear: Callable[[], object]) -> None:
        """`show` the map of a model that there is or will be; `clear` where there is none, or none any more."""
        self.viewing.map_changed.connect(show)
        self.viewing.cleared.connect(clear)
        if self.viewing.latent_space is not None:
            show(self.viewing.latent_space, self.viewing.table)
        else:
            clear()

    def follow_any_map(self, show: Callable[["Arrangement", Table], object], clear: Callable[[], object]) -> None:
        """The same of a map of pixels too, before there is a model."""
        self.charting.charted.connect(show)
        self.follow_map(show, clear)
        if self.charting.space is not None:
            show(self.charting.space, self.viewing.table)

    def follow_images(self, show: Callable[["ImageSet | None"], object]) -> None:
        """`show` the images of the map, None while they are not read."""
        self.viewing.images_shown.connect(show)
        if self.viewing.image_set is not None:
            show(self.viewing.image_set)

    def follow_exploration(self, show: Callable[[Exploration, frozenset[str]], object]) -> None:
        """`show` what is explored, and which of its fields are others, while there is a model to explore."""

        def follow(now: Exploration, fields: frozenset[str]) -> None:
            if self.viewing.latent_space is not None:
                show(now, fields)

        self.exploring.changed.connect(follow)
        follow(self.exploring.now, ALL)

    # where to look

    def look_at_latent(self, z: "np.ndarray[tuple[int], np.dtype[np.float32]]", class_name: str) -> None:
        """Decode z, as a class where the model knows one of this name."""
        space = self.viewing.latent_space
        if space is not None:
            label = place_of(class_name, space.classes)
            if label is not None and label != space.label:
                self.viewing.choose_class(label)
        self.viewing.look_at(z)

    def look_at_point(self, u: float, v: float) -> None:
        """Go to a place of the map."""
        self.first_sight.look_at_point(u, v)
        self.viewing.look_at_point(u, v)
        self.charting.look_at_point(u, v)

    def look_at_image(self, index: int) -> None:
        """Go to an image, by the model or, where there is none, by its pixels."""
        self.first_sight.look_at_image(index)
        self.viewing.look_at_image(index)
        self.charting.look_at_image(index)

    def pick_image(self, index: int) -> None:
        """The same by hand, on the map or beside the picture."""
        self.look_at_image(index)
        self.image_picked.emit(index)

    def go_to_image(self, index: int) -> None:
        """The same, and show wherever images are listed which one it is."""
        self.look_at_image(index)
        self.image_reached.emit(index)

    def go_to(self, spot: Spot) -> None:
        """The cursor goes to an image or a place."""
        if spot.is_image:
            self.go_to_image(spot.index)
        elif spot.z is not None:
            self.look_at_latent(spot.z, spot.class_name)

    def z_of(self, spot: Spot) -> Floats | None:
        """Where it lies (d,); None for an image that the model has not seen."""
        space = self.viewing.latent_space
        if not spot.is_image or space is None:
            return spot.z
        z: Floats = space.codes[spot.index]
        return z if np.isfinite(z).all() else None

    def why_nowhere(self, spot: Spot) -> str:
        """Why it lies nowhere in a latent space; empty when it does."""
        if self.viewing.latent_space is None:
            return NO_MODEL
        return NOT_SEEN if self.z_of(spot) is None else ""

    # inside

    def _join(self) -> None:
        """Its parts follow each other, a line each."""
        viewing, charting, exploring = self.viewing, self.charting, self.exploring
        selecting, finding, placing = self.selecting, self.finding, self.placing
        viewing.map_changed.connect(self._leave_first_sight)
        viewing.cleared.connect(self._leave_first_sight)
        charting.charted.connect(self._leave_first_sight)
        viewing.cleared.connect(charting.clear)
        charting.charted.connect(lambda _, table: exploring.open_unlearned(table.names))
        charting.charted.connect(selecting.show_map)
        charting.charted.connect(finding.show_map)
        charting.seen.connect(lambda seen: exploring.look(seen.code))
        viewing.map_changed.connect(selecting.show_map)
        viewing.map_changed.connect(finding.show_map)
        viewing.map_changed.connect(placing.show_map)
        viewing.images_shown.connect(placing.show_images)
        viewing.place_told.connect(self._follow_cursor)
        viewing.cleared.connect(exploring.clear)
        viewing.cleared.connect(selecting.clear)
        viewing.cleared.connect(self.unusual.clear)
        viewing.cleared.connect(finding.clear)
        viewing.cleared.connect(placing.take_away)
        exploring.changed.connect(self._show_exploration)
        selecting.mean_found.connect(viewing.look_at)
        selecting.mean_found.connect(charting.look_at)
        selecting.unusual_found.connect(self.go_to_image)
        finding.file_found.connect(lambda index, _: self.go_to_image(index))
        placing.found_again.connect(lambda found: self.look_at_latent(found.z, found.class_name))

    def _leave_first_sight(self, *_: object) -> None:
        if self.first_sight.latent_space is not None:
            self.first_sight.clear()

    def _follow_cursor(self, place: Place) -> None:
        """A place was decoded: unless the cursor has moved on, that is where it is now."""
        if place.z is self.viewing.z:
            self.exploring.look(place.z, self.viewing.class_name)

    def _show_exploration(self, exploration: Exploration, fields: frozenset[str]) -> None:
        """Undone, redone, or read from the run's folder: the cursor goes where it was."""
        z, space = exploration.z, self.viewing.latent_space
        if z is not None and "z" in fields:
            self.charting.go_back(z)
        if space is None or z is None or len(z) != space.latent_dims or not fields & {"z", "class_name"}:
            return
        at = self.viewing.z
        if at is None or not np.array_equal(z, at) or exploration.class_name != self.viewing.class_name:
            self.look_at_latent(z, exploration.class_name)
