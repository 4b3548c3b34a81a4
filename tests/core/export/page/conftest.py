"""Latent spaces of every kind made in a moment, pages of them, and one browser for all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core.config import ModelConfig
from core.exploration import Direction
from core.export.page.baked_page import BakedPage, bake_page
from core.export.page.material import PageMaterial
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import principal_plane
from core.latent.sheet import lay_sheet
from core.model.vae import VAE
from tests.browser import Browser, browsing

CLASSES = ("cats", "dogs", "owls")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with browsing() as started:
        started.set("Emulation.setDeviceMetricsOverride", width=1100, height=800, deviceScaleFactor=1, mobile=False)
        yield started


@pytest.fixture
def width_of_a_phone(browser: Browser) -> Iterator[None]:
    browser.set("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True)
    browser.set("Emulation.setTouchEmulationEnabled", enabled=True)
    yield
    browser.set("Emulation.setTouchEmulationEnabled", enabled=False)
    browser.set("Emulation.setDeviceMetricsOverride", width=1100, height=800, deviceScaleFactor=1, mobile=False)


def make_space(
    size: int = 16,
    channels: int = 3,
    images: int = 60,
    classes: tuple[str, ...] = CLASSES,
    is_sheet: bool = False,
    **model: Any,
) -> LatentSpace:
    """A model of random weights that draws pictures full of contrast, and codes around 0."""
    chosen = {"latent_dims": 2, "network": "mlp", "width": 4, "likelihood": "bernoulli", **model}
    config = ModelConfig.model_validate(chosen)
    torch.manual_seed(0)
    vae = VAE(config, (size, size, channels), len(classes))
    with torch.no_grad():
        for weights in vae.decoder.parameters():
            weights.add_(0.15 * torch.randn(weights.shape))
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(images, config.latent_dims)).astype(np.float32)
    labels = rng.integers(0, len(classes), images)
    plane = principal_plane(codes)
    kl = np.ones(config.latent_dims, np.float32)
    own = lay_sheet(plane, codes) if is_sheet else plane
    return freeze(vae, codes, kl, own, 1, classes, labels=labels)


def material(space: LatentSpace, **parts: Any) -> PageMaterial:
    names = [f"folder/{index:05}.png" for index in range(len(space.codes))]
    assert space.labels is not None
    known = {"name": "run", "names": names, "labels": space.labels, "classes": space.classes, **parts}
    return PageMaterial(space=space, **known)


def baked(made: PageMaterial) -> BakedPage:
    page = list(bake_page(made))[-1]
    assert isinstance(page, BakedPage)
    return page


def direction(name: str, *vector: float) -> Direction:
    return Direction(name, np.array(vector, np.float32), "", "", (1, 1))


def opened(browser: Browser, content: bytes, folder: Path) -> Browser:
    """The page in the browser, once it has drawn."""
    path = folder / "a page.html"
    path.write_bytes(content)
    browser.complaints()
    browser.open(path)
    settled(browser)
    return browser


def steady(browser: Browser) -> None:
    """Once what is decoded in the background is there too."""
    browser.run("return new Promise(done => setTimeout(done, 250))")


def settled(browser: Browser) -> None:
    """Once the frame that the last change asked for is drawn."""
    browser.run("return new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")


def picture(browser: Browser) -> np.ndarray:
    """The pixels on the page, (H, W, 3)."""
    settled(browser)
    side, pixels = browser.run(
        "const c = document.getElementById('picture');"
        "return [c.width, [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]]"
    )
    return np.array(pixels, np.uint8).reshape(side, side, 4)[..., :3]


def box(browser: Browser) -> tuple[float, float, float, float]:
    """Left, top, width and height of the map's canvas in the window."""
    left, top, width, height = browser.run(
        "const b = document.querySelector('#map canvas').getBoundingClientRect();"
        "return [b.left, b.top, b.width, b.height]"
    )
    return left, top, width, height


def pixel(browser: Browser, across: float, down: float) -> dict[str, object]:
    """A step of the pointer to a share of the map."""
    left, top, width, height = box(browser)
    return {"type": "pointerMove", "x": round(left + across * width), "y": round(top + down * height)}


def point_at(browser: Browser, page: BakedPage, at: dict[str, Any]) -> np.ndarray:
    """The point (1, 2) of the map that such a step goes to."""
    left, top, width, height = box(browser)
    low_u, low_v, high_u, high_v = page.dots.view
    u = low_u + (at["x"] - left) / width * (high_u - low_u)
    v = high_v - (at["y"] - top) / height * (high_v - low_v)
    return np.array([(u, v)], np.float32)


DOWN, UP = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}


def drag(browser: Browser, *places: tuple[float, float], kind: str = "mouse") -> dict[str, Any]:
    """Along shares of the map; returns the last step."""
    steps = [pixel(browser, *place) for place in places]
    browser.pointer(steps[0], DOWN, *steps[1:], UP, kind=kind)
    return steps[-1]
