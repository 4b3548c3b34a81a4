"""The map: every image a dot, coloured by what is known; drag anywhere to decode the picture that would live there."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from core.reports import Column
from explorer.class_choice import ClassChoice
from explorer.colour_choice import ColourChoice
from explorer.colourings import CLASS, Colouring, colourings
from explorer.hover_card import HoverCard
from explorer.image_conversion import to_pixmap
from explorer.legend import Legend
from explorer.map_view import MapView
from explorer.theme import FAILURE, is_dark

_EMPTY = "Open a folder of images to begin"
_MORE = "Each image becomes a dot. Drag anywhere among them to see the picture that would live there."
_THUMBNAIL = 52
_GAP = 10
_PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".ppm", ".pgm", ".avif", ".jp2", ".ico"}

# name: (text, tooltip, keys, is a toggle, is on at the start)
_ACTIONS = {
    "fit": ("Fit", "Show all dots (double click does the same)", ("F", "Home"), False, False),
    "grid": ("Grid", "Behind the dots, show what the model decodes at each place", ("G",), True, False),
    "save": ("Save grid…", "Save the decoded grid of this view as a picture", (), False, False),
    "prior": (
        "Prior rings",
        "Rings one, two and three σ from the origin: where the model expects codes",
        ("R",),
        True,
        True,
    ),
    "legend": ("Legend", "What the colours mean: click one to hide it, Alt-click to see it alone", ("L",), True, True),
    "class": (
        "Decode as…",
        "Which class the model decodes everywhere; dots of other classes are faint",
        ("D",),
        False,
        False,
    ),
    "colour": ("Colour by…", "What the colours of the dots tell apart", ("C",), False, False),
}


_LEARNED_PRIOR = "This model learned where codes lie, given what is visible: its prior is not N(0, I)"


class MapPanel(QWidget):
    """The centre of the window; setters in, what the user did out."""

    point_dragged = Signal(float, float)
    code_picked = Signal(int)
    code_hovered = Signal(int)
    view_changed = Signal(float, float, float, float)
    grid_toggled = Signal(bool)
    grid_save_requested = Signal()
    image_dropped = Signal(str)
    class_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Map")
        self.setAcceptDrops(True)
        self._count, self._seen, self._note, self._failure = 0, 0, "", ""
        self._points, self._labels = np.zeros((0, 2), np.float32), np.zeros(0, np.int64)
        self._label: int | None = None  # the class that is decoded
        self._colourings = colourings(np.zeros(0, np.int64), (), None, ())
        self._view = MapView()
        self.setFocusProxy(self._view)
        self._build_overlays()
        self.actions_by_name = {name: self._action(name) for name in _ACTIONS}
        self._colour_by = ColourChoice(self.actions_by_name["colour"])
        self._decode_as = ClassChoice("Decode as", self.actions_by_name["class"].toolTip())
        self._lay_out()
        self._connect()
        self.show_classes((), 0)
        self._show_state()

    # setters

    def show_codes(
        self,
        points: NDArray[np.float32],
        labels: NDArray[np.int64],
        classes: Sequence[str],
        is_held_out: NDArray[np.bool_] | None = None,
        columns: Sequence[Column] = (),
    ) -> None:
        """Points (N, 2), NaN where an image has not been seen yet; labels (N,), indices into `classes`.

        They can be coloured by class, by which are held out (N,), and by `columns`.
        """
        is_first = not self._count and len(points)
        if len(points) != self._count:
            self._card.hide()
            self._view.show_encoded([])
        self._count, self._seen = len(points), int(np.count_nonzero(np.isfinite(points[:, 0] + points[:, 1])))
        self._points, self._labels, self._failure = points, labels, ""
        self._colourings = colourings(labels, classes, is_held_out, columns)
        self._colour_by.show_names(list(self._colourings))
        self._fade()
        self._colour()
        self._show_state()
        if is_first:
            self._view.fit(glides=False)
            self._view.setFocus()
            self._view.tell_view()

    def show_classes(self, classes: Sequence[str], label: int) -> None:
        """The classes that can be decoded, none where the model knows none; dots of others than `label` are faint."""
        self._decode_as.show_classes(classes, label)
        self.actions_by_name["class"].setEnabled(bool(classes))
        self._label = label if classes else None
        self._fade()
        self._show_line()

    def show_axes(self, across: str, up: str) -> None:
        """What the plane's axes are called: `z₁` and `z₂`, or `PC 1` and `PC 2`."""
        self._view.setLabel("bottom", across)
        self._view.setLabel("left", up)

    def show_cursor(self, u: float, v: float) -> None:
        """The place that is decoded."""
        self._view.show_cursor(u, v)

    def show_grid(self, pixels: NDArray[np.uint8] | None, left: float, bottom: float, right: float, top: float) -> None:
        """The decoded plane behind the dots, (H, W, 1 or 3), its first row at `top`; None: no picture."""
        self._view.show_grid(pixels, left, bottom, right, top)

    def show_prior(self, is_shown: bool) -> None:
        """The rings one, two and three sigma from the origin."""
        self.actions_by_name["prior"].setChecked(is_shown)

    def show_learned_prior(self, is_learned: bool) -> None:
        """Whether the model learned its prior, so that rings about the origin would mislead."""
        action = self.actions_by_name["prior"]
        action.setEnabled(not is_learned)
        action.setToolTip(_LEARNED_PRIOR if is_learned else f"{_ACTIONS['prior'][1]}  (R)")
        self._view.show_prior(action.isChecked() and not is_learned)

    def show_card(self, index: int, pixels: NDArray[np.uint8] | None, name: str, class_name: str) -> None:
        """What a dot is, beside it; index -1: nothing."""
        place = self._view.place_of(index)
        if place is None or pixels is None:
            self._card.hide()
            return
        self._card.show_image(pixels, name, class_name, place, self._colouring.said(index))

    def show_encoded(self, points: NDArray[np.float32], thumbnails: Sequence[NDArray[np.uint8]]) -> None:
        """Where dropped images lie, (M, 2), and what they look like; none: the stars go."""
        ratio = self.devicePixelRatioF()
        pictures = [to_pixmap(pixels, _THUMBNAIL, ratio) for pixels in thumbnails]
        self._view.show_encoded([(float(u), float(v), one) for (u, v), one in zip(points, pictures, strict=True)])

    def show_busy(self, doing: str) -> None:
        """A few words on what is being done; empty: nothing is."""
        self._busy.setText(doing)
        self._show_state()

    def show_failure(self, sentence: str) -> None:
        """What went wrong, where the map would be, until codes are shown again."""
        self._failure = sentence
        self._show_state()

    def show_note(self, note: str) -> None:
        """More to say beside what is shown."""
        self._note = note
        self._show_line()

    # inside

    def _build_overlays(self) -> None:
        self._legend_frame = QFrame(self._view)
        self._legend_frame.setObjectName("card")
        self._legend = Legend()
        inner = QVBoxLayout(self._legend_frame)
        inner.setContentsMargins(5, 5, 3, 5)
        inner.addWidget(self._legend)
        self._card = HoverCard(self._view)
        self._busy = QLabel(self._view)
        self._busy.setObjectName("card")
        self._busy.setContentsMargins(10, 5, 10, 5)
        self._busy.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _action(self, name: str) -> QAction:
        text, tooltip, keys, is_toggle, is_on = _ACTIONS[name]
        action = QAction(text, self, checkable=is_toggle)
        action.setIconText(text)  # else a button drops the three dots
        action.setChecked(is_on)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setToolTip(f"{tooltip}  ({keys[0]})" if keys else tooltip)
        self.addAction(action)
        return action

    def _lay_out(self) -> None:
        self._bar = QWidget()
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(6, 4, 6, 4)
        row.setSpacing(2)
        for name, action in self.actions_by_name.items():
            if name in ("colour", "class"):
                continue
            button = QToolButton(focusPolicy=Qt.FocusPolicy.TabFocus)
            button.setDefaultAction(action)
            button.setAccessibleName(action.text())
            row.addWidget(button)
            if name == "save":
                row.addStretch()
                row.addWidget(self._decode_as)
                row.addSpacing(8)
                row.addWidget(self._colour_by)
                row.addSpacing(8)
        self._line = QLabel()
        self._line.setContentsMargins(10, 3, 10, 5)
        self._line.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self._message = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter, objectName="message")
        self._message.setTextFormat(Qt.TextFormat.RichText)
        self._message.setContentsMargins(40, 40, 40, 40)
        self._message.setAutoFillBackground(True)
        self._message.setBackgroundRole(self.palette().ColorRole.Base)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._view)
        self._stack.addWidget(self._message)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self._stack, 1)
        column.addWidget(self._line)

    def _connect(self) -> None:
        self._view.dragged.connect(self.point_dragged)
        self._view.picked.connect(self.code_picked)
        self._view.hovered.connect(self.code_hovered)
        self._view.ring_moved.connect(self._card.hide)
        self._view.settled.connect(self._settled)
        self._legend.hidden_changed.connect(self._hide)
        self._colour_by.chosen.connect(self._recolour)
        self._decode_as.chosen.connect(self.class_chosen)
        action = self.actions_by_name
        action["fit"].triggered.connect(lambda: self._view.fit())
        action["grid"].toggled.connect(self._toggle_grid)
        action["class"].triggered.connect(self._decode_as.open)
        action["save"].triggered.connect(lambda: self.grid_save_requested.emit())
        action["prior"].toggled.connect(self._view.show_prior)
        action["legend"].toggled.connect(lambda _: self._place_overlays())
        self._view.installEventFilter(self)

    def _toggle_grid(self, is_on: bool) -> None:
        if not is_on:
            self.show_grid(None, 0.0, 0.0, 0.0, 0.0)
        self._show_line()
        self.grid_toggled.emit(is_on)

    def _settled(self, left: float, bottom: float, right: float, top: float) -> None:
        self._show_line()
        if self._count:
            self.view_changed.emit(left, bottom, right, top)

    @property
    def _colouring(self) -> Colouring:
        """The one that was chosen, or the class where these images have no such column."""
        return self._colourings.get(self._colour_by.name, self._colourings[CLASS])

    def _recolour(self) -> None:
        self._card.hide()
        self._colour()
        self._show_line()
        self._place_overlays()

    def _colour(self) -> None:
        column, colours = self._colouring.column, self._colouring.colours
        counts = np.bincount(column.codes, minlength=len(column.levels)).tolist()
        self._legend.show_levels(self._colouring.name, column.levels, counts, colours)
        self._view.show_hidden(self._legend.hidden)
        self._view.show_codes(self._points, column.codes, colours)

    def _fade(self) -> None:
        self._view.show_faint(None if self._label is None else self._labels != self._label)

    def _hide(self, hidden: frozenset[int]) -> None:
        self._view.show_hidden(hidden)
        self._show_line()

    def _show_state(self) -> None:
        """The map, or the words that stand in its place."""
        has_map = bool(self._count) and not self._failure
        self._stack.setCurrentWidget(self._view if has_map else self._message)
        self._bar.setEnabled(has_map)
        self._message.setText(self._words())
        self._show_line()
        self._place_overlays()

    def _words(self) -> str:
        if self._failure:
            colour = FAILURE[is_dark(self.palette())]
            return f"<p style='font-size: large; color: {colour}'>{_escaped(self._failure)}</p>"
        if self._busy.text():
            return f"<p style='font-size: large'>{_escaped(self._busy.text())}</p>"
        quiet = self.palette().placeholderText().color().name()
        return f"<p style='font-size: x-large'>{_EMPTY}</p><p style='color: {quiet}'>{_MORE}</p>"

    def _show_line(self) -> None:
        """Always says what is shown and what is left out."""
        parts = [self._counted(), *self._left_out(), self._note] if self._count and not self._failure else [self._note]
        self._line.setText("  ·  ".join(part for part in parts if part))
        self._line.setVisible(bool(self._line.text()))

    def _counted(self) -> str:
        images = f"{self._count:,} image{'s' if self._count != 1 else ''}"
        return images if self._seen == self._count else f"{images} · {self._seen:,} of them seen so far"

    def _left_out(self) -> list[str]:
        parts = []
        if self._label is not None:
            how = "left out over the grid" if self.actions_by_name["grid"].isChecked() else "faint"
            parts.append(f"{int((self._labels != self._label).sum()):,} of other classes {how}")
        hidden = self._legend.hidden
        if hidden:
            without = int(np.isin(self._colouring.column.codes, list(hidden)).sum())
            parts.append(f"{without:,} in {self._hidden_words(len(hidden))}")
        drawn, in_view = self._view.count_drawn(), self._view.count_in_view()
        if in_view < drawn:
            parts.append(f"{drawn - in_view:,} outside this view")
        return parts

    def _hidden_words(self, count: int) -> str:
        if self._colouring.name == CLASS:
            return f"{count} hidden class{'es' if count != 1 else ''}"
        return f"{count} hidden of “{self._colouring.name}”"

    def _place_overlays(self) -> None:
        area = self._view.plot_area()
        wants_legend = self.actions_by_name["legend"].isChecked() and len(self._colouring.column.levels) > 1
        self._legend_frame.setVisible(wants_legend)
        size = self._legend.wanted_size(most=max(60, round(0.6 * area.height())))
        width = min(size.width() + 8, round(0.5 * area.width()))
        self._legend_frame.setGeometry(area.right() - width - _GAP, area.top() + _GAP, width, size.height() + 10)
        self._busy.setVisible(bool(self._busy.text()))
        self._busy.adjustSize()
        self._busy.move(area.left() + _GAP, area.top() + _GAP)

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep legend and pill in their corners."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._place_overlays()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Words in the colours of the new scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_stack"):
            self._message.setText(self._words())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Image files are for the map; folders are left to the window."""
        if self._count and _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Say which files they are."""
        for path in _dropped(event):
            self.image_dropped.emit(path)
        event.acceptProposedAction()


def _dropped(event: QDropEvent) -> list[str]:
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [str(path) for path in paths if path.is_file() and path.suffix.lower() in _PICTURES]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")


def _made_up(count: int, classes: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    generator = np.random.default_rng(1)
    labels = generator.integers(0, classes, count)
    centres = generator.normal(0, 1.1, (classes, 2))
    return (centres[labels] + generator.normal(0, 0.35, (count, 2))).astype(np.float32), labels


if __name__ == "__main__":
    from PySide6.QtWidgets import QApplication

    from explorer.theme import apply_theme

    app = QApplication([])
    apply_theme(app)
    panel = MapPanel()
    panel.resize(900, 700)
    panel.show_axes("z₁", "z₂")
    panel.show_codes(*_made_up(4000, 10), [f"class {index}" for index in range(10)])
    panel.point_dragged.connect(lambda u, v: panel.show_note(f"({u:.2f}, {v:.2f})"))
    panel.code_hovered.connect(
        lambda i: panel.show_card(i, np.full((32, 32, 3), i % 255, np.uint8), f"{i}.png", "class")
    )
    panel.show()
    app.exec()
