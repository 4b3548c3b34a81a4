"""Files of a selection: nothing is written over, nothing is lost, everything is said."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import ConfigError
from core.export import file_gathering
from core.export.file_gathering import Gathered, gather, put_back
from core.reports.progress import Progress

NAMES = st.sampled_from(["a.png", "b.png", "a (2).png", ".hidden", "no suffix", "x.tar.gz"])


def gathered(*reports: Progress | Gathered) -> Gathered:
    *_, last = reports
    assert isinstance(last, Gathered)
    return last


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for name in ("cats/1.png", "dogs/1.png", "dogs/2.png"):
        path = tmp_path / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "to").mkdir()
    return tmp_path / "source"


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


def test_files_of_one_name_stand_beside_each_other(source: Path, tmp_path: Path) -> None:
    to = tmp_path / "to"
    (to / "2.png").write_text("was there")
    done = gathered(*gather([source / each for each in ("cats/1.png", "dogs/1.png", "dogs/2.png")], to, moves=False))
    assert contents(to) == {
        "1.png": "cats/1.png",
        "1 (2).png": "dogs/1.png",
        "2.png": "was there",
        "2 (2).png": "dogs/2.png",
    }
    assert [path.name for _, path in done.done] == ["1.png", "1 (2).png", "2 (2).png"]
    assert (source / "cats/1.png").read_text() == "cats/1.png"


def test_what_was_moved_can_be_put_back(source: Path, tmp_path: Path) -> None:
    paths = [source / "cats/1.png", source / "dogs/1.png"]
    moved = gathered(*gather(paths, tmp_path / "to", moves=True))
    assert not any(path.exists() for path in paths)
    gathered(*put_back(moved))
    assert [path.read_text() for path in paths] == ["cats/1.png", "dogs/1.png"]
    assert contents(tmp_path / "to") == {}


def test_a_file_that_cannot_be_read_does_not_stop_the_others(source: Path, tmp_path: Path) -> None:
    missing, folder = source / "gone.png", source / "cats"
    done = gathered(*gather([missing, folder, source / "dogs/2.png"], tmp_path / "to", moves=True))
    assert [path for path, _ in done.failed] == [missing, folder]
    assert "not there" in done.failed[0][1]
    assert contents(tmp_path / "to") == {"2.png": "dogs/2.png"}


def test_a_file_that_may_not_leave_its_folder_is_not_doubled(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path.parent == source / "dogs":
            raise PermissionError(13, "permission denied")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    done = gathered(*gather([source / "dogs/2.png"], tmp_path / "to", moves=True))
    assert done.failed == ((source / "dogs/2.png", "permission denied"),)
    assert (source / "dogs/2.png").read_text() == "dogs/2.png"
    assert contents(tmp_path / "to") == {}


def test_a_disk_without_second_names_and_a_full_one(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_link(*_: object) -> None:
        raise OSError(18, "cross-device link")

    def full(*_: object) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(os, "link", no_link)
    gathered(*gather([source / "cats/1.png"], tmp_path / "to", moves=True))
    assert contents(tmp_path / "to") == {"1.png": "cats/1.png"}
    assert not (source / "cats/1.png").exists()
    monkeypatch.setattr(file_gathering.shutil, "copyfileobj", full)
    done = gathered(*gather([source / "dogs/2.png"], tmp_path / "to", moves=True))
    assert done.failed[0][1] == "no space left on device"
    assert contents(tmp_path / "to") == {"1.png": "cats/1.png"}  # no torso of the other
    assert (source / "dogs/2.png").exists()


def test_a_link_is_moved_by_what_it_points_to(source: Path, tmp_path: Path) -> None:
    (source / "link.png").symlink_to(source / "dogs/2.png")
    gathered(*gather([source / "link.png"], tmp_path / "to", moves=True))
    assert not (tmp_path / "to/link.png").is_symlink()
    assert contents(tmp_path / "to") == {"link.png": "dogs/2.png"}
    assert (source / "dogs/2.png").exists()
    assert not (source / "link.png").is_symlink()


def test_a_file_that_lies_there_already_is_not_doubled(source: Path) -> None:
    done = gathered(*gather([source / "cats/1.png"], source / "cats", moves=False))
    assert "already" in done.failed[0][1]
    assert contents(source / "cats") == {"1.png": "cats/1.png"}


def test_every_file_has_a_line_in_the_log(source: Path, tmp_path: Path) -> None:
    log = tmp_path / "file_gathering.log"
    list(gather([source / "cats/1.png", source / "gone.png"], tmp_path / "to", moves=True, log=log))
    first, second = (line.split("\t") for line in log.read_text().splitlines())
    assert first[1:] == ["moved", str(source / "cats/1.png"), str(tmp_path / "to/1.png")]
    assert second[1:3] == ["failed", str(source / "gone.png")]


def test_without_a_folder_or_a_log_no_file_is_touched(source: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no folder"):
        list(gather([source / "cats/1.png"], tmp_path / "nowhere", moves=True))
    with pytest.raises(ConfigError, match="cannot be written"):
        list(gather([source / "cats/1.png"], tmp_path / "to", moves=True, log=tmp_path / "to"))
    assert (source / "cats/1.png").exists()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), NAMES), unique=True), st.lists(NAMES, unique=True), st.booleans())
def test_no_content_is_ever_lost(
    tmp_path_factory: pytest.TempPathFactory, wanted: list[tuple[int, str]], there: list[str], moves: bool
) -> None:
    root = tmp_path_factory.mktemp("files")
    (root / "to").mkdir()
    paths = [root / str(folder) / name for folder, name in wanted]
    for path in [*paths, *(root / "to" / name for name in there)]:
        path.parent.mkdir(exist_ok=True)
        path.write_text(str(path))
    done = gathered(*gather(paths, root / "to", moves))
    assert not done.failed
    texts = sorted(path.read_text() for path in (root / "to").iterdir())
    assert texts == sorted(map(str, [*paths, *(root / "to" / name for name in there)]))
    assert all(to.read_text() == str(came_from) for came_from, to in done.done)
    assert all(path.exists() is not moves for path in paths)
