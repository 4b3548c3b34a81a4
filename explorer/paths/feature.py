"""Paths: a film from place to place, played, scrubbed and saved."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from explorer.shell.actions import MODEL, Entry
from explorer.shell.docks import BOTTOM
from explorer.shell.shell import Shell
from explorer.shell.spot_menu import SpotAction
from explorer.workspace.savable import Drawn, Savable, film_formats
from explorer.workspace.spot import Spot
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from core.export.look import Look
    from explorer.paths.film_export import Filming
    from explorer.paths.interpolation import Travelling, Trip
    from explorer.paths.panel import PathsPanel
    from explorer.paths.playback import Playing
    from explorer.paths.stops_controller import Routing

FILM = "Make a path of two stops first."
NO_WAY = "There is no film yet: a path needs two stops."
NOT_YET = "The way is still being found: save its film in a moment."
NO_RUN = "Train or open a run first: the command films one that is kept in a folder."
WORDS = "A film from place to place through what the model learned."
OPEN = Entry("&Explore", "paths", "&Paths", "F8", "A film from place to place: played, scrubbed, saved")
ADD = Entry(
    "&Explore", "add_stop", "Add the cursor's p&lace to the path", "Ctrl+Alt+A", "The next stop of the film", (MODEL,)
)
PLAY = Entry(
    "&Explore", "play_path", "Pla&y the path, or pause", "Ctrl+Alt+P", "The cursor moves along it", (MODEL, FILM)
)
SAVE = Entry(
    "&Explore", "save_film", "Save a &film of the path…", "Ctrl+Alt+S", "GIF, WebP, MP4 or PNG frames", (MODEL, FILM)
)


class Paths:
    """Joins the panel to the stops that are kept, the way between them, and its film."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        shell.docks.add("Paths", BOTTOM, self._make, WORDS)
        shell.actions.add(OPEN, self._open)
        shell.actions.add(ADD, self._add_cursor)
        shell.actions.add(PLAY, self._play)
        shell.actions.add(SAVE, self._save_film)
        shell.spots.offer(SpotAction("stop", "keep", _add_words, self._add_spot, workspace.why_nowhere))

    def _make(self) -> QWidget:
        from explorer.paths.film_export import Filming
        from explorer.paths.interpolation import Travelling
        from explorer.paths.panel import PathsPanel
        from explorer.paths.playback import Playing
        from explorer.paths.stops_controller import Routing

        exploring, shell = self._workspace.exploring, self._shell
        self._panel = panel = PathsPanel()
        self._routing, self._travelling = Routing(exploring, shell), Travelling(shell)
        self._playing, self._filming = Playing(exploring, shell), Filming(shell)
        self._join_stops(panel, self._routing)
        self._join_way(panel, self._travelling)
        self._join_playing(panel, self._playing)
        self._join_films(panel, self._filming)
        self._workspace.follow_map(self._routing.show_map, self._routing.clear)
        self._workspace.follow_map(self._travelling.show_map, self._travelling.clear)
        self._workspace.follow_exploration(self._routing.show_exploration)
        self._workspace.follow_exploration(self._playing.show_exploration)
        self._workspace.follow_map(lambda *_: None, panel.show_nothing)
        shell.docks.when_seen("Paths", self._travelling.watch)
        for each in (self._playing, self._travelling, self._filming):
            shell.closing.connect(each.stop)
        return panel

    def _join_stops(self, panel: "PathsPanel", routing: "Routing") -> None:
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
        self._workspace.map_clicked.connect(routing.click)
        routing.paths_changed.connect(panel.show_paths)
        routing.path_changed.connect(panel.show_path)
        routing.adding_changed.connect(panel.show_adding)
        routing.said.connect(panel.show_word)

    def _join_way(self, panel: "PathsPanel", travelling: "Travelling") -> None:
        tell = self._shell.actions.tell
        self._routing.path_changed.connect(travelling.show_path)
        travelling.progressed.connect(panel.show_progress)
        travelling.found.connect(lambda trip: panel.show_reel(trip.reel))
        travelling.found.connect(lambda _: tell(FILM, True))
        travelling.lost.connect(panel.show_no_way)
        travelling.lost.connect(lambda: tell(FILM, False))
        travelling.failed.connect(panel.show_failure)
        travelling.failed.connect(lambda _: tell(FILM, False))
        self._workspace.viewing.cleared.connect(lambda: tell(FILM, False))
        travelling.route_changed.connect(self._workspace.marks.show_route)

    def _join_playing(self, panel: "PathsPanel", playing: "Playing") -> None:
        travelling = self._travelling
        travelling.found.connect(lambda trip: playing.show_reel(trip.way.path, trip.reel))
        travelling.lost.connect(playing.show_nothing)
        travelling.failed.connect(lambda _: playing.show_nothing())
        panel.play_clicked.connect(playing.toggle)
        panel.speed_chosen.connect(playing.set_speed)
        panel.sought.connect(playing.seek)
        panel.stop_clicked.connect(self._go_to_stop)
        panel.menu_requested.connect(self._open_menu)
        playing.moved.connect(panel.show_position)
        playing.moved.connect(travelling.show_position)
        playing.playing_changed.connect(panel.show_playing)

    def _join_films(self, panel: "PathsPanel", filming: "Filming") -> None:
        panel.save_clicked.connect(self._save_film)
        panel.copy_clicked.connect(self._copy_command)
        panel.cancel_clicked.connect(filming.cancel)
        filming.busy_changed.connect(panel.show_saving)
        filming.progressed.connect(panel.show_saving_progress)
        filming.reported.connect(self._shell.saving.say_saved)
        filming.failed.connect(lambda sentence: panel.show_word(sentence, True))

    # what is asked for

    def _open(self) -> None:
        self._shell.docks.bring_forward("Paths")

    def _add_cursor(self) -> None:
        self._open()
        self._routing.add_cursor()

    def _play(self) -> None:
        self._open()
        self._playing.toggle()

    def _add_spot(self, spot: Spot) -> None:
        if (z := self._workspace.z_of(spot)) is not None:
            self._open()
            self._routing.add(z[None], "stop at an image" if spot.is_image else "stop at a place")

    def _go_to_stop(self, stop: int) -> None:
        """To a stop of the path that is shown, before its way is found too."""
        path, trip = self._routing.path, self._travelling.trip
        if trip is not None and trip.way.path is path:
            self._playing.seek(float(trip.way.stops_at[stop]))
        elif path is not None and stop < len(path.stops):
            self._workspace.look_at_latent(path.stops[stop], path.class_name)

    def _open_menu(self, frame: float, at: QPoint) -> None:
        if (trip := self._travelling.trip) is not None:
            self._shell.spots.open(Spot(z=trip.reel.at(frame), class_name=trip.way.path.class_name), at)

    def _save_film(self) -> None:
        """The film of the path that is shown."""
        from explorer.paths.playback import FPS
        from explorer.paths.stops_controller import TWO_STOPS

        self._open()
        trip, path, run = self._travelling.trip, self._routing.path, self._workspace.learning.run
        if trip is None or trip.way.path is not path:
            self._panel.show_word(NO_WAY if path is None or len(path.stops) < TWO_STOPS else NOT_YET)
            return
        run_name = run.name if run is not None else ""

        def save(out: Path, look: "Look", _: bool) -> None:
            self._filming.save(out, trip, run_name, FPS, look.scale)

        # The panel says how far it is, so the dialog goes.
        self._shell.saving.ask(
            _savable(trip, self._shell.saving.name_of(path.name)), lambda look: _drawn(trip, look), save, stays=False
        )

    def _copy_command(self) -> None:
        """Put the command line that makes the same film on the clipboard."""
        from core.export.command_lines import film_command
        from explorer.paths.playback import FPS
        from explorer.paths.stops_controller import TWO_STOPS

        path, run = self._routing.path, self._workspace.learning.run
        if path is None or len(path.stops) < TWO_STOPS or run is None:
            self._panel.show_word(NO_RUN if run is None else NO_WAY)
            return
        space = self._workspace.viewing.latent_space
        moment = space.step if space is not None and space.is_past else None
        QGuiApplication.clipboard().setText(film_command(run, path, FPS, moment=moment))
        self._shell.say("Copied the command that makes this film")


def _add_words(spot: Spot) -> str:
    return "" if spot.kind == "picture" else "Add as a stop of the path"


def _savable(trip: "Trip", name: str) -> Savable:
    from core.export.films import MOST_SIDE, Film, scale_of
    from core.export.stills import scales

    height, width = trip.reel.pixels.shape[1:3]
    usual = scale_of(Film(trip.way.z), trip.reel.pixels.shape[1:])
    sizes = sorted({*scales((height, width), MOST_SIDE), usual})
    return Savable("film", "Save the film", name, (height, width), film_formats(), sizes, usual, can_be_smooth=False)


def _drawn(trip: "Trip", look: "Look") -> Drawn:
    """Its first frame as it would be saved, and about how many bytes all would be; in a thread."""
    from core.export.films import USUAL_FPS, Film, estimated_bytes
    from core.export.stills import enlarged

    suffix = "" if look.format == "frames" else f".{look.format}"
    size = estimated_bytes(suffix, trip.reel.pixels, Film(trip.way.z, USUAL_FPS, look.scale))
    first = enlarged(trip.reel.pixels[0], look.scale)
    return Drawn(first, (first.shape[1], first.shape[0]), size, is_exact=False, frames=len(trip.way.z))
