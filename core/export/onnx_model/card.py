"""The card beside the graphs, in the layout of model hubs: what they are, what goes in and out, how to run them."""

import json
from collections.abc import Iterator, Sequence

from core.config import RunConfig
from core.export.onnx_model.parts import Part
from core.export.onnx_model.snippet import snippet
from core.export.shared_copy import without_place
from core.latent.latent_space import LatentSpace
from core.latent.reports import RunOpened
from core.reports.export import Compared
from core.reports.training import TrainingDone
from core.training.checkpoints import newest_manifest
from core.training.clock import epochs_at
from core.training.model_card import described

MOST_LISTED = 100  # classes in the card; the graphs name them all
_FIT = {
    "crop": "cut to a square in the middle and scaled",
    "pad": "scaled and padded to a square",
    "stretch": "stretched to a square and scaled",
}
_HEAD = """\
---
library_name: onnx
tags:
  - latentscape
  - variational-autoencoder
---"""


def card(opened: RunOpened, parts: Sequence[Part], compared: Compared, opset: int) -> str:
    """The text of `README.md`; it names no place on this machine."""
    space, config = opened.latent_space, without_place(opened.config)
    said = compared.in_words
    lines = (
        _HEAD,
        "",
        f"# {opened.name}",
        "",
        *described(config, _learned(opened)),
        f"- Checkpoint: step {space.step:,}, the sha256 of its weights is `{space.fingerprint}`",
        "",
        "## Graphs",
        "",
        f"Of ONNX, opset {opset}: they need neither Latentscape nor PyTorch. N is any number of images.",
        "",
        *_table(parts),
        "",
        *_remarks(space, config),
        f"- {said[0].upper()}{said[1:]}, of 1 or of the number itself where that is larger.",
        "- Each graph says in its metadata how images are to be made, which model it is, and the names of all classes.",
        "",
        "## Use",
        "",
        *_classes(space),
        "```python",
        snippet(space, config),
        "```",
        "",
    )
    return "\n".join(lines)


def _learned(opened: RunOpened) -> TrainingDone:
    """What the run's own card said when it was last saved."""
    step = opened.latent_space.step
    epochs = epochs_at(opened.config, int((~opened.is_held_out).sum()), step)
    seconds = float(newest_manifest(opened.run).get("seconds", 0.0))
    terms = opened.held_out[-1].terms if opened.held_out else None
    return TrainingDone(opened.run, step, epochs, seconds, 0.0, terms)


def _table(parts: Sequence[Part]) -> Iterator[str]:
    yield "| graph | name | | numbers | shape | what it is |"
    yield "|---|---|---|---|---|---|"
    for part in parts:
        shapes = {name: tuple(each.shape[1:]) for name, each in part.inputs.items()}
        for way, ports in (("in", shapes), ("out", part.outputs)):
            for name, shape in ports.items():
                numbers = "int64" if name == "label" else "float32"
                sizes = ", ".join(map(str, ("N", *shape)))
                yield f"| {part.name}.onnx | {name} | {way} | {numbers} | {sizes} | {part.said[name]} |"


def _remarks(space: LatentSpace, config: RunConfig) -> Iterator[str]:
    """What somebody must know who feeds the graphs."""
    size, _, channels = space.image_shape
    colours = "red, green and blue" if channels == 3 else "grey"
    yield (
        f"- Images are {colours}, from 0, black, to 1, {_FIT[config.images.fit]} to {size} × {size} pixels; what shows "
        f"through transparency is {config.images.background}."
    )
    if space.vae.flow is not None:
        yield (
            "- The posterior is a flow: `mean` and `log_variance` are those of the Gaussian that it bends, and `code` "
            "is where it takes that mean."
        )
    if space.conditional == "completion":
        yield (
            "- It completes images: the decoder is given the visible part beside z, and the prior says where z may lie "
            "for it. What is not visible is not looked at by either."
        )
    if config.training.objective == "autoencoder":
        yield "- It is a plain autoencoder: nothing holds its codes near N(0, I), and `log_variance` was never learned."


def _classes(space: LatentSpace) -> Iterator[str]:
    """Which label is which class, where the graphs ask for one."""
    if space.conditional != "class":
        return
    shown = [json.dumps(each, ensure_ascii=False) for each in space.classes[:MOST_LISTED]]
    more = len(space.classes) - len(shown)
    yield (
        "Labels: "
        + ", ".join(f"{label} is {name}" for label, name in enumerate(shown))
        + (f", and {more:,} more, which the metadata names." if more else ".")
    )
    if space.unlearned:
        unlearned = ", ".join(map(str, sorted(space.unlearned)[:MOST_LISTED]))
        yield f"It learned from no image of these: {unlearned}."
    yield ""
