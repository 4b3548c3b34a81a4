"""Viewing a model that knows more than z: another class at the same place, and what may be hidden in an image."""

import numpy as np
import pytest
import torch

from core.config import ModelConfig
from core.errors import ConfigError
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import first_two_dims
from core.model.conditions import Given
from core.model.tensor_model import to_tensor
from core.model.vae import VAE
from core.training.masks import visible_part

CLASSES = ("cats", "dogs", "owls")
LEFT = visible_part("left", 16, 16)


def space(conditional: str, network: str = "mlp") -> LatentSpace:
    """An untrained model with weights large enough that all its inputs matter."""
    torch.manual_seed(0)
    config = ModelConfig.model_validate(
        {"network": network, "width": 8, "latent_dims": 2, "likelihood": "bernoulli", "conditional": conditional}
    )
    vae = VAE(config, (16, 16, 1), len(CLASSES))
    with torch.no_grad():
        for parameter in vae.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
    codes = np.random.default_rng(0).standard_normal((40, 2)).astype(np.float32)
    return freeze(vae, codes, np.zeros(2, np.float32), first_two_dims(2), 7, CLASSES)


def images(count: int = 6) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (count, 16, 16, 1), np.uint8)


def test_another_class_at_the_same_place_is_another_picture() -> None:
    first = space("class")
    z = np.zeros((3, 2), np.float32)
    pictures = [first.with_label(label).decode(z) for label in range(3)]
    assert not np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[1], pictures[2])
    assert np.array_equal(first.decode(z), pictures[0])
    with torch.inference_mode():
        condition = torch.eye(3)[[2, 2, 2]]
        mean = first.vae.mean_image(torch.from_numpy(z), condition)
    assert np.array_equal(pictures[2], (mean * 255).round().byte().permute(0, 2, 3, 1).numpy())


@pytest.mark.parametrize("network", ["mlp", "conv"])
def test_many_places_are_decoded_each_as_its_own_class(network: str) -> None:
    first, labels = space("class", network), np.array([2, 0, 1, 1])
    z = np.random.default_rng(2).standard_normal((4, 2)).astype(np.float32)
    together = first.decode(z, labels)
    for place, label in enumerate(labels.tolist()):
        alone = first.with_label(label).decode(z[place : place + 1])[0]
        assert np.abs(together[place].astype(int) - alone).max() <= 1  # another batch may round otherwise


def test_a_place_is_judged_by_the_codes_of_the_class_that_is_decoded() -> None:
    random, labels = np.random.default_rng(0), np.arange(300) % 3
    codes = (random.standard_normal((300, 2)) + 20.0 * labels[:, None]).astype(np.float32)
    known = space("class")
    made = freeze(known.vae, codes, np.zeros(2, np.float32), first_two_dims(2), 7, CLASSES, labels=labels, draws=False)
    for label in range(3):
        shown = made.with_label(label)
        said = [shown.support.verdict(np.full(2, 20.0 * other, np.float32)).verdict for other in range(3)]
        assert said == ["among" if other == label else "far" for other in range(3)]
        assert shown.support is made.with_label(label).support, "found once"


def test_another_class_costs_no_second_copy() -> None:
    first = space("class")
    other = first.with_label(2)
    assert (other.label, first.label) == (2, 0)
    assert other.vae is first.vae
    assert other.codes is first.codes
    assert other.points is first.points
    with pytest.raises(ConfigError, match="learned 3"):
        first.with_label(3)


def test_an_image_is_encoded_as_what_it_is() -> None:
    first, labels = space("class"), np.array([0, 1, 2, 0, 1, 2])
    codes, _ = first.encode(images(), labels)
    for label in range(3):
        alone, _ = first.with_label(label).encode(images())
        np.testing.assert_allclose(codes[labels == label], alone[labels == label], atol=1e-6)
    assert not np.allclose(codes, first.encode(images())[0])


@pytest.mark.parametrize("network", ["mlp", "conv", "linear"])
def test_what_is_visible_stays_and_what_is_hidden_is_not_looked_at(network: str) -> None:
    first, picture = space("completion", network), images()[0]
    drawn = first.complete(picture, LEFT, 5, seed=3)
    assert drawn.shape == (5, 16, 16, 1)
    assert drawn.dtype == np.uint8
    assert (drawn[:, LEFT] == picture[LEFT]).all()
    other = np.where(LEFT[..., None], picture, 255 - picture)  # only the hidden part differs
    assert np.array_equal(first.complete(other, LEFT, 5, seed=3), drawn)
    elsewhere = np.where(LEFT[..., None], 255 - picture, picture)
    assert not np.array_equal(first.complete(elsewhere, LEFT, 5, seed=3)[:, ~LEFT], drawn[:, ~LEFT])


def test_draws_differ_and_can_be_drawn_again() -> None:
    first, picture = space("completion"), images()[0]
    drawn = first.complete(picture, LEFT, 10, seed=0)
    assert len(np.unique(drawn.reshape(10, -1), axis=0)) == 10
    assert np.array_equal(first.complete(picture, LEFT, 10, seed=0), drawn)
    assert not np.array_equal(first.complete(picture, LEFT, 10, seed=1), drawn)


def test_the_best_guess_is_the_picture_at_the_middle_of_what_is_possible() -> None:
    first, picture = space("completion"), images()[0]
    x, given = to_tensor(picture[None]), Given(visible=torch.from_numpy(LEFT[None, None].astype(np.float32)))
    with torch.inference_mode():
        mean = first.vae.mean_image(first.vae.prior(x, given).mean, first.vae.condition(x, given))[0, 0].numpy()
    guess = first.best_guess(picture, LEFT)
    np.testing.assert_allclose(guess[..., 0][~LEFT], 255 * mean[~LEFT], atol=0.51)
    assert (guess[LEFT] == picture[LEFT]).all()


def test_samples_of_a_completion_model_come_from_the_prior_it_learned() -> None:
    first = space("completion")
    drawn = first.sample(4000, seed=0)
    with torch.inference_mode():
        mean, log_variance = (each[0].numpy() for each in first.vae.prior(torch.rand(1, 1, 16, 16), Given()))
    np.testing.assert_allclose(drawn.mean(axis=0), mean, atol=0.1)
    np.testing.assert_allclose(drawn.std(axis=0), np.exp(0.5 * log_variance), rtol=0.05)
    assert not np.allclose(mean, 0.0, atol=0.1)


def test_samples_of_any_other_model_are_from_the_standard_normal_or_from_where_the_codes_lie() -> None:
    first = space("none")
    expected = np.random.default_rng(5).standard_normal((9, 2)).astype(np.float32)  # the seed means what it always did
    assert np.array_equal(first.sample(9, seed=5), expected)
    moved = freeze(first.vae, first.codes + 50, first.kl_per_dim, first.plane, 7)
    assert (moved.sample(9, seed=5, prior="mixture") > 40).all()


def test_a_run_that_cannot_complete_says_so() -> None:
    with pytest.raises(ConfigError, match="did not learn to complete"):
        space("none").complete(images()[0], LEFT, 1, seed=0)
    with pytest.raises(ConfigError, match=r"\(16, 16, 1\)"):
        space("completion").best_guess(images()[0], LEFT[:8])
