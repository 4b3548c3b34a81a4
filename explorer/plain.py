"""Names that people gave, shown as they are: no letter of them underlined as a shortcut, none read as a tag."""

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


def plain_text(name: str) -> str:
    """For an action, a button, a tab, or a label that has a buddy: "&" is one, not the mark of a shortcut."""
    return name.replace("&", "&&")


def plain_tip(text: str) -> str:
    """For a tooltip, which has no plain format: what could be taken for tags is written as what it looks like."""
    if "<" not in text and "&lt;" not in text:  # nothing that Qt would take for one
        return text
    return f"<p style='white-space: pre-wrap'>{html.escape(text)}</p>"


def plain_label(text: str = "", parent: QWidget | None = None, **settings: object) -> QLabel:
    """A label that shows its text as it is, whatever it holds."""
    label = QLabel(text, parent, **settings)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
