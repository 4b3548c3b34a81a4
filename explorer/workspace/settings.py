"""What the window remembers from one start to the next."""

from pathlib import Path
from typing import Literal, cast

from PySide6.QtCore import QByteArray, QSettings, QTemporaryDir

from core.errors import PlaceError
from core.places import bundled_run, is_run, settings_folder
from explorer.workspace.error_words import sentence

Scheme = Literal["system", "light", "dark"]
RECENT_AT_MOST = 10


class Settings:
    """The last run, the recent folders, the look and the places of the docks, kept in one ini file.

    Where there is no place to keep it, the window works all the same: `problem` says why it will be forgotten.
    """

    def __init__(self) -> None:
        self.problem = ""
        try:
            file = str(settings_folder() / "window.ini")
        except PlaceError as error:
            self.problem = sentence(error)
            self._aside = QTemporaryDir()  # goes with the settings
            file = self._aside.filePath("window.ini")
        self._store = QSettings(file, QSettings.Format.IniFormat)
        if not self.problem and not self._store.isWritable():
            self.problem = f"The window will not be remembered: {file} cannot be written."

    def last_run(self) -> Path:
        """The run to open at the start: the last one, or the one that ships with the program."""
        kept = str(self._store.value("last_run", ""))
        return Path(kept) if kept and is_run(Path(kept)) else bundled_run()

    def remember_run(self, run: Path) -> None:
        """Open this one next time, and list it, wherever it is kept."""
        self._store.setValue("last_run", str(run))
        others = [other for other in self.recent_runs() if other != run]
        self._store.setValue("recent_runs", [str(each) for each in (run, *others)][:RECENT_AT_MOST])

    def recent_runs(self) -> list[Path]:
        """The runs that were open, newest first; some may be gone."""
        return [Path(each) for each in self._list("recent_runs")]

    def recent_sources(self) -> list[str]:
        """Image folders and named sets, newest first."""
        return self._list("recent_sources")

    def remember_source(self, source: str) -> None:
        """Put it first among the recent ones."""
        others = [other for other in self.recent_sources() if other != source]
        self._store.setValue("recent_sources", [source, *others][:RECENT_AT_MOST])

    def folder(self, kind: str) -> str:
        """Where the last file of a kind was opened or saved; empty: nowhere yet."""
        return str(self._store.value(f"folders/{kind}", ""))

    def remember_folder(self, kind: str, folder: str) -> None:
        """The next of this kind is looked for here."""
        self._store.setValue(f"folders/{kind}", folder)

    def scheme(self) -> Scheme:
        """Light, dark, or as the system has it."""
        kept = str(self._store.value("scheme", "system"))
        return cast(Scheme, kept) if kept in ("light", "dark") else "system"

    def remember_scheme(self, scheme: Scheme) -> None:
        """Keep the look that was chosen."""
        self._store.setValue("scheme", scheme)

    def layout(self) -> tuple[QByteArray, QByteArray] | None:
        """The window's geometry and its docks, as Qt saved them."""
        geometry, docks = self._store.value("geometry"), self._store.value("docks")
        if isinstance(geometry, QByteArray) and isinstance(docks, QByteArray):
            return geometry, docks
        return None

    def remember_layout(self, geometry: QByteArray, docks: QByteArray) -> None:
        """Keep where things are."""
        self._store.setValue("geometry", geometry)
        self._store.setValue("docks", docks)

    def _list(self, name: str) -> list[str]:
        """What was kept as a list; one of a single line comes back as that."""
        kept = self._store.value(name, [])
        if isinstance(kept, str):
            return [kept]
        return kept if isinstance(kept, list) else []
