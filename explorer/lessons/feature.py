"""Learn: lessons on the program's own models, each a guess and what is true."""

from PySide6.QtWidgets import QWidget

from explorer.shell.actions import Entry
from explorer.shell.docks import BOTTOM
from explorer.shell.shell import Shell
from explorer.workspace.workspace import Workspace

WORDS = (
    "Short lessons on what a VAE (variational autoencoder) does: you guess, it runs, and you see what is true. A VAE "
    "is two networks. The <i>encoder</i> gives a picture its <i>code</i>, a few numbers z; the <i>decoder</i> draws a "
    "picture from z. <i>Held out</i> are pictures they have not learned from."
)
LEARN = Entry("&Help", "learn", "&Learn", "Ctrl+L", "Short lessons: guess, see it happen, and what is true")


class Lessons:
    """Joins the panel to its controller; a lesson knows nothing of what is open, and leaves nothing in it."""

    def __init__(self, _: Workspace, shell: Shell) -> None:
        self._shell = shell
        shell.docks.add("Learn", BOTTOM, self._make, WORDS, is_aside=True)
        shell.actions.add(LEARN, self._open)

    def _open(self) -> None:
        """With all the room there is: a lesson wants to be seen."""
        self._shell.docks.bring_forward("Learn")
        self._shell.actions["large"].setChecked(True)
        self._panel.take_focus()

    def _make(self) -> QWidget:
        from core.lessons.contents import LESSONS
        from explorer.lessons.controller import Teaching
        from explorer.lessons.panel import LearnPanel

        self._panel, teaching = panel, _ = LearnPanel(LESSONS), Teaching(self._shell)
        panel.lesson_chosen.connect(lambda place: teaching.look(LESSONS[place]))
        panel.run_requested.connect(teaching.run)
        panel.cancel_requested.connect(teaching.cancel)
        teaching.looked.connect(panel.show_look)
        teaching.busy_changed.connect(panel.show_busy)
        teaching.progressed.connect(panel.show_progress)
        teaching.shown.connect(panel.show_scene)
        teaching.revealed.connect(panel.show_revealed)
        teaching.failed.connect(panel.show_failure)
        self._shell.docks.when_seen("Learn", panel.begin_if_seen)
        self._shell.closing.connect(teaching.stop)
        return panel
