"""Files that hold a model in another way than ONNX: told by what they hold, and what makes an ONNX file of them."""

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from core.bounded_read import open_regular
from core.imported.graph import is_onnx
from core.written_paths import said

HEAD = 4096  # bytes that tell what a file is
MOST_BYTES = 1 << 40
_EXPORT = (
    'torch.onnx.export(decoder.eval(), (torch.zeros(2, latent_dims),), "decoder.onnx", dynamic_shapes=({0: "N"},), '
    "external_data=False)"
)
_OLD_EXPORT = (
    'torch.onnx.export(decoder.eval(), (torch.zeros(2, latent_dims),), "decoder.onnx", input_names=["z"], '
    'dynamic_axes={"z": {0: "N"}}, dynamo=False)'
)
_REFUSALS = {
    "pickle": f"is a pickle, which can run code when it is opened: where it was trained, export it by {_EXPORT}",
    "weights": f"holds weights without their network: where it was trained, export both as ONNX by {_EXPORT}",
    "TorchScript": f'is TorchScript, which is not run here: export it by decoder = torch.jit.load("…"); {_OLD_EXPORT}',
    "torch.export": f"is torch.export's, which is not run here: export it by decoder = torch.export.load("
    f'"…").module(); {_EXPORT.replace(".eval()", "")}',
}


def is_model(path: Path) -> bool:
    """Whether a file holds a model that was trained elsewhere, one that can be opened or not, whatever it is called."""
    return _is_onnx(path) or bool(foreign_kind(path))


def refusal(path: Path) -> str:
    """Why a file that is no ONNX model cannot be opened as one, in a sentence that says what to do."""
    return f"{said(path)} {_REFUSALS.get(foreign_kind(path), 'is no ONNX model.')}"


def foreign_kind(path: Path) -> str:
    """How a file that is no ONNX keeps a model: pickle, TorchScript, torch.export, weights; empty for all others."""
    head = _head(path)
    if head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        return "pickle"
    if head[8:10] == b'{"' and int.from_bytes(head[:8], "little") < MOST_BYTES:
        return "weights"  # safetensors
    return _kind_of_archive(path) if head[:4] == b"PK\x03\x04" else ""


def _kind_of_archive(path: Path) -> str:
    try:
        with open_regular(path, MOST_BYTES) as file, ZipFile(file) as archive:
            names = archive.namelist()
    except (OSError, BadZipFile, ValueError, NotImplementedError):
        return ""
    inside = {name.split("/", 1)[-1] for name in names}
    if {"archive_format", "serialized_exported_program.json"} & inside:
        return "torch.export"
    if "data.pkl" not in inside:
        return ""
    return "TorchScript" if any(name.startswith("code/") for name in inside) else "pickle"


def _is_onnx(path: Path) -> bool:
    return is_onnx(_head(path))


def _head(path: Path) -> bytes:
    try:
        with open_regular(path, MOST_BYTES) as file:
            return file.read(HEAD)
    except OSError:
        return b""
