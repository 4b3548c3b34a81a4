"""The weights of the objective over a run, against the schedules as their papers draw them."""

import numpy as np
import pytest
import torch

from core.config import ModelConfig, TrainingConfig
from core.model.conditions import Given
from core.model.vae import VAE
from core.training.loss import final_loss, loss_at, rise

EPOCHS = 12


def risen(config: TrainingConfig) -> np.ndarray:
    """The rise at each hundredth of an epoch of a run of twelve."""
    epochs = np.arange(EPOCHS * 100) / 100
    return np.array([rise(config, float(epoch), float(epoch / EPOCHS)) for epoch in epochs])


def test_a_plain_warm_up_is_a_straight_line_and_then_flat() -> None:
    expected = np.minimum(1.0, np.arange(EPOCHS * 100) / 100 / 3)
    np.testing.assert_allclose(risen(TrainingConfig(warm_up=3.0)), expected)
    assert (risen(TrainingConfig(warm_up=0.0, warm_up_cycles=3)) == 1.0).all()


def test_beta_rises_anew_in_every_cycle() -> None:
    within = np.arange(EPOCHS * 100) % 300 / 100  # epochs into one of four cycles
    np.testing.assert_allclose(risen(TrainingConfig(warm_up=1.0, warm_up_cycles=4)), np.minimum(1.0, within), atol=1e-9)


def test_a_warm_up_longer_than_its_cycle_takes_the_whole_cycle() -> None:
    within = np.arange(EPOCHS * 100) % 300 / 300
    np.testing.assert_allclose(risen(TrainingConfig(warm_up=9.0, warm_up_cycles=4)), within, atol=1e-9)


def test_cycles_follow_the_clock_when_minutes_end_the_run() -> None:
    config = TrainingConfig(warm_up=1.0, warm_up_cycles=2)  # 100,000 epochs asked for, 4 done when the time is over
    assert rise(config, 1.5, 1.5 / 4) == 1.0
    assert rise(config, 2.0, 0.5) == 0.0
    assert rise(config, 2.5, 2.5 / 4) == pytest.approx(0.5)
    assert rise(config, 4.0, 1.0) == 1.0


def test_beta_follows_the_warm_up_and_a_capacity_takes_its_place() -> None:
    config = TrainingConfig(beta=4.0, warm_up=2.0)
    assert [loss_at(config, epoch, epoch / 12).beta for epoch in (0.0, 1.0, 2.0, 7.0)] == [0.0, 2.0, 4.0, 4.0]
    config = TrainingConfig(beta=4.0, warm_up=2.0, capacity=30.0)
    losses = [loss_at(config, epoch, epoch / 12) for epoch in (0.0, 1.0, 2.0, 7.0)]
    assert [loss.capacity for loss in losses] == [0.0, 15.0, 30.0, 30.0]
    assert {loss.beta for loss in losses} == {4.0}


def test_held_out_images_are_tested_with_what_the_run_ends_with() -> None:
    config = TrainingConfig(samples=5, beta=2.0, free_bits=0.5, warm_up_cycles=3)
    assert final_loss(config) == loss_at(config, 12.0, 1.0) == ("elbo", 5, 2.0, 0.5, None)


def test_a_kind_of_objective_has_only_the_weights_that_it_knows() -> None:
    """Importance weighting with a capacity in its configuration warms up as without: it takes no notice of one."""
    iwae = TrainingConfig(objective="iwae", samples=5, beta=4.0, free_bits=0.5, capacity=9.0, warm_up=2.0)
    assert [loss_at(iwae, epoch, epoch / 12) for epoch in (0.0, 1.0, 2.0)] == [
        ("iwae", 5, beta, 0.0, None) for beta in (0.0, 2.0, 4.0)
    ]
    autoencoder = TrainingConfig(objective="autoencoder", beta=4.0, capacity=9.0)
    assert final_loss(autoencoder) == ("autoencoder", 1, 0.0, 0.0, None)


def test_what_is_made_small_is_said_as_it_is() -> None:
    def said(**fields: object) -> str:
        return final_loss(TrainingConfig.model_validate(fields)).formula

    assert said() == "reconstruction + 1 · KL"
    assert said(beta=4.0, capacity=25.0) == "reconstruction + 4 · |KL − 25|"
    assert said(free_bits=0.25) == "reconstruction + 1 · KL (at least 0.25 a dimension)"
    assert said(objective="iwae", samples=5, capacity=9.0) == "the bound of 5 samples"
    assert said(objective="iwae", samples=5, beta=2.0) == "the bound of 5 samples, KL weighed by 2"
    assert said(objective="iwae", samples=1, beta=2.0) == "reconstruction + 2 · KL"
    assert said(objective="autoencoder", beta=4.0) == "reconstruction"


@pytest.mark.parametrize(
    "training",
    [
        {"beta": 3.0},
        {"beta": 3.0, "free_bits": 0.2},
        {"beta": 3.0, "capacity": 40.0},
        {"beta": 3.0, "capacity": 0.5, "free_bits": 0.2},
        {"objective": "autoencoder"},
        {"objective": "iwae", "beta": 3.0},
    ],
    ids=str,
)
def test_weighed_terms_are_the_objective_that_is_made_small(training: dict[str, object]) -> None:
    """What a diagnosis and an evaluation compute from mean terms is what the gradient was taken of, on one batch."""
    torch.manual_seed(0)
    vae = VAE(ModelConfig(network="mlp", width=4, latent_dims=3, likelihood="bernoulli"), (16, 16, 1))
    x, noise = torch.rand(20, 1, 16, 16), torch.randn(1, 20, 3)
    loss = final_loss(TrainingConfig.model_validate(training))
    with torch.no_grad():
        result = loss.of(vae, x, noise, Given())
    free = loss.free_nats(result.kl_per_dim.tolist())
    weighed = loss.weighed(float(result.reconstruction.mean()), float(result.kl.mean()), free)
    assert weighed == pytest.approx(float(result.objective.mean()), rel=1e-5)
