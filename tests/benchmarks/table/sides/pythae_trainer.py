"""Trains a workload's network by pythae's own trainer (0.1.2), in a process that has pythae on its path.

Usage: python -m … FOLDER; prints seconds and objective, and leaves last.safetensors there, named as ours.
"""

import json
import logging
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from pythae.data.datasets import BaseDataset
from pythae.models import VAE, VAEConfig
from pythae.models.base.base_utils import ModelOutput
from pythae.models.nn import BaseDecoder, BaseEncoder
from pythae.trainers import BaseTrainer, BaseTrainerConfig
from pythae.trainers.base_trainer import base_trainer
from safetensors.torch import save_file

from core.config import resolve
from core.training.learner import RISING_STEPS, WEIGHT_DECAY, Learner
from tests.benchmarks.table.sides.workload import Workload


class Encoder(BaseEncoder):
    def __init__(self, network: torch.nn.Module) -> None:
        BaseEncoder.__init__(self)
        self.network = network

    def forward(self, x: torch.Tensor) -> ModelOutput:
        mean, log_variance = self.network(x).chunk(2, dim=1)
        return ModelOutput(embedding=mean, log_covariance=log_variance)


class Decoder(BaseDecoder):
    def __init__(self, network: torch.nn.Module, is_grey: bool) -> None:
        BaseDecoder.__init__(self)
        self.network, self.is_grey = network, is_grey

    def forward(self, z: torch.Tensor) -> ModelOutput:
        output = self.network(z)
        return ModelOutput(reconstruction=output.sigmoid() if self.is_grey else output + 0.5)


class Trainer(BaseTrainer):
    """pythae's trainer; only the learning rate of each step is ours: its own schedules move once an epoch."""

    def _optimizers_step(self, model_output: ModelOutput | None = None) -> None:
        self.done = getattr(self, "done", 0) + 1
        steps = len(self.train_loader) * self.training_config.num_epochs
        rate = self.training_config.learning_rate * min(1.0, self.done / RISING_STEPS)
        for group in self.optimizer.param_groups:
            group["lr"] = rate * 0.5 * (1.0 + math.cos(math.pi * (self.done - 1) / steps))
        super()._optimizers_step(model_output)


def pixels(images: NDArray[np.uint8]) -> torch.Tensor:
    """(N, H, W, C) → (N, C, H, W) in [0, 1], as its loader wants them."""
    return torch.from_numpy(np.ascontiguousarray(np.moveaxis(images, 3, 1))).float().div_(255.0)


def main(folder: Path) -> None:
    base_trainer.logger.setLevel(logging.WARNING)
    workload = Workload.read(folder)
    workload.use_network()
    learned = pixels(workload.learned)
    count, channels, side, _ = learned.shape
    config = resolve(workload.config, (side, side, channels), count)
    ours = Learner(config, (side, side, channels)).vae.to(memory_format=torch.contiguous_format)  # by the seed
    told = VAEConfig(
        input_dim=(channels, side, side),
        latent_dim=ours.latent_dims,
        reconstruction_loss="bce" if channels == 1 else "mse",
    )
    model = VAE(told, Encoder(ours.encoder), Decoder(ours.decoder, channels == 1))
    training = BaseTrainerConfig(
        output_dir=str(folder / "pythae"),
        num_epochs=config.training.epochs,
        per_device_train_batch_size=config.training.batch_size,
        learning_rate=config.training.learning_rate,
        optimizer_cls="AdamW",
        optimizer_params={"weight_decay": WEIGHT_DECAY},
        no_cuda=True,
    )
    trainer = Trainer(model, BaseDataset(learned, torch.zeros(count)), training_config=training)
    began = time.perf_counter()
    trainer.train()
    seconds = time.perf_counter() - began
    save_file(ours.state_dict(), folder / "last.safetensors")
    torch.manual_seed(1)
    model.eval()
    with torch.no_grad():
        losses = [model({"data": part}).loss.item() for part in pixels(workload.held_out).split(1000)]
    print(json.dumps({"seconds": seconds, "objective": float(np.mean(losses))}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
