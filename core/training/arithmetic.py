"""On how many threads and in which precision a run learns: as asked, as it began, or what was fastest when tried."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import torch

from core.config import RunConfig, TrainingConfig
from core.training.device import choose_precision

Precision = Literal["float32", "bf16"]
PRECISIONS: tuple[Precision, ...] = ("float32", "bf16")


class Arithmetic(NamedTuple):
    """All that decides how sums are rounded on one machine, and how fast."""

    threads: int
    precision: Precision

    @property
    def dtype(self) -> torch.dtype:
        """That of the products."""
        return torch.bfloat16 if self.precision == "bf16" else torch.float32

    def applied_to(self, config: RunConfig) -> RunConfig:
        """The same run, to be learned with this and nothing else."""
        training = config.training.model_copy(update={"threads": self.threads, "precision": self.precision})
        return config.model_copy(update={"training": training})


class Chosen(NamedTuple):
    """What a run learns with, and its speed where it was the fastest of some ways `tried`."""

    arithmetic: Arithmetic
    most_threads: int  # that there were to choose from
    tried: int = 0
    images_per_second: float = 0.0

    @property
    def trial(self) -> str:
        """What came of a trial, in words; empty where there was none."""
        return f"fastest of {self.tried} ways tried: {self.images_per_second:,.0f} images/s" if self.tried else ""

    def as_json(self) -> dict[str, Any]:
        """For `read`."""
        return {**self._asdict(), "arithmetic": list(self.arithmetic)}

    @classmethod
    def read(cls, content: object) -> "Chosen | None":
        """What `as_json` made; None for anything else."""
        match content:
            case {
                "arithmetic": [int(threads), "float32" | "bf16" as precision],
                "most_threads": int(most),
                "tried": int(tried),
                "images_per_second": float(speed),
            } if threads > 0 and most > 0:
                return cls(Arithmetic(threads, precision), most, tried, speed)
        return None


def usual(config: TrainingConfig, device: torch.device, most_threads: int) -> Arithmetic:
    """As asked; else every thread there is, and the precision that this hardware is usually faster with."""
    precision: Precision = "bf16" if choose_precision(config, device) == torch.bfloat16 else "float32"
    return Arithmetic(most_threads if config.threads == "auto" else config.threads, precision)


def possible(config: TrainingConfig, device: torch.device, most_threads: int) -> list[Arithmetic]:
    """All that may be faster than another, the most frugal first; one where nothing is left to choose."""
    wished = usual(config, device, most_threads)
    if device.type != "cpu":
        return [wished]
    doubled = {2**power for power in range(most_threads.bit_length()) if 2**power < most_threads}
    threads = sorted({*doubled, most_threads}) if config.threads == "auto" else [wished.threads]
    has_choice = config.precision == "auto" and wished.precision == "bf16"  # elsewhere bf16 is slow without a trial
    precisions = PRECISIONS if has_choice else (wished.precision,)
    return [Arithmetic(count, precision) for count in threads for precision in precisions]


def kept(facts: Mapping[str, Any], config: TrainingConfig, device: torch.device, most_threads: int) -> Chosen | None:
    """What a run learned with before, where that is still what was asked for and the machine has as many threads."""
    chosen = Chosen.read(facts.get("arithmetic"))
    if chosen is None or chosen.most_threads != most_threads:
        return None
    return chosen if chosen.arithmetic in possible(config, device, most_threads) else None
