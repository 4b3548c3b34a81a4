"""Odd and broken files, of other projects and of hypothesis: each is used or listed with a reason; nothing breaks."""

import io
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from core.config import ImagesConfig
from core.images.decoding.decode import UnreadablePictureError, decode_whole
from core.images.image_set import ImageSet
from tests.core.conftest import built
from tests.core.images.decoding.odd_files import CACHE, CORPORA, everything_in

SMALL = ImagesConfig(image_size=16, held_out=0.0)


def seen(folder: Path) -> ImageSet:
    """The image set of a folder, checked to hold or to list every file of it."""
    image_set = built(str(folder), SMALL)
    used, listed = list(image_set.names), [skipped.path for skipped in image_set.skipped]
    on_disk = everything_in(folder)
    assert len(used) == len(set(used))
    assert not set(used) & set(listed)
    lost = on_disk - set(used) - set(listed)
    assert {path for path in lost if not is_within(path, listed)} == set()
    assert all(skipped.reason for skipped in image_set.skipped)
    assert len(image_set.pixels) == len(used)
    return image_set


def is_within(path: str, listed: list[str]) -> bool:
    """Whether a folder above is listed as a whole, as hidden ones are."""
    return any(path.startswith(f"{folder}/") for folder in listed)


@pytest.mark.parametrize("corpus", CORPORA)
def test_every_odd_file_of_others_is_used_or_listed(corpus: str) -> None:
    if not (CACHE / corpus).is_dir():
        pytest.skip(f"{corpus} is not there: run tests/odd_files.sh (it needs Debian's apt)")
    image_set = seen(CACHE / corpus)
    assert len(image_set.names) > 50
    assert "crashed the decoder" not in {skipped.reason for skipped in image_set.skipped}
    assert image_set.pixels.std() > 10


def encoded(kind: str) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (24, 20, 3), np.uint8)).save(out, kind)
    return out.getvalue()


WHOLE = {kind: encoded(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "JPEG2000", "AVIF")}
NAMES = st.binary(min_size=1, max_size=255).filter(lambda name: not set(name) & {0, ord("/")} and name.strip(b"."))
DAMAGED = st.tuples(
    NAMES,
    st.sampled_from(sorted(WHOLE)),
    st.integers(0, 3000),  # bytes cut off
    st.lists(st.integers(0, 10**6), max_size=6),  # bits flipped
)


def damaged(kind: str, cut: int, flips: list[int]) -> bytes:
    content = bytearray(WHOLE[kind][: max(1, len(WHOLE[kind]) - cut)])
    for flip in flips:
        content[flip // 8 % len(content)] ^= 1 << flip % 8
    return bytes(content)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(files=st.lists(DAMAGED, min_size=1, max_size=60, unique_by=lambda file: file[0]))
@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow fewer names")
def test_damaged_files_of_any_name_are_used_or_listed(files: list[tuple[bytes, str, int, list[int]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, *damage in files:
            with open(os.path.join(os.fsencode(folder), name), "wb") as file:
                file.write(damaged(*damage))
        seen(Path(folder))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=DAMAGED)
def test_no_damage_raises_anything_but_its_sentence(tmp_path: Path, file: tuple[bytes, str, int, list[int]]) -> None:
    (tmp_path / "damaged").write_bytes(damaged(*file[1:]))
    try:
        found = decode_whole(tmp_path / "damaged", 16)
    except UnreadablePictureError:
        return  # its sentences are checked elsewhere; anything else that is raised fails here
    assert found.shape[2] == 3
    assert max(found.shape) <= 16
