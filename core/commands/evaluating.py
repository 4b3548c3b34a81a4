"""`evaluate`: how good a run is, in nats per image."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from tyro.conf import Positional

from core.commands.parsing import ReadAnew, parse
from core.commands.progress import Show, say, shown_progress
from core.commands.usage import UsageError
from core.reports.evaluation import Evaluated, SamplesJudged
from core.torchrun import launched

DRAWN = {"normal": "the model's prior", "mixture": "Gaussians fitted to the codes"}
FEWEST_SAMPLES, MOST_SAMPLES = 2, 1_000_000
DIMS_SHOWN = 12


@dataclass(frozen=True)
class EvaluateFlags:
    """Say how good a run is on images it did not learn from, in nats per image."""

    run: Positional[Path]
    """The run's folder."""
    data: str | None = None
    """A folder of images, or the name of an image set, to use all of; else the images that the run held out.

    The run's own folder, if it has moved, is known again and remembered."""
    importance_samples: int = 64
    """Samples an image that log p(x) is estimated from: more are slower and closer (Burda et al. 2016)."""
    images: int | None = None
    """Use at most so many images, evenly spread."""
    judge_samples: bool = False
    """Draw 1,000 pictures and judge them without the encoder: are they copies, are they off, is a class missing."""
    prior: Literal["auto", "normal", "mixture"] = "auto"
    """Where the pictures to judge are drawn from, as in `latentscape sample`: normal is the textbook's N(0, I)."""
    download: bool = False
    """Fetch DATA first when it is a named set that is not on this machine."""
    read_anew: ReadAnew = False
    json: bool = False
    """Print the result as one JSON object."""


def evaluate(words: Sequence[str]) -> None:
    """All figures of a run."""
    flags = parse(EvaluateFlags, "evaluate", words)
    _check(flags)
    from core.commands.signals import follow
    from core.commands.torchrun_ranks import quiet, shared_images, together
    from core.evaluation.evaluate_run import Asked, evaluate_run
    from core.images.named_sets import fetch
    from core.training.run_folder import read_trained

    read_trained(flags.run)
    with shown_progress() as show, together() as processes:
        data = processes.told((_data(flags, show),) if processes.leads else None)[0]
        asked = Asked(
            data,
            flags.importance_samples,
            flags.images,
            flags.judge_samples,
            flags.prior,
            is_anew=flags.read_anew and processes.is_alone,
        )
        if flags.download and data is not None and launched().leads_machine:
            follow(fetch.download(data), show)
        if not processes.is_alone:
            config = read_trained(flags.run).config
            asked_for = config.model_copy(update={"source": data or config.source})
            shared_images(processes, asked_for, show, is_anew=flags.read_anew)
        evaluated = follow(evaluate_run(flags.run, asked, processes=processes), show if processes.leads else quiet)
    assert isinstance(evaluated, Evaluated)
    if not processes.leads:
        return
    print(json.dumps(asdict(evaluated)) if flags.json else "\n".join(_described(evaluated)))


def _data(flags: EvaluateFlags, show: Show) -> str | None:
    """What to evaluate on other than the run's own images: None where --data says where those are now."""
    from core.commands.sources import moved_images, source_of
    from core.training.moved_images import OtherImagesError, is_there
    from core.training.run_folder import read_config

    if flags.data is None:
        moved_images(flags.run, None, show)
        return None
    source = source_of(flags.data)
    if is_there(read_config(flags.run).config):
        return source
    try:
        moved_images(flags.run, source, show)
    except OtherImagesError as error:
        say(f"{error} What it holds is evaluated all the same, as other images.")
        return source
    return None


def _check(flags: EvaluateFlags) -> None:
    if not FEWEST_SAMPLES <= flags.importance_samples <= MOST_SAMPLES:
        raise UsageError(
            f"--importance-samples {flags.importance_samples}: it must be at least {FEWEST_SAMPLES}, or no error can "
            f"be told, and at most {MOST_SAMPLES:,}."
        )
    if flags.images is not None and flags.images < 1:
        raise UsageError(f"--images {flags.images}: it must be at least 1.")


def _described(found: Evaluated) -> Iterator[str]:
    none_learned = ", none of them learned from" if found.learned_from == 0 and not found.learned_gone else ""
    yield f"images      {found.images:,}{none_learned}; figures in nats per image"
    yield (
        f"objective   {found.objective:,.2f}: {found.formula}, with reconstruction {found.reconstruction:,.2f}, "
        f"KL {found.kl:,.2f}"
    )
    yield (
        f"log p(x)    {found.log_px:,.2f} ± {found.log_px_se:.2f}, from {found.importance_samples:,} samples of q(z|x) "
        f"an image, of which {found.effective_samples:.1f} count"
    )
    if found.too_few_count:
        yield "            So few count that log p(x) is higher than this by more than the error: ask for more samples."
    yield f"naively     {found.naive_log_px:,.2f} ± {found.naive_log_px_se:.2f}, from as many samples of the prior"
    yield f"            {found.naive_said}"
    if found.bits_per_dim is not None:
        yield f"bits/dim    {found.bits_per_dim:.3f}"
    kl = sorted(found.kl_per_dim, reverse=True)
    more = f" and {len(kl) - DIMS_SHOWN:,} more" if len(kl) > DIMS_SHOWN else ""
    yield f"in use      {found.active_units:,} of {len(kl):,} latent dimensions (codes vary by more than 0.01)"
    yield f"KL          {'  '.join(f'{nats:.2f}' for nats in kl[:DIMS_SHOWN])}{more} nats, a latent dimension each"
    if found.untold:
        yield f"classes     {found.untold}"
    yield from _learned_before(found)
    if found.samples is not None:
        yield from _judged(found.samples)


def _learned_before(found: Evaluated) -> Iterator[str]:
    """Whether these images can judge the model."""
    if found.learned_from is None:
        yield "learned     the images that the run learned from cannot be read: some of these may be among them"
    elif found.learned_from == found.images:
        yield f"learned     all {found.images:,} were learned from: how well they are known says little of the model"
    elif found.learned_from == 0 and found.learned_gone:
        yield "learned     none of these images is known to have been learned from"
    elif found.others is not None:
        other = found.others
        yield (
            f"learned     {found.learned_from:,} of these images were learned from; the {other.images:,} others alone: "
            f"objective {other.objective:,.2f}, reconstruction {other.reconstruction:,.2f}, KL {other.kl:,.2f}, "
            f"log p(x) {other.log_px:,.2f} ± {other.log_px_se:.2f}"
        )
    if found.learned_gone:
        yield (
            f"            {found.learned_gone:,} images that the run learned from are not there any more: of those "
            "only copies that equal them in every pixel are known again"
        )


def _judged(found: SamplesJudged) -> Iterator[str]:
    yield (
        f"samples     {found.samples:,} from {DRAWN[found.prior]}, {found.distance:.3f} from the nearest image learned "
        f"from; held-out images {found.held_out_distance:.3f}, their reconstructions "
        f"{found.reconstruction_distance:.3f} (pixels in [0, 1])"
    )
    yield f"            {found.copies:.1%} are nearer than 99 % of reconstructions (1 % by chance): copies"
    yield f"            {found.off:.1%} are farther than 95 % of reconstructions (5 % by chance): off"
    if found.classifier_accuracy is None:
        return
    triples = zip(found.classes, found.balance, found.learned_balance, strict=True)
    said = [f"{name} {share:.0%} ({learned:.0%})" for name, share, learned in triples]
    more = f" and {len(said) - DIMS_SHOWN:,} more" if len(said) > DIMS_SHOWN else ""
    yield f"classes     of samples (of images learned from): {', '.join(said[:DIMS_SHOWN])}{more}"
    yield f"            by a small classifier that is right on {found.classifier_accuracy:.1%} of held-out images"
    if found.as_asked is not None:
        yield f"            {found.as_asked:.1%} of samples are of the class that was asked for"
