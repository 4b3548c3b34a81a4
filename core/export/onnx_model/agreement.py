"""Whether graphs of ONNX do what the model does: both are asked for the same images, and must say the same."""

from collections.abc import Callable, Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import RunError
from core.model.conditions import Given
from core.model.tensor_model import to_tensor
from core.model.vae import VAE
from core.onnx_runtime import open_session
from core.training.masks import fixed_masks

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Arrays = Mapping[str, NDArray[np.generic]]
Ask = Callable[[str, Arrays], dict[str, Floats]]  # a part by its name, and its inputs

TOLERANCE = 1e-4  # of 1, or of the number itself where that is larger


@torch.inference_mode()
def largest_difference(vae: VAE, graphs: Mapping[str, bytes], pixels: Pixels | None, made_up: int) -> float:
    """How far ONNX Runtime is from PyTorch at most, over all that the graphs of a frozen model put out.

    Of images uint8 (n, H, W, C); without them of so many pictures of codes drawn from N(0, I). The first goes through
    alone and the others at once, so that the graphs show that they take any number.
    Raises RunError when they differ by more than TOLERANCE.
    """
    count = made_up if pixels is None else len(pixels)
    given = _given(vae, count)
    x = _drawn(vae, given, count) if pixels is None else to_tensor(pixels)
    known = {"label": given.labels, "visible": given.visible}
    arrays = {name: each.numpy() for name, each in known.items() if each is not None}
    ask, image = _runtime(graphs), x.contiguous().numpy()
    posterior = vae.posterior(x, given)
    expected = {"mean": posterior.mean, "log_variance": posterior.log_variance, "code": posterior.code}
    picture = {"picture": vae.mean_image(posterior.code, vae.condition(x, given))}
    differences = [
        _difference(ask("encoder", {"image": image, **arrays}), expected),
        _difference(ask("decoder", {"z": posterior.code.numpy(), "image": image, **arrays}), picture),
    ]
    if "prior" in graphs:
        prior = vae.prior(x, given)._asdict()
        differences.append(_difference(ask("prior", {"image": image, **arrays}), prior))
    largest = max(differences)
    if not largest <= TOLERANCE:
        raise RunError(
            f"The model was not exported: on {count} images ONNX Runtime and PyTorch differ by up to {largest:.2g}, "
            f"and {TOLERANCE:g} is allowed."
        )
    return largest


def _given(vae: VAE, count: int) -> Given:
    """Every class in turn; the parts of images that a model of completion is tested with."""
    if vae.conditional == "class":
        return Given(labels=torch.linspace(0, vae.classes - 1, count).round().long())
    if vae.conditional == "completion":
        height, width, _ = vae.image_shape
        return Given(visible=torch.from_numpy(fixed_masks(np.arange(count), height, width)))
    return Given()


def _drawn(vae: VAE, given: Given, count: int) -> torch.Tensor:
    """Pictures (count, C, H, W) that the model makes of codes from N(0, I); always the same ones."""
    height, width, channels = vae.image_shape
    z = torch.randn(count, vae.latent_dims, generator=torch.Generator().manual_seed(0))
    grey = torch.full((count, channels, height, width), 0.5)
    return vae.mean_image(z, vae.condition(grey, given))


def _runtime(graphs: Mapping[str, bytes]) -> Ask:
    sessions = {name: open_session(graph, torch.get_num_threads()) for name, graph in graphs.items()}

    def ask(part: str, inputs: Arrays) -> dict[str, Floats]:
        session = sessions[part]
        names = [each.name for each in session.get_outputs()]
        taken = [each.name for each in session.get_inputs()]
        one, others = ({name: inputs[name][rows] for name in taken} for rows in (slice(1), slice(1, None)))
        found = [session.run(names, each) for each in (one, others)]
        return {name: np.concatenate(both) for name, *both in zip(names, *found, strict=True)}

    return ask


def _difference(found: Mapping[str, Floats], expected: Mapping[str, torch.Tensor]) -> float:
    """The largest of |a − b| / max(1, |b|) over all that was found; infinite where one is no number."""
    largest = 0.0
    for name, values in found.items():
        wanted = expected[name].numpy()
        if not (np.isfinite(values).all() and np.isfinite(wanted).all()):
            return float("inf")
        largest = max(largest, float((np.abs(values - wanted) / np.maximum(1.0, np.abs(wanted))).max()))
    return largest
