"""Sees every fault of ours, wherever it happens: each is written down once, and told once."""

import faulthandler
import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from core.bounded_read import SMALL, read_text
from explorer.workspace.error_words import FAULTS
from explorer.workspace.fault import Fault, fault_from, fault_of, report

LOG, LOG_BEFORE, LAST = "faults.log", "faults_before.log", "last_fault.txt"
LOG_BYTES = 500_000  # of the log, and as many again of `LOG_BEFORE`
ENDED = "Latentscape ended by itself the last time"
GRAVE = (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
CHATTER = (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)


class FaultWatch(QObject):
    """Errors in slots, paint events, timers, threads, jobs and destructors, at exit, and what Qt complains of.

    What could not be told, as the window was not there yet or no more, is told at the next start; so is a crash.
    """

    noted = Signal(object)  # Fault, the first time that it happens

    def __init__(self, folder: Path | None, parent: QObject | None = None) -> None:
        """Keep the log in `folder`; None: nowhere."""
        super().__init__(parent)
        self._counts: dict[tuple[str, tuple[str, ...]], tuple[Fault, int]] = {}
        self._lock = threading.RLock()
        self._is_told = False
        self._complaints: set[str] = set()
        self._folder = folder
        self._last = folder / LAST if folder is not None else None
        self._untold = list(self._read_last())

    def begin(self) -> None:
        """From now on, in every thread."""
        sys.excepthook = self._take_uncaught
        threading.excepthook = lambda thrown: self._take(thrown.exc_value)
        sys.unraisablehook = lambda thrown: self._take(thrown.exc_value)
        qInstallMessageHandler(self._take_complaint)
        FAULTS.handlers = [_Listener(self._take)]
        FAULTS.propagate = False
        if self._last is not None:
            with suppress(OSError):
                faulthandler.enable(os.open(self._last, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644))  # until the end

    def tell(self, show: Callable[[Fault], object]) -> None:
        """There is somebody to be told from now on, in the thread of the window; also of what was there before."""
        self.noted.connect(show)
        with self._lock:
            self._is_told, untold, self._untold = True, self._untold, []
            if untold and self._last is not None:
                with suppress(OSError):
                    self._last.write_text("", encoding="utf-8")
        for fault in untold:
            self.noted.emit(fault)

    def leave(self) -> None:
        """The window is gone: what happens now is told at the next start."""
        self._is_told = False

    def report(self, with_names: bool) -> str:
        """Of all that happened since the start."""
        with self._lock:
            return report(self._counts.values(), with_names)

    # inside; in any thread

    def _take_uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._take(error.with_traceback(trace))
        for name in ("last_exc", "last_value", "last_traceback"):  # a painter in it would hold what it paints on
            if hasattr(sys, name):
                setattr(sys, name, None)
        traceback.clear_frames(trace)

    def _take(self, error: BaseException | None) -> None:
        if error is not None:
            self._note(fault_of(error))

    def _take_complaint(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        _print(message)
        with self._lock:
            if kind in CHATTER or message in self._complaints:
                return
            self._complaints.add(message)
        if kind in GRAVE:
            self._note(Fault("Qt", message, (), message))
        else:
            self._write_down(f"Qt: {message}")

    def _note(self, fault: Fault) -> None:
        key = fault.kind, fault.places
        with self._lock:
            first, count = self._counts.get(key, (fault, 0))
            self._counts[key] = first, count + 1
            if count:
                return
            is_told = self._is_told
            if not is_told:
                self._keep_last(fault)
                self._untold.append(fault)
        self._write_down(fault.whole)
        _print(fault.whole)
        if is_told:
            self.noted.emit(fault)

    def _write_down(self, what: str) -> None:
        if self._folder is None:
            return
        log = self._folder / LOG
        with self._lock, suppress(OSError):
            if log.exists() and log.stat().st_size > LOG_BYTES:
                log.replace(self._folder / LOG_BEFORE)
            with log.open("a", encoding="utf-8", errors="replace") as file:
                file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {what.rstrip()}\n")

    def _keep_last(self, fault: Fault) -> None:
        if self._last is not None:
            with suppress(OSError), self._last.open("a", encoding="utf-8") as file:
                file.write(f"{fault.what}\n{fault.whole}\n")

    def _read_last(self) -> tuple[Fault, ...]:
        if self._last is None:
            return ()
        try:
            text = read_text(self._last, SMALL, "replace").strip()
        except OSError:
            return ()
        if not text:
            return ()
        fault = fault_from(text)
        self._counts[fault.kind, fault.places] = fault, 1
        return (Fault(ENDED, fault.what, fault.places, fault.whole),)


def _print(words: str) -> None:
    """On the terminal, if there is one and still is: an error in here would come back to here until Python crashes."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            print(words, file=sys.stderr)


class _Listener(logging.Handler):
    def __init__(self, take: Callable[[BaseException | None], None]) -> None:
        super().__init__()
        self._take = take

    def emit(self, record: logging.LogRecord) -> None:
        self._take(record.exc_info[1] if record.exc_info else None)
