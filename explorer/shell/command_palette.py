"""Find any command by a few letters of its name."""

from collections.abc import Sequence
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QColor, QKeySequence, QPainter, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from explorer.toolkit.descriptions import MENU
from explorer.toolkit.floating_dialog import FloatingDialog, moves_in
from explorer.toolkit.properties import having
from explorer.toolkit.theme import muted

COMMAND = Qt.ItemDataRole.UserRole
ROWS_VISIBLE = 10


@dataclass(frozen=True, eq=False)
class Command:
    """What is said of an action, taken when the palette opens: the list that it is of may be filled anew meanwhile."""

    action: QAction
    words: str
    name: str
    path: str
    keys: str
    tip: str
    is_enabled: bool


class CommandPalette(FloatingDialog):
    """Type to filter, Enter to do, Esc to leave. Opens over its parent and is gone once closed."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__("Command palette", parent)
        self._edit = self._build_edit()
        self._list = self._build_list()
        self._nothing = QLabel("No command is called that.", alignment=Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self._edit)
        column.addWidget(self._list)
        column.addWidget(self._nothing)
        self.show_actions(actions)

    def show_actions(self, actions: Sequence[QAction]) -> None:
        """The commands to choose from; separators and submenus are left out, and so are repeats."""
        named = [action for action in dict.fromkeys(actions) if action.iconText() and not action.isSeparator()]
        self._commands = [_command(action) for action in named if action.menu() is None]
        self._filter(self._edit.text())

    def _filter(self, query: str) -> None:
        self._list.clear()
        scored = ((score(query, command.words, command.path), command) for command in self._commands)
        found = [(points, command) for points, command in scored if points is not None]
        for _, command in sorted(found, key=lambda each: -each[0]):
            self._list.addItem(_item(command))
        self._list.setVisible(bool(found))
        self._nothing.setVisible(not found)
        self._select_first()

    def _select_first(self) -> None:
        rows = range(self._list.count())
        enabled = (row for row in rows if self._list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled)
        self._list.setCurrentRow(next(enabled, -1))

    def _trigger(self) -> None:
        item = self._list.currentItem()
        action = item.data(COMMAND).action if item else None
        if action is None or not shiboken6.isValid(action) or not action.isEnabled():
            return
        self.accept()
        # After the palette is gone, so that what the command opens is not under it.
        QTimer.singleShot(0, action, action.trigger)

    def _build_edit(self) -> QLineEdit:
        edit = QLineEdit(placeholderText="Find a command")
        edit.setAccessibleName("Find a command")
        edit.setToolTip("Letters or words of the command's name or menu")
        edit.textChanged.connect(self._filter)
        edit.returnPressed.connect(self._trigger)
        edit.installEventFilter(self)
        return edit

    def _build_list(self) -> QListWidget:
        commands = having(QListWidget(), frameShape=QListWidget.Shape.NoFrame, uniformItemSizes=True)
        commands.setAccessibleName("Commands")
        commands.setToolTip("Enter or a click does the command")
        commands.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        commands.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        commands.setItemDelegate(_CommandPainter(commands))
        commands.itemClicked.connect(self._trigger)
        return commands

    def _place(self) -> None:
        row = self._list.sizeHintForRow(0) if self._list.count() else 30
        self.resize(560, min(ROWS_VISIBLE, max(self._list.count(), 3)) * row + self._edit.sizeHint().height() + 28)
        self.place_over_parent()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that move in the list work while the keyboard stays in the text."""
        return moves_in(self._list, event)

    def showEvent(self, event: QShowEvent) -> None:
        """Ready to type in, over the upper part of the window."""
        self._place()
        self._edit.setFocus()
        super().showEvent(event)


class _CommandPainter(QStyledItemDelegate):
    """The menu, quiet, and the name at the left; the shortcut at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, option.fontMetrics.height() + 14)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        command = index.data(COMMAND)
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if is_current:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(option.palette.highlight())
            painter.drawRoundedRect(option.rect, 5, 5)
        area = option.rect.adjusted(10, 0, -10, 0)
        quiet, loud = self._colours(option.palette, is_current, command.is_enabled)
        shortcut = command.keys
        painter.setPen(quiet)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, shortcut)
        prefix = f"{command.path}  ›  " if command.path else ""
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, prefix)
        painter.setPen(loud)
        used = option.fontMetrics.horizontalAdvance(prefix)
        room = area.width() - used - option.fontMetrics.horizontalAdvance(shortcut) - 16
        name = option.fontMetrics.elidedText(command.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(
            QRect(area.left() + used, area.top(), room, area.height()), Qt.AlignmentFlag.AlignVCenter, name
        )
        painter.restore()

    def _colours(self, palette: QPalette, is_current: bool, is_enabled: bool) -> tuple[QColor, QColor]:
        if not is_enabled:
            grey = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
            return grey, grey
        if is_current:
            return palette.highlightedText().color(), palette.highlightedText().color()
        return muted(palette), palette.text().color()


def menu_path(action: QAction) -> str:
    """The menus an action stands in, outermost first: "View › Colours"; what it says itself when in none."""
    menu = next((owner for owner in action.associatedObjects() if isinstance(owner, QMenu)), None)
    if menu is None:
        return str(action.property(MENU) or "")
    own = menu.menuAction()
    above = menu_path(own)
    return f"{above} › {own.iconText()}" if above else own.iconText()


def score(query: str, name: str, path: str) -> float | None:
    """How well the words of a query fit a command, None if one does not fit at all; order of the words is free."""
    total = 0.0
    for word in query.lower().split():
        best = max(2 * _fit(word, name.lower()), _fit(word, path.lower()))
        if best == 0:
            return None
        total += best
    return total


def _fit(word: str, text: str) -> float:
    """3 at the start of a word, 2 inside one, up to 1 for letters in order with gaps, 0 for none."""
    if any(part.startswith(word) for part in text.split()):
        return 3.0
    if word in text:
        return 2.0
    start, first = -1, None
    for letter in word:
        start = text.find(letter, start + 1)
        if start < 0:
            return 0.0
        first = start if first is None else first
    return len(word) / (start - (first or 0) + 1)


def _command(action: QAction) -> Command:
    name = f"✓ {action.iconText()}" if action.isChecked() else action.iconText()
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return Command(action, action.iconText(), name, menu_path(action), keys, action.toolTip(), action.isEnabled())


def _item(command: Command) -> QListWidgetItem:
    item = QListWidgetItem(command.name)
    item.setData(COMMAND, command)
    item.setToolTip(command.tip)
    if not command.is_enabled:
        item.setFlags(Qt.ItemFlag.NoItemFlags)
    return item
