"""What a control is called, to the eye that hovers and to the reader that speaks."""

from PySide6.QtWidgets import QWidget

from explorer.plain import plain_tip


def describe(widget: QWidget, name: str, tip: str) -> None:
    """Its accessible name, and its tooltip, which has no tags."""
    widget.setAccessibleName(name)
    widget.setToolTip(plain_tip(tip))
