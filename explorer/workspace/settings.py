"""What the window remembers from one start to the next."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Literal, cast

from PySide6.QtCore import QByteArray, QObject, QSettings, QTemporaryDir, Signal

from core.bounded_read import SMALL, read_bytes
from core.errors import PlaceError
from core.places import bundled_run, is_run, set_aside, settings_folder
from core.reports.moments import USUAL_BUDGET
from explorer.workspace.error_words import sentence

Scheme = Literal["system", "light", "dark"]
RECENT_AT_MOST = 10
MEGABYTE, MOST_MOMENTS = 10**6, 100_000  # megabytes
TOUR_PLACES, OVER = ("0", "1", "2", "3", "4"), "over"  # the steps of being shown around, and after them
_KINDS: dict[str, type | tuple[type, ...]] = {
    "last_run": str,
    "recent_runs": (str, list),
    "recent_sources": (str, list),
    "scheme": str,
    "geometry": QByteArray,
    "docks": QByteArray,
    "moments": (str, int),
    "tour": (str, int),
    "layout": str,  # a digest of the two before
}


class Settings(QObject):
    """The last run, the recent folders, the look and the places of the docks, kept in one ini file.

    Where there is no place to keep it, the window works all the same: `problem` says why it will be forgotten. A file
    that cannot be read is kept beside the one that is begun anew, and `problem` says so.
    """

    not_kept = Signal(str)  # once: the disk is full or gone, and what was kept before is as it was

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.problem = ""
        self.folder_kept: Path | None = None  # where what is to last is kept; None: nowhere
        self._is_refused = False
        try:
            self.folder_kept = settings_folder()
            file = self.folder_kept / "window.ini"
            self.problem = _made_readable(file)
        except PlaceError as error:
            self.problem = sentence(error)
            self._aside = QTemporaryDir()  # goes with the settings
            file = Path(self._aside.filePath("window.ini"))
        self._store = QSettings(str(file), QSettings.Format.IniFormat)
        self._is_new = not self.problem and not self._store.allKeys()
        if not self.problem and not self._store.isWritable():
            self.problem = f"The window will not be remembered: {file} cannot be written."

    def last_run(self) -> Path:
        """The run to open at the start: the last one, or the one that ships with the program."""
        kept = str(self._store.value("last_run", ""))
        return Path(kept) if kept and is_run(Path(kept)) else bundled_run()

    def remember_run(self, run: Path) -> None:
        """Open this one next time, and list it, wherever it is kept."""
        self._keep("last_run", str(run))
        others = [other for other in self.recent_runs() if other != run]
        self._keep("recent_runs", [str(each) for each in (run, *others)][:RECENT_AT_MOST])

    def recent_runs(self) -> list[Path]:
        """The runs that were open, newest first; some may be gone."""
        return [Path(each) for each in self._list("recent_runs")]

    def recent_sources(self) -> list[str]:
        """Image folders and named sets, newest first."""
        return self._list("recent_sources")

    def remember_source(self, source: str) -> None:
        """Put it first among the recent ones."""
        others = [other for other in self.recent_sources() if other != source]
        self._keep("recent_sources", [source, *others][:RECENT_AT_MOST])

    def folder(self, kind: str) -> str:
        """Where the last file of a kind was opened or saved; empty: nowhere yet."""
        return str(self._store.value(f"folders/{kind}", ""))

    def remember_folder(self, kind: str, folder: str) -> None:
        """The next of this kind is looked for here."""
        self._keep(f"folders/{kind}", folder)

    def scheme(self) -> Scheme:
        """Light, dark, or as the system has it."""
        kept = str(self._store.value("scheme", "system"))
        return cast(Scheme, kept) if kept in ("light", "dark") else "system"

    def remember_scheme(self, scheme: Scheme) -> None:
        """Keep the look that was chosen."""
        self._keep("scheme", scheme)

    def moments(self) -> int:
        """How many bytes the moments of a run may take."""
        kept = str(self._store.value("moments", ""))
        return MEGABYTE * min(int(kept[:9]), MOST_MOMENTS) if kept.isdecimal() else USUAL_BUDGET

    def remember_moments(self, amount: int) -> None:
        """From the next training on they may take so many bytes; 0: none are kept."""
        self._keep("moments", amount // MEGABYTE)

    def tour_place(self) -> int | None:
        """The step at which somebody new is shown around; None where they have seen it, or skipped it."""
        kept = str(self._store.value("tour", "0" if self._is_new else OVER))
        return int(kept) if kept in TOUR_PLACES else None

    def remember_tour(self, place: int | None) -> None:
        """Go on at this step next time; None: never again by itself."""
        self._keep("tour", OVER if place is None else place)

    def layout(self) -> tuple[QByteArray, QByteArray] | None:
        """The window's geometry and its docks, as Qt saved them."""
        geometry, docks = self._store.value("geometry"), self._store.value("docks")
        if not isinstance(geometry, QByteArray) or not isinstance(docks, QByteArray):
            return None
        is_whole = self._store.value("layout") == _digest(geometry, docks)  # Qt trusts it, and crashes
        return (geometry, docks) if is_whole else None

    def remember_layout(self, geometry: QByteArray, docks: QByteArray) -> None:
        """Keep where things are."""
        self._keep("geometry", geometry)
        self._keep("docks", docks)
        self._keep("layout", _digest(geometry, docks))

    def _keep(self, name: str, value: object) -> None:
        self._store.setValue(name, value)
        self._store.sync()
        if self._store.status() == QSettings.Status.NoError or self._is_refused or self.problem:
            return
        self._is_refused = True
        self.not_kept.emit(
            f"The window cannot be remembered: {self._store.fileName()} cannot be written. Make room there."
        )

    def _list(self, name: str) -> list[str]:
        """What was kept as a list; one of a single line comes back as that."""
        kept = self._store.value(name, [])
        if isinstance(kept, str):
            return [kept]
        return [each for each in kept if isinstance(each, str)] if isinstance(kept, list) else []


def _made_readable(file: Path) -> str:
    """See to it that there is no file, or one that can be read; returns what to say of one that cannot."""
    if not os.path.lexists(file) or _is_readable(file):
        return ""
    with suppress(OSError):
        kept = set_aside(file)
        return f"What the window remembers could not be read: it begins anew, and the old file is kept as {kept}."
    return f"What the window remembers cannot be read, nor kept: move {file} away."


def _is_readable(file: Path) -> bool:
    try:
        content = read_bytes(file, SMALL)
    except OSError:
        return False
    if b"@Variant(" in content:  # an object of any kind, which nothing here writes
        return False
    store = QSettings(str(file), QSettings.Format.IniFormat)
    known = {key: kind for key, kind in _KINDS.items() if store.contains(key)}
    is_ours = bool(known) or not content or any(key.startswith("folders/") for key in store.allKeys())
    is_well = store.status() == QSettings.Status.NoError
    return is_well and is_ours and all(isinstance(store.value(key), kind) for key, kind in known.items())


def _digest(geometry: QByteArray, docks: QByteArray) -> str:
    return hashlib.sha256(bytes(geometry.data()) + bytes(docks.data())).hexdigest()
