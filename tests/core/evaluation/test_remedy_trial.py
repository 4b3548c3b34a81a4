"""Before and after a remedy: the sentence says what was changed, and does not compare what cannot be."""

from core.config import changed, preset, resolve
from core.evaluation.remedy_trial import Outcome, said_of_trial
from core.reports.training import HeldOutDone, Terms

USUAL = resolve(preset("quick", "faces"), (64, 64, 3), 3_600)
WELL = Outcome(USUAL, HeldOutDone(600, Terms(320.1, 290.0, 30.1), 400))


def tried(objective: float, **settings: object) -> Outcome:
    config = changed(USUAL, {f"training.{name}": value for name, value in settings.items()})
    return Outcome(config, HeldOutDone(600, Terms(objective, objective - 40.0, 40.0), 400))


def test_objectives_of_one_formula_are_compared_as_they_are() -> None:
    hasty = tried(1_350.4, learning_rate=0.5)
    assert said_of_trial(hasty, WELL) == (
        "Before and after, Learning rate 0.5 → 0.002: held-out objective 1,350.4 nats per image before "
        "(600 steps), 320.1 after (600 steps): 1,030.3 better."
    )
    assert said_of_trial(WELL, hasty).endswith("1,350.4 after (600 steps): 1,030.3 worse.")


def test_what_weighs_kl_otherwise_is_compared_by_the_elbo() -> None:
    """With beta 8 the objective is 284 + 8 · 4 = 316, which is less than 320.1 and not better."""
    heavy = Outcome(changed(USUAL, {"training.beta": 8.0}), HeldOutDone(600, Terms(316.0, 330.0, 4.0), 400))
    said = said_of_trial(heavy, WELL)
    assert said.startswith("Before and after, Beta 8 → 1: held-out reconstruction + KL 334.0 nats")
    assert said.endswith("320.1 after (600 steps): 13.9 better.")


def test_densities_below_nought_get_better_downwards() -> None:
    said = said_of_trial(tried(-1_400.0, epochs=9), tried(-1_600.0, epochs=4))
    assert said.endswith(
        "objective −1,400.0 nats per image before (600 steps), −1,600.0 after (600 steps): 200.0 better."
    )


def test_a_run_that_still_learns_is_compared_so_far() -> None:
    learning = Outcome(USUAL, HeldOutDone(1, Terms(320.12, 0.0, 0.0), 400), is_over=False)
    assert said_of_trial(WELL, learning).endswith("after (1 step): the same, so far.")


def test_without_held_out_images_nothing_is_compared() -> None:
    untested = Outcome(USUAL, None)
    assert "cannot be compared" in said_of_trial(untested, WELL)
    assert said_of_trial(WELL, untested).endswith(
        "320.1 nats per image before (600 steps); the new run was not tested yet."
    )
    assert "the same settings" in said_of_trial(WELL, untested)


def test_every_setting_is_called_as_the_form_calls_it() -> None:
    other = changed(USUAL, {"model.likelihood": "gaussian", "training.minutes": 2.0})
    said = said_of_trial(Outcome(USUAL, WELL.held_out), Outcome(other, WELL.held_out))
    assert "Likelihood gaussian-learned → gaussian" in said
    assert "Minutes none → 2" in said
