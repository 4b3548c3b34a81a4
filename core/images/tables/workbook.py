"""Tables in Excel's workbooks, by openpyxl, where that is installed."""

import warnings
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import ZipFile

from core.byte_sizes import bytes_said
from core.errors import ImagesError
from core.images.tables.json_lines import as_text
from core.images.tables.table import MetadataTable, Remark, Row, problem, tabulate
from core.images.tables.text_lines import too_many_lines

# openpyxl takes some microseconds for each of these, and what is not in cells (styles, names) it keeps as objects.
BYTES_A_LINE, CELLS_A_LINE = 64, 4
MOST_OF_FORM = 2 << 20  # bytes of a part that holds no cells
OF_CELLS = ("xl/worksheets/", "xl/sharedStrings")
MOST_SHEETS = 100
LOOKED_AT = {"max_row": 1_000, "max_col": 100}  # of a sheet, to see whether it holds anything
INSTALL = "install it by `pip install latentscape[excel]`, or save the table as CSV"


def read_workbook(path: Path, most: int) -> MetadataTable:
    """Read the first sheet that holds anything, at most so many rows, of formulas what they last came to.

    Raises ImagesError and OSError.
    """
    openpyxl = _openpyxl(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on colours, drawings and whatever else is not read
        try:
            return _read(path, most, openpyxl)
        except (ImagesError, OSError):
            raise
        except Exception as error:  # whatever a broken zip or XML raises
            raise problem(path, f"is no workbook that can be read ({error})") from error


def _read(path: Path, most: int, openpyxl: ModuleType) -> MetadataTable:
    # Opened here: openpyxl would judge a file by its name.
    _check_size(path, BYTES_A_LINE * most)
    with path.open("rb") as file, closing(openpyxl.load_workbook(file, read_only=True, data_only=True)) as book:
        sheets = [sheet for sheet in book.worksheets[:MOST_SHEETS] if _holds_anything(sheet)]
        if not sheets:
            raise problem(path, "is empty")
        remarks = list[Remark]()
        if len(sheets) > 1:
            others = ", ".join(sheet.title for sheet in sheets[1:])
            remarks.append(Remark(1, f"is of sheet {sheets[0].title}; not read: {others}", is_lost=False))
        return tabulate(path, _rows(sheets[0], most), remarks, most)


def _check_size(path: Path, most: int) -> None:
    """Of what is packed in it, before any of it is unpacked."""
    with ZipFile(path) as parts:
        sizes = {part.filename: part.file_size for part in parts.infolist()}
    if (size := sum(sizes.values())) > most:
        raise OSError(f"it unpacks to {bytes_said(size)}, and may to {bytes_said(most)}")
    for name, size in sizes.items():
        if size > MOST_OF_FORM and name.endswith(".xml") and not name.startswith(OF_CELLS):
            raise OSError(f"its {name} unpacks to {bytes_said(size)}, and may to {bytes_said(MOST_OF_FORM)}")


def _openpyxl(path: Path) -> ModuleType:
    try:
        return import_module("openpyxl")
    except ImportError as error:
        raise problem(path, "is a workbook, and openpyxl, which reads them, is not installed", INSTALL) from error


def _holds_anything(sheet: Any) -> bool:
    sheet.reset_dimensions()  # what a file says of its own size may be wrong
    return any(any(map(as_text, row)) for row in sheet.iter_rows(values_only=True, **LOOKED_AT))


def _rows(sheet: Any, most: int) -> Iterator[Row]:
    cells = 0
    for line, row in enumerate(sheet.iter_rows(values_only=True), 1):
        if line > most:
            raise too_many_lines(most)
        cells += len(row)
        if cells > CELLS_A_LINE * most:
            raise OSError(f"it has more than {CELLS_A_LINE * most:,} cells, too many for so few images")
        yield line, list(map(as_text, row))
