"""The card beside a dot."""

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from explorer.map.hover_card import HoverCard


def test_a_name_that_is_no_text_is_still_told_apart(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    card = HoverCard(parent)
    card.show_image(np.zeros((8, 8, 3), np.uint8), "a\udcff b\nc.png", "birds", QPointF(3, 3))
    assert card.text.splitlines() == ["a\N{REPLACEMENT CHARACTER} b ↵ c.png", "birds"]
