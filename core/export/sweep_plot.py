"""A sweep as a picture: what each value of a flag does to objective, reconstruction, KL and active units."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core.evaluation.sweep import Row
from core.export.pictures import CHUNK
from core.version import app_version

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#666666"  # told apart by colour-blind eyes (Okabe & Ito 2008)
MANY_TIMES = 8.0  # from here on the values are shown by their ratios
CROWDED = 16  # letters beside each other under a narrow plot
SUFFIXES = (".png", ".svg")


def plot_sweep(path: Path, flag: str, rows: Sequence[Row], title: str) -> list[Path]:
    """Save the rows that have figures as PNG and SVG beside each other; returns the files, none without figures."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    shown = [row for row in rows if row.objective is not None]
    if not shown:
        return []
    figure = Figure(figsize=(11.0, 3.8), layout="constrained")
    FigureCanvasAgg(figure)  # no window, whatever the machine is set to
    figure.suptitle(title)
    left, middle, right = figure.subplots(1, 3, width_ratios=(1.4, 1.0, 1.0))
    _terms(left, shown)
    _line(middle, shown, [row.kl or 0.0 for row in shown], "KL (nats per image)")
    _line(right, shown, [row.active_units or 0 for row in shown], "Active units")
    for axes in (left, middle, right):
        _values(axes, flag, shown)
    paths = [path.with_suffix(suffix) for suffix in SUFFIXES]
    for each in paths:
        mark = {CHUNK: app_version()} if each.suffix == ".png" else {}  # by which it is no picture to learn from
        figure.savefig(each, dpi=150, metadata=mark)
    return paths


def _terms(axes: "Axes", rows: Sequence[Row]) -> None:
    places = _places(rows)
    axes.plot(places, [row.objective or 0.0 for row in rows], "o-", color=BLUE, label="objective")
    axes.plot(places, [row.reconstruction or 0.0 for row in rows], "s--", color=ORANGE, label="reconstruction")
    axes.set_ylabel("Held-out images (nats per image)")
    axes.legend(frameon=False)


def _line(axes: "Axes", rows: Sequence[Row], heights: Sequence[float], label: str) -> None:
    axes.plot(_places(rows), heights, "o-", color=BLUE, clip_on=False)
    axes.set_ylabel(label)
    axes.set_ylim(bottom=0.0)


def _values(axes: "Axes", flag: str, rows: Sequence[Row]) -> None:
    """Every value at its place, those that are numbers on a scale."""
    places = _places(rows)
    is_numeric = places != list(range(len(rows))) or [row.value for row in rows] == [str(place) for place in places]
    if is_numeric and min(places) > 0 and max(places) / min(places) >= MANY_TIMES:
        axes.set_xscale("log")
    is_crowded = sum(len(row.value) for row in rows) > CROWDED
    axes.minorticks_off()
    axes.set_xticks(places, [row.value for row in rows], rotation=60 if is_crowded else 0)
    axes.set_xlabel(flag.replace("-", " "))
    axes.grid(axis="y", color=GREY, alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)


def _places(rows: Sequence[Row]) -> list[float]:
    """The values as numbers, or one after the other when they are words."""
    try:
        return [float(row.value) for row in rows]
    except ValueError:
        return [float(place) for place in range(len(rows))]
