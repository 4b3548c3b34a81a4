"""Which plane of the latent space the map shows, or which arrangement instead of one."""

from core.reports.progress import Progress
from explorer.map.panel import MapPanel
from explorer.map.plane.controller import Planes
from explorer.map.plane.umap_controller import Projecting
from explorer.shell.shell import Shell
from explorer.workspace.workspace import Workspace


class PlaneFeature:
    """Joins the bar of planes to what is looked at."""

    def __init__(self, panel: MapPanel, workspace: Workspace, shell: Shell) -> None:
        viewing, bar = workspace.viewing, panel.plane_bar
        planes, projecting = Planes(workspace.exploring, shell), Projecting(shell)
        bar.sheet_chosen.connect(planes.choose_sheet)
        bar.flat_chosen.connect(planes.choose_flat)
        bar.dimensions_chosen.connect(planes.choose_dimensions)
        bar.directions_chosen.connect(planes.choose_directions)
        bar.images_chosen.connect(planes.choose_images)
        bar.moved.connect(planes.move)
        bar.middle_chosen.connect(planes.go_to_middle)
        bar.fade_toggled.connect(planes.fade)
        bar.projection_chosen.connect(projecting.project)
        bar.projection_cancelled.connect(projecting.cancel)
        for each in (planes, projecting):
            viewing.map_changed.connect(each.show_map)
            viewing.cleared.connect(each.clear)
            each.failed.connect(shell.say)
            shell.closing.connect(each.stop)
        viewing.place_told.connect(planes.show_place)
        workspace.exploring.changed.connect(planes.show_exploration)
        planes.chosen.connect(viewing.choose_plane)
        planes.shown.connect(bar.show_plane)
        planes.faded.connect(panel.show_nearness)
        planes.cursor_said.connect(panel.show_beside)
        planes.turned.connect(panel.actions_by_name["fit"].trigger)
        projecting.projected.connect(planes.take_projection)
        projecting.progressed.connect(lambda progress: bar.show_projecting(_words_of(progress)))


def _words_of(progress: Progress | None) -> str:
    """How far the arranging is; empty: it is over."""
    if progress is None:
        return ""
    return f"UMAP {progress.done / progress.total:.0%}" if progress.total else "UMAP…"
