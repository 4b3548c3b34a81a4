"""Connections for undo, redo, bookmarks and the cursor that they move."""

from explorer.dialogs.asking import Dialogs
from explorer.presenter import Presenter
from explorer.session import Session
from explorer.shell.main_window import MainWindow

SET = "Bookmark {0} is set where the cursor is: press {0} to come back to it."


def wire_exploring(window: MainWindow, session: Session, presenter: Presenter, dialogs: Dialogs) -> None:
    """Join what a person does, step by step, to the menus and to the cursor."""
    exploring, viewing = session.exploring, session.viewing
    window.when("undo", exploring.undo)
    window.when("redo", exploring.redo)
    window.bookmarks.go_requested.connect(exploring.go_to_mark)
    window.bookmarks.set_requested.connect(exploring.mark)
    window.bookmarks.set_requested.connect(lambda number: window.status.show_message(SET.format(number)))
    window.bookmarks.forget_requested.connect(exploring.forget_mark)
    viewing.place_told.connect(session.follow_cursor)
    viewing.cleared.connect(exploring.clear)
    exploring.changed.connect(session.show_exploration)
    exploring.changed.connect(
        lambda now, fields: "bookmarks" in fields and presenter.show_bookmarks(now.bookmarks, viewing.latent_space)
    )
    viewing.map_changed.connect(lambda space, _: presenter.show_pins(exploring.now.bookmarks, space))
    exploring.undo_changed.connect(window.show_undo)
    exploring.failed.connect(window.status.show_message)
