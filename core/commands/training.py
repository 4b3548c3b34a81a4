"""`train` and `resume`."""

import json
import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import tyro
from tyro.conf import Positional

from core.commands.parsing import parse
from core.commands.progress import duration, shown_progress
from core.commands.sources import read_images, source_of
from core.commands.stopping import Stopped, follow
from core.config import GROUPS, PRESETS, ImagesConfig, ModelConfig, PresetName, RunConfig, TrainingConfig, preset
from core.errors import ConfigError, RunError
from core.places import runs_folder
from core.reports import TrainingDone, TrainingStarted

FREE = ("epochs", "minutes", "device", "precision")  # what may change between the sessions of a run


@dataclass(frozen=True)
class TrainFlags:
    """Teach a model the images of DATA: a folder, or a name that `latentscape datasets` lists."""

    data: Positional[str]
    """A folder of images (sub-folders are classes), or the name of an image set."""
    run: Path | None = None
    """Folder to keep the run in; a new one among the program's own when left out."""
    preset: PresetName = PRESETS[0]
    """What all other flags start from."""
    json: bool = False
    """Print the result as one JSON object."""
    images: ImagesConfig = ImagesConfig()
    model: ModelConfig = ModelConfig()
    training: TrainingConfig = TrainingConfig()


@dataclass(frozen=True)
class ResumeFlags:
    """Go on with a run from its last checkpoint."""

    run: Positional[Path]
    """The run's folder."""
    epochs: int | None = None
    """Times each image is seen, those before included; lifts an earlier limit of minutes."""
    minutes: float | None = None
    """Stop after this long, the time before included, if the epochs are not done before."""
    device: Literal["auto", "cpu", "cuda", "mps"] | None = None
    """Train on another device than before."""
    json: bool = False
    """Print the result as one JSON object."""


def train(words: Sequence[str]) -> None:
    """One run, from its images to its end."""
    flags = parse(TrainFlags, "train", words, _usual(words))
    source = source_of(flags.data)
    config = RunConfig(source=source, images=flags.images, model=flags.model, training=flags.training)
    run = _new_run_folder(source) if flags.run is None else flags.run
    _check_run_folder(run, config)
    _train(config, run, flags.json)


def resume(words: Sequence[str]) -> None:
    """The rest of a run, or more than was asked at first."""
    from core.training.run_folder import read_config

    flags = parse(ResumeFlags, "resume", words)
    config, _ = read_config(flags.run)
    training = config.training.model_dump()
    if flags.epochs is not None:
        training |= {"epochs": flags.epochs, "minutes": None}
    if flags.minutes is not None:
        training["minutes"] = flags.minutes
    if flags.device is not None:
        training["device"] = flags.device
    _train(config.model_copy(update={"training": checked(TrainingConfig, training)}), flags.run, flags.json)


def _train(config: RunConfig, run: Path, as_json: bool) -> None:
    try:
        with shown_progress() as show:
            image_set = read_images(config.source, config.images, show)
            from core.training.train import train as training  # imports torch, which images do without

            reports: list[object] = []

            def keep(report: object) -> None:
                show(report)
                if isinstance(report, TrainingStarted | TrainingDone):
                    reports.append(report)

            follow(training(image_set, config, run), keep)
    except Stopped:
        _say(_what_is_saved(run))
        raise
    started, done = reports
    assert isinstance(started, TrainingStarted)
    assert isinstance(done, TrainingDone)
    if started.step == done.steps:
        _say(f"{run} was at its end: nothing was learned. `latentscape resume {_quoted(run)} --epochs N` trains it longer.")
    if as_json:
        print(json.dumps(_result(started, done, len(image_set.skipped))))
    else:
        print(_summary(done))
