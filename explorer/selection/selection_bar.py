"""What can be done with a selection: a bar of actions, the rest of them behind » where there is no room."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolBar, QToolButton, QWidget

from explorer.toolkit.descriptions import allow
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.plain_text import name_action
from explorer.workspace.spot import FEW, MANY, NO_FILES

# name: (text, tooltip); a bar of one
ACTIONS = {
    "near": ("Nearest", "Select the images nearest to one of them, to the cursor or to their mean"),
    "mean": ("Go to the mean", "The cursor goes to the mean of their codes: what these images have in common"),
    "group": ("Class", "Make these images a class of their own, to colour by; or take one of yours"),
    "copy": ("Copy files…", "Copy their files to a folder; none that is there is written over"),
    "move": ("Move files…", "Move their files to a folder; you are asked once, and they can be put back"),
    "export": ("Export CSV…", "A table of file, class, code and whatever else is known of each"),
}
NONE_SELECTED = "Select images first."
NO_GROUPS = "No class of yours yet"


class SelectionBar(QToolBar):
    """Signals speak of the whole selection; of one image only those that name it."""

    mean_clicked = Signal()
    copy_clicked = Signal()
    move_clicked = Signal()
    export_clicked = Signal()
    near_image_clicked = Signal(int)  # how many
    near_cursor_clicked = Signal(int)
    near_mean_clicked = Signal(int)
    group_clicked = Signal()  # make one of the selection
    group_chosen = Signal(str, str)  # its name; "replace", "add" or "subtract"
    group_rename_clicked = Signal(str)
    group_forget_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Selection", parent)
        self._count = 0
        self.setMovable(False)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.actions_by_name = {name: self._action(name) for name in ACTIONS}
        self._image = ""
        self._groups: tuple[str, ...] = ()
        self._menus = {"near": QMenu(self), "group": QMenu(self)}
        for name, menu in self._menus.items():
            self._give_menu(name, menu)
        self._fill_near()
        self.show_groups(())
        for name in ("mean", "copy", "move", "export"):
            self.actions_by_name[name].triggered.connect(getattr(self, f"{name}_clicked"))

    def show_state(self, count: int, has_files: bool) -> None:
        """What can be done with so many images."""
        for name in ("mean", "export"):
            allow(self.actions_by_name[name], "" if count else NONE_SELECTED)
        for name in ("copy", "move"):
            action = self.actions_by_name[name]
            allow(action, NONE_SELECTED if not count else "" if has_files else NO_FILES)
        self._count = count
        allow(self._make, "" if count else NONE_SELECTED)

    def show_image(self, name: str) -> None:
        """Which image "nearest to it" means; empty: none."""
        if name != self._image:
            self._image = name
            self._fill_near()

    def show_groups(self, groups: Sequence[str]) -> None:
        """The classes that were made here."""
        self._groups = tuple(groups)
        menu = self._menus["group"]
        menu.clear()
        self._make = menu.addAction("Make the selection a class…", self.group_clicked.emit)
        allow(self._make, "" if self._count else NONE_SELECTED)
        menu.addSeparator()
        for name in self._groups:
            group = menu.addMenu("")
            name_action(group.menuAction(), drawable(name))
            self._add_group(group, name)
        if not self._groups:
            menu.addAction(NO_GROUPS).setEnabled(False)

    def _action(self, name: str) -> QAction:
        text, tip = ACTIONS[name]
        action = self.addAction(text)
        action.setIconText(text)
        action.setToolTip(tip)
        self._button(action).setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if name == "group":
            self.addSeparator()
        return action

    def _button(self, action: QAction) -> QToolButton:
        button = self.widgetForAction(action)
        assert isinstance(button, QToolButton)
        return button

    def _give_menu(self, name: str, menu: QMenu) -> None:
        action = self.actions_by_name[name]
        action.setMenu(menu)
        self._button(action).setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _fill_near(self) -> None:
        menu = self._menus["near"]
        menu.clear()
        for count in (FEW, MANY) if self._image else ():
            action = menu.addAction("")
            action.triggered.connect(lambda _=False, count=count: self.near_image_clicked.emit(count))
            name_action(action, f"{drawable(self._image)} and the {count} nearest to it")
        menu.addSeparator()
        menu.addAction(f"The {MANY} nearest to the cursor", lambda: self.near_cursor_clicked.emit(MANY))
        menu.addAction(f"The {MANY} nearest to their mean", lambda: self.near_mean_clicked.emit(MANY))

    def _add_group(self, menu: QMenu, name: str) -> None:
        menu.addAction("Select", lambda: self.group_chosen.emit(name, "replace"))
        menu.addAction("Add to the selection", lambda: self.group_chosen.emit(name, "add"))
        menu.addAction("Take out of the selection", lambda: self.group_chosen.emit(name, "subtract"))
        menu.addSeparator()
        menu.addAction("Rename…", lambda: self.group_rename_clicked.emit(name))
        menu.addAction("Forget this class", lambda: self.group_forget_clicked.emit(name))
