"""A lesson looked at, and run: the module of its name is loaded now."""

from collections.abc import Iterator, Sequence
from importlib import import_module

from core.lessons.lesson import Found, Guess, Lesson
from core.reports.lessons import Answer, Revealed, Scene
from core.reports.progress import Progress

Report = Progress | Scene | Revealed


def look(lesson: Lesson) -> Scene:
    """What is seen before anything is guessed: one frame."""
    scene: Scene = import_module(f"core.lessons.{lesson.module}").look()
    return scene


def run(lesson: Lesson, guess: tuple[Guess, ...], steps: int | None = None) -> Iterator[Report]:
    """Scenes as it goes, and Revealed at the end; the same guess and steps give the same. Writes nothing anywhere.

    `steps` are those of each model that is trained, None: as many as the lesson has.
    """
    module = import_module(f"core.lessons.{lesson.module}")
    for report in module.run(guess, lesson.steps if steps is None else steps):
        if isinstance(report, Found):
            yield Revealed(report.scene, _answers(lesson, guess, report.truth), report.sentence.replace(" -", " −"))
        else:
            yield report


def _answers(lesson: Lesson, guess: Sequence[Guess], truth: Sequence[Guess]) -> tuple[Answer, ...]:
    asked = zip(lesson.asks, guess, truth, strict=True)
    return tuple(Answer(ask.asked, ask.said(guessed), ask.said(found)) for ask, guessed, found in asked)
