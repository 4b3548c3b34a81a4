"""All settings but the first: under headings, as tall as there is room, found by a few letters."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from explorer.toolkit.descriptions import describe
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone
from explorer.training.config_field import ConfigField, add_row, settings_form, words_of

NONE_FOUND = "No setting here is called that, or does that."
LEAST_HEIGHT = 84  # two rows and a heading: less is a slit


class AdvancedSettings(QScrollArea):
    """Headings and their settings; `search` is the field that stands above, whoever lays it out."""

    def __init__(self, sections: Mapping[str, Sequence[ConfigField]], parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(LEAST_HEIGHT)
        self.search = QLineEdit(placeholderText="Find a setting", clearButtonEnabled=True)
        describe(self.search, "Find a setting", "A part of its name, of what it does, or of what can be chosen")
        self.search.textChanged.connect(self._filter)
        self._nothing = having(QLabel(NONE_FOUND, wordWrap=True), visible=False)
        set_tone(self._nothing, "quiet")
        self._sections: list[tuple[QLabel, QFormLayout, Sequence[ConfigField]]] = []
        self._lay_out(sections)

    def show_complaints(self) -> None:
        """What must be mended is seen, whatever is searched for, and below what is typed all that is said of it."""
        self._filter()
        fields = (field for _, _, fields in self._sections for field in fields)
        if (typed := next((field for field in fields if field.control.hasFocus()), None)) and typed.complaint.text():
            QTimer.singleShot(0, typed.complaint, lambda: self.ensureWidgetVisible(typed.complaint, 0, 4))

    def bring_into_view(self, field: ConfigField) -> None:
        """Scroll to a setting, one that the search had left out too."""
        if not self._is_wanted(field):
            self.search.clear()
        # What was shown a moment ago has its place only when its layout has come round to it.
        QTimer.singleShot(0, field.control, lambda: self.ensureWidgetVisible(field.control))

    def _lay_out(self, sections: Mapping[str, Sequence[ConfigField]]) -> None:
        content = QWidget()
        column = having(QVBoxLayout(content), spacing=8)
        column.setContentsMargins(0, 0, 4, 4)
        column.addWidget(self._nothing)
        for title, fields in sections.items():
            heading = QLabel(f"<b>{title}</b>", textFormat=Qt.TextFormat.RichText)
            form = settings_form()
            for field in fields:
                add_row(form, field)
            column.addWidget(heading)
            column.addLayout(form)
            self._sections.append((heading, form, fields))
        column.addStretch()
        self.setWidget(content)

    def _filter(self) -> None:
        is_any = False
        for heading, form, fields in self._sections:
            wanted = [self._is_wanted(field) for field in fields]
            for field, is_wanted in zip(fields, wanted, strict=True):
                form.setRowVisible(field.row, is_wanted)
            heading.setVisible(any(wanted))
            is_any |= any(wanted)
        self._nothing.setVisible(not is_any)

    def _is_wanted(self, field: ConfigField) -> bool:
        return bool(field.complaint.text()) or all(
            word in words_of(field) for word in self.search.text().lower().split()
        )
