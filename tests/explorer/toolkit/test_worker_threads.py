"""What a user would lose to a careless thread: an error, a checkpoint, the newest question."""

import threading
from collections.abc import Iterator

from pytestqt.qtbot import QtBot

from core.errors import ConfigError
from core.reports.progress import Progress
from explorer.toolkit.worker_threads import Job, LatestOnly
from explorer.workspace.lone_job import LoneJob


def test_a_job_delivers_every_report_in_order_to_the_thread_that_made_it(qtbot: QtBot) -> None:
    got: list[tuple[int, int]] = []
    job = Job(lambda: iter(range(50)))
    job.reported.connect(lambda report: got.append((report, threading.get_ident())))
    with qtbot.waitSignal(job.finished):
        job.start()
    assert got == [(number, threading.get_ident()) for number in range(50)]


def test_stopping_a_job_closes_its_generator_so_that_it_can_save(qtbot: QtBot) -> None:
    saved, work = threading.Event(), threading.Event()
    got: list[int] = []

    def reports() -> Iterator[int]:
        try:
            while True:
                work.wait(0.005)  # as long as a step of training
                yield 1
        finally:
            saved.set()

    job = Job(reports)
    job.reported.connect(got.append)  # before it starts: signals of a running thread are not to be rewired
    job.start()
    qtbot.waitUntil(lambda: len(got) > 2)
    job.stop()
    assert job.wait(5.0)
    assert saved.is_set()


def test_no_error_of_a_job_is_lost(qtbot: QtBot) -> None:
    def reports() -> Iterator[int]:
        yield 1
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    job = Job(reports)
    with qtbot.waitSignal(job.finished), qtbot.waitSignal(job.failed) as failure:
        job.start()
    assert str(failure.args[0]) == "mat1 and mat2 shapes cannot be multiplied"


def test_only_the_newest_question_is_answered(qtbot: QtBot) -> None:
    may_answer = threading.Event()
    worked_on: list[int] = []

    def answer(question: int) -> int:
        worked_on.append(question)
        may_answer.wait(5)
        return 10 * question

    latest = LatestOnly(answer)
    answers: list[tuple[int, int]] = []
    latest.answered.connect(lambda question, result: answers.append((question, result)))
    latest.ask(1)
    qtbot.waitUntil(lambda: worked_on == [1])
    for question in range(2, 100):
        latest.ask(question)
    may_answer.set()
    qtbot.waitUntil(lambda: len(answers) == 2)
    latest.stop()
    assert answers == [(1, 10), (99, 990)]
    assert worked_on == [1, 99]


def test_a_question_that_fails_does_not_end_the_answering(qtbot: QtBot) -> None:
    latest = LatestOnly(lambda question: 1 // question)
    with qtbot.waitSignal(latest.failed) as blocker:
        latest.ask(0)
    assert isinstance(blocker.args[1], ZeroDivisionError)
    with qtbot.waitSignal(latest.answered):
        latest.ask(1)
    latest.stop()


def test_nothing_is_answered_after_stopping(qtbot: QtBot) -> None:
    latest = LatestOnly(lambda question: question)
    with qtbot.waitSignal(latest.answered):
        latest.ask("a")
    latest.stop()
    latest.ask("b")
    assert not latest.is_running


def test_of_a_cancelled_job_nothing_more_is_heard_but_that_it_ended(qtbot: QtBot) -> None:
    heard, go_on = list[object](), threading.Event()
    job = LoneJob()
    job.reported.connect(heard.append)
    job.failed.connect(heard.append)

    def reports() -> Iterator[object]:
        go_on.wait(10)
        yield "found"
        raise ValueError("too late to matter")

    job.begin(reports)
    job.begin(lambda: iter(["another"]))  # one is in hand
    with qtbot.waitSignal(job.ended):
        job.cancel()
        go_on.set()
    assert (heard, job.is_busy) == ([], False)


def test_a_lone_job_says_how_far_it_is_what_it_found_and_what_went_wrong(qtbot: QtBot) -> None:
    heard = list[object]()
    job = LoneJob()
    for signal in (job.progressed, job.reported, job.failed):
        signal.connect(heard.append)

    def reports() -> Iterator[object]:
        yield Progress("Finding", 1)
        yield "found"
        raise ConfigError("That was all.")

    with qtbot.waitSignal(job.ended):
        job.begin(reports)
    assert heard == [Progress("Finding", 1), "found", "That was all."]
