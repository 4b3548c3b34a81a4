"""Films: every frame is what the model decodes there, and the table beside it says where that is."""

import csv
import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence

from core.errors import ConfigError
from core.exploration import LatentPath
from core.export.films import SUFFIXES, Film, check_film, film_facts, table_beside, write_film
from core.export.pictures import read_picture_facts
from core.export.stills import enlarged
from core.latent.latent_space import LatentSpace
from tests.core.latent.known_decoders import linear, space_of
from tests.rights import python_path

ROOT = Path(__file__).parents[3]

FACTS = {"run": "faces", "step": 7}
SHAPES = {"grey": (6, 5, 1), "colour": (6, 6, 3)}


def made_up(shape: tuple[int, int, int]) -> LatentSpace:
    """Pixels that go from dark to light as the first number of z does, each at its own rate."""
    rates = np.linspace(0.2, 1.0, int(np.prod(shape))).astype(np.float32)

    def decode(z: object) -> object:
        return (z[:, :1] * z.new_tensor(rates)).clamp(0.0, 1.0)

    return space_of(decode, np.zeros((1, 2)), shape)


@pytest.fixture(params=list(SHAPES))
def space(request: pytest.FixtureRequest) -> LatentSpace:
    return made_up(SHAPES[request.param])


def brightening() -> np.ndarray:
    return np.stack([np.linspace(0, 1, 12), np.full(12, 1 / 3)], axis=1).astype(np.float32)


@pytest.fixture
def z() -> np.ndarray:
    return brightening()


def saved(out: Path, space: LatentSpace, film: Film) -> Path:
    for _ in write_film(out, space, film):
        pass
    return out


def save_one(out: str) -> None:
    """In a process of its own."""
    saved(Path(out), made_up(SHAPES["grey"]), Film(brightening(), facts=FACTS))


def frames_of(path: Path, mode: str) -> list[np.ndarray]:
    with Image.open(path) as film:
        return [np.asarray(frame.convert(mode)) for frame in ImageSequence.Iterator(film)]


def duration_of(frame: Image.Image) -> int:
    """In milliseconds; Pillow knows it once the frame is read."""
    frame.load()
    return int(frame.info["duration"])


def pictures(space: LatentSpace, z: np.ndarray, scale: int) -> list[np.ndarray]:
    return [enlarged(each, scale)[..., 0 if each.shape[2] == 1 else slice(None)] for each in space.decode(z)]


def test_a_webp_film_is_what_was_decoded_to_the_pixel(space: LatentSpace, z: np.ndarray, tmp_path: Path) -> None:
    out = saved(tmp_path / "a.webp", space, Film(z, 20.0, 3, FACTS))
    mode = "RGB" if space.image_shape[2] == 3 else "L"
    for frame, picture in zip(frames_of(out, mode), pictures(space, z, 3), strict=True):
        np.testing.assert_array_equal(frame, picture)
    with Image.open(out) as film:
        film.load()
        assert film.info["duration"] == 50
        assert film.info["loop"] == 0
        assert json.loads(film.getexif()[0x010E])["step"] == 7


def test_a_grey_gif_is_exact_and_a_coloured_one_close(space: LatentSpace, z: np.ndarray, tmp_path: Path) -> None:
    out = saved(tmp_path / "a.gif", space, Film(z, 25.0, 2, FACTS))
    mode, worst = ("RGB", 8) if space.image_shape[2] == 3 else ("L", 0)
    for frame, picture in zip(frames_of(out, mode), pictures(space, z, 2), strict=True):
        assert np.abs(frame.astype(int) - picture).max() <= worst
    with Image.open(out) as film:
        assert film.info["duration"] == 40
        assert film.info["loop"] == 0
        assert json.loads(film.info["comment"])["run"] == "faces"


def test_an_mp4_film_has_every_frame_and_plays_as_fast_as_asked(
    space: LatentSpace, z: np.ndarray, tmp_path: Path
) -> None:
    out = saved(tmp_path / "a.mp4", space, Film(z, 12.5, 21, FACTS))  # a side of 5 · 21 is odd
    with av.open(str(out)) as film:
        assert json.loads(film.metadata["comment"])["run"] == "faces"
        assert film.streams.video[0].average_rate == Fraction(25, 2)
        assert film.streams.video[0].codec_context.name == "h264"
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(frames) == 12
    for frame, picture in zip(frames, pictures(space, z, 21), strict=True):
        height, width = picture.shape[:2]
        assert frame.shape[:2] == (height + height % 2, width + width % 2)
        seen = frame[:height, :width].mean(axis=2)
        wanted = picture if picture.ndim == 2 else picture.mean(axis=2)
        assert np.abs(seen - wanted).mean() < 4  # of 255


def test_png_frames_each_know_where_they_are(space: LatentSpace, z: np.ndarray, tmp_path: Path) -> None:
    out = saved(tmp_path / "frames", space, Film(z, scale=2, facts=FACTS))
    names = [f"{number:04}.png" for number in range(1, 13)]
    assert sorted(path.name for path in out.iterdir()) == [*names, "z.csv"]
    for name, place, picture in zip(names, z, pictures(space, z, 2), strict=True):
        np.testing.assert_array_equal(np.asarray(Image.open(out / name)), picture)
        facts = read_picture_facts(out / name)
        np.testing.assert_array_equal(np.array(facts["z"], np.float32), place)
        assert facts["run"] == "faces"


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.mp4", "a"])
def test_the_table_beside_a_film_has_the_z_of_each_frame_to_the_last_digit(
    z: np.ndarray, tmp_path: Path, name: str
) -> None:
    out = saved(tmp_path / name, made_up(SHAPES["grey"]), Film(z, 25.0))
    with table_beside(out).open(newline="") as file:
        rows = list(csv.DictReader(file))
    np.testing.assert_array_equal(np.array([[row["z1"], row["z2"]] for row in rows], np.float32), z)
    assert [row["frame"] for row in rows] == [str(number) for number in range(1, 13)]
    assert [row["seconds"] for row in rows[:3]] == ["0.000", "0.040", "0.080"]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_film_is_the_same_file(space: LatentSpace, z: np.ndarray, tmp_path: Path, suffix: str) -> None:
    one, other = (saved(tmp_path / f"{name}{suffix}", space, Film(z, facts=FACTS)).read_bytes() for name in "ab")
    assert one == other


@pytest.mark.skipif(sys.platform != "linux", reason="glibc alone can fill the memory that it hands out")
@pytest.mark.long
def test_a_film_does_not_depend_on_what_was_in_the_memory_before(tmp_path: Path) -> None:
    """x264 reads what it has not written, for this width (of 14 macroblocks), unless told not to."""
    films = [tmp_path / f"{filler}.mp4" for filler in (85, 255)]
    for film in films:
        memory = {"MALLOC_PERTURB_": film.stem, "MALLOC_MMAP_THRESHOLD_": str(10**9)}
        subprocess.run(
            [sys.executable, "-c", f"from {__name__} import *; save_one({str(film)!r})"],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": python_path(), **memory}, check=True, timeout=120,
        )  # fmt: skip
    one, other = (film.read_bytes() for film in films)
    assert one == other


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.mp4", "a"])
def test_a_film_that_is_cancelled_leaves_what_was_there(z: np.ndarray, tmp_path: Path, name: str) -> None:
    kept = tmp_path / "a.gif"
    kept.write_bytes(b"before")
    reports = write_film(tmp_path / name, made_up(SHAPES["grey"]), Film(np.repeat(z, 20, axis=0)), may_replace=True)
    while next(reports).doing != "Saving":
        pass
    reports.close()
    assert [path.name for path in tmp_path.iterdir()] == ["a.gif"]
    assert kept.read_bytes() == b"before"


def test_pictures_that_do_not_change_still_last_as_long(tmp_path: Path) -> None:
    space, still = made_up(SHAPES["grey"]), np.repeat(np.array([[1, 0], [0, 0]], np.float32), 5, axis=0)
    for name in ("a.gif", "a.webp"):
        with Image.open(saved(tmp_path / name, space, Film(still))) as film:
            assert sum(duration_of(frame) for frame in ImageSequence.Iterator(film)) == 400


def test_small_pictures_are_enlarged_by_a_whole_number_unless_told(z: np.ndarray, tmp_path: Path) -> None:
    assert frames_of(saved(tmp_path / "a.gif", made_up((28, 28, 1)), Film(z)), "L")[0].shape == (252, 252)
    assert frames_of(saved(tmp_path / "a.gif", made_up((28, 28, 1)), Film(z, scale=1)), "L")[0].shape == (28, 28)


@pytest.mark.parametrize(
    ("name", "film", "why"),
    [
        ("a.avi", {}, r"end it in \.gif, \.webp, \.mp4"),
        ("nowhere/a.gif", {}, "no folder"),
        ("full", {}, "name a new folder"),
        ("a.gif", {"fps": 0.0}, "0 pictures a second"),
        ("a.webp", {"fps": 1e-9}, "ask for 0.01 to 60"),
        ("a.gif", {"fps": 1000.0}, "1000 pictures a second"),
        ("a.gif", {"scale": 0}, "0 times"),
        ("a.gif", {"scale": 100_000}, "too large: ask for at most"),
    ],
)
def test_what_cannot_be_saved_is_said_before_anything_is_decoded(
    z: np.ndarray, tmp_path: Path, name: str, film: dict[str, float], why: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    with pytest.raises(ConfigError, match=why):
        next(write_film(tmp_path / name, made_up(SHAPES["grey"]), Film(z, **film)))
    assert (tmp_path / "full" / "mine.txt").exists()


def test_without_pyav_it_says_what_to_install(z: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ConfigError, match=r"pip install 'latentscape\[video\]'"):
        check_film(tmp_path / "a.mp4", Film(z), (6, 5, 1))
    check_film(tmp_path / "a.gif", Film(z), (6, 5, 1))


def test_too_many_large_frames_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="too much memory"):
        check_film(tmp_path / "a.gif", Film(np.zeros((6_000, 2), np.float32)), (256, 256, 3))


def test_a_film_says_what_it_is_of() -> None:
    space = space_of(linear, np.zeros((1, 2)))
    facts = film_facts("faces", space, LatentPath("a", "data", np.zeros((2, 2), np.float32), is_loop=True))
    assert facts == {"run": "faces", "step": 7, "path": {"kind": "data", "loop": True, "even": False}}
