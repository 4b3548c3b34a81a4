"""How good a model gets in how long, by command, on real images; beside pythae's own networks in the same time.

Fashion-MNIST, Bernoulli likelihood, the objective on all held-out images at β = 1.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.benchmarks.table.conftest import Record
from tests.benchmarks.table.memory import growth_while
from tests.benchmarks.table.rows import Row, better_by, reaching, sized
from tests.benchmarks.table.sides.processes import pythae_folder, said_by
from tests.benchmarks.table.test_training import MISSING, needs_fashion, workload

SECONDS: Sequence[float] = sized((120.0, 600.0), (3.0,))
DIMS = sized((2, 16), (2,))
FLAT = 5.0  # MB an hour
FEW_MINUTES = (
    "a line through the last five of ten minutes: −11 and +6 MB an hour the day before on an AMD EPYC with AVX-512, 73 "
    "and 37 here, which are 3 to 6 MB in all; a window that learns faces in Balanced stays between 744 and 780 MB in a "
    "quarter of an hour"
)


@needs_fashion
@pytest.mark.parametrize("dims", DIMS)
def test_quality_for_the_time(dims: int, tmp_path: Path, record: Record) -> None:
    theirs: dict[float, float] = {}
    if (path := pythae_folder()) is not None:
        work = workload(tmp_path, "auto", {"latent_dims": dims})
        said = said_by("pythae_networks", work.folder, dims, ",".join(map(str, SECONDS)), path=path)
        theirs = dict(zip(SECONDS, said["objectives"], strict=True))
    for seconds in SECONDS:
        command = [
            *(sys.executable, "-m", "core", "train", "fashion-mnist", "--run", str(tmp_path / f"run-{seconds}")),
            *("--latent-dims", str(dims), "--likelihood", "bernoulli", "--epochs", "100000"),
            *("--minutes", str(seconds / 60), "--json"),
        ]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        growth = growth_while(running)
        said = json.loads(running.communicate()[0])
        assert running.returncode == 0
        record(
            Row(
                f"held-out objective after {seconds:.0f} s, {dims} dims",
                "nats",
                [said["held_out"]["objective"]],
                better_by(3.0),
                "pythae's MNIST convolutions" if theirs else MISSING,
                [theirs[seconds]] if theirs else (),
            )
        )
    record(
        Row(
            f"memory gained in an hour of training, from {SECONDS[-1]:.0f} s, {dims} dims",
            "MB",
            [growth],
            reaching(FLAT),
            why_not=FEW_MINUTES,
        )
    )
