"""Completion: a part of an image is hidden, and the model makes up what could be there."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from explorer.shell.actions import Entry
from explorer.shell.docks import BOTTOM
from explorer.shell.shell import Shell
from explorer.workspace.spot import Spot
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from explorer.completion.controller import Task

WORDS = "Paint over a part of a picture: the model makes up what could be there, several times."
COMPLETE = Entry(
    "&View", "complete", "C&omplete an image", "Ctrl+I", "Hide a part of an image, and see what could be there"
)


class Completion:
    """Joins the panel to the model, the images, and the one that was looked at last."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        shell.docks.add("Completion", BOTTOM, self._make, WORDS, is_aside=True)
        shell.actions.add(COMPLETE, lambda: shell.docks.bring_forward("Completion"))

    def _make(self) -> QWidget:
        from explorer.completion.controller import Completing
        from explorer.completion.panel import OBSTACLES, CompletionPanel

        self._panel, self._completing = panel, completing = CompletionPanel(), Completing(self._shell)
        workspace = self._workspace
        panel.hidden_changed.connect(completing.hide)
        panel.draw_requested.connect(completing.draw_again)
        panel.next_requested.connect(completing.next_image)
        panel.menu_requested.connect(self._open_menu)
        completing.changed.connect(self._show)
        completing.obstructed.connect(lambda obstacle: panel.show_nothing(OBSTACLES[obstacle]))
        completing.began.connect(panel.show_busy)
        completing.completed.connect(panel.show_completions)
        completing.failed.connect(panel.show_failure)
        workspace.images_changed.connect(completing.show_images)
        workspace.images_lost.connect(lambda: completing.show_images(None))
        workspace.image_picked.connect(completing.choose_image)
        workspace.placing.brought.connect(lambda placement: completing.choose(placement.name, placement.pixels))
        if workspace.learning.image_set is not None:
            completing.show_images(workspace.learning.image_set)
        workspace.follow_map(completing.show_map, completing.clear)
        self._shell.docks.when_seen("Completion", completing.watch)
        self._shell.closing.connect(completing.stop)
        return panel

    def _show(self, task: "Task") -> None:
        self._panel.show_image(task.name, task.pixels, task.hidden)

    def _open_menu(self, number: int, at: QPoint) -> None:
        """On a completion, which comes of an image and lies nowhere."""
        if (found := self._completing.picture(number)) is not None:
            self._shell.spots.open(Spot(pixels=found[0], name=found[1]), at)
