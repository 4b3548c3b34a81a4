"""Work in another process that cannot be ended, or that outlives the program, is a program out of hand."""

import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from core.child_process import ChildError, in_own_process
from core.errors import ImagesError, RunError
from tests.rights import python_path

WORK = """
import os, time
from core.errors import ImagesError, RunError

class Worse(RunError):
    def __init__(self, what, why):
        super().__init__(f"The {what} is {why}", "mend", what)

def counted(most):
    print("this would spoil --json", flush=True)
    for number in range(most):
        yield number

def endless(pid_file):
    with open(pid_file, "w") as file:
        file.write(str(os.getpid()))
    yield "begun"
    while True:
        time.sleep(1000)

def failing():
    yield 1
    raise ImagesError("The disk is full.")

def special():
    yield 1
    raise Worse("run", "damaged")

def faulty():
    yield 1
    {}["codes"]

def crashing():
    yield 1
    os._exit(7)
"""
ORPHAN = """
import sys
sys.path.insert(0, {folder!r})
import work
from core.child_process import in_own_process
if __name__ == "__main__":
    for each in in_own_process(work.endless, {pid_file!r}):
        if each == "begun":
            print(each, flush=True)
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    (tmp_path / "work.py").write_text(WORK)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "work", raising=False)
    return importlib.import_module("work")


def items(generator: Iterator[object]) -> list[object]:
    return [each for each in generator if each is not None]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def wait_until_gone(pid: int) -> float:
    began = time.monotonic()
    while is_alive(pid) and time.monotonic() - began < 10.0:
        time.sleep(0.01)
    return time.monotonic() - began


def test_everything_comes_in_its_order_and_nothing_is_printed(
    work: ModuleType, capfd: pytest.CaptureFixture[str]
) -> None:
    assert items(in_own_process(work.counted, 1000)) == list(range(1000))
    assert capfd.readouterr().out == ""


def test_an_error_is_its_sentence(work: ModuleType) -> None:
    with pytest.raises(ImagesError, match="The disk is full"):
        items(in_own_process(work.failing))


def test_an_error_keeps_its_kind_and_its_remedy(work: ModuleType) -> None:
    with pytest.raises(RunError) as caught:
        items(in_own_process(work.special))
    assert type(caught.value) is RunError
    assert caught.value.in_words({"mend": "mend {what}"}) == "The run is damaged: mend run."


def test_a_fault_of_ours_says_what_it_was_and_where(work: ModuleType) -> None:
    with pytest.raises(ChildError, match="KeyError: 'codes'") as caught:
        items(in_own_process(work.faulty))
    assert caught.value.places[-1][2] == "faulty"
    assert "in faulty" in caught.value.__notes__[0]


def test_a_process_that_dies_is_an_error_not_the_end(work: ModuleType) -> None:
    with pytest.raises(ImagesError, match="ended by itself"):
        items(in_own_process(work.crashing))


def test_closing_ends_it_at_once(work: ModuleType, tmp_path: Path) -> None:
    working = in_own_process(work.endless, str(tmp_path / "pid"))
    assert "begun" in working
    assert next(working) is None  # the caller is asked often whether to go on
    pid, began = int((tmp_path / "pid").read_text()), time.monotonic()
    working.close()
    assert time.monotonic() - began < 1.0
    assert not is_alive(pid)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no such signal")
def test_it_does_not_outlive_a_program_that_was_killed(work: ModuleType, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    (tmp_path / "orphan.py").write_text(ORPHAN.format(folder=str(tmp_path), pid_file=str(pid_file)))
    environment = {**os.environ, "PYTHONPATH": python_path()}
    words = [sys.executable, str(tmp_path / "orphan.py")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "begun\n"
        program.kill()
    assert wait_until_gone(int(pid_file.read_text())) < 2.0
