"""`latentscape film`: the film that the window saves, byte for byte, from the words that it copies."""

import csv
import shlex
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.commands import main
from core.exploration import LatentPath
from core.export.command_lines import film_command
from core.export.films import Film, film_facts, write_film
from core.latent.paths import Way, as_class, find_way
from core.latent.saved_space import load_latent_space

TINY = (
    "--image-size",
    "16",
    "--width",
    "4",
    "--batch-size",
    "8",
    "--device",
    "cpu",
    "--epochs",
    "1",
    "--network",
    "mlp",
)
STOPS = np.array([[-1.25, 0.1], [1e-7, -2.0], [0.333333343, 3.0]], np.float32)
Output = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def run(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run that knows classes; tests only read it. Its name has a space."""
    home = tmp_path_factory.mktemp("films")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTSCAPE_HOME", str(home))
        words = ["train", str(folder), "--run", str(home / "my run"), "--conditional", "class", *TINY]
        assert main(words) == 0
    return home / "my run"


def as_the_window_films(run: Path, path: LatentPath, out: Path) -> bytes:
    space = load_latent_space(run)
    *_, way = find_way(space, path)
    assert isinstance(way, Way)
    space = as_class(space, path.class_name)
    for _ in write_film(out, space, Film(way.z, 25.0, None, film_facts(run.name, space, path))):
        pass
    return out.read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        LatentPath("a", "straight", STOPS, 12, class_name="red"),
        LatentPath("a", "spherical", STOPS, 12, is_loop=True),
        LatentPath("a", "data", STOPS, 20, class_name="blue", is_even=True),
        LatentPath("a", "geodesic", STOPS[:2], 8),
    ],
    ids=lambda path: path.kind,
)
def test_the_command_that_is_copied_makes_the_same_film(run: Path, tmp_path: Path, path: LatentPath) -> None:
    known = as_the_window_films(run, path, tmp_path / "known.gif")
    words = shlex.split(film_command(run, path, out=str(tmp_path / "a.gif")))
    assert words[0] == "latentscape"
    assert main(words[1:]) == 0
    assert (tmp_path / "a.gif").read_bytes() == known
    assert (tmp_path / "a.z.csv").read_bytes() == (tmp_path / "known.z.csv").read_bytes()


def test_numbers_are_copied_to_the_last_digit(run: Path) -> None:
    words = shlex.split(film_command(run, LatentPath("a", "straight", STOPS)))
    stops = next(word for word in words if word.startswith("--stops=")).removeprefix("--stops=")
    assert "e" not in stops
    read = [[float(number) for number in stop.split(",")] for stop in stops.split(";")]
    np.testing.assert_array_equal(np.array(read, np.float32), STOPS)


def test_a_film_of_a_film_has_the_same_places(run: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.webp", tmp_path / "b.webp"
    assert main(["film", str(run), "--stops=-1,0;1,2", "--frames", "9", "--out", str(first)]) == 0
    again = ["film", str(run), "--stops", str(tmp_path / "a.z.csv"), "--frames", "9", "--out", str(second)]
    assert main(again) == 0
    assert (tmp_path / "a.z.csv").read_bytes() == (tmp_path / "b.z.csv").read_bytes()
    assert first.read_bytes() == second.read_bytes()


def test_codes_that_were_encoded_can_be_stops(run: Path, folder: Path, tmp_path: Path) -> None:
    codes, out = tmp_path / "codes.csv", tmp_path / "frames"
    assert main(["encode", str(run), str(folder), "--out", str(codes)]) == 0
    assert main(["film", str(run), "--stops", str(codes), "--frames", "24", "--scale", "1", "--out", str(out)]) == 0
    with codes.open(newline="") as file:
        z = [[row["z1"], row["z2"]] for row in csv.DictReader(file)]
    with (out / "z.csv").open(newline="") as file:
        filmed = [[row["z1"], row["z2"]] for row in csv.DictReader(file)]
    np.testing.assert_array_equal(np.array(filmed, np.float32), np.array(z, np.float32))
    with Image.open(out / "0001.png") as frame:
        assert frame.size == (16, 16)


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (["--stops", "here;there", "--out", "a.gif"], 2, "is not numbers"),
        (["--stops", ";", "--out", "a.gif"], 2, "there are none"),
        (["--stops", "missing.csv", "--out", "a.gif"], 2, "cannot be read"),
        (["--stops", "0,1", "--out", "a.gif"], 1, "two stops"),
        (["--stops", "0,1;1e38,0", "--out", "a.gif"], 2, "every number must lie between"),
        (["--stops", "0,1,2;0,1,2", "--out", "a.gif"], 1, "2 dimensions"),
        (["--stops", "0,1;1,0", "--out", "a.avi"], 1, "is no film"),
        (["--stops", "0,1;1,0", "--class", "gren", "--out", "a.gif"], 1, "no class gren"),
        (["--stops", "0,1;1,0", "--frames", "1", "--out", "a.gif"], 1, "frames, not 1"),
        (["--stops", "0,1;1,0", "--fps", "-2", "--out", "a.gif"], 1, "-2 pictures a second"),
    ],
)
def test_what_cannot_be_filmed_is_said_in_a_sentence(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output, words: list[str], code: int, why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["film", str(run), *words]) == code
    said = capsys.readouterr().err
    assert why in said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_the_kept_run_is_enough(run: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere" / "my run"
    shutil.copytree(run, moved)
    path = LatentPath("a", "straight", STOPS[:2], 5, class_name="red")
    words = shlex.split(film_command(moved, path, out=str(tmp_path / "a.gif")))
    assert main(words[1:]) == 0
    assert (tmp_path / "a.gif").read_bytes() == as_the_window_films(run, replace(path), tmp_path / "b.gif")
