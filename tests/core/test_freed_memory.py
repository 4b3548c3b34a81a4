"""What a training step frees is there for the next one, and nobody's memory afterwards."""

import ctypes
import subprocess
import sys

import pytest

# Page faults of the last of some rounds that take and free 120 MB, and the megabytes held at the end.
ROUNDS = """
import resource, sys
from contextlib import nullcontext
import numpy as np
from core import freed_memory
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
def held():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("RssAnon:"))
before = held()
with freed_memory.kept() if sys.argv[1] == "kept" else nullcontext():
    for _ in range(4):
        began = faults()
        parts = [np.ones(20 * 2**20, np.uint8) for _ in range(6)]
        del parts
    last, within = faults() - began, held() - before
print(last, within, held() - before)
"""


def rounds(how: str) -> list[int]:
    said = subprocess.run([sys.executable, "-c", ROUNDS, how], check=True, stdout=subprocess.PIPE, text=True).stdout
    return [int(each) for each in said.split()]


@pytest.mark.skipif(sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "mallopt"), reason="needs glibc")
def test_a_step_does_not_fetch_what_the_last_one_freed() -> None:
    faults, within, afterwards = rounds("kept")
    assert faults < 1_000 < rounds("as ever")[0]
    assert within > 100 > 20 > afterwards
