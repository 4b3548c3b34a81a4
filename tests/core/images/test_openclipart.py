"""A real folder that breaks other programs: 6,900 pictures of every size in nested folders, one of 231 megapixels.

`make test` takes a quarter of it, `make torture` all.
"""

import os
import shutil
from pathlib import Path

import pytest

from core.config import ImagesConfig
from core.images.image_set import build_image_set
from core.reports.images import ImageSetReady

FOLDER = Path("/usr/share/openclipart/png")
MEGAPIXELS_231 = 231
PARTS = 1 if os.environ.get("LATENTSCAPE_TEST_TORTURE") == "full" else 4


@pytest.mark.skipif(not FOLDER.is_dir(), reason="openclipart-png is not installed")
@pytest.mark.long
def test_every_file_of_openclipart_is_used_or_listed_with_its_reason(tmp_path: Path) -> None:
    folder = FOLDER if PARTS == 1 else part_of(FOLDER, tmp_path / "png")
    ready = [report for report in build_image_set(str(folder), ImagesConfig()) if isinstance(report, ImageSetReady)]
    image_set = ready[-1].image_set
    on_disk = set(files_in(folder))
    listed = [skipped.path for skipped in image_set.skipped]
    assert set(image_set.names) | set(listed) == on_disk
    assert len(image_set.names) + len(listed) == len(on_disk)
    assert image_set.shape == (64, 64, 3)
    assert set(image_set.classes) == {Path(name).parts[0] for name in image_set.names}
    too_large = [skipped for skipped in image_set.skipped if skipped.reason == "too many pixels"]
    assert any(str(MEGAPIXELS_231) in skipped.detail for skipped in too_large)
    assert image_set.pixels[::500].std() > 10


def files_in(folder: Path) -> list[str]:
    return sorted(
        os.path.relpath(os.path.join(place, name), folder) for place, _, names in os.walk(folder) for name in names
    )


def part_of(folder: Path, part: Path) -> Path:
    """A file in PARTS, and those that are too large."""
    names = files_in(folder)
    for name in {*names[::PARTS], *(name for name in names if pixels_of(folder / name) > 200e6)}:
        (part / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / name, part / name)
    return part


def pixels_of(path: Path) -> int:
    """As a PNG's head has them; 0 of another file."""
    with path.open("rb") as file:
        head = file.read(24)
    return int.from_bytes(head[16:20]) * int.from_bytes(head[20:24]) if head[1:4] == b"PNG" else 0
