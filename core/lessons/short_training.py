"""A model that learns for seconds: the program's own learner on images in memory, of which nothing is kept."""

from collections.abc import Callable, Generator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.config import RunConfig
from core.images.faces.face import draw_faces, sample_factors
from core.model.conditions import Given
from core.model.one_core import use_one_core
from core.model.tensor_model import to_pixels, to_tensor
from core.model.vae import VAE
from core.pace import Pace
from core.reports.lessons import Scene
from core.reports.progress import Progress
from core.training.batches import noise_seed
from core.training.learner import Learner

SEED = 0
LEARNED, HELD_OUT = 3_000, 600  # faces


def faces(size: int, channels: int = 1) -> tuple[Tensor, Tensor, NDArray[np.int8]]:
    """Drawn faces in [0, 1], (N, C, size, size): those to learn from, those held out, and the hair of these (M,)."""
    factors = sample_factors(LEARNED + HELD_OUT, SEED)
    x = to_tensor(draw_faces(factors, size))
    if channels == 1:
        x = x.mean(1, keepdim=True)
    return x[:LEARNED], x[LEARNED:], factors["hair"][LEARNED:]


def config(model: dict[str, object], training: dict[str, object] | None = None) -> RunConfig:
    """A small model and its training, the same on every machine but for the rounding of sums."""
    usual: dict[str, object] = {
        "warm_up": 0.0,
        "device": "cpu",
        "precision": "float32",
        "seed": SEED,
        "batch_size": 128,
    }
    content = {"source": "faces", "model": {"network": "mlp", **model}, "training": usual | (training or {})}
    return RunConfig.model_validate(content)


def learned(
    x: Tensor,
    asked: RunConfig,
    steps: int,
    doing: str,
    show: Callable[[VAE], Scene] | None = None,
    visible: Tensor | None = None,
) -> Generator[Progress | Scene, None, VAE]:
    """Learn from images (N, C, H, W) for so many steps, on one core; returns the model, which learns no more.

    At each report of its progress `show` is asked what is seen of the model as it is. `visible` (1, 1, H, W) is what a
    model of completion is told of each image.
    """
    use_one_core()
    _, channels, height, width = x.shape
    learner, pace = Learner(asked, (height, width, channels)), Pace(doing, steps)
    rows = np.random.default_rng(SEED)
    batch, dims = min(asked.training.images_a_step, len(x)), asked.model.latent_dims
    for step in range(steps):
        seen = x[rows.integers(0, len(x), batch)]
        given = Given() if visible is None else Given(visible=visible.expand(batch, -1, -1, -1))
        noise = torch.randn((1, batch, dims), generator=torch.Generator().manual_seed(noise_seed(SEED, step)))
        progress = step / steps
        learner.learn(seen, noise, given, learner.loss(0.0, progress), learner.learning_rate(progress))
        for report in pace.reports(step + 1):
            yield report
            if show is not None:
                yield show(learner.vae)
    learner.check_sound()
    return learner.vae.eval().requires_grad_(False)


def there_and_back(vae: VAE, x: Tensor, codes: Tensor) -> NDArray[np.uint8]:
    """Images (N, C, H, W), and after them what their codes (N, d) decode to: uint8 (2N, H, W, C)."""
    return to_pixels(torch.cat((x, vae.mean_image(codes))))


def alike(codes: NDArray[np.float32], others: NDArray[np.float32] | None) -> NDArray[np.float32]:
    """Codes (N, 2) turned or reflected to lie nearest to others of the same images (Procrustes); N(0, I) stays."""
    if others is None:
        return codes
    left, _, right = np.linalg.svd(codes.T @ others)
    turned: NDArray[np.float32] = codes @ (left @ right)
    return turned
