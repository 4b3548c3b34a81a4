"""What `train`, `resume` and `evaluate` do otherwise as one of the processes that torchrun started."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from core.commands.progress import Show, say, shown_progress
from core.commands.sources import read_images
from core.config import RunConfig
from core.ending_signals import ENDING
from core.errors import ImagesError
from core.images.image_set import ImageSet
from core.torchrun import launched
from core.training.processes import Processes, ProcessLostError, joined


@contextmanager
def together() -> Iterator[Processes]:
    """The processes of torchrun, once they have found each other; without it this one alone.

    One that does not lead ignores signals, since the one that leads hears them too, saves, and dismisses the others;
    and ends in silence when another is gone, which then is told.
    """
    with joined() as processes:
        if processes.leads:
            yield processes
            return
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)
        try:
            yield processes
        except ProcessLostError:
            sys.exit(1)


def assist_training() -> None:
    """All that a process does for `train` and `resume` when another leads."""
    from core.training.rank_worker import assist

    with together() as processes, shown_progress() as show:
        assist(shared_images(processes, None, show), processes)


def shared_images(
    processes: Processes, config: RunConfig | None, show: Show, download: bool = False, is_anew: bool = False
) -> ImageSet:
    """The images that the process that leads is asked for, read once a machine, by the first process there.

    The others then open what it kept. Raises ImagesError: a machine has other images in the folder of that name.
    """
    config, download, is_anew = processes.told((config, download, is_anew))
    assert config is not None
    here = launched()
    if here.leads_machine:
        image_set = read_images(config.source, config.images, show, download, is_anew)
        processes.gather(None)
    else:
        if here.local_rank == 1:
            say(f"Process {here.rank} waits for process {here.rank - 1}, which reads the images for this machine.")
        processes.gather(None)
        image_set = read_images(config.source, config.images, quiet)
    for rank, key in enumerate(processes.gather(image_set.key)):
        if key != image_set.key:
            raise ImagesError(
                f"Process {rank} has other images in {config.source} than process 0: the folder must hold the same on "
                "every machine."
            )
    return image_set


def quiet(_: object) -> None:
    """Progress is told by one process a machine."""
