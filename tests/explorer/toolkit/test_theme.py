"""What a user would lose: classes told apart, text that can be read, the scheme they chose."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from core.palette import class_colours, ramp, range_colours
from explorer.toolkit.theme import FAILURE, HELD_OUT, TRAINING, apply_theme, is_dark, muted, set_scheme

ROLE = QPalette.ColorRole
TEXTS = [
    (ROLE.Text, ROLE.Base),
    (ROLE.WindowText, ROLE.Window),
    (ROLE.ButtonText, ROLE.Button),
    (ROLE.HighlightedText, ROLE.Highlight),
    (ROLE.ToolTipText, ROLE.ToolTipBase),
    (ROLE.PlaceholderText, ROLE.Base),
    (ROLE.PlaceholderText, ROLE.Window),
    (ROLE.Link, ROLE.Base),
]
# Severity 1.0 of Machado, Oliveira & Fernandes (2009): not the model of the eye the colours were chosen by.
MACHADO = {
    "everyone": np.eye(3),
    "protanopes": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopes": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
}


@pytest.fixture
def app(qapp: QApplication):
    sheet, palette, style = qapp.styleSheet(), qapp.palette(), qapp.style().objectName()
    apply_theme(qapp)
    yield qapp
    qapp.styleHints().colorSchemeChanged.disconnect()
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setStyle(style)


def linear(rgb: np.ndarray) -> np.ndarray:
    share = np.asarray(rgb) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.1."""
    light = [float(linear(np.array(colour.getRgb()[:3])) @ [0.2126, 0.7152, 0.0722]) + 0.05 for colour in (one, other)]
    return max(light) / min(light)


def cielab(light: np.ndarray) -> np.ndarray:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(np.clip(light, 0, 1) @ to_xyz.T / [0.9505, 1.0, 1.089]).T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(app: QApplication, scheme: str) -> None:
    set_scheme(app, scheme)
    palette = app.palette()
    assert {
        (text, on): contrast(palette.color(text), palette.color(on))
        for text, on in TEXTS
        if contrast(palette.color(text), palette.color(on)) < 4.5
    } == {}
    assert contrast(muted(palette), palette.color(ROLE.Base)) >= 4.5
    assert contrast(QColor(FAILURE[scheme == "dark"]), palette.color(ROLE.Base)) >= 4.5
    assert min(contrast(QColor(colour), palette.color(ROLE.Base)) for colour in (TRAINING, HELD_OUT)) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_choice_of_an_open_list_can_be_read(app: QApplication, qtbot: QtBot, scheme: str) -> None:
    set_scheme(app, scheme)
    box = QComboBox()
    qtbot.addWidget(box)
    box.addItems(["one", "two", "three"])
    box.view().window().resize(160, 120)
    rows, row = box.view().viewport(), box.view().visualRect(box.model().index(1, 0))
    box.view().window().grab()  # as it is laid out
    ground = rows.grab().toImage().scaled(rows.size()).pixelColor(rows.width() - 8, row.center().y())
    assert contrast(app.palette().color(ROLE.Text), ground) >= 4.5
    assert ground == app.palette().color(ROLE.Button)


def test_the_scheme_a_user_chose_is_the_one_shown(app: QApplication) -> None:
    set_scheme(app, "dark")
    assert is_dark(app.palette())
    set_scheme(app, "light")
    assert not is_dark(app.palette())


@pytest.mark.parametrize("eye", MACHADO)
def test_ten_classes_are_told_apart_by(eye: str) -> None:
    seen = cielab(linear(class_colours(10)) @ MACHADO[eye].T)
    apart = np.linalg.norm(seen[:, None] - seen[None], axis=-1)[np.triu_indices(10, 1)]
    assert apart.min() > 10  # 2.3 is just noticeable


@pytest.mark.parametrize("eye", MACHADO)
@pytest.mark.parametrize("count", range(2, 9))
def test_ranges_are_told_apart_and_in_their_order_by(eye: str, count: int) -> None:
    seen = cielab(linear(range_colours(count)) @ MACHADO[eye].T)
    apart = np.linalg.norm(seen[:, None] - seen[None], axis=-1)[np.triu_indices(count, 1)]
    assert apart.min() > 5
    assert (np.diff(seen[:, 0]) > 0).all()  # lighter and lighter


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_class_vanishes_into_the_background(app: QApplication, scheme: str) -> None:
    set_scheme(app, scheme)
    base = app.palette().color(ROLE.Base)
    colours = np.concatenate([class_colours(100), range_colours(8), ramp(256)])
    assert min(contrast(QColor(*map(int, rgb)), base) for rgb in colours) > 1.8


def test_a_class_keeps_its_colour_when_more_are_added() -> None:
    assert (class_colours(1000)[:7] == class_colours(7)).all()
    assert len(np.unique(class_colours(100), axis=0)) == 100
    assert class_colours(0).shape == (0, 3)


@pytest.mark.parametrize("eye", MACHADO)
def test_more_of_a_number_looks_lighter_at_an_even_pace_to_every_eye(eye: str) -> None:
    seen = cielab(linear(ramp(256)) @ MACHADO[eye].T)
    assert np.diff(seen[::8, 0]).min() > 0
    steps = np.linalg.norm(seen[16:] - seen[:-16], axis=1)  # sixteen steps from end to end
    assert steps.min() > 2.5  # what is just told apart is 2.3 (Mahy et al. 1994)
    assert steps.max() / steps.min() < (2 if eye == "everyone" else 6)
