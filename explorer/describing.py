"""What a control is called, to the eye that hovers and to the reader that speaks."""

from PySide6.QtWidgets import QWidget


def describe(widget: QWidget, name: str, tip: str) -> None:
    """Its accessible name, and its tooltip."""
    widget.setAccessibleName(name)
    widget.setToolTip(tip)
