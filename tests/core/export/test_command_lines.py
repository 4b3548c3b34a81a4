"""The command that is copied: any shell and any z must give the same picture."""

import shlex
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.commands.parsing import parse
from core.commands.viewing import DecodeFlags
from core.export.command_lines import decode_command
from core.export.pictures import exact

ODD = ["shoe", "-shirt", "Ankle boot", "it's", '"q"', "$HOME", "a;b", "--out", "é\n顔", "*"]
numbers = st.floats(width=32, allow_nan=False, allow_infinity=False)


def flags_of(command: str) -> DecodeFlags:
    program, verb, *words = shlex.split(command)
    assert (program, verb) == ("latentscape", "decode")
    return parse(DecodeFlags, "decode", words)


@settings(max_examples=40, deadline=None)
@given(z=arrays(np.float32, st.integers(1, 6), elements=numbers), class_name=st.sampled_from(["", *ODD]))
def test_the_command_is_read_back_as_the_same_float32_and_class(z: np.ndarray, class_name: str) -> None:
    flags = flags_of(decode_command(Path("/runs/a run; $(rm)"), z, class_name, "it's.png"))
    assert np.array(flags.z, np.float32).tobytes() == z.tobytes()
    assert (flags.class_name or "") == class_name
    assert (flags.run, flags.out) == (Path("/runs/a run; $(rm)"), Path("it's.png"))


@pytest.mark.parametrize("value", [-1e-30, -1e30, -0.0, 1.17549435e-38, 3.4028235e38, -1.2, 16777217.0, 0.1])
def test_numbers_that_look_like_flags_are_numbers(value: float) -> None:
    z = np.array([value, 0.5], np.float32)
    assert np.array(flags_of(decode_command(Path("run"), z)).z, np.float32).tobytes() == z.tobytes()
    assert np.array(exact(z), np.float32).tobytes() == z.tobytes()


def test_it_can_be_read_by_a_person() -> None:
    z = np.array([0.52, -1.2], np.float32)
    assert decode_command(Path("/runs/faces"), z) == "latentscape decode /runs/faces --z 0.52 -1.2 --out picture.png"
    assert "'--class=Ankle boot'" in decode_command(Path("/runs/faces"), z, "Ankle boot")
