"""A run's own README: what the model is, what it learned from, how good it is."""

from pathlib import Path

from core.config import RunConfig, as_command
from core.reports import TrainingDone
from core.training.whole_files import write_whole
from core.version import app_version


def write_card(run: Path, config: RunConfig, done: TrainingDone) -> None:
    """Write `README.md` into the run's folder."""
    model = config.model
    lines = [
        f"# {run.name}",
        "",
        f"A variational autoencoder of images of {config.images.image_size} × {config.images.image_size} pixels and "
        f"{config.images.channels} channel(s), with {model.latent_dims} latent dimensions, "
        f"made by Latentscape {app_version()}.",
        "",
        f"- Learned from: `{config.source}`",
        f"- Network: {model.network}, width {model.width}; likelihood: {model.likelihood}; "
        f"beta: {config.training.beta:g}",
        f"- Trained for {done.steps:,} steps ({done.epochs:.1f} epochs) in {done.seconds / 60:.1f} minutes",
        *_quality(done),
        "",
        "In this folder, `latentscape open .` shows it and `latentscape inspect .` describes it. It was made by",
        "",
        f"    {as_command(config)}",
        "",
    ]
    write_whole(run / "README.md", "\n".join(lines))


def _quality(done: TrainingDone) -> list[str]:
    if done.held_out is None:
        return ["- No images were held out, so nothing is known of its quality on new ones"]
    terms = done.held_out
    return [
        f"- On held-out images, in nats per image: objective {terms.objective:.2f} = "
        f"reconstruction {terms.reconstruction:.2f} + beta · KL {terms.kl:.2f}"
    ]
