"""What tests of the window's parts share: finding a widget by its name, and hearing a signal."""

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QLabel, QWidget


def named(inside: QWidget, name: str) -> QWidget:
    """The widget of that accessible name."""
    return next(each for each in inside.findChildren(QWidget) if each.accessibleName() == name)


def heard(signal: SignalInstance) -> list[tuple]:
    """What the signal says from now on."""
    told: list[tuple] = []
    signal.connect(lambda *values: told.append(values))
    return told


def said(inside: QWidget) -> str:
    """All that can be read in a part of the window now."""
    labels = (label for label in inside.findChildren(QLabel) if label.isVisibleTo(inside))
    return "\n".join(label.text() for label in labels)
