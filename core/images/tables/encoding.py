"""In which letters a table is written that is not UTF-8: those in which it names the files."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.images.tables.file_paths import is_utf8
from core.images.tables.key_column import with_key
from core.images.tables.read_table import read_table
from core.images.tables.row_matching import fit
from core.images.tables.table import MetadataTable
from core.images.tables.text_lines import most_lines

# What spreadsheets write without being asked for UTF-8, the strictest first: others can make letters of any bytes.
ENCODINGS = {
    "gb18030": "Chinese (GBK)",
    "cp932": "Japanese (Shift JIS)",
    "euc_jp": "Japanese (EUC)",
    "big5": "Chinese (Big5)",
    "cp949": "Korean",
    "cp1251": "Cyrillic",
    "cp1253": "Greek",
    "cp1250": "Central European",
    "mac_roman": "Western, of a Mac",
    "cp850": "Western, of DOS",
}
FEW_TEXTS, TEXTS_AN_IMAGE = 30_000, 10  # whichever is more: of a table that is read once for each of these


def table_with_key(path: Path, names: Sequence[str], folder: Path | None) -> tuple[MetadataTable, int, str]:
    """A table, the column that says which image a row is about, and a sentence on its letters where there is one.

    Bytes that are not UTF-8 stay as they are unless more names of images are read otherwise. Raises ImagesError.
    """
    most = most_lines(len(names))
    table, key = with_key(read_table(path, most=most), names, folder)
    is_told = any(not name.isascii() for name in names)
    if not is_told or all(is_utf8(text) for texts in (table.header, *table.texts) for text in texts):
        return table, key, ""
    if sum(map(len, table.texts)) > max(FEW_TEXTS, TEXTS_AN_IMAGE * len(names)):
        return table, key, f"{path.name} is not UTF-8, and too long to find out what it is: save it as UTF-8."
    known, said = _count(table, key, names, folder), ""
    for encoding, words in ENCODINGS.items():
        try:
            read = read_table(path, encoding, most)
        except UnicodeDecodeError:
            continue
        other, its_key = with_key(read, names, folder)
        if (count := _count(other, its_key, names, folder)) > known:
            known, table, key = count, other, its_key
            said = f"{path.name} is not UTF-8: read as {words}, in which it names most files."
    return table, key, said


def _count(table: MetadataTable, key: int, names: Sequence[str], folder: Path | None) -> int:
    """How many images it names."""
    found = fit(table.texts[key], names, folder).image_of
    return len(np.unique(found[found >= 0]))
