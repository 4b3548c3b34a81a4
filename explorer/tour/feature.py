"""Showing somebody new around: a card under the map, at the first start and whenever it is asked for."""

from explorer.shell.actions import MODEL, Entry
from explorer.shell.shell import Shell
from explorer.tour.controller import Guiding
from explorer.tour.panel import TourCard
from explorer.tour.steps import STEPS, Shown
from explorer.workspace.workspace import Workspace

NOT_SHOWN = "You are not being shown around."
AROUND = Entry("&Help", "tour", "&Show me around", "Shift+F1", "Up to five things to do, in two minutes", (MODEL,))
ON = Entry("&Help", "tour_on", "&Next step", "Ctrl+Alt+Return", "Go on showing me around", (NOT_SHOWN,))
SKIP = Entry("&Help", "tour_skip", "S&kip showing me around", "Shift+Esc", "It does not come by itself", (NOT_SHOWN,))


class Tour:
    """Joins the card to the step that somebody is at."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._shell, self._card = shell, TourCard(STEPS)
        self._guiding = guiding = Guiding(workspace, shell)
        shell.add_below_centre(self._card)
        self._card.hide()
        shell.actions.add(AROUND, self._begin)
        shell.actions.add(ON, lambda: guiding.go(1))
        shell.actions.add(SKIP, guiding.end)
        shell.actions["grid"].toggled.connect(guiding.take_plane)
        guiding.shown.connect(self._show)
        guiding.ended.connect(self._leave)
        self._card.moved.connect(guiding.go)
        self._card.skipped.connect(guiding.end)
        self._card.action_wished.connect(shell.actions.trigger)
        workspace.placing.placed.connect(self._card.show_placed)
        shell.closing.connect(guiding.stop)

    def _begin(self) -> None:
        """With the keyboard at the map, where there is something to do."""
        self._shell.go_to_map()
        self._guiding.begin()

    def _show(self, shown: Shown) -> None:
        self._shell.actions.tell(NOT_SHOWN, True)
        self._card.show_step(shown)
        self._card.show()

    def _leave(self) -> None:
        """The keyboard is not left on what has gone."""
        self._shell.actions.tell(NOT_SHOWN, False)
        if self._card.has_keys:
            self._shell.go_to_map()
        self._card.hide()
