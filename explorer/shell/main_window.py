"""The window: docks, menus and shortcuts as tables; what each does is said in `wiring`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QChildEvent, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QMenu, QTabBar, QVBoxLayout, QWidget

from explorer.shell.bookmarks_menu import BookmarksMenu
from explorer.shell.bottom_area import BottomArea
from explorer.shell.menu_keys import MenuKeys
from explorer.shell.menus import ENTRIES, MENUS, SCHEMES, Entry
from explorer.shell.status_bar import StatusBar
from explorer.shell.window_geometry import place_window
from explorer.toolkit.descriptions import allow, wrap_tips
from explorer.toolkit.mouse_wheel import pass_wheel_on
from explorer.toolkit.plain_text import be_plain, name_action, plain_text
from explorer.toolkit.side_scroll import Narrowing
from explorer.workspace.settings import Settings

if TYPE_CHECKING:
    from explorer.features import Panels

LEFT, RIGHT, BOTTOM = (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
)
SIDES = 246, 340  # the least and the most that a side is wide at first
CENTRE = 710  # before it has that, the sides have no more than the least
ASIDE = ("Completion", "Compare", "Evaluation")  # docks that are not there until they are called
STATE_VERSION = 3  # of the docks: raised when their set changes, so that an old layout is not applied


class MainWindow(QMainWindow):
    """Docks around the map; emits what was dropped and when it closes, and knows nothing of models.

    Made empty, so that it can be seen at once; `furnish` then brings in the panels, whose plots take a moment to load.
    """

    closing = Signal()
    path_dropped = Signal(str)
    scheme_chosen = Signal(str)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.setWindowTitle("Latentscape")
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AllowTabbedDocks | QMainWindow.DockOption.AnimatedDocks)
        layout = settings.layout()
        place_window(self, None if layout is None else layout[0])

    def furnish(self, panels: "Panels") -> None:
        """Take the panels in, and make the menus and the shortcuts."""
        self.map, self.images, self.form = panels.map, panels.images, panels.form
        self.picture, self.sliders, self.reconstructions = panels.picture, panels.sliders, panels.reconstructions
        self.curves, self.findings, self.samples = panels.curves, panels.findings, panels.samples
        self.completion, self.compare, self.evaluation = panels.completion, panels.compare, panels.evaluation
        self.selection, self.traversals, self.directions = panels.selection, panels.traversals, panels.directions
        self.paths, self.draw = panels.paths, panels.draw
        self.status = StatusBar()
        self.setCentralWidget(self.map)
        self.setStatusBar(self.status)
        self._docks = self._make_docks()
        self._bottom = BottomArea(self, self._docks, STATE_VERSION)
        for label in self.findChildren(QLabel):  # whatever they come to say: the names that people give are in it
            be_plain(label)
        self.actions_by_name = {entry.name: self._make_action(entry) for entry in ENTRIES}
        self.recent = panels.make_recent(self.actions_by_name["all_runs"], self)
        self.bookmarks = BookmarksMenu(self)
        self._make_menus()
        wrap_tips(self)
        self._wire_bottom()
        self.show_undo("", "")
        self.form.unfolded.connect(self._give_room)
        self.form.sought.connect(lambda: self.bring_forward("Training"))
        self._space = QShortcut(QKeySequence(Qt.Key.Key_Space), self.map.focusProxy())  # on a button it presses it
        self._space.setContext(Qt.ShortcutContext.WidgetShortcut)
        self._space.activated.connect(self.actions_by_name["train"].trigger)
        # Not now: Qt shares out the room as it was before the window was laid out, and the map becomes a strip.
        QTimer.singleShot(0, self, self._restore_docks)

    def when(self, name: str, do: Callable[[], object]) -> None:
        """Do this when the action of that name is triggered."""
        self.actions_by_name[name].triggered.connect(lambda: do())

    def when_seen(self, title: str, do: Callable[[bool], object]) -> None:
        """Do this when a dock comes into view, or goes: behind another tab it is as visible as ever to itself."""
        self._docks[title].visibilityChanged.connect(do)

    def show_undo(self, undone: str, redone: str) -> None:
        """What the next undo and redo would do, in words; empty: there is nothing."""
        for name, verb, what in (("undo", "&Undo", undone), ("redo", "&Redo", redone)):
            action = self.actions_by_name[name]
            allow(action)
            name_action(action, what, before=f"{verb} " if what else verb)
            if not what:
                allow(action, f"There is nothing to {verb.replace('&', '').lower()}.")

    def choose_scheme(self, scheme: str) -> None:
        """As if it had been chosen in the menu."""
        self._schemes[scheme].trigger()

    def show_skipped(self) -> None:
        """Bring the list of files that are not used into view."""
        self.bring_forward("Images")
        self.images.show_skipped()

    def bring_forward(self, title: str) -> None:
        """Show a dock, in front of those that share its place."""
        self._docks[title].show()
        self._docks[title].raise_()

    def name_tab(self, title: str, words: str) -> None:
        """Other words on the tab of a dock."""
        self._docks[title].setWindowTitle(plain_text(words))

    def show_title(self, source: str | None) -> None:
        """Say in the title what is open."""
        title = source.replace("[*]", "[*][*]") if source else ""  # by which Qt means that something is changed
        self.setWindowTitle(f"{title} — Latentscape" if title else "Latentscape")

    def find_command(self) -> None:
        """Open the palette of all commands."""
        from explorer.shell.command_palette import CommandPalette

        CommandPalette(self._all_actions(), self).show()

    def explain(self) -> None:
        """Name every part of the window in place; once more takes the names away."""
        from explorer.shell.overlay import PARTS, Overlay, Part

        if (shown := self.findChild(Overlay)) is not None:
            shown.close()
            return
        parts = [Part(self.map, "The map", PARTS["Map"])]
        parts += [Part(dock.widget(), title, PARTS[title]) for title, dock in self._docks.items() if title in PARTS]
        Overlay([*parts, Part(self.status, "Status", PARTS["Status"])], self)

    def go_to_map(self) -> None:
        """Give the map the keyboard, and its room."""
        self.actions_by_name["large"].setChecked(False)
        self.map.setFocus()

    def put_back(self) -> None:
        """All panels where they were at first."""
        self.form.fold()
        self.actions_by_name["large"].setChecked(False)
        self.restoreState(self._first_places, STATE_VERSION)

    def _make_docks(self) -> dict[str, QDockWidget]:
        table = (
            ("Images", self.images, LEFT),
            ("Training", self.form, LEFT),
            ("Picture", self.picture, RIGHT),
            ("Latent dimensions", self.sliders, RIGHT),
            ("Curves", _stacked(self.curves, self.findings), BOTTOM),
            ("Selection", self.selection, BOTTOM),
            ("Traversals", self.traversals, BOTTOM),
            ("Directions", self.directions, BOTTOM),
            ("Paths", self.paths, BOTTOM),
            ("Draw", self.draw, BOTTOM),
            ("Reconstructions", self.reconstructions, BOTTOM),
            ("Samples", self.samples, BOTTOM),
            ("Completion", self.completion, BOTTOM),
            ("Compare", self.compare, BOTTOM),
            ("Evaluation", self.evaluation, BOTTOM),
        )
        docks = {title: self._make_dock(title, panel, area) for title, panel, area in table}
        for title in [title for title, _, area in table if area == BOTTOM][1:]:
            self.tabifyDockWidget(docks["Curves"], docks[title])
        for title in ASIDE:
            docks[title].hide()
        docks["Curves"].raise_()
        self.setCorner(Qt.Corner.BottomLeftCorner, LEFT)
        self.setCorner(Qt.Corner.BottomRightCorner, RIGHT)
        return docks

    def _make_dock(self, title: str, panel: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(title)
        dock.setWidget(Narrowing(panel) if area == BOTTOM else panel)
        self.addDockWidget(area, dock)
        return dock

    def _give_room(self, to_form: bool) -> None:
        """The training form takes what the images above it can spare, and gives it back."""
        images, form = self._docks["Images"], self._docks["Training"]
        if self.dockWidgetArea(images) != self.dockWidgetArea(form) or images in self.tabifiedDockWidgets(form):
            return
        if to_form:
            self._shared = images.height(), form.height()
        form.layout().activate()  # how tall it must be is asked now, and known only when it is laid out
        both = images.height() + form.height()
        heights = [1, both] if to_form else [max(1, both * part // sum(self._shared)) for part in self._shared]
        self.resizeDocks([images, form], heights, Qt.Orientation.Vertical)

    def _make_action(self, entry: Entry) -> QAction:
        action = QAction(entry.text, self)
        action.setCheckable(entry.is_toggle)
        action.setShortcuts([QKeySequence(keys) for keys in entry.shortcut.split("; ")])
        action.setStatusTip(entry.tip)
        action.setToolTip(entry.tip)
        return action

    def _make_menus(self) -> None:
        menus = {title: self.menuBar().addMenu(title) for title in MENUS}
        self._menus = menus  # a menu that only Qt knows may die with the next wrapper of it
        for menu in menus.values():
            menu.setToolTipsVisible(True)  # an entry that is off says why
        for entry in ENTRIES:
            menus[entry.menu].addAction(self.actions_by_name[entry.name])
        menus["&File"].insertMenu(self.actions_by_name["all_runs"], self.recent)
        menus["&Map"].addActions(list(self.map.actions_by_name.values()))
        menus["&Explore"].addSeparator()
        menus["&Explore"].addMenu(self.bookmarks)
        view = menus["&View"]
        view.addSeparator()
        for dock in self._docks.values():
            view.addAction(dock.toggleViewAction())
        view.addSeparator()
        self._add_schemes(view.addMenu("&Colours"))
        keys = MenuKeys(self)
        for menu in self.findChildren(QMenu):
            keys.watch(menu)

    def _wire_bottom(self) -> None:
        large = self.actions_by_name["large"]
        large.toggled.connect(self._bottom.enlarge)
        self._bottom.large_asked.connect(large.toggle)
        for bar in self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            self._bottom.take_tabs(bar)

    def _add_schemes(self, menu: QMenu) -> None:
        group = QActionGroup(self)
        self._schemes = {scheme: menu.addAction(text) for scheme, text in SCHEMES}
        for scheme, action in self._schemes.items():
            action.setCheckable(True)
            action.setChecked(scheme == self._settings.scheme())
            action.triggered.connect(lambda _=False, chosen=scheme: self.scheme_chosen.emit(chosen))
            group.addAction(action)

    def _all_actions(self) -> list[QAction]:
        in_menus = [action for top in self.menuBar().actions() for action in _actions_in(top.menu())]
        return [*in_menus, *self.form.setting_actions]

    def _restore_docks(self) -> None:
        self._share_out_room()
        self._first_places = self.saveState(STATE_VERSION)
        if (layout := self._settings.layout()) is not None:
            self.restoreState(layout[1], STATE_VERSION)

    def _share_out_room(self) -> None:
        """All of Train, and a picture as large as its side is wide, on whatever screen."""
        docks, across, down = self._docks, Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        least, most = SIDES
        side = min(most, max(least, (self.width() - CENTRE) // 2))
        height = docks["Images"].height() + docks["Training"].height()
        form = docks["Training"].sizeHint().height()
        dimensions = max(1, min(184, height // 4))
        self.resizeDocks([docks["Images"], docks["Picture"]], [side, side], across)
        self.resizeDocks([docks["Curves"]], [max(1, min(250, height // 3))], down)
        self.resizeDocks([docks["Images"], docks["Training"]], [max(1, height - form), form], down)
        self.resizeDocks(
            [docks["Picture"], docks["Latent dimensions"]], [max(1, height - dimensions), dimensions], down
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Qt: take one local file or folder."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt: say what was dropped."""
        self.path_dropped.emit(next(url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()))

    def childEvent(self, event: QChildEvent) -> None:
        """Qt: a panel or a dialog is seen for the first time, or the tabs that Qt makes for docks."""
        super().childEvent(event)
        if event.type() != QEvent.Type.ChildPolished or not isinstance(child := event.child(), QWidget):
            return
        pass_wheel_on(child)
        if isinstance(child, QTabBar) and hasattr(self, "_space"):
            self._bottom.take_tabs(child)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt: keep the layout, and let the session save."""
        if hasattr(self, "form"):
            self.form.fold()  # as it is found at the next start
        self._settings.remember_layout(self.saveGeometry(), self._bottom.state)
        self.closing.emit()
        super().closeEvent(event)


def _actions_in(menu: QMenu) -> list[QAction]:
    """All that can be done in a menu and in those that open from it."""
    found = [_actions_in(action.menu()) if action.menu() else [action] for action in menu.actions()]
    return [action for part in found for action in part]


def _stacked(above: QWidget, below: QWidget) -> QWidget:
    """Two panels in one dock; the lower is as high as it needs to be."""
    both = QWidget()
    column = QVBoxLayout(both, spacing=0)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(above, 1)
    column.addWidget(below)
    return both
