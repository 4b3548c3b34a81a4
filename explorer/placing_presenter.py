"""Says in the panels' words how far a picture is to be trusted, and what came from outside."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from explorer.outside.drawing_pad import paper_of
from explorer.picture.panel import PlacedImage
from explorer.picture.trust_words import image_verdict_in_words, trust_in_words, weighed_in_words
from explorer.workspace.verdict_chip import verdict_words

if TYPE_CHECKING:
    from core.images.image_set import ImageSet
    from core.latent.around_place import Surroundings
    from core.latent.latent_space import LatentSpace
    from explorer.outside.placing_controller import Placed, Weighed
    from explorer.shell.main_window import MainWindow
    from explorer.workspace.place_in_hand import Near

SAMPLE = 48  # images whose rims say what is drawn on


class PlacingPresenter(QObject):
    """Turns what is found of a place, or of an image from outside, into what panels show; in the window's thread."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._placed: PlacedImage | None = None
        self._near = ""

    def show_near(self, near: "list[Near]") -> None:
        """The nearest image has a name, to be read out."""
        self._near = near[0].name if near else ""

    def show_surroundings(self, found: "Surroundings") -> None:
        """How far to trust the picture under the cursor."""
        self._window.picture.show_trust(*trust_in_words(found, self._near))
        self._describe_cursor()

    def show_placed(self, placed: "Placed") -> None:
        """An image from outside: its star on the map, and the image beside its reconstruction."""
        placement, old = placed.placement, self._placed
        self._window.map.show_encoded(np.array([placed.point], np.float32), [placement.pixels])
        if old is not None and old.reconstruction is placement.reconstruction:
            return
        facts = (f"off by {placement.mean_error:.3f} a pixel",)
        pictures = (placement.pixels, placement.reconstruction, placement.error)
        self._placed = PlacedImage(placement.name, *pictures, placement.z, facts)
        self._window.picture.show_placed(self._placed)

    def show_weighed(self, weighed: "Weighed") -> None:
        """How the placed image stands to the pictures."""
        if self._placed is not None:
            facts, (verdict, why) = weighed_in_words(weighed), image_verdict_in_words(weighed)
            self._placed = replace(self._placed, facts=(self._placed.facts[0], *facts), verdict=verdict, why=why)
            self._window.picture.show_placed(self._placed)
            self._describe_cursor()

    def show_none_placed(self) -> None:
        """The image from outside is gone."""
        self._placed = None
        self._window.map.show_encoded(np.zeros((0, 2), np.float32), [])
        self._window.picture.show_placed(None)

    def _describe_cursor(self) -> None:
        """For readers of the screen: the verdict that is shown, and the nearest image."""
        self._window.map.describe_cursor(verdict_words(self._window.picture.verdict), self._near)

    def show_shape(self, latent_space: "LatentSpace", _: object = None) -> None:
        """What can be drawn: images of the model's own shape."""
        self._window.draw.show_shape(latent_space.image_shape)

    def show_images(self, image_set: "ImageSet | None") -> None:
        """What is drawn on: the colour that the rims of most of these images have."""
        if image_set is not None and len(image_set):
            chosen = np.linspace(0, len(image_set) - 1, min(SAMPLE, len(image_set))).astype(int)
            self._window.draw.show_paper(paper_of(np.asarray(image_set.pixels[chosen])))

    def begin_drawing(self) -> None:
        """The pad begins with the picture under the cursor."""
        if (pixels := self._window.picture.decoded) is not None:
            self._window.draw.begin_with(pixels)
