"""`latentscape evaluate`, as a user or a script meets it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.commands import main
from core.evaluation.encode_pass import encode_all, mean_terms
from core.images.image_set import build_image_set
from core.latent.saved_space import load_latent_space
from core.reports.evaluation import Evaluated
from core.reports.images import ImageSetReady
from core.training.image_table import read_images
from core.training.loss import Loss
from core.training.run_folder import read_config
from tests.core.images.test_duplicates import encoded, scene

TINY = ("--image-size", "16", "--width", "4", "--batch-size", "8", "--device", "cpu", "--epochs", "2")
KEYS = {
    *("images", "objective", "reconstruction", "kl", "kl_per_dim", "active_units", "log_px", "log_px_se"),
    *(
        "bits_per_dim",
        "likelihood",
        "beta",
        "formula",
        "learned_from",
        "learned_gone",
        "untold",
        "others",
        "effective_samples",
        "importance_samples",
        "samples",
    ),
    *("naive_log_px", "naive_log_px_se", "naive_effective_samples"),
}
Output = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    random = np.random.default_rng(0)
    for kind in ("cats", "dogs"):
        (folder / kind).mkdir()
        for index in range(20):
            Image.fromarray(random.integers(0, 256, (16, 16, 3), np.uint8)).save(folder / kind / f"{index}.png")
    return folder


@pytest.fixture(scope="module")
def run(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run; tests only read it."""
    return trained(pictures, tmp_path_factory.mktemp("module_home"))


def trained(pictures: Path, home: Path, *words: str) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTSCAPE_HOME", str(home))
        command = ["train", str(pictures), "--run", str(home / "run"), "--held-out", "0.25", *TINY, *words]
        assert main(command) == 0
    return home / "run"


def test_a_script_gets_every_figure(run: Path, capsys: Output) -> None:
    assert main(["evaluate", str(run), "--json", "--importance-samples", "8"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found.keys() == KEYS
    assert (found["images"], found["importance_samples"], found["samples"]) == (10, 8, None)
    assert found["objective"] == pytest.approx(found["reconstruction"] + found["beta"] * found["kl"])
    assert found["log_px"] >= -found["objective"] - 1.0


def test_the_figures_are_those_that_a_pass_of_training_takes(run: Path, capsys: Output) -> None:
    assert main(["evaluate", str(run), "--json", "--importance-samples", "1000"]) == 0
    found = json.loads(capsys.readouterr().out)
    config = read_config(run).config
    *_, ready = build_image_set(config.source, config.images)
    assert isinstance(ready, ImageSetReady)
    held_out = np.flatnonzero(ready.image_set.held_out)
    vae = load_latent_space(run).vae
    terms = mean_terms(list(encode_all(vae, ready.image_set.pixels, held_out, loss=Loss(samples=500))))
    assert found["kl"] == pytest.approx(terms.kl, rel=1e-4)
    assert found["reconstruction"] == pytest.approx(terms.reconstruction, rel=0.03)  # other noise


def test_images_that_were_learned_from_are_told_wherever_they_lie(
    run: Path, pictures: Path, capsys: Output, tmp_path: Path
) -> None:
    """Thirty of the forty pictures were learned from, ten held out; a copy of the folder, with five strangers."""
    copy = Path(shutil.copytree(pictures, tmp_path / "elsewhere"))
    random = np.random.default_rng(5)
    for number in range(5):
        Image.fromarray(random.integers(0, 256, (16, 16), np.uint8)).save(copy / f"stranger {number}.png")
    assert main(["evaluate", str(run), "--data", str(copy), "--json", "--importance-samples", "2"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["images"], found["learned_from"], found["others"]["images"]) == (45, 30, 15)
    assert main(["evaluate", str(run), "--data", str(copy), "--importance-samples", "2"]) == 0
    said = capsys.readouterr().out
    assert "30 of these images were learned from; the 15 others alone: objective " in said
    assert f"{found['others']['objective']:,.2f}" in said
    assert main(["evaluate", str(run), "--json", "--importance-samples", "2"]) == 0
    assert json.loads(capsys.readouterr().out)["learned_from"] == 0


def test_what_is_known_is_said_when_the_images_learned_from_have_gone(capsys: Output, tmp_path: Path) -> None:
    """Fifteen of twenty were learned from; ten of all twenty are elsewhere by other names, among eight strangers."""
    folder, elsewhere, random = tmp_path / "gone", tmp_path / "elsewhere", np.random.default_rng(3)
    folder.mkdir()
    elsewhere.mkdir()
    for number in range(20):
        Image.fromarray(random.integers(0, 256, (16, 16, 3), np.uint8)).save(folder / f"{number}.png")
    run = trained(folder, tmp_path / "home")
    sides = read_images(run)
    learned = sum(not sides.held_out[sides.names.index(f"{number}.png")] for number in range(10))
    for number in range(10):
        shutil.copy(folder / f"{number}.png", elsewhere / f"copy of {number}.png")
    for number in range(8):
        Image.fromarray(random.integers(0, 256, (16, 16, 3), np.uint8)).save(elsewhere / f"{number} strange.png")
    capsys.readouterr()
    for is_left in (True, False):  # an empty place, as where a drive was, and none at all
        shutil.rmtree(folder)
        if is_left:
            folder.mkdir()
        assert main(["evaluate", str(run), "--data", str(elsewhere), "--json", "--importance-samples", "2"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["images"], found["learned_from"], found["learned_gone"]) == (18, learned, 15)
        assert found["others"]["images"] == 18 - learned
        assert main(["evaluate", str(run), "--data", str(elsewhere), "--importance-samples", "2"]) == 0
        said = capsys.readouterr().out
        assert f"{learned} of these images were learned from" in said
        assert "15 images that the run learned from are not there any more" in said


def test_held_out_images_are_said_to_be_so(run: Path, capsys: Output) -> None:
    assert main(["evaluate", str(run), "--importance-samples", "2"]) == 0
    assert capsys.readouterr().out.startswith("images      10, none of them learned from; figures in nats per image")


def test_images_that_came_later_were_not_learned_from(capsys: Output, tmp_path: Path) -> None:
    """The run's own folder has grown by as many as it held: 15 of 20 were learned from, and they alone."""
    folder, random = tmp_path / "grown", np.random.default_rng(3)
    folder.mkdir()
    for number in range(40):
        if number == 20:
            run = trained(folder, tmp_path / "home")
        Image.fromarray(random.integers(0, 256, (16, 16, 3), np.uint8)).save(folder / f"{number}.png")
    capsys.readouterr()
    assert main(["evaluate", str(run), "--data", str(folder), "--json", "--importance-samples", "2"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["images"], found["learned_from"], found["others"]["images"]) == (40, 15, 25)


def test_copies_that_were_encoded_anew_are_known_again(capsys: Output, tmp_path: Path) -> None:
    """As when a folder was made smaller for the web, and a few photographs of a test are beside it."""
    folder, copies = tmp_path / "photographs", tmp_path / "web"
    folder.mkdir()
    copies.mkdir()
    for number in range(20):
        scene(number).save(folder / f"{number}.png")
    run = trained(folder, tmp_path / "home")
    capsys.readouterr()
    for number in range(26):
        (copies / f"web {number}.jpg").write_bytes(encoded(scene(number), quality=80, scale=0.5))
    assert main(["evaluate", str(run), "--data", str(copies), "--json", "--importance-samples", "2"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["images"], found["learned_from"], found["others"]["images"]) == (26, 15, 11)


def test_all_images_of_other_data_are_used_and_some_when_asked(run: Path, pictures: Path, capsys: Output) -> None:
    assert main(["evaluate", str(run), "--data", str(pictures), "--json", "--importance-samples", "2"]) == 0
    assert json.loads(capsys.readouterr().out)["images"] == 40
    few = ["--data", str(pictures), "--images", "7"]
    assert main(["evaluate", str(run), *few, "--json", "--importance-samples", "2"]) == 0
    assert json.loads(capsys.readouterr().out)["images"] == 7


def test_the_split_is_the_runs_even_where_the_folder_has_grown(run: Path, pictures: Path, capsys: Output) -> None:
    added = [pictures / "cats" / f"new{number}.png" for number in range(20)]
    try:
        for path in added:
            Image.fromarray(np.zeros((16, 16, 3), np.uint8)).save(path)
        assert main(["evaluate", str(run), "--json", "--importance-samples", "2"]) == 0
    finally:
        for path in added:
            path.unlink()
    assert json.loads(capsys.readouterr().out)["images"] == 10


def test_samples_are_judged_when_asked(run: Path, capsys: Output) -> None:
    assert main(["evaluate", str(run), "--judge-samples", "--json", "--importance-samples", "2"]) == 0
    found = json.loads(capsys.readouterr().out)["samples"]
    assert (found["samples"], found["prior"]) == (1000, "mixture")
    assert found["classes"] == ["cats", "dogs"]
    assert sum(found["balance"]) == pytest.approx(1.0)
    assert main(["evaluate", str(run), "--judge-samples", "--prior", "normal", "--importance-samples", "2"]) == 0
    said = capsys.readouterr().out
    assert "1,000 from the model's prior" in said
    assert "are nearer than 99 % of reconstructions" in said


@pytest.mark.parametrize("conditional", ["class", "completion"])
def test_a_conditional_run_is_evaluated(conditional: str, pictures: Path, tmp_path: Path, capsys: Output) -> None:
    run = trained(pictures, tmp_path, "--conditional", conditional)
    capsys.readouterr()
    assert main(["evaluate", str(run), "--judge-samples", "--json", "--importance-samples", "2"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert np.isfinite([found["objective"], found["log_px"]]).all()
    assert (found["samples"]["as_asked"] is None) == (conditional != "class")


def test_a_reader_sees_how_hopeless_the_prior_is() -> None:
    figures = Evaluated(
        10, 240.0, 220.0, 20.0, (20.0,), 1, -238.0, 0.1, 12.0, -300.0, 0.5, 1.1, 64, None, "bernoulli", 1.0
    )
    assert figures.naive_said.startswith("Hopeless: 1.1 of 64")
    assert "62 nats too low" in figures.naive_said
    assert "10^9 samples" in figures.naive_said


def test_a_run_that_held_nothing_out_asks_for_data(pictures: Path, tmp_path: Path, capsys: Output) -> None:
    run = trained(pictures, tmp_path, "--held-out", "0")
    assert main(["evaluate", str(run)]) == 1
    assert "--data" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--importance-samples", "1"], ["--images", "0"], ["--prior", "flat"]])
def test_impossible_wishes_are_refused(words: list[str], run: Path, capsys: Output) -> None:
    assert main(["evaluate", str(run), *words]) == 2
    assert words[0] in capsys.readouterr().err


def test_help_explains_the_flags_without_torch() -> None:
    code = "import sys; from core.commands import main; main(sys.argv[1:]); sys.exit('torch' in sys.modules)"
    words = [sys.executable, "-c", code, "evaluate", "--help"]
    said = subprocess.run(words, capture_output=True, text=True, check=False)
    assert said.returncode == 0
    assert "importance-samples" in said.stdout


def test_a_signal_stops_at_once(run: Path) -> None:
    words = ["evaluate", str(run), "--importance-samples", "1000000", "--images", "5"]
    code = "import sys; from core.commands import main; sys.exit(main(sys.argv[1:]))"
    with subprocess.Popen(
        [sys.executable, "-c", code, *words], stderr=subprocess.PIPE, text=True, env=os.environ
    ) as job:
        assert job.stderr is not None
        while "Evaluating" not in (line := job.stderr.readline()):
            assert line, "it ended by itself"
        job.send_signal(signal.SIGINT)
        assert job.wait(20) == 130
