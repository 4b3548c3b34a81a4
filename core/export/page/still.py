"""The map as a still picture: what a page shows where no script may run."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from core.export.page.dots import FINEST, Dots

WIDTH = 760  # pixels
FINER = 3  # times as large it is drawn, and then made smaller: so edges are smooth
RADIUS = 2.4  # pixels
COLOURS = 128  # of the file, every one with a transparency


def draw_still(dots: Dots, colours: NDArray[np.uint8]) -> bytes:
    """A PNG with the dots in these colours (n, 3) on nothing, so that it lies on light and on dark paper."""
    left, bottom, right, top = dots.view
    height = round(WIDTH * (top - bottom) / (right - left))
    image = Image.new("RGBA", (FINER * WIDTH, FINER * height))
    draw, radius = ImageDraw.Draw(image), FINER * RADIUS
    across, up = (dots.places / FINEST * (FINER * WIDTH, FINER * height)).T
    for x, y, colour in zip(across, FINER * height - up, colours.tolist(), strict=True):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(*colour, 255))
    small = image.resize((WIDTH, height), Image.Resampling.BOX)
    file = BytesIO()
    small.quantize(COLOURS, Image.Quantize.FASTOCTREE).save(file, format="PNG", optimize=True)
    return file.getvalue()
