"""What a user would lose if a number that is none came into a model: all that it had learned."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from core.config import RunConfig, resolve
from core.errors import TrainingError
from core.images.image_set import ImageSet
from core.latent.open_run import open_run
from core.reports.training import StepDone
from core.training.batches import Batches
from core.training.damage import all_damages_of
from core.training.learner import Learner
from core.training.train import train

BROKEN_AT = 7  # steps are counted from 0 by who draws batches and noise: the eighth
Break = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture(autouse=True)
def every_step_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.training.meter.SOONEST", 0.0)
    monkeypatch.setattr("core.training.meter.SLOWING", 0.0)


def in_noise(number: float) -> Break:
    real = Batches.noise

    def broken(self: Batches, step: int, *where: object) -> torch.Tensor:
        return real(self, step, *where) * (number if step == BROKEN_AT else 1.0)

    return lambda patch: patch.setattr(Batches, "noise", broken)


def in_batch(number: float) -> Break:
    real, count = Batches.images, [0]

    def broken(self: Batches, *of: object) -> torch.Tensor:
        count[0] += 1
        return real(self, *of) + (number if count[0] == BROKEN_AT + 1 + 4 else 0.0)  # four were looked at before

    return lambda patch: patch.setattr(Batches, "images", broken)


def in_gradient(number: float) -> Break:
    real = torch.nn.utils.get_total_norm
    count = [0]

    def broken(gradients: list[torch.Tensor]) -> torch.Tensor:
        count[0] += 1
        if count[0] == BROKEN_AT + 1:
            gradients[0].view(-1)[0] = number
        return real(gradients)

    return lambda patch: patch.setattr(torch.nn.utils, "get_total_norm", broken)


def weights(run: Path) -> dict[str, torch.Tensor]:
    return load_file(run / "checkpoints" / (run / "latest").read_text().strip() / "model.safetensors")


@pytest.mark.parametrize(
    ("where", "number", "likelihood"),
    [
        (in_noise, torch.nan, "gaussian-optimal"),
        (in_noise, torch.inf, "discretised-logistic"),
        (in_batch, torch.nan, "gaussian-learned"),
        (in_batch, torch.inf, "gaussian-optimal"),
        (in_gradient, torch.nan, "gaussian-learned"),
        (in_gradient, -torch.inf, "gaussian-optimal"),
    ],
)
def test_nothing_is_learned_from_what_is_no_number_and_what_was_learned_is_kept(
    image_set: ImageSet,
    config: RunConfig,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: Callable[[float], Break],
    number: float,
    likelihood: str,
) -> None:
    config = config.model_copy(update={"model": config.model.model_copy(update={"likelihood": likelihood})})
    for report in (reports := train(image_set, config, tmp_path / "before")):
        if isinstance(report, StepDone) and report.step == BROKEN_AT:
            break
    reports.close()
    where(number)(monkeypatch)
    with pytest.raises(TrainingError, match="no finite number at step 8, from which nothing was learned") as raised:
        list(train(image_set, config, tmp_path / "run"))
    assert str(raised.value).startswith(("The reconstruction ", "The KL ", "A gradient "))
    before, after = weights(tmp_path / "before"), weights(tmp_path / "run")
    learned = [name for name in before if not name.startswith("likelihood.")]  # whose σ may follow the error
    assert all(torch.equal(before[name], after[name]) for name in learned)
    assert all_damages_of(tmp_path / "run") == ()
    assert open_run(tmp_path / "run").latent_space.step == BROKEN_AT + 1


@pytest.mark.long
def test_a_learning_rate_of_one_ends_in_a_sentence_or_not_at_all_and_never_in_nothing(
    image_set: ImageSet, config: RunConfig, tmp_path: Path
) -> None:
    training = config.training.model_copy(update={"learning_rate": 1.0, "epochs": 100, "precision": "bf16"})
    model = config.model.model_copy(update={"network": "conv", "likelihood": "gaussian-learned"})
    with suppress(TrainingError):
        list(train(image_set, config.model_copy(update={"training": training, "model": model}), tmp_path / "run"))
    assert all(value.isfinite().all() for value in weights(tmp_path / "run").values())


def test_a_step_that_is_lost_leaves_the_optimiser_as_it_was(config: RunConfig) -> None:
    learner = Learner(resolve(config, (16, 16, 3), 18), (16, 16, 3))
    before = {name: value.clone() for name, value in learner.state().items() if name != "step"}
    assert not learner.lost
    for parameter in learner.vae.parameters():
        parameter.grad = torch.full_like(parameter, torch.nan)
    learner._make_step(learner._clip())
    assert learner.lost == 1
    assert all(torch.equal(value, learner.state()[name]) for name, value in before.items())
