"""The floors of pyproject.toml as constraints for pip: the oldest allowed of each library that runs."""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

TOOLS = ("dev",)  # what only tests and builds the program: as new as there is


def floors(path: Path) -> Iterator[str]:
    """A line a library that pyproject.toml names for this machine, its extras too."""
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    written = [*project["dependencies"], *(each for name in extras if name not in TOOLS for each in extras[name])]
    for requirement in map(Requirement, written):
        if requirement.marker is None or requirement.marker.evaluate():
            floor = next(each.version for each in requirement.specifier if each.operator == ">=")
            yield f"{requirement.name}=={floor}"


if __name__ == "__main__":
    print("\n".join(floors(Path(sys.argv[1] if len(sys.argv) > 1 else "pyproject.toml"))))
