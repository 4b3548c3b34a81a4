"""What a reader of a page would meet: names that break it, a dark room, no JavaScript, a connection that it makes."""

from pathlib import Path

import numpy as np
import pytest

from core.export.page.baked_page import BakedPage
from core.export.page.material import PageChoices
from core.palette import class_colours
from tests.browser import Browser, needs_browser
from tests.core.export.page.conftest import (
    baked,
    box,
    direction,
    drag,
    make_space,
    material,
    opened,
    pixel,
    settled,
    steady,
)

pytestmark = [pytest.mark.debian, needs_browser]
HOSTILE = (
    "</script><script>document.title = 'broken'</script>",
    "<img src=x onerror=\"document.title = 'broken'\">",
    "\"quoted\" & 'more' <!--",
    "\u202eright to left \u05e9\u05dc\u05d5\u05dd",
    "\U0001f98a\U0001f469\u200d\U0001f52c ${title} $title",
    "not UTF-8 \udcff and a\nline",
)


def test_no_name_breaks_out_of_its_place(browser: Browser, tmp_path: Path) -> None:
    space = make_space(images=200, classes=HOSTILE, conditional="class")
    name = HOSTILE[0] + HOSTILE[2] + HOSTILE[3]
    made = material(space, name=name, directions=tuple(direction(each, 1, 0) for each in HOSTILE[:2]))
    opened(browser, baked(made).file(PageChoices(False, True)), tmp_path)
    plain = [each.replace("\udcff", "\ufffd").replace("\n", "\ufffd") for each in HOSTILE]
    assert browser.run("return document.title").split() == name.split()
    assert browser.run("return document.querySelector('h1').textContent") == name
    assert browser.run("return [...document.querySelectorAll('#classes bdi')].map(e => e.textContent)") == plain
    assert browser.run("return [...document.querySelectorAll('#class option')].map(e => e.textContent)") == plain
    assert browser.run("return [...document.querySelectorAll('#sliders bdi')].map(e => e.textContent)") == plain[:2]
    assert browser.run("return document.querySelectorAll('script').length") == 2
    assert browser.complaints() == []


def test_nothing_is_fetched_and_nothing_could_be(browser: Browser, tmp_path: Path) -> None:
    opened(browser, baked(material(make_space())).file(PageChoices()), tmp_path)
    assert browser.run("return performance.getEntriesByType('resource').map(e => e.name)") == []
    assert browser.complaints() == []  # a policy that is broken is complained of
    blocked = browser.run(
        "const seen = []; document.addEventListener('securitypolicyviolation', e => seen.push(e.violatedDirective));"
        "const image = new Image(); image.src = 'https://example.org/a.png';"
        "const script = document.createElement('script'); script.textContent = 'window.ran = 1';"
        "document.body.append(script);"
        "return fetch('https://example.org/').catch(() => new Promise(d => setTimeout(d, 200)))"
        ".then(() => [...seen, window.ran ?? 'not run'])"
    )
    assert sorted(blocked) == ["connect-src", "img-src", "not run", "script-src-elem"]


def test_without_javascript_there_is_a_still_picture_of_the_map(browser: Browser, tmp_path: Path) -> None:
    page = baked(material(make_space(images=300)))
    path = tmp_path / "page.html"
    path.write_bytes(page.file(PageChoices()))
    browser.set("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(path)
        seen = browser.shot().reshape(-1, 3).astype(int)
    finally:
        browser.set("Emulation.setScriptExecutionDisabled", value=False)
    for colour in class_colours(3).astype(int):  # in the legend and in the dots
        assert (np.abs(seen - colour).max(axis=1) <= 12).sum() > 400
    browser.open(path)
    assert browser.run("return document.getElementById('still').alt").startswith("A map of ")
    assert browser.run("return getComputedStyle(document.getElementById('still')).visibility") == "hidden"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(browser: Browser, tmp_path: Path, scheme: str) -> None:
    browser.set("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    page = baked(material(make_space(images=300), directions=(direction("smile", 1, 0),)))
    opened(browser, page.file(PageChoices()), tmp_path)
    drag(browser, (0.5, 0.5))
    names = ["text", "quiet", "among", "few", "between", "far", "window", "base"]
    found = browser.run(
        "const style = getComputedStyle(document.documentElement);"
        "return arguments[0].map(name => style.getPropertyValue(`--${name}`).trim())",
        names,
    )
    colours = {name: linear(each) for name, each in zip(names, found, strict=True)}
    assert (colours["window"] > 0.5) == (scheme == "light")
    for on in ("window", "base"):
        assert min(contrast(colours[name], colours[on]) for name in names[:6]) >= 4.5


def test_a_dot_says_what_it_is(browser: Browser, tmp_path: Path) -> None:
    space = make_space()
    pixels = np.random.default_rng(1).integers(0, 4, (60, 2, 2, 3)).astype(np.uint8).repeat(8, 1).repeat(8, 2) * 85
    rows = np.arange(60)
    rows[7] = -1  # its file has gone
    page = baked(material(space, pixels=pixels, rows=rows))
    opened(browser, page.file(PageChoices(True, True)), tmp_path)
    steady(browser)
    for dot in (3, int(np.flatnonzero(page.dots.indices == 7)[0])):
        image = int(page.dots.indices[dot])
        across, up = page.dots.places[dot] / 65_535
        browser.pointer(pixel(browser, 0.5, 0.5), pixel(browser, across, 1 - up))
        said = browser.run("return [...document.querySelectorAll('#card p')].map(e => e.textContent)")
        index = page.dots.indices.tolist()[_nearest(page, across, up, box(browser))]
        assert index == image
        assert said == [space.classes[space.labels[image]], f"folder/{image:05}.png"]
        assert browser.run("return document.getElementById('thumbnail').hidden") == (image == 7)
        if image != 7:
            shown = browser.run(
                "const c = document.getElementById('thumbnail');"
                "return [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
            )
            shown = np.array(shown).reshape(16, 16, 4)[..., :3]
            assert np.abs(shown - pixels[image].astype(int)).mean() < 12
    browser.pointer(pixel(browser, 0.001, 0.001))
    assert browser.run("return document.getElementById('card').hidden")


def test_a_class_is_hidden_and_shown_by_the_legend(browser: Browser, tmp_path: Path) -> None:
    page = baked(material(make_space(images=300)))
    opened(browser, page.file(PageChoices()), tmp_path)
    press = (
        "document.querySelector('#classes [data-label=\"0\"]')"
        ".dispatchEvent(new MouseEvent('click', { altKey: arguments[0], bubbles: true }))"
    )
    assert all(_seen_on_map(browser))
    browser.run(press, False)
    assert _seen_on_map(browser) == [False, True, True]
    browser.run(press, False)
    browser.run(press, True)  # alone
    assert _seen_on_map(browser) == [True, False, False]
    browser.run(press, True)
    assert all(_seen_on_map(browser))


def _seen_on_map(browser: Browser) -> list[bool]:
    """Of each class, whether its colour is on the canvas of the dots."""
    settled(browser)
    shown = browser.run(
        "const c = document.querySelector('#map canvas'); const seen = new Set();"
        "const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height);"
        "for (let at = 0; at < data.length; at += 4) seen.add(data.slice(at, at + 3).join(' ')); return [...seen]"
    )
    return [" ".join(map(str, colour)) in shown for colour in class_colours(3).tolist()]


def _nearest(page: BakedPage, across: float, up: float, room: tuple[float, float, float, float]) -> int:
    """The dot nearest to a share of a map in such a box."""
    _, _, width, height = room
    off = (page.dots.places / 65_535 - (across, up)) * (width, height)
    return int(np.linalg.norm(off, axis=1).argmin())


def linear(code: str) -> float:
    """The relative luminance of "#rrggbb" (WCAG 2.1)."""
    share = np.array([int(code[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return float(np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
