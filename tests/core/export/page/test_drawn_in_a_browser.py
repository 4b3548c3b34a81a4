"""What a reader of a page would be shown wrongly: the picture at the hand, by every kind of model, next to our own."""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.export.page import drawing as drawings
from core.export.page.baked_page import BakedPage
from core.export.page.drawing import ByModel
from core.export.page.material import PageChoices
from core.export.page.sheets import FromSheets
from core.latent.projection import project
from tests.browser import Browser, needs_browser
from tests.core.export.page.conftest import (
    baked,
    box,
    direction,
    drag,
    make_space,
    material,
    opened,
    picture,
    point_at,
    steady,
)

pytestmark = [pytest.mark.debian, needs_browser]
PLAIN = PageChoices(pictures=False)
WAY = ((0.2, 0.3), (0.5, 0.55), (0.7, 0.4))
MODELS: dict[str, dict[str, Any]] = {
    "linear, grey, 16 pixels": {"network": "linear", "channels": 1},
    "mlp, 28 pixels, 5 dims": {"size": 28, "latent_dims": 5, "likelihood": "continuous-bernoulli", "is_sheet": True},
    "mlp, 1 dim": {"latent_dims": 1},
    "conv, 16 pixels, grey, odd width": {"network": "conv", "channels": 1, "width": 5},
    "conv in two stages, 64 pixels, 64 dims": {
        "network": "conv",
        "size": 64,
        "latent_dims": 64,
        "is_sheet": True,
        "stages": 2,
    },
    "conv in two stages that show, 64 pixels": {"network": "conv", "size": 64, "upsampling": "sub-pixel"},
    "conv, 256 pixels": {"network": "conv", "size": 256, "images": 24, "likelihood": "discretised-logistic"},
    "conv that completes": {"network": "conv", "size": 32, "conditional": "completion", "likelihood": "gaussian"},
}


@pytest.mark.parametrize("kind", MODELS)
def test_the_picture_at_the_hand_is_the_models_own(browser: Browser, tmp_path: Path, kind: str) -> None:
    space = make_space(**MODELS[kind])
    page = baked(material(space))
    assert isinstance(page.drawing, ByModel)
    opened(browser, page.file(PLAIN), tmp_path)
    at = drag(browser, *WAY)
    expected = space.decode(space.plane.to_latent(point_at(browser, page, at)))[0]
    assert expected.std() > 8  # or any grey square would do
    assert np.abs(picture(browser).astype(int) - expected).max() <= page.drawing.off + 1
    assert browser.complaints() == []


def test_a_map_that_is_no_plane_is_dragged_as_it_is_here(browser: Browser, tmp_path: Path) -> None:
    space = make_space(latent_dims=5)
    places = np.stack((space.codes[:, 0] ** 3, space.codes[:, 1] - space.codes[:, 2]), axis=1)
    space = space.with_plane(project(space.codes, places, 1))
    page = baked(material(space))
    opened(browser, page.file(PLAIN), tmp_path)
    expected = space.decode(space.plane.to_latent(point_at(browser, page, drag(browser, *WAY))))[0]
    assert np.abs(picture(browser).astype(int) - expected).max() <= 2


def test_between_places_that_were_drawn_before_the_nearest_four_are_blended(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings, "MOST_WORK", 0)
    space = make_space(size=28, conditional="class")
    page = baked(material(space, directions=(direction("wider", 0.3, -0.2),)))
    assert isinstance(page.drawing, FromSheets)
    opened(browser, page.file(PLAIN), tmp_path)
    steady(browser)
    point = point_at(browser, page, drag(browser, *WAY))
    found = picture(browser).astype(int)
    assert np.abs(found - blended(page, 0, point)).max() <= 3  # browsers decode a JPEG each a little otherwise
    own = space.decode(space.plane.to_latent(point), np.array([0]))[0]
    assert np.corrcoef(found.ravel(), own.ravel())[0, 1] > 0.75  # softer, and the same picture
    choose_class(browser, 2)
    steady(browser)
    assert np.abs(picture(browser).astype(int) - blended(page, 2, point)).max() <= 3
    slide(browser, 1.5)
    moved = point + 1.5 * np.array([[0.3, -0.2]], np.float32)
    assert np.abs(picture(browser).astype(int) - blended(page, 2, moved)).max() <= 3
    assert browser.complaints() == []


def blended(page: BakedPage, label: int, point: np.ndarray) -> np.ndarray:
    """The picture (H, W, C) at a point (1, 2), from the page's own JPEG as Pillow decodes it."""
    assert isinstance(page.drawing, FromSheets)
    sheet, count = page.drawing.sheets[label], page.drawing.places
    pixels = np.asarray(Image.open(BytesIO(sheet.jpeg)).convert("RGB"), np.float64)
    left, bottom, right, top = page.dots.view
    column, row = (
        (point[0, 0] - left) / (right - left) * (count - 1),
        (top - point[0, 1]) / (top - bottom) * (count - 1),
    )
    total = np.zeros((sheet.side, sheet.side, 3))
    for j in (int(row), int(row) + 1):
        for i in (int(column), int(column) + 1):
            tile = pixels[j * sheet.cell :, i * sheet.cell :][: sheet.side, : sheet.side]
            total += (1 - abs(row - j)) * (1 - abs(column - i)) * tile
    return total


def test_a_direction_and_a_class_change_the_picture_as_they_do_here(browser: Browser, tmp_path: Path) -> None:
    space = make_space(latent_dims=4, conditional="class", likelihood="gaussian")
    vector = np.array([0.5, -1.0, 0.25, 2.0], np.float32)
    page = baked(material(space, directions=(direction("smile", *vector), direction("glasses", 1, 0, 0, 0))))
    opened(browser, page.file(PLAIN), tmp_path)
    z = space.plane.to_latent(point_at(browser, page, drag(browser, *WAY)))
    assert np.abs(picture(browser).astype(int) - space.decode(z, np.array([0]))[0]).max() <= 2
    slide(browser, -1.5)
    choose_class(browser, 2)
    expected = space.decode(z - 1.5 * vector, np.array([2]))[0]
    assert np.abs(picture(browser).astype(int) - expected).max() <= 2
    assert browser.run("return document.getElementById('verdict').hidden")  # off the map nobody has looked
    browser.run("document.getElementById('back').click()")
    assert np.abs(picture(browser).astype(int) - space.decode(z, np.array([2]))[0]).max() <= 2


def test_keys_move_the_place_as_they_do_here(browser: Browser, tmp_path: Path) -> None:
    space = make_space()
    page = baked(material(space))
    opened(browser, page.file(PLAIN), tmp_path)
    browser.run("document.getElementById('map').focus()")
    browser.keys("Right", "Up", "Up", "Shift+Left")
    expected = space.decode(space.plane.to_latent(np.array([page.point]) + np.float32([[0.1 - 1.0, 0.2]])))[0]
    assert np.abs(picture(browser).astype(int) - expected).max() <= 2
    browser.keys(*["Shift+Right"] * 30)  # no farther than the edge
    end = np.array([(page.dots.view[2], page.point[1] + 0.2)], np.float32)
    assert np.abs(picture(browser).astype(int) - space.decode(space.plane.to_latent(end))[0]).max() <= 2


@pytest.mark.usefixtures("width_of_a_phone")
def test_a_finger_drags_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    space = make_space()
    page = baked(material(space))
    opened(browser, page.file(PLAIN), tmp_path)
    assert browser.run("return document.documentElement.scrollWidth") == 390
    before = browser.run("return scrollY")
    at = drag(browser, *WAY, kind="touch")
    expected = space.decode(space.plane.to_latent(point_at(browser, page, at)))[0]
    assert np.abs(picture(browser).astype(int) - expected).max() <= 2
    assert browser.run("return scrollY") == before  # it moved the place, not the page
    assert box(browser)[2] > 340  # of 390 pixels


def slide(browser: Browser, amount: float) -> None:
    """The first direction's slider, as a hand would leave it."""
    browser.run(
        "const s = document.querySelector('#sliders input'); s.value = arguments[0];"
        "s.dispatchEvent(new Event('input', { bubbles: true }))",
        amount,
    )


def choose_class(browser: Browser, label: int) -> None:
    browser.run(
        "const s = document.getElementById('class'); s.value = arguments[0]; s.dispatchEvent(new Event('change'))",
        label,
    )
