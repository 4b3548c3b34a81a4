"""`datasets`, and `--download` on the commands that take DATA."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.commands import main
from core.errors import ImagesError
from core.images.named_sets import idx_files
from core.images.named_sets.fetch import download as really_download
from core.reports.progress import Progress

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What was asked to be fetched, from a network that has nothing."""
    asked = list[str]()

    def download(name: str) -> Iterator[Progress]:
        asked.append(name)
        yield Progress(f"Downloading {name}", 4_100_000, 11_594_722, 65.0, in_bytes=True)
        raise ImagesError(f"{name} cannot be downloaded: this machine is offline.")

    monkeypatch.setattr("core.images.named_sets.fetch.download", download)
    monkeypatch.setattr(idx_files, "DEBIAN", tmp_path)
    return asked


def test_the_list_says_what_is_here_and_what_the_rest_would_take(capsys: Output, home: Path) -> None:
    assert main(["datasets"]) == 0
    said = capsys.readouterr().out
    for name, size in (("mnist", "12 MB"), ("celeba", "1.5 GB"), ("food101", "5.0 GB")):
        row = said[said.index(f"\n{name} ") :]
        assert row.splitlines()[2].strip() == f"not on this machine: {size} to fetch"
    assert "datasets --download NAME" in said
    assert str(home / "datasets") in said


def test_the_list_is_one_json_object(capsys: Output, fetched: list[str]) -> None:
    assert main(["datasets", "--json"]) == 0
    sets = json.loads(capsys.readouterr().out)
    assert sets["faces"] == {**sets["faces"], "available": True, "how_to_get": "", "download_bytes": 0}
    assert sets["mnist"] == {**sets["mnist"], "available": False, "download_bytes": 11_594_722}
    assert "--download mnist" in sets["mnist"]["how_to_get"]
    assert fetched == []


def test_fetching_shows_how_far_it_is_and_fails_in_a_sentence(capsys: Output, fetched: list[str]) -> None:
    assert main(["datasets", "--download", "mnist"]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.splitlines() == [
        "Downloading mnist  35%  4.1 of 12 MB  0:01:05 left",
        "mnist cannot be downloaded: this machine is offline.",
    ]
    assert fetched == ["mnist"]


@pytest.mark.parametrize("command", [["scan", "kmnist"], ["train", "kmnist", "--epochs", "1"]])
def test_a_set_is_fetched_only_when_asked(command: list[str], capsys: Output, fetched: list[str], home: Path) -> None:
    assert main(command) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert "21 MB" in said[0]
    assert "--download kmnist" in said[0]
    assert fetched == []
    assert main([*command, "--download"]) == 1
    assert "offline" in capsys.readouterr().err
    assert fetched == ["kmnist"]
    assert not list(home.glob("runs/*"))


def test_encoding_can_fetch_too(capsys: Output, fetched: list[str], tmp_path: Path) -> None:
    from core.places import bundled_run

    out = tmp_path / "codes.csv"
    words = ["encode", str(bundled_run()), "mnist", "--out", str(out), "--download"]
    assert main(words) == 1
    assert "offline" in capsys.readouterr().err
    assert fetched == ["mnist"]
    assert not out.exists()


def test_a_folder_is_never_fetched(capsys: Output, fetched: list[str], folder: Path) -> None:
    assert main(["scan", str(folder), "--json", "--download"]) == 0
    assert json.loads(capsys.readouterr().out)["used"] == 24
    assert fetched == []


def test_a_set_that_is_here_is_not_fetched_again(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.images.named_sets.fetch.download", really_download)
    assert main(["datasets", "--download", "faces"]) == 0
    assert capsys.readouterr().err == "faces is on this machine.\n"
