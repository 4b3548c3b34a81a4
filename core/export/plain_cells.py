"""Cells of tables that no spreadsheet takes for a formula, whatever a file or a class is called."""

import re

_FORMULA = re.compile(r"[=+\-@\t\r].", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?%?")


def plain_path(name: str) -> str:
    """The path of a file: "./=1.png" is the same file as "=1.png", for every program."""
    return f"./{name}" if _FORMULA.match(name) else name


def plain_cell(text: str) -> str:
    """Other words: an apostrophe before what begins as a formula does, which spreadsheets take away; numbers stay."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
