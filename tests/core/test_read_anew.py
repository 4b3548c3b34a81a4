"""`--read-anew`: what a person would go on seeing of files that are others now, where a command could not be told."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.commands import main

TINY = ("--image-size", "16", "--width", "4", "--batch-size", "8", "--device", "cpu", "--epochs", "1")
NAMES = [f"{number}.png" for number in range(8)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    (tmp_path / "set").mkdir()
    for name in NAMES:
        Image.fromarray(random.integers(0, 256, (16, 16, 3), np.uint8)).save(tmp_path / "set" / name)
    return tmp_path / "set"


@pytest.mark.long
def test_every_command_that_reads_a_folder_reads_it_anew_when_asked(
    folder: Path, tmp_path: Path, decoded: list[str]
) -> None:
    run, data = str(tmp_path / "run"), str(folder)
    assert main(["train", data, "--run", run, *TINY]) == 0
    commands = [
        ["scan", data, "--image-size", "16"],
        ["train", data, "--run", str(tmp_path / "other"), *TINY],
        ["resume", run],
        ["encode", run, "--out", str(tmp_path / "codes.csv")],
        ["evaluate", run, "--importance-samples", "2"],
        ["evaluate", run, "--importance-samples", "2", "--data", data],
        ["sweep", data, "--over", "latent-dims", "1", "--out", str(tmp_path / "sweep"), *TINY],
    ]
    for words in commands:
        decoded.clear()
        assert main([*words, "--read-anew"]) == 0
        assert sorted(set(decoded)) == NAMES, words
    decoded.clear()
    assert main(commands[0]) == 0
    assert not decoded


def test_the_window_is_told_to_read_anew(folder: Path) -> None:
    opened: list[tuple[Path | None, bool]] = []

    def open_window(path: Path | None, is_anew: bool) -> int:
        opened.append((path, is_anew))
        return 7

    for words in ([str(folder)], [str(folder), "--read-anew"], ["--read-anew", str(folder)], ["--read-anew"]):
        assert main(["open", *words], open_window) == 7
    assert opened == [(folder, False), (folder, True), (folder, True), (None, True)]
    assert main(["open", str(folder), "--anew"], open_window) == 2
