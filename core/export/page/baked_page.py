"""A page that is ready: what has been drawn for it once, and its file for each choice of what goes in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import ConfigError
from core.exploration import Direction
from core.export.destination import destination
from core.export.page import page_words as words
from core.export.page.document import document, url_of
from core.export.page.dots import Dots, choose_dots
from core.export.page.drawing import ByModel, Drawing, bake_drawing
from core.export.page.legend import legend
from core.export.page.material import PageChoices, PageMaterial
from core.export.page.page_data import drawing_data, offered_classes, plane_data, thumbnail_data, verdict_data
from core.export.page.still import draw_still
from core.export.page.texts import hex_of, plain, text_of
from core.export.page.thumbnails import Thumbnails, bake_thumbnails
from core.export.page.verdict_grid import VerdictGrid, bake_verdicts
from core.export.stills import encode
from core.latent.latent_space import LatentSpace
from core.palette import class_colours
from core.reports.progress import Progress
from core.version import app_version

SUFFIX = ".html"
MOST_DIRECTIONS = 6
LARGEST = 3_000_000  # bytes of a page that goes by mail anywhere: copies of images are made as small as that needs


@dataclass(frozen=True, eq=False)
class BakedPage:
    """What a page is made of, drawn; it begins at `point` of the map, and `first` is the PNG of the picture there."""

    material: PageMaterial
    dots: Dots
    drawing: Drawing
    verdicts: VerdictGrid
    thumbnails: Thumbnails | None
    still: bytes
    point: tuple[float, float]
    first: bytes

    @property
    def directions(self) -> tuple[Direction, ...]:
        """Those of the run that the page can follow: off the map none without the model."""
        can_follow = isinstance(self.drawing, ByModel) or self.material.space.latent_dims <= 2
        return self.material.directions[: MOST_DIRECTIONS if can_follow else 0]

    def said(self, choices: PageChoices) -> str:
        """What it shows, and what of the images it holds: a line each."""
        return f"{words.about_dots(self.dots)}\n{words.about_holdings(self.thumbnails, self.dots, choices)}"

    def file(self, choices: PageChoices) -> bytes:
        """The page as it is written, so that its size is known before."""
        left, bottom, right, top = self.dots.view
        return document(_data(self, choices), _html(self, choices), (right - left) / (top - bottom))


def bake_page(material: PageMaterial) -> Iterator[Progress | BakedPage]:
    """Draw all that a page may hold; the last report is the BakedPage. Raises ConfigError: there is no dot to show."""
    _check(material.space)
    dots = choose_dots(material.space.points, material.labels)
    if not len(dots.indices):
        raise ConfigError("The run has met no image yet: train it further, then share it.")
    drawing = yield from bake_drawing(material.space, dots.view)
    verdicts = yield from bake_verdicts(material.space, dots.view)
    still = draw_still(dots, class_colours(len(material.classes))[material.labels[dots.indices]])
    page = BakedPage(material, dots, drawing, verdicts, None, still, *_beginning(material, dots))
    if material.pixels is not None:
        room = LARGEST - len(page.file(PageChoices(pictures=False)))
        thumbnails = yield from bake_thumbnails(material.pixels, material.rows[dots.indices], room * 3 // 4)
        page = replace(page, thumbnails=thumbnails)
    yield page


def _check(space: LatentSpace) -> None:
    """Raise ConfigError for a model from elsewhere that a page has no words or no room for."""
    if space.are_samples:
        raise ConfigError("A page shows the images of a model, and this one was opened without any.")
    if space.image_shape[0] != space.image_shape[1]:
        raise ConfigError("A page shows square pictures, and those of this model are not.")


def write_page(path: Path, content: bytes, may_replace: bool = False) -> None:
    """Write a page's file; only if it `may_replace` them over other people's. Raises ConfigError."""
    with destination(path, SUFFIX, may_replace) as file:
        file.write_bytes(content)


def _beginning(material: PageMaterial, dots: Dots) -> tuple[tuple[float, float], bytes]:
    """Where a page begins, and the PNG of the picture there: the dot nearest to the middle of all.

    Of a class-conditional model, among the dots of the class that is drawn first.
    """
    space, indices = material.space, dots.indices
    if space.conditional == "class" and (of_class := indices[material.labels[indices] == space.label]).size:
        indices = of_class
    points = space.points[indices]
    point = points[np.linalg.norm(points - np.median(points, axis=0), axis=1).argmin()]
    picture = space.decode(space.plane.to_latent(point[None]))[0]
    return (float(point[0]), float(point[1])), encode(picture, "png", {})


def _data(page: BakedPage, choices: PageChoices) -> dict[str, Any]:
    """What the script reads; web/main.js says what of."""
    material, dots, space = page.material, page.dots, page.material.space
    return {
        "view": dots.view,
        "start": page.point,
        "axes": space.plane.names,
        "channels": space.image_shape[2],
        "label": space.label,
        "offered": offered_classes(space, page.drawing),
        "classes": [
            {"name": plain(name), "colour": hex_of(colour)}
            for name, colour in zip(material.classes, class_colours(len(material.classes)), strict=True)
        ],
        "dots": {
            "places": text_of(dots.places),
            "labels": text_of(material.labels[dots.indices].astype(np.uint16)),
            "names": [plain(material.names[index]) for index in dots.indices.tolist()] if choices.names else None,
        },
        "thumbnails": thumbnail_data(page.thumbnails) if choices.pictures and page.thumbnails else None,
        "plane": plane_data(space.plane),
        "directions": [{"name": plain(each.name), "vector": text_of(each.vector)} for each in page.directions],
        "drawing": drawing_data(space, page.drawing),
        "verdicts": verdict_data(page.verdicts),
    }


def _html(page: BakedPage, choices: PageChoices) -> dict[str, str]:
    """The parts of the template."""
    material, classes = page.material, page.material.classes
    return {
        "title": escape(plain(material.name)),
        "lead": words.LEAD,
        "way": "" if isinstance(page.drawing, ByModel) else words.BLENDED,
        "followed": words.FOLLOWED,
        "alt": escape(words.alternative(page.dots, len(classes))),
        "still": url_of(page.still, "image/png"),
        "first": url_of(page.first, "image/png"),
        "legend": legend(classes, material.labels[np.isfinite(material.space.points).all(axis=1)]),
        "facts": "\n".join(f"<p>{escape(line)}</p>" for line in _facts(page, choices) if line),
    }


def _facts(page: BakedPage, choices: PageChoices) -> Iterator[str]:
    """The paragraphs at the end; empty where there is nothing to say."""
    yield words.about_dots(page.dots)
    yield words.about_plane(page.material)
    yield words.about_drawing(page.material, page.drawing)
    yield words.about_directions(page.directions, page.material.directions, isinstance(page.drawing, ByModel))
    yield f"{words.ALONE} {words.about_holdings(page.thumbnails, page.dots, choices)}"
    yield f"Made by Latentscape {app_version()}."
