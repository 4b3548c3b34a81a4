"""What a person would learn from by mistake: pictures that this program saved, its runs, what drives put in folders."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.config import ImagesConfig, RunConfig
from core.export.films import Film, write_film
from core.export.pictures import save_picture
from core.images.decoding.decode import decode
from core.images.decoding.target import Target
from core.images.image_set import ImageSet
from core.training.run_folder import Kept, write_config
from tests.core.conftest import built


def put(path: Path, level: int = 90) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (16, 16), level).save(path)


def images_of(folder: Path) -> ImageSet:
    return built(str(folder), ImagesConfig(image_size=16, held_out=0.0))


def reasons(images: ImageSet) -> dict[str, str]:
    return {each.path: each.reason for each in images.skipped}


class Decoder:
    """Decodes anything to a square of one level."""

    image_shape = (16, 16, 1)

    def decode(self, z: np.ndarray) -> np.ndarray:
        return np.full((len(z), 16, 16, 1), 128, np.uint8)


def test_pictures_and_films_that_were_saved_here_are_left_out(tmp_path: Path) -> None:
    put(tmp_path / "a.png")
    save_picture(tmp_path / "saved.png", np.zeros((16, 16, 3), np.uint8), {"run": "faces-1", "z": [0.0, 1.0]})
    film = Film(np.zeros((3, 2), np.float32), facts={"run": "faces-1"})
    for name in ("film.gif", "film.webp", "frames"):
        list(write_film(tmp_path / name, Decoder(), film))
    images = images_of(tmp_path)
    assert list(images.names) == ["a.png"]
    ours = {"saved.png", "film.gif", "film.webp", *(f"frames/000{number}.png" for number in (1, 2, 3))}
    assert {path for path, reason in reasons(images).items() if reason == "saved by this program"} == ours
    assert images.classes == (tmp_path.name,)


def test_a_picture_that_was_saved_here_can_still_be_placed(tmp_path: Path) -> None:
    save_picture(tmp_path / "saved.png", np.full((16, 16, 3), 7, np.uint8), {"z": [0.0]})
    assert (decode(tmp_path / "saved.png", Target(16, 3)).pixels == 7).all()


def test_a_run_in_the_folder_is_no_class(tmp_path: Path) -> None:
    put(tmp_path / "cats" / "a.png")
    for run in ("run", "cats/runs/first"):
        put(tmp_path / run / "samples.png")
        put(tmp_path / run / "deeper" / "b.png")
        write_config(tmp_path / run, Kept(RunConfig(source=str(tmp_path)), (16, 16, 1)))
    images = images_of(tmp_path)
    assert list(images.names) == ["cats/a.png"]
    assert images.classes == ("cats",)
    assert reasons(images) == dict.fromkeys(("run", "cats/runs/first"), "folder of a run")


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"format": 1}', json.dumps({"latentscape": "1", "format": 1}), "[" * 100_000]
)
def test_a_folder_with_a_configuration_of_something_else_is_a_class(tmp_path: Path, content: str) -> None:
    put(tmp_path / "cats" / "a.png")
    (tmp_path / "cats" / "config.json").write_text(content)
    assert list(images_of(tmp_path).names) == ["cats/a.png"]


OTHERS = [
    "@eaDir", "#recycle", "__MACOSX", ".Trash-1000", "$RECYCLE.BIN", "lost+found", "System Volume Information",
    "@Recycle", "#snapshot", ".AppleDouble", "RECYCLER", "Network Trash Folder",
]  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_what_a_drive_or_a_server_puts_beside_pictures_is_left_out(tmp_path: Path, name: str) -> None:
    put(tmp_path / "a.png")
    put(tmp_path / name / "b" / "thumbnail.png")
    put(tmp_path / "cats" / name / "c.png")
    images = images_of(tmp_path)
    assert list(images.names) == ["a.png"]
    assert reasons(images) == dict.fromkeys((name, f"cats/{name}"), "hidden or system file")
