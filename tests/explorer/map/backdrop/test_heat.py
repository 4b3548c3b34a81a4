"""What a user would lose: heat maps that every kind of eye reads alike, with a key that says what the colours are."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.palette import _as_seen
from explorer.map.backdrop.heat import Heat, HeatKey, heat_colours, heat_image, veil_image


def heat(values: np.ndarray, low: float = 0.0, high: float = 1.0) -> Heat:
    return Heat(values, (-1, -1, 1, 1), "Density", "images per unit²", low, high)


def test_more_is_lighter_to_every_kind_of_eye_and_steps_are_even() -> None:
    lightness = _as_seen(heat_colours())[..., 0]  # (256, eyes)
    steps = np.diff(lightness[::16], axis=0)
    assert (steps > 0).all()
    assert (steps.max(axis=0) / steps.min(axis=0) < 1.6).all()


def test_values_have_the_colours_of_the_key_and_nothing_has_none() -> None:
    image = heat_image(heat(np.array([[0.0, 5.0], [np.nan, 10.0]]), 0.0, 10.0))
    colours = heat_colours()
    assert image.pixelColor(0, 0).getRgb()[:3] == tuple(colours[0])
    assert image.pixelColor(1, 0).getRgb()[:3] == tuple(colours[128])
    assert image.pixelColor(1, 1).getRgb()[:3] == tuple(colours[255])
    assert image.pixelColor(0, 1).alpha() == 0


@pytest.mark.parametrize("values", [np.full((3, 3), 4.0), np.full((3, 3), np.nan)])
def test_a_heat_map_without_a_span_is_calm(values: np.ndarray) -> None:
    assert not heat_image(heat(values, 4.0, 4.0)).isNull()


def test_a_veil_hides_more_where_it_is_emptier_and_is_hatched() -> None:
    strength = np.zeros((10, 20))
    strength[:, 10:] = 1.0
    veil = veil_image(strength, (255, 255, 255), (0, 0, 0))
    left = [veil.pixelColor(x, 100) for x in range(200)]
    right = [veil.pixelColor(x, 100) for x in range(280, 480)]
    assert max(colour.alpha() for colour in left) == 0
    assert min(colour.alpha() for colour in right) > 40
    assert {colour.red() < 50 for colour in right} == {True, False}  # lines of ink between paper


def test_the_key_says_what_the_colours_mean(qtbot: QtBot) -> None:
    key = HeatKey()
    qtbot.addWidget(key)
    key.show_heat(heat(np.zeros((2, 2)), 0.0, 12_345.6))
    key.resize(key.sizeHint())
    assert key.accessibleName() == "Heat map: Density, images per unit², 0 to 12,346"
    picture = key.grab().toImage()
    seen = {picture.pixelColor(x, y).getRgb()[:3] for x in range(picture.width()) for y in range(picture.height())}
    assert {tuple(colour) for colour in heat_colours()[[60, 200]].tolist()} <= seen
    key.show_heat(None)
    assert key.isHidden()
