"""Files of a selection, from the window: what was done is said, can be stopped, and can be put back."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from explorer.selection.file_gathering import Gathering
from explorer.workspace.place_in_hand import Table

NAMES = tuple(f"{index}.png" for index in range(30))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "source").mkdir()
    (tmp_path / "to").mkdir()
    for name in NAMES:
        (tmp_path / "source" / name).write_text(name)
    return tmp_path / "source"


@pytest.fixture
def gathering(qtbot: QtBot) -> Iterator[Gathering]:
    gathering = Gathering()
    yield gathering
    gathering.stop()


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_files_of_these_images_are_moved_and_put_back(
    qtbot: QtBot, gathering: Gathering, source: Path, home: Path
) -> None:
    to = source.parent / "to"
    with qtbot.waitSignal(gathering.ended), qtbot.waitSignal(gathering.done) as done:
        gathering.gather(source, NAMES, np.array([3, 5]), to, moves=True)
    words, folder, can_go_back = done.args
    assert words == f"2 files moved to {to}"
    assert (folder, can_go_back) == (to, True)
    assert names_in(to) == ["3.png", "5.png"]
    assert len((home / "settings/files.log").read_text().splitlines()) == 2
    with qtbot.waitSignal(gathering.ended), qtbot.waitSignal(gathering.done) as done:
        gathering.put_back()
    assert done.args[0] == "2 files moved back to where they were"
    assert not done.args[2]
    assert names_in(source) == sorted(NAMES)


def test_what_could_not_be_copied_is_named(qtbot: QtBot, gathering: Gathering, source: Path) -> None:
    (source / "4.png").unlink()
    with qtbot.waitSignal(gathering.ended), qtbot.waitSignal(gathering.done) as done:
        gathering.gather(source, NAMES, np.array([4, 6]), source.parent / "to", moves=False)
    words, _, can_go_back = done.args
    assert words.startswith("1 file copied to ")
    assert "1 was not: 4.png (the file is not there any more)" in words
    assert not can_go_back


def test_a_second_job_waits_for_the_first(qtbot: QtBot, gathering: Gathering, source: Path) -> None:
    with qtbot.waitSignal(gathering.ended), qtbot.waitSignal(gathering.failed) as failed:
        gathering.gather(source, NAMES, np.array([1]), source.parent / "to", moves=False)
        gathering.gather(source, NAMES, np.array([2]), source.parent / "to", moves=False)
    assert "already" in failed.args[0]
    assert names_in(source.parent / "to") == ["1.png"]


def test_a_table_is_written(qtbot: QtBot, gathering: Gathering, tmp_path: Path) -> None:
    table = Table(NAMES, np.zeros(30, np.int64), ("cat",), np.zeros(30, np.bool_))
    with qtbot.waitSignal(gathering.ended), qtbot.waitSignal(gathering.done) as done:
        gathering.export(tmp_path / "some.csv", np.array([2]), np.full((30, 1), 0.5, np.float32), table)
    assert done.args[0] == f"Saved {tmp_path / 'some.csv'}"
    assert (tmp_path / "some.csv").read_text().split() == ["file,class,held_out,z1", "2.png,cat,0,0.5"]


def test_a_folder_that_is_not_there_is_said(qtbot: QtBot, gathering: Gathering, source: Path) -> None:
    with qtbot.waitSignal(gathering.ended), qtbot.waitSignal(gathering.failed) as failed:
        gathering.gather(source, NAMES, np.array([1]), source.parent / "nowhere", moves=True)
    assert "There is no folder" in failed.args[0]


def test_what_was_moved_until_it_was_cancelled_can_be_put_back(
    qtbot: QtBot, gathering: Gathering, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = source.parent / "to"
    link, linked = os.link, list[object]()

    def cancel_at_third(*paths: object) -> None:
        link(*paths)
        linked.append(paths)
        if len(linked) == 3:
            gathering.cancel()

    monkeypatch.setattr(os, "link", cancel_at_third)
    with qtbot.waitSignal(gathering.ended), qtbot.waitSignal(gathering.done) as done:
        gathering.gather(source, NAMES, np.arange(30), to, moves=True)
    assert done.args[0] == f"3 files moved to {to}; cancelled before the other 27"
    assert len(names_in(to)) == 3
    with qtbot.waitSignal(gathering.ended), qtbot.waitSignal(gathering.done):
        gathering.put_back()
    assert names_in(source) == sorted(NAMES)


def test_files_that_stay_in_the_folder_of_images_are_read_again(
    qtbot: QtBot, gathering: Gathering, source: Path
) -> None:
    (source / "aside").mkdir()
    with qtbot.waitSignal(gathering.ended), qtbot.waitSignal(gathering.done) as done:
        gathering.gather(source, NAMES, np.array([1]), source / "aside", moves=True)
    assert "read with it next time" in done.args[0]
