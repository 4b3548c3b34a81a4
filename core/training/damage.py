"""What is wrong with the files of a run: said in clauses, by whoever opens it."""

from pathlib import Path

from core.imported.settings import DECODER, ENCODER
from core.training import checkpoints
from core.training.checksums import CHECKSUMS, EVENTS, damages, is_vouched_for
from core.training.cover_picture import COVER
from core.training.exploration_file import EXPLORATION
from core.training.history import HISTORY
from core.training.image_table import IMAGES, SPARE
from core.training.moment_files import MOMENTS, lost_moments
from core.training.moved_images import FILES
from core.training.picture_digests import DIGESTS
from core.training.run_folder import CARD, CONFIG, SKIPPED
from core.training.run_name import NAME

FILES_OF_A_RUN = (
    CARD, CONFIG, COVER, DECODER, DIGESTS, ENCODER, EXPLORATION, FILES, HISTORY, IMAGES, checkpoints.LATEST, MOMENTS,
    NAME, SKIPPED, SPARE,
)  # fmt: skip
PATTERNS = (f"{EVENTS}*", "images-before-*.csv", "checkpoints/step_*/manifest.json")


def vouched_files(run: Path) -> tuple[str, ...]:
    """The files that a run has now and that its checksums are about, named from its folder on."""
    found = (path.relative_to(run).as_posix() for pattern in PATTERNS for path in run.glob(pattern))
    return (*(name for name in FILES_OF_A_RUN if (run / name).is_file()), *sorted(found))


def damages_of(run: Path) -> tuple[str, ...]:
    """What is wrong with a run, a clause each; of what its checkpoints hold only what says what is in them.

    The tensors of the newest are checked by whoever loads them. Nothing for a run of an older version, which has no
    checksums.
    """
    if not is_vouched_for(run):
        is_lost = checkpoints.newest_manifest(run).get("checksums") is True
        return (f"{CHECKSUMS} is missing",) if is_lost else ()
    return damages(run, vouched_files(run))


def all_damages_of(run: Path) -> tuple[str, ...]:
    """The same with all that its checkpoints and moments hold: every byte of the run is read."""
    return (*damages_of(run), *checkpoints.damages(run), *lost_moments(run).values())
