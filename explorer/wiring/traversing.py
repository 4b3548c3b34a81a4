"""Connections for traversals."""

from explorer.dialogs.asking import Dialogs
from explorer.presenter import Presenter
from explorer.session import Session
from explorer.shell.main_window import MainWindow
from explorer.traversals.controller import Wish


def wire_traversing(window: MainWindow, session: Session, presenter: Presenter, dialogs: Dialogs) -> None:
    """Join the panel of traversals to the session."""
    traversing, viewing = session.traversing, session.viewing
    window.when("traversals", lambda: window.bring_forward("Traversals"))
    window.when_seen("Traversals", traversing.watch)
    window.traversals.wished.connect(lambda *wish: traversing.choose(Wish(*wish)))
    window.traversals.seen.connect(traversing.see)
    window.traversals.picture_clicked.connect(traversing.go_to)
    viewing.map_changed.connect(traversing.show_map)
    viewing.cleared.connect(traversing.clear)
    viewing.cleared.connect(window.traversals.show_nothing)
    session.exploring.changed.connect(traversing.show_exploration)
    traversing.planned.connect(window.traversals.show_plan)
    traversing.strip_decoded.connect(window.traversals.show_strip)
    traversing.obstructed.connect(window.traversals.show_obstacle)
    traversing.failed.connect(window.traversals.show_failure)
