"""What is said of a run, the same in every list of them."""

import time

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPixmap

from core.reports.runs import KnownRun
from explorer.toolkit.ago import words_for_ago
from explorer.toolkit.drawable_text import drawable

COVER_SIDE = 40


def words_for_run(run: KnownRun) -> str:
    """As "moths · 2 hours ago · 1,234.5 nats"."""
    return " · ".join(filter(None, (drawable(run.name), age_of(run), figure_of(run))))


def age_of(run: KnownRun) -> str:
    """When it was saved last; the demonstration has no date that means anything."""
    return "" if run.name == "demonstration" else words_for_ago(time.time() - run.written)


def figure_of(run: KnownRun) -> str:
    """The held-out objective; empty where nothing is held out."""
    if run.objective is None:
        return ""
    return f"{run.objective:,.1f} nats".replace("-", "−")


def source_of(run: KnownRun) -> str:
    """The images, by the last part of their folder."""
    return drawable(run.source.rstrip("/\\").replace("\\", "/").rsplit("/", 1)[-1])


def cover_of(run: KnownRun) -> QIcon:
    """Its small picture, as large as it fits; none where it has none yet."""
    picture = QPixmap()
    if not run.cover or not picture.loadFromData(run.cover):
        return QIcon()
    size = QSize(2 * COVER_SIDE, 2 * COVER_SIDE)
    how = Qt.TransformationMode.FastTransformation if picture.width() < size.width() else _SMOOTH
    return QIcon(picture.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, how))


_SMOOTH = Qt.TransformationMode.SmoothTransformation
