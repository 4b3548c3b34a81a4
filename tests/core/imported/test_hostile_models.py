"""A model from a stranger must cost a sentence: no code of it runs, no other file is read, nothing hangs or grows."""

import multiprocessing
import os
import pickle
import zipfile
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelError
from core.imported.examination import examine
from core.imported.foreign_files import refusal
from core.imported.graph import read_graph
from core.imported.import_model import ImportPlan, import_model
from core.imported.operators import check_operators
from core.returned import returned
from tests.core.imported.wire import (
    PICTURE,
    Z,
    field,
    floats,
    model,
    node,
    small_decoder,
    tensor,
    value,
    varint,
    wholes,
)  # fmt: skip

resource = pytest.importorskip("resource")  # there is none on Windows

SECONDS, BYTES = 10.0, 500_000_000
HUGE = [1000, 1000, 1000, 1000]  # 10¹² numbers


def refused(path: Path, encoder: Path | None = None) -> str:
    """The sentence, within the time, and within the memory."""
    before, peak = computed(), 0
    with pytest.raises(ModelError) as error:  # noqa: PT012
        for _ in examine(path, encoder):
            peak = max(peak, *map(peak_of, multiprocessing.active_children()))
    assert computed() - before < SECONDS
    assert peak < BYTES
    said = str(error.value)
    assert said.endswith((".", ")"))
    assert "\n" not in said
    return said


def computed() -> float:
    """Seconds of a core, of all processes that have ended: the clock's would be those of other programs too."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak_of(process: BaseProcess) -> int:
    """The most memory that a process has had so far, in bytes; 0 where nobody says."""
    try:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def outside(*entries: tuple[str, str]) -> bytes:
    """Where the numbers of a tensor lie: StringStringEntryProto, and the flag that says so."""
    return b"".join(field(13, field(1, key) + field(2, each)) for key, each in entries) + field(14, 1)


def with_weights(weights: bytes) -> bytes:
    return model(node("MatMul", ["z", "w"], ["h"]), node("Reshape", ["h", "shape"], ["x"]), weights,
                 wholes("shape", [-1, 1, 16, 16]), Z, PICTURE)  # fmt: skip


def endless_loop() -> bytes:
    """A Loop whose condition is always true."""
    body = (
        field(1, node("Identity", ["c"], ["d"])[2:])
        + value(11, "i", [], 7)
        + value(11, "c", [], 9)
        + value(12, "d", [], 9)
    )
    return small_decoder(node("Loop", ["", "true"], [], field(1, "body") + field(6, body) + field(20, 5)))


def constant_of(sizes: list[int]) -> bytes:
    """Zeros of these sizes, added to the picture."""
    return small_decoder(
        node("ConstantOfShape", ["sizes"], ["big"]),
        node("ReduceSum", ["big"], ["sum"]),
        node("Add", ["h", "sum"], ["g"]),
        wholes("sizes", sizes),
        last="g",
    )


def as_large_as_it_says() -> bytes:
    """A size that comes from z itself."""
    return small_decoder(
        node("Exp", ["z"], ["e"]),
        node("Cast", ["e"], ["k"], field(1, "to") + field(3, 7) + field(20, 2)),
        node("ReduceMax", ["k"], ["m"], field(1, "keepdims") + field(3, 0) + field(20, 2)),
        node("Unsqueeze", ["m", "zero"], ["n"]),
        node("ConstantOfShape", ["n"], ["big"]),
        wholes("zero", [0]),
    )


def slow() -> bytes:
    """An hour of multiplying."""
    grown = [
        node("ReduceSum", ["z"], ["one"]),  # of z, or it would be multiplied before it is asked for
        node("Expand", ["one", "sizes"], ["a0"]),
    ]
    grown += [node("MatMul", [f"a{n}", f"a{n}"], [f"a{n + 1}"]) for n in range(4000)]
    return small_decoder(
        *grown,
        node("ReduceSum", ["a4000"], ["sum"]),
        node("Add", ["h", "sum"], ["g"]),
    )


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "truncated": (lambda: small_decoder()[:-200], "cut short"),
    "two gigabytes declared": (lambda: field(1, 8) + varint(7 << 3 | 2) + varint(2 << 30), "cut short"),
    "a number without end": (lambda: field(1, 8) + b"\x3a" + b"\xff" * 20, "never ends"),
    "a graph in a graph": (
        lambda: field(1, 8) + field(7, field(1, field(5, field(6, b"\x0a" * 5000)))),
        "graph of its own",
    ),
    "nothing in it": (lambda: field(1, 8) + field(2, "nobody"), "no graph"),
    "many parts": (lambda: field(1, 8) + field(7, b"\x50\x00" * 400_000), "parts"),
    "external data": (
        lambda: with_weights(tensor("w", b"", [2, 256], 1, outside(("location", "../secret.bin")))),
        "another file",
    ),
    "external data, half said": (lambda: with_weights(tensor("w", b"", [2, 256], 1, field(14, 1))), "another file"),
    "a loop": (endless_loop, "graph of its own"),
    "an unknown operator": (lambda: small_decoder(node("SystemCall", ["z"], ["q"])), "SystemCall"),
    "a loop without its graph": (lambda: small_decoder(node("Loop", ["z"], ["q"])), "Loop"),
    "a custom domain": (lambda: small_decoder(node("Relu", ["z"], ["q"], domain="com.evil")), "com.evil"),
    "a custom opset": (
        lambda: model(node("Relu", ["z"], ["x"]), Z, PICTURE, opset=field(1, "ai.evil") + field(2, 1)),
        "ai.evil",
    ),
    "functions of its own": (lambda: small_decoder() + field(25, field(1, "f")), "functions"),
    "10¹² numbers": (lambda: constant_of(HUGE), ""),
    "4 GB": (lambda: constant_of([1000, 1000, 1000]), ""),
    "1 GB": (lambda: constant_of([250, 1000, 1000]), ""),
    "as large as it says": (as_large_as_it_says, "as large as a computed number says"),
    "an hour": (slow, ""),
    "weights of other sizes": (lambda: with_weights(floats("w", [0.0] * 8, [2, 256])), ""),
    "negative sizes": (lambda: constant_of([(1 << 64) - 5 if False else 1 << 62, 1 << 62]), ""),
}


RUN = ("truncated", "external data", "10¹² numbers", "4 GB", "as large as it says", "an hour", "weights of other sizes")


@pytest.mark.parametrize("name", RUN)
def test_a_hostile_file_costs_a_sentence(name: str, tmp_path: Path) -> None:
    make, expected = HOSTILE[name]
    (tmp_path / "secret.bin").write_bytes(b"\x00" * 2048)
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "decoder.onnx"
    path.write_bytes(make())
    assert expected in refused(path)
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("name", [name for name, (_, expected) in HOSTILE.items() if expected])
def test_what_no_model_needs_is_refused_before_anything_is_run(name: str) -> None:
    make, expected = HOSTILE[name]
    with pytest.raises(ModelError, match=expected):
        check_operators(read_graph(memoryview(make())))


@given(st.binary(max_size=300), st.integers(0, 2100), st.booleans())
def test_whatever_bytes_a_file_has_it_is_read_or_refused(noise: bytes, at: int, is_instead: bool) -> None:
    whole = small_decoder()
    content = whole[:at] + noise + whole[at + len(noise) * is_instead :]
    with suppress(ModelError):
        check_operators(read_graph(memoryview(content)))
    with suppress(ModelError):
        read_graph(memoryview(noise))


def test_the_same_file_without_the_trick_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "decoder.bin"  # its name says nothing
    path.write_bytes(small_decoder())
    assert returned(examine(path)).settings.image_shape == (16, 16, 1)
    path.write_bytes(constant_of([10, 10]))
    assert returned(examine(path)).settings.range == "0..1"


@pytest.mark.parametrize("link", ["symlink_to", "hardlink_to"])
def test_weights_behind_a_link_are_not_read(link: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.bin"
    secret.write_bytes(b"\x00" * 2048)
    (tmp_path / "in").mkdir()
    getattr(tmp_path / "in" / "w.bin", link)(secret)
    path = tmp_path / "in" / "decoder.onnx"
    path.write_bytes(with_weights(tensor("w", b"", [2, 256], 1, outside(("location", "w.bin"), ("length", "2048")))))
    assert "another file" in refused(path)


class Bomb:
    """Runs code when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self._mark),)


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["archive/data.pkl", "archive/version"], "pickle"),
        (["m/data.pkl", "m/code/__torch__.py", "m/constants.pkl"], "TorchScript"),
        (["m/archive_format", "m/models/model.json"], "torch.export"),
    ],
)
def test_what_runs_code_is_refused_with_the_line_that_exports_it(names: list[str], kind: str, tmp_path: Path) -> None:
    path = tmp_path / "decoder.onnx"  # whatever it is called
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, pickle.dumps(Bomb(tmp_path / "mark")))
    said = refusal(path)
    assert kind in said
    assert "torch.onnx.export(" in said
    assert not (tmp_path / "mark").exists()


def test_a_pickle_is_not_unpickled(tmp_path: Path) -> None:
    path = tmp_path / "decoder.onnx"
    path.write_bytes(pickle.dumps(Bomb(tmp_path / "mark")))
    assert "pickle" in refused(path)
    assert not (tmp_path / "mark").exists()


def test_a_pipe_or_a_folder_holds_nothing_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "decoder.onnx")
    refused(tmp_path / "decoder.onnx")
    refused(tmp_path / "nothing.onnx")


def test_a_file_that_is_swapped_after_its_trial_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "decoder.onnx"
    path.write_bytes(small_decoder())
    settings = returned(examine(path)).settings
    path.write_bytes(small_decoder(node("Relu", ["z"], ["q"])))
    with pytest.raises(ModelError, match="changed since"):
        returned(import_model(ImportPlan(path, None, settings)))


def test_an_encoder_of_another_model_is_refused(tmp_path: Path, foreign: dict[str, object]) -> None:
    said = refused(foreign["pythae"].decoder, foreign["conv"].encoder)
    assert "conv encoder.onnx" in said
    assert "32 × 32" in said
    assert "of one model" in refused(foreign["flat"].decoder, foreign["pythae"].encoder)
