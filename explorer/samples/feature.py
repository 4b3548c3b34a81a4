"""Samples: pictures that the model makes up."""

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from explorer.shell.actions import MODEL, Entry
from explorer.shell.docks import BOTTOM
from explorer.shell.shell import Shell
from explorer.workspace.spot import Spot
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace
    from explorer.samples.controller import Drawn

SHEET_GAP = 2  # pixels, as the command's
NO_SAMPLES = "There are no samples to save yet."
WORDS = "Pictures the model makes up."
SAMPLES = Entry("&View", "samples", "Draw other &samples", "Ctrl+D", "Pictures that the model makes up", (MODEL,))


class Samples:
    """Joins the panel to the model in hand."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        shell.docks.add("Samples", BOTTOM, self._make, WORDS)
        shell.actions.add(SAMPLES, self.draw_again)

    def draw_again(self) -> None:
        """Other ones than before."""
        self._shell.docks.bring_forward("Samples")
        self._panel.draw_again()

    def _make(self) -> QWidget:
        from explorer.samples.controller import Sampling
        from explorer.samples.panel import SamplesPanel

        self._panel, self._sampling = panel, sampling = SamplesPanel(), Sampling(self._shell)
        panel.draw_requested.connect(sampling.draw)
        panel.sample_clicked.connect(lambda number: self._workspace.go_to(self._spot(number)))
        panel.save_requested.connect(self._save)
        panel.menu_requested.connect(self._open_menu)
        sampling.began.connect(panel.show_busy)
        sampling.drawn.connect(self._show)
        sampling.failed.connect(panel.show_failure)
        self._workspace.follow_map(sampling.show_map, sampling.clear)
        self._workspace.follow_map(self._show_model, panel.show_nothing)
        self._shell.docks.when_seen("Samples", sampling.watch)
        self._shell.closing.connect(sampling.stop)
        return panel

    def _show_model(self, latent_space: "LatentSpace", _: object) -> None:
        """What it can be asked for."""
        is_told = latent_space.conditional == "class"
        self._panel.show_classes(latent_space.classes if is_told else (), latent_space.unlearned)
        other = "Learned prior" if latent_space.conditional == "completion" else "Evenly, −1 to 1"
        name = "N(0, I)" if latent_space.has_standard_prior else other
        self._panel.show_prior(name, latent_space.usual_prior)

    def _show(self, drawn: "Drawn") -> None:
        self._panel.show_samples(drawn.pixels, drawn.class_names, drawn.step, drawn.verdicts)

    def _spot(self, number: int) -> Spot:
        """The z of one of the pictures; nothing where it is gone."""
        drawn = self._sampling.last
        if drawn is None or number >= len(drawn.z):
            return Spot()
        return Spot(z=drawn.z[number], class_name=drawn.class_names[number] if drawn.class_names else "")

    def _open_menu(self, number: int, at: QPoint) -> None:
        spot = self._spot(number)
        if spot.z is not None:
            self._shell.spots.open(spot, at)

    def _save(self) -> None:
        """All of them on one sheet."""
        if (drawn := self._sampling.last) is None:
            self._shell.say(NO_SAMPLES)
            return
        from core.export.stills import Still

        count, wish = len(drawn.pixels), drawn.wish
        columns = int(np.ceil(np.sqrt(count)))
        known: dict[str, Any] = {"count": count, "seed": wish.seed, "prior": wish.prior, "columns": columns}
        if drawn.class_names:
            known["classes"] = list(drawn.class_names)
        facts = self._workspace.picture_facts(step=drawn.step, **known)
        self._shell.saving.ask_still("samples", "Save the samples", Still(drawn.pixels, columns, SHEET_GAP, facts))
