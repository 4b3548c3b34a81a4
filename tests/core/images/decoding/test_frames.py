"""An animation or a book gives its first frame, whole or not, and says how many more it has."""

import io
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.images.decoding.decode import decode
from core.images.decoding.target import Target

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


@pytest.mark.parametrize("suffix", ["gif", "webp", "png", "tiff", "avif"])
def test_an_animation_gives_its_first_frame_and_says_how_many_it_has(tmp_path: Path, suffix: str) -> None:
    frames = [Image.new("RGB", (32, 32), colour) for colour in (RED, GREEN, BLUE)]
    lossless = {"lossless": True} if suffix == "webp" else {}
    frames[0].save(tmp_path / f"a.{suffix}", save_all=True, append_images=frames[1:], **lossless)
    found = decode(tmp_path / f"a.{suffix}", Target(16, 3))
    assert np.abs(found.pixels[8, 8].astype(int) - RED).max() <= 2
    assert (found.origin.frames, found.origin.treatments) == (3, ("first frame",))


def test_the_second_picture_in_a_photograph_is_no_frame_of_it(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (32, 32), colour) for colour in (RED, GREEN)]
    frames[0].save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=frames[1:])
    origin = decode(tmp_path / "a.jpg", Target(16, 3)).origin
    assert (origin.format, origin.frames, origin.treatments) == ("JPEG", 1, ())


def test_an_animation_cut_off_after_its_first_frame_is_still_a_picture(tmp_path: Path) -> None:
    frames = [Image.fromarray(np.full((32, 32, 3), colour, np.uint8)) for colour in (RED, GREEN, BLUE)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    (tmp_path / "a.gif").write_bytes(out.getvalue()[:-8])
    assert tuple(decode(tmp_path / "a.gif", Target(16, 3)).pixels[8, 8]) == RED


def partial_gif() -> bytes:
    """A screen of 4 × 4 whose first frame is one red pixel, and nothing is said to be transparent."""
    head = b"GIF89a" + struct.pack("<HHBBB", 4, 4, 0x80, 0, 0) + bytes([0, 0, 0, 255, 0, 0])
    return head + b"," + struct.pack("<HHHHB", 1, 1, 1, 1, 0) + b"\x02\x02\x4c\x01\x00;"


def partial_webp() -> bytes:
    """The same by libwebp's container: the canvas claims to have no transparency."""
    red = io.BytesIO()
    Image.new("RGB", (2, 2), RED).save(red, "WEBP", lossless=True)
    frame = b"".join(value.to_bytes(3, "little") for value in (0, 0, 1, 1, 100)) + b"\0" + red.getvalue()[12:]
    side = (3).to_bytes(3, "little") * 2
    pieces = ((b"VP8X", b"\x02\0\0\0" + side), (b"ANIM", bytes(6)), (b"ANMF", frame))
    body = b"WEBP" + b"".join(kind + struct.pack("<I", len(piece)) + piece for kind, piece in pieces)
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    ("make", "level"), [(partial_gif, 0), (partial_gif, 255), (partial_webp, 0), (partial_webp, 255)]
)
def test_what_a_first_frame_does_not_cover_shows_the_background(
    tmp_path: Path, make: Callable[[], bytes], level: int
) -> None:
    (tmp_path / "a").write_bytes(make())
    found = decode(tmp_path / "a", Target(4, 3, background="white" if level else "black"))
    is_red = (found.pixels == RED).all(-1)
    assert 1 <= is_red.sum() <= 4
    assert (found.pixels[~is_red] == level).all()
