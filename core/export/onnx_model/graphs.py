"""One part of a model, traced by PyTorch's exporter, as the bytes of a graph of ONNX that describes itself."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch

from core.config import RunConfig
from core.errors import ConfigError, RunError
from core.export.onnx_model.parts import Part
from core.latent.latent_space import LatentSpace
from core.model.vae import VAE
from core.version import app_version

if TYPE_CHECKING:
    from onnx import ModelProto

PRODUCER = "latentscape"
MOST_BYTES = 2_000_000_000  # of weights in one file, which protobuf limits to 2 GiB


def check_size(vae: VAE) -> None:
    """Raise ConfigError for a model that no file of ONNX can hold: before minutes of work."""
    sizes = {name: sum(each.nbytes for each in network.parameters()) for name, network in vae.named_children()}
    largest = sum(sizes.values()) - min(sizes["encoder"], sizes["decoder"])  # what is beside them may be in both graphs
    if largest > MOST_BYTES:
        raise ConfigError(
            f"This model is too large for ONNX: its weights take {largest / 1e9:.1f} GB, and a file holds at most "
            f"{MOST_BYTES / 1e9:.1f} GB. Train one with a smaller width."
        )


def facts_of(space: LatentSpace, config: RunConfig) -> dict[str, str]:
    """What each graph's metadata says: how images are to be made, and which model of which checkpoint this is."""
    height, _, channels = space.image_shape
    model, images = config.model, config.images
    return {
        "latentscape": app_version(),
        "checkpoint_sha256": space.fingerprint,
        "step": str(space.step),
        "image_size": str(height),
        "channels": str(channels),
        "colours": "RGB" if channels == 3 else "grey",
        "layout": "NCHW",
        "range": "[0, 1]",
        "fit": images.fit,
        "background": images.background,
        "latent_dims": str(space.latent_dims),
        "network": model.network,
        "likelihood": model.likelihood,
        "posterior": model.posterior,
        "conditional": model.conditional,
        "objective": config.training.objective,
        "classes": json.dumps(space.classes),  # escaped: the bytes of a folder's name may be no text
    }


def to_onnx(part: Part, facts: Mapping[str, str], opset: int) -> bytes:
    """The graph of a part, for any number of images at once; raises RunError where PyTorch cannot trace it.

    Nothing in it says where this program lies on this machine, as PyTorch's own notes of each node do.
    """
    batch = torch.export.Dim("batch")
    first = next(iter(part.inputs))
    sizes = {name: {0: batch if name == first else torch.export.Dim.DYNAMIC} for name in part.inputs}
    try:
        program = torch.onnx.export(
            part.network.eval(),
            kwargs=part.inputs,
            dynamo=True,
            input_names=list(part.inputs),
            output_names=list(part.outputs),
            dynamic_shapes=sizes,
            opset_version=opset,
            external_data=False,
            verbose=False,
        )
    except torch.onnx.errors.OnnxExporterError as error:
        reason = str(error).strip().split("\n", 1)[0]
        raise RunError(f"PyTorch {torch.__version__} cannot export the {part.name} to ONNX: {reason}") from error
    assert program is not None  # with dynamo it always returns one
    graph: bytes = _described(program.model_proto, part, facts).SerializeToString()
    return graph


def _described(model: "ModelProto", part: Part, facts: Mapping[str, str]) -> "ModelProto":
    """The same, with what it is in words instead of PyTorch's notes; checked against the rules of ONNX."""
    import onnx

    graph = model.graph
    for each in (graph, *graph.node, *graph.initializer, *graph.value_info, *graph.input, *graph.output):
        _forget_notes(each)
    model.producer_name, model.producer_version = PRODUCER, app_version()
    graph.name = part.name
    for each in (*graph.input, *graph.output):
        each.doc_string = part.said[each.name]
    onnx.helper.set_model_props(model, dict(facts))
    onnx.checker.check_model(model)
    return model


def _forget_notes(each: Any) -> None:
    each.ClearField("metadata_props")
    each.ClearField("doc_string")
