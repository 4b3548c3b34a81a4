"""Makes a damaged run one that goes on with what is whole, and says what became of the rest."""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from core.atomic_write import write_whole
from core.errors import RunError
from core.training.checkpoint_folder import Checkpoint, whole
from core.training.checkpoints import LATEST, generations, load_checkpoint, save_checkpoint
from core.training.checksums import CHECKSUMS, begin_anew, damage
from core.training.damage import all_damages_of, vouched_files
from core.training.history import HISTORY, keep_readable
from core.training.image_table import IMAGES, SPARE, read_unchecked, restore_images
from core.training.moment_files import FOLDER, MOMENTS, lost_moments, moments_of, path_of, write_moments
from core.training.picture_digests import DIGESTS
from core.training.run_folder import CHECKPOINTS, CONFIG, from_json, locked, read_config, write_config

DAMAGED = "damaged"  # the folder in a run for what is not whole and may be worth something all the same


def mend(run: Path, exactly: bool = False) -> tuple[str, ...]:
    """Go on with what is whole of a run; returns what was wrong and what was done, a sentence each.

    Where the weights of the newest checkpoint are whole and what training needs beside them is not, they stay and get a
    fresh optimiser; `exactly` rather goes back to an older checkpoint that training goes on from bit for bit.
    Raises RunError: no weights are whole, or the images' table or the configuration is lost.
    """
    if not generations(run):
        read_config(run)  # says that it is no run, or else that it is none yet
    with locked(run):
        clauses = all_damages_of(run)
        if not clauses:
            return ()
        done = [*_checkpoints(run, exactly), *_config(run), *_images(run), *_moments(run), *_others(run, clauses)]
        begin_anew(run, vouched_files(run))
    return (*(f"{clause[0].upper()}{clause[1:]}." for clause in clauses), *done)


def _checkpoints(run: Path, exactly: bool) -> Iterator[str]:
    folders = generations(run)
    chosen = next((folder for folder in folders if whole(folder) is not None), None)
    weights = next((folder for folder in folders if whole(folder, with_training=False) is not None), None)
    if weights is None:
        raise RunError(f"No checkpoint in {run} has whole weights: nothing can be mended.")
    if chosen is None or (chosen != weights and not exactly):
        yield _freshened(run, weights)
        chosen = generations(run)[0]
    for folder in folders:
        if folder.exists() and whole(folder) is None:
            yield f"What is left of {folder.name} is kept in {_put_aside(run, folder)}."
    if chosen != folders[0]:
        yield f"The run goes on from {chosen.name}."
    write_whole(run / LATEST, chosen.name + "\n")


def _freshened(run: Path, folder: Path) -> str:
    """Give the weights of a checkpoint an optimiser that has seen nothing yet."""
    from torch import tensor

    found = whole(folder, with_training=False)
    assert found is not None
    step = tensor(int(found.facts["step"]))
    train = {"step": step, "began": step.clone(), "norm": tensor(0.0)}
    facts = {name: value for name, value in found.facts.items() if name not in ("format", "latentscape", "sha256")}
    save_checkpoint(run / CHECKPOINTS, Checkpoint(found.model, train, found.codes, facts))
    return (
        f"The weights of {folder.name} are whole and stay; training goes on from them with a fresh optimiser, and not "
        "bit for bit as it would have."
    )


def _put_aside(run: Path, folder: Path) -> str:
    target = run / DAMAGED
    target.mkdir(exist_ok=True)
    place = next(place for n in range(1 << 20) if not (place := target / f"{folder.name}-{n}").exists())
    folder.rename(place)
    return f"{DAMAGED}/{place.name}"


def _config(run: Path) -> Iterator[str]:
    kept = None
    with suppress(RunError):
        kept = read_config(run)
    if kept is not None:
        return
    facts = load_checkpoint(run, with_training=False).facts
    try:
        write_config(run, from_json(dict(facts["config"]), run / CONFIG))
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(f"{run / CONFIG} is lost, and its checkpoint is too old to remember it.") from error
    yield f"{CONFIG} is again as the checkpoint remembers it."


def _images(run: Path) -> Iterator[str]:
    if not damage(run, IMAGES):
        return
    with suppress(OSError, EOFError, zlib.error):
        if not damage(run, SPARE):
            restore_images(run)
            yield f"{IMAGES} is again as {SPARE} has it."
            return
    table, codes = read_unchecked(run), load_checkpoint(run, with_training=False).codes["codes"]
    if len(table.names) != len(codes):
        raise RunError(f"{run / IMAGES} is damaged, and nothing remembers which images the run learned from.")
    yield f"{IMAGES} is kept as it is: a name, a class or a side in it may be wrong."


def _moments(run: Path) -> Iterator[str]:
    """The run is looked back at through those that are whole; nobody needs any to go on."""
    if damage(run, MOMENTS):
        (run / MOMENTS).unlink(missing_ok=True)
        if (run / FOLDER).exists():
            yield f"{MOMENTS} is lost: the moments that it listed are kept in {_put_aside(run, run / FOLDER)}."
        return
    lost = lost_moments(run)
    for moment in lost:
        path_of(run, moment).unlink(missing_ok=True)
        yield f"The moment at step {moment.step:,} is left out."
    if lost:
        write_moments(run, [each for each in moments_of(run) if each not in lost])


def _others(run: Path, clauses: Sequence[str]) -> Iterator[str]:
    names = {clause.split(" ", 1)[0] for clause in clauses}
    if CHECKSUMS in names:
        yield f"{CHECKSUMS} is written anew: what has become of the files before now cannot be known."
    if HISTORY in names:
        keep_readable(run)
        yield f"{HISTORY} is kept as far as it can be read: a point of a curve may be wrong."
    if DIGESTS in names:
        (run / DIGESTS).unlink(missing_ok=True)  # it is made again when the run is saved
