"""Connections for looking at a place: map, picture, sliders."""

from pathlib import Path

from explorer.dialogs.asking import Dialogs
from explorer.presenter import Presenter
from explorer.session import Session
from explorer.shell.main_window import MainWindow


def wire_viewing(window: MainWindow, session: Session, presenter: Presenter, dialogs: Dialogs) -> None:
    """Join the panels of viewing to the session."""
    viewing = session.viewing
    window.map.point_dragged.connect(viewing.look_at_point)
    window.map.code_picked.connect(viewing.look_at_image)
    window.map.code_hovered.connect(viewing.find_card)
    window.map.class_chosen.connect(viewing.choose_class)
    window.map.image_dropped.connect(lambda path: session.open_picture(Path(path)))
    window.sliders.z_changed.connect(viewing.look_at)
    window.picture.near_image_clicked.connect(viewing.look_at_image)
    window.picture.copy_requested.connect(dialogs.copy_picture)
    session.learning.opening_failed.connect(window.map.show_failure)
    viewing.map_changed.connect(presenter.show_map)
    viewing.place_decoded.connect(presenter.show_place)
    viewing.place_told.connect(presenter.show_numbers)
    viewing.near_found.connect(presenter.show_near)
    viewing.card_found.connect(presenter.show_card)
    viewing.pairs_decoded.connect(window.reconstructions.show_pairs)
    viewing.cleared.connect(presenter.show_nothing)
    viewing.failed.connect(window.picture.show_failure)
    session.nothing_trained_yet.connect(window.map.show_busy)
    _wire_charting(window, session, presenter)


def _wire_charting(window: MainWindow, session: Session, presenter: Presenter) -> None:
    """Join the map before there is a model to all that needs none."""
    charting = session.charting
    window.map.point_dragged.connect(charting.look_at_point)
    window.map.code_picked.connect(charting.look_at_image)
    window.picture.near_image_clicked.connect(charting.look_at_image)
    session.viewing.cleared.connect(charting.clear)
    charting.charted.connect(lambda _, table: session.exploring.open_unlearned(table.names))
    charting.charted.connect(presenter.show_pixel_map)
    charting.charted.connect(session.selecting.show_map)
    charting.charted.connect(session.listing.show_map)
    charting.charted.connect(session.finding.show_map)
    charting.charted.connect(session.measuring.show_pixels)
    charting.seen.connect(presenter.show_seen)
    charting.seen.connect(lambda seen: session.exploring.look(seen.code))
    charting.near_found.connect(presenter.show_near)
    charting.near_found.connect(lambda near: window.map.describe_cursor("", near[0].name))
    charting.failed.connect(window.map.show_failure)
    session.selecting.mean_found.connect(charting.look_at)
