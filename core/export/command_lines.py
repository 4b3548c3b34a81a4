"""Command lines that make again what was seen in the window."""

import shlex
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.exploration import LatentPath
from core.shell_line import shell_line

MOST_NUMBERS = 4096  # of a text that may be a latent


def decode_command(
    run: Path, z: NDArray[np.float32], class_name: str = "", out: str = "picture.png", moment: int | None = None
) -> str:
    """The line for a shell that decodes z (d,) into the very file that the window saves, byte for byte.

    `class_name` is empty for a model that knows no classes; `moment` is the step that it was looked back at. Quoted for
    the shells of this system.
    """
    words = ["latentscape", "decode", str(run), "--z", *(_number(each) for each in np.asarray(z, np.float32))]
    if class_name:
        words.append(f"--class={class_name}")  # in one word: a name may begin with a dash
    if moment is not None:
        words += ["--moment", str(moment)]
    return shell_line([*words, "--out", out])


def z_in(text: str) -> NDArray[np.float32] | None:
    """The latent (d,) that a text is, as "0.52 -1.2", or that a decode command names; None for any other text."""
    words = text.replace(",", " ").split()
    if "--z" in words:
        with suppress(ValueError):  # a quote that is never closed
            words = shlex.split(text)
        words = words[words.index("--z") + 1 :]
        flags = [place for place, word in enumerate(words) if word.startswith("--")]
        words = words[: flags[0]] if flags else words
    try:
        z = np.array([float(word) for word in words[:MOST_NUMBERS]], np.float32)
    except (ValueError, OverflowError):
        return None
    return z if len(z) and np.isfinite(z).all() else None


def _number(value: np.float32) -> str:
    """The shortest that is read back as the same float32; without an exponent, which would look like a flag."""
    return np.format_float_positional(value, unique=True, trim="0")


def history_command(
    run: Path, image: str, z: NDArray[np.float32] | None, class_name: str = "", out: str = "learning.mp4"
) -> str:
    """The line for a shell that films a training: the very file that the window saves, byte for byte.

    It follows an image by its name, or z (d,) where that is empty.
    """
    words = ["latentscape", "history", str(run)]
    if image:
        words.append(f"--image={image}")
    elif z is not None:
        words += ["--z", *(_number(each) for each in np.asarray(z, np.float32))]
    if class_name:
        words.append(f"--class={class_name}")
    return shell_line([*words, "--out", out])


def film_command(
    run: Path, path: LatentPath, fps: float = 25.0, out: str = "walk.gif", moment: int | None = None
) -> str:
    """The line for a shell that films a path: the very file that the window saves, byte for byte."""
    stops = ";".join(",".join(map(_number, stop)) for stop in np.asarray(path.stops, np.float32))
    words = ["latentscape", "film", str(run), f"--stops={stops}", f"--kind={path.kind}", f"--frames={path.frames}"]
    words += [flag for flag, is_on in (("--loop", path.is_loop), ("--even", path.is_even)) if is_on]
    if fps != 25.0:
        words.append(f"--fps={fps:g}")
    if path.class_name:
        words.append(f"--class={path.class_name}")
    if moment is not None:
        words += ["--moment", str(moment)]
    return shell_line([*words, "--out", out])


def export_command(run: Path, out: Path) -> str:
    """The line for a shell that exports the model of a run into the very files that the window writes."""
    return shell_line(["latentscape", "export", str(run), "--to", "onnx", "--out", str(out)])
