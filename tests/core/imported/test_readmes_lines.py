"""The lines of README that export a model of one's own, as they stand there."""

import re
import warnings
from pathlib import Path

import pytest
from torch import Tensor, nn

from core.imported.examination import examine
from core.returned import returned

README = Path(__file__).parents[3] / "README.md"


class Encoder(nn.Module):
    """Mean and log-variance, each (N, 16)."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(3, 4, 8, stride=8), nn.ReLU(), nn.Flatten(), nn.Linear(256, 32))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_variance = self.layers(x).chunk(2, dim=1)
        return mean, log_variance - 3.0


class OwnVAE:
    """Somebody's VAE."""

    def __init__(self) -> None:
        self.encoder = Encoder()
        self.decoder = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 3 * 64 * 64), nn.Sigmoid())
        self.decoder.append(nn.Unflatten(1, (3, 64, 64)))


def test_readmes_lines_export_a_model_that_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (lines,) = re.findall(r"```python\n(import torch\n.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch's own: the newer exporter takes a hundred times as long
        exec(lines, {"vae": OwnVAE()})
    found = returned(examine(tmp_path / "decoder.onnx", tmp_path / "encoder.onnx"))
    settings = found.settings
    assert (settings.decoder.shape, settings.picture, settings.range) == ([16], [64, 64, 3], "0..1")
    assert settings.encoder.spread_as == "log-variance"
    assert found.settings.decoder.batch == 0  # any number at once
