"""A fault that nobody hears of is not mended; one that is told sixty times a second is no better."""

import faulthandler
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import qCritical, qInstallMessageHandler, qWarning

from explorer.workspace.error_words import FAULTS, sentence
from explorer.workspace.fault import Fault
from explorer.workspace.fault_watch import ENDED, LAST, LOG, LOG_BYTES, FaultWatch

pytestmark = [pytest.mark.qt_no_exception_capture, pytest.mark.qt_log_ignore("")]


@pytest.fixture(autouse=True)
def hooks_as_they_were() -> Iterator[None]:
    kept = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield
    sys.excepthook, threading.excepthook, sys.unraisablehook = kept
    qInstallMessageHandler(None)
    FAULTS.handlers, FAULTS.propagate = [], True
    faulthandler.disable()


def watched(folder: Path | None) -> tuple[FaultWatch, list[Fault]]:
    watch, told = FaultWatch(folder), list[Fault]()
    watch.begin()
    watch.tell(told.append)
    return watch, told


def fail() -> None:
    raise KeyError("the run of Anna")


def fault() -> Exception:
    try:
        fail()
    except KeyError as error:
        return error
    raise AssertionError


def test_what_happens_a_thousand_times_is_told_and_written_once(qapp: object, tmp_path: Path) -> None:
    watch, told = watched(tmp_path)
    for _ in range(1000):
        assert "KeyError" in sentence(fault())
    assert [each.kind for each in told] == ["KeyError"]
    assert (tmp_path / LOG).read_text("utf-8").count("Traceback") == 1
    assert "KeyError, 1000 times" in watch.report(with_names=False)


def test_a_report_holds_a_name_only_when_that_is_asked(qapp: object, tmp_path: Path) -> None:
    watch, _ = watched(tmp_path)
    sentence(fault())
    plain, whole = watch.report(with_names=False), watch.report(with_names=True)
    assert "in fail" in plain
    assert "Python 3" in plain
    assert "Anna" not in plain
    assert str(Path(__file__).parents[3]) not in plain
    assert "Anna" in whole


def test_qt_is_heard_too(qapp: object, tmp_path: Path) -> None:
    _, told = watched(tmp_path)
    qWarning("a small thing")
    assert told == []
    assert "a small thing" in (tmp_path / LOG).read_text("utf-8")
    qCritical("a grave thing")
    assert [each.message for each in told] == ["a grave thing"]


def test_what_came_after_the_window_is_told_by_the_next(qapp: object, tmp_path: Path) -> None:
    watch, told = watched(tmp_path)
    watch.leave()
    sentence(fault())
    assert told == []
    faulthandler.disable()
    _, told = watched(tmp_path)
    assert [(each.kind, "KeyError" in each.message) for each in told] == [(ENDED, True)]
    assert watched(tmp_path)[1] == []  # and by no other


def test_a_crash_is_told_at_the_next_start(qapp: object, tmp_path: Path) -> None:
    text = f'Fatal Python error: Segmentation fault\n\nCurrent thread:\n  File "{__file__}", line 7 in paintEvent\n'
    (tmp_path / LAST).write_text(text)
    watch, told = watched(tmp_path)
    assert [each.kind for each in told] == [ENDED]
    assert "test_fault_watch.py:7 in paintEvent" in watch.report(with_names=False)


def test_the_log_does_not_fill_the_disk(qapp: object, tmp_path: Path) -> None:
    watch, _ = watched(tmp_path)
    for number in range(100):
        sentence(ValueError(f"{number}" * 30_000))
        qWarning(f"{number} " * 10_000)
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 2 * LOG_BYTES + 200_000
    assert len(watch.report(with_names=True)) < 1_000_000


def test_nowhere_to_write_is_no_reason_to_be_silent(qapp: object) -> None:
    _, told = watched(None)
    sentence(fault())
    assert len(told) == 1


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_whatever_is_left_from_before_the_window_starts(qapp: object, tmp_path: Path, content: bytes) -> None:
    (tmp_path / LAST).write_bytes(content)
    watch = FaultWatch(tmp_path)
    told = list[Fault]()
    watch.tell(told.append)
    assert len(told) <= 1
    watch.report(with_names=False)
