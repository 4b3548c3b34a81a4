"""What `inspect` says of a run that was trained elsewhere."""

from collections.abc import Iterator, Sequence
from typing import Any

from core.imported.settings import DECODER, ENCODER, NO_IMAGES, ImportedRunConfig
from core.latent.reports import RunOpened
from core.shell_line import shell_line


def facts_of_imported(opened: RunOpened, config: ImportedRunConfig, damages: Sequence[str]) -> dict[str, Any]:
    """For `--json`."""
    space, settings = opened.latent_space, config.imported
    return {
        "run": str(opened.run.absolute()),
        "kind": "imported",
        "source": config.source,
        "images": 0 if space.are_samples else len(opened.names),
        "samples": len(opened.names) if space.are_samples else 0,
        "classes": list(space.classes),
        "image_shape": space.image_shape,
        "latent_dims": space.latent_dims,
        "kl_per_dim": None if not settings.knows_kl else space.kl_per_dim.tolist(),
        "damages": list(damages),
        "config": config.model_dump(mode="json"),
    }


def imported_in_words(facts: dict[str, Any]) -> Iterator[str]:
    """The same in lines."""
    height, width, channels = facts["image_shape"]
    settings = facts["config"]["imported"]
    size = f"{width} × {height} × {channels}"
    yield f"{facts['run']}: trained elsewhere"
    if facts["source"] == NO_IMAGES:
        yield f"dots       {facts['samples']:,} samples of the prior, of {size}: it has no encoder"
    else:
        yield f"images     {facts['images']:,} of {size}; which of them it learned from is not known"
        yield f"           from {facts['source']}"
    if facts["classes"]:
        yield f"classes    {', '.join(facts['classes'])}"
    yield f"model      {facts['latent_dims']:,} latent dimensions, run by ONNX Runtime"
    for name, graph in ((DECODER, settings["decoder"]), (ENCODER, settings["encoder"])):
        if graph is not None:
            yield f"           {name}, sha256 {graph['sha256']}"
    for name, why in settings["why"].items():
        yield f"{name:10} {why}"
    if facts["damages"]:
        yield f"files      {'; '.join(facts['damages'])}: `latentscape mend {shell_line([facts['run']])}` mends it"
