"""`evaluate_run`: a run, its images and all the figures on them; a generator of reports."""

import copy
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from core.config import ImagesConfig, RunConfig, TrainingConfig
from core.errors import ImagesError, RunError
from core.evaluation.class_labels import classes_told, untold_in_words
from core.evaluation.figures import Chosen, evaluate
from core.evaluation.sample_quality import Yardstick, judge, made_up
from core.evaluation.seen_images import LearnedBefore, learned_before
from core.images.image_set import ImageSet, build_image_set
from core.latent.latent_space import LatentSpace
from core.latent.saved_space import load_latent_space
from core.model.vae import VAE
from core.reports.evaluation import Evaluated, SamplesJudged
from core.reports.images import ImageSetReady, ImagesPreview
from core.reports.progress import Progress
from core.training.device import choose_device, use_training_threads
from core.training.held_out_split import as_the_run_split
from core.training.processes import ALONE, Processes
from core.training.run_folder import read_trained

Report = Progress | ImagesPreview | ImageSetReady | Evaluated
SAMPLES_JUDGED = 1000


@dataclass(frozen=True)
class Asked:
    """What to evaluate on and how; `data` None means the images that the run held out."""

    data: str | None = None  # an absolute folder or a named set, of which all images are used
    importance_samples: int = 64
    images: int | None = None  # at most so many, evenly spread
    judge_samples: bool = False
    prior: Literal["auto", "normal", "mixture"] = "auto"  # where the samples to judge are drawn from
    seed: int = 0  # of those
    is_anew: bool = False  # every file that is evaluated on is decoded once more, whatever is known of it


def evaluate_run(
    run: Path, asked: Asked, reserve_core: bool = False, processes: Processes = ALONE
) -> Generator[Report, None, None]:
    """Evaluate a run's last checkpoint; the last report is Evaluated. It writes nothing: it may be closed at any time.

    Of several processes each takes some of the images; the one that leads alone judges samples.
    Raises RunError, ImagesError: the run or its images cannot be read, or it holds no images out.
    """
    use_training_threads(reserve_core)
    config, latent_space = read_trained(run).config, load_latent_space(run)
    source = asked.data or config.source
    images = yield from _images(source, config.images, asked.is_anew)
    if asked.data is None:
        images = as_the_run_split(run, images, config, splits_new=False).image_set
    chosen = yield from _chosen(run, images, latent_space, all_of_them=asked.data is not None)
    chosen = chosen.spread(asked.images)
    vae = copy.deepcopy(latent_space.vae).to(choose_device(TrainingConfig()))
    evaluated = None
    for report in evaluate(vae, chosen, config, asked.importance_samples, processes):
        if isinstance(report, Progress):
            yield report
        else:
            evaluated = report
    assert evaluated is not None
    evaluated = replace(evaluated, untold=untold_in_words(latent_space, images))
    if asked.data is not None:
        before = yield from _learned_before(run, images, config)
        evaluated = yield from _beside_learned(vae, evaluated, chosen, before, config, processes)
    if asked.judge_samples and processes.leads:
        if asked.data is not None:
            images = as_the_run_split(run, (yield from _images(config.source, config.images)), config).image_set
        evaluated = replace(evaluated, samples=(yield from _judged(latent_space, images, asked)))
    yield evaluated


def _images(source: str, config: ImagesConfig, is_anew: bool = False) -> Generator[Report, None, ImageSet]:
    image_set = None
    for report in build_image_set(source, config, is_anew):
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


def _learned_before(run: Path, images: ImageSet, config: RunConfig) -> Generator[Report, None, LearnedBefore | None]:
    """Which images show what the run has learned from; None where nothing tells that any more."""
    try:
        read = yield from _images(config.source, config.images)
        own = as_the_run_split(run, read, config, splits_new=False) if read.shape == images.shape else None
    except (ImagesError, RunError):
        own = None
    return (yield from learned_before(run, images, own))


def _beside_learned(
    vae: VAE,
    evaluated: Evaluated,
    chosen: Chosen,
    before: LearnedBefore | None,
    config: RunConfig,
    processes: Processes,
) -> Generator[Report, None, Evaluated]:
    """The figures with how many of the chosen were learned from, and those of the others where both are among them."""
    if before is None:
        return replace(evaluated, learned_from=None)
    is_learned = before.shown[chosen.indices]
    evaluated = replace(evaluated, learned_from=int(is_learned.sum()), learned_gone=before.gone)
    if is_learned.any() and not is_learned.all():
        others = replace(chosen, indices=chosen.indices[~is_learned])
        for report in evaluate(vae, others, config, evaluated.importance_samples, processes):
            if isinstance(report, Evaluated):
                evaluated = replace(evaluated, others=report)
            else:
                yield report
    return evaluated


def _judged(latent_space: LatentSpace, image_set: ImageSet, asked: Asked) -> Generator[Progress, None, SamplesJudged]:
    classes = latent_space.classes if latent_space.conditional == "class" else image_set.classes
    by = Yardstick(image_set, (yield from classes_told(latent_space, image_set)), classes)
    prior = latent_space.usual_prior if asked.prior == "auto" else asked.prior
    z = latent_space.sample(SAMPLES_JUDGED, asked.seed, prior, by.asked(SAMPLES_JUDGED))
    samples = yield from made_up(latent_space, z, by)
    return replace((yield from judge(samples, latent_space, by)), prior=prior)
