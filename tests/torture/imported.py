"""What one package writes and asks for when it is imported: `python -m tests.torture.imported NAME`."""

import os
import sys
from importlib import import_module

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
done: list[str] = []


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Takes note of each file that is opened to be written, and of each socket."""
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING and arguments[0] != os.devnull:
        done.append(f"wrote {arguments[0]}")
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "os.mkdir", "os.rename"):
        done.append(f"{event} {arguments}")


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.addaudithook(watch)
    import_module(sys.argv[1])
    print("\n".join(done))
