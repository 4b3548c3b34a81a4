"""The table of `make bench`: a row for each thing that is measured, with the peer beside it and what to reach."""

import os
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeVar

import numpy as np

SMALL = os.environ.get("LATENTSCAPE_BENCH_SIZE", "full") == "small"
HEAD = ("what", "ours", "peer", "ratio", "to reach", "reached", "physical limit", "why not")
NOT_KNOWN = "not known yet"
BEGINS = "\n## "  # a part of the table
Value = TypeVar("Value")


def sized(full: Value, small: Value) -> Value:
    """One of two amounts of work: for the table, or to see that it works."""
    return small if SMALL else full


@dataclass(frozen=True)
class Mark:
    """What a row is to reach: its own figure, its ratio to the peer's, or how far it is ahead of that."""

    figure: Literal["ours", "ratio", "ahead"]
    bound: float

    def said(self, row: "Row") -> str:
        """As "≤ 16 ms" or "≥ 2.5 ×"."""
        match self.figure:
            case "ours":
                return f"{'≥' if row.more_is_better else '≤'} {number(self.bound)} {row.unit}"
            case "ratio":
                return f"≥ {number(self.bound)} ×"
            case _:
                return f"≥ {number(self.bound)} {row.unit} better"

    def is_reached(self, row: "Row") -> bool | None:
        """None where the peer is missing that it needs."""
        if self.figure == "ours":
            found = statistics.median(row.ours)
            return found >= self.bound if row.more_is_better else found <= self.bound
        if not row.peers:
            return None
        return (row.ratio if self.figure == "ratio" else row.ahead) >= self.bound


@dataclass(frozen=True)
class Row:
    """One thing measured some times, by us and by a peer, turn and turn about; a figure each time."""

    what: str
    unit: str
    ours: Sequence[float]
    mark: Mark | None = None
    peer: str = ""
    peers: Sequence[float] = ()  # as many as ours; or none: then `peer` says why
    more_is_better: bool = False
    limit: str = ""  # what the machine would allow
    why_not: str = ""  # in a sentence, should the mark be missed

    @property
    def ratio(self) -> float:
        """How many times better than the peer: the median of the pairs."""
        pairs = zip(self.ours, self.peers, strict=True)
        return statistics.median(mine / other if self.more_is_better else other / mine for mine, other in pairs)

    @property
    def ahead(self) -> float:
        """How much better than the peer, in the row's unit: the median of the pairs."""
        pairs = zip(self.ours, self.peers, strict=True)
        return statistics.median(mine - other if self.more_is_better else other - mine for mine, other in pairs)

    def cells(self) -> tuple[str, ...]:
        """What stands in the table, for each of HEAD."""
        reached = None if self.mark is None else self.mark.is_reached(self)
        peer, ratio = self.peer, ""
        if self.peers:
            peer = f"{self.peer}: {middle(self.peers, self.unit)}"
            ratio = f"{number(self.ratio)} ×"
        return (
            self.what,
            middle(self.ours, self.unit),
            peer or "–",
            ratio or "–",
            self.mark.said(self) if self.mark else "–",
            {True: "yes", False: "**no**", None: "–"}[reached],
            self.limit or "–",
            (self.why_not or NOT_KNOWN) if reached is False else "",
        )


@dataclass
class Table:
    """The rows of one run, by part."""

    machine: Sequence[str] = ()
    parts: dict[str, list[Row]] = field(default_factory=dict)
    broken: dict[str, list[str]] = field(default_factory=dict)  # what could not be measured, by part, and why

    def add(self, part: str, row: Row) -> None:
        """Take in a row, and show it at once."""
        self.parts.setdefault(part, []).append(row)
        said = (f"{name} {cell}" for name, cell in zip(HEAD[1:], row.cells()[1:], strict=True) if cell not in ("", "–"))
        print(f"\n{part} · {row.what}: {'; '.join(said)}", flush=True)

    def as_markdown(self, before: str = "") -> str:
        """The whole table; parts that were not measured this time are those of the one `before`."""
        lines = ["# What `make bench` measured", "", "Median (lowest–highest) of what was done several times.", ""]
        lines += [f"- {fact}" for fact in self.machine]
        sections = {text.split("\n", 1)[0]: text.strip() for text in before.split(BEGINS)[1:]}
        sections |= {part: self._section(part) for part in {*self.parts, *self.broken}}
        return "\n".join([*lines, *(f"{BEGINS}{sections[part]}" for part in sorted(sections))]) + "\n"

    def _section(self, part: str) -> str:
        lines = [part, "", f"Measured on {date.today()}.", "", _line(HEAD), _line("---" for _ in HEAD)]
        lines += [_line(row.cells()) for row in self.parts.get(part, ())]
        return "\n".join([*lines, *(f"\nNot measured: {each}" for each in self.broken.get(part, ()))])


def reaching(bound: float) -> Mark:
    """A figure no higher than this; no lower, where more is better."""
    return Mark("ours", bound)


def times_the_peer(bound: float) -> Mark:
    """So many times better than the peer."""
    return Mark("ratio", bound)


def better_by(bound: float) -> Mark:
    """So much better than the peer."""
    return Mark("ahead", bound)


def number(value: float) -> str:
    """Three figures."""
    if value == 0 or not np.isfinite(value):
        return f"{value:g}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def middle(values: Sequence[float], unit: str) -> str:
    """Median and range."""
    around = f" ({number(min(values))}–{number(max(values))})" if len(values) > 1 else ""
    return f"{number(statistics.median(values))} {unit}{around}"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
