"""Connections for the plane that the map shows, and for what lies behind and around its dots."""

from core.reports.progress import Progress
from explorer.dialogs.asking import Dialogs
from explorer.presenter import Presenter
from explorer.session import Session
from explorer.shell.main_window import MainWindow


def wire_planes(window: MainWindow, session: Session, presenter: Presenter, dialogs: Dialogs) -> None:
    """Join the bar of planes to the session."""
    planes, projecting, viewing, bar = session.planes, session.projecting, session.viewing, window.map.plane_bar
    bar.own_chosen.connect(planes.choose_own)
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
        each.failed.connect(window.status.show_message)
    viewing.place_told.connect(planes.show_place)
    session.exploring.changed.connect(planes.show_exploration)
    planes.chosen.connect(viewing.choose_plane)
    planes.shown.connect(bar.show_plane)
    planes.faded.connect(window.map.show_nearness)
    planes.cursor_said.connect(window.map.show_beside)
    planes.turned.connect(window.map.actions_by_name["fit"].trigger)
    projecting.projected.connect(planes.take_projection)
    projecting.progressed.connect(lambda progress: bar.show_projecting(words_of(progress)))


def wire_backdrop(window: MainWindow, session: Session, presenter: Presenter, dialogs: Dialogs) -> None:
    """Join what lies behind the dots to the session."""
    backdrop, contouring, viewing, bar = session.backdrop, session.contouring, session.viewing, window.map.plane_bar
    grid = window.map.actions_by_name["grid"]
    bar.backdrop_chosen.connect(backdrop.choose)
    bar.empty_toggled.connect(backdrop.set_tint)
    grid.toggled.connect(backdrop.choose_tiles)
    window.map.view_changed.connect(backdrop.see)
    window.map.contours_toggled.connect(contouring.show)
    for each in (backdrop, contouring):
        viewing.map_changed.connect(each.show_map)
        viewing.cleared.connect(each.clear)
        each.failed.connect(window.status.show_message)
    viewing.images_shown.connect(contouring.show_images)
    session.measuring.measured.connect(backdrop.show_numbers)
    backdrop.numbers_wanted.connect(lambda is_on: session.measuring.want("backdrop", is_on))
    backdrop.kind_changed.connect(bar.show_backdrop)
    backdrop.kind_changed.connect(lambda kind: grid.setChecked(kind == "tiles"))
    backdrop.noted.connect(bar.show_note)
    backdrop.grid_decoded.connect(presenter.show_grid)
    backdrop.heat_found.connect(presenter.show_heat)
    backdrop.tint_found.connect(window.map.show_tint)
    contouring.found.connect(presenter.show_contours)
    contouring.noted.connect(window.status.show_message)


def words_of(progress: Progress | None) -> str:
    """How far the arranging is; empty: it is over."""
    if progress is None:
        return ""
    return f"UMAP {progress.done / progress.total:.0%}" if progress.total else "UMAP…"
