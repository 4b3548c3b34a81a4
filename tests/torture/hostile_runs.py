"""Run folders that a stranger made to do harm: each spoils a copy of a whole run, and vouches for what it did."""

import csv
import hashlib
import json
import os
import pickle
import struct
from collections.abc import Callable, Iterator
from functools import partial
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


def more(name: str, content: str) -> Spoil:
    """More at the end of a text file."""

    def spoil(run: Path) -> None:
        with (run / name).open("a") as file:
            file.write(content)

    return spoil


def step_line(**changes: object) -> Spoil:
    """A step more in the history."""

    def spoil(run: Path) -> None:
        lines = [json.loads(each) for each in (run / "history.jsonl").read_text().splitlines()]
        step = next(each for each in lines if each["kind"] == "step")
        more("history.jsonl", json.dumps({**step, **changes}) + "\n")(run)

    return spoil


def exploration(**changes: object) -> Spoil:
    usual = {"format": 2, "z": None, "class": "", "plane": None, "selection": [], "groups": {}, "directions": []}
    content = json.dumps({**usual, "paths": [], "bookmarks": {}, **changes})
    return lambda run: (run / "exploration.json").write_text(content)


def tensors(name: str, change: Callable[[dict[str, torch.Tensor]], dict[str, torch.Tensor]]) -> Spoil:
    return lambda run: put_tensors(run, name, change)


def shaped(name: str, *shape: int) -> Spoil:
    return tensors(CODES, lambda had: {**had, name: torch.zeros(shape)})


def folder(name: str) -> Spoil:
    def spoil(run: Path) -> None:
        (run / name).unlink(missing_ok=True)
        (run / name).mkdir()

    return spoil


def pickled(name: str) -> Spoil:
    return lambda run: put(run, name, pickle.dumps(Payload(proof_of(run))))


def pickled_by_torch(run: Path) -> None:
    torch.save(Payload(proof_of(run)), run / MODEL)
    put(run, MODEL, (run / MODEL).read_bytes())


def spoil_digests(run: Path) -> None:
    (run / "pictures.npy").write_bytes(pickle.dumps(Payload(proof_of(run))))


def made(name: str, content: Callable[[], bytes]) -> Spoil:
    return lambda run: put(run, name, content())


def cell(column: int, content: str) -> Spoil:
    """Another cell in the first row of the table of images."""
    return table(lambda rows: rows[1].__setitem__(column, content))


def cases() -> Iterator[tuple[str, Spoil]]:
    """What is done to a run, by name."""
    yield from of_tensors()
    yield from of_json()
    yield from of_manifest()
    yield from of_config()
    yield from of_table()
    yield from of_history()
    yield from of_others()
    yield from of_exploration()


def of_tensors() -> Iterator[tuple[str, Spoil]]:
    for name in (MODEL, TRAIN, CODES):
        yield f"{name} is a pickle", pickled(name)
        yield f"{name} is not named", partial(without, name=name)
        yield f"{name} is a pipe", pipe(name)
        contents: dict[str, Callable[[], bytes]] = {
            "is empty": bytes,
            "claims 2^40 bytes": lambda: header(2**40),
            "claims 2^63 bytes": lambda: header(2**63),
            "has a tensor of 2^42 bytes": huge_tensor,
            "has 200,000 tensors": lambda: tensors_of(200_000),
            "is deep": lambda: header(len(DEEP))[:8] + DEEP.encode(),
        }
        for what, content in contents.items():
            yield f"{name} {what}", made(name, content)
    yield "pickle of torch", pickled_by_torch
    for name, shape in (
        ("codes", (24,)),
        ("codes", (24, 7)),
        ("codes", (3, 3)),
        ("codes", (0, 3)),
        ("kl_per_dim", (2,)),
        ("plane_axes", (3, 2)),
        ("plane_origin", ()),
    ):
        yield f"{name} of {shape}", shaped(name, *shape)
    whole = tensors(CODES, lambda had: {name: value.nan_to_num().to(torch.int64) for name, value in had.items()})
    yield "codes in whole numbers", whole
    yield "no codes", tensors(CODES, lambda had: {"other": torch.zeros(2)})
    yield "codes are infinite", tensors(CODES, lambda had: {**had, "codes": had["codes"] + torch.inf})
    yield "plane is nothing", tensors(CODES, lambda had: {**had, "plane_axes": had["plane_axes"] * torch.nan})
    yield "weights are nothing", tensors(MODEL, lambda had: {name: value * torch.nan for name, value in had.items()})
    yield "no weights", tensors(MODEL, lambda had: {"other": torch.zeros(2)})
    yield "optimiser of another model", tensors(TRAIN, lambda had: {name: torch.zeros(3) for name in had})
    yield "optimiser that has nothing", tensors(TRAIN, lambda had: {"norm": torch.zeros(())})
    yield "optimiser of step -5", tensors(TRAIN, lambda had: {**had, "step": torch.tensor(-5)})
    yield "optimiser of many norms", tensors(TRAIN, lambda had: {**had, "norm": torch.zeros(9)})


def of_json() -> Iterator[tuple[str, Spoil]]:
    for name in ("manifest.json", "config.json", "exploration.json", "files.json"):
        yield f"{name} is 100,000 brackets", text(name, DEEP)
        yield f"{name} is empty", text(name, "")
        yield f"{name} is a list", text(name, "[1, 2]")
        yield f"{name} is null", text(name, "null")
        yield f"{name} is a pipe", pipe(name)
        for number in ("1e999", "NaN"):
            content = '{"format": @, "step": 1, "sha256": {}, "image_shape": []}'
            yield f"{name} is of format {number}", text(name, content.replace("@", number))


def of_manifest() -> Iterator[tuple[str, Spoil]]:
    for key in ("step", "seconds"):
        for value in (None, "many", -1, 1.5, True, [], {}, 10**30):
            yield f"{key} is {value}", field("manifest.json", key, value=value)
        for number in ("NaN", "1e999", "9" * 1_000_000):
            yield f"{key} is {number[:9]}", raw_field("manifest.json", key, number)
    for value in ([], None, "x", {}, {MODEL: None}, {MODEL: 5, CODES: 6}):
        yield f"sha256 is {value}", field("manifest.json", "sha256", value=value)
    outside = {MODEL: "0", CODES: "0", "../../../outside": "0", "/etc/hostname": "0"}
    yield "sha256 leads outside", field("manifest.json", "sha256", value=outside)
    yield "image_set is a list", field("manifest.json", "image_set", value=[1])


def of_config() -> Iterator[tuple[str, Spoil]]:
    shapes = ([10**6, 10**6, 3], [0, 0, 0], "abc", [256, 256, 3], [16, 16], None)
    for shape in shapes:
        yield f"image_shape is {shape}", field("config.json", "image_shape", value=shape)
    yield "image_shape is NaN", raw_field("config.json", "image_shape", "[NaN, NaN, 3]")
    yield "width of 10^12", field("config.json", "model", "width", value=10**12)
    largest = {"width": 256, "latent_dims": 1024, "network": "conv"}
    yield "the largest model", lambda run: edit(run / "config.json", lambda content: content["model"].update(largest))
    yield "10^6 classes", classes_of(10**6)
    yield "100,000 classes", classes_of(100_000)
    yield "classes are a number", field("config.json", "classes", value=5)
    yield "images are a list", field("config.json", "images", value=[])
    for source in ("/etc/hostname", "../../..", "/dev/zero", "faces\0", "x" * 10**6):
        yield f"source is {source[:20]!r}", field("config.json", "source", value=source)
    yield "evil pattern of classes", field("config.json", "images", "classes_from", value="((?:a+)+)+b")


def of_table() -> Iterator[tuple[str, Spoil]]:
    for label in ("1" + "0" * 30, "1000000000", "-1", "nan", "9" * 10_000):
        yield f"label of {label[:12]}", cell(2, label)
    yield "10^6 columns", table(lambda rows: [row.extend(["x"] * 10**6) for row in rows[:3]] and None)
    yield "10^6 rows", table(lambda rows: rows.extend([["name", "class", "0", "0"]] * 10**6))
    yield "a row short", table(lambda rows: rows.__delitem__(-1))
    yield "no rows", table(lambda rows: rows.__delitem__(slice(1, None)))
    yield "a cell of 10^8 letters", cell(0, "x" * 10**8)
    yield "a name that climbs out", cell(0, "../../../../etc/hostname")
    yield "images.csv is a pipe", pipe("images.csv")
    yield "images.csv is zeros", lambda run: (run / "images.csv").write_bytes(bytes(10**6))
    yield "images.csv is endless", link("images.csv", "/dev/zero")


def of_history() -> Iterator[tuple[str, Spoil]]:
    for value in ("x" * 10**6, None, [], {}, True, 10**40, -3):
        said = str(value)[:9]
        yield f"a step of {said}", step_line(step=value)
        yield f"seconds of {said} in the history", step_line(seconds=value)
        yield f"terms of {said}", step_line(mean=value)
        yield f"objective of {said}", step_line(mean={"objective": value, "reconstruction": 1.0, "kl": 1.0})
    yield "a deep line", more("history.jsonl", DEEP + "\n")
    yield "a line of 10^8 letters", more("history.jsonl", "x" * 10**8)
    yield "300,000 lines", more("history.jsonl", "{}\n" * 300_000)
    yield "history is a pipe", pipe("history.jsonl")
    yield "history is endless", link("history.jsonl", "/dev/zero")
    yield "history is a folder", folder("history.jsonl")


def of_others() -> Iterator[tuple[str, Spoil]]:
    for name in ("latest", "cover.png", "name.txt", "skipped.csv", "pictures.npy", "checksums.jsonl", "README.md"):
        yield f"{name} is a pipe", pipe(name)
        yield f"{name} is endless", link(name, "/dev/zero")
        yield f"{name} is a folder", folder(name)
    yield "latest climbs out", text("latest", "../../../../etc\n")
    yield "latest of 10^8 letters", text("latest", "x" * 10**8)
    npy = b"\x93NUMPY\x01\x00\x76\x00{'descr': '|u1', 'fortran_order': False, 'shape': (1099511627776, 16), }"
    yield "pictures.npy claims 2^40", lambda run: (run / "pictures.npy").write_bytes(npy.ljust(127) + b"\n")
    yield (
        "pictures.npy is a pickle",
        lambda run: (run / "pictures.npy").write_bytes(pickle.dumps(Payload(proof_of(run)))),
    )


def of_exploration() -> Iterator[tuple[str, Spoil]]:
    path = {"name": "a", "kind": "straight", "stops": [[0, 0, 0]] * 2}
    place = {"z": [0, 0, 0], "class": ""}
    yield "10^6 bookmarks", lambda run: exploration(bookmarks={str(n): place for n in range(10**6)})(run)
    yield "10^6 stops", lambda run: exploration(paths=[{**path, "stops": [[0, 0, 0]] * 10**6}])(run)
    yield "10^5 paths", lambda run: exploration(paths=[path] * 10**5)(run)
    yield "10^6 groups", lambda run: exploration(groups={str(n): [] for n in range(10**6)})(run)
    yield "a path of 10^12 frames", exploration(paths=[{**path, "frames": 10**12}])
    yield "a path of no kind", exploration(paths=[{**path, "kind": "x"}])
    yield "a place of text", exploration(z=["a", "b", "c"])
    yield "a place beyond all", exploration(z=[1e38, 1e38, 1e38])
    yield "a selection of numbers", exploration(selection=[1, 2, [3]])
    yield "a bookmark of nothing", exploration(bookmarks={"x": None})
