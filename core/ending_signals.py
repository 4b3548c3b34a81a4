"""The signals by which a person, a system or a terminal asks a program to end."""

import signal
import sys

ENDING = [signal.SIGINT, signal.SIGTERM]
if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
    ENDING.append(signal.SIGHUP)  # its terminal is gone; `nohup` has a program ignore that, and goes on
