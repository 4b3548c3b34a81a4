"""Models that nobody trained for this program, made with PyTorch alone and exported: what a stranger would bring."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Foreign:
    """The files, and the networks that they were exported from."""

    decoder: Path
    network: nn.Module
    encoder: Path | None = None
    encoding: nn.Module | None = None


def sure(network: nn.Module, seed: int = 0, gain: float = 3.0) -> nn.Module:
    """Weights wide enough that pictures differ, in evaluation mode."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for each in network.parameters():
            fan = max(1, each[0].numel()) if each.dim() > 1 else 16
            each.copy_(torch.randn(each.shape, generator=generator) * gain / fan**0.5)
    return network.eval()


class ConvDecoder(nn.Module):
    """z (N, 4, 8, 8) → (N, 3, 32, 32) in 0..1."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.ConvTranspose2d(4, 8, 4, 2, 1), nn.SiLU(), nn.Upsample(scale_factor=2), nn.Conv2d(8, 3, 3, 1, 1)
        )

    def forward(self, z: Tensor) -> Tensor:
        return torch.sigmoid(self.layers(z))


class ConvEncoder(nn.Module):
    """(N, 3, 32, 32) in 0..1 → mean and log-variance, each (N, 4, 8, 8)."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(3, 8, 4, 4), nn.ReLU(), nn.Conv2d(8, 8, 3, 1, 1))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_variance = self.layers(x).chunk(2, dim=1)
        return mean, log_variance - 4.0


class FlatDecoder(nn.Module):
    """z (N, 6) → (N, 256) in −1..1: 16 × 16, grey."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Linear(32, 256), nn.Tanh())

    def forward(self, z: Tensor) -> Tensor:
        return self.layers(z)


class FlatEncoder(nn.Module):
    """(N, 256) in −1..1 → (N, 12): mean and log-variance side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(256, 32), nn.ReLU(), nn.Linear(32, 12))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


class Generator(nn.Module):
    """As of a DCGAN: z (N, 16, 1, 1) → (N, 3, 16, 16) in −1..1."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.ConvTranspose2d(16, 8, 4, 1, 0), nn.BatchNorm2d(8), nn.ReLU(),
            nn.ConvTranspose2d(8, 8, 4, 2, 1), nn.BatchNorm2d(8), nn.ReLU(),
            nn.ConvTranspose2d(8, 3, 4, 2, 1), nn.Tanh(),
        )  # fmt: skip

    def forward(self, z: Tensor) -> Tensor:
        return self.layers(z)


class ClassDecoder(nn.Module):
    """z (N, 3) and the class (N,) of two → (N, 16, 16, 3) in 0..1, channels last."""

    def __init__(self) -> None:
        super().__init__()
        self.table, self.layers = nn.Embedding(2, 4), nn.Linear(7, 16 * 16 * 3)

    def forward(self, z: Tensor, y: Tensor) -> Tensor:
        return torch.sigmoid(self.layers(torch.cat((z, self.table(y)), dim=1))).view(-1, 16, 16, 3)


class ClassEncoder(nn.Module):
    """(N, 16, 16, 3) in 0..1 and the class one-hot (N, 2) → the code alone, (N, 3)."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Linear(16 * 16 * 3 + 2, 3)

    def forward(self, x: Tensor, label: Tensor) -> Tensor:
        return self.layers(torch.cat((x.flatten(1), label), dim=1)) / 10


class PythaeDecoder(nn.Module):
    """As pythae's: a module whose output is a dictionary, here (N, 1, 16, 16) in 0..1."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 256), nn.Sigmoid())

    def forward(self, z: Tensor) -> dict[str, Tensor]:
        return {"reconstruction": self.layers(z).reshape(-1, 1, 16, 16)}


class PythaeEncoder(nn.Module):
    """As pythae's: embedding and log_covariance, each (N, 2)."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(256, 32), nn.ReLU())
        self.embedding, self.log_var = nn.Linear(32, 2), nn.Linear(32, 2)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        found = self.layers(x)
        return {"log_covariance": self.log_var(found) - 3.0, "embedding": self.embedding(found)}


def export(path: Path, network: nn.Module, inputs: Sequence[Tensor], names: Sequence[str] = (), **more: Any) -> Path:
    """By the exporter of before, a hundred times as fast as the newer one."""
    ins = [f"in{number}" for number in range(len(inputs))] if not more.get("input_names") else more.pop("input_names")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            tuple(inputs),
            path,
            input_names=ins,
            output_names=list(names) or None,
            dynamic_axes={name: {0: "batch"} for name in (*ins, *names)},
            dynamo=False,
            **more,
        )
    return path


def export_anew(path: Path, network: nn.Module, inputs: Sequence[Tensor]) -> Path:
    """By the exporter of now, which takes seconds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        axes = tuple({0: "batch"} for _ in inputs)
        torch.onnx.export(
            network, tuple(inputs), path, dynamic_shapes=axes, dynamo=True, external_data=False, verbose=False
        )
    return path


def conv_vae(folder: Path) -> Foreign:
    """Latents (N, 4, 8, 8)."""
    decoder, encoder = sure(ConvDecoder()), sure(ConvEncoder(), 1, 1.0)
    return Foreign(
        export(folder / "conv.onnx", decoder, [torch.zeros(2, 4, 8, 8)]),
        decoder,
        export(folder / "conv encoder.onnx", encoder, [torch.zeros(2, 3, 32, 32)]),
        encoder,
    )


def flat_vae(folder: Path) -> Foreign:
    """Rows in −1..1, of one batch size alone."""
    decoder, encoder = sure(FlatDecoder()), sure(FlatEncoder(), 1, 1.0)
    paths = folder / "flat.onnx", folder / "flat encoder.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(decoder, (torch.zeros(3, 6),), paths[0], dynamo=False)
        torch.onnx.export(encoder, (torch.zeros(3, 256),), paths[1], dynamo=False)
    return Foreign(paths[0], decoder, paths[1], encoder)


def gan(folder: Path) -> Foreign:
    """A generator without an encoder."""
    decoder = sure(Generator(), gain=1.0)
    return Foreign(export(folder / "generator.onnx", decoder, [torch.zeros(2, 16, 1, 1)]), decoder)


def class_pair(folder: Path) -> Foreign:
    """Told a class: the decoder as an index, the encoder one-hot."""
    decoder, encoder = sure(ClassDecoder()), sure(ClassEncoder(), 1)
    zeros, label = torch.zeros(2, 3), torch.zeros(2, dtype=torch.int64)
    pictures = [torch.zeros(2, 16, 16, 3), torch.zeros(2, 2)]
    return Foreign(
        export(folder / "class.onnx", decoder, [zeros, label]),
        decoder,
        export(folder / "class encoder.onnx", encoder, pictures, input_names=["picture", "label"]),
        encoder,
    )


def pythae_vae(folder: Path) -> Foreign:
    """Outputs by name, the code after its variance."""
    decoder, encoder = sure(PythaeDecoder()), sure(PythaeEncoder(), 1)
    names = ["log_covariance", "embedding"]
    return Foreign(
        export(folder / "pythae.onnx", decoder, [torch.zeros(2, 2)], ["reconstruction"]),
        decoder,
        export(folder / "pythae encoder.onnx", encoder, [torch.zeros(2, 1, 16, 16)], names),
        encoder,
    )


MAKERS = {"conv": conv_vae, "flat": flat_vae, "gan": gan, "class": class_pair, "pythae": pythae_vae}
