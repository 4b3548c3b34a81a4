"""The command line of runs that know more than z: any class at any place, and what may be hidden in a picture."""

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.commands import main
from core.export.pictures import read_picture_facts
from core.latent.saved_space import load_latent_space
from core.training.run_folder import read_config

TINY = ("--image-size", "16", "--width", "4", "--batch-size", "8", "--device", "cpu", "--epochs", "1")
Output = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def runs(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A finished run of each kind; tests only read them."""
    home = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTSCAPE_HOME", str(home))
        for kind in ("none", "class", "completion"):
            assert main(["train", str(folder), "--run", str(home / kind), "--conditional", kind, *TINY]) == 0
    return {kind: home / kind for kind in ("none", "class", "completion")}


def picture(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def test_a_run_remembers_its_classes(runs: dict[str, Path], capsys: Output) -> None:
    assert read_config(runs["class"]).classes == ("blue", "red")
    assert main(["inspect", str(runs["class"])]) == 0
    assert "conditional on the class" in capsys.readouterr().out


def test_a_place_can_be_decoded_as_any_class(runs: dict[str, Path], tmp_path: Path) -> None:
    out, space = tmp_path / "a.png", load_latent_space(runs["class"])
    for label, name in enumerate(("blue", "red")):
        assert main(["decode", str(runs["class"]), "--z", "0.5", "1", "--class", name, "--out", str(out)]) == 0
        assert np.array_equal(picture(out), space.with_label(label).decode(np.array([[0.5, 1]], np.float32))[0])
        assert read_picture_facts(out)["class"] == name
    words = ["grid", str(runs["class"]), "--columns", "3", "--rows", "2", "--class", "red", "--out", str(out)]
    assert main(words) == 0
    assert picture(out).shape == (32, 48, 3)


def test_samples_are_of_the_class_asked_for_or_of_all_in_turn(runs: dict[str, Path], tmp_path: Path) -> None:
    out, space = tmp_path / "a.png", load_latent_space(runs["class"])
    words = ["sample", str(runs["class"]), "--count", "4", "--seed", "3", "--out", str(out)]
    assert main([*words, "--class", "red"]) == 0
    red = space.with_label(1).decode(space.with_label(1).sample(4, 3, "mixture"))
    assert np.array_equal(picture(out)[:16, :16], red[0])
    assert main(words) == 0
    in_turn = np.array([0, 1, 0, 1])
    each = space.decode(space.sample(4, 3, "mixture", in_turn), in_turn)
    assert np.array_equal(picture(out)[:16, :16], each[0])
    assert np.array_equal(picture(out)[:16, -16:], each[1])
    assert read_picture_facts(out)["classes"] == ["blue", "red"]


def test_samples_come_from_where_the_codes_lie_or_from_the_textbook(runs: dict[str, Path], tmp_path: Path) -> None:
    out, space = tmp_path / "a.png", load_latent_space(runs["none"])
    for asked, prior in (((), "mixture"), (("--prior", "normal"), "normal")):
        assert main(["sample", str(runs["none"]), "--count", "1", "--out", str(out), *asked]) == 0
        assert np.array_equal(picture(out), space.decode(space.sample(1, 0, prior))[0])
        assert read_picture_facts(out)["prior"] == prior


def test_a_model_of_completion_has_learned_its_prior(runs: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "a.png"
    assert main(["sample", str(runs["completion"]), "--count", "1", "--out", str(out)]) == 0
    assert read_picture_facts(out)["prior"] == "normal"


def test_a_class_that_is_not_known_is_one_sentence(runs: dict[str, Path], tmp_path: Path, capsys: Output) -> None:
    words = ["sample", str(runs["class"]), "--out", str(tmp_path / "a.png"), "--class"]
    assert main([*words, "blu"]) == 1
    assert "Did you mean blue?" in capsys.readouterr().err
    assert main([*words, "green"]) == 1
    assert "It knows blue, red." in capsys.readouterr().err
    assert main(["sample", str(runs["none"]), "--out", str(tmp_path / "a.png"), "--class", "red"]) == 1
    assert "leave --class out" in capsys.readouterr().err


def test_other_images_are_encoded_as_the_classes_of_the_run(
    runs: dict[str, Path], folder: Path, tmp_path: Path, capsys: Output
) -> None:
    only_red = tmp_path / "pictures" / "red"  # the run's second class, here the first
    shutil.copytree(folder / "red", only_red)
    codes = []
    for source in (folder, only_red.parent):
        assert main(["encode", str(runs["class"]), str(source), "--out", str(tmp_path / "codes.csv")]) == 0
        with (tmp_path / "codes.csv").open(newline="") as file:
            codes.append({row["file"]: row for row in csv.DictReader(file)})
    for name, row in codes[1].items():
        assert float(row["z1"]) == pytest.approx(float(codes[0][name]["z1"]), abs=1e-5)
        assert float(row["reconstruction_error"]) == pytest.approx(
            float(codes[0][name]["reconstruction_error"]), rel=1e-4
        )
    only_red.rename(tmp_path / "pictures" / "green")
    words = ["encode", str(runs["class"]), str(tmp_path / "pictures"), "--out", str(tmp_path / "more.csv")]
    capsys.readouterr()
    assert main(words) == 0
    said = "The run knows no class green, which 12 images are of: each is read as of the class that it fits best."
    assert said in capsys.readouterr().err
    with (tmp_path / "more.csv").open(newline="") as file:
        assert [row["class"] for row in csv.DictReader(file)] == ["green"] * 12
    data = ["--data", str(tmp_path / "pictures"), "--importance-samples", "2"]
    assert main(["evaluate", str(runs["class"]), *data]) == 0
    assert said in capsys.readouterr().out


def test_a_run_whose_classes_are_of_a_table_reads_folders_of_other_names(
    folder: Path, tmp_path: Path, capsys: Output
) -> None:
    """The column is taken by itself: nobody asked for it, and the folders of other pictures are called otherwise."""
    learned, others = tmp_path / "learned", tmp_path / "others"
    for kind in ("blue", "red"):
        for number in range(12):
            for copy in (learned / f"{kind} {number}.png", others / "2021" / f"{kind} {number}.png"):
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(folder / kind / f"{number}.png", copy)
    rows = (f"{kind} {number}.png,{kind}" for kind in ("blue", "red") for number in range(12))
    (learned / "metadata.csv").write_text("\n".join(("file,label", *rows)))
    shutil.copytree(others / "2021", others / "2022")
    run = str(tmp_path / "run")
    small = [*TINY[:-1], "40"]
    assert main(["train", str(learned), "--run", run, "--conditional", "class", *small]) == 0
    capsys.readouterr()
    codes = []
    for source in (learned, others):
        assert main(["encode", run, str(source), "--out", str(tmp_path / "codes.csv")]) == 0
        with (tmp_path / "codes.csv").open(newline="") as file:
            codes.append({Path(row["file"]).name: float(row["reconstruction_error"]) for row in csv.DictReader(file)})
    assert "The run knows no class 2021, 2022, which 48 images are of" in capsys.readouterr().err
    same = [codes[1][name] == pytest.approx(error, rel=1e-4) for name, error in codes[0].items()]
    assert np.mean(same) > 0.9  # read as of the class that the table says


def test_a_picture_is_completed_on_a_sheet(runs: dict[str, Path], folder: Path, tmp_path: Path) -> None:
    out, original = tmp_path / "a.png", folder / "red" / "0.png"
    words = ["complete", str(runs["completion"]), "--picture", str(original), "--out", str(out), "--count", "7"]
    assert main([*words, "--visible", "left"]) == 0
    sheet = picture(out)
    assert sheet.shape == (3 * 16 + 4, 3 * 16 + 4, 3)  # grey, best guess, seven draws
    tiles = [sheet[y : y + 16, x : x + 16] for y in (0, 18, 36) for x in (0, 18, 36)]
    assert (tiles[0][:, 8:] == 128).all()
    assert all((tile[:, :8] == tiles[0][:, :8]).all() for tile in tiles)
    assert len({tile.tobytes() for tile in tiles}) == 9
    facts = read_picture_facts(out)
    assert (facts["visible"], facts["picture"], facts["seed"]) == ("left", "0.png", 0)
    assert main([*words, "--box", "0", "0", "4", "16"]) == 0
    assert (picture(out)[:16, :4] == 128).all()
    assert read_picture_facts(out)["box"] == [0, 0, 4, 16]


def test_what_is_hidden_must_be_said_and_be_in_the_picture(
    runs: dict[str, Path], folder: Path, tmp_path: Path, capsys: Output
) -> None:
    original, out = str(folder / "red" / "0.png"), str(tmp_path / "a.png")
    words = ["complete", str(runs["completion"]), "--picture", original, "--out", out]
    assert main(words) == 2
    assert main([*words, "--visible", "left", "--box", "0", "0", "4", "4"]) == 2
    capsys.readouterr()
    assert main([*words, "--box", "0", "0", "17", "4"]) == 1
    assert "16 × 16" in capsys.readouterr().err
    assert main([*words[:3], str(tmp_path / "none.png"), "--out", out, "--visible", "top"]) == 1
    words[1] = str(runs["none"])
    assert main([*words, "--visible", "top"]) == 1
    assert "--conditional completion" in capsys.readouterr().err


def test_a_completion_run_says_what_it_is_and_goes_on(runs: dict[str, Path], tmp_path: Path, capsys: Output) -> None:
    run = shutil.copytree(runs["completion"], tmp_path / "run")
    assert main(["resume", str(run), "--epochs", "2", "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert done["epochs"] == 2.0
    assert np.isfinite(list(done["held_out"].values())).all()
    assert main(["inspect", str(run)]) == 0
    assert "the visible part" in capsys.readouterr().out
