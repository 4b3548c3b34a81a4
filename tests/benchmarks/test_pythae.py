"""A whole training beside pythae's (0.1.2): same network, first weights, optimiser, steps and images; prints figures.

pythae is installed into the user's cache, beside this program's own environment: it is no dependency.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import platformdirs
import pytest
import torch
from safetensors.torch import load_file, save_file

from core.config import ImagesConfig, RunConfig
from core.evaluation.encode_pass import encode_all, mean_terms
from core.images.image_set import ImageSet, build_image_set
from core.latent.open_run import load_latent_space
from core.model.vae import VAE
from core.reports.images import ImageSetReady
from core.reports.training import TrainingDone
from core.training.learner import Learner
from core.training.train import train

ROOT = Path(__file__).parents[2]
EPOCHS, BATCH, RATE = 10, 128, 1e-3
NEEDED = ("pythae==0.1.2", "cloudpickle", "tqdm", "imageio")  # torch, pydantic and the rest are here already
FASHION = Path("/usr/share/datasets/fashion-mnist")


@pytest.fixture(scope="module")
def pythae() -> Path:
    """Where pythae is installed."""
    folder = platformdirs.user_cache_path("latentscape-benchmarks") / "pythae-0.1.2"
    if not (folder / "pythae").exists():
        install = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), *NEEDED)
        if subprocess.run(install, check=False).returncode:
            pytest.skip("pythae 0.1.2 cannot be installed here")
    return folder


@pytest.fixture
def image_set() -> ImageSet:
    reports = build_image_set("fashion-mnist", ImagesConfig())
    return next(each for each in reports if isinstance(each, ImageSetReady)).image_set


@pytest.fixture
def config(image_set: ImageSet) -> RunConfig:
    return RunConfig.model_validate(
        {
            "source": image_set.source,
            "images": {"image_size": 28, "channels": 1},
            "model": {"latent_dims": 16, "network": "mlp", "likelihood": "bernoulli"},
            "training": {
                "epochs": EPOCHS,
                "batch_size": BATCH,
                "learning_rate": RATE,
                "warm_up": 0.0,
                "clip": 1e9,
                "device": "cpu",
                "precision": "float32",
            },
        }
    )


def held_out_objective(vae: VAE, image_set: ImageSet) -> float:
    return mean_terms(list(encode_all(vae.eval(), image_set.pixels, np.flatnonzero(image_set.held_out)))).objective


@pytest.mark.skipif(not FASHION.exists(), reason="needs dataset-fashion-mnist")
def test_a_whole_training_reaches_what_pythae_reaches(
    pythae: Path, image_set: ImageSet, config: RunConfig, tmp_path: Path
) -> None:
    start = time.perf_counter()
    done = [each for each in train(image_set, config, tmp_path / "run") if isinstance(each, TrainingDone)]
    print(f"\nours: {done[0].seconds / EPOCHS:.2f} s an epoch (all in: {time.perf_counter() - start:.0f} s)")
    ours = held_out_objective(load_latent_space(tmp_path / "run").vae, image_set)

    first = Learner(config, image_set.shape).vae  # by the seed, what our own training began with
    save_file({name: each.contiguous() for name, each in first.state_dict().items()}, tmp_path / "first.safetensors")
    (tmp_path / "model.json").write_text(config.model.model_dump_json())
    np.save(tmp_path / "learned.npy", image_set.pixels[~image_set.held_out, :, :, 0])
    np.save(tmp_path / "held_out.npy", image_set.pixels[image_set.held_out, :, :, 0])
    words = (str(ROOT / "tests" / "benchmarks" / "pythae_side.py"), str(tmp_path), str(EPOCHS), str(BATCH), str(RATE))
    environment = {**os.environ, "PYTHONPATH": f"{pythae}{os.pathsep}{ROOT}"}
    said = subprocess.run(
        (sys.executable, *words),
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    result = json.loads(said.stdout.splitlines()[-1])
    other = VAE(config.model, image_set.shape)
    other.load_state_dict(load_file(tmp_path / "last.safetensors"))
    theirs = held_out_objective(other, image_set)
    print(f"pythae: {result['seconds'] / EPOCHS:.2f} s an epoch")
    print(f"held-out objective: ours {ours:.2f}, pythae {theirs:.2f} ({result['objective']:.2f} by its own loss)")
    assert result["objective"] == pytest.approx(theirs, abs=0.15)  # the same constants: other noise only
    assert abs(ours - theirs) <= 0.5
    assert torch.isfinite(torch.tensor([ours, theirs])).all()
