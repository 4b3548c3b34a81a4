from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import ConfigError, ImagesError
from core.export.pictures import read_picture_facts, save_picture
from core.export.stills import enlarged
from core.version import app_version


@pytest.mark.parametrize("channels", [1, 3])
def test_a_saved_picture_has_its_pixels_and_remembers_its_latent(tmp_path: Path, channels: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, channels), np.uint8)
    z = np.array([0.5, -1.2], np.float32)
    save_picture(tmp_path / "a.png", pixels, {"run": "faces-1", "step": np.int64(12), "z": z})
    with Image.open(tmp_path / "a.png") as image:
        assert np.array_equal(np.asarray(image).reshape(pixels.shape), pixels)
    facts = read_picture_facts(tmp_path / "a.png")
    assert facts.pop("z") == pytest.approx([0.5, -1.2])
    assert facts == {"latentscape": app_version(), "run": "faces-1", "step": 12}


@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_is_enlarged_in_squares_or_blended(channels: int) -> None:
    pixels = np.zeros((2, 3, channels), np.uint8)
    pixels[:, 1] = 200
    squares, blended = enlarged(pixels, 4), enlarged(pixels, 4, is_smooth=True)
    assert squares.shape == blended.shape == (8, 12, channels)
    assert np.array_equal(squares[::4, ::4], pixels)
    assert set(squares.ravel().tolist()) == {0, 200}
    assert len(set(blended.ravel().tolist())) > 2


def test_the_name_of_a_run_may_be_in_any_script(tmp_path: Path) -> None:
    save_picture(tmp_path / "a.png", np.zeros((2, 2, 3), np.uint8), {"run": "Gesichter-ü-顔"})
    assert read_picture_facts(tmp_path / "a.png")["run"] == "Gesichter-ü-顔"


@pytest.mark.parametrize(
    ("name", "said"), [("none/a.png", "There is no folder"), ("a.bmp", r"a\.bmp.*\.png"), ("folder.png", "is a folder")]
)
def test_a_place_where_nothing_can_be_saved_is_named(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(ConfigError, match=said):
        save_picture(tmp_path / name, np.zeros((2, 2, 3), np.uint8), {})


def test_a_picture_that_fails_to_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    save_picture(tmp_path / "a.png", np.zeros((2, 2, 3), np.uint8), {"step": 1})
    with pytest.raises(TypeError):
        save_picture(tmp_path / "a.png", np.zeros((2, 2, 4), np.float64), {})  # type: ignore[arg-type]
    assert read_picture_facts(tmp_path / "a.png")["step"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_a_picture_of_another_program_is_told_apart(tmp_path: Path) -> None:
    Image.new("RGB", (2, 2)).save(tmp_path / "other.png")
    (tmp_path / "text.png").write_text("no picture")
    for name, said in (("other.png", "does not say"), ("text.png", "does not say"), ("none.png", "There is no file")):
        with pytest.raises(ImagesError, match=said):
            read_picture_facts(tmp_path / name)
