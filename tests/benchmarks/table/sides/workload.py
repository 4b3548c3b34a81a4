"""What is trained: images, configuration and first weights in a folder, from which every side reads the same."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.config import RunConfig
from core.model import vae
from tests.benchmarks.table.sides import plain_network

SOURCE = "benchmark"


@dataclass(frozen=True)
class Workload:
    """A folder with `learned.npy` and `held_out.npy` (uint8 N, H, W, C), and the configuration to train."""

    folder: Path
    config: RunConfig
    network: str  # as the configuration says, or that of the example

    @classmethod
    def read(cls, folder: Path) -> "Workload":
        """What `write` wrote."""
        config = RunConfig.model_validate_json((folder / "config.json").read_text())
        return cls(folder, config, (folder / "network").read_text())

    def write(self, learned: NDArray[np.uint8], held_out: NDArray[np.uint8]) -> None:
        """All that a side needs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        np.save(self.folder / "learned.npy", learned)
        np.save(self.folder / "held_out.npy", held_out)
        (self.folder / "config.json").write_text(self.config.model_dump_json())
        (self.folder / "network").write_text(self.network)

    @property
    def learned(self) -> NDArray[np.uint8]:
        """(N, H, W, C)."""
        return np.load(self.folder / "learned.npy", mmap_mode="r")

    @property
    def held_out(self) -> NDArray[np.uint8]:
        """(N, H, W, C)."""
        return np.load(self.folder / "held_out.npy", mmap_mode="r")

    def use_network(self) -> None:
        """From now on a VAE has this workload's network."""
        if self.network == plain_network.NAME:
            vae.build_encoder, vae.build_decoder = plain_network.build_encoder, plain_network.build_decoder
