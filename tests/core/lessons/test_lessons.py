"""Every lesson: it asks, it runs, what is true stands beside the guess, and nothing of it is left anywhere."""

import numpy as np
import pytest

from core.lessons.any_distribution import MARKED
from core.lessons.contents import LESSONS
from core.lessons.lesson import Choice, Guess, Lesson, Number
from core.lessons.teaching import look, run
from core.reports.lessons import Bars, Cloud, Curves, Pictures, Revealed, Scene
from core.reports.progress import Progress

STEPS = 4  # of each model


def a_guess(lesson: Lesson) -> tuple[Guess, ...]:
    return tuple(
        0 if isinstance(ask, Choice) else ask.start if isinstance(ask, Number) else (0.5, 0.5) for ask in lesson.asks
    )


@pytest.fixture(scope="module", params=range(len(LESSONS)), ids=[each.module for each in LESSONS])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lesson, list[object]]:
    """A lesson, and all its reports with few steps of training."""
    lesson = LESSONS[request.param]
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        patch.setenv("LATENTSCAPE_HOME", str(home))
        patch.chdir(home)
        reports: list[object] = [look(lesson), *run(lesson, a_guess(lesson), STEPS if lesson.steps else None)]
        assert not list(home.rglob("*")), "a lesson leaves nothing"
    return lesson, reports


def test_it_ends_with_what_is_true_beside_the_guess(told: tuple[Lesson, list[object]]) -> None:
    lesson, reports = told
    revealed = reports[-1]
    assert isinstance(revealed, Revealed)
    assert [each.asked for each in revealed.answers] == [each.asked for each in lesson.asks]
    assert [each.guess for each in revealed.answers] == [
        ask.said(guess) for ask, guess in zip(lesson.asks, a_guess(lesson), strict=True)
    ]
    assert revealed.sentence.endswith(".")
    assert any(letter.isdigit() for letter in revealed.sentence)
    assert not {"nan", "inf"} & set(revealed.sentence.replace(":", " ").replace(",", " ").split())
    assert lesson.sources


def test_its_question_gives_nothing_away_and_its_control_slides(told: tuple[Lesson, list[object]]) -> None:
    _, reports = told
    seen, revealed = reports[0], reports[-1]
    assert isinstance(seen, Scene)
    assert isinstance(revealed, Revealed)
    assert len(seen.frames) == 1
    assert not seen.control
    assert revealed.scene.control
    assert len(revealed.scene.frames) > 1
    kinds = {tuple(type(view) for view in frame.views) for frame in revealed.scene.frames}
    assert len(kinds) == 1, "what slides stays in its place"


def test_what_is_drawn_are_finite_arrays_of_one_size(told: tuple[Lesson, list[object]]) -> None:
    for report in told[1]:
        scene = report.scene if isinstance(report, Revealed) else report
        for view in [view for frame in scene.frames for view in frame.views] if isinstance(scene, Scene) else []:
            if isinstance(view, Cloud):
                assert view.dots.shape == (len(view.groups), 2)
                assert np.isfinite(view.dots).all()
            elif isinstance(view, Bars):
                assert view.values.shape == (len(view.series), len(view.names))
            elif isinstance(view, Pictures):
                assert view.pixels.dtype == np.uint8
                assert len(view.captions) in (0, len(view.pixels))
            elif isinstance(view, Curves):
                assert (np.diff(view.x) > 0).all()
                assert all(line.y.shape == view.x.shape for line in view.lines)


def test_progress_of_each_training_comes_to_its_end(told: tuple[Lesson, list[object]]) -> None:
    lesson, reports = told
    ends = {each.doing: each for each in reports if isinstance(each, Progress)}
    if lesson.steps:
        assert ends
        assert all(each.done == each.total for each in ends.values())


def test_whoever_does_not_see_the_marked_point_is_told_where_it_is() -> None:
    across, up = MARKED
    assert f"z = ({across},\u00a0−{-up})" in LESSONS[0].asks[0].asked


def test_the_same_guess_gives_the_same_numbers() -> None:
    first, second = ([*run(LESSONS[0], ((0.5, 0.0),), 3)][-1] for _ in range(2))
    assert isinstance(first, Revealed)
    assert isinstance(second, Revealed)
    assert (first.sentence, first.answers) == (second.sentence, second.answers)


def test_the_ring_is_learned_better_with_more_steps() -> None:
    lesson = LESSONS[0]
    off = []
    for steps in (3, 150):
        bent, decoded = ([*run(lesson, ((0.0, 0.0),), steps)][-1].scene.frames[number].views[0] for number in (1, 2))
        off.append(np.linalg.norm(bent.dots - decoded.dots, axis=1).mean())
    assert off[1] < 0.1 < off[0]
