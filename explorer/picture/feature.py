"""The picture: what the model draws at the cursor, how far to trust it, and the dimensions it is made from."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from explorer.picture.latent_sliders import LatentSliders
from explorer.picture.near_images import NearImage
from explorer.picture.panel import PicturePanel
from explorer.picture.picture_rows import PlacedImage
from explorer.picture.trust_words import image_verdict_in_words, trust_in_words, weighed_in_words
from explorer.shell.actions import MODEL, Entry
from explorer.shell.docks import RIGHT
from explorer.shell.shell import Shell
from explorer.shell.spot_menu import SpotAction
from explorer.shell.verdict_chip import verdict_words
from explorer.toolkit.image_conversion import to_qimage
from explorer.workspace.run_in_hand import BUSY
from explorer.workspace.spot import Floats, Spot
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from core.latent.around_place import Surroundings
    from core.latent.latent_space import LatentSpace
    from explorer.workspace.pixel_map import Seen
    from explorer.workspace.place_in_hand import Near, Place
    from explorer.workspace.placed_image import Placed, Weighed

ENOUGH_CODES = 5_000  # to find how far the codes reach
SLIDER_REACH = 3.0  # standard deviations of the codes to each side of their mean
DIMENSIONS_HEIGHT = 184  # pixels
NOT_READ = "The images are not read yet."
NO_COMMAND = "There is no picture yet to make a command of: open a run first."
UNSAVED = ", once training is paused: this moment of it is not saved"
WORDS = (
    "What the model draws at the cursor. Below it: how the place stands to your pictures (<i>among the pictures, near "
    "few pictures, between groups, far from any picture</i>), and those that lie nearest."
)
DIMENSIONS_WORDS = "The numbers a picture is made from, the most telling first. Move one and watch what changes."
SAVE = Entry(
    "&File", "save_picture", "&Save picture…", "Ctrl+S", "Save the decoded picture with its z inside", (MODEL,)
)
COPY = Entry("&File", "copy_picture", "&Copy picture", "Ctrl+Shift+C", "Copy the decoded picture", (MODEL,))
COMMAND = Entry(
    "&File",
    "copy_command",
    "Copy as co&mmand",
    "Ctrl+Alt+C",
    "The line that makes this picture in a terminal",
    (MODEL,),
)


class Picture:
    """Joins the picture and the sliders to the place in hand."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        self._placed: PlacedImage | None = None
        self._near = ""  # the name of the image nearest to the place
        self._after: tuple[Floats, Callable[[], object]] | None = None  # what waits for a place to be decoded
        shell.actions.add(SAVE, self.save)
        shell.actions.add(COPY, self.copy)
        shell.actions.add(COMMAND, self.copy_command)
        shell.docks.add("Picture", RIGHT, self._make, WORDS)
        shell.docks.add("Latent dimensions", RIGHT, self._make_sliders, DIMENSIONS_WORDS, DIMENSIONS_HEIGHT)
        shell.spots.offer(SpotAction("copy", "take", lambda _: "Copy picture", self._copy_spot, self._why_not))
        shell.spots.offer(SpotAction("save", "take", lambda _: "Save picture…", self._save_spot, self._why_not))
        workspace.viewing.place_decoded.connect(self._do_after)

    def save(self) -> None:
        """The decoded picture, its z inside."""
        if (place := self._workspace.viewing.place) is not None:
            from core.export.pictures import exact
            from core.export.stills import Still

            facts = self._workspace.picture_facts(place.latent_space, z=exact(place.z))
            self._shell.saving.ask_still("picture", "Save the picture", Still(place.pixels[None], facts=facts))

    def copy(self) -> None:
        """Put the decoded picture on the clipboard."""
        if (place := self._workspace.viewing.place) is not None:
            self._copy_pixels(place.pixels)

    def copy_command(self) -> None:
        """Put the command line on the clipboard that makes the decoded picture again, byte for byte."""
        viewing, run = self._workspace.viewing, self._workspace.learning.run
        if viewing.place is None or viewing.place.latent_space is None or run is None:
            self._shell.say(NO_COMMAND)
            return
        from core.export.command_lines import decode_command

        space = viewing.place.latent_space
        moment = space.step if space.is_past else None
        command = decode_command(run, viewing.place.z, viewing.class_name, moment=moment)
        QGuiApplication.clipboard().setText(command)
        self._shell.say(f"Copied: {command}{'' if space.fingerprint or space.is_past else UNSAVED}")

    # the panels

    def _make(self) -> QWidget:
        self._panel = panel = PicturePanel()
        workspace, viewing, placing = self._workspace, self._workspace.viewing, self._workspace.placing
        panel.near_image_clicked.connect(workspace.pick_image)
        panel.save_requested.connect(self.save)
        panel.copy_requested.connect(self.copy)
        panel.back_requested.connect(placing.go_back)
        panel.take_away_requested.connect(placing.take_away)
        panel.menu_requested.connect(self._open_menu)
        panel.near_menu_requested.connect(lambda index, at: self._shell.spots.open(Spot(index), at))
        viewing.place_decoded.connect(lambda place: panel.show_picture(place.pixels))
        workspace.first_sight.place_decoded.connect(lambda place: panel.show_first_sight(place.pixels))
        for each in (viewing, workspace.first_sight):
            each.place_told.connect(lambda place: panel.show_place(place.z, place.point))
            each.near_found.connect(self._show_near)
            each.surroundings_found.connect(self._show_surroundings)
            each.failed.connect(panel.show_failure)
        viewing.cleared.connect(panel.show_nothing)
        workspace.learning.map_seen.connect(lambda _: self._forget())
        workspace.charting.seen.connect(self._show_seen)
        workspace.charting.near_found.connect(self._show_near)
        placing.placed.connect(self._show_placed)
        placing.weighed.connect(self._show_weighed)
        placing.taken_away.connect(self._show_none_placed)
        placing.failed.connect(panel.show_failure)
        if (seen := workspace.first_sight.place) is not None:
            panel.show_first_sight(seen.pixels)
            workspace.first_sight.tell_again()
        return panel

    def _make_sliders(self) -> QWidget:
        self._sliders = sliders = LatentSliders()
        first_sight, learning = self._workspace.first_sight, self._workspace.learning
        for each in (first_sight, self._workspace.viewing):
            sliders.z_changed.connect(each.look_at)
            each.map_changed.connect(self._show_dimensions)
            each.cleared.connect(self._show_no_dimensions)
            each.place_told.connect(lambda place: sliders.show_z(place.z))
        learning.state_changed.connect(lambda state: sliders.keep_order(state in BUSY))
        if first_sight.latent_space is not None and first_sight.z is not None:
            self._show_dimensions(first_sight.latent_space)
            sliders.show_z(first_sight.z)
        return sliders

    # what is shown

    def _forget(self) -> None:
        """What is said of a picture of one run is not true of that of another."""
        self._panel.show_trust("", "", "", "")
        self._panel.show_nearest(())

    def _show_near(self, near: "list[Near]") -> None:
        """The real images nearest to the place."""
        self._near = near[0].name if near else ""
        self._panel.show_nearest(
            [
                NearImage(each.index, each.pixels, each.name, each.class_name, each.distance)
                for each in near
                if each.pixels is not None
            ]
        )

    def _show_surroundings(self, found: "Surroundings") -> None:
        """How far to trust the picture under the cursor."""
        self._panel.show_trust(*trust_in_words(found, self._near))
        self._tell_verdict()

    def _show_seen(self, seen: "Seen") -> None:
        """The image nearest to the cursor, as it is, where there is no model."""
        self._panel.show_image(seen.name, seen.pixels)

    def _show_placed(self, placed: "Placed") -> None:
        """An image from outside beside its reconstruction."""
        placement, old = placed.placement, self._placed
        if old is not None and old.reconstruction is placement.reconstruction:
            return
        facts = (f"off by {placement.mean_error:.3f} a pixel",)
        pictures = (placement.pixels, placement.reconstruction, placement.error)
        self._placed = PlacedImage(placement.name, *pictures, placement.z, facts)
        self._panel.show_placed(self._placed)

    def _show_weighed(self, weighed: "Weighed") -> None:
        """How the placed image stands to the pictures."""
        if self._placed is not None:
            facts, (verdict, why) = weighed_in_words(weighed), image_verdict_in_words(weighed)
            self._placed = replace(self._placed, facts=(self._placed.facts[0], *facts), verdict=verdict, why=why)
            self._panel.show_placed(self._placed)
            self._tell_verdict()

    def _show_none_placed(self) -> None:
        self._placed = None
        self._panel.show_placed(None)

    def _tell_verdict(self) -> None:
        """For readers of the screen, where the cursor is."""
        self._workspace.verdict_told.emit(verdict_words(self._panel.verdict))

    def _show_dimensions(self, latent_space: "LatentSpace", _: object = None) -> None:
        """Sliders that reach as far as the codes do."""
        self._sliders.show_dimensions(latent_space.kl_per_dim, *slider_ends(latent_space.codes))

    def _show_no_dimensions(self) -> None:
        if self._workspace.viewing.latent_space is not None:
            return  # first sight ends where the run is opened
        nothing = np.zeros(0, np.float32)
        self._sliders.show_dimensions(nothing, nothing, nothing)

    # what can be done with an image or a place

    def _open_menu(self, at: QPoint) -> None:
        """On the picture under the cursor; without a model that is an image."""
        viewing, seen = self._workspace.viewing, self._workspace.charting.seen_now
        if seen is not None:
            self._shell.spots.open(Spot(seen.index), at)
        elif viewing.z is not None:
            self._shell.spots.open(Spot(z=viewing.z, class_name=viewing.class_name), at)

    def _why_not(self, spot: Spot) -> str:
        images = self._workspace.viewing.image_set
        return NOT_READ if spot.is_image and (images is None or spot.index >= len(images)) else ""

    def _copy_spot(self, spot: Spot) -> None:
        if (pixels := self._pixels(spot)) is not None:
            self._copy_pixels(pixels)
        else:
            self._once_there(spot, self.copy)

    def _save_spot(self, spot: Spot) -> None:
        pixels = self._pixels(spot)
        if pixels is None:
            self._once_there(spot, self.save)
            return
        from core.export.stills import Still

        name = self._workspace.viewing.table.names[spot.index] if spot.is_image else spot.name
        self._shell.saving.ask_still("picture", "Save the picture", Still(pixels[None], facts={"image": name}))

    def _pixels(self, spot: Spot) -> NDArray[np.uint8] | None:
        """An image as the model sees it, (H, W, C), or the picture it is; None for a place, which is to be decoded."""
        images = self._workspace.viewing.image_set
        return np.asarray(images.pixels[spot.index]) if spot.is_image and images is not None else spot.pixels

    def _copy_pixels(self, pixels: NDArray[np.uint8]) -> None:
        QGuiApplication.clipboard().setImage(to_qimage(pixels))
        self._shell.say("Copied")

    def _once_there(self, spot: Spot, do: Callable[[], object]) -> None:
        """Go there, and do this when the picture there has been decoded."""
        viewing, place = self._workspace.viewing, self._workspace.viewing.place
        is_there = place is not None and spot.z is not None and np.array_equal(place.z, spot.z)
        if is_there and spot.class_name == viewing.class_name:
            do()
        elif spot.z is not None:
            self._after = (spot.z, do)
            self._workspace.go_to(spot)

    def _do_after(self, place: "Place") -> None:
        if self._after is not None and np.array_equal(place.z, self._after[0]):
            do, self._after = self._after[1], None
            do()


def slider_ends(codes: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where each dimension's slider begins and ends: the codes' mean, three standard deviations either way."""
    sample = codes[:: -(-len(codes) // ENOUGH_CODES) or 1]
    seen = sample[np.isfinite(sample).all(axis=1)]
    if not len(seen):
        return np.full(codes.shape[1], -SLIDER_REACH, np.float32), np.full(codes.shape[1], SLIDER_REACH, np.float32)
    reach = SLIDER_REACH * np.maximum(seen.std(axis=0), 1e-3)
    return seen.mean(axis=0) - reach, seen.mean(axis=0) + reach
