"""What a user would lose when a sweep went wrong: a night of training, or the truth about which value was best."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image
from safetensors.numpy import load_file

from core.commands import main
from core.commands.progress import Line
from core.commands.swept_values import configurations
from core.commands.usage import UsageError
from core.config import RunConfig, preset
from core.errors import RunError
from core.evaluation.run_comparison import compare, read_compared
from core.evaluation.sweep import Row, described
from core.export.sweep_plot import plot_sweep
from core.latent.saved_space import load_latent_space
from core.shell_line import shell_line
from core.training.history import read_history

ROOT = Path(__file__).parents[2]
TINY = ("--image-size", "16", "--width", "4", "--batch-size", "8", "--device", "cpu", "--network", "mlp")
Output = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sweep_home")


@pytest.fixture(autouse=True)
def same_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One cache for all: the images are decoded once."""
    monkeypatch.setenv("LATENTSCAPE_HOME", str(home))


@pytest.fixture(scope="module")
def swept(folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """A sweep of three values, two at once, of which the last is bound to fail: its folder holds something else."""
    (home / "out" / "latent-dims-4").mkdir(parents=True)
    (home / "out" / "latent-dims-4" / "notes.txt").write_text("mine")
    words = [str(folder), "--over", "latent-dims", "1,2,4", "--epochs", "2", *TINY, "--out", str(home / "out")]
    command = [sys.executable, "-m", "core", "sweep", *words, "--at-once", "2"]
    environment = {**os.environ, "LATENTSCAPE_HOME": str(home)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_a_value_that_fails_is_reported_and_the_others_go_on(
    swept: subprocess.CompletedProcess[str], home: Path
) -> None:
    assert swept.returncode == 1
    said = swept.stderr.splitlines()[-1]
    assert said.startswith("1 of 3 values failed. latent-dims 4:")
    assert "holds other files" in said
    assert "Traceback" not in swept.stderr
    lines = swept.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:4]] == ["1", "2", "4"]
    assert "holds other files" in lines[3]


def test_the_table_says_what_the_runs_say(swept: subprocess.CompletedProcess[str], home: Path) -> None:
    rows = list(csv.DictReader((home / "out" / "sweep.csv").read_text(encoding="utf-8").splitlines()))
    for row in rows[:2]:
        run = home / "out" / f"latent-dims-{row['latent-dims']}"
        terms, space = read_history(run)[1][-1].terms, load_latent_space(run)
        assert float(row["objective"]) == pytest.approx(terms.objective)
        assert float(row["kl"]) == pytest.approx(terms.kl)
        assert int(row["parameters"]) == sum(each.numel() for each in space.vae.parameters())
        assert int(row["active_units"]) == int((space.codes.var(axis=0) > 0.01).sum())
    assert rows[2]["objective"] == ""
    assert "holds other files" in rows[2]["problem"]


def test_the_plot_is_a_picture(swept: subprocess.CompletedProcess[str], home: Path) -> None:
    with Image.open(home / "out" / "sweep.png") as picture:
        assert picture.width > 1_000
        assert len(picture.convert("RGB").getcolors(1_000_000)) > 10
    assert "latent dims" in (home / "out" / "sweep.svg").read_text(encoding="utf-8")


@pytest.mark.long
def test_the_same_command_trains_only_what_is_left(
    swept: subprocess.CompletedProcess[str], folder: Path, home: Path, capsys: Output
) -> None:
    out = home / "out"
    (out / "latent-dims-4" / "notes.txt").unlink()
    before = {run.name: (run / "latest").stat().st_mtime_ns for run in out.glob("latent-dims-[12]")}
    words = ["sweep", str(folder), "--epochs", "2", *TINY, "--out", str(out), "--json"]
    assert main([*words, "--over", "latent_dims", "1,2,4"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["value"] for row in found["values"]] == ["1", "2", "4"]
    assert all(row["problem"] is None and row["objective"] is not None for row in found["values"])
    assert before == {run.name: (run / "latest").stat().st_mtime_ns for run in out.glob("latent-dims-[12]")}
    assert main([*words, "--over", "latent-dims", "1,2", "--beta", "2"]) == 1  # before anything is trained
    assert "beta differs" in capsys.readouterr().err


def test_runs_side_by_side_say_what_differs(swept: subprocess.CompletedProcess[str], home: Path) -> None:
    one, two = compare([home / "out" / "latent-dims-1", home / "out" / "latent-dims-2"])
    assert (one.differs, two.differs) == ({"model.latent_dims": 1}, {"model.latent_dims": 2})
    assert two.label == "latent dims 2"
    assert one.finished
    assert one.held_out == read_history(one.run)[1]
    kept = load_file(two.run / "checkpoints" / (two.run / "latest").read_text().strip() / "codes.safetensors")
    assert two.kl_per_dim == tuple(kept["kl_per_dim"].tolist())
    assert compare([one.run])[0].label == "latent-dims-1"
    with pytest.raises(RunError, match="is not a run"):
        read_compared(home)


@pytest.mark.long
def test_a_signal_saves_all_that_train(folder: Path, home: Path) -> None:
    out = home / "stopped"
    words = [str(folder), "--over", "beta", "1,4", "--epochs", "100000", *TINY, "--out", str(out), "--at-once", "2"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "core", "sweep", *words], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        _wait_for(lambda: len(list(out.glob("beta-*/events.out.tfevents.*"))) == 2)  # both have made steps
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert shell_line(["--out", str(out)]) in said
    assert "Go on with: latentscape sweep" in said
    assert sorted(path.parent.name for path in out.glob("beta-*/latest")) == ["beta-1", "beta-4"]
    assert not read_compared(out / "beta-1").finished
    assert not (out / "sweep.csv").exists()


def _wait_for(is_so: object, seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("over", "said"),
    [
        (("latentdims", "1,2"), "did you mean latent-dims"),
        (("image-size", "16,32"), "no such flag of the model or of training"),
        (("latent-dims", "1,2,0"), "--over latent-dims 0"),
        (("latent-dims", "1,2.5"), "--over latent-dims 2.5"),
        (("latent-dims", "1,,2"), "commas between them"),
        (("latent-dims", "2,4,2"), "there twice"),
        (("beta", "1,1.0"), "there twice"),
        (("likelihood", "bernoulli,poisson"), "--over likelihood poisson"),
        (("beta", "one"), "--over beta one"),
    ],
)
def test_what_cannot_be_swept_is_refused_in_one_sentence(
    folder: Path, tmp_path: Path, capsys: Output, over: tuple[str, str], said: str
) -> None:
    assert main(["sweep", str(folder), "--over", *over, "--out", str(tmp_path / "out")]) == 2
    output = capsys.readouterr()
    assert said in output.err
    assert len(output.err.splitlines()) == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("flag", "values", "field", "read"),
    [
        ("latent-dims", "1, 8", "latent_dims", {"1": 1, "8": 8}),
        ("learning-rate", "1e-3,0.1", "learning_rate", {"0.001": 0.001, "0.1": 0.1}),
        ("beta", "1,0.5", "beta", {"1": 1.0, "0.5": 0.5}),
        ("likelihood", "bernoulli,gaussian", "likelihood", {"bernoulli": "bernoulli", "gaussian": "gaussian"}),
        ("capacity", "none,5", "capacity", {"none": None, "5": 5.0}),
        ("epochs", "auto,3", "epochs", {"auto": "auto", "3": 3}),
    ],
)
def test_numbers_and_words_are_read_as_the_flag_takes_them(
    flag: str, values: str, field: str, read: dict[str, object]
) -> None:
    base = preset("quick", "faces")
    found = configurations(flag, values, base)
    for group in ("model", "training"):
        if field in type(getattr(base, group)).model_fields:
            assert {text: getattr(getattr(config, group), field) for text, config in found.items()} == read
    assert all(RunConfig.model_validate(config.model_dump()) == config for config in found.values())


def test_an_unknown_flag_lists_the_known_ones() -> None:
    from core.commands.swept_values import flag_of

    with pytest.raises(UsageError, match="latent-dims, network, width"):
        flag_of("colour")


@pytest.mark.parametrize(
    "line",
    [
        Line("Training", 0.35, "epoch 1.0 of 3, step 4, objective -3.0 (3.1 held out), 3 images/s", 65.0),
        Line("Training", None, "3,600 images, 400 held out, 5 parameters, on CPU in float32", None),
        Line("Encoding every image", 0.5, "3 of 6", 90_061.0),
    ],
)
def test_the_progress_of_another_process_is_understood(line: Line) -> None:
    assert Line.read(str(line)) == line


def test_words_are_plotted_one_after_the_other(tmp_path: Path) -> None:
    rows = [Row(name, tmp_path, 10, 240.0 - n, 230.0, 10.0, 2, 5.0) for n, name in enumerate(("bernoulli", "gaussian"))]
    files = plot_sweep(tmp_path / "sweep.png", "likelihood", [*rows, Row("x", tmp_path, problem="No.")], "faces")
    assert [path.name for path in files] == ["sweep.png", "sweep.svg"]
    assert plot_sweep(tmp_path / "none.png", "likelihood", [Row("x", tmp_path, problem="No.")], "faces") == []
    assert "* 239.00" in "\n".join(described("likelihood", rows))
