"""The machine in a few lines, and what it could do at best: matrix products and memory, measured in this run.

Usage: python -m tests.benchmarks.table.machine THREADS prints both as JSON.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[3]
FLAGS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")  # those that decide how fast sums are
PACKAGES = ("torch", "numpy", "PySide6-Essentials", "pyqtgraph", "pillow", "torchvision")
SIDE, TIMES, BYTES, LOOP = 1536, 7, 256 * 2**20, 2_000_000


@dataclass(frozen=True)
class Machine:
    """Multiply-adds a second by (precision, threads), and bytes a second that a copy moves, read and written."""

    products: dict[tuple[str, int], float]
    bandwidth: float
    rounds: float  # of an empty loop of Python, a second

    @property
    def best(self) -> float:
        """The highest rate of multiply-adds, whatever the precision."""
        return max(self.products.values())

    def facts(self) -> list[str]:
        """In words."""
        rates = ", ".join(
            f"{precision} on {threads} {rate / 1e9:,.0f}" for (precision, threads), rate in self.products.items()
        )
        return [
            _processor(),
            f"Python {platform.python_version()}, " + ", ".join(f"{each} {version(each)}" for each in PACKAGES),
            f"matrix products, billions of multiply-adds a second by precision and threads: {rates}",
            f"Python alone: {self.rounds / 1e6:.0f} million rounds of an empty loop a second",
            f"memory: {self.bandwidth / 1e9:.1f} GB/s read and written by a copy on one thread",
        ]


def measured() -> Machine:
    """Measure it, each number of threads in a process of its own."""
    products, bandwidth, rounds = {}, 0.0, 0.0
    for threads in sorted({1, cores()}):
        command = (sys.executable, "-m", "tests.benchmarks.table.machine", str(threads))
        said = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout)
        products |= {(precision, threads): rate for precision, rate in said["products"].items()}
        bandwidth, rounds = bandwidth or said["bandwidth"], rounds or said["rounds"]
    return Machine(products, bandwidth, rounds)


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    name, flags = platform.processor() or platform.machine(), ""
    if Path("/proc/cpuinfo").exists():
        facts = dict(line.split(":", 1) for line in Path("/proc/cpuinfo").read_text().splitlines() if ":" in line)
        found = {key.strip(): value.strip() for key, value in facts.items()}
        name = found.get("model name", name)
        flags = " with " + ", ".join(flag for flag in FLAGS if flag in found.get("flags", "").split())
    return f"{name}{flags}; {cores()} cores; {platform.system()} {platform.release()}"


def _seconds(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def _main(threads: int) -> None:
    import torch

    torch.set_num_threads(threads)
    products = {}
    for name, precision in (("float32", torch.float32), ("bf16", torch.bfloat16)):
        one = torch.randn(SIDE, SIDE).to(precision)
        products[name] = SIDE**3 / _seconds(lambda one=one: one @ one)
    source = torch.zeros(BYTES, dtype=torch.uint8)
    target = torch.empty_like(source)
    bandwidth = 2 * BYTES / _seconds(lambda: target.copy_(source))
    print(json.dumps({"products": products, "bandwidth": bandwidth, "rounds": LOOP / _seconds(_loop)}))


def _loop() -> None:
    for _ in range(LOOP):
        pass


if __name__ == "__main__":
    _main(int(sys.argv[1]))
