"""The search for an image by a part of its name, for as long as it is open."""

from explorer.selection.find_image import FindImage
from explorer.shell.shell import Shell
from explorer.workspace.image_search import Found
from explorer.workspace.workspace import Workspace

NO_IMAGES = "There are no images to find yet: open a run or a folder first."


class SearchDialog:
    """Joins the dialog to the names of the images."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        self._dialog: FindImage | None = None
        self._found: Found | None = None
        workspace.finding.found.connect(self._show)

    def open(self) -> None:
        """Type a part of a name."""
        if not len(self._workspace.viewing.table.names):
            self._shell.say(NO_IMAGES)
            return
        self._dialog = FindImage(self._shell.window)
        self._dialog.asked.connect(self._workspace.finding.find)
        self._dialog.chosen.connect(self._workspace.go_to_image)
        self._dialog.all_chosen.connect(self._choose_all)
        self._dialog.destroyed.connect(self._forget)
        self._dialog.show()

    def _show(self, found: Found) -> None:
        self._found = found
        if self._dialog is not None:
            self._dialog.show_found(found.query, found.rows, len(found.indices))

    def _choose_all(self, query: str) -> None:
        if self._found is not None and self._found.query == query:
            self._workspace.selecting.choose(f"selection of “{query}”", self._found.indices)

    def _forget(self) -> None:
        self._dialog = None
