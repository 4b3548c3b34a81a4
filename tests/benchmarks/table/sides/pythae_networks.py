"""Trains pythae's own convolutional networks for MNIST, by its trainer, for as long as asked.

Usage: python -m … FOLDER DIMS SECONDS,SECONDS: prints the held-out objective after each, of one run. Its loader, batch
and trainer are pythae's; Adam at 1e-3, since its usual 1e-4 is far behind at these times.
"""

import json
import logging
import sys
import time
from pathlib import Path

import numpy as np
import torch
from pythae.data.datasets import BaseDataset
from pythae.models import VAE, VAEConfig
from pythae.models.nn.benchmarks.mnist import Decoder_Conv_AE_MNIST, Encoder_Conv_VAE_MNIST
from pythae.trainers import BaseTrainer, BaseTrainerConfig
from pythae.trainers.base_trainer import base_trainer

from tests.benchmarks.table.sides.pythae_trainer import pixels
from tests.benchmarks.table.sides.workload import Workload


class TimeIsUpError(Exception):
    """As long as asked."""


class Trainer(BaseTrainer):
    """Says how good the model is each time that a time is over; the saying is not part of it."""

    def watch(self, times: list[float], held_out: torch.Tensor) -> None:
        self.times, self.held_out, self.found = times, held_out, list[float]()
        self.began = time.perf_counter()

    def _optimizers_step(self, model_output: object | None = None) -> None:
        super()._optimizers_step(model_output)
        now = time.perf_counter()
        if now - self.began >= self.times[len(self.found)]:
            self.found.append(objective(self.model, self.held_out))
            self.began += time.perf_counter() - now
            if len(self.found) == len(self.times):
                raise TimeIsUpError


def objective(model: VAE, held_out: torch.Tensor) -> float:
    model.eval()
    with torch.no_grad():
        losses = [model({"data": part}).loss.item() for part in held_out.split(500)]
    model.train()
    return float(np.mean(losses))


def main(folder: Path, dims: int, times: list[float]) -> None:
    base_trainer.logger.setLevel(logging.WARNING)
    workload = Workload.read(folder)
    learned = pixels(workload.learned)
    config = VAEConfig(input_dim=(1, 28, 28), latent_dim=dims, reconstruction_loss="bce")
    model = VAE(config, Encoder_Conv_VAE_MNIST(config), Decoder_Conv_AE_MNIST(config))
    training = BaseTrainerConfig(
        output_dir=str(folder / "pythae"),
        num_epochs=10_000,
        per_device_train_batch_size=128,
        learning_rate=1e-3,
        no_cuda=True,
    )
    trainer = Trainer(model, BaseDataset(learned, torch.zeros(len(learned))), training_config=training)
    trainer.watch(times, pixels(workload.held_out))
    try:
        trainer.train()
    except TimeIsUpError:
        print(json.dumps({"objectives": trainer.found}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), [float(each) for each in sys.argv[3].split(",")])
