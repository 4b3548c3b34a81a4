"""Connections for paths: stops, the way between them, playing it, films of it."""

from explorer.dialogs.asking import Dialogs
from explorer.presenter import Presenter
from explorer.session import Session
from explorer.shell.main_window import MainWindow


def wire_travelling(window: MainWindow, session: Session, presenter: Presenter, dialogs: Dialogs) -> None:
    """Join the panel of paths to the session."""
    _wire_stops(window, session)
    _wire_way(window, session)
    _wire_playing(window, session)
    _wire_films(window, session)
    window.when("paths", lambda: window.bring_forward("Paths"))
    window.when_seen("Paths", session.travelling.watch)


def _wire_stops(window: MainWindow, session: Session) -> None:
    routing, panel = session.routing, window.paths
    panel.path_chosen.connect(routing.choose)
    panel.new_clicked.connect(routing.begin)
    panel.renamed.connect(routing.rename)
    panel.delete_clicked.connect(routing.remove)
    panel.reverse_clicked.connect(routing.reverse)
    panel.kind_chosen.connect(lambda kind: routing.change(kind=kind))
    panel.frames_chosen.connect(lambda frames: routing.change(frames=frames))
    panel.loop_toggled.connect(lambda is_on: routing.change(is_loop=is_on))
    panel.even_toggled.connect(lambda is_on: routing.change(is_even=is_on))
    add = {"cursor": routing.add_cursor, "selection": routing.add_selection, "bookmarks": routing.add_bookmarks}
    panel.add_requested.connect(lambda source: add[source]())
    panel.adding_toggled.connect(routing.add_by_clicking)
    panel.stop_removed.connect(routing.remove_stop)
    panel.stop_moved.connect(routing.move_stop)
    window.map.clicked.connect(routing.click)
    window.when("add_stop", lambda: window.bring_forward("Paths"))
    window.when("add_stop", routing.add_cursor)
    session.viewing.map_changed.connect(routing.show_map)
    session.viewing.cleared.connect(routing.clear)
    session.exploring.changed.connect(routing.show_exploration)
    routing.paths_changed.connect(panel.show_paths)
    routing.path_changed.connect(panel.show_path)
    routing.adding_changed.connect(panel.show_adding)
    routing.said.connect(panel.show_word)


def _wire_way(window: MainWindow, session: Session) -> None:
    travelling, panel = session.travelling, window.paths
    session.routing.path_changed.connect(travelling.show_path)
    session.viewing.map_changed.connect(travelling.show_map)
    session.viewing.cleared.connect(travelling.clear)
    session.viewing.cleared.connect(panel.show_nothing)
    travelling.progressed.connect(panel.show_progress)
    travelling.found.connect(lambda trip: panel.show_reel(trip.reel))
    travelling.lost.connect(panel.show_no_way)
    travelling.failed.connect(panel.show_failure)
    travelling.route_changed.connect(window.map.show_route)


def _wire_playing(window: MainWindow, session: Session) -> None:
    playing, travelling, panel = session.playing, session.travelling, window.paths
    travelling.found.connect(lambda trip: playing.show_reel(trip.way.path, trip.reel))
    travelling.lost.connect(playing.show_nothing)
    travelling.failed.connect(lambda _: playing.show_nothing())
    session.exploring.changed.connect(playing.show_exploration)
    panel.play_clicked.connect(playing.toggle)
    panel.speed_chosen.connect(playing.set_speed)
    panel.sought.connect(playing.seek)
    panel.stop_clicked.connect(session.go_to_stop)
    window.when("play_path", lambda: window.bring_forward("Paths"))
    window.when("play_path", playing.toggle)
    playing.moved.connect(panel.show_position)
    playing.moved.connect(travelling.show_position)
    playing.playing_changed.connect(panel.show_playing)


def _wire_films(window: MainWindow, session: Session) -> None:
    filming, panel = session.filming, window.paths
    panel.cancel_clicked.connect(filming.cancel)
    window.when("save_film", lambda: window.bring_forward("Paths"))
    filming.busy_changed.connect(panel.show_saving)
    filming.progressed.connect(panel.show_saving_progress)
    filming.failed.connect(lambda sentence: panel.show_word(sentence, True))
