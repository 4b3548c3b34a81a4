"""A generator run in a process of its own, which can be ended at any moment and never holds up the window."""

import multiprocessing
import os
import signal
import threading
import traceback
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TypeVar

from core.callers_script import not_run_again
from core.errors import ImagesError, LatentscapeError

_BEAT_SECONDS = 0.1
Item = TypeVar("Item")
Places = tuple[tuple[str, int, str], ...]  # file, line and function, from the outermost on


class ChildError(Exception):
    """A fault of ours in such a process: the kind of the error, what it said, and the places in the code it passed."""

    def __init__(self, kind: str, message: str, places: Places) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind, self.places = kind, places
        self.add_note("\n".join(f'  File "{file}", line {line}, in {name}' for file, line, name in places))


def in_own_process(generate: Callable[..., Iterator[Item]], *arguments: object) -> Generator[Item | None, None, None]:
    """What a generator function of a module yields, and None every 0.1 s while there is nothing yet.

    Closing ends the process at once. Its LatentscapeError is raised here; so is an ImagesError when it ends before its
    time. Any other error of it is raised as a ChildError.
    """
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_live, args=(theirs, generate, arguments), daemon=True, name=generate.__name__)
    with not_run_again():
        process.start()
    theirs.close()  # so that its death reads as the end of the file
    try:
        while True:
            if not ours.poll(_BEAT_SECONDS):
                yield None
                continue
            kind, said = ours.recv()
            if kind == "done":
                return
            if kind == "error":
                raise said[0](*said[1])
            if kind == "fault":
                raise ChildError(*said)
            yield said
    except (EOFError, OSError) as error:
        process.join()
        raise ImagesError(f"A process of the program ended by itself ({process.exitcode}): try again.") from error
    finally:
        process.kill()
        process.join()
        ours.close()


def _live(
    connection: "Connection[object, object]", generate: Callable[..., Iterator[object]], arguments: tuple[object, ...]
) -> None:
    _settle(connection)
    with suppress(OSError):  # the program is gone
        try:
            for item in generate(*arguments):
                connection.send(("item", item))
            connection.send(("done", None))
        except LatentscapeError as error:
            kind = next(each for each in type(error).__mro__ if each.__module__ == LatentscapeError.__module__)
            connection.send(("error", (kind, error.args)))  # some more special ones are made of other things
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            places = tuple((each.filename, each.lineno or 0, each.name) for each in frames)
            connection.send(("fault", (type(error).__name__, str(error), places)))


def _settle(connection: "Connection[object, object]") -> None:
    """Leave Ctrl+C to the program, print nothing, and do not outlive the program."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    with open(os.devnull, "wb") as nowhere:
        for stream in (1, 2):
            os.dup2(nowhere.fileno(), stream)
    threading.Thread(target=_end_with_the_program, args=(connection,), daemon=True).start()


def _end_with_the_program(connection: "Connection[object, object]") -> None:
    with suppress(EOFError, OSError):
        connection.recv()  # nothing is ever sent this way: it returns when the other side is gone
    os._exit(1)
