"""What the script of a page reads: its map, its pictures and what draws them, as JSON has them."""

import base64
from typing import Any

import numpy as np

from core.export.page.drawing import ByModel, Drawing
from core.export.page.texts import text_of
from core.export.page.thumbnails import Thumbnails
from core.export.page.tile_sheet import TileSheet
from core.export.page.verdict_grid import PLACES, VerdictGrid
from core.latent.latent_space import LatentSpace
from core.latent.plane import Plane
from core.latent.projection import AnyPlane
from core.latent.sheet import Sheet
from core.verdicts import VERDICTS, WORDS


def offered_classes(space: LatentSpace, drawing: Drawing) -> list[int]:
    """The labels of the classes to draw as: none of a model that is not told one."""
    if space.conditional != "class":
        return []
    return space.learned_labels.tolist() if isinstance(drawing, ByModel) else list(drawing.labels)


def drawing_data(space: LatentSpace, drawing: Drawing) -> dict[str, Any]:
    """For ByModel, or for FromSheets, of web/drawings.js."""
    if isinstance(drawing, ByModel):
        numbers = drawing.network.numbers.astype(np.float16) if drawing.is_half else drawing.network.numbers
        told = max(1, len(space.classes)) if space.conditional == "class" else 0
        return {"layers": drawing.network.layers, "numbers": text_of(numbers), "half": drawing.is_half, "told": told}
    first = drawing.sheets[0]
    sheets = {str(label): _jpeg(each) for label, each in zip(drawing.labels, drawing.sheets, strict=True)}
    return {"sheets": sheets, "side": first.side, "cell": first.cell, "places": drawing.places}


def plane_data(plane: AnyPlane) -> dict[str, Any]:
    """A plane and, of a map that is none, what its knots add to it: for Plane of web/plane.js."""
    flat = {"origin": text_of(plane.origin), "axes": text_of(plane.axes)}
    if isinstance(plane, Plane):
        return {**flat, "knots": None}
    values, grid = plane.rest if isinstance(plane, Sheet) else plane.codes[plane.knots], plane.grid
    ends = {"corner": grid.corner.tolist(), "step": grid.step.tolist(), "counts": list(values.shape[:2])}
    return {**flat, "knots": {**ends, "values": text_of(values)}}


def thumbnail_data(thumbnails: Thumbnails) -> dict[str, Any]:
    """For Card of web/card.js."""
    sheet = thumbnails.sheet
    shape = {"side": sheet.side, "cell": sheet.cell, "columns": sheet.columns}
    return {"jpeg": _jpeg(sheet), **shape, "missing": thumbnails.missing.tolist()}


def verdict_data(grid: VerdictGrid) -> dict[str, Any]:
    """For Verdicts of web/verdicts.js."""
    found = {str(label): text_of(each) for label, each in grid.verdicts.items()}
    return {"places": PLACES, "kinds": VERDICTS, "words": WORDS, "found": found}


def _jpeg(sheet: TileSheet) -> str:
    return base64.b64encode(sheet.jpeg).decode()
