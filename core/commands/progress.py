"""Progress on stderr: a bar in a terminal, else a plain line now and then."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from core.config import TrainingConfig
from core.reports.progress import Progress
from core.reports.training import HeldOutDone, SavingWaits, StepDone, TrainingStarted

LINE_SECONDS = 10.0
REFRESHES = 4  # a second
TRAINING = "Training"
PRINTED = re.compile(  # what str(Line) makes
    r"(?P<doing>\S+(?: \S+)*)(?:  (?P<share>\d+)%)?  (?P<details>\S+(?: \S+)*)"
    r"(?:  (?:(?P<days>\d+) days?, )?(?P<hours>\d+):(?P<minutes>\d\d):(?P<seconds>\d\d) left)?"
)
Show = Callable[[object], None]


@dataclass(frozen=True)
class Line:
    """What to say of a job now; `share` is None while nobody knows how long it takes."""

    doing: str
    share: float | None
    details: str
    seconds_left: float | None

    @property
    def time_left(self) -> str:
        """Hours, minutes and seconds."""
        return "" if self.seconds_left is None else f"{duration(self.seconds_left)} left"

    def __str__(self) -> str:
        share = "" if self.share is None else f"{self.share:.0%}"
        return "  ".join(filter(None, (self.doing, share, self.details, self.time_left)))

    @classmethod
    def read(cls, text: str) -> "Line | None":
        """The line that was printed as this text by another process; None for other text."""
        if (found := PRINTED.fullmatch(text)) is None:
            return None
        days, *clock = (int(number or 0) for number in found.group("days", "hours", "minutes", "seconds"))
        left = timedelta(days, hours=clock[0], minutes=clock[1], seconds=clock[2]).total_seconds()
        share, is_timed = found["share"], found["hours"] is not None
        return cls(found["doing"], int(share) / 100 if share else None, found["details"], left if is_timed else None)


class Narrator:
    """Puts reports into lines; remembers what the reports of a training leave out."""

    def __init__(self) -> None:
        self._started: TrainingStarted | None = None
        self._held_out = ""

    def line(self, report: object) -> Line | None:
        """The line a report makes; None for one that says nothing about progress."""
        match report:
            case Line():
                return report
            case Progress():
                return _counted(report)
            case TrainingStarted():
                self._started = report
                return Line(TRAINING, None, _model(report), None)
            case HeldOutDone():
                self._held_out = f" ({report.terms.objective:,.1f} held out)"
                return None
            case SavingWaits():
                return Line("Training waits", None, report.sentence, None)
            case StepDone() if self._started is not None:
                return self._step(report, self._started)
        return None

    def _step(self, report: StepDone, started: TrainingStarted) -> Line:
        training = started.config.training
        details = (
            f"epoch {report.epoch:.1f} of {training.epochs}, step {report.step:,}, "
            f"objective {report.mean.objective:,.1f}{self._held_out}, {report.images_per_second:,.0f} images/s"
        )
        return Line(TRAINING, _share(report, started.steps_total, training), details, report.seconds_left)


@contextmanager
def shown_progress() -> Iterator[Show]:
    """A function that shows reports on stderr for as long as the context lasts."""
    if sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield _plain_lines()


def say(sentence: str) -> None:
    """One sentence on stderr."""
    print(sentence, file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    """As 0:01:05."""
    return str(timedelta(seconds=round(seconds)))


def _plain_lines() -> Show:
    narrator, doing, said = Narrator(), "", -LINE_SECONDS

    def show(report: object) -> None:
        nonlocal doing, said
        line, now = narrator.line(report), time.monotonic()
        if line is not None and (line.doing != doing or now - said >= LINE_SECONDS):
            doing, said = line.doing, now
            say(str(line))

    return show


@contextmanager
def _bar() -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, TaskID, TextColumn
    from rich.progress import Progress as Bar

    columns = ("{task.description}", "{task.fields[details]}", "{task.fields[left]}")
    doing, details, left = (TextColumn(column, markup=False) for column in columns)
    narrator, console = Narrator(), Console(stderr=True)
    with Bar(doing, BarColumn(20), details, left, console=console, refresh_per_second=REFRESHES, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(report: object) -> None:
            if (line := narrator.line(report)) is None:
                return
            if line.doing not in tasks:  # one job after the other: a bar cannot go back to knowing no end
                for earlier in tasks.values():
                    bar.update(earlier, visible=False)
                tasks[line.doing] = bar.add_task(line.doing, total=None, details="", left="")
            share, total = (0.0, None) if line.share is None else (line.share, 1.0)
            bar.update(tasks[line.doing], total=total, completed=share, details=line.details, left=line.time_left)

        yield show


def _counted(report: Progress) -> Line:
    share = report.done / report.total if report.total else None
    return Line(report.doing, share, report.counted, report.seconds_left)


def _model(report: TrainingStarted) -> str:
    trial = f" ({report.trial})" if report.trial else ""
    return (
        f"{report.images:,} images, {report.held_out:,} held out, {report.parameters:,} parameters, "
        f"on {report.now or f'{report.device} in {report.precision}'}{trial}"
    )


def _share(report: StepDone, steps_total: int, training: TrainingConfig) -> float:
    by_time = 0.0 if training.minutes is None else report.seconds / (60.0 * training.minutes)
    return min(1.0, max(report.step / steps_total, by_time))
