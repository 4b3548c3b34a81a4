"""The features of the window: what each shows, made in the order in which a person meets them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from explorer.completion.panel import CompletionPanel
from explorer.curves.panel import CurvesPanel
from explorer.directions.panel import DirectionsPanel
from explorer.images.panel import ImagesPanel
from explorer.map.panel import MapPanel
from explorer.outside.draw_panel import DrawPanel
from explorer.paths.panel import PathsPanel
from explorer.picture.latent_sliders import LatentSliders
from explorer.picture.panel import PicturePanel
from explorer.picture.reconstructions_panel import Reconstructions
from explorer.runs.compare_panel import ComparePanel
from explorer.runs.evaluation_panel import EvaluationPanel
from explorer.runs.findings_panel import FindingsPanel
from explorer.runs.recent_menu import RecentMenu
from explorer.samples.panel import SamplesPanel
from explorer.selection.panel import SelectionPanel
from explorer.training.panel import TrainingForm
from explorer.traversals.panel import TraversalsPanel


@dataclass(frozen=True, eq=False)
class Panels:
    """A panel of each, new."""

    map: MapPanel = field(default_factory=MapPanel)
    images: ImagesPanel = field(default_factory=ImagesPanel)
    form: TrainingForm = field(default_factory=TrainingForm)
    picture: PicturePanel = field(default_factory=PicturePanel)
    sliders: LatentSliders = field(default_factory=LatentSliders)
    curves: CurvesPanel = field(default_factory=CurvesPanel)
    findings: FindingsPanel = field(default_factory=FindingsPanel)
    selection: SelectionPanel = field(default_factory=SelectionPanel)
    traversals: TraversalsPanel = field(default_factory=TraversalsPanel)
    directions: DirectionsPanel = field(default_factory=DirectionsPanel)
    paths: PathsPanel = field(default_factory=PathsPanel)
    draw: DrawPanel = field(default_factory=DrawPanel)
    reconstructions: Reconstructions = field(default_factory=Reconstructions)
    samples: SamplesPanel = field(default_factory=SamplesPanel)
    completion: CompletionPanel = field(default_factory=CompletionPanel)
    compare: ComparePanel = field(default_factory=ComparePanel)
    evaluation: EvaluationPanel = field(default_factory=EvaluationPanel)
    make_recent: Callable[[QAction, QWidget], RecentMenu] = RecentMenu
