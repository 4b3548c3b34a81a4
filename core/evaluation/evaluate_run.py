"""`evaluate_run`: a run, its images and all the figures on them; a generator of reports."""

import copy
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from core.config import ImagesConfig, RunConfig, TrainingConfig
from core.errors import ImagesError, RunError
from core.evaluation.evaluate import Chosen, evaluate
from core.evaluation.judging import Yardstick, judge, made_up
from core.evaluation.learned_before import learned_before
from core.evaluation.told_classes import classes_told
from core.images.image_set import ImageSet, build_image_set
from core.latent.latent_space import LatentSpace
from core.latent.opening import load_latent_space
from core.reports import Evaluated, ImageSetReady, ImagesPreview, Progress, SamplesJudged
from core.training.device import choose_device, use_training_threads
from core.training.run_folder import read_config
from core.training.sides import as_the_run_split

Report = Progress | ImagesPreview | ImageSetReady | Evaluated
SAMPLES_JUDGED = 1000


@dataclass(frozen=True)
class Asked:
    """What to evaluate on and how; `data` None means the images that the run held out."""

    data: str | None = None  # an absolute folder or a named set, of which all images are used
    importance_samples: int = 64
    images: int | None = None  # at most so many, evenly spread
    judge_samples: bool = False
    prior: Literal["normal", "mixture"] = "normal"  # where the samples to judge are drawn from
    seed: int = 0  # of those


def evaluate_run(run: Path, asked: Asked, reserve_core: bool = False) -> Iterator[Report]:
    """Evaluate a run's last checkpoint; the last report is Evaluated. It writes nothing: it may be closed at any time.

    Raises RunError, ImagesError: the run or its images cannot be read, or it holds no images out.
    """
    use_training_threads(reserve_core)
    config, latent_space = read_config(run).config, load_latent_space(run)
    source = asked.data or config.source
    images = yield from _images(source, config.images)
    if asked.data is None:
        images = as_the_run_split(run, images, config, splits_new=False).image_set
    chosen = yield from _chosen(run, images, latent_space, all_of_them=asked.data is not None)
    chosen = chosen.spread(asked.images)
    vae = copy.deepcopy(latent_space.vae).to(choose_device(TrainingConfig()))
    evaluated = None
    for report in evaluate(vae, chosen, config, asked.importance_samples):
        if isinstance(report, Progress):
            yield report
        else:
            evaluated = report
    assert evaluated is not None
    if asked.data is not None:
        learned_from, others = yield from _apart_from_learned(run, images, chosen, config)
        evaluated = replace(evaluated, learned_from=learned_from)
        if others is not None:
            for report in evaluate(vae, others, config, asked.importance_samples):
                if isinstance(report, Evaluated):
                    evaluated = replace(evaluated, others=report)
                else:
                    yield report
    if asked.judge_samples:
        if asked.data is not None:
            images = as_the_run_split(run, (yield from _images(config.source, config.images)), config).image_set
        evaluated = replace(evaluated, samples=(yield from _judged(latent_space, images, asked)))
    yield evaluated


def _images(source: str, config: ImagesConfig) -> Generator[Report, None, ImageSet]:
    image_set = None
    for report in build_image_set(source, config):
        yield report
        if isinstance(report, ImageSetReady):
            image_set = report.image_set
    assert image_set is not None
    return image_set


def _chosen(
    run: Path, image_set: ImageSet, latent_space: LatentSpace, all_of_them: bool
) -> Generator[Progress, None, Chosen]:
    if image_set.shape != latent_space.image_shape:
        raise RunError(f"{run} learned images of another size than {image_set.source} now has.")
    indices = np.arange(len(image_set)) if all_of_them else np.flatnonzero(image_set.held_out)
    if not len(indices) and all_of_them:
        raise ImagesError(f"There is no usable picture in {image_set.source}", "images")
    if not len(indices):
        raise ImagesError(
            f"{run} holds out none of the images in {image_set.source} that are there now", "held-out images"
        )
    return Chosen(image_set.pixels, (yield from classes_told(latent_space, image_set)), indices)


def _apart_from_learned(
    run: Path, images: ImageSet, chosen: Chosen, config: RunConfig
) -> Generator[Report, None, tuple[int | None, Chosen | None]]:
    """How many of the chosen images were learned from, and the others where both kinds are among them.

    None where the images that the run learned from can no longer be read.
    """
    try:
        own = as_the_run_split(run, (yield from _images(config.source, config.images)), config, splits_new=False)
    except (ImagesError, RunError):
        return None, None
    if own.image_set.shape != images.shape:  # its folder holds other pictures now
        return None, None
    is_learned = (yield from learned_before(images, own))[chosen.indices]
    learned = int(is_learned.sum())
    is_mixed = 0 < learned < len(chosen.indices)
    return learned, replace(chosen, indices=chosen.indices[~is_learned]) if is_mixed else None


def _judged(latent_space: LatentSpace, image_set: ImageSet, asked: Asked) -> Generator[Progress, None, SamplesJudged]:
    classes = latent_space.classes if latent_space.conditional == "class" else image_set.classes
    by = Yardstick(image_set, (yield from classes_told(latent_space, image_set)), classes)
    z = latent_space.sample(SAMPLES_JUDGED, asked.seed, asked.prior)
    samples = yield from made_up(latent_space, z, by)
    return (yield from judge(samples, latent_space, by))
