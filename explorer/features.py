"""The table of features, in the order in which a person meets them: a line each."""

from collections.abc import Callable

from explorer.completion.feature import Completion
from explorer.curves.feature import Curves
from explorer.directions.feature import Directions
from explorer.images.feature import Images
from explorer.imported.feature import Imported
from explorer.lessons.feature import Lessons
from explorer.map.feature import Map
from explorer.moments.feature import Moments
from explorer.outside.draw_feature import Draw
from explorer.outside.feature import Outside
from explorer.paths.feature import Paths
from explorer.picture.feature import Picture
from explorer.picture.reconstructions_feature import Reconstructions
from explorer.runs.compare_feature import Compare
from explorer.runs.evaluation_feature import Evaluation
from explorer.runs.export_feature import ExportModel
from explorer.runs.feature import Runs
from explorer.runs.findings_feature import Findings
from explorer.runs.mend_feature import Mend
from explorer.samples.feature import Samples
from explorer.selection.feature import Selection
from explorer.sharing.feature import Sharing
from explorer.shell.shell import Shell
from explorer.tour.feature import Tour
from explorer.training.feature import Training
from explorer.traversals.feature import Traversals
from explorer.workspace.workspace import Workspace

Feature = Callable[[Workspace, Shell], object]

FEATURES: tuple[Feature, ...] = (
    Images,
    Training,
    Runs,
    ExportModel,
    Imported,
    Mend,
    Outside,
    Map,
    Moments,
    Picture,
    Curves,
    Findings,
    Selection,
    Traversals,
    Directions,
    Paths,
    Draw,
    Reconstructions,
    Samples,
    Completion,
    Compare,
    Evaluation,
    Sharing,
    Lessons,
    Tour,
)
