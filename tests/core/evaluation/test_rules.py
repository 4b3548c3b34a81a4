"""The rules of a diagnosis on numbers made up so that the right answer is known, whatever machine they are counted on.

Reports come by the clock: a slow machine tells of every step, a fast one of forty at once. Both must be told the same.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
import torch
from torch.distributions import Normal

from core.config import RunConfig
from core.evaluation.diagnosis import diagnose, too_early
from core.evaluation.symptoms import Symptoms
from core.reports.evaluation import Finding
from core.reports.training import HeldOutDone, StepDone, Terms, Untrained

STEPS, PER_EPOCH, IMAGES = 4_000, 100, 2_000
Curve = Callable[[int], float]


@dataclass(frozen=True)
class Made:
    """A run of 4,000 steps of 28 × 28 grey images, whose terms are functions of the step."""

    reconstruction: Curve = lambda step: 300.0 + 200.0 * math.exp(-step / 300)
    kl: Curve = lambda step: 12.0
    held_out: Curve | None = None
    trimmed: Callable[[int], float | None] = lambda step: None
    kl_per_dim: tuple[float, ...] = (6.0, 6.0)
    untrained: Untrained | None = field(default_factory=lambda: at_the_start(543.0))
    model: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)

    @property
    def config(self) -> RunConfig:
        model = {"latent_dims": len(self.kl_per_dim), "likelihood": "bernoulli", "network": "mlp"} | self.model
        images = {"image_size": 28, "channels": 1}
        training = {"epochs": STEPS // PER_EPOCH, "warm_up": 0.0, "learning_rate": 2e-3} | self.training
        return RunConfig.model_validate({"source": "x", "images": images, "model": model, "training": training})

    def steps(self, every: int) -> tuple[StepDone, ...]:
        """Reports of so many steps each."""
        beta = 0.0 if self.config.training.objective == "autoencoder" else self.config.training.beta
        reports = []
        for last in range(every, STEPS + 1, every):
            within = [(self.reconstruction(step), self.kl(step)) for step in range(last - every + 1, last + 1)]
            mean, low, high = (each(within, axis=0) for each in (np.mean, np.min, np.max))
            terms = (Terms(float(r + beta * k), float(r), float(k)) for r, k in (mean, low, high))
            seconds = last / 100
            left = (STEPS - last) / 100
            reports.append(StepDone(last, last / PER_EPOCH, *terms, beta, 1e-3, 1e4, seconds, left))
        return tuple(reports)

    def tests(self, count: int) -> tuple[HeldOutDone, ...]:
        """So many tests on held-out images, evenly over the run."""
        if self.held_out is None:
            return ()
        at = [round(STEPS * n / count) for n in range(1, count + 1)]
        terms = (Terms(self.held_out(step), self.held_out(step), 0.0) for step in at)
        return tuple(HeldOutDone(step, each, 500, self.trimmed(step)) for step, each in zip(at, terms, strict=True))

    def found(self, every: int = 1, tests: int = 15) -> dict[str, Finding]:
        parts = (self.config, self.steps(every), self.tests(tests), self.kl_per_dim, IMAGES, self.untrained)
        return {finding.name: finding for finding in diagnose(*parts)}


def at_the_start(reconstruction: float, mean_image: float = 250.0) -> Untrained:
    terms = Terms(reconstruction, reconstruction, 0.0)
    return Untrained(terms, terms, mean_image)


def falling(step: int) -> float:
    """What a run that is well costs on held-out images."""
    return 330.0 + 200.0 * math.exp(-step / 300)


def best_at_1000(step: int) -> float:
    """The same of one that learns by heart, as in a textbook."""
    return 350.0 + abs(step - 1_000) / 50


@pytest.fixture(params=[1, 7, 40], ids=lambda every: f"{every} steps a report")
def every(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def test_nothing_is_said_before_200_steps(every: int) -> None:
    sick = Made(lambda step: 3_000.0, kl_per_dim=(0.0, 90.0), training={"beta": 0.0})
    told = [step for step in sick.steps(every) if step.step < 200]
    assert diagnose(sick.config, told, (), np.array(sick.kl_per_dim), IMAGES, sick.untrained) == ()
    assert too_early(told) == f"Too early to judge: {told[-1].step} steps of the 200 that it takes."
    assert sick.found(every)
    assert too_early(sick.steps(every)) == too_early(()) == ""
    assert too_early(sick.steps(1)[:1]).startswith("Too early to judge: 1 step of")


def test_nothing_is_said_of_a_run_that_is_well(every: int) -> None:
    assert Made().found(every) == {}
    assert Made(untrained=None).found(every) == {}  # one of an older version


def test_a_rate_too_high_is_seen_at_any_speed_of_the_machine(every: int) -> None:
    climbs = Made(lambda step: 900.0 if 50 < step <= 130 else 320.0 + 220.0 * math.exp(-step / 300))
    assert climbs.found(every)["learning rate too high"].changes == {"training.learning_rate": 2e-4}


def test_a_rate_that_throws_the_weights_out_in_the_first_steps_is_seen(every: int) -> None:
    """Measured before the first step, what was never learned is known though no step shows it."""
    assert "learning rate too high" in Made(lambda step: 320.0 + 3000.0 * math.exp(-step / 60)).found(every)


def test_a_first_explosion_within_the_first_ten_steps_is_seen(every: int) -> None:
    """Of a run that did not measure its start too, as far as its first report shows it."""
    explodes = Made(lambda step: 540.0 if step < 4 else 90_000.0 / step)
    assert "learning rate too high" in explodes.found(every)
    assert "learning rate too high" in replace(explodes, untrained=None).found(1)


def test_a_few_odd_batches_are_no_rate_too_high() -> None:
    odd = Made(lambda step: 700.0 if step in (2, 5, 9, 300, 301, 900) else 300.0 + 240.0 * math.exp(-step / 300))
    assert odd.found(1) == odd.found(40) == {}


def test_a_last_batch_of_two_odd_pictures_is_no_rate_too_high(every: int) -> None:
    """130 images are batches of 128 and of 2; every ninth time one of the two is like no other picture."""
    assert Made(lambda step: 184_000.0 if step % 18 == 0 else 300.0 + 240.0 * math.exp(-step / 300)).found(every) == {}


def test_masks_that_hide_more_or_less_are_no_rate_too_high() -> None:
    def jumps(step: int) -> float:
        return 540.0 * (1.1 if step // 20 % 2 else 0.9)

    assert "learning rate too high" in Made(jumps).found(1)
    assert "learning rate too high" not in Made(jumps, model={"conditional": "completion"}).found(1)


def test_codes_that_left_the_prior_because_it_was_cheap_are_seen(every: int) -> None:
    """Telling 2,000 images apart takes log 2,000 = 7.6 nats: 40 nats in one dimension are 32.4 too many."""
    far = {"kl_per_dim": (40.0, 3.0), "kl": lambda step: 43.0}
    found = Made(**far, training={"beta": 0.0}).found(every)["exploding variance"]
    assert found.changes == {"training.beta": 1.0}
    assert "32.4 nats" in found.sentence
    near = Made(kl_per_dim=(math.log(IMAGES) + 2.3, 3.0), training={"beta": 0.0})
    assert "exploding variance" not in near.found(every)


def test_codes_that_are_worth_what_they_cost_are_not_called_back(every: int) -> None:
    """320 pictures of clip art: 10.6 nats in one dimension bought hundreds; a tenth of the rate lost them again."""
    far = {"kl_per_dim": (10.6, 9.0), "kl": lambda step: 19.6}
    assert replace(Made(**far), untrained=at_the_start(9_000.0)).found(every) == {}


@pytest.mark.parametrize("objective", ["elbo", "iwae"])
def test_a_beta_too_high_is_seen_whatever_it_weighs(every: int, objective: str) -> None:
    """A nat must buy eight; 4 nats tell 55 images apart, not 2,000."""
    training = {"beta": 8.0, "objective": objective, "samples": 5}
    found = Made(kl=lambda step: 4.0, kl_per_dim=(2.0, 2.0), training=training).found(every)
    assert found["over-regularised blur"].changes == {"training.beta": 1.0}
    assert "beta 8" in found["over-regularised blur"].sentence


def test_importance_weighting_is_judged_by_what_it_weighs(every: int) -> None:
    capacity = {"objective": "iwae", "samples": 5, "beta": 4.0, "capacity": 3.0}  # which iwae leaves aside
    found = Made(kl=lambda step: 4.0, kl_per_dim=(2.0, 2.0), training=capacity).found(every)
    assert found["over-regularised blur"].changes == {"training.beta": 1.0}


def test_a_capacity_too_small_gives_way_to_the_elbo(every: int) -> None:
    capacity = {"beta": 40.0, "capacity": 2.0}
    found = Made(kl=lambda step: 2.0, kl_per_dim=(1.0, 1.0), training=capacity).found(every)
    assert found["over-regularised blur"].changes == {"training.capacity": None, "training.beta": 1.0}


@pytest.mark.parametrize("beta", [0.5, 1.0, 50.0])
def test_codes_that_say_nothing_are_a_fault_only_where_something_holds_them_down(every: int, beta: float) -> None:
    """At β = 1 noise, and grey of low contrast under a Bernoulli, are worth no code: no setting mends that."""
    nothing = Made(kl=lambda step: 0.01, kl_per_dim=(0.005, 0.005), training={"beta": beta})
    expected = {} if beta <= 1.0 else {"collapsed posterior": {"training.beta": 1.0}}
    assert {name: finding.changes for name, finding in nothing.found(every).items()} == expected


def test_dimensions_that_are_not_used_are_no_fault(every: int) -> None:
    assert Made(kl_per_dim=(6.0, 6.0, *(0.001,) * 62)).found(every) == {}


def test_an_autoencoder_has_no_kl_to_be_judged_by(every: int) -> None:
    assert Made(kl=lambda step: 0.0, kl_per_dim=(0.0, 90.0), training={"objective": "autoencoder"}).found(every) == {}


@pytest.mark.parametrize("tests", [8, 15, 60])
def test_the_epoch_of_the_best_held_out_images_is_offered(every: int, tests: int) -> None:
    """Best at step 1,000 of 4,000, which is epoch 10, by a curve as of a textbook."""
    found = Made(held_out=best_at_1000).found(every, tests)["overfitting"]
    (epochs,) = found.changes.values()
    assert abs(epochs - 10) <= 40 / tests + 1


def test_one_odd_test_on_held_out_images_is_no_overfitting(every: int) -> None:
    learning = Made(held_out=lambda step: 250.0 if step == 1_067 else falling(step))
    assert learning.found(every) == {}


def test_one_image_unlike_all_others_is_no_overfitting(every: int) -> None:
    """It costs ever more while the others go on getting better: to stop early would be an advice for it alone."""
    odd = Made(held_out=lambda step: falling(step) + step / 50, trimmed=falling)
    assert [*odd.found(every)] == ["images unlike all others"]
    found = odd.found(every)["images unlike all others"]
    assert "The 5 costliest of 500 held-out images cost 8,330 nats on average, the others 330.0" in found.sentence
    assert found.changes == {}
    assert [*replace(odd, trimmed=lambda step: None).found(every)] == ["overfitting"]  # as an older version told it


def test_most_images_that_get_worse_are_overfitting_whatever_a_few_cost(every: int) -> None:
    found = Made(held_out=lambda step: 380.0, trimmed=best_at_1000).found(every, 60)["overfitting"]
    assert "Held-out images but the 5 costliest were best at epoch" in found.sentence
    gap = Made(held_out=lambda step: 500.0, trimmed=lambda step: 400.0).found(every)["overfitting"]
    assert "held-out ones but the 5 costliest at 400.0: 38%" in gap.sentence  # 88 of 231


def test_the_usual_spread_of_what_images_cost_is_nothing_to_tell_of(every: int) -> None:
    spread = np.sort(300.0 + 100.0 * np.random.default_rng(0).standard_normal(500))
    mean, trimmed = float(spread.mean()), float(spread[:-5].mean())
    assert Made(held_out=lambda step: mean, trimmed=lambda step: trimmed).found(every) == {}


def test_a_gap_is_weighed_by_the_objective_that_the_run_makes_small(every: int) -> None:
    """With a capacity of 25 nats, KL is meant to be 25: 40 · |25 − 25| costs nothing, and 40 · 25 would cost 1,000."""
    training = {"beta": 40.0, "capacity": 25.0}
    terms = {"kl": lambda step: 25.0, "kl_per_dim": (9.0, 9.0, 7.0), "training": training}
    start = Untrained(Terms(1_543.0, 543.0, 0.0), Terms(1_543.0, 543.0, 0.0), 250.0)
    assert "overfitting" not in Made(held_out=lambda step: 310.0, untrained=start, **terms).found(every)
    found = Made(held_out=lambda step: 900.0, untrained=start, **terms).found(every)["overfitting"]
    assert "300.0 nats and held-out ones at 900.0: 48%" in found.sentence  # 600 of 1,243


def test_where_nothing_was_learned_nothing_was_learned_by_heart(every: int) -> None:
    learning = Made(reconstruction=lambda step: 543.0, held_out=lambda step: 560.0)
    assert "overfitting" not in learning.found(every)


@pytest.mark.parametrize("likelihood", ["continuous-bernoulli", "gaussian"])
def test_images_of_low_contrast_have_nats_though_few(every: int, likelihood: str) -> None:
    """Grey all over: a continuous Bernoulli gives 0 nats to it at best, and so few to all that is near."""
    model = {"likelihood": likelihood, "sigma": 0.4}
    grey = Made(lambda step: -2.0 - step / STEPS, untrained=at_the_start(-1.5, mean_image=-4.0), model=model)
    assert "objective not in nats" not in grey.found(every)
    mean = Made(lambda step: -0.9 - step / STEPS, untrained=at_the_start(-0.9, mean_image=-700.0), model=model)
    assert "mean over pixels" in mean.found(every)["objective not in nats"].sentence
    assert "objective not in nats" not in Made(lambda step: -0.9, untrained=None, model=model).found(every)


@pytest.mark.parametrize("sigma", [0.05, 0.3, 1.0])
def test_the_error_left_under_a_fixed_sigma_is_read_from_its_density(sigma: float) -> None:
    x, guess = torch.rand(784).double(), torch.rand(784).double()
    nats = -Normal(guess, sigma).log_prob(x).sum().item()
    error = (x - guess).square().mean().item()
    run = Made(lambda step: nats, model={"likelihood": "gaussian", "sigma": sigma})
    symptoms = Symptoms(run.config, run.steps(40), (), np.zeros(2), IMAGES)
    assert symptoms.residual == pytest.approx(error, rel=1e-6)
    assert symptoms.pressure == pytest.approx(sigma**2 / error, rel=1e-6)
    hidden = run.config.model.model_copy(update={"conditional": "completion"})
    completing = run.config.model_copy(update={"model": hidden})
    assert Symptoms(completing, run.steps(40), (), np.zeros(2), IMAGES).residual is None  # of how many pixels?
