"""`latentscape history`: how a run learned, as a film that the window saves too, byte for byte."""

import csv
import importlib.util
import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.commands import main
from core.export.command_lines import history_command
from core.export.dot_picture import colours_of, draw_dots, sides_of
from core.export.history_film import FOOT, SIDE, HistoryFilm, positions, write_history
from core.latent.moment_space import open_moment
from core.latent.saved_space import load_latent_space
from core.model.one_core import use_one_core
from core.palette import class_colours
from core.training.image_table import read_images
from core.training.moment_files import FOLDER, MOMENTS, moments_of

TINY = ("--width", "4", "--batch-size", "8", "--epochs", "3", "--network", "mlp", "--latent-dims", "3")
IMAGES = ("--image-size", "16", "--device", "cpu", "--conditional", "class")
SHORT = ("--seconds", "0.5", "--fps", "20")
Output = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def run(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run that knows classes; tests only read it. Its name has a space."""
    home = tmp_path_factory.mktemp("films")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTSCAPE_HOME", str(home))
        words = ["train", str(folder), "--run", str(home / "my run"), *IMAGES, *TINY]
        assert main(words) == 0
    return home / "my run"


SUFFIXES = [".gif", ".webp", *([".mp4"] if importlib.util.find_spec("av") else [])]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_copied_command_films_what_the_window_films(run: Path, tmp_path: Path, suffix: str) -> None:
    use_one_core()
    z, image = np.array([0.333333343, -1e-7, 2.0], np.float32), 5 if suffix == ".webp" else None
    first, again = tmp_path / f"first{suffix}", tmp_path / f"again{suffix}"
    reports = list(write_history(first, run, HistoryFilm(image, z, "red", 0.5, 20.0)))
    done = [each.done for each in reports]
    assert done == sorted(done), "how far all of it is never falls"
    assert done[-1] < {each.total for each in reports}.pop()
    name = "" if image is None else read_images(run).names[image]
    assert main([*shlex.split(history_command(run, name, z, "red", str(again)))[1:], *SHORT]) == 0
    assert again.read_bytes() == first.read_bytes()


def test_each_frame_is_what_a_moment_draws(run: Path, tmp_path: Path) -> None:
    image = read_images(run).names[3]
    words = ["history", str(run), "--image", image, "--out", str(tmp_path / "frames"), *SHORT]
    assert main(words) == 0
    now = load_latent_space(run)
    first, last = (Image.open(tmp_path / "frames" / f"{number:04}.png").convert("RGB") for number in (1, 10))
    moments = moments_of(run)
    then = open_moment(run, moments[0], now).space
    for picture, space in ((first, then), (last, now)):
        drawn = space.decode(space.codes[3:4])[0]
        scale = (SIDE - 24) // 16
        begin = SIDE + (SIDE - 16 * scale) // 2, (SIDE - 16 * scale) // 2
        seen = picture.crop((*begin, begin[0] + 16 * scale, begin[1] + 16 * scale)).resize((16, 16), 0)
        assert np.array_equal(np.asarray(seen), np.broadcast_to(drawn, (16, 16, 3)))
    with (tmp_path / "frames" / "z.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [float(rows[-1][f"z{n}"]) for n in (1, 2, 3)] == pytest.approx(now.codes[3].tolist())
    assert first.size == (2 * SIDE, SIDE + FOOT)


def test_a_dot_is_drawn_where_its_code_lies_in_the_colour_of_its_class() -> None:
    points = np.array([[0.5, 0.25], [np.nan, np.nan], [-1.0, -1.0], [9e9, 0.0]], np.float32)
    picture = draw_dots(points, colours_of(np.array([4, 0, 99, 1])), (0.0, 0.0, 1.0), 200)
    assert tuple(picture[75, 150]) == (0xE3, 0x3E, 0x03)
    assert tuple(picture[199, 0]) == tuple(class_colours(100)[99])
    assert (picture != 255).any(axis=2).sum() < 60
    ringed = draw_dots(points, colours_of(np.array([4, 0, 99, 1])), (0.0, 0.0, 1.0), 200, (0.0, 0.0))
    assert (ringed[100, 90:94] < 128).any()


def test_all_dots_of_all_moments_have_room() -> None:
    rng = np.random.default_rng(0)
    maps = [rng.normal(3, 1, (500, 2)).astype(np.float32), rng.normal(-4, 0.1, (500, 2)).astype(np.float32)]
    u, v, reach = sides_of(maps)
    inside = [np.abs(each - (u, v)).max(axis=1) <= reach for each in maps]
    assert np.mean(inside) > 0.99
    assert sides_of([np.full((3, 2), np.nan, np.float32)]) == (0.0, 0.0, 1.0)


def test_a_film_begins_at_the_first_moment_and_rests_at_now() -> None:
    way = positions(5, 100)
    assert (way[0], way[-1], len(way)) == (0.0, 4.0, 100)
    assert (way == 4.0).sum() > 10
    assert (np.diff(way) >= 0).all()


def test_what_cannot_be_filmed_is_one_clear_sentence(run: Path, tmp_path: Path, capsys: Output) -> None:
    out = str(tmp_path / "x.gif")
    assert main(["history", str(run), "--out", out, "--z", "1", "2", "3", "--image", "a"]) == 2
    assert main(["history", str(run), "--out", out, "--image", "nobody.png"]) == 1
    assert main(["history", str(run), "--out", out, "--z", "1"]) == 1
    assert main(["history", str(run), "--out", out, "--seconds", "9999"]) == 1
    assert main(["history", str(run), "--out", str(tmp_path / "x.txt")]) == 1
    bare = shutil.copytree(run, tmp_path / "bare")
    shutil.rmtree(bare / FOLDER)
    (bare / MOMENTS).unlink()
    assert main(["history", str(bare), "--out", out]) == 1
    said = capsys.readouterr().err
    assert "name a place or an image, not both" in said
    assert "There is no image nobody.png" in said
    assert "1 numbers: this run has 3 latent dimensions" in said
    assert "ask for 0.5 to 60" in said
    assert "keeps no moments" in said
    assert "Traceback" not in said
    assert not Path(out).exists()
