"""The command line: finds the command, runs it, and turns whatever ends it into a sentence and an exit code."""

import io
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from core.commands.remedies import REMEDIES
from core.commands.signals import Stopped, heeding_signals
from core.commands.usage import COMMANDS, UsageError, help_text, unknown
from core.errors import OUT_OF_MEMORY, LatentscapeError, is_out_of_memory, of_disk
from core.version import app_version

if TYPE_CHECKING:
    from core.imported.wish import ModelWish


class OpenWindow(Protocol):
    """Opens the window on what was named; `is_anew`: its files are decoded once more; `model`: one from elsewhere."""

    def __call__(self, path: Path | None, is_anew: bool = False, model: "ModelWish | None" = None) -> int:
        """Returns the exit code when the window is closed."""


READ_ANEW = "--read-anew"
MODEL_FLAGS = ("--encoder", "--data", "--prior", "--range", "--as")
DONE, FAILED, WRONG_USAGE, SIGNALLED, BROKEN_PIPE = 0, 1, 2, 128, 141


def main(arguments: Sequence[str], open_window: OpenWindow | None = None) -> int:
    """Run one command and return the exit code: 0 done, 1 failed, 2 wrong usage, 129, 130 or 143 stopped by a signal.

    `open_window` is given where there is a window to open; it returns the exit code when the window is closed.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before torch: its idle threads must not spin
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # nor NumPy's: both windows and commands sum in one order
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names of files may be in any encoding
    name, *words = arguments or ("open",)
    if name == "open" and not {"-h", "--help"} & set(words):
        return _open(words, open_window)
    return _guarded(name, words)


def _guarded(name: str, words: Sequence[str]) -> int:
    return _guarded_call(lambda: _run(name, words))


def _guarded_call(do: Callable[[], object]) -> int:
    try:
        with heeding_signals():
            do()
            sys.stdout.flush()
    except SystemExit as leaving:  # tyro has helped, or has said what is wrong
        return leaving.code if isinstance(leaving.code, int) else WRONG_USAGE
    except BrokenPipeError:  # the reader has seen enough; at exit Python must not find its pipe broken again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Stopped as stopped:
        return SIGNALLED + stopped.number
    except UsageError as error:
        print(error, file=sys.stderr)
        return WRONG_USAGE
    except LatentscapeError as error:
        print(error.in_words(REMEDIES), file=sys.stderr)
        return FAILED
    except OSError as error:
        print(of_disk(error), file=sys.stderr)
        return FAILED
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        print(OUT_OF_MEMORY, file=sys.stderr)
        return FAILED
    return DONE


def _run(name: str, words: Sequence[str]) -> None:
    if name in ("-h", "--help"):
        print(help_text())
    elif name == "--version":
        print(f"latentscape {app_version()}")
    elif name not in COMMANDS:
        raise UsageError(unknown(name))
    elif name == "open":
        _run_open(words)
    else:
        getattr(import_module(COMMANDS[name].module), name)(words)


def _run_open(words: Sequence[str]) -> None:
    from core.commands.opening import import_without_window, read_wish

    if {"-h", "--help"} & set(words):
        print(f"usage: latentscape open {COMMANDS['open'].usage}\n\n{COMMANDS['open'].purpose}\n")
        read_wish(("--help",))  # what can be said of a model: leaves
    if _is_about_a_model(words):
        print(import_without_window(read_wish(words)))


def _open(words: Sequence[str], open_window: OpenWindow | None) -> int:
    is_anew, words = READ_ANEW in words, [word for word in words if word != READ_ANEW]
    if words and not is_anew and _is_about_a_model(words):
        return _guarded("open", words) if open_window is None else _open_model(words, open_window)
    if len(words) > 1 or any(word.startswith("--") for word in words):
        print(f"usage: latentscape open {COMMANDS['open'].usage}", file=sys.stderr)
        return WRONG_USAGE
    if open_window is None:
        print("There is no window here: `latentscape train DATA --run RUN` trains without one.", file=sys.stderr)
        return WRONG_USAGE
    try:
        path = _named(words[0]) if words else None
    except LatentscapeError as error:
        print(error.in_words(REMEDIES), file=sys.stderr)
        return FAILED
    return open_window(path, is_anew)


def _is_about_a_model(words: Sequence[str]) -> bool:
    """Whether the words after `open` are about a model from elsewhere: by what the file holds, or by their flags."""
    if any(word.split("=", 1)[0] in MODEL_FLAGS for word in words):
        return True
    from core.imported.foreign_files import is_model
    from core.written_paths import read_path

    return len(words) == 1 and is_model(Path(read_path(words[0])))


def _open_model(words: Sequence[str], open_window: OpenWindow) -> int:
    from core.commands.opening import read_wish

    wishes = list["ModelWish"]()
    code = _guarded_call(lambda: wishes.append(read_wish(words)))
    return open_window(None, False, wishes[0]) if wishes else code


def _named(words: str) -> Path:
    """The file or folder that the window is to open, or the name of a set; raises ImagesError when there is neither."""
    from core.images.scanning.find_images import find_images, is_picture
    from core.places import is_run
    from core.written_paths import read_path

    path = Path(read_path(words))
    if is_run(path) or (path.is_file() and is_picture(str(path))):
        return path
    found = find_images(words)
    if found.note:
        print(found.note, file=sys.stderr)
    return Path(found.source)
