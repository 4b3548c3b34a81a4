"""The list on the map's second bar from which to choose what lies behind the dots."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from explorer.toolkit.descriptions import allow_choice, describe
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.properties import having

# kind: (text, tooltip, whether it needs a plane)
BACKDROPS = {
    "none": ("None", "Only the dots", False),
    "tiles": ("Decoded pictures", "What the model decodes at each place (G does the same)", False),
    "density": (
        "Density of codes",
        "How many codes lie in a square unit of the map, smoothed (Scott's rule)",
        False,
    ),
    "error": (
        "Expected error",
        "Mean reconstruction error, in nats, of the eight images nearest in latent space",
        False,
    ),
    "change": (
        "Picture change",
        "How fast the decoded picture changes: the norm of the decoder's Jacobian along the two axes",
        True,
    ),
}
NO_PLANE = "UMAP has no directions: show a plane first"
_LETTERS, _LEAST = 13, 70  # letters in the box; pixels across it


class BackdropChoice(QWidget):
    """Says what was chosen; shows what is."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = having(QComboBox(), focusPolicy=Qt.FocusPolicy.TabFocus)
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(_LETTERS)
        self._box.setMinimumWidth(_LEAST)
        for kind, (text, tip, _) in BACKDROPS.items():
            self._box.addItem(text, kind)
            self._box.setItemData(self._box.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self._box.view().setMinimumWidth(self._box.view().sizeHintForColumn(0) + 24)
        describe(self._box, "Backdrop", "What lies behind the dots  (K)")
        label = QLabel("Backdrop")
        label.setBuddy(self._box)
        row = having(QHBoxLayout(self), spacing=6)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self._box)
        self._box.activated.connect(lambda index: self.chosen.emit(self._box.itemData(index)))

    @property
    def kind(self) -> str:
        """What is chosen: one of BACKDROPS."""
        return str(self._box.currentData())

    def show_kind(self, kind: str) -> None:
        """What lies behind the dots now."""
        self._box.setCurrentIndex(self._box.findData(kind))

    def show_plane(self, is_exact: bool) -> None:
        """Whether the map shows a plane, or a projection that knows no directions."""
        for index, (_, tip, needs_plane) in enumerate(BACKDROPS.values()):
            can_be = is_exact or not needs_plane
            allow_choice(self._box, index, can_be)
            self._box.setItemData(index, plain_tip(tip if can_be else NO_PLANE), Qt.ItemDataRole.ToolTipRole)

    def open(self) -> None:
        """Show the list, for a key."""
        self._box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._box.showPopup()
