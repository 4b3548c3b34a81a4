"""The window as features know it: docks, actions in their menus, status, files, saving, and the menu of a spot."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMessageBox, QTabBar, QWidget

from explorer.shell.actions import ANY_MAP, IMAGES, MODEL, SELECTION, Actions, Entry
from explorer.shell.bookmarks import Bookmarks
from explorer.shell.docks import STATE_VERSION, Docks, dress
from explorer.shell.file_dialogs import FileDialogs
from explorer.shell.history import History
from explorer.shell.main_window import MainWindow
from explorer.shell.overlay import Overlay, Part
from explorer.shell.preferences import Preferences
from explorer.shell.run_title import RunTitle
from explorer.shell.saving import SaveDialogs
from explorer.shell.spot_menu import SpotAction, SpotMenus
from explorer.workspace.spot import NOT_SEEN, Spot
from explorer.workspace.workspace import Workspace

STATUS = "What the model runs on, how fast it learns, and how long it still takes."
AT_LEISURE = 3_000  # milliseconds
LARGE = "Make &room below the map"
SETTINGS = "Where things are kept, the cache, the colours"
KEYS = "Then the arrow keys move the cursor"
GO = {"image": "Go there", "place": "Go there", "picture": ""}


class Shell(QObject):
    """One window over one workspace. Features are handed both; `put_together` comes when all of them have been."""

    closing = Signal()
    folding = Signal()  # what is large for a while becomes as it was: the layout is kept, or put back

    def __init__(self, window: MainWindow, workspace: Workspace) -> None:
        super().__init__(window)
        self.window, self._workspace = window, workspace
        window.setStatusBar(window.status)
        self.status, self.say = window.status, window.status.show_message
        self.actions, self.docks = Actions(window), Docks(window)
        self.files = FileDialogs(window, workspace.settings)
        self.saving = SaveDialogs(window, workspace, self.files, self.say)
        self.spots = SpotMenus(window, workspace, self.say)
        self._history = History(workspace.exploring, self.actions)
        self._bookmarks = Bookmarks(workspace, self.actions, self.spots, self.say)
        self._preferences = Preferences(window, workspace.settings)
        self._title = RunTitle(window, workspace)
        self._centre: Part | None = None
        self._more_commands: Sequence[QAction] = ()
        self.spots.offer(SpotAction("go", "see", lambda spot: GO[spot.kind], workspace.go_to, self._why_no_way))
        workspace.settings.not_kept.connect(self.say)
        window.closing.connect(self._close)
        window.leaving.connect(self._keep_layout)
        self._follow_workspace()

    def at_leisure(self, do: Callable[[], object]) -> None:
        """Do this some time after the start: it is not needed to open a run."""
        QTimer.singleShot(AT_LEISURE, self, do)

    def set_centre(self, panel: QWidget, title: str, words: str) -> None:
        """What the docks lie around; `words` say what it is to somebody new."""
        dress(panel)
        self.window.setCentralWidget(panel)
        self._centre = Part(panel, title, words)

    def add_below_centre(self, bar: QWidget) -> None:
        """A bar under what the docks lie around, as wide as that."""
        dress(bar)
        centre = self.window.centralWidget()
        column = centre.layout() if centre is not None else None
        assert column is not None, "there is nothing in the middle yet"
        column.addWidget(bar)

    def add_commands(self, actions: Sequence[QAction]) -> None:
        """The palette of commands finds these too, which are in no menu."""
        self._more_commands = (*self._more_commands, *actions)

    def commands(self) -> Sequence[QAction]:
        """All that the palette finds."""
        return (*self.actions.all(), *self._more_commands)

    def put_together(self, features: Sequence[object]) -> None:
        """These are all: the last entries, what is seen first, and where it was the last time."""
        self._features = features  # a signal does not keep alive what it is joined to
        self.window.path_dropped.connect(lambda path: self._workspace.open(Path(path)))
        self._bottom = self.docks.put_together()
        self._add_last()
        self.actions.watch_keys()
        for bar in self.window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            self._bottom.take_tabs(bar)
        self.window.tabs_made.connect(self._bottom.take_tabs)
        self.window.setUpdatesEnabled(False)  # it is not seen as Qt lays out what is empty
        # Not now: Qt shares out the room as it was before the window was laid out, and the map becomes a strip.
        QTimer.singleShot(0, self, self._restore_docks)
        self.docks.furnished.connect(self._place_docks)

    def go_to_map(self) -> None:
        """Give what is in the middle the keyboard, and its room."""
        self.actions["large"].setChecked(False)
        middle = self.window.centralWidget()
        assert middle is not None
        middle.setFocus()

    def put_back(self) -> None:
        """All panels where they were at first."""
        self.folding.emit()
        self.actions["large"].setChecked(False)
        self.window.restoreState(self._first_places, STATE_VERSION)

    def explain(self) -> None:
        """Name every part of the window in place; once more takes the names away."""
        if (shown := self.window.findChild(Overlay)) is not None:
            shown.close()
            return
        parts = [*([self._centre] if self._centre else []), *self.docks.parts(), Part(self.status, "Status", STATUS)]
        Overlay(parts, self.window)

    def find_command(self) -> None:
        """Open the palette of all commands."""
        from explorer.shell.command_palette import CommandPalette

        CommandPalette(self.commands(), self.window).show()

    def about(self) -> None:
        """Version and licence."""
        from core.version import app_version

        QMessageBox.about(
            self.window,
            "About Latentscape",
            f"<h3>Latentscape {app_version()}</h3><p>Teach a variational autoencoder your pictures, and walk through "
            "what it learned. Nothing leaves this machine.</p><p>MIT licence.</p>",
        )

    # inside

    def _add_last(self) -> None:
        """What stands at the end of its menu."""
        add, view = self.actions.add, self.actions.menu("&View")
        add(Entry("&File", "settings", "Se&ttings…", "Ctrl+,", SETTINGS), self._preferences.open)
        add(Entry("&File", "quit", "&Quit", "Ctrl+Q", "Save and leave"), self.window.close)
        large = add(Entry("&View", "large", LARGE, "F11", "It takes the map's room, or gives it back", is_toggle=True))
        large.toggled.connect(self._bottom.enlarge)
        self._bottom.large_asked.connect(large.toggle)
        add(
            Entry("&View", "put_back", "Put the &panels back", "", "All panels where they were at first"), self.put_back
        )
        add(Entry("&View", "focus_map", "Go to the &map", "Ctrl+M", KEYS, (ANY_MAP,)), self.go_to_map)
        view.addSeparator()
        view.addActions(self.docks.toggles())
        view.addSeparator()
        self._preferences.add_schemes(view.addMenu("&Colours"))
        self._bookmarks.add_menu()
        add(
            Entry("&Help", "overlay", "&What am I looking at?", "F1", "Every part of the window, named in place"),
            self.explain,
        )
        add(
            Entry("&Help", "palette", "Find a &command…", "Ctrl+K", "Search every command by its name"),
            self.find_command,
        )
        add(Entry("&Help", "about", "&About Latentscape", "", "Version and licence"), self.about)

    def _why_no_way(self, spot: Spot) -> str:
        """A map of pixels is one to go about on too."""
        why_not = self._workspace.why_nowhere(spot)
        return why_not if why_not == NOT_SEEN else ""

    def _follow_workspace(self) -> None:
        """What there is, of what actions need."""
        workspace, tell = self._workspace, self.actions.tell
        workspace.viewing.map_changed.connect(lambda *_: [tell(need, True) for need in (ANY_MAP, MODEL)])
        workspace.charting.charted.connect(lambda *_: tell(ANY_MAP, True))
        workspace.viewing.cleared.connect(lambda: [tell(need, False) for need in (ANY_MAP, MODEL)])
        workspace.images_changed.connect(lambda _: tell(IMAGES, True))
        workspace.images_lost.connect(lambda: tell(IMAGES, False))
        workspace.learning.run_opened.connect(lambda _: tell(IMAGES, False))  # until they are read
        workspace.selecting.shown.connect(lambda indices, _: tell(SELECTION, len(indices) > 0))

    def _restore_docks(self) -> None:
        self._place_docks()
        self.window.setUpdatesEnabled(True)

    def _place_docks(self) -> None:
        """Once while the panels are not there, and once more as they are."""
        self.docks.share_out_room()
        self._first_places = self.window.saveState(STATE_VERSION)
        if (layout := self._workspace.settings.layout()) is not None:
            self.window.restoreState(layout[1], STATE_VERSION)

    def _keep_layout(self) -> None:
        if hasattr(self, "_bottom"):
            self.folding.emit()
            self.window.keep_layout(self._bottom.state)

    def _close(self) -> None:
        """The run is saved first."""
        self._workspace.close()
        self.saving.stop()
        self._preferences.stop()
        self.closing.emit()
