"""How good a model gets in how long, by command, on real images; prints its figures.

Fashion-MNIST, Bernoulli likelihood, the objective on all held-out images at beta = 1, within ten minutes on two cores.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(("latent_dims", "floor"), [(2, 254.0), (16, 236.0)])
def test_fashion_mnist_in_ten_minutes(latent_dims: int, floor: float, tmp_path: Path) -> None:
    command = [
        *(sys.executable, "-m", "explorer", "train", "fashion-mnist", "--run", str(tmp_path / "run"), "--json"),
        *("--latent-dims", str(latent_dims), "--likelihood", "bernoulli", "--epochs", "100000", "--minutes", "9.5"),
    ]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    result = json.loads(said)
    print(f"\n{latent_dims} latent dims: {result['held_out']} after {result['seconds']:.0f} s")
    assert result["seconds"] <= 600
    assert result["held_out"]["objective"] <= floor
