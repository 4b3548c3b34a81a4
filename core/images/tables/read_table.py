"""Reading a table of metadata, whatever wrote it: by its first bytes, and where these say nothing by its name."""

from collections.abc import Callable
from pathlib import Path

from core.bounded_read import LARGE, open_regular
from core.errors import ImagesError
from core.images.tables.delimited_text import read_delimited
from core.images.tables.json_lines import read_json_lines
from core.images.tables.table import MetadataTable, problem
from core.images.tables.text_lines import BYTES_A_LINE, MOST_LINES
from core.images.tables.workbook import read_workbook

SUFFIXES = (".csv", ".tsv", ".jsonl", ".xlsx")  # of what is offered
AS_CSV = "save it as CSV in its own program, or do without it"

_JSON_LINES = (".jsonl", ".ndjson", ".jsonlines")
_WORKBOOK = b"PK\x03\x04"
_OTHERS = (  # first bytes: what it is, though its name may say something else
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is a workbook of an old Excel, or a locked one"),
    (b"PAR1", "is Parquet, which is not read"),
    (b"SQLite format 3\0", "is a database, which is not read"),
    (b"\x1f\x8b", "is compressed"),
    (b"%PDF", "is a PDF"),
    (b"<?xml", "is XML, which is not read"),
    (b"<!DOCTYPE", "is a page of the web"),
)
_HEAD = 16


def read_table(path: Path, encoding: str = "", most: int = MOST_LINES) -> MetadataTable:
    """Read a table of at most so many lines.

    Raises ImagesError for a file of which nothing can be read, or that is larger, and remarks on lines otherwise.

    With an encoding, of text that does not say its own, raises UnicodeDecodeError where it is in another.
    """
    try:
        with open_regular(path, min(LARGE, BYTES_A_LINE * most)) as file:
            head = file.read(_HEAD)
        reader = _reader(path, head)
        return read_delimited(path, most, encoding) if reader is read_delimited else reader(path, most)
    except OSError as error:
        reason = error.strerror or error
        raise ImagesError(f"The metadata in {path} cannot be read ({reason}): choose another file.") from error


def _reader(path: Path, head: bytes) -> Callable[[Path, int], MetadataTable]:
    if not head:
        raise problem(path, "is empty")
    for begins, what in _OTHERS:
        if head.startswith(begins):
            raise problem(path, what, AS_CSV)
    if head.startswith(_WORKBOOK):
        return read_workbook
    suffix = path.suffix.lower()
    if suffix in _JSON_LINES:
        return read_json_lines
    if suffix == ".json":
        raise problem(
            path, "is JSON, such as COCO's, which is not read", "save it as CSV, or a JSON object a line (.jsonl)"
        )
    return read_delimited
