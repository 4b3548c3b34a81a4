"""The card on the map that says what its colours mean: a legend, or the bar of a number; and what they are."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QLineEdit, QToolButton, QVBoxLayout, QWidget

from core.exploration import NONE, Group, Indices
from core.reports.images import Column
from explorer.map.colours.colour_choice import ColourChoice
from explorer.map.colours.colourings import CLASS, SELECTED, Colouring, by_number, colourings
from explorer.map.colours.legend import Legend
from explorer.map.colours.number_legend import NumberLegend
from explorer.map.colours.number_scale import BINS, Scale, unknown
from explorer.map.colours.offered_numbers import Measured
from explorer.toolkit.descriptions import describe
from explorer.toolkit.properties import having

MANY = 12  # levels, from which on they can be searched
_REDRAW_MS = 30  # while an end of the range is dragged
_MARGINS = (5, 5, 3, 5)

# Of all images: labels (N,), the classes, who is held out (N,), and what else is known.
_Images = tuple[NDArray[np.int64], Sequence[str], NDArray[np.bool_] | None, Sequence[Column]]


class ColourKey(QFrame):
    """Holds what is known of the images and what was chosen of it; `choice` is the list for the map's bar."""

    recoloured = Signal()  # levels, colours, shapes or what is hidden are other ones
    resized = Signal()
    number_chosen = Signal(str)  # the number that colours the map, by its name; empty: another thing does
    again_clicked = Signal()  # measure with the model as it is now
    level_selected = Signal(str, object, int, str)  # its name, the levels of all images (N,), which; and the mode
    drawn_changed = Signal(object)  # which images (N,) are not hidden here; None: all of them

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # else a click beside a row drags the cursor
        self.choice = ColourChoice(action)
        self._images: _Images = (np.zeros(0, np.int64), (), None, ())
        self._is_seen: NDArray[np.bool_] | None = None
        self._groups: tuple[Group, ...] = ()
        self._selection = NONE
        self._offered: dict[str, Measured] = {}
        self._scale: Scale | None = None
        self._asked = ""
        self._counts = np.zeros(0, np.int64)
        self._counted: tuple[object, object] = (None, None)  # the levels and who has a place, of the counts
        self._listed: tuple[str, tuple[str, ...]] = ("", ())  # what the legend lists
        self._has_shapes, self._hid_any = False, False
        self._ways = colourings(*self._images)
        self._now = self._ways[CLASS]()
        self._build()
        self._rebuild()

    @property
    def colouring(self) -> Colouring:
        """What colours the dots now."""
        return self._now

    @property
    def hidden(self) -> frozenset[int]:
        """The levels that are not to be drawn."""
        return self._bar.hidden if self._now.scale is not None else self._legend.hidden

    @property
    def is_drawn(self) -> NDArray[np.bool_] | None:
        """Which images (N,) are not hidden here; None: all of them."""
        if not self.hidden:
            return None
        is_shown = np.ones(len(self._counts), np.bool_)
        is_shown[list(self.hidden)] = False
        return is_shown[self._now.column.codes]

    @property
    def is_needed(self) -> bool:
        """Whether there is more than one level to tell apart."""
        return len(self._now.column.levels) > 1

    def show_images(
        self,
        labels: NDArray[np.int64],
        classes: Sequence[str],
        is_held_out: NDArray[np.bool_] | None,
        columns: Sequence[Column],
        is_seen: NDArray[np.bool_] | None = None,
    ) -> None:
        """What is known of all images; `is_seen` (N,) are those that have a place on the map, None: all."""
        images: _Images = (labels, classes, is_held_out, columns)
        self._is_seen = is_seen
        if any(new is not old for new, old in zip(images, self._images, strict=True)):
            self._images = images
            self._rebuild()
        else:
            self._count()

    def show_groups(self, groups: Sequence[Group]) -> None:
        """The images that a person put together."""
        if tuple(groups) != self._groups:
            self._groups = tuple(groups)
            self._rebuild()
            self.recoloured.emit()

    def show_selection(self, indices: Indices) -> None:
        """The selected images, sorted: counted, and a colouring of their own."""
        had_any, self._selection = len(self._selection), indices
        if had_any or len(indices):
            is_chosen = self._now.name == SELECTED
            self._rebuild()
            if is_chosen or self._now.name == SELECTED:
                self.recoloured.emit()

    def offer_numbers(self, numbers: Sequence[Measured]) -> None:
        """What can be measured of these images with this model."""
        offered = {each.name: each for each in numbers}
        if offered != self._offered:
            self._offered = offered
            self._rebuild()
            self.recoloured.emit()

    def show_scale(self, scale: Scale | None) -> None:
        """The number that was chosen, as far as it is known; None: it is not known any more."""
        self._scale = scale
        self._recolour()

    def show_note(self, note: str, is_failure: bool = False) -> None:
        """What is being done about the number that was chosen, or why it is not known."""
        self._bar.show_note(note, is_failure)
        self.resized.emit()

    def show_shapes(self, has_shapes: bool) -> None:
        """Whether the dots of each level have a shape of their own."""
        if has_shapes != self._has_shapes:
            self._has_shapes = has_shapes
            self._show()

    def said(self, index: int) -> str:
        """What the colours say of one image, beside its class."""
        return self._now.said(index)

    def left_out(self) -> str:
        """How many images are hidden here, and which; empty for none."""
        if not self.hidden:
            return ""
        without = int(self._counts[list(self.hidden)].sum())
        count = len(self.hidden)
        if self._now.scale is not None:
            return f"{without:,} outside {self._now.name} {self._bar.words()}"
        if self._now.name == CLASS:
            return f"{without:,} in {count} hidden class{'es' if count != 1 else ''}"
        return f"{without:,} in {count} hidden of “{self._now.name}”"

    def wanted_size(self, most: int) -> QSize:
        """Room for all rows or the bar, at most `most` pixels high."""
        if self._now.scale is not None:
            return self._bar.wanted_size() + QSize(8, 10)
        search = self._search.sizeHint().height() + 4 if self._search.isVisibleTo(self) else 0
        return self._legend.wanted_size(max(60, most - search)) + QSize(8, 10 + search)

    # inside

    def _build(self) -> None:
        self._legend, self._bar, self._search = Legend(), NumberLegend(), QLineEdit(clearButtonEnabled=True)
        self._search.setPlaceholderText("Find…")
        for button in self._search.findChildren(QToolButton):
            describe(button, "Clear", "List all again")
        describe(self._search, "Find among the colours", "List only those whose names hold these letters")
        column = having(QVBoxLayout(self), spacing=4)
        column.setContentsMargins(*_MARGINS)
        for widget in (self._search, self._legend, self._bar):
            column.addWidget(widget)
        self._redraw = QTimer(self, singleShot=True, interval=_REDRAW_MS)
        self._redraw.timeout.connect(self._take_range)
        self.choice.chosen.connect(self._choose)
        self._search.textChanged.connect(self._legend.show_only)
        self._search.returnPressed.connect(self._legend.take_keyboard)
        self._legend.hidden_changed.connect(lambda _: self.recoloured.emit())
        self._legend.level_selected.connect(self._select_level)
        self._bar.hidden_changed.connect(lambda _: self._redraw.isActive() or self._redraw.start())
        self._bar.range_selected.connect(self._select_range)
        self.recoloured.connect(self._tell_drawn)
        self._bar.again_clicked.connect(self.again_clicked)

    def _rebuild(self) -> None:
        self._ways = colourings(*self._images, self._groups, self._selection)
        self.choice.show_names(dict.fromkeys(self._ways, ""), {name: each.tip for name, each in self._offered.items()})
        self._recolour(is_told=False)

    def _choose(self) -> None:
        self._scale = None
        self._bar.show_note("")
        self._recolour()

    def _recolour(self, is_told: bool = True) -> None:
        """Find the colouring that was chosen, as far as it is known."""
        self._now = self._chosen()
        self._count()
        self._ask()
        self.resized.emit()
        if is_told:
            self.recoloured.emit()

    def _chosen(self) -> Colouring:
        name, images = self.choice.name, len(self._images[0])
        if self._scale is not None and self._scale.name == name and len(self._scale.numbers) == images:
            self._bar.show_scale(self._scale)
            return self._by_number(self._scale)
        if name in self._offered:
            scale = unknown(name, self._offered[name].unit, images)
            self._bar.show_scale(scale)
            return by_number(scale)
        return self._ways.get(name, self._ways[CLASS])()

    def _by_number(self, scale: Scale) -> Colouring:
        first, last = self._bar.range
        return by_number(scale, max(first, 0), min(last, BINS))

    def _ask(self) -> None:
        """Say which number is wanted, when that is another one."""
        is_number = self._now.scale is not None or self._now.is_amount
        wanted = self._now.name if is_number else ""
        if wanted != self._asked:
            self._asked = wanted
            self.number_chosen.emit(wanted)

    def _take_range(self) -> None:
        if self._now.scale is not None:
            self._now = self._by_number(self._now.scale)
            self.recoloured.emit()

    def _count(self) -> None:
        """How many images each level has: all, those with a place, those selected."""
        codes, levels = self._now.column.codes, len(self._now.column.levels)
        if codes is not self._counted[0] or self._is_seen is not self._counted[1] or levels != len(self._counts):
            self._counted = (codes, self._is_seen)
            self._counts = np.bincount(codes, minlength=levels)
            self._shown = self._counts if self._is_seen is None else np.bincount(codes[self._is_seen], minlength=levels)
        self._chosen_counts = np.bincount(codes[self._selection], minlength=levels) if self._has_selection else None
        self._show()

    @property
    def _has_selection(self) -> bool:
        return bool(len(self._selection)) and int(self._selection[-1]) < len(self._images[0])

    def _show(self) -> None:
        """The legend, or the bar."""
        now = self._now
        is_number = now.scale is not None
        self._bar.setVisible(is_number)
        self._legend.setVisible(not is_number)
        self._search.setVisible(not is_number and len(now.column.levels) > MANY)
        if now.scale is not None:
            self._bar.show_scale(now.scale, self._chosen_counts)
            return
        if (now.name, now.column.levels) != self._listed:
            self._listed = (now.name, now.column.levels)
            self._search.clear()
        self._legend.show_levels(now.name, now.column.levels, now.colours, now.shapes if self._has_shapes else None)
        self._legend.show_counts(self._counts, self._shown, self._chosen_counts)

    def _select_level(self, level: int, mode: str) -> None:
        column = self._now.column
        self.level_selected.emit(column.levels[level], column.codes, level, mode)

    def _select_range(self, mode: str) -> None:
        is_drawn = self.is_drawn
        codes = np.ones(len(self._now.column.codes), np.bool_) if is_drawn is None else is_drawn
        words = f"{self._now.name} {self._bar.words()}" if self.hidden else f"all with {self._now.name}"
        self.level_selected.emit(words, codes, 1, mode)

    def _tell_drawn(self) -> None:
        """Whether any image is hidden, or none any more."""
        is_any = bool(self.hidden)
        if is_any or self._hid_any:
            self._hid_any = is_any
            self.drawn_changed.emit(self.is_drawn)
