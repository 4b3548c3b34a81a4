"""A misspelt property is refused, and what is set is what a keyword of the constructor would have set."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSlider, QToolButton

from explorer.toolkit.properties import having


def test_each_property_is_set_as_a_keyword_would_set_it(qtbot):
    button = having(QToolButton(), text="Eraser", checkable=True, checked=True)
    slider = having(QSlider(Qt.Orientation.Horizontal), minimum=10, maximum=40, value=20)
    for widget in (button, slider):
        qtbot.addWidget(widget)
    assert (button.text(), button.isCheckable(), button.isChecked()) == ("Eraser", True, True)
    assert (slider.minimum(), slider.maximum(), slider.value()) == (10, 40, 20)


def test_a_misspelt_property_is_refused(qtbot):
    button = QToolButton()
    qtbot.addWidget(button)
    with pytest.raises(AttributeError, match="setTekst"):
        having(button, tekst="Eraser")
