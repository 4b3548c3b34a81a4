"""What a person reads when something cannot be done: in the window's words, never in flags."""

from typing import get_args

import pytest

from core.errors import ConfigError, Remedy
from explorer.workspace.error_words import sentence
from explorer.workspace.remedies import REMEDIES


def test_the_window_has_a_remedy_of_its_own_for_each() -> None:
    assert set(REMEDIES) == set(get_args(Remedy))
    for words in REMEDIES.values():
        assert "--" not in words
        assert "latentscape" not in words


def test_an_error_speaks_of_the_window() -> None:
    said = sentence(ConfigError("There is no CUDA GPU that PyTorch can use on this machine", "device"))
    assert said == f"There is no CUDA GPU that PyTorch can use on this machine: {REMEDIES['device']}."


def test_a_fault_of_ours_is_called_one(caplog: pytest.LogCaptureFixture) -> None:
    said = sentence(KeyError("codes"))
    assert "went wrong inside Latentscape" in said
    assert "KeyError" in said
    assert "Traceback" not in said
    assert "KeyError" in caplog.text  # for a report
