"""What the window remembers never keeps it from starting, whatever has become of it."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QSettings

from core.places import bundled_run, settings_folder
from explorer.workspace.settings import Settings
from tests.torture.disks import fill, small_disk

LINES = st.sampled_from(
    [
        b"[General]",
        b"last_run=/",
        b"recent_runs=a, b",
        b"docks=@ByteArray(\\0",
        b"scheme=@Variant(\\0\\0\\0\\xff)",
        b"=",
    ]
)
CONTENT = st.one_of(st.binary(max_size=200), st.lists(LINES).map(b"\n".join))


def file() -> Path:
    return settings_folder() / "window.ini"


def use(kept: Settings) -> None:
    """All that a start asks and keeps."""
    assert isinstance(kept.last_run(), Path)
    assert kept.scheme() in ("system", "light", "dark")
    assert all(isinstance(each, str) for each in (*kept.recent_sources(), kept.folder("pictures")))
    kept.layout()
    assert kept.moments() >= 0
    kept.remember_run(bundled_run())
    assert kept.recent_runs()[0] == bundled_run()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CONTENT)
@example(b"\xff" * 3_000_000)
def test_it_starts_whatever_is_in_its_file_and_keeps_what_it_could_not_read(home: Path, content: bytes) -> None:
    backup = file().with_name("window.ini.bak")
    backup.unlink(missing_ok=True)
    file().write_bytes(content)
    kept = Settings()
    use(kept)
    assert backup.exists() == bool(kept.problem)
    assert not backup.exists() or (backup.read_bytes() == content and str(backup) in kept.problem)
    del kept
    assert Settings().problem == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
@pytest.mark.parametrize("kind", ["folder", "pipe", "link that leads nowhere"])
def test_what_is_no_file_is_put_aside(home: Path, kind: str) -> None:
    place = file()
    {"folder": place.mkdir, "pipe": lambda: os.mkfifo(place)}.get(kind, lambda: place.symlink_to("nowhere"))()
    kept = Settings()
    assert "begins anew" in kept.problem
    use(kept)


def test_a_layout_that_would_crash_qt_is_not_restored(home: Path) -> None:
    kept = Settings()
    kept.remember_layout(QByteArray(b"geometry"), QByteArray(b"docks"))
    assert Settings().layout() == (b"geometry", b"docks")
    store = QSettings(str(file()), QSettings.Format.IniFormat)
    store.setValue("docks", QByteArray(b"ducks"))
    store.sync()
    assert Settings().layout() is None


def test_a_full_disk_is_said_once_and_what_was_remembered_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "disk", "1m") as disk:
        monkeypatch.setenv("LATENTSCAPE_HOME", str(disk))
        kept, said = Settings(), list[str]()
        kept.not_kept.connect(said.append)
        kept.remember_source("moths")
        before = file().read_bytes()
        fill(disk)
        for number in range(3):
            kept.remember_source(str(number) * 9_000)
        assert len(said) == 1
        assert str(file()) in said[0]
        assert file().read_bytes() == before


def test_the_room_for_moments_is_remembered() -> None:
    assert Settings().moments() == 100_000_000
    Settings().remember_moments(0)
    assert Settings().moments() == 0
    Settings().remember_moments(250_000_000)
    assert Settings().moments() == 250_000_000
