"""The row of buttons over the map: its tools, what it shows, as what it decodes, and by what it is coloured."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QMenu, QToolButton, QWidget

from explorer.map.actions import ACTIONS
from explorer.map.icons import SIDE, tool_icon
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.properties import having
from explorer.toolkit.wrapping_row import WrappingRow

_SHOW_TIP = "What is drawn on the map besides the dots"


class MapBar(QWidget):
    """Buttons for the actions; `choices` stand at its right end."""

    def __init__(
        self, actions: Mapping[str, QAction], choices: Sequence[QWidget], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        row = WrappingRow(self, spacing=2)
        row.setContentsMargins(6, 4, 6, 4)
        for name in _at("tool"):
            row.addWidget(self._button(name, has_icon=True))
        row.addSpacing(8)
        for name in _at("bar"):
            row.addWidget(self._button(name))
        show = self._show_button()
        row.addWidget(show)
        self._others = (show, *(box for each in choices for box in each.findChildren(QComboBox)))
        row.addStretch()
        for widget in choices:
            row.addSpacing(8)
            row.addWidget(widget)
        self._dress()

    def allow(self, why_not: str) -> None:
        """What is not one of the actions, which say it themselves."""
        for widget in self._others:
            allow(widget, why_not)

    def _button(self, name: str, has_icon: bool = False) -> QToolButton:
        button = having(QToolButton(), focusPolicy=Qt.FocusPolicy.TabFocus)
        button.setDefaultAction(self._actions[name])
        button.setAccessibleName(self._actions[name].text())
        if has_icon:
            button.setIconSize(QSize(SIDE, SIDE))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        return button

    def _show_button(self) -> QToolButton:
        button = having(QToolButton(), focusPolicy=Qt.FocusPolicy.TabFocus)
        button.setText("Show")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        describe(button, "Show", _SHOW_TIP)
        self._menu = QMenu(button)
        self._menu.setToolTipsVisible(True)
        self._menu.addActions([self._actions[name] for name in _at("show")])
        button.setMenu(self._menu)
        return button

    def _dress(self) -> None:
        for name in _at("tool"):
            self._actions[name].setIcon(tool_icon(name, self.palette()))

    def changeEvent(self, event: QEvent) -> None:
        """Icons in the colours of the new scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_menu"):
            self._dress()


def _at(place: str) -> list[str]:
    return [name for name, entry in ACTIONS.items() if entry.place == place]
