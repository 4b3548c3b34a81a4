"""Names that people gave, shown as they are: no letter of them underlined as a shortcut, none read as a tag."""

import html

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel

_AS_IT_LOOKS = "<p style='white-space: pre-wrap'>"


def plain_text(name: str) -> str:
    """For an action, a button, a tab, or a label that has a buddy: "&" is one, not the mark of a shortcut."""
    return name.replace("&", "&&")


def plain_tip(text: str) -> str:
    """For a tooltip or a question, which may be rich text: what could be taken for tags, as what it looks like."""
    if text.startswith(_AS_IT_LOOKS) or (
        "<" not in text and "&lt;" not in text
    ):  # done, or nothing Qt would take for one
        return text
    return f"{_AS_IT_LOOKS}{html.escape(text)}</p>"


def name_action(action: QAction, name: str, before: str = "") -> None:
    """Its text, its text elsewhere than in a menu, and its tooltip, which Qt would make of the text.

    `before` are words of ours, their shortcut marked.
    """
    action.setText(before + plain_text(name))
    action.setIconText(before.replace("&", "") + name)
    action.setToolTip(plain_tip(action.iconText()))


def be_plain(label: QLabel) -> None:
    """Show the text of a label as it is; one that was said to be rich stays so."""
    if label.textFormat() == Qt.TextFormat.AutoText:
        label.setTextFormat(Qt.TextFormat.PlainText)
