"""Images seen large, one after another, for as long as the window of them is open."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from explorer.selection.controller import Listing
from explorer.selection.large_picture import LargePicture
from explorer.workspace.place_in_hand import Viewing


class LargePictures(QObject):
    """At once as the model sees an image, then as its own file has it."""

    stepped = Signal(int)  # 1 or −1: the next, or the one before

    def __init__(self, window: QWidget, viewing: Viewing, listing: Listing) -> None:
        super().__init__(window)
        self._window, self._viewing, self._listing = window, viewing, listing
        self._shown: LargePicture | None = None
        listing.picture_read.connect(self._show_file)
        listing.picture_failed.connect(self._show_failure)

    def open(self, index: int) -> None:
        """See an image large."""
        if self._shown is not None:
            self._shown.raise_()
        else:
            self._shown = LargePicture(self._window)
            self._shown.stepped.connect(self.stepped)
            self._shown.destroyed.connect(self._forget)
            self._shown.show()
        self.follow(index)

    def follow(self, index: int) -> None:
        """Another image is the current one: if one is shown large, it is that."""
        if self._shown is None:
            return
        table, images = self._viewing.table, self._viewing.image_set
        pixels = np.asarray(images.pixels[index]) if images is not None and index < len(images) else None
        self._shown.show_image(index, pixels, table.names[index], table.classes[table.labels[index]])
        self._listing.read_picture(index)

    def _show_file(self, index: int, pixels: NDArray[np.uint8]) -> None:
        if self._shown is not None:
            self._shown.show_file(index, pixels)

    def _show_failure(self, index: int, sentence: str) -> None:
        if self._shown is not None:
            self._shown.show_failure(index, sentence)

    def _forget(self) -> None:
        self._shown = None
