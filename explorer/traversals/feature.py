"""Traversals: what each latent dimension does to the picture."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from explorer.shell.actions import Entry
from explorer.shell.docks import BOTTOM
from explorer.shell.shell import Shell
from explorer.workspace.spot import Spot
from explorer.workspace.workspace import Workspace

WORDS = "Each row moves one latent dimension and leaves the others."
TRAVERSALS = Entry("&Explore", "traversals", "&Traversals", "F6", "What each latent dimension does to the picture")


class Traversals:
    """Joins the panel to the model and the place in hand."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        shell.docks.add("Traversals", BOTTOM, self._make, WORDS)
        shell.actions.add(TRAVERSALS, lambda: shell.docks.bring_forward("Traversals"))

    def _make(self) -> QWidget:
        from explorer.traversals.controller import Traversing, Wish
        from explorer.traversals.panel import TraversalsPanel

        workspace = self._workspace
        panel, self._traversing = TraversalsPanel(), Traversing(workspace.exploring, self._shell)
        traversing = self._traversing
        panel.wished.connect(lambda *wish: traversing.choose(Wish(*wish)))
        panel.seen.connect(traversing.see)
        panel.picture_clicked.connect(traversing.go_to)
        panel.menu_requested.connect(self._open_menu)
        traversing.planned.connect(panel.show_plan)
        traversing.strip_decoded.connect(panel.show_strip)
        traversing.obstructed.connect(panel.show_obstacle)
        traversing.failed.connect(panel.show_failure)
        workspace.viewing.cleared.connect(panel.show_nothing)
        workspace.follow_map(traversing.show_map, traversing.clear)
        workspace.follow_exploration(traversing.show_exploration)
        self._shell.docks.when_seen("Traversals", traversing.watch)
        self._shell.closing.connect(traversing.stop)
        return panel

    def _open_menu(self, where: tuple[int, int, int], at: QPoint) -> None:
        """On a picture: its start, dimension and step."""
        if (found := self._traversing.place_of(*where)) is not None:
            self._shell.spots.open(Spot(z=found[0], class_name=found[1]), at)
