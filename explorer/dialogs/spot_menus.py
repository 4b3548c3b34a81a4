"""The menu on an image or a place: which entries make sense, and what each does."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication

from core.exploration import BOOKMARKS
from explorer.dialogs.saving import SavingDialogs
from explorer.dialogs.selection_questions import NOT_ON_THE_MAP, SelectionDialogs
from explorer.directions.ingredients import SLOTS
from explorer.shell.spot_menu import SpotMenu
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.image_conversion import to_qimage
from explorer.workspace.place_in_hand import Place
from explorer.workspace.spot import NO_FILES, Spot

if TYPE_CHECKING:
    from explorer.session import Session
    from explorer.shell.main_window import MainWindow

Floats = np.ndarray[tuple[int], np.dtype[np.float32]]
More = Sequence[tuple[str, Callable[[], object]]]  # entries of whoever opens the menu

NO_MODEL = "There is no model yet: train one first."
NOT_SEEN = "The model has not seen this image yet."
NOT_READ = "The images are not read yet."
ALL_SET = "All nine bookmarks are set: forget one first."
PLACE = "This place"


class SpotMenus:
    """Opens over one window on behalf of one session."""

    def __init__(
        self, window: "MainWindow", session: "Session", asking: SelectionDialogs, saving: SavingDialogs
    ) -> None:
        self._window, self._session, self._asking, self._saving = window, session, asking, saving
        self._after: tuple[Floats, Callable[[], object]] | None = None  # what waits for a place to be decoded
        session.viewing.place_decoded.connect(self._do_after)

    # where it is opened

    def open(self, spot: Spot, at: QPoint, more: More = ()) -> None:
        """The menu of an image or a place, where it was asked for."""
        table = self._session.viewing.table
        if spot.index >= len(table.names) or (spot.kind == "picture" and spot.pixels is None):
            self._window.status.show_message(NOT_ON_THE_MAP)
            return
        name = table.names[spot.index] if spot.is_image else spot.name or PLACE
        has_classes = spot.is_image and len(table.classes) > 1
        class_name = table.classes[table.labels[spot.index]] if has_classes else ""
        menu = SpotMenu(name, class_name, spot.kind, self._whys(spot), self._window)
        menu.chosen.connect(lambda key: self.do(key, spot))
        if more:
            menu.addSeparator()
        for words, do in more:
            menu.addAction(words, do)
        menu.popup(at)

    def open_on_map(self, index: int, point: tuple[float, float], at: QPoint) -> None:
        """On a dot, or on the map beside the dots."""
        space = self._session.viewing.latent_space
        if index >= 0:
            self.open(Spot(index), at)
        elif space is not None:
            z = space.plane.to_latent(np.array([point], np.float32))[0]
            self.open(Spot(z=z, class_name=self._session.viewing.class_name), at)

    def open_on_picture(self, at: QPoint) -> None:
        """On the picture under the cursor; without a model that is an image."""
        viewing, seen = self._session.viewing, self._session.charting.seen_now
        if seen is not None:
            self.open(Spot(seen.index), at)
        elif viewing.z is not None:
            self.open(Spot(z=viewing.z, class_name=viewing.class_name), at)

    def open_on_sample(self, number: int, at: QPoint) -> None:
        """On one of the pictures that the model made up."""
        drawn = self._session.sampling.last
        if drawn is not None and number < len(drawn.z):
            self.open(Spot(z=drawn.z[number], class_name=drawn.class_names[number] if drawn.class_names else ""), at)

    def open_on_strip(self, where: tuple[int, int, int], at: QPoint) -> None:
        """On a picture of a traversal: its start, dimension and step."""
        if (found := self._session.traversing.place_of(*where)) is not None:
            self.open(Spot(z=found[0], class_name=found[1]), at)

    def open_on_film(self, frame: float, at: QPoint) -> None:
        """On a frame of the path."""
        if (trip := self._session.travelling.trip) is not None:
            self.open(Spot(z=trip.reel.at(frame), class_name=trip.way.path.class_name), at)

    def open_on_direction(self, number: int, at: QPoint) -> None:
        """On a picture of the film of a direction."""
        if (found := self._session.directing.place_of(number)) is not None:
            self.open(Spot(z=found[0], class_name=found[1]), at)

    def open_on_completion(self, number: int, at: QPoint) -> None:
        """On a completion, which comes of an image and lies nowhere."""
        if (found := self._session.completing.picture(number)) is not None:
            self.open(Spot(pixels=found[0], name=found[1]), at)

    def of_pair(self, number: int) -> Spot:
        """The image of a reconstruction."""
        pairs = self._session.viewing.pairs
        return Spot(pairs[number] if number < len(pairs) else -1)

    def of_thumbnail(self, number: int) -> Spot:
        """The image of a thumbnail beside the folder."""
        return Spot(self._asking.image_of_sample(number))

    def open_on_marked(self, index: int, marked: np.ndarray, at: QPoint) -> None:
        """On an image of the wall of those selected, others of which may be marked."""
        selecting = self._session.selecting
        these = f"these {len(marked):,}" if len(marked) > 1 else "this one"
        self.open(
            Spot(index),
            at,
            (
                (f"Select only {these}", lambda: selecting.choose("choice on the wall", marked, "replace")),
                (
                    f"Take {these} out of the selection",
                    lambda: selecting.choose("choice on the wall", marked, "subtract"),
                ),
            ),
        )

    # what it does

    def do(self, key: str, spot: Spot) -> None:
        """What an entry of the menu says."""
        what, _, count = key.partition(" ")
        match what:
            case "go":
                self.go(spot)
            case "large":
                self._asking.show_large(spot.index)
            case "folder":
                self._asking.show_in_folder(spot.index)
            case "near":
                self._choose_near(spot, int(count))
            case "class":
                self._session.selecting.choose_class_of(spot.index)
            case "bookmark":
                self._bookmark(spot)
            case "stop":
                self._add_stop(spot)
            case "copy" if spot.kind != "place":
                self._copy(self._pixels(spot))
            case "save" if spot.kind != "place":
                name = self._session.viewing.table.names[spot.index] if spot.is_image else spot.name
                self._saving.save_image(name, self._pixels(spot))
            case "copy":
                self._once_there(spot, lambda: self._copy(self._decoded()))
            case "save":
                self._once_there(spot, self._saving.save_picture)
            case _ if what in SLOTS:
                self._set_side(what, spot)

    def go(self, spot: Spot) -> None:
        """The cursor goes there."""
        if spot.is_image:
            self._asking.go_to(spot.index)
        elif spot.z is not None:
            self._session.look_at_latent(spot.z, spot.class_name)

    # inside

    def _whys(self, spot: Spot) -> dict[str, str]:
        """What cannot be done with it now, and why."""
        space, images = self._session.viewing.latent_space, self._session.viewing.image_set
        marks = self._session.exploring.now.bookmarks
        whys = {"folder": NO_FILES} if self._asking.source is None else {}
        if spot.is_image and (images is None or spot.index >= len(images)):
            whys |= dict.fromkeys(("copy", "save"), NOT_READ)
        no_place = NO_MODEL if space is None else NOT_SEEN if self._z(spot) is None else ""
        if no_place:
            whys |= dict.fromkeys(("bookmark", "stop", *SLOTS), no_place)
        elif len(marks) == len(BOOKMARKS):
            whys["bookmark"] = ALL_SET
        if no_place == NOT_SEEN:
            whys |= dict.fromkeys(("go", "near 10", "near 50"), NOT_SEEN)
        return whys

    def _z(self, spot: Spot) -> Floats | None:
        """Where it lies; None for an image that the model has not seen."""
        space = self._session.viewing.latent_space
        if not spot.is_image or space is None:
            return spot.z
        z: Floats = space.codes[spot.index]
        return z if np.isfinite(z).all() else None

    def _choose_near(self, spot: Spot, count: int) -> None:
        if spot.is_image:
            self._asking.choose_near(spot.index, count)
        else:
            self.go(spot)
            self._window.selection.sort_by("cursor")
            self._session.selecting.choose_near_place(spot.z, count)

    def _bookmark(self, spot: Spot) -> None:
        exploring, z = self._session.exploring, self._z(spot)
        number = next((number for number in BOOKMARKS if number not in exploring.now.bookmarks), None)
        if z is not None and number is not None:
            exploring.mark_place(number, z, spot.class_name)
            self._window.status.show_message(f"Bookmark {number} is there: {number} on the map goes to it.")

    def _add_stop(self, spot: Spot) -> None:
        if (z := self._z(spot)) is not None:
            self._window.bring_forward("Paths")
            self._session.routing.add(z[None], "stop at an image" if spot.is_image else "stop at a place")

    def _set_side(self, slot: str, spot: Spot) -> None:
        z = self._z(spot)
        if z is None:
            return
        self._window.bring_forward("Directions")
        name = self._session.viewing.table.names[spot.index].rsplit("/", 1)[-1] if spot.is_image else "a place"
        self._session.contrasting.choose_spot(slot, drawable(name), spot.index, z)

    def _pixels(self, spot: Spot) -> np.ndarray:
        images = self._session.viewing.image_set
        if spot.pixels is not None:
            return spot.pixels
        assert images is not None  # or the entry was off
        return np.asarray(images.pixels[spot.index])

    def _decoded(self) -> np.ndarray:
        place = self._session.viewing.place
        assert place is not None  # it has just been decoded
        return place.pixels

    def _copy(self, pixels: np.ndarray) -> None:
        QGuiApplication.clipboard().setImage(to_qimage(pixels))
        self._window.status.show_message("Copied")

    def _once_there(self, spot: Spot, do: Callable[[], object]) -> None:
        """Go there, and do this when the picture there has been decoded."""
        viewing, place = self._session.viewing, self._session.viewing.place
        is_there = place is not None and spot.z is not None and np.array_equal(place.z, spot.z)
        if is_there and spot.class_name == viewing.class_name:
            do()
        elif spot.z is not None:
            self._after = (spot.z, do)
            self.go(spot)

    def _do_after(self, place: Place) -> None:
        if self._after is not None and np.array_equal(place.z, self._after[0]):
            do, self._after = self._after[1], None
            do()
