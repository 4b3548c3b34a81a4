"""The commands on a model that was trained elsewhere: what has a meaning works, what has none says so."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.commands import main
from core.latent.saved_space import load_latent_space
from tests.foreign_models import Foreign

ROOT = Path(__file__).parents[3]
Runs = Callable[[str], Path]


def pixels_of(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def test_open_without_a_window_makes_a_run_and_says_where(
    foreign: dict[str, Foreign], folder: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = foreign["flat"]
    words = ["open", str(model.decoder), "--encoder", str(model.encoder), "--data", str(folder), "--range", "-1..1"]
    assert main([*words, "--as", "A flat one"]) == 0
    said = capsys.readouterr()
    run = Path(said.out.strip())
    assert run == home / "runs" / "A-flat-one"
    assert "Asked for" in said.err
    assert main(["inspect", str(run)]) == 0
    told = capsys.readouterr().out
    assert "trained elsewhere" in told
    assert "24 of 16 × 16 × 1" in told
    assert main(["inspect", str(run), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["kind"] == "imported"
    assert len(facts["kl_per_dim"]) == facts["latent_dims"] == 6


def test_a_window_is_told_what_was_said_of_a_model(foreign: dict[str, Foreign], folder: Path) -> None:
    told = []

    def open_window(path: Path | None, is_anew: bool = False, model: object = None) -> int:
        told.append((path, is_anew, model))
        return 7

    model = foreign["gan"]
    assert main(["open", str(model.decoder)], open_window) == 7
    assert main(["open", str(model.decoder), "--prior", "uniform", "--as", "G"], open_window) == 7
    assert [each[2].decoder for each in told] == [model.decoder] * 2
    assert (told[1][2].prior, told[1][2].name, told[1][2].range) == ("uniform", "G", None)
    assert main(["open", str(model.decoder), "--prior", "gamma"], open_window) == 2
    assert main(["open", str(model.decoder), "--data", str(folder / "none")], open_window) == 1
    assert len(told) == 2


def test_what_cannot_be_opened_is_one_sentence(
    foreign: dict[str, Foreign], folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.onnx").write_bytes(foreign["gan"].decoder.read_bytes()[:-50])
    assert main(["open", str(tmp_path / "m.onnx")]) == 1
    assert main(["open", str(foreign["gan"].decoder), "--data", str(folder)]) == 1
    assert main(["open", str(foreign["conv"].decoder), "--encoder", str(foreign["conv"].encoder)]) == 1
    lines = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("Trying")]
    assert [("cut short" in lines[0]), ("give it too" in lines[1]), ("give their folder too" in lines[2])] == [True] * 3
    assert len(lines) == 3


def test_pictures_and_films_are_made(opened_as_run: Runs, tmp_path: Path) -> None:
    run = opened_as_run("class")
    space = load_latent_space(run)
    z = ["0.5", "-1", "0.25"]
    assert main(["decode", str(run), "--z", *z, "--class", "red", "--out", str(tmp_path / "one.png")]) == 0
    expected = space.with_label(1).decode(np.array([z], np.float32))[0]
    np.testing.assert_array_equal(pixels_of(tmp_path / "one.png"), expected)
    assert main(["grid", str(run), "--columns", "3", "--rows", "2", "--out", str(tmp_path / "grid.png")]) == 0
    assert pixels_of(tmp_path / "grid.png").shape == (32, 48, 3)
    assert main(["sample", str(run), "--count", "4", "--prior", "normal", "--out", str(tmp_path / "four.png")]) == 0
    words = ["film", str(run), "--stops=0,0,0;1,1,1", "--frames", "4", "--out", str(tmp_path / "walk.gif")]
    assert main(words) == 0
    with Image.open(tmp_path / "walk.gif") as film:
        assert film.n_frames == 4


def test_pictures_of_it_need_no_pytorch(opened_as_run: Runs, tmp_path: Path) -> None:
    run = opened_as_run("class")
    lines = (
        ["decode", str(run), "--z", "0.5", "-1", "0.25"],
        ["grid", str(run), "--columns", "3", "--rows", "2"],
        ["sample", str(run), "--count", "5"],
    )
    for number, words in enumerate(lines):
        here, there = (tmp_path / f"{number}{side}.png" for side in "ab")
        assert main([*words, "--out", str(here)]) == 0
        code = f"from core.commands import main\nassert main({[*words, '--out', str(there)]!r}) == 0\n"
        code += "import sys\nassert 'torch' not in sys.modules"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        assert here.read_bytes() == there.read_bytes()


def test_codes_are_written_with_what_is_known(opened_as_run: Runs, tmp_path: Path) -> None:
    run = opened_as_run("class")
    assert main(["encode", str(run), "--out", str(tmp_path / "codes.csv")]) == 0
    rows = list(csv.DictReader((tmp_path / "codes.csv").read_text().splitlines()))
    assert list(rows[0]) == ["file", "class", "z1", "z2", "z3", "pixel_error"]
    codes = np.array([[float(row[f"z{n}"]) for n in (1, 2, 3)] for row in rows], np.float32)
    np.testing.assert_allclose(codes, load_latent_space(run).codes, atol=1e-5)
    assert all(0.0 < float(row["pixel_error"]) < 1.0 for row in rows)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["resume", "{run}"], "trained elsewhere"),
        (["evaluate", "{run}"], "trained elsewhere"),
        (["encode", "{run}", "--out", "{out}.csv"], "without an encoder"),
        (["sample", "{run}", "--prior", "mixture", "--count", "1", "--out", "{out}.png"], ""),
        (["share", "{run}", "--out", "{out}.html"], "without any"),
        (["complete", "{run}", "--picture", "{disc}", "--visible", "left", "--out", "{out}.png"], "complete"),
    ],
)
def test_what_has_no_meaning_is_refused_in_one_sentence(
    words: list[str], said: str, opened_as_run: Runs, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = opened_as_run("gan")
    paths = {"run": run, "out": tmp_path / "out", "disc": folder / "red" / "0.png"}
    code = main([word.format(**paths) for word in words])
    assert code == (1 if said else 0)
    assert said in capsys.readouterr().err


def test_a_page_of_it_is_drawn_from_sheets(
    opened_as_run: Runs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["share", str(opened_as_run("pythae")), "--out", str(tmp_path / "page.html")]) == 0
    page = (tmp_path / "page.html").read_text()
    assert "learned from" not in page  # nobody knows which images it did
    assert "drawn beforehand" in page


def test_a_run_is_shared_mended_and_tried_anew_where_it_comes_from_elsewhere(
    opened_as_run: Runs, tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, copy = opened_as_run("flat"), tmp_path / "copy"
    assert main(["share", str(run), "--out", str(copy)]) == 0
    assert main(["mend", str(copy)]) == 0
    (home / "settings" / "tried-models.txt").unlink()  # as on another machine
    np.testing.assert_array_equal(load_latent_space(copy).codes, load_latent_space(run).codes)
    assert (home / "settings" / "tried-models.txt").read_text().count("\n") == 1
    capsys.readouterr()
    content = (copy / "decoder.onnx").read_bytes()
    (copy / "decoder.onnx").write_bytes(content.replace(b"Tanh", b"Sinh"))
    assert main(["inspect", str(copy)]) == 1
    assert "decoder.onnx" in capsys.readouterr().err
    (copy / "checksums.jsonl").unlink()  # nobody vouches for it, and it was not tried as it is
    (home / "settings" / "tried-models.txt").unlink()
    assert main(["inspect", str(copy)]) == 1
    assert "Sinh" in capsys.readouterr().err
