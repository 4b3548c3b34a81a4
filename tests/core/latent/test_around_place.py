"""What stands beside a picture: that it is about this place, and does not slow training down."""

import gc
import weakref

import numpy as np
import pytest
import torch

from core.config import ModelConfig
from core.evaluation.typicality import MOST, Typicality, measure_typicality, objectives
from core.latent import around_place
from core.latent.around_place import Surveyor, round_trips, typical_round_trip
from core.latent.latent_space import LatentSpace, freeze
from core.latent.placement import ellipses_on, place
from core.latent.plane import Plane, first_two_dims
from core.model.tensor_model import to_tensor
from core.model.vae import VAE

SHAPE = (8, 8, 1)


def space_of(seed: int = 0, images: int = 80, dims: int = 3, likelihood: str = "bernoulli") -> LatentSpace:
    torch.manual_seed(seed)
    vae = VAE(ModelConfig(network="mlp", width=4, latent_dims=dims, likelihood=likelihood), SHAPE)
    codes = np.random.default_rng(seed).standard_normal((images, dims)).astype(np.float32)
    is_held_out = np.arange(images) % 4 == 0
    return freeze(vae, codes, np.ones(dims, np.float32), first_two_dims(dims), seed, held_out=is_held_out)


def images_of(count: int = 80) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (count, *SHAPE), np.uint8)


def test_a_round_trip_is_decode_then_encode() -> None:
    space = space_of()
    z = space.codes[:5]
    codes, _ = space.encode(space.decode(z))
    assert np.allclose(round_trips(space, z), np.linalg.norm(codes - z, axis=1), atol=1e-6)
    held_out = space.codes[space.held_out]
    assert typical_round_trip(space) == pytest.approx(float(np.median(round_trips(space, held_out))))


def test_dead_dimensions_do_not_lengthen_a_round_trip() -> None:
    space = space_of()
    space.codes[:, 2] *= 0.001
    z = space.codes[:1].copy()
    codes, _ = space.encode(space.decode(z))
    assert round_trips(space, z)[0] == pytest.approx(float(np.linalg.norm((codes - z)[0, :2])), abs=1e-6)


def test_the_surroundings_are_those_of_the_place() -> None:
    space = space_of()
    found = Surveyor().survey(space, space.codes[7])
    assert found.nearest[0] == 7
    assert found.distances[0] == 0.0
    assert found.standing is not None
    assert found.standing.verdict in ("among", "few")
    assert not found.is_old
    far = Surveyor().survey(space, np.full(3, 9.0, np.float32))
    assert far.standing is not None
    assert far.standing.verdict == "far"


def test_without_codes_there_is_no_verdict() -> None:
    space = space_of()
    space.codes[:] = np.nan
    found = Surveyor().survey(space, np.zeros(3, np.float32))
    assert found.standing is None
    assert len(found.nearest) == 0
    assert np.isnan(found.typical)


def test_a_model_that_learns_is_not_judged_anew_at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    def clock() -> float:
        now[0] += 0.01  # fitting takes 10 ms
        return now[0]

    monkeypatch.setattr(around_place, "perf_counter", clock)
    surveyor, z = Surveyor(), np.zeros(3, np.float32)
    olds = [surveyor.survey(space_of(seed), z).is_old for seed in range(60)]
    assert not olds[0]
    assert 2 <= olds.count(False) <= 8, "a twentieth of the time, about"
    last = space_of(99)
    surveyor.survey(last, z)
    now[0] += 10.0
    assert not surveyor.survey(last, z).is_old


def test_another_plane_or_the_same_place_costs_no_fit() -> None:
    space, surveyor = space_of(), Surveyor()
    surveyor.survey(space, space.codes[0])
    turned = space.with_plane(Plane(np.zeros(3, np.float32), np.eye(3, dtype=np.float32)[[2, 1]], ("c", "b")))
    assert turned.support is space.support
    assert not surveyor.survey(turned, space.codes[0]).is_old


def test_an_objective_is_reconstruction_and_kl_in_nats() -> None:
    space, pixels = space_of(), images_of(6)
    posterior = space.vae.posterior(to_tensor(pixels))
    kl = torch.distributions.kl_divergence(
        torch.distributions.Normal(posterior.code, torch.exp(0.5 * posterior.log_variance)),
        torch.distributions.Normal(0.0, 1.0),
    ).sum(1)
    found = torch.from_numpy(objectives(space, pixels)) - kl.detach()  # what is left is −log p(x|z)
    logits = torch.logit(space.vae.mean_image(posterior.code).detach().clamp(1e-6, 1 - 1e-6))
    at_code = torch.nn.functional.binary_cross_entropy_with_logits(logits, to_tensor(pixels), reduction="none")
    assert torch.allclose(found, at_code.sum((1, 2, 3)), rtol=0.1)


def test_the_same_image_is_as_typical_alone_as_among_others() -> None:
    space, pixels = space_of(), images_of(60)
    alone = np.concatenate([objectives(space, pixels[[index]]) for index in range(5)])
    assert np.allclose(alone, objectives(space, pixels)[:5], rtol=1e-4)


def test_as_typical_is_as_near_the_median() -> None:
    typicality = Typicality(np.arange(101, dtype=np.float32), np.zeros(101, np.float32))
    assert typicality.median == 50.0
    assert typicality.share(50.0) == pytest.approx(100 / 101)
    assert typicality.share(40.0) == typicality.share(60.0) == pytest.approx(80 / 101)
    assert typicality.share(-1.0) == typicality.share(1e6) == 0.0, "far too easy is as strange as far too hard"


def test_typicality_is_measured_on_held_out_images() -> None:
    space, pixels = space_of(), images_of()
    held_out = space.held_out
    assert held_out is not None
    found = measure_typicality(space, pixels, held_out)
    assert np.allclose(found.objectives, np.sort(objectives(space, pixels[held_out])), rtol=1e-4)
    off = [place(space, "", image).mean_error for image in pixels[held_out]]
    assert np.allclose(found.errors, off, atol=1e-6), "as a placed image's own"
    for few in (0, 19):
        assert len(measure_typicality(space, pixels, np.arange(80) < few).objectives) == 80
    many = np.broadcast_to(pixels[:1], (2 * MOST, *SHAPE))
    assert len(measure_typicality(space, many, np.ones(2 * MOST, np.bool_)).objectives) == MOST


def test_a_blank_image_is_strange_though_it_is_easy() -> None:
    """Likelihood alone would call it the best of all (Nalisnick et al. 2019)."""
    space = space_of(likelihood="gaussian-learned")
    pixels = images_of()
    typicality = measure_typicality(space, pixels, np.ones(80, np.bool_))
    with torch.inference_mode():
        mean = space.vae.mean_image(torch.zeros(1, 3))
    easy = (mean.clamp(0, 1) * 255).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()
    nats = float(objectives(space, easy)[0])
    assert nats < typicality.objectives[0]
    assert typicality.share(nats) < 0.05


@pytest.mark.parametrize(
    ("nats", "error", "place", "verdict"),
    [
        (50.0, 0.5, "among", "among"),
        (3.0, 0.95, "among", "among"),
        (1.5, 0.5, "among", "few"),  # 48.5 from the median: four in a hundred are farther
        (50.0, 0.97, "among", "few"),
        (-20.0, 0.5, "among", "far"),
        (120.0, 0.5, "among", "far"),
        (50.0, 1.5, "among", "far"),
        (50.0, 0.5, "between", "between"),
        (50.0, 0.97, "between", "between"),
        (50.0, 1.5, "between", "far"),
        (50.0, 0.5, None, "among"),
    ],
)
def test_an_image_stands_as_badly_as_the_worst_of_what_is_known(nats, error, place, verdict) -> None:
    found = Typicality(np.arange(101, dtype=np.float32), np.arange(101, dtype=np.float32) / 100)
    standing = found.standing(nats, error, place)
    assert standing.verdict == verdict
    assert standing.off == abs(nats - 50.0)


def test_of_hardly_any_images_nothing_is_said() -> None:
    few = np.arange(19, dtype=np.float32)
    assert Typicality(few, few).standing(9.0, 9.0, "among") is None


def test_posteriors_are_as_wide_as_those_of_the_decoded_pictures() -> None:
    space = space_of()
    codes = space.codes[:10]
    _, log_variances = space.encode(space.decode(codes))
    assert np.allclose(space.scatter(codes), np.exp(log_variances).mean(axis=0), rtol=1e-5)
    assert space.scatter(codes[:0]).tolist() == [0.0, 0.0, 0.0]
    alone = freeze(space.vae, space.codes, space.kl_per_dim, first_two_dims(3), 0, draws=False)
    assert alone.scatter(codes).tolist() == [0.0, 0.0, 0.0], "a plain autoencoder decodes the codes themselves"


def test_posteriors_that_a_flow_bends_are_as_wide_as_their_draws() -> None:
    torch.manual_seed(0)
    config = ModelConfig(network="mlp", width=4, latent_dims=3, likelihood="bernoulli", posterior="planar", flows=4)
    vae = VAE(config, SHAPE)
    with torch.no_grad():
        for parameter in vae.parameters():
            parameter.add_(0.15 * torch.randn_like(parameter))
    codes = np.random.default_rng(0).standard_normal((40, 3)).astype(np.float32)
    space = freeze(vae, codes, np.ones(3, np.float32), first_two_dims(3), 0)
    with torch.inference_mode():
        posterior = space.vae.posterior(to_tensor(space.decode(codes)))
        draws = posterior.sample(torch.randn(4_000, 40, 3))[0]
    expected = (draws - posterior.code).square().mean((0, 1)).numpy()
    assert np.allclose(space.scatter(codes), expected, rtol=0.2)
    assert not np.allclose(expected, posterior.log_variance.exp().mean(0).numpy(), rtol=0.2)


def test_a_placed_image_keeps_where_it_is_wrong() -> None:
    space, pixels = space_of(), images_of(1)[0]
    placed = place(space, "a", pixels)
    assert placed.error.shape == SHAPE[:2]
    expected = np.abs(pixels.astype(float) - placed.reconstruction)[..., 0] / 255
    assert np.allclose(placed.error, expected, atol=1e-6)
    assert placed.mean_error == pytest.approx(expected.mean(), abs=1e-6)


def test_an_ellipse_is_the_shadow_of_the_posterior_on_the_plane() -> None:
    random = np.random.default_rng(0)
    axes = np.linalg.qr(random.standard_normal((5, 2)))[0].T.astype(np.float32)
    plane = Plane(random.standard_normal(5).astype(np.float32), axes, ("u", "v"))
    codes, log_variances = (random.standard_normal((3, 5)).astype(np.float32) for _ in range(2))
    draws = codes[1] + np.exp(0.5 * log_variances[1]) * random.standard_normal((200_000, 5))
    middle, covariance = ellipses_on(plane, codes, log_variances)[1]
    points = plane.to_points(draws.astype(np.float32)).astype(float)
    assert np.allclose(middle, points.mean(axis=0), atol=0.02)
    assert np.allclose(covariance, np.cov(points, rowvar=False), atol=0.03)


def test_a_space_that_nobody_looks_at_any_more_is_gone_at_once() -> None:
    """While a model learns there is a new one every second or so: what only the collector frees adds up to hundreds."""
    moved = space_of()
    Surveyor().survey(moved, moved.codes[0])
    moved.with_plane(moved.own_plane.flat).mixture.sample(2, 0)
    gone = weakref.ref(moved)
    gc.disable()
    try:
        del moved
        assert gone() is None
    finally:
        gc.enable()
