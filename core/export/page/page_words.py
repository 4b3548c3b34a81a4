"""What a page says of itself: of the dots, of how its pictures are drawn, of what it holds and what not."""

from collections.abc import Sequence

from core.exploration import Direction
from core.export.page.dots import Dots
from core.export.page.drawing import ByModel, Drawing
from core.export.page.material import PageChoices, PageMaterial
from core.export.page.thumbnails import Thumbnails

LEAD = (
    "Each dot is an image. A model has put those that are alike for it close together. "
    "<strong>Drag anywhere</strong>: it draws the picture that would live there."
)
ALONE = "This page is one file, which loads nothing and sends nothing."
BLENDED = "Between places: blended"
FOLLOWED = "What some images have and others have not: slide to add or take it away. Beyond ±1 it is more than that."


def about_dots(dots: Dots) -> str:
    """How many there are, and of how many images."""
    shown = len(dots.indices)
    if shown + dots.outside < dots.known:
        said = f"{shown:,} of {dots.known:,} images shown, of each class as large a share"
    else:
        said = f"{shown:,} images" if not dots.outside else f"{shown:,} of {dots.known:,} images shown"
    strays = f"; {dots.outside:,} {'lies' if dots.outside == 1 else 'lie'} beyond the edge" if dots.outside else ""
    return f"{said}{strays}."


def about_plane(material: PageMaterial) -> str:
    """What the map is of a latent space that has more dimensions; empty of one that has not."""
    dims = material.space.latent_dims
    if dims <= 2:
        return ""
    match material.space.plane.kind:
        case "sheet":
            return f"The map is a sheet that follows the images through {dims} latent dimensions."
        case "projection":
            return f"The map is a UMAP of {dims} latent dimensions: between dots, z is blended from images around."
        case _:
            return f"The map is a plane through {dims} latent dimensions."


def about_drawing(material: PageMaterial, drawing: Drawing) -> str:
    """By what the pictures are drawn, and how near that comes to the model."""
    if isinstance(drawing, ByModel):
        off = "exactly as" if not drawing.off else f"to {drawing.off} of 255 levels as"
        return f"The pictures are drawn by the model itself, which is in this page, {off} Latentscape draws them."
    side, size = drawing.sheets[0].side, material.space.image_shape[0]
    smaller = f" at {side} × {side} pixels (the model's have {size} × {size})" if side < size else ""
    return (
        f"The pictures were drawn beforehand at {drawing.places} × {drawing.places} places of the map{smaller}. "
        "Between places they are blended from the nearest four, and softer than the model's own, by "
        f"{drawing.off:.1f} of 255 levels on average."
    )


def about_directions(followed: Sequence[Direction], there_are: Sequence[Direction], by_model: bool) -> str:
    """Why a direction is not here; empty where all are."""
    if len(followed) == len(there_are):
        return ""
    if followed or by_model:
        return f"{len(followed)} of the run's {len(there_are)} directions are here."
    return "The run's directions leave the map: without the model itself this page cannot follow them."


def about_holdings(thumbnails: Thumbnails | None, dots: Dots, choices: PageChoices) -> str:
    """What of the images is in the page."""
    if thumbnails is None or not choices.pictures:
        held = "no copy of any image"
    else:
        side, count = thumbnails.sheet.side, len(dots.indices) - len(thumbnails.missing)
        of = f" of {count:,} of the images" if len(thumbnails.missing) else " of the images"
        held = f"copies{of} at {side} × {side} pixels"
    names = "and the names of their files" if choices.names else "and no name of a file"
    return f"It holds {held}, {names}."


def alternative(dots: Dots, classes: int) -> str:
    """Of the still picture, for those who do not see it."""
    kinds = f" in {classes} classes" if classes > 1 else ""
    return f"A map of {len(dots.indices):,} dots{kinds}, one for each image; those that are alike lie together."
