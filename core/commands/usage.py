"""What commands there are, and what is said of them; imports nothing that takes time."""

import os
import shlex
from difflib import get_close_matches
from typing import NamedTuple


class UsageError(Exception):
    """The command line is wrong; the message says how, a line for each flag."""


class Command(NamedTuple):
    """How a command is called, what it is for, and the module with the function of its name."""

    usage: str
    purpose: str
    module: str


COMMANDS = {
    "open": Command(
        "[PATH] [--read-anew]",
        "open the window: on a run, images, an exported picture, or a model from elsewhere (ONNX)",
        "",
    ),
    "scan": Command("DATA", "say what would be used, what would be skipped and why", "core.commands.scanning"),
    "train": Command("DATA --run RUN", "teach a model the images of DATA", "core.commands.training"),
    "resume": Command("RUN", "go on with a run from its last checkpoint", "core.commands.training"),
    "encode": Command("RUN [DATA] --out codes.csv", "write where images lie in latent space", "core.commands.viewing"),
    "decode": Command(
        "RUN --z 0.5 -1.2 --out x.png", "save the picture at a place in latent space", "core.commands.viewing"
    ),
    "grid": Command("RUN --out plane.png", "save the map's plane as a sheet of pictures", "core.commands.viewing"),
    "sample": Command("RUN --out samples.png", "save pictures that the model makes up", "core.commands.viewing"),
    "film": Command(
        'RUN --stops="0,1;2,-1" --out walk.gif',
        "film a way through latent space: GIF, WebP, MP4, PNG frames",
        "core.commands.filming",
    ),
    "history": Command(
        "RUN --out learning.mp4", "film how a run learned: the map, and a picture beside it", "core.commands.history"
    ),
    "complete": Command(
        "RUN --picture FILE --visible left --out x.png",
        "draw what may be hidden in a picture",
        "core.commands.completing",
    ),
    "sweep": Command(
        "DATA --over latent-dims 1,2,4,8",
        "train for several values of one flag and compare them",
        "core.commands.sweeping",
    ),
    "inspect": Command("RUN", "say what a run learned from and how good it is", "core.commands.inspecting"),
    "mend": Command("RUN", "make a damaged run go on with what is whole of it", "core.commands.mending"),
    "share": Command(
        "RUN --out COPY | page.html",
        "copy a run without the paths of this machine; or its map as a page that anyone can drag",
        "core.commands.sharing",
    ),
    "export": Command("RUN --out FOLDER", "write the model as ONNX, for other programs", "core.commands.exporting"),
    "evaluate": Command("RUN", "say how good a run is, in nats per image", "core.commands.evaluating"),
    "cache": Command("", "say how much decoded images take up; clear or limit it", "core.commands.caching"),
    "lesson": Command("[N]", "learn what a VAE does: guess, run, and see what is true", "core.commands.teaching"),
    "datasets": Command("", "list the image sets known by name; fetch one", "core.commands.datasets"),
}


def help_text() -> str:
    """What `latentscape --help` prints."""
    calls = {f"{name} {command.usage}": command.purpose for name, command in COMMANDS.items()}
    width = max(map(len, calls))
    return "\n".join(
        (
            "usage: latentscape [COMMAND …]",
            "",
            "Teach a variational autoencoder your pictures, and walk through what it learned.",
            "Without a command the window opens where it was left.",
            "",
            *(f"  {call:{width}}  {purpose}" for call, purpose in calls.items()),
            "",
            "DATA is a folder of images (sub-folders are classes), a .zip of one, or a set that `latentscape datasets`",
            "lists. Where a folder here is called like a set, the folder is meant, and set:NAME is the set.",
            "RUN is the folder of one training. `latentscape COMMAND --help` lists the flags of a command.",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 129, 130 or 143 stopped by a signal and saved.",
        )
    )


def unknown(name: str) -> str:
    """What is said of a command that there is none of."""
    if os.path.exists(name):  # of any name: as a Path it may be too long for the disk
        return f"There is no command {name}. To open what is called so: `latentscape open {shlex.quote(name)}`."
    close = get_close_matches(name, COMMANDS, n=1)
    meant = f" Did you mean `{close[0]}`?" if close else ""
    return f"There is no command {name}.{meant} `latentscape --help` lists them all."
