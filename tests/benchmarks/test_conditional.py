"""Conditional models on Fashion-MNIST, judged from outside; prints its figures. About ten minutes on two cores.

By class: a classifier that never saw the model says which class a sample of z ~ N(0, I) is of. With beta = 1 the codes
of a class do not fill N(0, I), and z between them is often of another class: printed too, but beta = 4 is what is asked
for. Completion: nats of a hidden half,
beside the best guess of an unconditional model of the same width, epochs and likelihood.
"""

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from core.config import ImagesConfig
from core.images.image_set import ImageSet
from core.latent.latent_space import LatentSpace
from core.latent.saved_space import load_latent_space
from core.model.conditions import Given
from core.model.tensor_model import to_tensor
from core.model.vae import VAE
from core.training.masks import visible_part
from tests.core.conftest import built

EPOCHS = 8  # of each training
A_CLASS = 500  # samples
IMAGES = 500  # held-out images completed
SAMPLES = 200  # of z for each
KEPT = {"left": "right", "bottom": "top"}  # the half that is hidden: the half that is visible


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("conditional")


@pytest.fixture(scope="module")
def image_set(folder: Path) -> ImageSet:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTSCAPE_HOME", str(folder))
        return built("fashion-mnist", ImagesConfig())


def trained(folder: Path, conditional: str, beta: float = 1.0) -> LatentSpace:
    """Sixteen latent dimensions, and all else as by default."""
    run = folder / f"{conditional}-{beta:g}"
    command = [
        *(sys.executable, "-m", "core", "train", "fashion-mnist", "--run", str(run), "--json"),
        *("--conditional", conditional, "--latent-dims", "16", "--epochs", str(EPOCHS), "--beta", str(beta)),
    ]
    done = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    print(
        f"\n{conditional}, beta {beta:g}: {done['held_out']} after {done['seconds']:.0f} s, {done['epochs']:.0f} epochs"
    )
    return load_latent_space(run)


def test_samples_are_of_the_class_asked_for(folder: Path, image_set: ImageSet) -> None:
    classifier, accuracy = classifier_of(image_set)
    print(f"classifier: {accuracy:.1%} of held-out images right")
    assert accuracy > 0.87
    right = [share_right(trained(folder, "class", beta), classifier) for beta in (1.0, 4.0)]
    assert right[1] >= 0.85


@torch.inference_mode()
def share_right(space: LatentSpace, classifier: nn.Module) -> float:
    """The share of samples, the same number of each class, that the classifier takes for the class asked for."""
    right = []
    for label in range(len(space.classes)):
        pixels = space.with_label(label).decode(space.sample(A_CLASS, seed=label))
        right.append(float((classifier(to_tensor(pixels)).argmax(1) == label).float().mean()))
    print(", ".join(f"{name} {share:.1%}" for name, share in zip(space.classes, right, strict=True)))
    print(f"{np.mean(right):.1%} of {A_CLASS * len(right):,} samples are of the class asked for")
    return float(np.mean(right))


def test_a_hidden_half_is_known_better_than_by_the_best_guess(folder: Path, image_set: ImageSet) -> None:
    completion, plain = trained(folder, "completion"), trained(folder, "none")
    pixels = image_set.pixels[np.flatnonzero(image_set.held_out)[:IMAGES]]
    mean = to_tensor(image_set.pixels[np.flatnonzero(~image_set.held_out)[::10]]).mean(0)
    for hidden, kept in KEPT.items():
        mask = visible_part(kept, *pixels.shape[1:3])
        x, visible = to_tensor(pixels), torch.from_numpy(np.tile(mask, (IMAGES, 1, 1, 1))).float()
        nats = hidden_nats(completion.vae, x, visible)
        filled, optimised = best_guesses(plain.vae, x, visible, mean)
        best = torch.maximum(filled, optimised)  # for each image, with the hidden half known: as good as it can look
        ahead = nats["q(z|x)"] - best
        print(f"\n{hidden} half hidden, nats an image of {IMAGES} held-out images:")
        print(
            f"  completion, z from q(z|x): {nats['q(z|x)'].mean():.2f}, from p(z|visible): {nats['prior'].mean():.2f}"
        )
        print(f"  unconditional, best guess by encoding: {filled.mean():.2f}, by optimising z: {optimised.mean():.2f}")
        print(f"  better of the two: {best.mean():.2f}; ahead by {ahead.mean():.2f} ± {ahead.std() / IMAGES**0.5:.2f}")
        assert ahead.mean() > 3 * ahead.std() / IMAGES**0.5
        apart = distances_of_draws(completion, pixels[:50], mask)
        print(
            f"  10 draws of 50 images: no two nearer than {apart.min():.4f}, {apart.mean():.3f} apart on average (RMS)"
        )
        assert apart.min() > 0.0
        assert apart.mean() > 0.02


@torch.inference_mode()
def hidden_nats(vae: VAE, x: torch.Tensor, visible: torch.Tensor) -> dict[str, torch.Tensor]:
    """log p(hidden | visible) of each image: by importance sampling from q(z|x), and from p(z|visible) alone."""
    given = Given(visible=visible)
    posterior, prior, condition = vae.posterior(x, given), vae.prior(x, given), vae.condition(x, given)
    generator = torch.Generator().manual_seed(0)
    by_posterior, by_prior = [], []
    for _ in range(SAMPLES):
        noise = torch.randn((1, len(x), vae.latent_dims), generator=generator)
        z, log_q = posterior.sample(noise)
        by_posterior.append(vae.log_likelihood(x, z, condition, visible) + prior.log_prob(z) - log_q)
        by_prior.append(vae.log_likelihood(x, prior.sample(noise), condition, visible))
    both = {"q(z|x)": torch.cat(by_posterior), "prior": torch.cat(by_prior)}
    return {name: weights.logsumexp(0) - math.log(SAMPLES) for name, weights in both.items()}


def best_guesses(
    vae: VAE, x: torch.Tensor, visible: torch.Tensor, mean: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """log p(hidden | z) at the code of the image filled with the mean, and at the likeliest z of what is visible."""
    hidden = 1.0 - visible
    with torch.no_grad():
        code = vae.posterior(x * visible + mean * hidden).code
    z = code.clone().requires_grad_()
    optimiser = torch.optim.Adam([z], lr=0.05)
    for _ in range(400):
        optimiser.zero_grad()
        loss = -(vae.log_likelihood(x, z, None, hidden) - 0.5 * z.square().sum(1)).sum()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        return vae.log_likelihood(x, code, None, visible), vae.log_likelihood(x, z, None, visible)


def distances_of_draws(space: LatentSpace, pixels: np.ndarray, visible: np.ndarray) -> np.ndarray:
    """Root mean squared differences of the hidden pixels in [0, 1] of every two of ten draws, of each image."""
    distances = []
    for index, image in enumerate(pixels):
        drawn = space.complete(image, visible, 10, seed=index)[:, ~visible].astype(float) / 255
        assert (space.complete(image, visible, 10, seed=index)[:, visible] == image[visible]).all()
        first, second = np.triu_indices(10, 1)
        distances.append(np.sqrt(np.square(drawn[first] - drawn[second]).mean(axis=(1, 2))))
    return np.concatenate(distances)


def classifier_of(image_set: ImageSet) -> tuple[nn.Module, float]:
    """A small convolutional network that learned the classes of the images, and its accuracy on those held out."""
    torch.manual_seed(0)
    classifier = nn.Sequential(
        *(nn.Conv2d(1, 16, 5, stride=2, padding=2), nn.ReLU(), nn.Conv2d(16, 32, 5, stride=2, padding=2), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(32 * 49, 128), nn.ReLU(), nn.Dropout(0.3), nn.Linear(128, 10)),
    )
    learned, epochs = np.flatnonzero(~image_set.held_out), 6
    parts = len(learned) // 128
    optimiser = torch.optim.Adam(classifier.parameters())
    falling = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=epochs * parts)
    for epoch in range(epochs):
        for batch in np.array_split(np.random.default_rng(epoch).permutation(learned), parts):
            optimiser.zero_grad()
            said = classifier(to_tensor(image_set.pixels[np.sort(batch)]))
            nn.functional.cross_entropy(said, torch.from_numpy(image_set.labels[np.sort(batch)])).backward()
            optimiser.step()
            falling.step()
    classifier.eval()
    held_out = np.flatnonzero(image_set.held_out)
    with torch.inference_mode():
        said = classifier(to_tensor(image_set.pixels[held_out])).argmax(1)
    return classifier, float((said == torch.from_numpy(image_set.labels[held_out])).float().mean())
