"""Flows against autograd: the volume they say they stretch, and that nothing is folded over."""

import math

import pytest
import torch
from torch import Tensor, nn

from core.config import ModelConfig
from core.model.flows import AutoregressiveStep, Flow, PlanarStep, build_flow, context_size
from core.model.posteriors import DiagonalGaussian, Posterior

CONTEXT = 8


def normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def stirred(module: nn.Module, size: float, seed: int = 7) -> nn.Module:
    """The module with weights as they could be after learning, in float64."""
    generator = torch.Generator().manual_seed(seed)
    for parameter in module.double().parameters():
        parameter.data = size * torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
    return module


def steps(latent_dims: int) -> list[nn.Module]:
    return [
        PlanarStep(latent_dims, CONTEXT),
        AutoregressiveStep(latent_dims, CONTEXT, 16, reverse=False),
        AutoregressiveStep(latent_dims, CONTEXT, 16, reverse=True),
    ]


def flow(name: str, latent_dims: int, size: float = 0.4) -> Flow:
    built = build_flow(ModelConfig(posterior=name, latent_dims=latent_dims, flows=3, width=4))
    assert built is not None
    stirred(built, size)
    return built


def jacobian(module: nn.Module, z: Tensor, told: Tensor) -> Tensor:
    whole = torch.autograd.functional.jacobian(lambda z: module(z, told)[0], z)
    assert isinstance(whole, Tensor)
    return whole[0, :, 0, :]


@pytest.mark.parametrize("latent_dims", [1, 2, 5])
@pytest.mark.parametrize("kind", [0, 1, 2], ids=["planar", "iaf", "iaf reversed"])
@pytest.mark.parametrize("size", [0.1, 1.0, 3.0])
def test_a_step_stretches_space_as_much_as_it_says(kind: int, latent_dims: int, size: float) -> None:
    step = stirred(steps(latent_dims)[kind], size)
    for seed in range(5):
        z, told = normal(1, latent_dims, seed=seed), normal(1, CONTEXT, seed=seed + 100)
        sign, theirs = torch.linalg.slogdet(jacobian(step, z, told))
        assert sign == 1.0, "space is folded: the step is not invertible"
        torch.testing.assert_close(step(z, told)[1][0], theirs, rtol=1e-5, atol=1e-10)


@pytest.mark.parametrize("name", ["planar", "iaf"])
def test_a_whole_flow_stretches_space_as_much_as_it_says(name: str) -> None:
    whole, context = flow(name, 4), normal(1, 32)
    for seed in range(5):
        z = normal(1, 4, seed=seed)
        _, theirs = torch.linalg.slogdet(jacobian(whole, z, context))
        torch.testing.assert_close(whole(z, context)[1][0], theirs, rtol=1e-5, atol=1e-10)


@pytest.mark.parametrize("name", ["planar", "iaf"])
def test_what_a_flow_bends_a_gaussian_into_is_still_a_density(name: str) -> None:
    """In one dimension: exp(log q) over where the noise ends up has an area of 1."""
    base = DiagonalGaussian(torch.full((1, 1), 0.3, dtype=torch.float64), torch.full((1, 1), -0.5, dtype=torch.float64))
    posterior = Posterior(base, flow(name, 1, 1.0), normal(1, 32))
    noise = torch.linspace(-9, 9, 200_001, dtype=torch.float64).reshape(-1, 1, 1)
    z, log_q = posterior.sample(noise)
    assert (z.flatten().diff() > 0).all()
    assert torch.trapezoid(log_q.exp().flatten(), z.flatten()).item() == pytest.approx(1.0, rel=1e-5)


def test_planar_steps_cannot_fold_space_however_wild_the_encoder() -> None:
    """Their condition, wᵀû > −1, for what float32 holds: each line along w is passed once, in the same order."""
    step = PlanarStep(3, CONTEXT)
    for seed in range(20):
        stirred(step, 4.0, seed).float()
        along = torch.linspace(-20, 20, 4001)[:, None]
        told = normal(1, CONTEXT, seed=seed).float()
        w = step.parameters_of(told)[0, 3:6].detach()
        direction = w / w.norm()
        z, log_det = step(along * direction, told)
        assert torch.isfinite(log_det).all()
        assert ((z @ direction).diff() > -1e-4).all()


def test_an_autoregressive_step_can_be_undone_one_dimension_after_the_other() -> None:
    for reverse in (False, True):
        step = stirred(AutoregressiveStep(5, CONTEXT, 16, reverse), 0.5)
        z, told = normal(1, 5), normal(1, CONTEXT)
        bent, found = step(z, told)[0], torch.zeros(1, 5, dtype=torch.float64)
        for dim in reversed(range(5)) if reverse else range(5):
            # what a dimension becomes is a + b·z of itself and of nothing that is found later
            at_zero, at_one = found.clone(), found.clone()
            at_zero[0, dim], at_one[0, dim] = 0.0, 1.0
            shift, stretched = step(at_zero, told)[0][0, dim], step(at_one, told)[0][0, dim]
            found[0, dim] = (bent[0, dim] - shift) / (stretched - shift)
        torch.testing.assert_close(found, z, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("latent_dims", [1, 2, 3, 40, 1024])
@pytest.mark.parametrize("reverse", [False, True])
def test_every_dimension_may_listen_to_all_before_it_and_none_after(latent_dims: int, reverse: bool) -> None:
    """Paths through the masks: a triangle, whole below the diagonal; and each is told of the image."""
    units = max(CONTEXT, 2 * latent_dims)
    step = AutoregressiveStep(latent_dims, CONTEXT, units, reverse)
    paths = (step.out[:latent_dims] @ step.into) > 0
    wanted = torch.ones(latent_dims, latent_dims, dtype=torch.bool).tril(-1)
    assert torch.equal(paths, wanted.T if reverse else wanted)
    assert torch.equal(step.out[:latent_dims], step.out[latent_dims:])
    assert (step.out.sum(1) > 0).all()


@pytest.mark.parametrize("name", ["planar", "iaf"])
@pytest.mark.parametrize("latent_dims", [1, 2, 1024])
def test_a_new_flow_leaves_the_gaussian_as_it_is(name: str, latent_dims: int) -> None:
    config = ModelConfig(posterior=name, latent_dims=latent_dims, width=4)
    z, context = normal(2, 3, latent_dims).float(), normal(3, context_size(config)).float()
    new = build_flow(config)
    assert new is not None
    bent, log_det = new(z, context)
    assert bent.shape == z.shape
    assert log_det.shape == (2, 3)
    torch.testing.assert_close(bent, z, rtol=0, atol=1e-5)
    torch.testing.assert_close(log_det, torch.zeros(2, 3), rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ["planar", "iaf"])
def test_a_new_flow_can_learn(name: str) -> None:
    """Identity is no dead end: after one step of descent the flow is another."""
    new = build_flow(ModelConfig(posterior=name, latent_dims=2, width=4))
    assert new is not None
    z, context = normal(64, 2).float(), normal(64, 32).float()
    bent, log_det = new(z, context)
    ((bent - 1.0).square().sum(-1) - log_det).mean().backward()
    assert any(parameter.grad is not None and parameter.grad.abs().max() > 1e-3 for parameter in new.parameters())


def test_a_wild_encoder_does_not_break_the_numbers() -> None:
    for name in ("planar", "iaf"):
        wild = flow(name, 6, 2.0).float()
        z, log_det = wild(30 * normal(16, 6).float(), 30 * normal(16, 32).float())
        (z.sum() + log_det.sum()).backward()
        assert torch.isfinite(z).all()
        assert torch.isfinite(log_det).all()
        assert all(torch.isfinite(p.grad).all() for p in wild.parameters() if p.grad is not None)


def test_a_planar_step_that_flattens_all_it_may_is_still_a_number() -> None:
    step = PlanarStep(2, CONTEXT)
    step.parameters_of.weight.data.zero_()
    step.parameters_of.bias.data = torch.tensor([-1e6, 0.0, 1.0, 0.0, 0.0])  # u against w
    _, log_det = step(torch.zeros(1, 2), torch.zeros(1, CONTEXT))
    assert math.log(1e-4) < log_det.item() < 0.0
