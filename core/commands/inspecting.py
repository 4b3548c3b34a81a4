"""`inspect`: what a run learned and how well."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tyro.conf import Positional

from core.byte_sizes import bytes_said
from core.commands.inspecting_imported import facts_of_imported, imported_in_words
from core.commands.parsing import parse
from core.commands.progress import duration
from core.errors import RunError
from core.evaluation.diagnosis import diagnose, too_early
from core.imported.settings import ImportedRunConfig
from core.latent.reports import RunOpened
from core.shell_line import shell_line
from core.training.clock import epochs_at
from core.training.model_card import unusual_choices

DIMS_SHOWN = 12


@dataclass(frozen=True)
class InspectFlags:
    """Say what a run learned from, how far it is and how good it is."""

    run: Positional[Path]
    """The run's folder."""
    json: bool = False
    """Print the result as one JSON object, with the whole configuration."""


def inspect(words: Sequence[str]) -> None:
    """A run, read back from its folder."""
    flags = parse(InspectFlags, "inspect", words)
    from core.latent.open_run import open_run
    from core.training.checkpoints import newest_manifest
    from core.training.damage import all_damages_of
    from core.training.moment_files import moments_of

    opened = open_run(flags.run)
    if isinstance(opened.config, ImportedRunConfig):
        found = facts_of_imported(opened, opened.config, all_damages_of(flags.run))
        print(json.dumps(found) if flags.json else "\n".join(imported_in_words(found)))
        return
    facts = _facts(opened, float(newest_manifest(flags.run).get("seconds", 0.0)), all_damages_of(flags.run))
    with suppress(RunError):  # that they cannot be read is among the damages
        facts["moments"] = [asdict(each) for each in moments_of(flags.run)]
    print(json.dumps(facts) if flags.json else "\n".join(_described(facts)))


def _count(labels: Iterable[int], classes: Sequence[str]) -> dict[str, int]:
    counts = Counter(labels)
    return {name: counts[label] for label, name in enumerate(classes)}


def _facts(opened: RunOpened, seconds: float, damages: Sequence[str]) -> dict[str, Any]:
    space, held_out = opened.latent_space, int(opened.is_held_out.sum())
    last = opened.held_out[-1] if opened.held_out else None
    learned_from = len(opened.names) - held_out
    told = (opened.config, opened.steps, opened.held_out, space.kl_per_dim, learned_from, opened.untrained)
    findings = diagnose(*told)
    return {
        "run": str(opened.run.absolute()),
        "source": opened.config.source,
        "images": len(opened.names),
        "held_out": held_out,
        "classes": _count(opened.labels.tolist(), opened.classes),
        "image_shape": space.image_shape,
        "step": space.step,
        "epochs": epochs_at(opened.config, learned_from, space.step),
        "seconds": seconds,
        "finished": opened.finished,
        "parameters": sum(parameter.numel() for parameter in space.vae.parameters()),
        "terms": None if last is None else {**asdict(last.terms), "step": last.step, "images": last.images},
        "kl_per_dim": space.kl_per_dim.tolist(),
        "findings": [asdict(finding) for finding in findings],
        "too_early": too_early(opened.steps),
        "choices": list(unusual_choices(opened.config)),
        "damages": list(damages),
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
    if facts["choices"]:
        yield f"           {', '.join(facts['choices'])}"
    yield f"training   {facts['step']:,} steps, {facts['epochs']:.1f} epochs, {duration(facts['seconds'])}"
    if (terms := facts["terms"]) is not None:
        yield (
            f"held out   objective {terms['objective']:,.2f}, reconstruction {terms['reconstruction']:,.2f}, "
            f"KL {terms['kl']:,.2f} nats per image (step {terms['step']:,}, {terms['images']:,} images)"
        )
    if moments := facts.get("moments"):
        size = bytes_said(sum(each["bytes"] for each in moments))
        yield f"moments    {len(moments)}, from step {moments[0]['step']:,} to {moments[-1]['step']:,}, {size}"
    kl = sorted(facts["kl_per_dim"], reverse=True)
    more = f" and {len(kl) - DIMS_SHOWN:,} more" if len(kl) > DIMS_SHOWN else ""
    yield f"KL         {'  '.join(f'{nats:.2f}' for nats in kl[:DIMS_SHOWN])}{more} nats, a latent dimension each"
    if facts["damages"]:
        yield f"files      {'; '.join(facts['damages'])}: `latentscape mend {shell_line([facts['run']])}` mends it"
    if facts["too_early"]:
        yield f"found      {facts['too_early']}"
    for finding in facts["findings"]:
        yield f"found      {finding['name']}: {finding['sentence']}"
        yield f"           {finding['remedy']}"
