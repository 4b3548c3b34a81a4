"""A process that has loaded everything and forks for each try: what a try costs, and how it ends, is its own."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.rights import python_path

SECONDS = 12  # until a try is killed


class Tried(NamedTuple):
    """How one use of a run ended: "done", "said" in a sentence, "traceback", "killed"; its cost, and what it said."""

    how: str
    seconds: float
    megabytes: float
    said: str


class Trier:
    """Tries uses of runs, each in a process of its own."""

    def __init__(self, home: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": python_path(), "LATENTSCAPE_HOME": str(home), "OMP_NUM_THREADS": "1"}
        words = [sys.executable, "-m", "tests.torture.trying"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen(words, env=environment, text=True, **pipes)  # type: ignore[call-overload]

    def __call__(self, use: str, run: Path) -> Tried:
        print(json.dumps([use, str(run)]), file=self._process.stdin, flush=True)
        return Tried(*json.loads(self._process.stdout.readline()))

    def close(self) -> None:
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

    def explore(run: Path) -> None:
        opened = open_run(run)
        read_exploration(run, opened.names, opened.latent_space.latent_dims)

    return {
        "inspect": lambda run: main(["inspect", str(run)]),
        "decode": lambda run: main(["decode", str(run), "--z", "0", "0", "0", "--out", f"{run}.png", "--force"]),
        "encode": lambda run: main(["encode", str(run), "--out", f"{run}.csv", "--force"]),
        "evaluate": lambda run: main(["evaluate", str(run), "--importance-samples", "2"]),
        "resume": lambda run: main(["resume", str(run), "--epochs", "6"]),
        "open": lambda run: list(reopen(run)),
        "map": see_map,
        "compare": lambda run: compare([run]),
        "list": lambda run: list_known_runs([run]),
        "explore": explore,
        "mend": mend,
    }


def _serve() -> None:
    import torch

    torch.set_num_threads(1)
    known = uses()
    for line in sys.stdin:
        use, run = json.loads(line)
        print(json.dumps(_tried(lambda: known[use](Path(run)))), flush=True)  # noqa: B023


def _tried(use: Callable[[], object]) -> Tried:
    reading, writing = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if not child:
        os.close(reading)
        signal.alarm(SECONDS)
        _end(use, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    _, status, used = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    how = {0: "done", 1: "said", 2: "traceback"}.get(code, "killed")
    scale = 1e3 if sys.platform != "darwin" else 1e6
    return Tried(how, time.monotonic() - began, used.ru_maxrss / scale, said[-2000:])


def _end(use: Callable[[], object], writing: int) -> None:
    """Run it in this process, which ends here."""
    from core.errors import LatentscapeError

    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(writing, 1)
    os.dup2(writing, 2)
    code = 2
    try:
        result = use()
        code = 1 if result == 1 else 0
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
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _serve()
