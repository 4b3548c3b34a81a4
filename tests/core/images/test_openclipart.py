"""A real folder that breaks other programs: 6,900 pictures of every size in nested folders, one of 231 megapixels."""

import os
from pathlib import Path

import pytest

from core.config import ImagesConfig
from core.images.image_set import build_image_set
from core.reports.images import ImageSetReady

FOLDER = Path("/usr/share/openclipart/png")
MEGAPIXELS_231 = 231


@pytest.mark.skipif(not FOLDER.is_dir(), reason="openclipart-png is not installed")
def test_every_file_of_openclipart_is_used_or_listed_with_its_reason() -> None:
    ready = [report for report in build_image_set(str(FOLDER), ImagesConfig()) if isinstance(report, ImageSetReady)]
    image_set = ready[-1].image_set
    on_disk = {
        os.path.relpath(os.path.join(place, name), FOLDER) for place, _, names in os.walk(FOLDER) for name in names
    }
    listed = [skipped.path for skipped in image_set.skipped]
    assert set(image_set.names) | set(listed) == on_disk
    assert len(image_set.names) + len(listed) == len(on_disk)
    assert image_set.shape == (64, 64, 3)
    assert set(image_set.classes) == {Path(name).parts[0] for name in image_set.names}
    too_large = [skipped for skipped in image_set.skipped if skipped.reason == "too many pixels"]
    assert any(str(MEGAPIXELS_231) in skipped.detail for skipped in too_large)
    assert image_set.pixels[::500].std() > 10
