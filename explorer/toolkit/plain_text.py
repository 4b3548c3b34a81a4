"""Names that people gave, shown as they are: no letter of them underlined as a shortcut, none read as a tag."""

import html
import textwrap
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel

LETTERS = 60  # in a line of a tooltip
_AS_IT_LOOKS = "<p style='white-space: pre-wrap'>"


def plain_text(name: str) -> str:
    """For an action, a button, a tab, or a label that has a buddy: "&" is one, not the mark of a shortcut."""
    return name.replace("&", "&&")


def plain_question(text: str) -> str:
    """For a question, which may be rich text: what could be taken for tags, as what it looks like."""
    if text.startswith(_AS_IT_LOOKS) or ("<" not in text and "&lt;" not in text):  # nothing Qt would take for a tag
        return text
    return f"{_AS_IT_LOOKS}{html.escape(text)}</p>"


def plain_tip(text: str) -> str:
    """The same for a tooltip, in lines of about sixty letters: Qt would make one as wide as the screen."""
    if text.startswith(_AS_IT_LOOKS):
        return text
    return plain_question("\n".join(map(_wrapped, text.split("\n"))))


@lru_cache(4096)  # the same few hundred sentences, again and again
def _wrapped(line: str) -> str:
    return textwrap.fill(line, LETTERS, break_on_hyphens=False, replace_whitespace=False)


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
