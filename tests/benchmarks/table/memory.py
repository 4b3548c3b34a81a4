"""How much memory another process has of its own, and how it grows."""

import os
import subprocess
import time
from pathlib import Path

import numpy as np

MEGABYTE = 2**20
EVERY = 0.5  # seconds
WHILE, IDLE, LONGEST = 2.0, 0.1, 120.0  # seconds; processor time in one while that is none; that it may take at most


def resident(pid: int) -> float:
    """Megabytes that a process has in memory and that are no file's; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon:"))


def wait_until_idle(pid: int) -> None:
    """Until a process has computed next to nothing for a while: a million codes keep a slow machine busy for long."""
    before, ends = -IDLE, time.monotonic() + LONGEST
    while (now := _computed(pid)) - before > IDLE and time.monotonic() < ends:
        before = now
        time.sleep(WHILE)


def _computed(pid: int) -> float:
    """Seconds of processor time."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def growth_while(running: "subprocess.Popen[str]") -> float:
    """Megabytes an hour that a process gained from the second half of its life on, by a line through what it had."""
    began, found = time.monotonic(), []
    while running.poll() is None:
        found.append((time.monotonic() - began, resident(running.pid)))
        time.sleep(EVERY)
    late = np.array(found[len(found) // 2 : -2])
    return 3600.0 * float(np.polyfit(*late.T, 1)[0]) if len(late) > 2 else 0.0
