"""A home that is a file, a broken link, read-only, full or gone: one sentence from every command, never a traceback."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.commands import main
from core.places import cache_folder
from tests import rights
from tests.torture.disks import small_disk

TINY = ("--image-size", "16", "--width", "4", "--batch-size", "8", "--device", "cpu", "--epochs", "1")
HOMES = ("file", "below a file", "broken link", "too long")
Output = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def run(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTSCAPE_HOME", str(tmp_path_factory.mktemp("good")))
        run = tmp_path_factory.mktemp("runs") / "run"
        assert main(["train", str(folder), "--run", str(run), *TINY]) == 0
    return run


def needing_a_home(folder: Path, run: Path, out: Path) -> list[list[str]]:
    return [
        ["scan", str(folder)],
        ["scan", "faces"],
        ["train", str(folder), *TINY],
        ["train", str(folder), "--run", str(out / "run"), *TINY],
        ["resume", str(run), "--epochs", "2"],
        ["encode", str(run), str(folder), "--out", str(out / "codes.csv")],
        ["evaluate", str(run), "--importance-samples", "2"],
        ["sweep", str(folder), "--over", "latent-dims", "1", *TINY],
        ["sweep", str(folder), "--over", "latent-dims", "1", "--out", str(out / "sweep"), *TINY],
        ["cache"],
        ["cache", "--clear"],
        ["cache", "--limit-gb", "1"],
        ["datasets", "--download", "mnist"],
    ]


def needing_none(run: Path, out: Path) -> list[list[str]]:
    return [
        ["inspect", str(run)],
        ["decode", str(run), "--z", "0", "0", "--out", str(out / "d.png")],
        ["grid", str(run), "--columns", "2", "--rows", "2", "--out", str(out / "g.png")],
        ["sample", str(run), "--count", "2", "--out", str(out / "s.png")],
        ["film", str(run), "--stops=0,0;1,1", "--frames", "3", "--out", str(out / "f.gif")],
        ["datasets"],
        ["--version"],
    ]


def bad_home(kind: str, tmp_path: Path) -> str:
    home = tmp_path / "home"
    match kind:
        case "file":
            home.write_text("a file")
        case "below a file":
            home.write_text("a file")
            return str(home / "deep" / "er")
        case "broken link":
            home.symlink_to(tmp_path / "gone")
        case "too long":
            return "/" + "a" * 5_000
    return str(home)


@pytest.mark.parametrize("kind", HOMES)
def test_a_home_that_is_none_is_a_sentence_from_every_command(
    folder: Path, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output, kind: str
) -> None:
    monkeypatch.setenv("LATENTSCAPE_HOME", bad_home(kind, tmp_path))
    out = tmp_path / "out"
    out.mkdir()
    why = {"file": "is a file", "below a file": "is a file", "broken link": "is a link that leads nowhere"}
    for words in needing_a_home(folder, run, out):
        capsys.readouterr()
        assert main(words) == 1, words
        said = capsys.readouterr().err.splitlines()[-1]
        assert "cannot be kept in" in said, words
        assert why.get(kind, os.strerror(36)) in said, words
        assert said.endswith("let LATENTSCAPE_HOME name a folder that can be written."), words
        assert len(said) < 1_000
    for words in needing_none(run, out):
        assert main(words) == 0, words
    assert not (out / "run").exists()


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
@pytest.mark.parametrize("kind", ["empty", "filled"])
def test_a_home_that_may_only_be_read_is_a_sentence(folder: Path, run: Path, tmp_path: Path, kind: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o000)
    assert rights.command(["datasets"], closed / "home").returncode == 0
    if kind == "filled":
        assert rights.command(["scan", str(folder)], home).returncode == 0
        assert rights.command(["cache", "--limit-gb", "2"], home).returncode == 0
    for each in (home, *home.rglob("*")):
        each.chmod(0o555 if each.is_dir() else 0o444)
    commands = needing_a_home(folder, run, tmp_path)
    for words in (*(commands[index] for index in (0, 2, 9, 10, 11)), ["datasets", "--download", "mnist"]):
        # What this process has read is in use, and is not cleared.
        is_apart = words[0] == "cache"
        done = rights.run(["-m", "core", *words], home) if is_apart else rights.command(words, home)
        assert "Traceback" not in done.stderr
        if kind == "filled" and words == ["cache"]:
            assert (done.returncode, done.stdout[: len(str(home))]) == (0, str(home))
            continue
        if kind == "filled" and words == ["scan", str(folder)]:  # what is decoded there can be read
            assert (done.returncode, "24 images" in done.stdout) == (0, True), done.stdout
            continue
        assert done.returncode == 1, words
        assert "cannot be" in done.stderr.splitlines()[-1]


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = shutil.which("mount")
    how = [mounting or "", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if not mounting or subprocess.run(how, capture_output=True, check=False).returncode:
        pytest.skip("only who may mount a disk can fill it")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_is_full_is_a_sentence(folder: Path, run: Path, full: Path, tmp_path: Path) -> None:
    commands = needing_a_home(folder, run, tmp_path)
    for words in (commands[0], commands[1], commands[2]):
        done = rights.command(words, full)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
        said = done.stderr.splitlines()[-1]
        assert str(full) in said
        assert "free" in said or os.strerror(28) in said


@pytest.mark.parametrize("spare", [60_000, -100_000])
def test_what_does_not_quite_fit_says_how_many_bytes_it_needs_or_that_the_disk_is_full(
    folder: Path, tmp_path: Path, spare: int
) -> None:
    """The pixels fit, and what is known of each image does not; or the pixels do not either."""
    pictures = 400 * 64 * 64 * 3
    (tmp_path / "set").mkdir()
    for number in range(400):
        shutil.copyfile(folder / "red" / f"{number % 12}.png", tmp_path / "set" / f"{number}.png")
    with small_disk(tmp_path / "disk", str(pictures + spare)) as disk:
        done = rights.command(["scan", str(tmp_path / "set"), "--channels", "3"], disk)
        said = done.stderr.splitlines()[-1]
        assert (done.returncode, "Traceback" in done.stderr) == (1, False)
        assert os.strerror(28) in said or "Decoding needs 4.9 MB in" in said
        assert not list((disk / "cache" / "image_sets").glob("*"))


def test_a_home_that_is_gone_is_made_again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENTSCAPE_HOME", str(tmp_path / "not" / "yet"))
    assert main(["scan", str(folder)]) == 0
    shutil.rmtree(tmp_path / "not")
    assert main(["scan", str(folder)]) == 0


@pytest.mark.parametrize(
    ("written", "meant"), [("~/a b", "{home}/a b"), (" {home}/x ", "{home}/x"), ("rel", "{here}/rel")]
)
def test_a_home_is_read_as_it_was_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, meant: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("LATENTSCAPE_HOME", written.replace("{home}", str(tmp_path)))
    wanted = meant.replace("{home}", str(tmp_path)).replace("{here}", str(tmp_path / "here"))
    assert str(cache_folder()) == f"{wanted}/cache"


def test_no_home_at_all_is_the_systems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setenv("LATENTSCAPE_HOME", "  ")
    assert cache_folder().is_relative_to(tmp_path)
