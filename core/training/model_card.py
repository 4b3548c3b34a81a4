"""A run's own README: what the model is, what it learned from, how good it is."""

from collections.abc import Iterator
from pathlib import Path

from core.config import RunConfig, as_command
from core.reports.training import TrainingDone
from core.training.checksums import write_vouched
from core.version import app_version

CONDITIONS = {"class": "the class", "completion": "the visible part of the image"}


def write_card(run: Path, config: RunConfig, done: TrainingDone) -> None:
    """Write `README.md` into the run's folder."""
    lines = [
        f"# {run.name}",
        "",
        *described(config, done),
        "",
        "In this folder, `latentscape open .` shows it and `latentscape inspect .` describes it. It was made by",
        "",
        f"    {as_command(config)}",
        "",
    ]
    write_vouched(run / "README.md", "\n".join(lines))


def described(config: RunConfig, done: TrainingDone) -> Iterator[str]:
    """What the model is, what it learned from and how good it is, a line of Markdown each."""
    model = config.model
    yield (
        f"A variational autoencoder of images of {config.images.image_size} × {config.images.image_size} pixels and "
        f"{config.images.channels} channel(s), with {model.latent_dims} latent dimensions, "
        f"made by Latentscape {app_version()}."
    )
    yield ""
    yield f"- Learned from: `{config.source}`"
    yield (
        f"- Network: {model.network}, width {model.width}; likelihood: {model.likelihood}; "
        f"beta: {config.training.beta:g}"
    )
    for choice in unusual_choices(config):
        yield f"- {choice[0].upper()}{choice[1:]}"
    yield f"- Trained for {done.steps:,} steps ({done.epochs:.1f} epochs) in {done.seconds / 60:.1f} minutes"
    yield _quality(done)


def unusual_choices(config: RunConfig) -> Iterator[str]:
    """What makes this more than a plain variational autoencoder, in words."""
    model, training = config.model, config.training
    if model.posterior != "diagonal":
        yield f"posterior: {model.posterior} flow of {model.flows} step(s)"
    if model.conditional != "none":
        yield f"conditional on {CONDITIONS[model.conditional]}"
    if training.objective != "elbo":
        yield f"objective: {training.objective}"
    if training.samples > 1 and training.objective != "autoencoder":
        yield f"{training.samples} samples of z an image"
    if training.free_bits > 0.0 and training.objective == "elbo":  # the others leave it aside, and a capacity too
        yield f"{training.free_bits:g} nats a latent dimension are free"
    if training.capacity is not None and training.objective == "elbo":
        yield f"KL is drawn to {training.capacity:g} nats"
    if training.warm_up_cycles > 1:
        yield f"{training.warm_up_cycles} cycles of warm-up"


def _quality(done: TrainingDone) -> str:
    if done.held_out is None:
        return "- No images were held out, so nothing is known of its quality on new ones"
    terms = done.held_out
    return (
        f"- On held-out images, in nats per image: objective {terms.objective:.2f}, "
        f"reconstruction {terms.reconstruction:.2f}, KL {terms.kl:.2f}"
    )
