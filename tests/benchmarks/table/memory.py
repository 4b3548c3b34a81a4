"""How much memory another process has of its own, and how it grows."""

import subprocess
import time
from pathlib import Path

import numpy as np

MEGABYTE = 2**20
EVERY = 0.5  # seconds


def resident(pid: int) -> float:
    """Megabytes that a process has in memory and that are no file's; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon:"))


def growth_while(running: "subprocess.Popen[str]") -> float:
    """Megabytes an hour that a process gained from the second half of its life on, by a line through what it had."""
    began, found = time.monotonic(), []
    while running.poll() is None:
        found.append((time.monotonic() - began, resident(running.pid)))
        time.sleep(EVERY)
    late = np.array(found[len(found) // 2 : -2])
    return 3600.0 * float(np.polyfit(*late.T, 1)[0]) if len(late) > 2 else 0.0
