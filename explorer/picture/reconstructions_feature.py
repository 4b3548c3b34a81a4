"""Reconstructions: held-out images, and what comes back of them."""

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from explorer.shell.docks import BOTTOM
from explorer.shell.shell import Shell
from explorer.workspace.spot import Spot
from explorer.workspace.workspace import Workspace

WORDS = "Pictures the model has not learned from, and what comes back after they went through it."


class Reconstructions:
    """Joins the pairs to the model in hand."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        shell.docks.add("Reconstructions", BOTTOM, self._make, WORDS)

    def _make(self) -> QWidget:
        from explorer.picture.reconstructions_panel import ReconstructionsPanel

        self._panel = panel = ReconstructionsPanel()
        viewing = self._workspace.viewing
        panel.menu_requested.connect(self._open_menu)
        panel.opened.connect(lambda number: self._workspace.go_to(self._image_of(number)))
        viewing.pairs_decoded.connect(panel.show_pairs)
        self._workspace.follow_map(lambda *_: None, self._show_nothing)
        self._shell.docks.when_seen("Reconstructions", viewing.wish_pairs)
        return panel

    def _open_menu(self, number: int, at: QPoint) -> None:
        self._shell.spots.open(self._image_of(number), at)

    def _image_of(self, number: int) -> Spot:
        pairs = self._workspace.viewing.pairs
        return Spot(pairs[number] if number < len(pairs) else -1)

    def _show_nothing(self) -> None:
        nothing = np.zeros((0, 1, 1, 1), np.uint8)
        self._panel.show_pairs(nothing, nothing, [])
