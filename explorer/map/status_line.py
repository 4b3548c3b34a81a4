"""The line under the map: how many images there are, and all that is left out or cannot be told apart."""

from dataclasses import dataclass

IMAGE, SAMPLE = "image", "sample of the prior"
NOUNS = {IMAGE: "images", SAMPLE: "samples of the prior"}


@dataclass(frozen=True)
class Shown:
    """Images, those with a place, dots drawn and in view; dots a pixel where density is drawn; images at their dots."""

    images: int
    seen: int
    drawn: int
    in_view: int
    density: float = 0.0
    thumbnails: int = 0
    selected: int = 0
    is_filter: bool = False
    other_classes: int = 0
    has_picture: bool = False  # behind the dots
    hidden: str = ""  # in words
    noun: str = IMAGE  # what a dot is


def words(shown: Shown, *notes: str) -> str:
    """All of it, in one line."""
    parts = [_counted(shown), _selected(shown), _other_classes(shown), shown.hidden, *_in_view(shown), *notes]
    return "  ·  ".join(part for part in parts if part)


def _counted(shown: Shown) -> str:
    images = f"{shown.images:,} {shown.noun if shown.images == 1 else NOUNS[shown.noun]}"
    return images if shown.seen == shown.images else f"{images} · {shown.seen:,} of them seen so far"


def _selected(shown: Shown) -> str:
    if not shown.selected:
        return ""
    rest = "only they are drawn" if shown.is_filter else "left out over the picture" if shown.has_picture else "faint"
    return f"{shown.selected:,} of {shown.images:,} selected, {rest if shown.is_filter else 'the others ' + rest}"


def _other_classes(shown: Shown) -> str:
    how = "left out over the picture" if shown.has_picture else "faint"
    return f"{shown.other_classes:,} of other classes {how}" if shown.other_classes else ""


def _in_view(shown: Shown) -> list[str]:
    parts = []
    if shown.in_view < shown.drawn:
        parts.append(f"{shown.drawn - shown.in_view:,} outside this view")
    if shown.density:
        parts.append(f"density: {shown.density:.1f} dots a pixel, one of them gives its colour")
    if shown.thumbnails:
        parts.append(f"{shown.thumbnails:,} of {shown.in_view:,} in view have their image")
    return parts


def place_in_words(place: tuple[float, float], axes: tuple[str, str], verdict: str, near: str) -> str:
    """Where the cursor is, for a reader of the screen: "z₁ 0.52, z₂ −1.20, among the pictures, near Bag 00012"."""
    across, up = (f"{value:.2f}".replace("-", "−") for value in place)
    parts = [f"{axes[0] or 'u'} {across}", f"{axes[1] or 'v'} {up}", verdict, f"near {near}" if near else ""]
    return ", ".join(part for part in parts if part)
