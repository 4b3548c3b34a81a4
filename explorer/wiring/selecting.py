"""Connections for the selection: how it is made, how it is shown, what is done with it."""

from core.exploration import Indices
from explorer.dialogs.selection_questions import SelectionDialogs
from explorer.selection.selection_bar import FEW, MANY
from explorer.session import Session
from explorer.shell.main_window import MainWindow


def wire_selecting(window: MainWindow, session: Session, asking: SelectionDialogs) -> None:
    """Join the map, the panel and the menus to the selection."""
    _wire_choosing(window, session, asking)
    _wire_panel(window, session, asking)
    _wire_list(window, session, asking)
    _wire_files(window, session, asking)


def _wire_choosing(window: MainWindow, session: Session, asking: SelectionDialogs) -> None:
    selecting = session.selecting
    window.map.area_selected.connect(selecting.choose_area)
    window.map.selection_cleared.connect(selecting.choose_none)
    window.map.nearest_requested.connect(selecting.choose_near_cursor)
    window.map.filter_toggled.connect(selecting.set_filter)
    window.map.level_selected.connect(selecting.choose_level)
    window.map.drawn_changed.connect(selecting.show_drawn)
    window.when("select_all", selecting.choose_all)
    window.when("select_none", selecting.choose_none)
    window.when("invert", selecting.invert)
    for name, count in (("unusual", MANY), ("ten_unusual", FEW)):
        window.when(name, lambda: window.bring_forward("Selection"))
        window.when(name, lambda: window.selection.sort_by("unusual"))
        window.when(name, lambda count=count: selecting.choose_unusual(count))
    window.when("duplicates", lambda: window.bring_forward("Selection"))
    window.when("duplicates", lambda: window.selection.sort_by("twins"))
    window.when("duplicates", lambda: selecting.choose_duplicates(_twins(session)))
    window.images.duplicates_clicked.connect(window.actions_by_name["duplicates"].trigger)
    window.when("find_image", asking.find_image)
    window.when("selection", lambda: window.bring_forward("Selection"))
    window.when("mean", selecting.find_mean)
    window.when("group", asking.make_group)
    selecting.shown.connect(window.map.show_selection)
    selecting.shown.connect(lambda *_: window.selection.show_filter(selecting.is_filter))
    selecting.shown.connect(lambda *_: window.map.actions_by_name["filter"].setChecked(selecting.is_filter))
    session.viewing.map_changed.connect(lambda *_: window.images.allow_duplicates(True))
    session.charting.charted.connect(lambda *_: window.images.allow_duplicates(True))
    session.viewing.cleared.connect(lambda: window.images.allow_duplicates(False))
    selecting.told.connect(window.status.show_message)
    selecting.failed.connect(window.selection.show_failure)
    selecting.mean_found.connect(session.viewing.look_at)
    selecting.unusual_found.connect(asking.go_to)
    session.viewing.map_changed.connect(selecting.show_map)
    session.viewing.cleared.connect(selecting.clear)


def _twins(session: Session) -> Indices | None:
    image_set = session.viewing.image_set
    return None if image_set is None else image_set.twins


def _wire_panel(window: MainWindow, session: Session, asking: SelectionDialogs) -> None:
    panel, selecting = window.selection, session.selecting
    beginnings = {
        "lasso": window.map.actions_by_name["lasso"].trigger,
        "near": selecting.choose_near_cursor,
        "unusual": window.actions_by_name["unusual"].trigger,
        "duplicates": window.actions_by_name["duplicates"].trigger,
        "find": asking.find_image,
    }
    panel.beginning_chosen.connect(lambda key: beginnings[key]())
    panel.filter_chosen.connect(selecting.set_filter)
    panel.image_chosen.connect(asking.go_to)
    panel.image_chosen.connect(asking.follow_large)
    panel.image_opened.connect(asking.show_large)
    panel.near_image_requested.connect(asking.choose_near)
    panel.bar.near_cursor_clicked.connect(selecting.choose_near_cursor)
    panel.bar.near_mean_clicked.connect(selecting.choose_near_mean)
    panel.bar.mean_clicked.connect(selecting.find_mean)
    panel.bar.group_clicked.connect(asking.make_group)
    panel.bar.group_chosen.connect(selecting.choose_group)
    panel.bar.group_rename_clicked.connect(asking.rename_group)
    panel.bar.group_forget_clicked.connect(selecting.forget_group)
    selecting.groups_changed.connect(lambda groups: panel.show_groups([each.name for each in groups]))


def _wire_list(window: MainWindow, session: Session, asking: SelectionDialogs) -> None:
    panel, listing, finding = window.selection, session.listing, session.finding
    window.when_seen("Selection", listing.watch)
    panel.order_chosen.connect(listing.sort_by)
    panel.thumbnails_wanted.connect(listing.read_thumbnails)
    listing.listed.connect(panel.show_listed)
    listing.progressed.connect(panel.show_busy)
    listing.thumbnails_read.connect(panel.take_thumbnails)
    listing.thumbnails_lost.connect(panel.forget_thumbnails)
    listing.picture_read.connect(asking.show_file)
    listing.picture_failed.connect(asking.show_file_failure)
    listing.failed.connect(panel.show_failure)
    session.unusual.failed.connect(panel.show_failure)
    session.viewing.images_shown.connect(listing.show_images)
    session.viewing.map_changed.connect(listing.show_map)
    session.viewing.map_changed.connect(lambda *_: panel.show_map(True, asking.source is not None))
    session.charting.charted.connect(lambda *_: panel.show_map(True, asking.source is not None))
    session.viewing.cleared.connect(session.unusual.clear)
    session.viewing.cleared.connect(listing.clear)
    session.viewing.cleared.connect(lambda: panel.show_map(False, False))
    session.viewing.map_changed.connect(finding.show_map)
    session.viewing.cleared.connect(finding.clear)
    finding.found.connect(asking.show_found)
    finding.file_found.connect(asking.go_to_file)
    window.images.thumbnail_clicked.connect(asking.go_to_sample)
    finding.failed.connect(window.status.show_message)


def _wire_files(window: MainWindow, session: Session, asking: SelectionDialogs) -> None:
    panel, gathering = window.selection, session.gathering
    window.when("copy_files", asking.copy_files)
    window.when("move_files", asking.move_files)
    window.when("export_selection", asking.export)
    panel.bar.copy_clicked.connect(asking.copy_files)
    panel.bar.move_clicked.connect(asking.move_files)
    panel.bar.export_clicked.connect(asking.export)
    panel.line.cancel_clicked.connect(gathering.cancel)
    panel.line.put_back_clicked.connect(gathering.put_back)
    panel.line.folder_clicked.connect(asking.show_folder)
    gathering.progressed.connect(panel.line.show_progress)
    gathering.done.connect(panel.line.show_done)
    gathering.failed.connect(panel.line.show_failure)
