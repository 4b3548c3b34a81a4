"""Words as one line that the shell of this system takes apart into the same words."""

import os
import shlex
import subprocess
from collections.abc import Sequence


def shell_line(words: Sequence[str], is_windows: bool = os.name == "nt") -> str:
    """A line for POSIX shells, or by the rules of Windows programs, for which a single quote is a letter."""
    return subprocess.list2cmdline(words) if is_windows else shlex.join(words)
