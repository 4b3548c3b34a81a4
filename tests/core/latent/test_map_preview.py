"""What is seen of a run before PyTorch is loaded is what is there once it is."""

from pathlib import Path

import numpy as np
import pytest

from core.config import RunConfig
from core.images.image_set import ImageSet
from core.latent.map_preview import see_map
from core.latent.open_run import open_run
from core.places import bundled_run
from core.training.train import train


@pytest.mark.parametrize("network", ["linear", "mlp", "conv"])
@pytest.mark.parametrize("conditional", ["none", "class", "completion"])
def test_a_run_is_seen_as_it_opens(
    image_set: ImageSet, config: RunConfig, network: str, conditional: str, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    model = config.model.model_copy(update={"network": network, "conditional": conditional})
    list(train(image_set, config.model_copy(update={"model": model}), run))
    _is_seen_as_it_opens(run)


def test_the_bundled_run_is_seen_as_it_opens() -> None:
    _is_seen_as_it_opens(bundled_run())


def test_nothing_is_seen_of_damaged_weights(image_set: ImageSet, config: RunConfig, tmp_path: Path) -> None:
    run = tmp_path / "run"
    list(train(image_set, config, run))
    (weights,) = run.glob("checkpoints/*/model.safetensors")
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert see_map(run) is None


def _is_seen_as_it_opens(run: Path) -> None:
    seen, opened = see_map(run), open_run(run).latent_space
    assert seen is not None
    assert seen.space is not None
    assert seen.space.step == opened.step
    assert seen.space.plane.names == opened.plane.names
    points = np.random.default_rng(0).standard_normal((20, 2)).astype(np.float32)
    z = seen.space.plane.to_latent(points)
    np.testing.assert_allclose(z, opened.plane.to_latent(points), atol=1e-4)
    np.testing.assert_array_equal(seen.space.codes, opened.codes)
    differ = np.abs(seen.space.decode(z).astype(int) - opened.decode(z))
    assert differ.max() <= 1
