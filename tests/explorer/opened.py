"""The program as tests reach into it: its panels and controllers, by what they are called here."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject

from explorer.completion.controller import Completing
from explorer.completion.panel import CompletionPanel
from explorer.curves.panel import CurvesPanel
from explorer.directions.contrast_controller import Contrasting
from explorer.directions.controller import Directing
from explorer.directions.panel import DirectionsPanel
from explorer.images.panel import ImagesPanel
from explorer.lessons.controller import Teaching
from explorer.lessons.panel import LearnPanel
from explorer.map.backdrop.controller import Backdrop
from explorer.map.colours.controller import Measuring
from explorer.map.panel import MapPanel
from explorer.map.plane.controller import Planes
from explorer.outside.draw_panel import DrawPanel
from explorer.paths.film_export import Filming
from explorer.paths.interpolation import Travelling
from explorer.paths.panel import PathsPanel
from explorer.paths.playback import Playing
from explorer.paths.stops_controller import Routing
from explorer.picture.latent_sliders import LatentSliders
from explorer.picture.panel import PicturePanel
from explorer.picture.reconstructions_panel import ReconstructionsPanel
from explorer.runs.compare_controller import Comparing
from explorer.runs.compare_panel import ComparePanel
from explorer.runs.evaluation_controller import Evaluating
from explorer.runs.evaluation_panel import EvaluationPanel
from explorer.runs.findings_controller import Diagnosing
from explorer.runs.findings_panel import FindingsPanel
from explorer.runs.recent_menu import RecentMenu
from explorer.samples.controller import Sampling
from explorer.samples.panel import SamplesPanel
from explorer.selection.controller import Listing
from explorer.selection.file_gathering import Gathering
from explorer.selection.panel import SelectionPanel
from explorer.shell.main_window import MainWindow
from explorer.shell.save_controller import Saving
from explorer.shell.shell import Shell
from explorer.start import Program, make_program
from explorer.training.panel import TrainingForm
from explorer.traversals.controller import Traversing
from explorer.traversals.panel import TraversalsPanel
from explorer.workspace.settings import Settings
from explorer.workspace.workspace import Workspace

PANELS: dict[str, type[QObject]] = {
    "map": MapPanel,
    "images": ImagesPanel,
    "form": TrainingForm,
    "picture": PicturePanel,
    "sliders": LatentSliders,
    "curves": CurvesPanel,
    "findings": FindingsPanel,
    "selection": SelectionPanel,
    "traversals": TraversalsPanel,
    "directions": DirectionsPanel,
    "paths": PathsPanel,
    "draw": DrawPanel,
    "reconstructions": ReconstructionsPanel,
    "samples": SamplesPanel,
    "completion": CompletionPanel,
    "compare": ComparePanel,
    "evaluation": EvaluationPanel,
    "learn": LearnPanel,
    "recent": RecentMenu,
}
CONTROLLERS: dict[str, type[QObject]] = {
    "measuring": Measuring,
    "planes": Planes,
    "backdrop": Backdrop,
    "listing": Listing,
    "gathering": Gathering,
    "traversing": Traversing,
    "contrasting": Contrasting,
    "directing": Directing,
    "routing": Routing,
    "travelling": Travelling,
    "playing": Playing,
    "filming": Filming,
    "saving": Saving,
    "sampling": Sampling,
    "completing": Completing,
    "comparing": Comparing,
    "evaluating": Evaluating,
    "diagnosing": Diagnosing,
    "teaching": Teaching,
}


SEEN_FIRST = ("Images", "Training", "Picture", "Latent dimensions", "Curves")


class Parts:
    """Looked for by their kinds; what is made when it is first seen is made now."""

    def __init__(self, shell: Shell, kinds: dict[str, type[QObject]]) -> None:
        self._shell, self._kinds = shell, kinds

    def __getattr__(self, name: str) -> Any:
        kind, window = self._kinds[name], self._shell.window
        while (found := window.findChild(kind)) is None:
            assert self._shell.docks.make_next(), f"there are no {name}"
        return found


@dataclass(frozen=True)
class Opened:
    """A program, and its parts."""

    window: MainWindow
    workspace: Workspace
    shell: Shell
    panels: Parts
    controllers: Parts


def parts_of(program: Program) -> Opened:
    shell = program.shell
    for title in SEEN_FIRST:  # what is told from now on finds somebody, as in a program that waits for its panels
        shell.docks.make(title)
    shell.docks.make_seen()
    return Opened(program.window, program.workspace, shell, Parts(shell, PANELS), Parts(shell, CONTROLLERS))


def new_program() -> Opened:
    """As at a start, before anything is opened."""
    settings = Settings()
    return parts_of(make_program(MainWindow(settings), settings))
