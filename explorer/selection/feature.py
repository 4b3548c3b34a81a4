"""The selection: how it is made, listed and searched, and what is done with it."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from core.exploration import Indices
from explorer.selection.questions import Questions
from explorer.selection.search_dialog import SearchDialog
from explorer.selection.spot_actions import offer_selecting
from explorer.shell.actions import ANY_MAP, SELECTION, Entry
from explorer.shell.docks import BOTTOM
from explorer.shell.shell import Shell
from explorer.toolkit.file_manager import open_folder
from explorer.workspace.spot import FEW, MANY, Spot
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from explorer.selection.controller import Listing
    from explorer.selection.file_gathering import Gathering
    from explorer.selection.panel import SelectionPanel
    from explorer.workspace.place_in_hand import Table

WORDS = "The pictures you chose with the lasso or the box, and what to do with them."
NEED = (SELECTION,)
UNUSUAL_TIP = "Select the images that have the fewest like them"
CLASS_TIP, MEAN_TIP = "A class of your own, to colour by", "The cursor goes to the mean of their codes"
DUPLICATES_TIP = "Select the images whose picture another image shows too"
EXPORT_TIP = "As CSV: file, class, code, columns"
OPEN_TIP = "The images selected: a list, and what to do with them"
ALL = Entry("&Edit", "select_all", "Select &all images", "Ctrl+A", "Every image of the set", (ANY_MAP,))
NO_IMAGE = Entry("&Edit", "select_none", "Select &none", "Ctrl+Shift+A", "No image; Esc on the map does the same", NEED)
INVERT = Entry("&Edit", "invert", "&Invert the selection", "Ctrl+Alt+I", "All images that are not selected", (ANY_MAP,))
FIND = Entry(
    "&Edit", "find_image", "&Find an image…", "Ctrl+F", "Go to the dot of a file by a part of its name", (ANY_MAP,)
)
COPY = Entry(
    "&File", "copy_files", "Copy selected &files…", "", "Copy the files of the selected images to a folder", NEED
)
MOVE = Entry("&File", "move_files", "Mo&ve selected files…", "", "Move them to a folder; you are asked once", NEED)
EXPORT = Entry("&File", "export_selection", "&Export the selection…", "Ctrl+Shift+E", EXPORT_TIP, NEED)
OPEN = Entry("&Explore", "selection", "&Selection", "F5", OPEN_TIP)
UNUSUAL = Entry("&Explore", "unusual", "Most &unusual images", "Ctrl+U", UNUSUAL_TIP, (ANY_MAP,))
TEN_UNUSUAL = Entry(
    "&Explore",
    "ten_unusual",
    "T&he 10 most unusual",
    "Ctrl+Shift+U",
    "The 10 that have the fewest like them",
    (ANY_MAP,),
)
DUPLICATES = Entry("&Explore", "duplicates", "Duplicate i&mages", "", DUPLICATES_TIP, (ANY_MAP,))
MEAN = Entry("&Explore", "mean", "Go to the m&ean of the selection", "", MEAN_TIP, NEED)
GROUP = Entry("&Explore", "group", "Ma&ke the selection a class…", "", CLASS_TIP, NEED)


class Selection:
    """Joins the panel, the search and the files to what is selected."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        selecting = workspace.selecting
        self._questions = Questions(shell, lambda: len(selecting.indices))
        self._search = SearchDialog(workspace, shell)
        shell.docks.add("Selection", BOTTOM, self._make, WORDS)
        add = shell.actions.add
        add(ALL, selecting.choose_all)
        add(NO_IMAGE, selecting.choose_none)
        add(INVERT, selecting.invert)
        add(FIND, self._search.open)
        add(COPY, lambda: self._gather(moves=False))
        add(MOVE, lambda: self._gather(moves=True))
        add(EXPORT, self._export)
        add(OPEN, self._open)
        add(UNUSUAL, lambda: self._choose_unusual(MANY))
        add(TEN_UNUSUAL, lambda: self._choose_unusual(FEW))
        add(DUPLICATES, self._choose_duplicates)
        add(MEAN, selecting.find_mean)
        add(GROUP, self._make_group)
        offer_selecting(workspace, shell, self._choose_near, lambda spot: self._large_pictures.open(spot.index))

    def _open(self) -> None:
        self._shell.docks.bring_forward("Selection")

    # the panel

    def _make(self) -> QWidget:
        from explorer.selection.controller import Listing
        from explorer.selection.file_gathering import Gathering
        from explorer.selection.large_pictures import LargePictures
        from explorer.selection.panel import SelectionPanel

        workspace, shell = self._workspace, self._shell
        self._panel = panel = SelectionPanel()
        self._listing = listing = Listing(workspace.exploring, workspace.viewing, workspace.unusual, shell)
        self._gathering = Gathering(shell)
        self._large_pictures = LargePictures(shell.window, workspace.viewing, listing)
        self._large_pictures.stepped.connect(panel.step)
        self._join_choosing(panel)
        self._join_bar(panel)
        self._join_list(panel, listing)
        self._join_files(panel, self._gathering)
        for each in (listing, self._gathering):
            shell.closing.connect(each.stop)
        return panel

    def _join_choosing(self, panel: "SelectionPanel") -> None:
        workspace, selecting, trigger = self._workspace, self._workspace.selecting, self._shell.actions.trigger
        beginnings = {
            "lasso": lambda: trigger("lasso"),
            "near": lambda: selecting.choose_near_cursor(),
            "unusual": lambda: trigger("unusual"),
            "duplicates": lambda: trigger("duplicates"),
            "find": self._search.open,
        }
        panel.beginning_chosen.connect(lambda key: beginnings[key]())
        panel.filter_chosen.connect(selecting.set_filter)
        panel.image_chosen.connect(workspace.go_to_image)
        panel.image_chosen.connect(self._large_pictures.follow)
        panel.image_opened.connect(self._large_pictures.open)
        panel.near_image_requested.connect(lambda index, count: self._choose_near(Spot(index), count))
        panel.menu_requested.connect(self._open_menu)
        workspace.image_reached.connect(panel.show_current)
        selecting.shown.connect(lambda *_: panel.show_filter(selecting.is_filter))
        selecting.failed.connect(panel.show_failure)
        panel.show_filter(selecting.is_filter)

    def _join_bar(self, panel: "SelectionPanel") -> None:
        bar, selecting = panel.bar, self._workspace.selecting
        bar.near_cursor_clicked.connect(selecting.choose_near_cursor)
        bar.near_mean_clicked.connect(selecting.choose_near_mean)
        bar.mean_clicked.connect(selecting.find_mean)
        bar.group_clicked.connect(self._make_group)
        bar.group_chosen.connect(selecting.choose_group)
        bar.group_rename_clicked.connect(self._rename_group)
        bar.group_forget_clicked.connect(selecting.forget_group)
        selecting.groups_changed.connect(lambda groups: panel.show_groups([each.name for each in groups]))
        panel.show_groups([each.name for each in self._workspace.exploring.now.groups])

    def _join_list(self, panel: "SelectionPanel", listing: "Listing") -> None:
        workspace = self._workspace
        panel.order_chosen.connect(listing.sort_by)
        panel.thumbnails_wanted.connect(listing.read_thumbnails)
        listing.listed.connect(panel.show_listed)
        listing.progressed.connect(panel.show_busy)
        listing.thumbnails_read.connect(panel.take_thumbnails)
        listing.thumbnails_lost.connect(panel.forget_thumbnails)
        listing.failed.connect(panel.show_failure)
        workspace.unusual.failed.connect(panel.show_failure)
        workspace.follow_any_map(listing.show_map, listing.clear)
        workspace.follow_any_map(self._show_map, lambda: panel.show_map(False, False))
        workspace.follow_images(listing.show_images)
        self._shell.docks.when_seen("Selection", listing.watch)

    def _join_files(self, panel: "SelectionPanel", gathering: "Gathering") -> None:
        panel.bar.copy_clicked.connect(lambda: self._gather(moves=False))
        panel.bar.move_clicked.connect(lambda: self._gather(moves=True))
        panel.bar.export_clicked.connect(self._export)
        panel.line.cancel_clicked.connect(gathering.cancel)
        panel.line.put_back_clicked.connect(gathering.put_back)
        panel.line.folder_clicked.connect(open_folder)
        gathering.progressed.connect(panel.line.show_progress)
        gathering.done.connect(panel.line.show_done)
        gathering.failed.connect(panel.line.show_failure)

    def _show_map(self, _: object, __: "Table") -> None:
        self._panel.show_map(True, self._workspace.folder is not None)

    def _open_menu(self, index: int, marked: Indices, at: QPoint) -> None:
        """On an image of the wall, others of which may be marked."""
        selecting, words = self._workspace.selecting, "choice on the wall"
        these = f"these {len(marked):,}" if len(marked) > 1 else "this one"
        more = (
            (f"Select only {these}", lambda: selecting.choose(words, marked, "replace")),
            (f"Take {these} out of the selection", lambda: selecting.choose(words, marked, "subtract")),
        )
        self._shell.spots.open(Spot(index), at, more)

    # what is asked for

    def _choose_unusual(self, count: int) -> None:
        self._open()
        self._panel.sort_by("unusual")
        self._workspace.selecting.choose_unusual(count)

    def _choose_duplicates(self) -> None:
        self._open()
        self._panel.sort_by("twins")
        image_set = self._workspace.viewing.image_set
        self._workspace.selecting.choose_duplicates(None if image_set is None else image_set.twins)

    def _choose_near(self, spot: Spot, count: int) -> None:
        """An image or a place, and those nearest to it."""
        self._shell.docks.make("Selection")
        self._workspace.go_to(spot)
        self._panel.sort_by("cursor")
        if spot.is_image:
            self._workspace.selecting.choose_near_image(spot.index, count)
        else:
            self._workspace.selecting.choose_near_place(spot.z, count)

    def _make_group(self) -> None:
        taken = {each.name for each in self._workspace.exploring.now.groups}
        if name := self._questions.ask_group(taken):
            self._workspace.selecting.make_group(name)

    def _rename_group(self, name: str) -> None:
        taken = {each.name for each in self._workspace.exploring.now.groups} - {name}
        if other := self._questions.ask_other_name(name, taken):
            self._workspace.selecting.rename_group(name, other)

    def _gather(self, moves: bool) -> None:
        """Copy or move the files to a folder that is chosen."""
        self._shell.docks.make("Selection")
        workspace, viewing = self._workspace, self._workspace.viewing
        is_archive = viewing.image_set is not None and bool(viewing.image_set.unpacked)
        if why_not := self._questions.why_no_files(workspace.folder, is_archive and moves):
            self._open()
            self._panel.line.show_failure(why_not)
        elif workspace.folder is not None and (chosen := self._questions.ask_folder(workspace.folder, moves)):
            self._gathering.gather(
                workspace.folder, viewing.table.names, workspace.selecting.indices, Path(chosen), moves
            )

    def _export(self) -> None:
        """Write a table of the selection."""
        self._shell.docks.make("Selection")
        space, table, indices = (
            self._workspace.viewing.latent_space,
            self._workspace.viewing.table,
            self._workspace.selecting.indices,
        )
        codes = np.zeros((len(table.names), 0), np.float32) if space is None else space.codes
        if len(indices) and (chosen := self._questions.ask_table()):
            self._gathering.export(Path(chosen), self._listing.in_order(indices), codes, table)
