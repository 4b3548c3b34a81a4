"""skipped.csv: every file that is not used, and why."""

import csv
from collections.abc import Iterable
from pathlib import Path

from core.skipped_file import Skipped


def write_skipped(path: Path, skipped: Iterable[Skipped]) -> None:
    """Columns file, reason, detail; UTF-8, except that a name which is not UTF-8 keeps its own bytes."""
    with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        table = csv.writer(file)
        table.writerow(("file", "reason", "detail"))
        table.writerows((each.path, each.reason, each.detail) for each in skipped)
