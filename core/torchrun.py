"""What torchrun says of this process, in its environment; imports no torch."""

import atexit
import os
import signal
import sys
from contextlib import suppress
from typing import NamedTuple, NoReturn

from core.ending_signals import ENDING


class Launched(NamedTuple):
    """This process among those that torchrun started for one run; without torchrun it is the only one."""

    rank: int = 0
    processes: int = 1
    local_rank: int = 0  # among those on its machine
    local_processes: int = 1

    @property
    def is_alone(self) -> bool:
        """Whether nobody trains beside it."""
        return self.processes == 1

    @property
    def leads(self) -> bool:
        """Whether it is the one that speaks and writes."""
        return self.rank == 0

    @property
    def leads_machine(self) -> bool:
        """Whether it is the one that reads the images on its machine."""
        return self.local_rank == 0


def launched() -> Launched:
    """Read from the variables that torchrun sets (PyTorch, *torchrun*, "Environment Variables")."""
    if "TORCHELASTIC_RUN_ID" not in os.environ:
        return Launched()
    names = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE")
    return Launched(*(int(os.environ[name]) for name in names))


def end(code: int) -> NoReturn:
    """End this process with that exit code, at once: Python's own end takes a second or three with PyTorch loaded.

    What is registered for the exit is done, as Qt's own end, which hands the clipboard over. Python's could crash after
    it: once that has begun, PySide 6.11 frees objects and leaves the weak references to them as they were.
    Under torchrun it could also abort a process that has done all it had to, "terminate called without an active
    exception": DistributedDataParallel leaves threads of its process group behind (PyTorch issue 190489).
    """
    for number in ENDING:  # all is done
        signal.signal(number, signal.SIG_IGN)
    if launched().is_alone:
        atexit._run_exitfuncs()
    with suppress(OSError):  # who reads has gone, which `main` has seen
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)
