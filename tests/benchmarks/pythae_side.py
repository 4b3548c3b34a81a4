"""Trains the same VAE by pythae's own trainer, in a process that has pythae on its path; prints seconds and objectives.

Usage: python pythae_side.py FOLDER EPOCHS BATCH RATE, where FOLDER holds learned.npy, held_out.npy (uint8 N, H, W) and
model.json; leaves model.safetensors there, named as ours.
"""

import json
import logging
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from pythae.data.datasets import BaseDataset
from pythae.models import VAE, VAEConfig
from pythae.models.base.base_utils import ModelOutput
from pythae.models.nn import BaseDecoder, BaseEncoder
from pythae.trainers import BaseTrainer, BaseTrainerConfig
from pythae.trainers.base_trainer import base_trainer
from safetensors.torch import load_file, save_file

from core.config import ModelConfig
from core.model import vae
from core.training.learner import RISING_STEPS


class Encoder(BaseEncoder):
    def __init__(self, network: torch.nn.Module) -> None:
        BaseEncoder.__init__(self)
        self.network = network

    def forward(self, x: torch.Tensor) -> ModelOutput:
        mean, log_variance = self.network(x).chunk(2, dim=1)
        return ModelOutput(embedding=mean, log_covariance=log_variance)


class Decoder(BaseDecoder):
    def __init__(self, network: torch.nn.Module) -> None:
        BaseDecoder.__init__(self)
        self.network = network

    def forward(self, z: torch.Tensor) -> ModelOutput:
        return ModelOutput(reconstruction=self.network(z).sigmoid())


class Trainer(BaseTrainer):
    """pythae's trainer; only the learning rate of each step is ours: its own schedules move once an epoch."""

    def _optimizers_step(self, model_output: ModelOutput | None = None) -> None:
        self.done = getattr(self, "done", 0) + 1
        steps = len(self.train_loader) * self.training_config.num_epochs
        rate = self.training_config.learning_rate * min(1.0, self.done / RISING_STEPS)
        for group in self.optimizer.param_groups:
            group["lr"] = rate * 0.5 * (1.0 + math.cos(math.pi * (self.done - 1) / steps))
        super()._optimizers_step(model_output)


def pixels(path: Path) -> torch.Tensor:
    return torch.from_numpy(np.load(path)).float().div_(255.0)[:, None]


def main(folder: Path, epochs: int, batch_size: int, rate: float) -> None:
    base_trainer.logger.setLevel(logging.WARNING)
    ours = vae.VAE(ModelConfig.model_validate_json((folder / "model.json").read_text()), (28, 28, 1))
    ours.load_state_dict(load_file(folder / "first.safetensors"))
    config = VAEConfig(input_dim=(1, 28, 28), latent_dim=ours.latent_dims, reconstruction_loss="bce")
    model = VAE(config, Encoder(ours.encoder), Decoder(ours.decoder))
    learned, held_out = pixels(folder / "learned.npy"), pixels(folder / "held_out.npy")
    training = BaseTrainerConfig(
        output_dir=str(folder / "pythae"),
        num_epochs=epochs,
        per_device_train_batch_size=batch_size,
        learning_rate=rate,
        optimizer_cls="AdamW",
        optimizer_params={"weight_decay": 1e-4},
        no_cuda=True,
    )
    trainer = Trainer(model, BaseDataset(learned, torch.zeros(len(learned))), training_config=training)
    start = time.perf_counter()
    trainer.train()
    seconds = time.perf_counter() - start
    save_file(ours.state_dict(), folder / "last.safetensors")
    torch.manual_seed(1)
    model.eval()
    with torch.no_grad():
        losses = [model({"data": part}).loss.item() for part in held_out.split(1000)]
    print(json.dumps({"seconds": seconds, "objective": float(np.mean(losses))}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
