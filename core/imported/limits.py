"""How much time and memory the process may take that tries a stranger's model; where a system can hold it to that."""

import os
import sys

CPU_SECONDS = 6  # of one core, from now on
ROOM, ROOM_A_PIXEL, COPIES = 320_000_000, 256, 3  # bytes beside what is taken now, and copies of the model's file


def limit_time() -> None:
    """The process is ended after CPU_SECONDS of computing; on Windows only whoever waits for it can do that."""
    if sys.platform != "win32":
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, most))


def limit_memory(file_bytes: int, pixels: int) -> None:
    """No more than a decoder of such a file and such pictures needs: what asks for more gets a MemoryError."""
    if sys.platform.startswith("linux"):
        import resource

        with open("/proc/self/statm") as file:
            taken = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        room = taken + ROOM + COPIES * file_bytes + ROOM_A_PIXEL * pixels
        resource.setrlimit(resource.RLIMIT_AS, (room, most))
