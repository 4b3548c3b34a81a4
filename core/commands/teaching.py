"""`lesson`: a lesson in the terminal: the question, a guess, and what is true beside it, in numbers and a sentence."""

import json
import math
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional, arg

from core.commands.parsing import parse
from core.commands.progress import shown_progress
from core.commands.signals import follow
from core.commands.usage import UsageError
from core.lessons.contents import LESSONS
from core.lessons.lesson import Ask, Guess, Lesson, Number, Place

if TYPE_CHECKING:
    from core.reports.lessons import Revealed

GUESS = arg(metavar="GUESS [GUESS …]", help_behavior_hint="(default: you are asked)")
STEPS = arg(help_behavior_hint="(default: as many as the lesson needs)")


@dataclass(frozen=True)
class LessonFlags:
    """Guess, let it run, and see what is true: a lesson by its number. Without one they are listed.

    The window shows the same with its pictures (Help › Learn).
    """

    number: Positional[Annotated[int | None, arg(help_behavior_hint="(default: list them)")]] = None
    """Which lesson, 1 the first."""
    guess: Annotated[tuple[str, ...], GUESS] = ()
    """What you guess, a word for each thing that is asked: 12, 0.3,-1.1 for a place, the number of a choice."""
    steps: Annotated[int | None, STEPS] = None
    """How many steps each model is trained: fewer are quicker, and rougher."""
    json: bool = False
    """Print the answers, the sentence and the sources as one JSON object."""


def lesson(words: Sequence[str]) -> None:
    """Ask for a guess where none is given, run the lesson, and print what is true beside it."""
    flags = parse(LessonFlags, "lesson", words)
    if flags.number is None:
        print(_list(flags))
        return
    chosen = _chosen(flags)
    _check_steps(chosen, flags)
    guess = _read_all(chosen, flags.guess) if flags.guess else _asked_for(chosen, flags.number)
    found = _run(chosen, guess, flags.steps)
    print(_as_json(flags.number, chosen, found) if flags.json else "\n".join(_in_words(chosen, found)))


def _list(flags: LessonFlags) -> str:
    if flags.guess:
        raise UsageError(f"--guess {' '.join(flags.guess)}: say which lesson, 1 to {len(LESSONS)}.")
    titles = [each.title for each in LESSONS]
    if flags.json:
        return json.dumps({"lessons": titles}, ensure_ascii=False)
    return "\n".join(f"{number}  {title}" for number, title in enumerate(titles, 1))


def _chosen(flags: LessonFlags) -> Lesson:
    if flags.number is None or not 1 <= flags.number <= len(LESSONS):
        raise UsageError(
            f"There is no lesson {flags.number}: they are 1 to {len(LESSONS)}, as `latentscape lesson` lists."
        )
    return LESSONS[flags.number - 1]


def _check_steps(chosen: Lesson, flags: LessonFlags) -> None:
    if flags.steps is not None and flags.steps < 1:
        raise UsageError(f"--steps {flags.steps}: it must be at least 1.")
    if flags.steps is not None and not chosen.steps:
        raise UsageError(f"--steps {flags.steps}: nothing is trained in lesson {flags.number}.")


def _asked_for(chosen: Lesson, number: int) -> tuple[Guess, ...]:
    """Each guess read from the terminal; what cannot be one is asked for again."""
    print(f"Lesson {number}: {chosen.title}\n{chosen.words}", file=sys.stderr)
    return tuple(_ask(each) for each in chosen.asks)


def _ask(ask: Ask) -> Guess:
    while True:
        print(f"{ask.asked} {_how(ask)}: ", end="", file=sys.stderr, flush=True)
        if not (line := sys.stdin.readline()):
            raise UsageError("A guess is needed: type one, or give it by --guess.")
        try:
            return _read(ask, line.strip())
        except UsageError as error:
            print(error, file=sys.stderr)


def _read_all(chosen: Lesson, words: Sequence[str]) -> tuple[Guess, ...]:
    if len(words) != len(chosen.asks):
        asked = " ".join(f"{each.asked} {_how(each)}." for each in chosen.asks)
        raise UsageError(f"--guess {' '.join(words)}: {len(chosen.asks)} are asked for. {asked}")
    return tuple(_read(each, word) for each, word in zip(chosen.asks, words, strict=True))


def _how(ask: Ask) -> str:
    """How a guess is written."""
    if isinstance(ask, Place):
        return "(a place, as 0.3,-1.1)"
    if isinstance(ask, Number):
        return f"({ask.low:,g} to {ask.high:,g} {ask.unit}".rstrip() + ")"
    return "(" + ", ".join(f"{number}: {words}" for number, words in enumerate(ask.choices, 1)) + ")"


def _read(ask: Ask, word: str) -> Guess:
    """A guess from a word; raises UsageError with what it must be."""
    numbers = _numbers(word)
    if isinstance(ask, Place) and len(numbers) == 2:
        return numbers[0], numbers[1]
    if isinstance(ask, Number) and len(numbers) == 1 and ask.low <= numbers[0] <= ask.high:
        return numbers[0]
    if not isinstance(ask, Place | Number):
        if word in ask.choices:
            return ask.choices.index(word)
        if len(numbers) == 1 and numbers[0] in range(1, len(ask.choices) + 1):
            return int(numbers[0]) - 1
    raise UsageError(f"{word or 'Nothing'} is no guess here: {ask.asked} {_how(ask)}.")


def _numbers(word: str) -> list[float]:
    """The finite numbers of a word, with commas between them; none where it has anything else."""
    try:
        found = [float(part) for part in word.replace("−", "-").split(",")]
    except ValueError:
        return []
    return found if all(map(math.isfinite, found)) else []


def _run(chosen: Lesson, guess: tuple[Guess, ...], steps: int | None) -> "Revealed":
    from core.lessons.teaching import run
    from core.reports.lessons import Revealed

    revealed: list[Revealed] = []
    with shown_progress() as show:

        def take(report: object) -> None:
            show(report)
            if isinstance(report, Revealed):
                revealed.append(report)

        follow(run(chosen, guess, steps), take)
    return revealed[-1]


def _in_words(chosen: Lesson, found: "Revealed") -> list[str]:
    said = [f"{each.asked}\n  you: {each.guess}\n  true: {each.truth}" for each in found.answers]
    return [*said, found.sentence, f"({chosen.sources})"]


def _as_json(number: int, chosen: Lesson, found: "Revealed") -> str:
    content = {"lesson": number, "title": chosen.title, "answers": [asdict(each) for each in found.answers]}
    return json.dumps(content | {"sentence": found.sentence, "sources": chosen.sources}, ensure_ascii=False)
