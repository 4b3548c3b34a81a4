"""`sweep`: the same training for several values of one flag, each a run of its own."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro
from tyro.conf import Positional, arg

from core.commands.output_files import naming_force
from core.commands.parsing import ReadAnew, parse
from core.commands.progress import Show, duration, say, shown_progress
from core.commands.signals import Stopped, follow
from core.commands.swept_values import configurations, flag_of
from core.commands.training import usual_flags
from core.commands.usage import UsageError
from core.config import PRESETS, ImagesConfig, ModelConfig, PresetName, RunConfig, TrainingConfig, command_words
from core.errors import ImagesError, RunError, TrainingError
from core.places import runs_folder
from core.shell_line import shell_line

if TYPE_CHECKING:
    from core.evaluation.sweep import Row

PLOT = "sweep.png"


@dataclass(frozen=True)
class SweepFlags:
    """Train the same model for several values of one flag, and compare them by table and plot."""

    data: Positional[str]
    """A folder of images (sub-folders are classes), or the name of an image set."""
    over: Annotated[tuple[str, str], arg(metavar="FLAG VALUES")]
    """A flag of the model or of training, and its values with commas between them: latent-dims 1,2,4,8."""
    out: Annotated[Path | None, arg(metavar="FOLDER", help_behavior_hint="(default: a new one)")] = None
    """Folder for a run of each value, sweep.csv, sweep.png and sweep.svg; or to go on with the same sweep."""
    at_once: int = 1
    """How many values are trained at the same time; they share the cores."""
    preset: PresetName = PRESETS[0]
    """What all other flags start from."""
    json: bool = False
    """Print the result as one JSON object."""
    download: bool = False
    """Fetch DATA first when it is a named set that is not on this machine."""
    read_anew: ReadAnew = False
    force: bool = False
    """Use the folder at --out even if it holds other files."""
    images: ImagesConfig = field(default_factory=ImagesConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)


def sweep(words: Sequence[str]) -> None:
    """One run a value; what is done is kept, what is begun goes on. Raises TrainingError after all when some failed."""
    flags = _parsed(words)
    flag = flag_of(flags.over[0])
    from core.commands.sources import source_of

    base = RunConfig(source=source_of(flags.data), images=flags.images, model=flags.model, training=flags.training)
    values = configurations(flag, flags.over[1], base)
    out = _new_folder(base.source, flag) if flags.out is None else Path(os.path.abspath(flags.out))
    if not flags.force:
        with naming_force():
            _check_folder(out, flag)
    runs = {value: out / f"{flag}-{value}" for value in values}
    left = _left(values, runs, out)
    jobs = {f"{flag} {value}": _words(config, flags.preset, runs[value]) for value, config in left.items()}
    try:
        problems = _train_all(flags, base.source, f"Sweeping {flag}", jobs) if jobs else {}
    except Stopped:
        say(f"Stopped; the runs that had begun are saved. Go on with: {_same_command(words, flags, out)}")
        raise
    _report(flags, flag, runs, problems, out)


def _parsed(words: Sequence[str]) -> SweepFlags:
    usual = usual_flags(words)
    start = SweepFlags(tyro.MISSING, tyro.MISSING, images=usual.images, model=usual.model, training=usual.training)
    flags = parse(SweepFlags, "sweep", words, start)
    if flags.at_once < 1:
        raise UsageError(f"--at-once {flags.at_once}: it must be at least 1.")
    return flags


def _new_folder(source: str, flag: str) -> Path:
    name = f"{Path(source).name or 'images'}-over-{flag}"
    return next(out for n in count(1) if not (out := runs_folder() / f"{name}-{n}").exists())


def _check_folder(out: Path, flag: str) -> None:
    """Raise OccupiedError for a folder that holds more than a sweep leaves; each run then looks to its own."""
    from core.export.destination import OccupiedError, check_folder
    from core.export.ownership import is_own

    if not os.path.isdir(out):
        return
    for each in out.iterdir():
        is_run = each.is_dir() and each.name.startswith(f"{flag}-")
        if not (is_run or is_own(each) or each.name.startswith(".")):
            raise OccupiedError(f"{out} holds other files, such as {each.name}: choose a new or an empty folder.")
    check_folder(out)


def _left(values: dict[str, RunConfig], runs: dict[str, Path], out: Path) -> dict[str, RunConfig]:
    """The values that are not done yet."""
    from core.evaluation.sweep import state_of

    if os.path.lexists(out) and not os.path.isdir(out):
        raise RunError(f"{out} is a file: choose a folder for the sweep.")
    left = {value: config for value, config in values.items() if state_of(runs[value], config) != "done"}
    if len(left) < len(values):
        say(f"{len(values) - len(left)} of {len(values)} runs in {out} are done already and are kept.")
    return left


def _words(config: RunConfig, name: PresetName, run: Path) -> list[str]:
    """The command that trains one value, without the program's name."""
    from core.commands.sources import as_word

    named = config.model_copy(update={"source": as_word(config.source)})
    return command_words(named, name, str(run))[1:]


def _train_all(flags: SweepFlags, source: str, doing: str, jobs: dict[str, list[str]]) -> dict[str, str]:
    """Train what is left; returns the sentence of each that failed, by its name."""
    from core.commands.children import Ended, Job, run_all

    problems: dict[str, str] = {}
    with shown_progress() as show:
        _decode_once(flags, source, show)

        def keep(report: object) -> None:
            show(report)
            if isinstance(report, Ended):
                say(f"{report.job.name}: {report.problem or f'done in {duration(report.seconds)}'}")
                problems.update({} if report.problem is None else {report.job.name: report.problem})

        follow(run_all(doing, [Job(*job) for job in jobs.items()], flags.at_once), keep)
    return problems


def _decode_once(flags: SweepFlags, source: str, show: Show) -> None:
    """Fill the cache that every run reads from, and find out now when there is too little to learn from."""
    from core.commands.sources import read_images
    from core.images.image_set import too_few

    image_set = read_images(source, flags.images, show, flags.download, flags.read_anew)
    if (sentence := too_few(image_set)) is not None:
        raise ImagesError(sentence)


def _report(flags: SweepFlags, flag: str, runs: dict[str, Path], problems: dict[str, str], out: Path) -> None:
    from core.evaluation.sweep import TABLE, described, read_row, write_table
    from core.export.sweep_plot import plot_sweep

    rows = [read_row(value, run, problems.get(f"{flag} {value}")) for value, run in runs.items()]
    out.mkdir(parents=True, exist_ok=True)
    write_table(out / TABLE, flag, rows)
    plots = plot_sweep(out / PLOT, flag, rows, f"{flags.data}: {flag.replace('-', ' ')}")
    print(_as_json(flag, rows, out, plots) if flags.json else "\n".join([*described(flag, rows), f"In {out}"]))
    if failed := [f"{flag} {row.value}: {row.problem}" for row in rows if row.problem is not None]:
        raise TrainingError(f"{len(failed)} of {len(rows)} values failed. " + " ".join(failed))


def _as_json(flag: str, rows: Sequence["Row"], out: Path, plots: Sequence[Path]) -> str:
    values = [{**asdict(row), "run": str(row.run)} for row in rows]
    return json.dumps({"over": flag, "out": str(out), "values": values, "plots": [str(path) for path in plots]})


def _same_command(words: Sequence[str], flags: SweepFlags, out: Path) -> str:
    return shell_line(["latentscape", "sweep", *words, *([] if flags.out else ["--out", str(out)])])
