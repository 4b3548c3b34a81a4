"""A linear VAE with one learned σ beside scikit-learn's probabilistic PCA on Fashion-MNIST of 8 × 8; prints figures."""

import gzip
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from core.config import ModelConfig, RunConfig
from core.evaluation.figures import Chosen, evaluate
from core.model.objectives import elbo
from core.model.vae import VAE
from core.reports.evaluation import Evaluated

FASHION = Path("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz")
STEPS, BATCH = 3000, 1000


@pytest.mark.skipif(not FASHION.exists(), reason="needs dataset-fashion-mnist")
@pytest.mark.parametrize("latent_dims", [2, 8])
def test_fashion_mnist_of_8_by_8_scores_as_probabilistic_pca(latent_dims: int) -> None:
    with gzip.open(FASHION) as file:
        images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)
    blocks = np.pad(images, ((0, 0), (2, 2), (2, 2))).reshape(-1, 8, 4, 8, 4).mean((2, 4))
    pixels = blocks.round().astype(np.uint8)[..., None]
    rows = pixels.reshape(-1, 64) / 255
    score = PCA(latent_dims).fit(rows).score(rows)

    config = ModelConfig(network="linear", latent_dims=latent_dims, likelihood="gaussian-learned")
    torch.manual_seed(0)
    vae, generator = VAE(config, (8, 8, 1)), torch.Generator().manual_seed(0)
    x = torch.from_numpy(rows).float().view(-1, 1, 8, 8)
    optimiser = torch.optim.Adam(vae.parameters(), lr=0.02)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    for _ in range(STEPS):
        batch = x[torch.randint(len(x), (BATCH,), generator=generator)]
        optimiser.zero_grad()
        elbo(vae, batch, torch.randn(BATCH, latent_dims, generator=generator)).objective.mean().backward()
        optimiser.step()
        schedule.step()

    chosen = Chosen(pixels, np.zeros(len(pixels), np.int64), np.arange(len(pixels)))
    *_, found = evaluate(vae.eval(), chosen, RunConfig(source="fashion-mnist", model=config), 16)
    assert isinstance(found, Evaluated)
    of_levels = -64 * math.log(255)  # a density of levels from 0 to 255, as the images are stored
    print(
        f"\n{latent_dims} latent dims, nats per image in [0, 1]: PCA {score:.3f}, objective {found.objective:.3f}, "
        f"log p(x) {found.log_px:.3f} ± {found.log_px_se:.3f}; of levels: PCA {score + of_levels:.2f}"
    )
    assert -found.objective == pytest.approx(score, rel=0.005)
    assert found.log_px == pytest.approx(score, rel=0.005)
