"""Every format that was ever released opens, decodes and goes on; `formats` holds a run of each, frozen."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from core.atomic_write import FORMAT
from core.commands import main
from core.latent.open_run import open_run
from core.training.damage import all_damages_of

FROZEN = Path(__file__).with_name("formats")


@pytest.mark.parametrize("number", range(1, FORMAT + 1))
def test_a_run_of_every_format_opens_and_goes_on(number: int, tmp_path: Path) -> None:
    run = shutil.copytree(FROZEN / str(number), tmp_path / "run")
    assert json.loads((run / "config.json").read_text())["format"] == number
    opened = open_run(run)
    assert (opened.latent_space.step, len(opened.names), opened.damages) == (9, 16, ())
    assert opened.classes == ("dark", "light")
    model = load_file(run / "checkpoints" / "step_000000009" / "model.safetensors")
    z = np.array([[0.5, -1.2]], np.float32)
    mean = 1.0 / (1.0 + np.exp(-(z @ model["decoder.0.weight"].T + model["decoder.0.bias"])))  # a linear decoder
    decoded = opened.latent_space.decode(z).reshape(1, -1)
    np.testing.assert_allclose(decoded, 255.0 * mean, atol=0.51)
    assert main(["resume", str(run), "--data", str(FROZEN / "pictures"), "--epochs", "5"]) == 0
    assert open_run(run).latent_space.step == 15
    assert json.loads((run / "config.json").read_text())["format"] == number
    assert all_damages_of(run) == ()
