"""Drawing: what is drawn is encoded stroke by stroke, and its dot moves over the map."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QWidget

from explorer.outside.drawing_pad import paper_of
from explorer.shell.actions import Entry
from explorer.shell.docks import BOTTOM
from explorer.shell.shell import Shell
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from core.images.image_set import ImageSet
    from core.latent.latent_space import LatentSpace

SAMPLE = 48  # images whose rims say what is drawn on
WORDS = "Draw something, and see where the model would put it."
DRAW = Entry("&Explore", "draw", "D&raw an image", "F9", "Encoded as it is drawn")


class Draw:
    """Joins the pad to the placed image."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        shell.docks.add("Draw", BOTTOM, self._make, WORDS)
        shell.actions.add(DRAW, self._open)

    def _open(self) -> None:
        self._shell.docks.bring_forward("Draw")
        self._panel.take_focus()

    def _make(self) -> QWidget:
        from explorer.outside.draw_panel import DrawPanel

        self._panel, workspace = DrawPanel(), self._workspace
        self._panel.drawn.connect(lambda pixels: workspace.placing.place_drawing(pixels, workspace.images_as_read))
        self._panel.start_requested.connect(self._begin)
        workspace.follow_map(self._show_shape, self._panel.show_nothing)
        workspace.follow_images(self._show_paper)
        return self._panel

    def _begin(self) -> None:
        """With the picture under the cursor."""
        if (place := self._workspace.viewing.place) is not None:
            self._panel.begin_with(place.pixels)

    def _show_shape(self, latent_space: "LatentSpace", _: object) -> None:
        """What can be drawn: images of the model's own shape."""
        self._panel.show_shape(latent_space.image_shape)

    def _show_paper(self, image_set: "ImageSet | None") -> None:
        """The colour that the rims of most of these images have."""
        if image_set is not None and len(image_set):
            chosen = np.linspace(0, len(image_set) - 1, min(SAMPLE, len(image_set))).astype(int)
            self._panel.show_paper(paper_of(np.asarray(image_set.pixels[chosen])))
