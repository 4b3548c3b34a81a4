"""Connections for the honest cursor: verdicts, images from outside, and drawing one."""

from explorer.dialogs.asking import Dialogs
from explorer.placing_presenter import PlacingPresenter
from explorer.presenter import Presenter
from explorer.session import Session
from explorer.shell.main_window import MainWindow


def wire_placing(window: MainWindow, session: Session, presenter: Presenter, dialogs: Dialogs) -> None:
    """Join what comes from outside, and what is drawn, to the map and the picture."""
    placed = PlacingPresenter(window)
    _wire_placed(window, session, placed)
    _wire_drawing(window, session, placed)
    _wire_outlines(window, session)
    window.when("paste", dialogs.paste)
    window.when("copy_command", dialogs.copy_command)
    session.viewing.near_found.connect(placed.show_near)
    session.viewing.surroundings_found.connect(placed.show_surroundings)


def _wire_placed(window: MainWindow, session: Session, presenter: PlacingPresenter) -> None:
    placing = session.placing
    window.picture.back_requested.connect(placing.go_back)
    window.picture.take_away_requested.connect(placing.take_away)
    placing.placed.connect(presenter.show_placed)
    placing.weighed.connect(presenter.show_weighed)
    placing.taken_away.connect(presenter.show_none_placed)
    placing.found_again.connect(lambda found: session.look_at_latent(found.z, found.class_name))
    placing.found_again.connect(lambda found: window.status.show_message(found.said))
    placing.failed.connect(window.picture.show_failure)
    session.viewing.map_changed.connect(placing.show_map)
    session.viewing.images_shown.connect(placing.show_images)
    session.viewing.cleared.connect(placing.take_away)


def _wire_drawing(window: MainWindow, session: Session, presenter: PlacingPresenter) -> None:
    window.when("draw", lambda: window.bring_forward("Draw"))
    window.when("draw", window.draw.take_focus)
    window.draw.drawn.connect(lambda pixels: session.placing.place_drawing(pixels, session.images_as_read))
    window.draw.start_requested.connect(presenter.begin_drawing)
    session.viewing.map_changed.connect(presenter.show_shape)
    session.viewing.images_shown.connect(presenter.show_images)
    session.viewing.cleared.connect(window.draw.show_nothing)


def _wire_outlines(window: MainWindow, session: Session) -> None:
    outlining, viewing = session.outlining, session.viewing
    window.map.code_hovered.connect(outlining.hover)
    viewing.near_found.connect(outlining.show_near)
    viewing.map_changed.connect(outlining.show_map)
    viewing.images_shown.connect(lambda _: outlining.update())
    viewing.cleared.connect(outlining.clear)
    session.exploring.changed.connect(outlining.show_selection)
    session.placing.placed.connect(outlining.show_placed)
    session.placing.taken_away.connect(lambda: outlining.show_placed(None))
    outlining.changed.connect(window.map.show_ellipses)
    outlining.failed.connect(window.status.show_message)
