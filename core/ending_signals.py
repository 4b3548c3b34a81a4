"""The signals by which a person, a system or a terminal asks a program to end."""

import os
import signal
import sys

ENDING = [signal.SIGINT, signal.SIGTERM]
if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
    ENDING.append(signal.SIGHUP)  # its terminal is gone; `nohup` has a program ignore that, and goes on
_terminals = [stream for stream in (1, 2) if os.isatty(stream)]


def heard(number: int) -> None:
    """Such a signal came: what is said to a terminal that is gone goes nowhere from now on, where it would fail."""
    if sys.platform != "win32" and number == signal.SIGHUP:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in _terminals:
            os.dup2(nowhere, stream)
        os.close(nowhere)
