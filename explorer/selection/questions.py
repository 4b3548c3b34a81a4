"""What is asked over the window about a selection: where its files go, what its class is called."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox

from explorer.shell.shell import Shell
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.plain_text import plain_question
from explorer.workspace.spot import NO_FILES

IN_ARCHIVE = "These images lie in a ZIP archive, which is left as it is: copy their files instead."


class Questions:
    """Asks; `count` says how many images it is about."""

    def __init__(self, shell: Shell, count: Callable[[], int]) -> None:
        self._window, self._files, self._count = shell.window, shell.files, count

    def why_no_files(self, folder: Path | None, would_change_archive: bool) -> str:
        """Why nothing can be done with the files; empty when it can."""
        return NO_FILES if folder is None else IN_ARCHIVE if would_change_archive else ""

    def ask_folder(self, source: Path, moves: bool) -> str:
        """Where the files go, and whether moving them was really meant; empty: nowhere."""
        title = f"{'Move' if moves else 'Copy'} {self._counted()} to a folder"
        chosen = self._files.choose_folder("files", title)
        return chosen if chosen and (not moves or self._is_meant(source, chosen)) else ""

    def ask_table(self) -> str:
        """Where a table of them goes; empty: nowhere."""
        return self._files.save_file("export", f"Export {self._counted()}", "selection.csv", ".csv")

    def ask_group(self, taken: set[str]) -> str:
        """What their class is called; empty: nothing."""
        return self._ask_name(f"Make {self._counted()} a class", "", taken)

    def ask_other_name(self, name: str, taken: set[str]) -> str:
        """What a class is called from now on; empty: as before."""
        return self._ask_name(f"Rename the class “{drawable(name)}”", name, taken)

    def _counted(self) -> str:
        count = self._count()
        return f"{count:,} image{'s' if count != 1 else ''}"

    def _is_meant(self, source: Path, folder: str) -> bool:
        box = QMessageBox(QMessageBox.Icon.Question, "Move files", f"Move {self._counted()} to {drawable(folder)}?")
        box.setParent(self._window, box.windowFlags())
        box.setTextFormat(Qt.TextFormat.PlainText)
        words = (
            f"Their files leave {drawable(str(source))}. This run has its own copy of what the model saw, and goes on "
            "as before; the next one that reads the folder learns without them. You can put them back."
        )
        box.setInformativeText(plain_question(words))
        move = box.addButton("Move", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.exec()
        return box.clickedButton() is move

    def _ask_name(self, title: str, name: str, taken: set[str]) -> str:
        words = "Its name:"
        while True:
            name, is_given = QInputDialog.getText(self._window, title, plain_question(words), text=name)
            name = name.strip()
            if not is_given or (name and name not in taken):
                return name if is_given else ""
            words = f"There is a class called “{name}” already. Another name:" if name else "A class needs a name:"
