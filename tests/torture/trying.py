"""A process that has loaded everything and forks for each try: what a try costs, and how it ends, is its own."""

import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from tests.rights import python_path

SECONDS = 60  # until a try is killed


class Tried(NamedTuple):
    """How one use of a run ended: "done", "said" in a sentence, "traceback", "killed"; its cost, and what it said.

    `busy` are the seconds of `seconds` in which it had a core, which other programs may want too.
    """

    how: str
    code: int
    seconds: float
    megabytes: float
    said: str
    busy: float


class Trier:
    """Tries uses of runs, each in a process of its own that is forked from one where all is loaded."""

    def __init__(self, home: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": python_path(), "LATENTSCAPE_HOME": str(home), "OMP_NUM_THREADS": "1"}
        words = [sys.executable, "-m", "tests.torture.trying"]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = subprocess.Popen(words, env=environment, **pipes)

    def __call__(self, use: str, run: Path) -> Tried:
        """Use a run and see how that ends."""
        self.start(use, run)
        return self.end()

    def start(self, use: str, run: Path) -> int:
        """Begin to use a run; returns the process."""
        print(json.dumps([use, str(run)]), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def end(self) -> Tried:
        """Wait for the end of what was started last."""
        return Tried(*json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """No more."""
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def uses() -> dict[str, Callable[[Path], object]]:
    """What is done with a run, by command and by the window, to its end."""
    from core.commands import main
    from core.evaluation.run_comparison import compare
    from core.latent.map_preview import see_map
    from core.latent.open_run import open_run, reopen
    from core.training.exploration_file import read_exploration
    from core.training.known_runs import list_known_runs
    from core.training.mend import mend
    from core.training.run_folder import read_config
    from tests.torture.starved import LIMITS, starve

    def explore(run: Path) -> None:
        opened = open_run(run)
        read_exploration(run, opened.names, opened.latent_space.latent_dims)

    def place(run: Path) -> None:
        from core.config import ImagesConfig
        from core.latent.outside_pictures import find_again, read_file

        space = open_run(run).latent_space
        if find_again(run / "hostile.png", space) is None:
            read_file(run / "hostile.png", space, ImagesConfig())

    def table(run: Path) -> None:
        from core.images.tables.metadata import join

        join(next(run.glob("hostile.*")), open_run(run).names)

    starved = {
        f"{network} in {megabytes} MB": partial(starve, network=network, megabytes=megabytes)
        for network in ("mlp", "conv")
        for megabytes in LIMITS
    }
    tiny = ("--image-size", "16", "--width", "4", "--network", "mlp", "--batch-size", "5", "--device", "cpu")
    swept = [*tiny, "--latent-dims", "2", "--epochs", "100000", "--held-out", "0.25", "--force"]

    def sweep(run: Path) -> int:
        words = [source(run), "--over", "beta", "1,2", "--out", f"{run}-swept", *swept]
        return main(["sweep", *words])

    def source(run: Path) -> str:
        return read_config(run).config.source

    film = ["--stops=0,0,0;1,1,1", "--frames", "2000", "--force"]
    return {
        "inspect": lambda run: main(["inspect", str(run)]),
        "decode": lambda run: main(["decode", str(run), "--z", "0", "0", "0", "--out", f"{run}.png", "--force"]),
        "encode": lambda run: main(["encode", str(run), "--out", f"{run}.csv", "--force"]),
        "evaluate": lambda run: main(["evaluate", str(run), "--importance-samples", "2"]),
        "evaluate long": lambda run: main(["evaluate", str(run), "--importance-samples", "20000"]),
        "film": lambda run: main(["film", str(run), *film, "--out", f"{run}.gif"]),
        "scan": lambda run: main(["scan", source(run), "--read-anew"]),
        "sweep": sweep,
        "resume": lambda run: main(["resume", str(run), "--epochs", "6"]),
        "train": lambda run: main(["resume", str(run), "--epochs", "100000"]),
        "open": lambda run: list(reopen(run)),
        "map": see_map,
        "compare": lambda run: compare([run]),
        "list": lambda run: list_known_runs([run]),
        "explore": explore,
        "mend": mend,
        "place": place,
        "table": table,
        **starved,
    }


def _serve() -> None:
    import torch

    torch.set_num_threads(1)
    known = uses()
    for line in sys.stdin:
        use, run = json.loads(line)
        _try(known[use], Path(run))


def _try(use: Callable[[Path], object], run: Path) -> None:
    reading, writing = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if not child:
        os.close(reading)
        signal.alarm(SECONDS)
        _end(use, run, writing)
    os.close(writing)
    print(child, flush=True)
    with os.fdopen(reading, errors="replace") as pipe:
        said = pipe.read()
    _, status, used = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    how = {0: "done", 1: "said", 99: "traceback"}.get(code, "killed")
    scale = 1e3 if sys.platform != "darwin" else 1e6
    busy = used.ru_utime + used.ru_stime
    tried = Tried(how, code, time.monotonic() - began, used.ru_maxrss / scale, said[-2000:], busy)
    print(json.dumps(tried), flush=True)


def _end(use: Callable[[Path], object], run: Path, writing: int) -> None:
    """Use the run in this process, which ends here."""
    from core.ending_signals import ENDING
    from core.errors import LatentscapeError

    for number in ENDING:  # as the program does until a command heeds them
        signal.signal(number, lambda number, _: os._exit(128 + number))
    for stream in (1, 2):
        os.dup2(writing, stream)
    code = 99
    try:
        result = use(run)
        code = result if isinstance(result, int) else 0
    except LatentscapeError as error:
        print(error)
        code = 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
