"""The lines of Python in a card that run its graphs: NumPy, Pillow and ONNX Runtime, and nothing of this program."""

import json
from collections.abc import Iterator

from core.config import RunConfig
from core.latent.latent_space import LatentSpace

_BEGINNING = """\
import os

import numpy as np
from PIL import Image, ImageOps

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # else newer releases of ONNX Runtime report how they are used
import onnxruntime
"""
_FIT = {
    "crop": "ImageOps.fit(picture, ({size}, {size}), Image.Resampling.BICUBIC)",
    "pad": 'ImageOps.pad(picture, ({size}, {size}), Image.Resampling.BICUBIC, "{background}")',
    "stretch": "picture.resize(({size}, {size}), Image.Resampling.BICUBIC)",
}
_END = """
pixels = (decoded[0].transpose(1, 2, 0) * 255).round().astype(np.uint8)
Image.fromarray(pixels.squeeze()).save("decoded.png")"""


def snippet(space: LatentSpace, config: RunConfig) -> str:
    """A script that encodes `picture.png` and decodes it again, or completes it where the model does that."""
    completes = space.conditional == "completion"
    work = _completed(space) if completes else _decoded(space)
    return "\n".join((*_sessions(completes), *_image(space, config), *work, _END))


def _sessions(completes: bool) -> Iterator[str]:
    yield _BEGINNING
    for name in ("prior", "decoder") if completes else ("encoder", "decoder"):
        yield f'{name} = onnxruntime.InferenceSession("{name}.onnx", providers=["CPUExecutionProvider"])'
    yield ""


def _image(space: LatentSpace, config: RunConfig) -> Iterator[str]:
    size, _, channels = space.image_shape
    fitted = _FIT[config.images.fit].format(size=size, background=config.images.background)
    yield 'picture = ImageOps.exif_transpose(Image.open("picture.png")).convert("RGB")'
    yield f"picture = {fitted}" + ("" if channels == 3 else '.convert("L")')
    yield (
        f"image = np.asarray(picture, np.float32).reshape(1, {size}, {size}, {channels}).transpose(0, 3, 1, 2) / 255"
    )


def _decoded(space: LatentSpace) -> Iterator[str]:
    code, label = "mean" if space.vae.flow is None else "code", ""
    if space.conditional == "class":
        name = json.dumps(space.classes[space.label]) if space.classes else "the only one"
        yield f"label = np.array([{space.label}], np.int64)  # {name}, by its place in the list of classes"
        label = ', "label": label'
    yield ""
    yield f'code = encoder.run(["{code}"], {{"image": image{label}}})[0]'
    yield f'decoded = decoder.run(["picture"], {{"z": code{label}}})[0]'


def _completed(space: LatentSpace) -> Iterator[str]:
    size = space.image_shape[0]
    yield f"visible = np.zeros((1, 1, {size}, {size}), np.float32)"
    yield f"visible[..., : {size // 2}] = 1  # the left half is given, the right half is drawn"
    yield ""
    yield 'mean, log_variance = prior.run(["mean", "log_variance"], {"image": image, "visible": visible})'
    yield "z = mean + np.exp(log_variance / 2) * np.random.default_rng(0).standard_normal(mean.shape, np.float32)"
    yield 'decoded = decoder.run(["picture"], {"z": z, "image": image, "visible": visible})[0]'
    yield "decoded = np.where(visible, image, decoded)"
