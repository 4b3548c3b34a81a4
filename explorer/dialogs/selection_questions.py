"""What is asked over the window about a selection: where its files go, what its class is called, which image."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox

from explorer.presenter import sample_of
from explorer.selection.find_image import FindImage
from explorer.selection.image_search import Found
from explorer.selection.large_picture import LargePicture
from explorer.shell.file_dialogs import FileDialogs
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.file_manager import open_folder, show_file
from explorer.toolkit.plain_text import plain_question
from explorer.workspace.spot import NO_FILES

IN_ARCHIVE = "These images lie in a ZIP archive, which is left as it is: copy their files instead."

if TYPE_CHECKING:
    from explorer.session import Session
    from explorer.shell.main_window import MainWindow
NOT_ON_THE_MAP = "These images are not on the map yet: they are being arranged."


class SelectionDialogs:
    """Asks over one window on behalf of one session."""

    def __init__(self, window: "MainWindow", session: "Session") -> None:
        self._window, self._session = window, session
        self._files = FileDialogs(window, session.settings)
        self._large: LargePicture | None = None
        self._search: FindImage | None = None

    @property
    def source(self) -> Path | None:
        """The folder that the images on the map are files of; None for a named set."""
        image_set, config = self._session.viewing.image_set, self._session.learning.config
        if image_set is not None:
            return image_set.folder
        source = config.source if config is not None else ""
        return Path(source) if Path(source).is_absolute() else None

    # files

    def copy_files(self) -> None:
        """Copy the files of the selection to a folder that is chosen."""
        self._gather(f"Copy {self._counted()} to a folder", moves=False)

    def move_files(self) -> None:
        """Move them, when that was really meant."""
        self._gather(f"Move {self._counted()} to a folder", moves=True)

    def export(self) -> None:
        """Write a table of the selection."""
        space, table, indices = (
            self._session.viewing.latent_space,
            self._session.viewing.table,
            self._session.selecting.indices,
        )
        if not len(indices):
            return
        codes = np.zeros((len(table.names), 0), np.float32) if space is None else space.codes
        title = f"Export {self._counted()}"
        if chosen := self._files.save_file("export", title, "selection.csv", ".csv"):
            self._session.gathering.export(Path(chosen), indices, codes, table)

    def show_in_folder(self, index: int) -> None:
        """Open the file manager at an image's file."""
        if self.source is None:
            return
        path = self.source / self._session.viewing.table.names[index]
        if path.exists():
            show_file(path)
        else:
            self._window.status.show_message(f"{drawable(str(path))} is not there any more.")

    def show_folder(self, folder: Path) -> None:
        """Open the file manager at a folder."""
        open_folder(folder)

    # classes

    def make_group(self) -> None:
        """Ask what the class of the selection is called."""
        taken = {each.name for each in self._session.exploring.now.groups}
        name = self._ask_name(f"Make {self._counted()} a class", "", taken)
        if name:
            self._session.selecting.make_group(name)

    def rename_group(self, name: str) -> None:
        """Ask what a class is called from now on."""
        taken = {each.name for each in self._session.exploring.now.groups} - {name}
        if other := self._ask_name(f"Rename the class “{drawable(name)}”", name, taken):
            self._session.selecting.rename_group(name, other)

    # one image

    def find_image(self) -> None:
        """Type a part of a name."""
        if not len(self._session.viewing.table.names):
            self._window.status.show_message("There are no images to find yet: open a run or a folder first.")
            return
        self._search = FindImage(self._window)
        self._search.asked.connect(self._session.finding.find)
        self._search.chosen.connect(self.go_to)
        self._search.all_chosen.connect(self._choose_found)
        self._search.destroyed.connect(self._forget_search)
        self._search.show()

    def show_found(self, found: Found) -> None:
        """What the name that is typed has found."""
        self._found = found
        if self._search is not None:
            self._search.show_found(found.query, found.rows, len(found.indices))

    def go_to(self, index: int) -> None:
        """The cursor goes to an image's code, and its dot is ringed."""
        self._session.look_at_image(index)
        self._window.map.show_ring(index)
        self._window.selection.show_current(index)

    def go_to_sample(self, position: int) -> None:
        """To one of the thumbnails of the images panel, if it shows the images that are on the map."""
        if (index := self.image_of_sample(position)) >= 0:
            self.go_to(index)
        else:
            self._window.status.show_message(NOT_ON_THE_MAP)

    def go_to_file(self, index: int, path: Path) -> None:
        """A file that was dropped is one of the images."""
        self.go_to(index)
        self._window.status.show_message(f"{drawable(path.name)} is one of these images: this is its place on the map.")

    def choose_near(self, index: int, count: int) -> None:
        """Select an image and those nearest to it, it first."""
        self.go_to(index)
        self._window.selection.sort_by("cursor")
        self._session.selecting.choose_near_image(index, count)

    def show_large(self, index: int) -> None:
        """See an image large, its own file when it has been read."""
        if self._large is not None:
            self._large.raise_()
        else:
            self._large = LargePicture(self._window)
            self._large.stepped.connect(self._window.selection.step)
            self._large.destroyed.connect(self._forget_large)
            self._large.show()
        self.follow_large(index)

    def follow_large(self, index: int) -> None:
        """Another image is the current one: if one is shown large, it is that."""
        if self._large is None:
            return
        viewing = self._session.viewing
        table, images = viewing.table, viewing.image_set
        pixels = np.asarray(images.pixels[index]) if images is not None and index < len(images) else None
        class_name = table.classes[table.labels[index]]
        self._large.show_image(index, pixels, table.names[index], class_name)
        self._session.listing.read_picture(index)

    def show_file(self, index: int, pixels: np.ndarray) -> None:
        """The whole picture of the image that is seen large."""
        if self._large is not None:
            self._large.show_file(index, pixels)

    def show_file_failure(self, index: int, sentence: str) -> None:
        """Why it cannot be seen."""
        if self._large is not None:
            self._large.show_failure(index, sentence)

    def image_of_sample(self, position: int) -> int:
        """Which image a thumbnail of the images panel shows; −1 where the map has not these images."""
        count, images = len(self._session.viewing.table.names), self._session.learning.image_set
        is_shown = images is not None and images is self._session.viewing.image_set and count == len(images)
        return int(sample_of(count)[position]) if is_shown else -1

    # inside

    def _counted(self) -> str:
        count = len(self._session.selecting.indices)
        return f"{count:,} image{'s' if count != 1 else ''}"

    def _gather(self, title: str, moves: bool) -> None:
        source, session = self.source, self._session
        indices = session.selecting.indices
        if source is None:
            self._window.bring_forward("Selection")
            self._window.selection.line.show_failure(NO_FILES)
            return
        image_set = session.viewing.image_set
        if moves and image_set is not None and image_set.unpacked:
            self._window.bring_forward("Selection")
            self._window.selection.line.show_failure(IN_ARCHIVE)
            return
        chosen = self._files.choose_folder("files", title)
        if chosen and (not moves or self._is_meant(source, chosen)):
            session.gathering.gather(source, session.viewing.table.names, indices, Path(chosen), moves)

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
        """Empty when none was given."""
        words = "Its name:"
        while True:
            name, is_given = QInputDialog.getText(self._window, title, plain_question(words), text=name)
            name = name.strip()
            if not is_given or (name and name not in taken):
                return name if is_given else ""
            words = f"There is a class called “{name}” already. Another name:" if name else "A class needs a name:"

    def _choose_found(self, query: str) -> None:
        if self._found.query == query:
            self._session.selecting.choose(f"selection of “{query}”", self._found.indices)

    def _forget_search(self) -> None:
        self._search = None

    def _forget_large(self) -> None:
        self._large = None
