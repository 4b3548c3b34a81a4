"""Programs that run in a terminal of their own, which a test can close."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

# A terminal that closes is heeded, also where the tests themselves were begun with nohup.
BEGIN = """import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])"""


def in_terminal(
    words: Sequence[str], environment: Mapping[str, str] | None = None
) -> tuple[subprocess.Popen[bytes], int]:
    """The program, and our end of its terminal: to read what it says, and to close."""
    own, its = os.openpty()
    command = [sys.executable, "-c", BEGIN, *words]
    program = subprocess.Popen(command, env=environment, stdin=its, stdout=its, stderr=its, start_new_session=True)
    os.close(its)
    return program, own
