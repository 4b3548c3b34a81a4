"""Where the test set-up (tests/odd_files.sh) puts the odd and broken pictures of other projects."""

import json
import os
import time
from pathlib import Path

from core.images.decoding.decode import Picture, decode
from core.images.decoding.target import Target

CORPORA = ("gdk-pixbuf-tests", "golang-1.19-src", "libjxl-testdata", "golang-golang-x-image-dev")
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "latentscape-tests")
GIFS = CACHE / "gdk-pixbuf-tests/usr/libexec/installed-tests/gdk-pixbuf/test-images/gif-test-suite"
PNGS = CACHE / "golang-1.19-src/usr/share/go-1.19/src/image/png/testdata/pngsuite"
VIDEO = CACHE / "golang-1.19-src/usr/share/go-1.19/src/image/testdata"
TIFFS = CACHE / "golang-golang-x-image-dev/usr/share/gocode/src/golang.org/x/image/testdata"
FLOWERS = CACHE / "libjxl-testdata/usr/share/libjxl-testdata/jxl/flower"


def everything_in(folder: Path) -> set[str]:
    """Every file and link in a folder, deeper ones too, by its path relative to the folder."""
    found = (os.path.join(place, name) for place, _, names in os.walk(folder) for name in names)
    return {os.path.relpath(path, folder) for path in found}


def decode_and_tell(measures: Path, path: str, target: Target) -> Picture:
    """Decode in a worker, and add to the file of measures a line of path, seconds and peak megabytes."""
    began = time.perf_counter()
    try:
        return decode(path, target)
    finally:
        seconds = time.perf_counter() - began
        megabytes = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1000
        with open(measures, "a") as file:
            file.write(json.dumps([path, seconds, megabytes]) + "\n")
