"""What a user would lose when memory runs out: the training, or the batch that was asked for."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from core.commands import main
from core.config import RunConfig, resolve
from core.errors import OUT_OF_MEMORY
from core.evaluation.encode_pass import encode_part
from core.evaluation.figures import Chosen, Evaluated, evaluate
from core.images.image_set import ImageSet
from core.latent.latent_space import LatentSpace
from core.latent.open_run import open_run
from core.model.conditions import Given
from core.model.halving import parts_of
from core.model.vae import VAE, Encoded
from core.reports.training import LearnsInParts, StepDone
from core.training.damage import all_damages_of
from core.training.learner import Learner, Seen
from core.training.loss import Loss
from core.training.train import train

SIDE, IMAGES = 16, 23
CASES: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "convolutions": ({"network": "conv", "width": 8}, {}),
    "free-bits": ({}, {"free_bits": 0.02}),
    "capacity": ({}, {"capacity": 3.0, "beta": 5.0}),
    "free-bits-capacity-optimal": ({"likelihood": "gaussian-optimal"}, {"free_bits": 0.02, "capacity": 0.3}),
    "iwae": ({}, {"objective": "iwae", "samples": 3}),
    "iwae-flow-beta": ({"posterior": "planar"}, {"objective": "iwae", "samples": 3, "beta": 2.0}),
    "iwae-optimal": ({"likelihood": "gaussian-optimal"}, {"objective": "iwae", "samples": 3}),
    "flow-free-bits": ({"posterior": "iaf"}, {"free_bits": 0.02, "samples": 2}),
    "autoencoder-flow": ({"posterior": "iaf"}, {"objective": "autoencoder"}),
    "class": ({"conditional": "class"}, {}),
    "completion": ({"conditional": "completion"}, {}),
    "completion-optimal": ({"conditional": "completion", "likelihood": "gaussian-optimal"}, {}),
    "learned-sigma": ({"likelihood": "gaussian-learned"}, {}),
    "logistic": ({"likelihood": "discretised-logistic"}, {}),
}
CUDA = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
CPU = RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.")
PYTHON = MemoryError()


def changed(config: RunConfig, model: dict[str, object], training: dict[str, object]) -> RunConfig:
    known = config.model_dump()
    more = {"model": known["model"] | model, "training": known["training"] | training | {"precision": "float32"}}
    return RunConfig.model_validate(known | more)


def batch(learner: Learner, loss: Loss) -> Seen:
    """Pixels, noise, and all that any model may be given."""
    generator = torch.Generator().manual_seed(0)
    x = torch.rand((IMAGES, SIDE, SIDE, 3), generator=generator).permute(0, 3, 1, 2)
    noise = torch.randn((loss.samples, IMAGES, learner.vae.latent_dims), generator=generator)
    visible = (torch.rand((IMAGES, 1, SIDE, SIDE), generator=generator) > 0.5).float()
    told = {"class": Given(labels=torch.arange(IMAGES) % 2), "completion": Given(visible=visible)}
    return x, noise, told.get(learner.vae.conditional, Given())


@pytest.mark.parametrize("name", CASES)
def test_a_batch_in_parts_is_the_batch_that_was_asked_for(name: str, config: RunConfig) -> None:
    resolved = resolve(changed(config, *CASES[name]), (SIDE, SIDE, 3), 18)
    gradients, terms, models = [], [], []
    for at_once in (IMAGES, 7):
        learner = Learner(resolved, (SIDE, SIDE, 3), 2)
        loss = learner.loss(9.0, 0.9)
        x, noise, given = batch(learner, loss)

        def seen(rows: slice, x=x, noise=noise, given=given) -> Seen:  # type: ignore[no-untyped-def]
            return x[rows], noise[:, rows], Given(*(None if each is None else each[rows] for each in given))

        learner._clip = lambda: torch.zeros(())  # type: ignore[method-assign]  (it scales the gradients in place)
        for _ in range(2):
            if at_once == IMAGES:
                result = learner.learn(x, noise, given, loss, 1e-3)
            else:
                result = learner.learn_in_parts(seen, parts_of(IMAGES, at_once), loss, 1e-3)
        gradients.append([parameter.grad for parameter in learner.vae.parameters() if parameter.grad is not None])
        terms.append(result)
        models.append(learner.vae.state_dict())
    largest = max(float(each.abs().max()) for each in gradients[0])
    for whole, parts in zip(*gradients, strict=True):
        torch.testing.assert_close(parts, whole, rtol=1e-3, atol=2e-5 * largest)
    for field in ("objective", "reconstruction", "kl", "kl_per_dim"):
        torch.testing.assert_close(getattr(terms[1], field), getattr(terms[0], field), rtol=1e-4, atol=1e-3)
    torch.testing.assert_close(terms[1].posterior.mean, terms[0].posterior.mean, rtol=1e-3, atol=1e-3)
    for remembered in (name for name in models[0] if name.startswith("likelihood.")):
        torch.testing.assert_close(models[1][remembered], models[0][remembered], rtol=1e-4, atol=1e-5)


def too_large(monkeypatch: pytest.MonkeyPatch, error: Exception, most: int, where: str) -> list[int]:
    """Memory runs out over more than so many images; returns what was tried."""
    real, tried = VAE.encode, list[int]()

    def encode(vae: VAE, x: torch.Tensor, given: Given = Given()) -> Encoded:  # noqa: B008
        tried.append(len(x))
        if len(x) > most and where == "forward":
            raise error
        encoded = real(vae, x, given)
        if len(x) > most and encoded.posterior.mean.requires_grad:
            encoded.posterior.base.mean.register_hook(fail)
        return encoded

    def fail(_: torch.Tensor) -> None:
        raise error

    monkeypatch.setattr(VAE, "encode", encode)
    return tried


def trained(image_set: ImageSet, config: RunConfig, run: Path) -> tuple[list[object], dict[str, torch.Tensor]]:
    reports: list[object] = list(train(image_set, config, run))
    assert all_damages_of(run) == ()
    return reports, load_file(run / "checkpoints" / (run / "latest").read_text().strip() / "model.safetensors")


@pytest.mark.parametrize("where", ["forward", "backward"])
@pytest.mark.parametrize("error", [CUDA, CPU, PYTHON], ids=["cuda", "cpu", "python"])
@pytest.mark.long
def test_training_outlives_a_batch_that_is_too_large(
    image_set: ImageSet,
    config: RunConfig,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    where: str,
) -> None:
    monkeypatch.setattr("core.training.meter.SOONEST", 0.0)
    config = changed(config, {"likelihood": "gaussian-optimal"}, {"batch_size": 18, "free_bits": 0.02})
    whole, expected = trained(image_set, config, tmp_path / "whole")
    too_large(monkeypatch, error, 5, where)
    reports, weights = trained(image_set, config, tmp_path / "parts")
    told = [report for report in reports if isinstance(report, LearnsInParts)]
    assert [report.sentence for report in told] == [
        "A batch of 18 needs more memory than there is: learned in parts of 5, as one batch."
    ]
    steps, others = ([each for each in of if isinstance(each, StepDone)] for of in (whole, reports))
    assert [each.step for each in steps] == [each.step for each in others] == [1, 2, 3, 4]
    for one, other in zip(steps, others, strict=True):
        assert other.mean.objective == pytest.approx(one.mean.objective, rel=1e-4)
    for name, value in expected.items():
        torch.testing.assert_close(weights[name], value, rtol=1e-3, atol=1e-4)


def test_a_run_in_parts_goes_on_in_parts_to_the_same_bit(
    image_set: ImageSet, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.training.meter.SOONEST", 0.0)
    config = changed(config, {}, {"batch_size": 18})
    tried = too_large(monkeypatch, CUDA, 5, "backward")
    _, expected = trained(image_set, config, tmp_path / "at once")
    for report in (reports := train(image_set, config, tmp_path / "cut")):
        if isinstance(report, StepDone) and report.step == 2:
            break
    reports.close()
    manifest = tmp_path / "cut/checkpoints" / (tmp_path / "cut/latest").read_text().strip() / "manifest.json"
    assert json.loads(manifest.read_text())["at_once"] == 5
    tried.clear()
    again, weights = trained(image_set, config, tmp_path / "cut")
    assert [type(report) for report in again].count(LearnsInParts) == 1
    assert max(tried[:4]) == 5  # as before, and not tried whole again
    assert all(torch.equal(weights[name], value) for name, value in expected.items())


def test_when_not_even_one_image_fits_what_was_saved_stays(
    image_set: ImageSet, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.training.meter.SOONEST", 0.0)
    reports = train(image_set, config, tmp_path / "run")
    while not (isinstance(report := next(reports), StepDone) and report.step == 5):
        pass
    too_large(monkeypatch, CPU, 0, "backward")
    with pytest.raises(RuntimeError, match="can't allocate memory"):
        list(reports)
    assert all_damages_of(tmp_path / "run") == ()
    assert open_run(tmp_path / "run").latent_space.step == 5


def test_a_first_step_that_fails_in_the_optimiser_is_made_again(
    image_set: ImageSet, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failed = torch.optim.AdamW._init_group, list[bool]()

    def fail_once(self: torch.optim.AdamW, *arguments: object) -> bool:
        found = bool(real(self, *arguments))
        if not failed:
            failed.append(True)
            next(iter(self.state.values())).pop("exp_avg_sq")
            raise CPU
        return found

    monkeypatch.setattr(torch.optim.AdamW, "_init_group", fail_once)
    reports, weights = trained(image_set, config, tmp_path / "run")
    assert [report.at_once for report in reports if isinstance(report, LearnsInParts)] == [3]
    assert all(value.isfinite().all() for value in weights.values())


def test_what_is_encoded_in_parts_is_the_same(
    image_set: ImageSet, config: RunConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    for model, loss in (({}, Loss(free_bits=0.02)), ({"conditional": "completion"}, Loss(samples=2, capacity=3.0))):
        vae = Learner(resolve(changed(config, model, {}), image_set.shape, 18), image_set.shape).vae
        whole = encode_part(vae, image_set.pixels, np.arange(20), None, loss)
        with monkeypatch.context() as patch:
            tried = too_large(patch, CPU, 6, "forward")
            parts = encode_part(vae, image_set.pixels, np.arange(20), None, loss)
        assert tried[:2] == [20, 10]
        for name in ("codes", "kl_per_dim", "objective", "reconstruction", "kl"):
            np.testing.assert_allclose(getattr(parts, name), getattr(whole, name), rtol=1e-4, atol=1e-4)


@pytest.fixture
def run(image_set: ImageSet, config: RunConfig, tmp_path: Path) -> Path:
    list(train(image_set, config, tmp_path / "run"))
    return tmp_path / "run"


@pytest.mark.long
def test_looking_at_a_run_outlives_passes_that_are_too_large(
    run: Path, image_set: ImageSet, config: RunConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = open_run(run).latent_space
    images = Chosen(image_set.pixels, np.arange(20), np.zeros(20, np.int64))

    def evaluated() -> Evaluated:
        *_, found = evaluate(space.vae, images, config, 64)
        assert isinstance(found, Evaluated)
        return found

    def seen() -> tuple[object, ...]:
        return space.decode(space.codes), *space.encode(image_set.pixels)

    before, figures = seen(), evaluated()
    real: Callable[..., torch.Tensor] = VAE._decode

    def decode(vae: VAE, z: torch.Tensor, *more: object) -> torch.Tensor:
        if z.shape[:-1].numel() > 40 or (z.dim() == 2 and len(z) > 9):
            raise CPU
        return real(vae, z, *more)

    monkeypatch.setattr(VAE, "_decode", decode)
    again = evaluated()
    assert again.kl_per_dim == pytest.approx(figures.kl_per_dim)
    for name in ("objective", "log_px", "log_px_se", "effective_samples", "naive_log_px", "naive_log_px_se"):
        assert getattr(again, name) == pytest.approx(getattr(figures, name), rel=1e-5), name
    too_large(monkeypatch, CPU, 7, "forward")
    for one, other in zip(before, seen(), strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-4, atol=1e-4)


def test_who_has_no_memory_at_all_is_told_so_in_a_sentence(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def decode(space: LatentSpace, *more: object) -> None:
        raise CPU

    monkeypatch.setattr(LatentSpace, "_decode", decode)
    assert main(["decode", str(run), "--z", "0", "0", "0", "--out", f"{run}.png"]) == 1
    assert capsys.readouterr().err == f"{OUT_OF_MEMORY}\n"
