"""Run folders that a stranger made to do harm: each spoils a copy of a whole run, and vouches for what it did."""

import csv
import hashlib
import json
import os
import pickle
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save

Spoil = Callable[[Path], None]
MODEL, TRAIN, CODES = "model.safetensors", "train.safetensors", "codes.safetensors"
DEEP = "[" * 100_000


class Payload:
    """Unpickled, it would leave a file behind."""

    def __init__(self, proof: Path) -> None:
        self._proof = proof

    def __reduce__(self) -> tuple[object, ...]:
        return (os.system, (f"touch {self._proof}",))


def proof_of(run: Path) -> Path:
    """What is there when something in a run was executed."""
    return run.with_name(f"{run.name}-was-executed")


def checkpoint(run: Path) -> Path:
    return run / "checkpoints" / (run / "latest").read_text().strip()


def put(run: Path, name: str, content: bytes) -> None:
    """Another content for one file of the checkpoint, with the sha256 that fits."""
    (checkpoint(run) / name).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    edit(checkpoint(run) / "manifest.json", lambda manifest: manifest["sha256"].__setitem__(name, digest))


def put_tensors(run: Path, name: str, change: Callable[[dict[str, torch.Tensor]], dict[str, torch.Tensor]]) -> None:
    put(run, name, save(change(load_file(checkpoint(run) / name))))


def edit(path: Path, change: Callable[[Any], object]) -> None:
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def field(name: str, *keys: str, value: object) -> Spoil:
    """A field of a JSON file becomes something else."""

    def spoil(run: Path) -> None:
        def change(content: Any) -> None:
            for key in keys[:-1]:
                content = content[key]
            content[keys[-1]] = value

        edit(_json_of(run, name), change)

    return spoil


def raw_field(name: str, key: str, text: str) -> Spoil:
    """The same where Python would not write it: 1e999, or a number of a million digits."""

    def spoil(run: Path) -> None:
        path = _json_of(run, name)
        edit(path, lambda content: content.__setitem__(key, "@"))
        path.write_text(path.read_text().replace('"@"', text))

    return spoil


def text(name: str, content: str) -> Spoil:
    return lambda run: _json_of(run, name).write_text(content)


def _json_of(run: Path, name: str) -> Path:
    return checkpoint(run) / name if name == "manifest.json" else run / name


def table(change: Callable[[list[list[str]]], None]) -> Spoil:
    def spoil(run: Path) -> None:
        with (run / "images.csv").open(newline="") as file:
            rows = list(csv.reader(file))
        change(rows)
        with (run / "images.csv").open("w", newline="") as file:
            csv.writer(file).writerows(rows)

    return spoil


def header(claim: int) -> bytes:
    return struct.pack("<Q", claim) + b"{}"


def tensors_of(count: int) -> bytes:
    names = {f"t{n}": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]} for n in range(count)}
    content = json.dumps(names).encode()
    content += b" " * (-len(content) % 8)
    return struct.pack("<Q", len(content)) + content


def huge_tensor() -> bytes:
    content = json.dumps({"codes": {"dtype": "F32", "shape": [2**40, 1], "data_offsets": [0, 2**42]}}).encode()
    return struct.pack("<Q", len(content)) + content


def pipe(name: str) -> Spoil:
    def spoil(run: Path) -> None:
        path = checkpoint(run) / name if name.endswith(".safetensors") or name == "manifest.json" else run / name
        path.unlink(missing_ok=True)
        os.mkfifo(path)

    return spoil


def link(name: str, target: str) -> Spoil:
    def spoil(run: Path) -> None:
        (run / name).unlink(missing_ok=True)
        (run / name).symlink_to(target)

    return spoil


def without(run: Path, name: str) -> None:
    edit(checkpoint(run) / "manifest.json", lambda manifest: manifest["sha256"].pop(name))


def classes_of(count: int) -> Spoil:
    def spoil(run: Path) -> None:
        field("config.json", "classes", value=[str(n) for n in range(count)])(run)
        field("config.json", "model", "conditional", value="class")(run)

    return spoil


def line(content: dict[str, Any]) -> Spoil:
    """A line more in the history."""

    def spoil(run: Path) -> None:
        with (run / "history.jsonl").open("a") as file:
            file.write(json.dumps(content) + "\n")

    return spoil


def step_line(**changes: object) -> Spoil:
    def spoil(run: Path) -> None:
        lines = [json.loads(text) for text in (run / "history.jsonl").read_text().splitlines()]
        line({**next(each for each in lines if each["kind"] == "step"), **changes})(run)

    return spoil


def exploration(**changes: object) -> Spoil:
    usual = {"format": 2, "z": None, "class": "", "plane": None, "selection": [], "groups": {}, "directions": []}
    content = json.dumps({**usual, "paths": [], "bookmarks": {}, **changes})
    return lambda run: (run / "exploration.json").write_text(content)


def cases() -> Iterator[tuple[str, Spoil]]:
    """What is done to a run, by name."""
    for name in (MODEL, TRAIN, CODES):
        yield f"{name} is a pickle", lambda run, name=name: put(run, name, pickle.dumps(Payload(proof_of(run))))
        yield f"{name} is empty", lambda run, name=name: put(run, name, b"")
        yield f"{name} claims 2^40 bytes", lambda run, name=name: put(run, name, header(2**40))
        yield f"{name} claims 2^63 bytes", lambda run, name=name: put(run, name, header(2**63))
        yield f"{name} has a tensor of 2^42 bytes", lambda run, name=name: put(run, name, huge_tensor())
        yield f"{name} has 200,000 tensors", lambda run, name=name: put(run, name, tensors_of(200_000))
        yield f"{name} is deep", lambda run, name=name: put(run, name, header(len(DEEP))[:8] + DEEP.encode())
        yield f"{name} is not named", lambda run, name=name: without(run, name)
        yield f"{name} is a pipe", pipe(name)
    yield "pickle of torch", lambda run: (torch.save(Payload(proof_of(run)), run / MODEL), put(run, MODEL, (run / MODEL).read_bytes()))[0]  # fmt: skip  # noqa: E501
    for name, shape in (("codes", (24,)), ("codes", (24, 7)), ("codes", (3, 3)), ("codes", (0, 3)), ("kl_per_dim", (2,)), ("plane_axes", (3, 2)), ("plane_origin", ())):  # fmt: skip  # noqa: E501
        yield (
            f"{name} of {shape}",
            lambda run, name=name, shape=shape: put_tensors(run, CODES, lambda had: {**had, name: torch.zeros(shape)}),
        )
    yield "codes in whole numbers", lambda run: put_tensors(run, CODES, lambda had: {name: value.nan_to_num().to(torch.int64) for name, value in had.items()})  # fmt: skip  # noqa: E501
    yield "no codes", lambda run: put_tensors(run, CODES, lambda had: {"other": torch.zeros(2)})
    yield "codes are infinite", lambda run: put_tensors(run, CODES, lambda had: {**had, "codes": had["codes"] + torch.inf})  # fmt: skip  # noqa: E501
    yield "plane is nothing", lambda run: put_tensors(run, CODES, lambda had: {**had, "plane_axes": had["plane_axes"] * torch.nan})  # fmt: skip  # noqa: E501
    yield "weights are nothing", lambda run: put_tensors(run, MODEL, lambda had: {name: value * torch.nan for name, value in had.items()})  # fmt: skip  # noqa: E501
    yield "no weights", lambda run: put_tensors(run, MODEL, lambda had: {"other": torch.zeros(2)})
    yield "optimiser of another model", lambda run: put_tensors(run, TRAIN, lambda had: {name: value if value.ndim == 0 else torch.zeros(3) for name, value in had.items()})  # fmt: skip  # noqa: E501
    yield "optimiser that has nothing", lambda run: put_tensors(run, TRAIN, lambda had: {"norm": torch.zeros(())})
    yield "optimiser of step -5", lambda run: put_tensors(run, TRAIN, lambda had: {**had, "step": torch.tensor(-5)})
    yield "optimiser of many norms", lambda run: put_tensors(run, TRAIN, lambda had: {**had, "norm": torch.zeros(9)})
    for name in ("manifest.json", "config.json", "exploration.json", "files.json"):
        yield f"{name} is 100,000 brackets", text(name, DEEP)
        yield f"{name} is empty", text(name, "")
        yield f"{name} is a list", text(name, "[1, 2]")
        yield f"{name} is null", text(name, "null")
        yield f"{name} is a pipe", pipe(name)
        yield f"{name} is of format 1e999", text(name, '{"format": 1e999, "step": 1, "sha256": {}, "image_shape": []}')
        yield f"{name} is of format NaN", text(name, '{"format": NaN, "step": 1, "sha256": {}, "image_shape": []}')
    for key in ("step", "seconds"):
        for value in (None, "many", -1, 1.5, True, [], {}, 10**30):
            yield f"{key} is {value}", field("manifest.json", key, value=value)
        yield f"{key} is NaN", raw_field("manifest.json", key, "NaN")
        yield f"{key} is 1e999", raw_field("manifest.json", key, "1e999")
        yield f"{key} of a million digits", raw_field("manifest.json", key, "9" * 1_000_000)
    for value in ([], None, "x", {}, {MODEL: None}, {MODEL: 5, CODES: 6}):
        yield f"sha256 is {value}", field("manifest.json", "sha256", value=value)
    outside = {MODEL: "0", CODES: "0", "../../../outside": "0", "/etc/hostname": "0"}
    yield "sha256 leads outside", field("manifest.json", "sha256", value=outside)
    yield "image_set is a list", field("manifest.json", "image_set", value=[1])
    yield "10^12 parameters", field("config.json", "image_shape", value=[10**6, 10**6, 3])
    yield "image of no size", field("config.json", "image_shape", value=[0, 0, 0])
    yield "image_shape is text", field("config.json", "image_shape", value="abc")
    yield "image_shape is NaN", raw_field("config.json", "image_shape", "[NaN, NaN, 3]")
    yield "image of 256", field("config.json", "image_shape", value=[256, 256, 3])
    yield "width of 10^12", field("config.json", "model", "width", value=10**12)
    yield "the largest model", lambda run: edit(run / "config.json", lambda content: content["model"].update(width=256, latent_dims=1024, network="conv"))  # fmt: skip  # noqa: E501
    yield "10^6 classes", classes_of(10**6)
    yield "100,000 classes", classes_of(100_000)
    yield "classes are a number", field("config.json", "classes", value=5)
    yield "images are a list", field("config.json", "images", value=[])
    yield "source is a file", field("config.json", "source", value="/etc/hostname")
    yield "source is a pattern", field("config.json", "source", value="../../..")
    yield "evil pattern of classes", field("config.json", "images", "classes_from", value="((a+)+)+b")
    yield "label of 10^30", table(lambda rows: rows[1].__setitem__(2, "1" + "0" * 30))
    yield "label of 10^9", table(lambda rows: rows[1].__setitem__(2, "1000000000"))
    yield "label of -1", table(lambda rows: rows[1].__setitem__(2, "-1"))
    yield "label of NaN", table(lambda rows: rows[1].__setitem__(2, "nan"))
    yield "label of 10,000 digits", table(lambda rows: rows[1].__setitem__(2, "9" * 10_000))
    yield "10^6 columns", table(lambda rows: [row.extend(["x"] * 10**6) for row in rows[:3]] and None)
    yield "10^6 rows", table(lambda rows: rows.extend([["name", "class", "0", "0"]] * 10**6))
    yield "a row short", table(lambda rows: rows.pop())
    yield "no rows", table(lambda rows: rows.__delitem__(slice(1, None)))
    yield "a cell of 10^8 letters", table(lambda rows: rows[1].__setitem__(0, "x" * 10**8))
    yield "names that climb out", table(lambda rows: [row.__setitem__(0, f"../../../{row[0]}") for row in rows[1:]] and None)  # fmt: skip  # noqa: E501
    yield "images.csv is a pipe", pipe("images.csv")
    yield "images.csv is zeros", lambda run: (run / "images.csv").write_bytes(bytes(10**6))
    yield "images.csv is endless", link("images.csv", "/dev/zero")
    for value in ("x" * 10**6, None, [], {}, True, 10**40, -3):
        yield f"a step of {str(value)[:9]}", step_line(step=value)
        yield f"seconds of {str(value)[:9]} in the history", step_line(seconds=value)
        yield f"terms of {str(value)[:9]}", step_line(mean=value)
        yield f"objective of {str(value)[:9]}", step_line(mean={"objective": value, "reconstruction": 1.0, "kl": 1.0})
    yield "a deep line", lambda run: (run / "history.jsonl").open("a").write(DEEP + "\n")
    yield "a line of 10^8 letters", lambda run: (run / "history.jsonl").open("a").write("x" * 10**8)
    yield "300,000 lines", lambda run: (run / "history.jsonl").open("a").write("{}\n" * 300_000)
    yield "history is a pipe", pipe("history.jsonl")
    yield "history is endless", link("history.jsonl", "/dev/zero")
    yield "history is a folder", lambda run: ((run / "history.jsonl").unlink(), (run / "history.jsonl").mkdir())[1]
    for name in ("latest", "cover.png", "name.txt", "skipped.csv", "pictures.npy", "checksums.jsonl", "README.md"):
        yield f"{name} is a pipe", pipe(name)
        yield f"{name} is endless", link(name, "/dev/zero")
        yield f"{name} is a folder", lambda run, name=name: ((run / name).unlink(missing_ok=True), (run / name).mkdir())[1]  # fmt: skip  # noqa: E501
    yield "latest climbs out", lambda run: (run / "latest").write_text("../../../../etc\n")
    yield "latest of 10^8 letters", lambda run: (run / "latest").write_text("x" * 10**8)
    yield "pictures.npy is a pickle", lambda run: (run / "pictures.npy").write_bytes(pickle.dumps(Payload(proof_of(run))))  # fmt: skip  # noqa: E501
    yield "pictures.npy claims 2^40", lambda run: (run / "pictures.npy").write_bytes(b"\x93NUMPY\x01\x00\x76\x00" + b"{'descr': '|u1', 'fortran_order': False, 'shape': (1099511627776, 16), }".ljust(117) + b"\n")  # fmt: skip  # noqa: E501
    yield "10^6 bookmarks", exploration(bookmarks={str(n): {"z": [0, 0, 0], "class": ""} for n in range(10**6)})
    path = {"name": "a", "kind": "straight", "stops": [[0, 0, 0]] * 10**6}
    yield "10^6 stops", exploration(paths=[path])
    yield "10^5 paths", exploration(paths=[{**path, "stops": [[0, 0, 0]] * 2}] * 10**5)
    yield "10^6 groups", exploration(groups={str(n): [] for n in range(10**6)})
    yield "a path of 10^12 frames", exploration(paths=[{**path, "stops": [[0, 0, 0]] * 2, "frames": 10**12}])
    yield "a path of no kind", exploration(paths=[{**path, "stops": [[0, 0, 0]] * 2, "kind": "x"}])
    yield "a place of text", exploration(z=["a", "b", "c"])
    yield "a place beyond all", exploration(z=[1e38, 1e38, 1e38])
    yield "a selection of numbers", exploration(selection=[1, 2, [3]])
    yield "a bookmark of nothing", exploration(bookmarks={"x": None})
