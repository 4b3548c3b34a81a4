"""Time: looking back at how the model learned, with map and picture as they were."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from explorer.moments.film_export import Filming, Reel, drawn, savable
from explorer.moments.panel import FILM_TIP, MOVED_TIP, ONE_CLASS, PARTING_TIP, SAVING, TimeBar
from explorer.moments.parting import Partings
from explorer.moments.playback import Replaying
from explorer.moments.trails import Trailing, moved_most
from explorer.shell.actions import Entry
from explorer.shell.shell import Shell
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from core.export.look import Look
    from core.latent.moment_space import PastSpace
    from core.reports.moments import Moment

NO_MOMENTS = "This run keeps no moments to look back at."
PAST = "This is now."
MOVED = 50  # images that moved most
PLAY = Entry(
    "&Training", "play_training", "Pla&y it back, or pause", "Ctrl+Alt+T", "See the model learn", (NO_MOMENTS,)
)
BACK = Entry("&Training", "moment_back", "One moment &back", "Ctrl+Alt+B", "The model as it was earlier", (NO_MOMENTS,))
ON = Entry("&Training", "moment_on", "One moment &on", "Ctrl+Alt+F", "The model as it was later", (NO_MOMENTS, PAST))
NOW = Entry("&Training", "now", "Back to &now", "Ctrl+Alt+N", "What the model is now", (NO_MOMENTS, PAST))
MOVED_MOST = Entry("&Training", "moved_most", "Select what &moved most to now", tip=MOVED_TIP, needs=(NO_MOMENTS, PAST))
PARTING = Entry("&Training", "parting", "When did two classes &part?…", tip=PARTING_TIP, needs=(NO_MOMENTS, ONE_CLASS))
FILM = Entry("&Training", "save_history", "Save a fi&lm of the training…", tip=FILM_TIP, needs=(NO_MOMENTS, SAVING))


class Moments:
    """Joins the bar under the map to the place in time."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell, self._recalling = workspace, shell, workspace.recalling
        self._bar, self._replaying = TimeBar(), Replaying(shell)
        self._past: PastSpace | None = None  # that is looked at
        shell.add_below_centre(self._bar)
        actions = ((PLAY, self._replaying.toggle), (BACK, lambda: self._step(-1)), (ON, lambda: self._step(1)))
        for entry, do in (*actions, (NOW, self._go_to_now)):
            shell.actions.add(entry, do)
        self._join_bar()
        self._join_time()
        self._join_films()
        self._join_images()
        more = ((MOVED_MOST, self._select_moved), (PARTING, self._partings.open), (FILM, self._save_film))
        for entry, do in more:
            shell.actions.add(entry, do)
        shell.closing.connect(self._replaying.stop)

    def _join_bar(self) -> None:
        bar, replaying, recalling = self._bar, self._replaying, self._recalling
        bar.sought.connect(self._seek)
        bar.rested.connect(recalling.rest)
        bar.stepped.connect(self._step)
        bar.now_clicked.connect(self._go_to_now)
        bar.play_clicked.connect(replaying.toggle)
        bar.speed_chosen.connect(replaying.set_speed)
        bar.loop_toggled.connect(replaying.set_loop)

    def _join_time(self) -> None:
        bar, replaying, recalling = self._bar, self._replaying, self._recalling
        replaying.moved.connect(recalling.seek)
        replaying.ended.connect(recalling.rest)
        replaying.playing_changed.connect(bar.show_playing)
        recalling.moments_changed.connect(self._show_moments)
        recalling.moved.connect(bar.show_position)
        recalling.moved.connect(replaying.show_position)
        recalling.recalled.connect(self._show_past)
        recalling.failed.connect(bar.show_failure)
        recalling.failed.connect(lambda _: replaying.pause())

    def _join_films(self) -> None:
        bar, shell = self._bar, self._shell
        self._filming = filming = Filming(shell)
        bar.save_clicked.connect(self._save_film)
        bar.copy_clicked.connect(self._copy_command)
        bar.cancel_clicked.connect(filming.cancel)
        filming.busy_changed.connect(bar.show_saving)
        filming.busy_changed.connect(lambda is_busy: shell.actions.tell(SAVING, not is_busy))
        shell.actions.tell(SAVING, True)
        filming.progressed.connect(bar.show_saving_progress)
        filming.reported.connect(shell.saving.say_saved)
        filming.failed.connect(shell.say)
        shell.closing.connect(filming.stop)

    def _join_images(self) -> None:
        bar, recalling, exploring = self._bar, self._recalling, self._workspace.exploring
        self._trailing = trailing = Trailing(recalling, self._workspace.marks, self._shell)
        bar.trails_toggled.connect(trailing.show)
        bar.moved_clicked.connect(self._select_moved)
        exploring.changed.connect(trailing.show_exploration)
        recalling.points_found.connect(trailing.update)
        recalling.moments_changed.connect(lambda _: trailing.update())
        self._workspace.viewing.map_changed.connect(lambda *_: trailing.update())
        trailing.said.connect(self._shell.say)
        self._partings = Partings(self._workspace, self._shell)
        bar.parting_clicked.connect(self._partings.open)
        self._workspace.viewing.map_changed.connect(lambda _, table: self._show_classes(len(table.classes)))

    # what is asked for

    def _seek(self, position: float) -> None:
        self._replaying.pause()
        self._recalling.seek(position)

    def _step(self, moments: int) -> None:
        self._replaying.pause()
        self._recalling.go(moments)

    def _go_to_now(self) -> None:
        self._replaying.pause()
        self._recalling.go_to_now()

    def _select_moved(self) -> None:
        """The images that have moved most from the moment that is looked at to now."""
        if (past := self._past) is not None:
            found = moved_most(past.moved, MOVED)
            self._workspace.selecting.choose(f"what moved most since step {past.moment.step:,}", found)

    def _reel(self) -> Reel | None:
        """What a film follows: the one image that is selected, or else the place under the cursor."""
        from core.export.history_film import HistoryFilm

        workspace = self._workspace
        run, selection = workspace.learning.run, workspace.exploring.now.selection
        if run is None:
            return None
        image = int(selection[0]) if len(selection) == 1 else None
        return Reel(run, HistoryFilm(image, workspace.viewing.z, workspace.viewing.class_name))

    def _save_film(self) -> None:
        if (reel := self._reel()) is None:
            return
        saving = self._shell.saving

        def save(out: Path, _: "Look", may_replace: bool) -> None:
            self._filming.save(out, reel, may_replace)

        saving.ask(savable(saving.name_of("training")), partial(drawn, reel), save, stays=False)

    def _copy_command(self) -> None:
        """Put the command line that makes the same film on the clipboard."""
        from core.export.command_lines import history_command

        if (reel := self._reel()) is None:
            return
        image, wish = reel.wish.image, reel.wish
        name = "" if image is None else self._workspace.viewing.table.names[image]
        QGuiApplication.clipboard().setText(history_command(reel.run, name, wish.z, wish.class_name))
        self._shell.say("Copied the command that makes this film")

    # what is shown

    def _show_moments(self, moments: "tuple[Moment, ...]") -> None:
        self._bar.show_moments(moments)
        self._replaying.show_last(float(len(moments)))
        self._shell.actions.tell(NO_MOMENTS, bool(moments))

    def _show_classes(self, count: int) -> None:
        self._bar.show_classes(count)
        self._shell.actions.tell(ONE_CLASS, count > 1)

    def _show_past(self, past: "PastSpace | None") -> None:
        self._past = past
        self._bar.show_real(None if past is None else past.real)
        self._shell.actions.tell(PAST, past is not None)
