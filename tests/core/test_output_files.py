"""Every command that writes: over nothing that is not its own without --force, over its own without a word."""

import csv
import shutil
from pathlib import Path

import pytest
from PIL import Image

from core.commands import main
from core.export.pictures import read_picture_facts
from tests import rights

TINY = ("--image-size", "16", "--width", "4", "--batch-size", "8", "--device", "cpu", "--epochs", "1")
Output = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def run(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTSCAPE_HOME", str(tmp_path_factory.mktemp("good")))
        run = tmp_path_factory.mktemp("runs") / "run"
        how = ("--conditional", "completion", "--network", "mlp", "--latent-dims", "2")
        assert main(["train", str(folder), "--run", str(run), *TINY, *how]) == 0
    return run


@pytest.fixture(scope="module")
def plain(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTSCAPE_HOME", str(tmp_path_factory.mktemp("good")))
        run = tmp_path_factory.mktemp("runs") / "plain"
        assert main(["train", str(folder), "--run", str(run), *TINY]) == 0
    return run


def words_of(command: str, run: Path, plain: Path, folder: Path) -> tuple[list[str], str]:
    """A command without its --out, and the ending of what it writes."""
    return {
        "encode": (["encode", str(plain), str(folder)], ".csv"),
        "decode": (["decode", str(plain), "--z", "0", "0"], ".png"),
        "grid": (["grid", str(plain), "--columns", "2", "--rows", "2"], ".png"),
        "sample": (["sample", str(plain), "--count", "2"], ".png"),
        "film": (["film", str(plain), "--stops=0,0;1,1", "--frames", "3"], ".gif"),
        "film webp": (["film", str(plain), "--stops=0,0;1,1", "--frames", "3"], ".webp"),
        "complete": (
            ["complete", str(run), "--picture", str(folder / "red" / "1.png"), "--visible", "left", "--count", "1"],
            ".png",
        ),
    }[command]


def mine(path: Path) -> bytes:
    if path.suffix == ".csv":
        path.write_text("file,class\n1.png,moth\n", "utf-8")
    else:
        Image.new("RGB", (9, 9), (7, 8, 9)).save(path)
    return path.read_bytes()


@pytest.mark.parametrize("command", ["encode", "decode", "grid", "sample", "film", "film webp", "complete"])
def test_what_is_not_its_own_is_kept_unless_forced(
    run: Path, plain: Path, folder: Path, tmp_path: Path, capsys: Output, command: str
) -> None:
    words, suffix = words_of(command, run, plain, folder)
    out = tmp_path / f"metadata{suffix}"
    words = [*words, "--out", str(out)]
    before = mine(out)
    capsys.readouterr()
    assert main(words) == 1
    sentence = f"{out} is there already, and Latentscape did not save it: choose another name. --force writes over it."
    assert capsys.readouterr().err == sentence + "\n"
    assert out.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    assert main([*words, "--force"]) == 0
    first = out.read_bytes()
    assert first != before
    assert main(words) == 0  # its own now
    assert out.read_bytes() == first


def test_the_table_beside_a_film_is_looked_at_too(plain: Path, tmp_path: Path, capsys: Output) -> None:
    words = ["film", str(plain), "--stops=0,0;1,1", "--frames", "3", "--out", str(tmp_path / "walk.gif")]
    before = mine(tmp_path / "walk.z.csv")
    assert main(words) == 1
    assert "walk.z.csv is there already" in capsys.readouterr().err
    assert not (tmp_path / "walk.gif").exists()
    assert (tmp_path / "walk.z.csv").read_bytes() == before
    assert main([*words, "--force"]) == 0
    with (tmp_path / "walk.z.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == ["frame", "seconds", "z1", "z2"]


def test_frames_take_the_place_of_frames_and_of_no_other_folder(plain: Path, tmp_path: Path, capsys: Output) -> None:
    words = ["film", str(plain), "--stops=0,0;1,1", "--out", str(tmp_path / "frames")]
    assert main([*words, "--frames", "4"]) == 0
    assert main([*words, "--frames", "3"]) == 0
    assert sorted(path.name for path in (tmp_path / "frames").iterdir()) == [
        "0001.png",
        "0002.png",
        "0003.png",
        "z.csv",
    ]
    saved = tmp_path / "saved"  # pictures of ours, and no film
    saved.mkdir()
    assert main(["decode", str(plain), "--z", "0", "0", "--out", str(saved / "1.png")]) == 0
    mixed = tmp_path / "mixed"
    shutil.copytree(tmp_path / "frames", mixed)
    mine(mixed / "0004.png")
    for folder in (saved, mixed):
        before = sorted(folder.iterdir())
        for force in ([], ["--force"]):
            assert main(["film", str(plain), "--stops=0,0;1,1", "--frames", "3", "--out", str(folder), *force]) == 1
            assert sorted(folder.iterdir()) == before
    assert "name a new folder" in capsys.readouterr().err


def test_a_sweep_goes_into_no_folder_of_pictures(folder: Path, tmp_path: Path, capsys: Output) -> None:
    pictures = tmp_path / "pictures"
    shutil.copytree(folder, pictures)
    mine(pictures / "sweep.png")
    before = sorted(pictures.rglob("*"))
    words = ["sweep", str(folder), "--over", "latent-dims", "1,2", "--out", str(pictures), *TINY]
    assert main(words) == 1
    said = capsys.readouterr().err
    assert f"{pictures} holds other files, such as " in said
    assert "--force writes over it." in said
    assert sorted(pictures.rglob("*")) == before


@pytest.mark.long
def test_a_sweep_goes_on_in_its_own_folder(folder: Path, tmp_path: Path, capsys: Output) -> None:
    words = ["sweep", str(folder), "--over", "latent-dims", "1", "--out", str(tmp_path / "out"), *TINY]
    assert main(words) == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["latent-dims-1", "sweep.csv", "sweep.png", "sweep.svg"]
    capsys.readouterr()
    assert main(words) == 0
    assert "done already" in capsys.readouterr().err
    mine(tmp_path / "out" / "photo.png")
    assert main(words) == 1
    assert "such as photo.png" in capsys.readouterr().err
    assert main([*words, "--force"]) == 0
    assert (tmp_path / "out" / "photo.png").exists()


def test_a_run_goes_into_no_folder_of_another_program(folder: Path, tmp_path: Path, capsys: Output) -> None:
    other = tmp_path / "model"
    other.mkdir()
    (other / "config.json").write_text('{"architectures": ["ViT"]}', "utf-8")  # as hubs of models have them
    assert main(["train", str(folder), "--run", str(other), *TINY]) == 1
    assert "config.json cannot be read as a run's configuration" in capsys.readouterr().err
    assert (other / "config.json").read_text("utf-8") == '{"architectures": ["ViT"]}'
    assert len(list(other.iterdir())) == 1


@pytest.mark.parametrize("out", ["{locked}/a.png", "{gone}/a.png", "/proc/a.png", "/" + "a" * 5_000 + ".png"])
def test_a_place_where_nothing_can_be_written_is_a_sentence(plain: Path, tmp_path: Path, out: str) -> None:
    (tmp_path / "locked").mkdir(mode=0o555)
    where = out.format(locked=tmp_path / "locked", gone=tmp_path / "gone")
    done = rights.command(["decode", str(plain), "--z", "0", "0", "--out", where], tmp_path / "home")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    assert len(done.stderr) < 1_000


def test_a_run_that_may_not_be_read_or_written_is_a_sentence(plain: Path, folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(plain, run)
    for each in (run, *run.rglob("*")):
        each.chmod(0o555 if each.is_dir() else 0o444)
    done = rights.command(["resume", str(run), "--epochs", "2"], tmp_path / "home")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert f"The run cannot be written in {run}: Permission denied" in done.stderr
    assert rights.command(["inspect", str(run)], tmp_path / "home").returncode == 0
    (run / "config.json").chmod(0o000)
    run.chmod(0o555)
    for words in (["inspect", str(run)], ["decode", str(run), "--z", "0", "0", "--out", str(tmp_path / "a.png")]):
        done = rights.command(words, tmp_path / "home")
        assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    run.chmod(0o000)
    for words in (["inspect", str(run)], ["resume", str(run)], ["open", str(run)]):
        done = rights.command(words, tmp_path / "home")
        assert "Traceback" not in done.stderr
        assert done.returncode in (1, 2)
    run.chmod(0o755)


def test_a_picture_of_ours_stays_one(plain: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.png"
    assert main(["decode", str(plain), "--z", "0", "0", "--out", str(out)]) == 0
    assert main(["decode", str(plain), "--z", "1", "0.5", "--out", str(out)]) == 0
    assert read_picture_facts(out)["z"] == [1.0, 0.5]
