"""The command line, as a user or a script meets it."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.commands import main
from core.commands.parsing import parse
from core.commands.scanning import scan
from core.commands.training import TrainFlags, train
from core.commands.usage import UsageError
from core.config import PRESETS, RunConfig, preset
from core.ending_signals import ENDING
from core.export.pictures import read_picture_facts
from core.shell_line import shell_line
from core.training.checkpoints import newest_manifest
from core.training.run_folder import read_config
from tests.terminals import in_terminal

TINY = ("--image-size", "16", "--width", "4", "--batch-size", "8", "--device", "cpu")
Output = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    random = np.random.default_rng(0)
    for kind in ("cats", "dogs"):
        (folder / kind).mkdir()
        for index in range(10):
            pixels = random.integers(0, 256, (20, 20, 3), np.uint8)
            Image.fromarray(pixels).save(folder / kind / f"{index}.png")
    (folder / "notes.txt").write_text("no picture")
    return folder


@pytest.fixture(scope="module")
def run(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of two epochs; tests only read it."""
    home = tmp_path_factory.mktemp("module_home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTSCAPE_HOME", str(home))
        assert main(["train", str(pictures), "--run", str(home / "run"), "--epochs", "2", *TINY]) == 0
    return home / "run"


def test_help_names_every_command(capsys: Output) -> None:
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    for command in (
        "open",
        "scan",
        "train",
        "resume",
        "encode",
        "decode",
        "grid",
        "sample",
        "complete",
        "inspect",
        "datasets",
    ):
        assert f"\n  {command} " in said


@pytest.mark.parametrize(
    "command", ["scan", "train", "resume", "encode", "decode", "grid", "sample", "complete", "inspect"]
)
def test_every_command_has_help(capsys: Output, command: str) -> None:
    assert main([command, "--help"]) == 0
    assert "RUN" in (said := capsys.readouterr().out) or "DATA" in said


def test_help_does_not_wait_for_torch() -> None:
    code = "import sys; from core.commands import main; main(sys.argv[1:]); sys.exit('torch' in sys.modules)"
    for words in (["--help"], ["train", "--help"], ["decode", "--help"], ["scan", "--help"]):
        assert subprocess.run([sys.executable, "-c", code, *words], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("name", PRESETS)
def test_help_shows_what_a_preset_stands_for(capsys: Output, name: str) -> None:
    assert main(["train", "--help", "--preset", name]) == 0
    said = " ".join(capsys.readouterr().out.replace("│", " ").split())
    usual = preset(name, "faces")
    assert f"when epochs is auto. (default: {usual.training.effort})" in said
    assert f"more is sharper. (default: {usual.model.latent_dims})" in said


@pytest.mark.parametrize("name", PRESETS)
def test_flags_without_values_are_the_preset(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    flags = _flags(["faces", f"--preset={name}"], monkeypatch)
    assert RunConfig(source="faces", images=flags.images, model=flags.model, training=flags.training) == preset(
        name, "faces"
    )


def test_a_flag_wins_over_the_preset(monkeypatch: pytest.MonkeyPatch) -> None:
    flags = _flags(["faces", "--preset", "sharp", "--latent-dims", "3", "--minutes", "0.5"], monkeypatch)
    assert (flags.model.latent_dims, flags.model.width, flags.training.minutes) == (3, 48, 0.5)


def test_every_impossible_value_is_named_on_its_own_line(capsys: Output) -> None:
    assert main(["train", "faces", "--latent-dims", "5000", "--epochs", "0", "--learning-rate", "-1"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["--latent-dims 5000", "--epochs 0", "--learning-rate -1.0"]


def test_a_path_without_a_command_is_told_how_it_is_opened(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "my pictures").mkdir()
    assert main([str(tmp_path / "my pictures")]) == 2
    assert f"`latentscape open '{tmp_path / 'my pictures'}'`" in capsys.readouterr().err
    assert main(["trian"]) == 2
    assert "Did you mean `train`?" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["trian", "faces"],
        ["train"],
        ["train", "faces", "--epochs", "many"],
        ["train", "faces", "--colour"],
        ["train", "faces", "--network", "transformer"],
        ["grid", "RUN", "--out", "x.png", "--columns", "0"],
        ["grid", "RUN", "--out", "x.png", "--extent", "1", "0", "-1", "2"],
        ["grid", "RUN", "--out", "x.png", "--extent", "-inf", "-1", "inf", "1"],
        ["sample", "RUN", "--out", "x.png", "--seed", "-1"],
        ["complete", "RUN", "--picture", "y.png", "--visible", "left", "--out", "x.png", "--seed", "-1"],
        ["decode", "RUN", "--z", "nan", "0", "--out", "x.png"],
        ["decode", "RUN", "--z", "1e300", "0", "--out", "x.png"],
        ["open"],
        ["open", "one", "two"],
    ],
)
def test_wrong_usage_ends_with_2_and_says_why(capsys: Output, words: list[str]) -> None:
    assert main(words) == 2
    assert capsys.readouterr().err.strip()


def test_the_window_is_opened_by_no_word_and_by_open(tmp_path: Path) -> None:
    opened: list[Path | None] = []

    def open_window(path: Path | None, _: bool) -> int:
        opened.append(path)
        return 7

    assert main([], open_window) == main(["open"], open_window) == main(["open", str(tmp_path)], open_window) == 7
    assert opened == [None, None, tmp_path]
    assert main(["open", str(tmp_path / "none")], open_window) == 1
    assert len(opened) == 3
    assert main(["open", "faces"], open_window) == 7
    assert opened[3:] == [Path("faces")]


def test_scan_counts_what_is_used_and_names_what_is_not(pictures: Path, capsys: Output) -> None:
    assert main(["scan", str(pictures), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["used"], found["classes"]) == (20, {"cats": 10, "dogs": 10})
    assert [each["path"] for each in found["skipped"]] == ["notes.txt"]
    assert set(found["skipped"][0]) == {"path", "reason", "detail"}
    assert main(["scan", str(pictures)]) == 0
    assert "notes.txt" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["scan", "no-such-folder"], ["inspect", "no-such-run"], ["resume", "no-such-run"]])
def test_what_does_not_exist_is_one_sentence(capsys: Output, words: list[str]) -> None:
    assert main(words) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert len(output.err.splitlines()) == 1
    assert words[1] in output.err


def test_training_prints_one_json_object_and_resume_goes_on(pictures: Path, tmp_path: Path, capsys: Output) -> None:
    run = tmp_path / "run"
    assert main(["train", str(pictures), "--run", str(run), "--epochs", "1", "--json", *TINY]) == 0
    done = json.loads(capsys.readouterr().out)
    assert set(done) == {
        "run", "steps", "epochs", "seconds", "images_per_second", "held_out", "device", "precision", "skipped",
    }  # fmt: skip
    assert (done["run"], done["steps"], done["epochs"], done["skipped"]) == (str(run), 3, 1.0, 1)
    terms = done["held_out"]
    assert terms["objective"] == pytest.approx(terms["reconstruction"] + terms["kl"])
    assert main(["resume", str(run), "--epochs", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["steps"] == 6
    assert read_config(run)[0].training.epochs == 2


def test_without_held_out_images_there_are_no_terms(pictures: Path, tmp_path: Path, capsys: Output) -> None:
    words = [
        "train",
        str(pictures),
        "--run",
        str(tmp_path / "run"),
        "--epochs",
        "1",
        "--held-out",
        "0",
        "--json",
        *TINY,
    ]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["held_out"] is None


def test_a_run_without_a_folder_of_its_own_gets_one(pictures: Path, home: Path, capsys: Output) -> None:
    for number in (1, 2):
        assert main(["train", str(pictures), "--epochs", "1", "--json", *TINY]) == 0
        expected = home / "runs" / f"{pictures.name}-{number}"
        assert json.loads(capsys.readouterr().out)["run"] == str(expected)


def test_another_run_is_not_trained_into_a_folder(pictures: Path, run: Path, capsys: Output) -> None:
    before = newest_manifest(run)
    assert main(["train", str(pictures), "--run", str(run), *TINY, "--latent-dims", "3"]) == 1
    said = capsys.readouterr().err
    assert "latentscape resume" in said
    assert "latent-dims 2" in said
    assert newest_manifest(run) == before


def test_pictures_are_safe_from_a_run_folder_given_by_mistake(pictures: Path, capsys: Output) -> None:
    before = sorted(pictures.rglob("*"))
    assert main(["train", str(pictures), "--run", str(pictures), *TINY]) == 1
    assert "holds other files" in capsys.readouterr().err
    assert sorted(pictures.rglob("*")) == before


def test_the_same_finished_run_is_said_to_be_finished(pictures: Path, tmp_path: Path, capsys: Output) -> None:
    words = ["train", str(pictures), "--run", str(tmp_path / "run"), "--epochs", "1", "--json", *TINY]
    assert main(words) == 0
    first = json.loads(capsys.readouterr().out)
    assert main(words) == 0
    output = capsys.readouterr()
    assert "nothing was left to learn" in output.err
    again = json.loads(output.out)
    assert (again["steps"], again["held_out"]) == (first["steps"], pytest.approx(first["held_out"]))


@pytest.mark.parametrize(
    "flags", [["--free-bits", "5"], ["--capacity", "20"], ["--objective", "autoencoder"]], ids=lambda flags: flags[0]
)
def test_no_sum_is_claimed_that_the_terms_do_not_make(
    pictures: Path, tmp_path: Path, capsys: Output, flags: list[str]
) -> None:
    run = tmp_path / "run"
    assert main(["train", str(pictures), "--run", str(run), "--epochs", "1", *TINY, *flags]) == 0
    for said in (capsys.readouterr().out, (run / "README.md").read_text(encoding="utf-8")):
        assert re.search(r"objective -?[\d,.]+, reconstruction -?[\d,.]+, KL [\d,.]+$", said, re.MULTILINE)


def test_inspect_tells_what_a_run_is(run: Path, pictures: Path, capsys: Output) -> None:
    assert main(["inspect", str(run), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["source"], facts["images"], facts["held_out"]) == (str(pictures), 20, 2)
    assert (facts["image_shape"], facts["step"], facts["finished"]) == ([16, 16, 3], 6, True)
    assert facts["classes"] == {"cats": 10, "dogs": 10}
    assert len(facts["kl_per_dim"]) == 2
    assert main(["inspect", str(run)]) == 0
    said = capsys.readouterr().out
    assert str(run) in said
    assert "Too early to judge: 6 steps of the 200 that it takes." in said


def test_encode_writes_a_row_for_every_image(run: Path, pictures: Path, tmp_path: Path) -> None:
    assert main(["encode", str(run), str(pictures), "--out", str(tmp_path / "codes.csv")]) == 0
    with (tmp_path / "codes.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows][:2] == ["cats/0.png", "cats/1.png"]
    assert len(rows) == 20
    assert {"z1", "z2", "lv1", "lv2", "reconstruction_error"} < set(rows[0])


def test_decode_saves_a_picture_that_knows_its_latent(run: Path, tmp_path: Path) -> None:
    assert main(["decode", str(run), "--z", "0.5", "-1.2", "--out", str(tmp_path / "a.png")]) == 0
    assert _picture(tmp_path / "a.png").shape == (16, 16, 3)
    facts = read_picture_facts(tmp_path / "a.png")
    assert (facts["z"], facts["run"], facts["step"]) == ([0.5, -1.2], "run", 6)


def test_a_latent_of_another_length_is_refused(run: Path, tmp_path: Path, capsys: Output) -> None:
    assert main(["decode", str(run), "--z", "0.5", "--out", str(tmp_path / "a.png")]) == 1
    assert "2 latent dimensions" in capsys.readouterr().err


def test_grid_and_sample_save_sheets(run: Path, tmp_path: Path) -> None:
    plane, samples = str(tmp_path / "plane.png"), str(tmp_path / "samples.png")
    assert (
        main(["grid", str(run), "--columns", "4", "--rows", "3", "--out", plane, "--extent", "-2", "-1", "2", "1"]) == 0
    )
    assert _picture(Path(plane)).shape == (3 * 16, 4 * 16, 3)
    assert read_picture_facts(Path(plane))["extent"] == [-2.0, -1.0, 2.0, 1.0]
    assert main(["sample", str(run), "--count", "5", "--out", samples]) == 0
    assert _picture(Path(samples)).shape == (2 * 16 + 2, 3 * 16 + 2 * 2, 3)


def test_the_same_seed_draws_the_same_samples(run: Path, tmp_path: Path) -> None:
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        assert main(["sample", str(run), "--count", "4", "--seed", seed, "--out", str(tmp_path / f"{name}.png")]) == 0
    a, b, c = (_picture(tmp_path / f"{name}.png") for name in "abc")
    assert np.array_equal(a, b)
    assert not np.array_equal(a, c)


def test_a_sheet_too_large_for_memory_is_refused(run: Path, tmp_path: Path, capsys: Output) -> None:
    words = ["grid", str(run), "--columns", "5000", "--rows", "5000", "--out", str(tmp_path / "a.png")]
    assert main(words) == 1
    assert "too large" in capsys.readouterr().err


def test_datasets_lists_the_built_in_faces(capsys: Output) -> None:
    assert main(["datasets"]) == 0
    assert capsys.readouterr().out.startswith("faces ")


@pytest.mark.parametrize(("number", "code"), [(each, 128 + each) for each in ENDING])
@pytest.mark.long
def test_a_stopped_training_can_be_resumed(pictures: Path, tmp_path: Path, number: int, code: int) -> None:
    run = tmp_path / "run"
    words = ["train", str(pictures), "--run", str(run), "--epochs", "100000", *TINY]
    with subprocess.Popen([sys.executable, "-m", "core", *words], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while process.poll() is None and not (run / "latest").exists():
            time.sleep(0.05)
        process.send_signal(number)
        rest = process.stderr.read()
        assert process.wait(60) == code, rest
    assert "Traceback" not in rest
    assert shell_line(["latentscape", "resume", str(run)]) in rest
    step = newest_manifest(run)["step"]
    assert step > 0
    config = read_config(run)[0]
    per_epoch = 3  # 18 images to learn from, 8 a step
    assert main(["resume", str(run), "--epochs", str(step // per_epoch + 2)]) == 0
    assert newest_manifest(run)["step"] == per_epoch * (step // per_epoch + 2) > step
    assert config.training.epochs == 100_000


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="terminals of POSIX")
@pytest.mark.long
def test_a_training_is_saved_when_its_terminal_is_closed(pictures: Path, tmp_path: Path) -> None:
    """Nothing can be said any more, and nothing fails for it."""
    run = tmp_path / "run"
    words = ["-m", "core", "train", str(pictures), "--run", str(run), "--epochs", "100000", *TINY]
    process, own = in_terminal([sys.executable, *words])
    with process:
        while process.poll() is None and not (run / "latest").exists():
            os.read(own, 10_000)  # else it would wait for a reader
        first = newest_manifest(run)["step"]
        os.close(own)
        assert process.wait(60) == 129
    assert newest_manifest(run)["step"] > first


def test_a_signal_while_torch_is_loading_is_no_traceback(run: Path) -> None:
    code = """if True:
        import os, signal, sys
        from core.commands import main

        class Stopping:
            def find_spec(self, name, path=None, target=None):
                if name == "torch.functional":
                    os.kill(os.getpid(), signal.SIGTERM)

        sys.meta_path.insert(0, Stopping())
        sys.exit(main(sys.argv[1:]))"""
    words = [sys.executable, "-c", code, "resume", str(run)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 143, done.stderr
    assert "Traceback" not in done.stderr
    assert "Stopped at step" in done.stderr


def test_a_reader_that_leaves_early_ends_the_program_quietly(pictures: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    words = [sys.executable, "-m", "core", "scan", str(pictures), "--json"]
    done = subprocess.run(words, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert done.returncode == 141
    assert "Error" not in done.stderr


def _flags(words: list[str], monkeypatch: pytest.MonkeyPatch) -> TrainFlags:
    """What `train` reads from its words, stopping there."""
    found: list[TrainFlags] = []

    def keep(*arguments: object) -> TrainFlags:
        found.append(parse(*arguments))  # type: ignore[arg-type]
        raise SystemExit(0)

    monkeypatch.setattr("core.commands.training.parse", keep)
    with pytest.raises(SystemExit):
        train(words)
    return found[0]


def _picture(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def test_scan_says_what_is_black_and_white_and_reads_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, most in enumerate((3000, 4000)):
        ramp = np.linspace(0, most, 256).reshape(16, 16).astype(np.uint16)
        Image.fromarray(ramp).save(tmp_path / f"{number}.tif")
    scan([str(tmp_path), "--json"])
    assert json.loads(capsys.readouterr().out)["ranges"] == {"uint16": [0.0, 4095.0]}
    scan([str(tmp_path), "--range", "0..3000", "--read-anew"])
    assert "16 bits: 0 is black, 3,000 is white" in capsys.readouterr().out
    with pytest.raises(UsageError, match=r"--range 12: it must be auto, type, picture or LOW\.\.HIGH"):
        scan([str(tmp_path), "--range", "12"])
