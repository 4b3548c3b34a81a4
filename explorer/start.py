"""Puts the program together: an empty window first, then the features of the table, then it opens a run."""

import ctypes
import gc
import locale
import os
import signal
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QLocale, QObject, Qt, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from core.ending_signals import ENDING
from core.places import icon_file, is_run
from core.returned import returned
from explorer.shell.main_window import MainWindow
from explorer.toolkit.theme import apply_theme, set_scheme
from explorer.toolkit.worker_threads import Job, leave_all
from explorer.workspace.error_words import sentence
from explorer.workspace.fault_watch import FaultWatch
from explorer.workspace.settings import Settings

SLICE = 0.008  # seconds that the window's thread spends at once on what can wait
SOON = 500  # milliseconds that the panels wait for the map of a run to have its dots
M_ARENA_MAX, HEAPS = -8, 2  # of glibc's mallopt: what it calls the number of heaps, and how many
LONGEST = 20_000  # milliseconds until the start is over, whatever became of it

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.imported.wish import ModelWish
    from explorer.features import Feature
    from explorer.shell.shell import Shell
    from explorer.workspace.workspace import Workspace


@dataclass(frozen=True)
class Program:
    """A window, the workspace behind it, and the shell that has the features."""

    window: MainWindow
    workspace: "Workspace"
    shell: "Shell"


def start(app: QApplication, path: Path | None, is_anew: bool = False, model: "ModelWish | None" = None) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    speak_plainly()
    share_heaps()
    settings = Settings()
    app.setApplicationDisplayName("Latentscape")
    app.setWindowIcon(QIcon(str(icon_file())))
    apply_theme(app)
    set_scheme(app, settings.scheme())
    watch = FaultWatch(settings.folder_kept, app)
    watch.begin()
    window = MainWindow(settings)
    window.show()
    try:
        app.processEvents()  # it is seen before the features are loaded
        if not window.isVisible():  # closed already, which no event loop heard
            return 0
        _show_faults(window, watch)
        _close_on_signals(window)
        Beginning(window, settings, path, is_anew, model)
        return app.exec()
    finally:
        leave_all()


class Beginning(QObject):
    """What comes after the empty window, one after another, as threads of Python take each other's time.

    The features are loaded, in a thread; the window is furnished, and a run's map and first picture are shown; the
    other panels that are seen are loaded, in a thread, and made; PyTorch is loaded, and the run opened.
    """

    def __init__(
        self,
        window: MainWindow,
        settings: Settings,
        path: Path | None,
        is_anew: bool = False,
        model: "ModelWish | None" = None,
    ) -> None:
        super().__init__(window)
        self._has_begun = False  # with the panels
        self._window, self._settings, self._path, self._is_anew = window, settings, path, is_anew
        self._model = model
        self._features, self._panels = Job(_load_features, self), Job(_load_panels, self)
        self._features.reported.connect(self._furnish)
        for each in (self._features, self._panels):
            each.failed.connect(lambda error: window.status.show_message(sentence(error)))
        gc.disable()  # a look through all that is being loaded takes a fifth of the time, and stops the window
        QTimer.singleShot(LONGEST, self, self._end)
        self._features.start()

    def _end(self) -> None:
        """What was loaded stays: Python need not look through a million objects for garbage, again and again."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()

    def _furnish(self) -> None:
        """A feature after another, so that the window is never long without an answer."""
        self._in_slices(furnishing(self._window, self._settings), self._begin)

    def _in_slices(self, steps: Iterator[object], then: Callable[[Any], None]) -> None:
        """Some of the steps at each turn of the event loop; what they return, if anything, is for `then`."""
        ends = time.perf_counter() + SLICE
        try:
            while time.perf_counter() < ends:
                next(steps)
        except StopIteration as end:
            then(end.value)
        else:
            QTimer.singleShot(0, self, lambda: self._in_slices(steps, then))

    def _begin(self, program: Program) -> None:
        self._workspace, self._actions, docks = program.workspace, program.shell.actions, program.shell.docks
        workspace = self._workspace
        workspace.learning.has_time.clear()
        workspace.first_sight.map_changed.connect(lambda *_: QTimer.singleShot(0, docks, docks.make_answering))
        workspace.first_sight.place_decoded.connect(self._load_panels)
        QTimer.singleShot(SOON, self, self._load_panels)
        self._panels.reported.connect(docks.make_seen)
        docks.furnished.connect(workspace.learning.has_time.set)
        workspace.viewing.place_decoded.connect(docks.make_rest)
        workspace.viewing.place_decoded.connect(self._end)
        if self._path is None and self._model is None and self._settings.tour_place() is not None:
            docks.furnished.connect(self._show_around)
        if self._path is None or is_run(self._path):
            self._open()
        else:  # the panels are there before there is something to be told
            self._load_panels()
            docks.furnished.connect(self._open)

    def _open(self) -> None:
        self._workspace.open(self._path, self._is_anew)
        if self._model is not None:
            self._workspace.open_model(self._model)

    def _show_around(self) -> None:
        """Somebody new, who asked for nothing yet, on the run that comes with the program; once it is there."""
        viewing, tour = self._workspace.viewing, self._actions["tour"]
        if tour.isEnabled():
            tour.trigger()
        else:
            viewing.map_changed.connect(tour.trigger, Qt.ConnectionType.SingleShotConnection)

    def _load_panels(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            self._make_types()

    def _make_types(self) -> None:
        """Have all of Qt's classes made, some at each turn of the event loop; then the panels are loaded.

        PySide makes a class when it is first named. pyqtgraph names all of them: in a thread, while the window was
        painted in this one, that crashed one start in fifty.
        """
        names = (getattr(module, name, None) for module in (QtCore, QtGui, QtWidgets) for name in dir(module))
        self._in_slices(names, lambda _: self._panels.start())


def speak_plainly() -> None:
    """Numbers with points and errors in English, as all words of the window are, whatever the user's locale.

    Qt takes that on for all of the process: C libraries would want "0,5" where files say "0.5", and a field would take
    a typed 4.5 for 45.
    """
    for category in ("LC_NUMERIC", "LC_MESSAGES"):
        if hasattr(locale, category):
            locale.setlocale(getattr(locale, category), "C")
    plain = QLocale.c()
    plain.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator | QLocale.NumberOption.RejectGroupSeparator)
    QLocale.setDefault(plain)


def share_heaps() -> None:
    """Threads share two heaps of glibc: of each its own, what one freed would be no other's, 10 MB with every job."""
    if sys.platform.startswith("linux") and "MALLOC_ARENA_MAX" not in os.environ:
        with suppress(AttributeError):  # another C library has no such thing
            ctypes.CDLL(None).mallopt(M_ARENA_MAX, HEAPS)


def make_program(window: MainWindow, settings: Settings, features: "Sequence[Feature] | None" = None) -> Program:
    """Furnish a window with the features of the table, or with others, over a workspace of its own."""
    return returned(furnishing(window, settings, features))


def furnishing(
    window: MainWindow, settings: Settings, features: "Sequence[Feature] | None" = None
) -> Generator[None, None, Program]:
    """The same a step at a time; returns the program."""
    from explorer.features import FEATURES
    from explorer.shell.shell import Shell
    from explorer.workspace.workspace import Workspace

    workspace = Workspace(settings, window)
    shell, made = Shell(window, workspace), []
    for make in FEATURES if features is None else features:
        yield
        made.append(make(workspace, shell))
    yield
    shell.put_together(made)
    shell.say(settings.problem)
    return Program(window, workspace, shell)


def _load_features() -> Generator[None, None, None]:
    import core.latent.map_preview  # noqa: F401
    import explorer.features
    import explorer.map.panel  # noqa: F401

    yield


def _load_panels() -> Generator[None, None, None]:
    import explorer.curves.panel  # noqa: F401

    yield


def _show_faults(window: MainWindow, watch: FaultWatch) -> None:
    """In a strip of the window, as long as there is one."""
    from explorer.shell.fault_notice import FaultNotice

    notice = FaultNotice(window)
    notice.report_wished.connect(lambda with_names: notice.copy(watch.report(with_names)))
    window.closing.connect(watch.leave)
    watch.tell(notice.show_fault)


def _close_on_signals(window: MainWindow) -> None:
    """Ctrl+C in the terminal, its end, or the system going down, closes the window; and closing saves.

    Not at once: Python may be in the midst of painting it, and Qt would then draw on what is gone.
    """
    for number in ENDING:
        signal.signal(number, lambda *_: QTimer.singleShot(0, window, window.close))
    heartbeat = QTimer(window, interval=200)  # Python sees a signal only when it runs
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start()
