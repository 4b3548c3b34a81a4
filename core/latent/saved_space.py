"""The latent space of a run, to save pictures from: they are those that the window shows, byte for byte."""

from pathlib import Path

from core.errors import RunError
from core.imported.settings import ImportedRunConfig
from core.latent.latent_space import LatentSpace
from core.shell_line import shell_line
from core.training.moment_files import moments_of
from core.training.run_folder import read_config


def load_latent_space(run: Path, moment: int | None = None) -> LatentSpace:
    """The frozen latent space of a run's last checkpoint, or of the moment kept at a step; raises RunError.

    That of a model trained elsewhere without PyTorch, 1.5 s sooner. One trained here is decoded by PyTorch in the
    window, and NumPy's pictures could be a level of 255 away from those.
    """
    kept = read_config(run)
    if isinstance(kept.config, ImportedRunConfig):
        from core.imported.loading import load_imported

        now = load_imported(run, kept)
    else:
        from core.latent.open_run import load_learned

        now = load_learned(run, kept)
    if moment is None:
        return now
    found = next((each for each in moments_of(run) if each.step == moment), None)
    if found is None:
        listed = f"latentscape inspect {shell_line([str(run)])} --json"
        raise RunError(f"There is no moment at step {moment:,} in {run}: `{listed}` lists those there are.")
    from core.latent.moment_space import open_moment

    return open_moment(run, found, now).space
