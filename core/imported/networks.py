"""An imported decoder and encoder, run by ONNX Runtime on NumPy's arrays; no PyTorch."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelError
from core.imported.settings import GraphSettings, ImportedSettings, Layout, Range
from core.onnx_runtime import open_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Labels = NDArray[np.int64]

LOWEST_LOG_VARIANCE = -1e4  # of a code without any: exp() of it is 0
_NO_MEMORY = ("bad_alloc", "AllocateRaw", "Failed to allocate", "SafeInt")  # sizes beyond 2⁶³ among them
_ENDS: dict[Range, tuple[float, float]] = {"0..1": (0.0, 1.0), "-1..1": (-1.0, 1.0), "0..255": (0.0, 255.0)}


def run_session(session: "InferenceSession", outputs: list[str], feed: dict[str, NDArray[Any]]) -> list[NDArray[Any]]:
    """What comes out of a graph; raises ModelError in place of ONNX Runtime's own errors, as the end of a sentence."""
    try:
        return list(session.run(outputs, feed))
    except Exception as error:  # ONNX Runtime's have no base of their own
        raise ModelError(f"it fails when it is run{_because(error)}") from error


def make_session(content: bytes) -> "InferenceSession":
    """A graph that can be run, on one core; raises ModelError, as the end of a sentence."""
    try:
        return open_session(content, 1)
    except Exception as error:
        raise ModelError(f"ONNX Runtime refuses it{_because(error)}") from error


def _because(error: Exception) -> str:
    """What ONNX Runtime says of it, without the places in its own code; raises MemoryError where that is what it is."""
    said = " ".join(str(error).split())
    if isinstance(error, MemoryError) or any(words in said for words in _NO_MEMORY):
        raise MemoryError from error
    where = re.search(r"while running (\w+) node", said)
    what = re.sub(r"\S*\w+\.(cc|h|cpp):\d+( \S+\(.*?\))?", "", said.rsplit(" : ", 1)[-1]).strip(" .")
    return f", in {where[1]}" if where else f" ({what[:200]})" if what else ""


class Network:
    """One graph with what is known of it: rows are given to it as many at a time as were tried."""

    def __init__(self, settings: GraphSettings, classes: int, content: bytes) -> None:
        self._settings, self._classes = settings, classes
        self._session = make_session(content)

    def run(self, rows: NDArray[Any], labels: Labels, outputs: list[str]) -> Iterator[list[NDArray[Any]]]:
        """The outputs of rows (M, *shape), a part of them at a time; each part has its labels (m,)."""
        settings = self._settings
        for start in range(0, len(rows), settings.rows):
            part, kinds = rows[start : start + settings.rows], labels[start : start + settings.rows]
            missing = settings.batch - len(part) if settings.batch else 0
            if missing > 0:
                part, kinds = (np.concatenate((each, np.repeat(each[-1:], missing, axis=0))) for each in (part, kinds))
            feed = {settings.input: np.ascontiguousarray(part, settings.kind)}
            if settings.told_as != "none":
                feed[settings.told] = self._told(kinds)
            found = run_session(self._session, outputs, feed)
            kept = len(part) - max(0, missing)
            if any(each.shape[:1] != (len(part),) for each in found):
                raise ModelError(f"of {len(part)} rows it makes {found[0].shape[:1]}")
            yield [each[:kept] for each in found]

    def _told(self, labels: Labels) -> NDArray[Any]:
        settings = self._settings
        if settings.told_as == "index":
            return labels.reshape(-1, *settings.told_shape).astype(settings.told_kind)
        return np.asarray(labels[:, None] == np.arange(self._classes), settings.told_kind)


class ImportedDecoder:
    """z → pictures. Any thread may use it."""

    def __init__(self, settings: ImportedSettings, content: bytes) -> None:
        self.latent_dims, self.image_shape = settings.latent_dims, settings.image_shape
        self._settings = settings
        self._network = Network(settings.decoder, settings.classes, content)

    def decode(self, z: Floats, label: int | Labels = 0) -> Pixels:
        """Pictures of latents (M, d), uint8 (M, H, W, C); `label` is the class of all, or the classes (M,)."""
        return np.asarray(np.rint(self.picture(z, label) * np.float32(255.0)), np.uint8)

    def picture(self, z: Floats, label: int | Labels = 0) -> Floats:
        """The same before it is rounded, in [0, 1]: what lies outside the range is cut off, what is no number black."""
        low, high = _ENDS[self._settings.range]
        span = np.float32(high - low)
        found = (self.raw(z, label) - np.float32(low)) / span
        return np.asarray(np.clip(np.nan_to_num(found, copy=False), 0.0, 1.0), np.float32)

    def raw(self, z: Floats, label: int | Labels = 0) -> Floats:
        """What the graph gives, (M, H, W, C), in its own range."""
        settings, labels = self._settings.decoder, np.array(np.broadcast_to(label, len(z)), np.int64)
        rows = np.asarray(z, np.float32).reshape(len(z), *settings.shape)
        parts = [
            channels_last(each[0].astype(np.float32), settings.layout, self.image_shape)
            for each in self._network.run(rows, labels, [settings.output])
        ]
        return np.concatenate(parts) if parts else np.zeros((0, *self.image_shape), np.float32)


class ImportedEncoder:
    """Pictures → codes and their log-variances. Any thread may use it."""

    def __init__(self, settings: ImportedSettings, content: bytes) -> None:
        assert settings.encoder is not None
        self._settings, self._graph, self._dims = settings, settings.encoder, settings.latent_dims
        self._network = Network(settings.encoder, settings.classes, content)

    def encode(self, pixels: Pixels, label: int | Labels = 0) -> tuple[Floats, Floats]:
        """Codes and log-variances, each (M, d), of uint8 (M, H, W, C); LOWEST_LOG_VARIANCE where it gives none."""
        graph, labels = self._graph, np.array(np.broadcast_to(label, len(pixels)), np.int64)
        low, high = _ENDS[self._settings.range]
        outputs = [graph.output] if graph.joined or graph.spread_as == "none" else [graph.output, graph.spread]
        codes, spreads = [], []
        for start in range(0, len(pixels), graph.rows):  # so that only so many lie there as floats
            part = slice(start, start + graph.rows)
            levels = pixels[part].astype(np.float32) * np.float32((high - low) / 255.0) + np.float32(low)
            rows = _as_layout(levels, graph.layout).reshape(-1, *graph.shape)
            for found in self._network.run(rows, labels[part], outputs):
                flat = [each.astype(np.float32).reshape(len(each), -1) for each in found]
                dims = self._dims if graph.joined else None
                code, spread = flat[0][:, :dims], flat[-1][:, dims:]
                codes.append(code)
                spreads.append(self._log_variance(spread))
        none = np.zeros((0, self._dims), np.float32)
        return np.concatenate([none, *codes]), np.concatenate([none, *spreads])

    def _log_variance(self, spread: Floats) -> Floats:
        tiny = np.finfo(np.float32).tiny
        match self._graph.spread_as:
            case "log-variance":
                return spread
            case "variance":
                return np.asarray(np.log(np.maximum(spread, tiny)), np.float32)
            case "deviation":
                return np.asarray(2.0 * np.log(np.maximum(spread, tiny)), np.float32)
            case _:
                return np.full_like(spread, LOWEST_LOG_VARIANCE)


def channels_last(found: Floats, layout: Layout, picture: tuple[int, int, int]) -> Floats:
    """What a graph gives, (M, …), as pictures (M, H, W, C)."""
    height, width, channels = picture
    if layout in ("NHWC", "NHW"):
        return found.reshape(len(found), height, width, channels)
    return found.reshape(len(found), channels, height, width).transpose(0, 2, 3, 1)


def _as_layout(pictures: Floats, layout: Layout) -> Floats:
    """Pictures (M, H, W, C) as a graph takes them."""
    return pictures if layout in ("NHWC", "NHW") else pictures.transpose(0, 3, 1, 2)
