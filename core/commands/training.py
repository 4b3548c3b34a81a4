"""`train` and `resume`."""

import json
import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from typing import Annotated, Literal

import tyro
from tyro.conf import Positional, arg

from core.commands.parsing import ReadAnew, check, parse
from core.commands.progress import duration, say, shown_progress
from core.commands.signals import Stopped, follow
from core.commands.usage import UsageError
from core.config import GROUPS, PRESETS, ImagesConfig, ModelConfig, PresetName, RunConfig, TrainingConfig, preset
from core.errors import RunError
from core.places import runs_folder
from core.reports.moments import USUAL_BUDGET
from core.reports.training import LearnsInParts, TrainingDone, TrainingStarted
from core.shell_line import shell_line
from core.torchrun import launched

FREE = ("epochs", "minutes", "device", "precision", "threads")  # what may change between the sessions of a run
MOVED = arg(metavar="FOLDER", help_behavior_hint="(default: where it was)")
MEGABYTE = 10**6
USUAL_MOMENTS = USUAL_BUDGET // MEGABYTE
AS_BEFORE = arg(help_behavior_hint="(default: as before)")


@dataclass(frozen=True)
class TrainFlags:
    """Teach a model the images of DATA: a folder, or a name that `latentscape datasets` lists.

    By several processes, one a GPU: `torchrun --standalone --nproc-per-node 4 -m -- core train DATA --run RUN`; on
    several machines with torchrun's --nnodes and --rdzv-endpoint. --batch-size is then that of all processes together,
    process 0 alone writes RUN, and DATA must hold the same images on each machine. `resume` and `evaluate` go the same
    way.
    """

    data: Positional[str]
    """A folder of images (sub-folders are classes), or the name of an image set."""
    run: Annotated[Path | None, arg(metavar="RUN", help_behavior_hint="(default: a new one)")] = None
    """Folder to keep the run in, or to go on with the same run."""
    preset: PresetName = PRESETS[0]
    """What all other flags start from."""
    json: bool = False
    """Print the result as one JSON object."""
    download: bool = False
    """Fetch DATA first when it is a named set that is not on this machine."""
    read_anew: ReadAnew = False
    moments: int = USUAL_MOMENTS
    """Megabytes of moments to keep beside the run, to look back at how it learned; 0: none."""
    images: ImagesConfig = field(default_factory=ImagesConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)


@dataclass(frozen=True)
class ResumeFlags:
    """Go on with a run from its last checkpoint."""

    run: Positional[Path]
    """The run's folder."""
    epochs: Annotated[int | None, AS_BEFORE] = None
    """Times each image is seen, those before included; lifts an earlier limit of minutes."""
    minutes: Annotated[float | None, AS_BEFORE] = None
    """Stop after this long, the time before included, if the epochs are not done before."""
    device: Annotated[Literal["auto", "cpu", "cuda", "mps"] | None, AS_BEFORE] = None
    """Where to train."""
    data: Annotated[str | None, MOVED] = None
    """Where the folder of images is now, if it has moved; it must hold the same, and is remembered."""
    read_anew: ReadAnew = False
    moments: int = USUAL_MOMENTS
    """Megabytes of moments to keep beside the run, those before included; 0: no more than there are."""
    json: bool = False
    """Print the result as one JSON object."""


def train(words: Sequence[str]) -> None:
    """One run, from its images to its end."""
    flags = parse(TrainFlags, "train", words, usual_flags(words))
    if not launched().is_alone and flags.run is None:
        raise UsageError("Under torchrun --run RUN is needed: a restart goes on with the run in that folder.")
    if not launched().leads:
        _assist()
        return

    from core.commands.sources import source_of

    source = source_of(flags.data)
    config = RunConfig(source=source, images=flags.images, model=flags.model, training=flags.training)
    run = _new_run_folder(source) if flags.run is None else _absolute(flags.run)
    config = _as_begun(run, config)
    _train(config, run, flags.json, flags.moments, flags.download, flags.read_anew)


def resume(words: Sequence[str]) -> None:
    """The rest of a run, or more than was asked at first."""
    flags = parse(ResumeFlags, "resume", words)
    if not launched().leads:
        _assist()
        return
    from core.commands.sources import moved_images
    from core.training.run_folder import read_trained

    training = read_trained(flags.run).config.training.model_copy(update=_changes(flags))
    check(training)
    with shown_progress() as show:
        config = moved_images(flags.run, flags.data, show)
    config = config.model_copy(update={"training": training})
    _train(config, _absolute(flags.run), flags.json, flags.moments, is_anew=flags.read_anew)


def _train(
    config: RunConfig, run: Path, as_json: bool, moments: int, download: bool = False, is_anew: bool = False
) -> None:
    if moments < 0:
        raise UsageError(f"--moments {moments}: megabytes cannot be below 0.")
    from core.commands.sources import read_images, say_of_intake, say_of_table

    started: list[TrainingStarted] = []
    try:
        with shown_progress() as show, ExitStack() as others:
            processes = None
            if launched().is_alone:
                image_set = read_images(config.source, config.images, show, download, is_anew)
            else:
                from core.commands.torchrun_ranks import shared_images, together

                processes = others.enter_context(together())
                image_set = shared_images(processes, config, show, download, is_anew)
            say_of_intake(image_set)
            say_of_table(image_set)
            from core.training.learner import load_compiler
            from core.training.train import train as training  # imports torch, which images do without

            load_compiler()  # here a signal is heeded at once

            def show_and_keep(report: object) -> None:
                show(report)
                if isinstance(report, TrainingStarted):
                    started.append(report)
                    if report.said_of_change:
                        say(report.said_of_change)
                if isinstance(report, LearnsInParts):
                    say(report.sentence)

            done = follow(
                training(image_set, config, run, processes=processes, budget=moments * MEGABYTE), show_and_keep
            )
    except Stopped:
        say(_what_is_saved(run))
        raise
    assert isinstance(done, TrainingDone)
    if done.steps == started[0].step:
        say(f"{run} was at its end, nothing was left to learn: `{_resume_command(run)} --epochs N` trains it longer.")
    print(_as_json(started[0], done, len(image_set.skipped)) if as_json else _as_text(done))


def _assist() -> None:
    from core.commands.torchrun_ranks import assist_training

    assist_training()


def usual_flags(words: Sequence[str]) -> TrainFlags:
    """The flags when only a preset is given, so that `--help` shows what it stands for."""
    chosen = preset(_preset_in(words), "images")
    return TrainFlags(tyro.MISSING, images=chosen.images, model=chosen.model, training=chosen.training)


def _preset_in(words: Sequence[str]) -> PresetName:
    text = "=".join(words)
    return next((name for name in PRESETS if f"--preset={name}" in text), PRESETS[0])


def _new_run_folder(source: str) -> Path:
    name = Path(source).name or "images"
    return next(run for n in count(1) if not (run := runs_folder() / f"{name}-{n}").exists())


def _absolute(run: Path) -> Path:
    return Path(os.path.abspath(run))


def _as_begun(run: Path, config: RunConfig) -> RunConfig:
    """The configuration, with images as this run began to read them when it is in the folder already.

    Raises RunError when the folder is not for this run: it holds another run, or something else.
    """
    if not os.path.lexists(run):
        return config
    if not os.path.isdir(run):
        raise RunError(f"{run} is a file: choose a folder for the run.")
    if not os.path.exists(run / "config.json"):
        if any(not path.name.startswith(".") for path in run.iterdir()):
            raise RunError(f"{run} holds other files: choose a new or an empty folder for the run.")
        return config
    from core.training.checkpoints import has_checkpoint
    from core.training.run_folder import BEFORE, read_config

    kept = read_config(run).config  # or else it is another program's
    if not has_checkpoint(run):
        return config
    if others := _differences(config, kept):
        raise RunError(
            f"{run} holds another run ({', '.join(others)}): go on with that one by `{_resume_command(run)}`, "
            "with --data if its folder has moved, or choose another --run folder."
        )
    say(f"{run} holds this run already: going on with it.")
    as_kept = {
        group: getattr(config, group).model_copy(update={name: getattr(getattr(kept, group), name) for name in fields})
        for group, fields in BEFORE.items()
    }
    return config.model_copy(update=as_kept)


def _differences(asked: RunConfig, kept: RunConfig) -> list[str]:
    """What a kept run has that was not asked for; `auto` asks for nothing, nor does what had no choice before."""
    from core.training.run_folder import BEFORE

    usual = {name: getattr(kind(), name) for group, kind in GROUPS for name in BEFORE.get(group, ())}
    pairs = [("source", asked.source, kept.source)]
    for group, kind in GROUPS:
        one, other = getattr(asked, group), getattr(kept, group)
        pairs += [(name, getattr(one, name), getattr(other, name)) for name in kind.model_fields if name not in FREE]
    differing = ((name, here, there) for name, here, there in pairs if here not in ("auto", there))
    return [
        f"{name.replace('_', '-')} {there}"
        for name, here, there in differing
        if name not in usual or here != usual[name]
    ]


def _changes(flags: ResumeFlags) -> dict[str, object]:
    """What a resumed run does otherwise; asking for epochs lifts an earlier limit of minutes."""
    changes: dict[str, object] = {} if flags.epochs is None else {"epochs": flags.epochs, "minutes": None}
    if flags.minutes is not None:
        changes["minutes"] = flags.minutes
    if flags.device is not None:
        changes["device"] = flags.device
    return changes


def _what_is_saved(run: Path) -> str:
    step = _saved_step(run)
    if step is None:
        return "Stopped before anything was learned: nothing was saved."
    return f"Stopped at step {step:,} and saved in {run}. Go on with: {_resume_command(run)}"


def _saved_step(run: Path) -> int | None:
    if not os.path.isdir(run):
        return None
    from core.training.checkpoints import newest_manifest

    step: int | None = newest_manifest(run).get("step")
    return step


def _resume_command(run: Path) -> str:
    return f"latentscape resume {shell_line([str(run)])}"


def _as_json(started: TrainingStarted, done: TrainingDone, skipped: int) -> str:
    result = {
        "run": str(done.run),
        "steps": done.steps,
        "epochs": done.epochs,
        "seconds": done.seconds,
        "images_per_second": done.images_per_second,
        "held_out": None if done.held_out is None else asdict(done.held_out),
        "device": started.device,
        "precision": started.precision,
        "skipped": skipped,
    }
    return json.dumps(result)


def _as_text(done: TrainingDone) -> str:
    lines = [
        f"{done.run}: {done.steps:,} steps, {done.epochs:.1f} epochs in {duration(done.seconds)}, "
        f"{done.images_per_second:,.0f} images/s"
    ]
    if (terms := done.held_out) is not None:
        lines.append(
            f"Held-out images, nats per image: objective {terms.objective:,.2f}, "
            f"reconstruction {terms.reconstruction:,.2f}, KL {terms.kl:,.2f}"
        )
    return "\n".join([*lines, f"Look at it with: latentscape open {shell_line([str(done.run)])}"])
