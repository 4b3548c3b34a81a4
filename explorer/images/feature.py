"""Images: a folder or a named set is chosen, read, and shown with what was left out."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from explorer.images.fit_dialog import MOST_ROWS, FitDialog
from explorer.images.fit_previews import Background, FitQuestion, Fitting
from explorer.images.intake_rows import duplicates_in_words
from explorer.images.named_sets_menu import OfferedSet
from explorer.images.panel import ImagesPanel
from explorer.shell.actions import IMAGES, Entry
from explorer.shell.docks import LEFT
from explorer.shell.shell import Shell
from explorer.shell.spot_menu import NOT_ON_THE_MAP
from explorer.toolkit.file_manager import show_file
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence
from explorer.workspace.run_in_hand import BUSY
from explorer.workspace.spot import Spot
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from core.images.image_set import ImageSet

SAMPLE = 48  # thumbnails
SAID = 8  # duplicates named when the mouse rests on their number
TABLES = "Tables (*.csv *.tsv *.txt *.jsonl *.xlsx);;All files (*)"
ARCHIVES = "ZIP archives (*.zip);;All files (*)"
WORDS = (
    "The pictures a model learns from: open a folder, or take the set of drawn faces that is there already. What could "
    "not be used is listed with the reason."
)
OPEN_FOLDER = Entry("&File", "open_folder", "&Open folder…", "Ctrl+O", "Choose a folder of images to learn from")
OPEN_ARCHIVE = Entry(
    "&File", "open_archive", "Open a &ZIP of images…", "", "Choose a ZIP archive of images to learn from"
)
READ_ANEW = Entry(
    "&File", "read_anew", "Read everything ane&w", "", "Decode every file of the images in hand once more", (IMAGES,)
)


class Images:
    """Asks for images on behalf of one workspace, and shows those in hand."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        self._fitting, self._listing = Fitting(shell), LatestOnly(_named_sets, shell)
        self._listing.answered.connect(lambda _, found: self._panel.show_named_sets(found))
        self._listing.failed.connect(lambda _, error: shell.say(sentence(error)))
        shell.actions.add(OPEN_FOLDER, self.open_folder)
        shell.actions.add(OPEN_ARCHIVE, self.open_archive)
        shell.actions.add(READ_ANEW, workspace.read_anew)
        shell.docks.add("Images", LEFT, self._make, WORDS)
        shell.status.skipped_clicked.connect(self.show_skipped)
        shell.closing.connect(self._fitting.stop)
        shell.closing.connect(self._listing.stop)

    def open_folder(self) -> None:
        """Choose a folder of images."""
        if folder := self._shell.files.open_folder("images", "Open a folder of images", self._source):
            self._workspace.open(Path(folder))

    def open_archive(self) -> None:
        """Choose a ZIP archive of images."""
        if chosen := self._shell.files.open_file("images", "Open a ZIP of images", ARCHIVES, self._source):
            self._workspace.open(Path(chosen))

    def show_skipped(self) -> None:
        """Bring the list of files that are not used into view."""
        self._shell.docks.bring_forward("Images")
        self._panel.show_skipped()

    def _make(self) -> QWidget:
        self._panel = ImagesPanel()
        self._join_wishes(self._panel)
        self._join_reading(self._panel)
        self._shell.at_leisure(self._list_named_sets)
        return self._panel

    def _join_wishes(self, panel: ImagesPanel) -> None:
        workspace, wish = self._workspace, self._workspace.images_wished
        panel.open_folder_clicked.connect(self.open_folder)
        panel.named_set_chosen.connect(workspace.open_source)
        panel.download_chosen.connect(workspace.download)
        panel.cancel_clicked.connect(workspace.learning.cancel)
        panel.read_anew_clicked.connect(workspace.read_anew)
        panel.fit_clicked.connect(self._choose_fit)
        panel.table_clicked.connect(self._choose_table)
        panel.where_clicked.connect(self._find_lost)
        panel.metadata_chosen.connect(lambda table: wish.emit({"metadata": table}))
        panel.column_chosen.connect(lambda name, value: wish.emit({name: value}))
        panel.classes_chosen.connect(lambda column, place: wish.emit({"class_column": column, "classes_from": place}))
        panel.show_in_folder_requested.connect(self._show_in_folder)
        panel.duplicates_clicked.connect(lambda: self._shell.actions.trigger("duplicates"))
        panel.thumbnail_clicked.connect(self._go_to)
        panel.menu_requested.connect(self._open_menu)

    def _join_reading(self, panel: ImagesPanel) -> None:
        workspace, learning = self._workspace, self._workspace.learning
        learning.progressed.connect(panel.show_progress)
        learning.images_previewed.connect(panel.show_preview)
        learning.reading_failed.connect(panel.show_failure)
        learning.reading_failed.connect(lambda _: panel.offer_to_look(workspace.has_lost_images))
        learning.opening_failed.connect(lambda _: self._show_none())
        learning.state_changed.connect(lambda state: panel.allow_choices(state not in BUSY))
        learning.state_changed.connect(lambda _: self._show_none() if learning.is_opening else None)
        panel.allow_choices(learning.state not in BUSY)
        self._show_none()
        workspace.images_lost.connect(panel.show_nothing)
        workspace.images_kept.connect(panel.show_complaint)
        workspace.images_changed.connect(self._show_image_set)
        workspace.follow_any_map(lambda *_: panel.allow_duplicates(True), lambda: panel.allow_duplicates(False))

    def _show_none(self) -> None:
        """Say that there are no images, or none yet; with a run in hand, what is said of its images stays."""
        learning = self._workspace.learning
        if learning.image_set is None and learning.run is None:
            (self._panel.show_opening if learning.is_opening else self._panel.show_nothing)()

    # dialogs

    @property
    def _source(self) -> str:
        return self._workspace.source or ""

    def _choose_table(self) -> None:
        title = "A table of what is known of the images"
        if chosen := self._shell.files.open_file("table", title, TABLES, self._source):
            self._workspace.images_wished.emit({"metadata": chosen})

    def _find_lost(self) -> None:
        title = "Where are the images of this run now?"
        if folder := self._shell.files.open_folder("images", title, self._source):
            self._workspace.find_lost_images(Path(folder))

    def _choose_fit(self) -> None:
        """Show how the least square pictures become square; what is chosen goes the way of the form."""
        workspace, image_set = self._workspace, self._workspace.learning.image_set
        if image_set is None:
            return
        if (shown := self._shell.window.findChild(FitDialog)) is not None:
            shown.activateWindow()
            return
        found = map(image_set.path, image_set.intake.least_square[:MOST_ROWS])
        paths = tuple(path for path in found if path is not None)
        size, _, channels = image_set.shape

        def ask(background: Background) -> None:
            self._fitting.ask(FitQuestion(paths, size, 1 if channels == 1 else 3, background, image_set.images))

        dialog = FitDialog(workspace.images.fit, workspace.images.background, self._shell.window)
        dialog.show_files([path.name for path in paths])
        dialog.show_state(workspace.learning.state)
        dialog.background_chosen.connect(ask)
        dialog.decided.connect(
            lambda fit, background: workspace.images_wished.emit({"fit": fit, "background": background})
        )
        self._fitting.decoded.connect(dialog.show_squares)
        self._fitting.failed.connect(dialog.show_failure)
        workspace.learning.state_changed.connect(dialog.show_state)
        workspace.images_changed.connect(dialog.leave)
        ask(workspace.images.background)
        dialog.show()

    # one image

    def _show_in_folder(self, path: Any) -> None:
        image_set = self._workspace.learning.image_set
        if image_set is not None and image_set.folder is not None:
            show_file(image_set.folder / path)

    def _go_to(self, thumbnail: int) -> None:
        if (index := self._image_of(thumbnail)) >= 0:
            self._workspace.go_to_image(index)
        else:
            self._shell.say(NOT_ON_THE_MAP)

    def _open_menu(self, thumbnail: int, at: QPoint) -> None:
        self._shell.spots.open(Spot(self._image_of(thumbnail)), at)

    def _image_of(self, thumbnail: int) -> int:
        """Which image it shows; −1 where the map has not these images."""
        viewing, images = self._workspace.viewing, self._workspace.learning.image_set
        count = len(viewing.table.names)
        is_shown = images is not None and images is viewing.image_set and count == len(images)
        return int(sample_of(count)[thumbnail]) if is_shown else -1

    # what is shown

    def _show_image_set(self, image_set: "ImageSet") -> None:
        """Thumbnails, counts, what was left out, what was done to the files and can be chosen about it."""
        panel, workspace = self._panel, self._workspace
        counts = np.bincount(image_set.labels, minlength=len(image_set.classes)).tolist()
        panel.show_image_set(
            image_set.source,
            np.asarray(image_set.pixels[sample_of(len(image_set))]),
            image_set.shape,
            list(zip(image_set.classes, counts, strict=True)),
            int(image_set.held_out.sum()),
            image_set.skipped,
            image_set.joined,
        )
        self._shell.status.show_skipped(len(image_set.skipped))
        is_folder = Path(image_set.source).is_absolute()
        panel.show_intake(image_set.intake, image_set.joined, workspace.images, is_folder, image_set.tables)
        trouble = image_set.joined.trouble if image_set.joined else ""
        panel.show_complaint(image_set.amiss or trouble, is_of_table=True)
        self._show_duplicates(image_set)
        panel.offer_to_look(workspace.has_lost_images)
        self._list_named_sets()

    def _show_duplicates(self, image_set: "ImageSet") -> None:
        from core.images.duplicates import count_pictures, duplicates

        twins = np.arange(len(image_set)) if image_set.twins is None else image_set.twins
        said = "files" if Path(image_set.source).is_absolute() else "images"
        words = duplicates_in_words(len(twins), count_pictures(twins), image_set.count_learned_and_held_out(), said)
        some = [[image_set.names[index] for index in part[:SAID].tolist()] for part in duplicates(twins)[:SAID]]
        self._panel.show_duplicates(words, [" = ".join(names) for names in some])

    def _list_named_sets(self) -> None:
        self._listing.ask(None)


def _named_sets(_: None) -> list[OfferedSet]:
    """The sets that need no folder: here already, or to be downloaded; found in a thread, as it looks at the disk."""
    from core.images.named_sets.catalogue import list_named_sets

    return [
        OfferedSet(each.name, each.description, each.available, each.download_bytes, each.missing)
        for each in list_named_sets()
    ]


def sample_of(count: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Which of so many images are shown as thumbnails."""
    return np.linspace(0, count - 1, min(SAMPLE, count)).astype(np.int64)
