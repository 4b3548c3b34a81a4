"""What a user would lose between a question and its answer: the newest model, the newest wish, a run that is gone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.config import RunConfig, changed, preset
from core.images.image_set import ImageSet
from core.latent.place_verdict import Support
from core.reports.evaluation import Evaluated
from core.reports.progress import Progress
from core.reports.training import HeldOutDone, StepDone, Terms, TrainingStarted
from explorer.completion.controller import Completing
from explorer.completion.hidden_part import shape
from explorer.runs.evaluation_controller import Evaluating
from explorer.runs.findings_controller import Diagnosing
from explorer.samples.controller import Sampling

SUPPORT = Support(np.random.default_rng(0).standard_normal((100, 2)).astype(np.float32))


@dataclass
class MadeUpSpace:
    """Decodes z to pictures whose level is the class, and completes with the seed."""

    conditional: str = "none"
    classes: tuple[str, ...] = ()
    label: int = 0
    step: int = 1
    latent_dims: int = 2
    image_shape: tuple[int, int, int] = (4, 4, 1)
    support: Support = SUPPORT
    usual_prior: str = "normal"

    @property
    def learned_labels(self) -> np.ndarray:
        return np.arange(len(self.classes))

    def with_label(self, label: int) -> "MadeUpSpace":
        return replace(self, label=label)

    def sample(self, count: int, seed: int, prior: str, _: np.ndarray | None = None) -> np.ndarray:
        scale = 1.0 if prior == "normal" else 10.0
        return scale * np.random.default_rng(seed).standard_normal((count, 2)).astype(np.float32)

    def decode(self, z: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
        levels = np.full(len(z), self.label) if labels is None else labels
        return np.broadcast_to(levels[:, None, None, None], (len(z), 4, 4, 1)).astype(np.uint8)

    def complete(self, pixels: np.ndarray, visible: np.ndarray, count: int, seed: int) -> np.ndarray:
        return np.stack([np.where(visible[..., None], pixels, seed)] * count).astype(np.uint8)

    def best_guess(self, pixels: np.ndarray, visible: np.ndarray) -> np.ndarray:
        return np.where(visible[..., None], pixels, 99).astype(np.uint8)


@pytest.fixture
def sampling(qtbot: QtBot) -> Iterator[Sampling]:
    sampling = Sampling()
    yield sampling
    sampling.stop()


@pytest.fixture
def completing(qtbot: QtBot) -> Iterator[Completing]:
    completing = Completing()
    yield completing
    completing.stop()


@pytest.fixture
def diagnosing(qtbot: QtBot) -> Iterator[Diagnosing]:
    diagnosing = Diagnosing()
    yield diagnosing
    diagnosing.stop()


def test_nothing_is_drawn_that_nobody_sees(qtbot: QtBot, sampling: Sampling) -> None:
    sampling.show_map(MadeUpSpace())
    assert not sampling._drawing.is_running
    with qtbot.waitSignal(sampling.drawn, timeout=20_000):
        sampling.watch(True)


def test_samples_follow_the_model_with_the_same_z(qtbot: QtBot, sampling: Sampling) -> None:
    sampling.watch(True)
    with qtbot.waitSignal(sampling.drawn, timeout=20_000) as first:
        sampling.show_map(MadeUpSpace())
    with qtbot.waitSignal(sampling.drawn, timeout=20_000) as second:
        sampling.show_map(MadeUpSpace(step=7))
    assert second.args[0].step == 7
    np.testing.assert_array_equal(first.args[0].z, second.args[0].z)


def test_a_model_with_another_usual_prior_is_drawn_from_that(qtbot: QtBot, sampling: Sampling) -> None:
    """As its panel shows it, whatever was drawn again from the model before."""
    sampling.watch(True)
    for usual in ("mixture", "normal"):
        with qtbot.waitSignal(sampling.drawn, timeout=20_000) as drawn:
            sampling.show_map(MadeUpSpace(usual_prior=usual))
            sampling.draw(sampling._wish.prior, -1, 1)
        assert drawn.args[0].wish.prior == usual
    sampling.draw("mixture", -1, 1)
    with qtbot.waitSignal(sampling.drawn, timeout=20_000) as again:
        sampling.show_map(MadeUpSpace(step=2))
    assert again.args[0].wish.prior == "mixture"  # what was asked for stays while the usual one is the same


def test_each_class_in_turn_or_only_one(qtbot: QtBot, sampling: Sampling) -> None:
    sampling.watch(True)
    with qtbot.waitSignal(sampling.drawn, timeout=20_000) as each:
        sampling.show_map(MadeUpSpace("class", ("a", "b", "c")))
    drawn = each.args[0]
    np.testing.assert_array_equal(drawn.pixels[:, 0, 0, 0], np.arange(21) % 3)
    assert drawn.class_names[:4] == ("a", "b", "c", "a")
    with qtbot.waitSignal(sampling.drawn, timeout=20_000) as one:
        sampling.draw("normal", 2, 5)
    assert (one.args[0].pixels == 2).all()


def test_a_completion_follows_what_is_hidden(qtbot: QtBot, completing: Completing) -> None:
    completing.watch(True)
    completing.show_map(MadeUpSpace("completion"))
    pixels = np.arange(16, dtype=np.uint8).reshape(4, 4, 1)
    with qtbot.waitSignal(completing.completed, timeout=20_000):
        completing.choose("a.png", pixels)
    hidden = shape("Lower half", 4, 4)
    with qtbot.waitSignal(completing.completed, timeout=20_000) as completed:
        completing.hide(hidden)
    best, draws = completed.args
    np.testing.assert_array_equal(best[~hidden], pixels[~hidden])
    assert (best[hidden] == 99).all()
    with qtbot.waitSignal(completing.completed, timeout=20_000) as again:
        completing.draw_again()
    assert not np.array_equal(again.args[1], draws)


def test_it_says_why_an_image_cannot_be_completed(completing: Completing) -> None:
    told: list[str] = []
    completing.obstructed.connect(told.append)
    completing.show_map(MadeUpSpace())
    completing.show_map(MadeUpSpace("completion"))
    completing.clear()
    assert told == ["not trained for it", "no image", "no model"]


def test_an_image_of_another_size_is_left_alone(completing: Completing) -> None:
    completing.show_map(MadeUpSpace("completion"))
    completing.choose("large.png", np.zeros((8, 8, 1), np.uint8))
    assert completing.task is None


def test_other_images_take_the_place_of_those_before(qtbot: QtBot, completing: Completing) -> None:
    completing.show_map(MadeUpSpace("completion"))
    for name in ("one", "two"):
        pixels, held_out = np.zeros((2, 4, 4, 1), np.uint8), np.array([False, True])
        images = ImageSet("/a", pixels, np.zeros(2, np.int64), ("a",), ["learned", name], held_out, (), name)
        completing.show_images(images)
        assert completing.task is not None
        assert completing.task.name == name


def step_done(step: int) -> StepDone:
    terms = Terms(100.0, 90.0, 10.0)
    return StepDone(step, step / 100, terms, terms, terms, 1.0, 1e-3, 9e3, float(step), None)


def test_a_diagnosis_forgets_the_run_before(
    qtbot: QtBot, diagnosing: Diagnosing, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[list[int], list[int], int]] = []

    def made_up(
        config: object, steps: tuple, held_out: tuple, kl_per_dim: object, images: int, untrained: object
    ) -> tuple[str, ...]:
        asked.append(([each.step for each in steps], [each.step for each in held_out], images))
        return ("finding",)

    monkeypatch.setattr("core.evaluation.diagnosis.diagnose", made_up)
    start = TrainingStarted(Path("run"), preset("quick", "faces"), 0, 100, 80, 20, 10, "CPU", "float32")
    for first in (1, 500):
        diagnosing.show_start(start)
        diagnosing.add_held_out(HeldOutDone(first + 1, Terms(1.0, 1.0, 0.0), 20))
        diagnosing.add_step(step_done(first))
        with qtbot.waitSignal(diagnosing.found, timeout=20_000):
            diagnosing.end()
    diagnosing.show_start(replace(start, step=500))  # it goes on: what is later than the checkpoint is done again
    with qtbot.waitSignal(diagnosing.found, timeout=20_000):
        diagnosing.end()
    assert asked == [([1], [2], 80), ([500], [501], 80), ([500], [], 80)]


def test_a_cancelled_evaluation_tells_nothing(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def made_up(run: Path, asked: object, reserve_core: bool) -> Iterator[Progress | Evaluated]:
        for done in range(100_000):
            yield Progress("Evaluating", done, 100_000)

    monkeypatch.setattr("core.evaluation.evaluate_run.evaluate_run", made_up)
    evaluating = Evaluating()
    told: list[object] = []
    evaluating.evaluated.connect(lambda *found: told.append(found))
    evaluating.failed.connect(told.append)
    with qtbot.waitSignal(evaluating.progressed, timeout=20_000):
        evaluating.evaluate(Path("run"), 8, False)
    with qtbot.waitSignal(evaluating.busy_changed, timeout=20_000) as busy:
        evaluating.cancel()
    assert busy.args == [False]
    assert told == []
    evaluating.stop()


def test_the_first_run_after_a_remedy_is_compared_with_the_one_it_is_for(qtbot: QtBot, diagnosing: Diagnosing) -> None:
    told: list[str] = []
    diagnosing.trial_told.connect(told.append)
    bad, well = changed(preset("quick", "faces"), {"training.beta": 8.0}), preset("quick", "faces")

    def run(name: str, config: RunConfig, terms: Terms, step: int = 0) -> str:
        start = TrainingStarted(Path(name), config, step, 100, 80, 20, 10, "CPU", "float32")
        diagnosing.show_start(start)
        diagnosing.add_held_out(HeldOutDone(step + 250, terms, 20))
        diagnosing.add_step(step_done(step + 250))
        with qtbot.waitSignal(diagnosing.trial_told, timeout=20_000):
            diagnosing.end()
        return told[-1]

    assert run("bad", bad, Terms(332.0, 300.0, 4.0)) == ""
    diagnosing.begin_trial()
    assert "Beta 8 → 1: held-out reconstruction + KL 304.0 nats" in run("well", well, Terms(290.0, 260.0, 30.0))
    assert "290.0 after (250 steps): 14.0 better." in told[-1]
    assert "280.0 after (550 steps): 24.0 better." in run(
        "well", well, Terms(280.0, 250.0, 30.0), step=300
    )  # it goes on
    assert run("another", well, Terms(280.0, 250.0, 30.0)) == ""
    diagnosing.begin_trial()
    assert run("elsewhere", preset("quick", "fashion-mnist"), Terms(280.0, 250.0, 30.0)) == ""


def test_a_run_of_few_steps_is_not_judged_yet(qtbot: QtBot, diagnosing: Diagnosing) -> None:
    start = TrainingStarted(Path("run"), preset("quick", "faces"), 0, 100, 80, 20, 10, "CPU", "float32")
    diagnosing.show_start(start)
    for step, said in ((199, "Too early to judge: 199 steps of the 200 that it takes."), (200, "")):
        diagnosing.add_step(step_done(step))
        with qtbot.waitSignal(diagnosing.early_told, timeout=20_000) as told:
            diagnosing.end()
        assert told.args == [said]
