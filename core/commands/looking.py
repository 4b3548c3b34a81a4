"""`scan`, `inspect` and `datasets`: what there is, without changing anything."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tyro.conf import Positional

from core.commands.parsing import parse
from core.commands.progress import duration, shown_progress
from core.config import ImagesConfig
from core.reports import RunOpened, Skipped

if TYPE_CHECKING:
    from core.images.image_set import ImageSet

EXAMPLES = 3  # files named for each reason
DIMS_SHOWN = 12


@dataclass(frozen=True)
class ScanFlags:
    """Say which files of DATA would be used, and which would be skipped and why."""

    data: Positional[str]
    """A folder of images (sub-folders are classes), or the name of an image set."""
    json: bool = False
    """Print the result as one JSON object, with every skipped file."""
    images: ImagesConfig = field(default_factory=ImagesConfig)


@dataclass(frozen=True)
class InspectFlags:
    """Say what a run learned from, how far it is and how good it is."""

    run: Positional[Path]
    """The run's folder."""
    json: bool = False
    """Print the result as one JSON object, with the whole configuration."""


@dataclass(frozen=True)
class DatasetsFlags:
    """List the image sets that are known by name."""

    json: bool = False
    """Print the list as one JSON object."""


def scan(words: Sequence[str]) -> None:
    """Decode everything once, as training would; a training of the same images then starts at once."""
    flags = parse(ScanFlags, "scan", words)
    from core.commands.sources import read_images, source_of

    with shown_progress() as show:
        image_set = read_images(source_of(flags.data), flags.images, show)
    classes = _count(image_set.labels.tolist(), image_set.classes)
    if flags.json:
        skipped = [asdict(each) for each in image_set.skipped]
        print(json.dumps({"used": len(image_set), "skipped": skipped, "classes": classes}))
    else:
        print("\n".join([*_used(image_set, classes), *_skipped(image_set.skipped)]))


def inspect(words: Sequence[str]) -> None:
    """A run, read back from its folder."""
    flags = parse(InspectFlags, "inspect", words)
    from core.latent.opening import open_run
    from core.training.checkpoints import newest_manifest
    from core.training.run_folder import read_images as read_table

    opened = open_run(flags.run)
    held_out = int(read_table(flags.run).held_out.sum())
    facts = _facts(opened, held_out, float(newest_manifest(flags.run).get("seconds", 0.0)))
    print(json.dumps(facts) if flags.json else "\n".join(_described(facts)))


def datasets(words: Sequence[str]) -> None:
    """Every named set, and how to get those that are not on this machine."""
    flags = parse(DatasetsFlags, "datasets", words)
    from core.images.named_sets import list_named_sets

    sets = list_named_sets()
    if flags.json:
        print(json.dumps({each.name: asdict(each) for each in sets}))
        return
    width = max(len(each.name) for each in sets)
    for each in sets:
        print(f"{each.name:{width}}  {each.description}")
        if not each.available:
            print(f"{'':{width}}  {each.how_to_get}")


def _count(labels: Iterable[int], classes: Sequence[str]) -> dict[str, int]:
    counts = Counter(labels)
    return {name: counts[label] for label, name in enumerate(classes)}


def _used(image_set: "ImageSet", classes: dict[str, int]) -> Iterator[str]:
    height, width, channels = image_set.shape
    colour = "grey" if channels == 1 else "colour"
    yield f"{image_set.source}: {len(image_set):,} images, {width} × {height}, {colour}"
    yield f"{int(image_set.held_out.sum()):,} of them held out to test on"
    for name, count in classes.items():
        yield f"  {count:7,}  {name}"


def _skipped(skipped: Sequence[Skipped]) -> Iterator[str]:
    if not skipped:
        yield "No file is skipped"
        return
    yield f"{len(skipped):,} skipped:"
    for reason, count in Counter(each.reason for each in skipped).most_common():
        yield f"  {count:7,}  {reason}"
        for each in [each for each in skipped if each.reason == reason][:EXAMPLES]:
            yield f"           {each.path}" + (f" ({each.detail})" if each.detail else "")
        if count > EXAMPLES:
            yield f"           and {count - EXAMPLES:,} more"


def _facts(opened: RunOpened, held_out: int, seconds: float) -> dict[str, Any]:
    space = opened.latent_space
    last = opened.held_out[-1] if opened.held_out else None
    return {
        "run": str(opened.run.absolute()),
        "source": opened.config.source,
        "images": len(opened.names),
        "held_out": held_out,
        "classes": _count(opened.labels.tolist(), opened.classes),
        "image_shape": space.image_shape,
        "step": space.step,
        "epochs": opened.steps[-1].epoch if opened.steps else 0.0,
        "seconds": seconds,
        "finished": opened.finished,
        "parameters": sum(parameter.numel() for parameter in space.vae.parameters()),
        "terms": None if last is None else {**asdict(last.terms), "step": last.step, "images": last.images},
        "kl_per_dim": space.kl_per_dim.tolist(),
        "config": opened.config.model_dump(mode="json"),
    }


def _described(facts: dict[str, Any]) -> Iterator[str]:
    height, width, channels = facts["image_shape"]
    model, state = facts["config"]["model"], "finished" if facts["finished"] else "not finished"
    yield f"{facts['run']}: {state}"
    yield f"images     {facts['images']:,} of {width} × {height} × {channels}, {facts['held_out']:,} held out"
    yield f"           from {facts['source']}"
    yield f"classes    {', '.join(facts['classes'])}"
    yield (
        f"model      {model['network']}, width {model['width']}, {model['latent_dims']} latent dimensions, "
        f"{model['likelihood']}, {facts['parameters']:,} parameters"
    )
    yield f"training   {facts['step']:,} steps, {facts['epochs']:.1f} epochs, {duration(facts['seconds'])}"
    if (terms := facts["terms"]) is not None:
        yield (
            f"held out   objective {terms['objective']:,.2f}, reconstruction {terms['reconstruction']:,.2f}, "
            f"KL {terms['kl']:,.2f} nats per image (step {terms['step']:,}, {terms['images']:,} images)"
        )
    kl = sorted(facts["kl_per_dim"], reverse=True)
    more = f" and {len(kl) - DIMS_SHOWN:,} more" if len(kl) > DIMS_SHOWN else ""
    yield f"KL         {'  '.join(f'{nats:.2f}' for nats in kl[:DIMS_SHOWN])}{more} nats, a latent dimension each"
