"""`latentscape lesson`: useful without a window: the question, a guess, numbers and a sentence."""

import io
import json

import pytest

from core.commands import main
from core.lessons.contents import LESSONS

Output = pytest.CaptureFixture[str]
BOUND = 1 + [each.module for each in LESSONS].index("bound_gap")


def test_without_a_number_they_are_listed(capsys: Output) -> None:
    assert main(["lesson"]) == 0
    assert capsys.readouterr().out.splitlines() == [f"{n}  {each.title}" for n, each in enumerate(LESSONS, 1)]
    assert main(["lesson", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["lessons"] == [each.title for each in LESSONS]


def test_what_is_true_stands_beside_the_guess(capsys: Output) -> None:
    assert main(["lesson", str(BOUND), "--guess", "0.7", "1.25"]) == 0
    said = capsys.readouterr().out
    assert "you: 0.70 nats" in said
    assert "you: 1.25 nats" in said
    assert said.count("true: ") == 2
    assert LESSONS[BOUND - 1].sources in said


def test_as_json(capsys: Output) -> None:
    assert main(["lesson", "1", "--guess", "0.3,-1.1", "--steps", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["answers"] == [{"asked": LESSONS[0].asks[0].asked, "guess": "(0.30, −1.10)", "truth": "(0.73, −1.00)"}]
    assert found["sentence"]


def test_a_guess_is_asked_for_until_it_is_one(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("perhaps\n3\n1\nmany\n12\n"))
    assert main(["lesson", "3"]) == 0
    said = capsys.readouterr()
    assert "perhaps is no guess here" in said.err
    assert "3 is no guess here" in said.err
    assert "many is no guess here: How many times its variance does the other have? (1 to 1,000)." in said.err
    assert "you: the reparameterisation" in said.out
    assert "you: 12.0" in said.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["9"], "There is no lesson 9: they are 1 to 8, as `latentscape lesson` lists."),
        (["0"], "There is no lesson 0: they are 1 to 8"),
        (["2", "--guess", "1001"], "1001 is no guess here: How many of the 1,000 count? (0 to 1,000)."),
        (["2", "--guess", "nan"], "nan is no guess here"),
        (["3", "--guess", "1"], "--guess 1: 2 are asked for."),
        (["1", "--guess", "4"], "(a place, as 0.3,-1.1)"),
        (["3", "--guess", "1", "2", "--steps", "5"], "--steps 5: nothing is trained in lesson 3."),
        (["1", "--guess", "1,1", "--steps", "0"], "--steps 0: it must be at least 1."),
        (["--guess", "4"], "--guess 4: say which lesson, 1 to 8."),
    ],
)
def test_what_cannot_be_is_one_sentence(capsys: Output, words: list[str], sentence: str) -> None:
    assert main(["lesson", *words]) == 2
    assert sentence in capsys.readouterr().err


def test_without_anybody_to_ask_it_says_how_to_guess(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["lesson", "3"]) == 2
    assert "A guess is needed: type one, or give it by --guess." in capsys.readouterr().err
