"""A fault of ours: what it was, the places in the code that it passed, and a report of it without a name."""

import importlib.metadata
import platform
import re
import sysconfig
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.child_process import ChildError, Places
from core.version import app_version

HOUSE = str(Path(__file__).resolve().parents[2])
MOST = 20_000  # characters of a fault that are kept
MOST_SAID = 300  # characters of what an error says that are shown
LIBRARIES = ("PySide6-Essentials", "torch", "numpy", "pyqtgraph")
_KIND = re.compile(r"[A-Za-z]\w+|Fatal Python error")
_PLACE = re.compile(r'File "(.*)", line (\d+),? in (.*)')


@dataclass(frozen=True)
class Fault:
    """Its kind, as in KeyError; what it said, which may hold names; places in the code, outermost first; all of it."""

    kind: str
    message: str
    places: tuple[str, ...]
    whole: str

    @property
    def what(self) -> str:
        """In a few words."""
        said = f"{self.kind}: {self.message}" if self.message else self.kind
        return said if len(said) <= MOST_SAID else f"{said[:MOST_SAID]}…"


def fault_of(error: BaseException) -> Fault:
    """What there is to say of an error; nothing of the error itself is kept, nor of what it was about."""
    whole = "".join(traceback.format_exception(error))
    return Fault(_kind(error), _said(error), tuple(_places(error)), whole[-MOST:])


def fault_from(text: str) -> Fault:
    """One that was written down by a program that ended: Python's own words for it, and lines with its places."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    kind, _, message = first.partition(": ")
    kind, message = (kind, message) if _KIND.fullmatch(kind) else ("Unknown", first)
    places = (_short(file, int(line), name) for file, line, name in _PLACE.findall(text))
    return Fault(kind, message[:MOST], tuple(places), text[:MOST])


def report(faults: Iterable[tuple[Fault, int]], with_names: bool) -> str:
    """What to send to who mends the program, each fault with how often it came.

    Without names it has no path, and nothing of what an error said, as that may hold the name of a file, run or person.
    """
    lines = [f"Latentscape {app_version()}", *_versions()]
    for fault, count in faults:
        lines += ["", f"{fault.kind}, {count} times" if count > 1 else fault.kind]
        lines += fault.whole.splitlines() if with_names else [f"  {place}" for place in fault.places]
    return "\n".join(lines) + "\n"


def _kind(error: BaseException) -> str:
    return error.kind if isinstance(error, ChildError) else type(error).__name__


def _said(error: BaseException) -> str:
    said = str(error)
    return said.removeprefix(f"{error.kind}: ") if isinstance(error, ChildError) else said


def _places(error: BaseException) -> Iterator[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _places(cause)
        yield f"after {_kind(cause)}:"
    frames = traceback.extract_tb(error.__traceback__)
    places: Places = tuple((each.filename, each.lineno or 0, each.name) for each in frames)
    if isinstance(error, ChildError):
        places += error.places
    yield from (_short(*place) for place in places)


def _short(file: str, line: int, name: str) -> str:
    """A place in the code, from the package on; of code that is neither ours nor a library's only the function."""
    roots = (HOUSE, sysconfig.get_paths()["purelib"], sysconfig.get_paths()["platlib"], sysconfig.get_paths()["stdlib"])
    for root in roots:
        if file.startswith((f"{root}/", f"{root}\\")):
            return f"{file[len(root) + 1 :]}:{line} in {name}"
    return f"…:{line} in {name}"


def _versions() -> Iterator[str]:
    yield f"Python {platform.python_version()} on {platform.system()} {platform.release()} {platform.machine()}"
    for library in LIBRARIES:
        try:
            yield f"{library} {importlib.metadata.version(library)}"
        except importlib.metadata.PackageNotFoundError:
            continue
