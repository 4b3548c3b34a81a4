"""A row of controls that goes on in a second line where the first has no more room, so that no word of it is cut."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLabel, QLayout, QLayoutItem, QSpacerItem, QWidget, QWidgetItem

FILLER_LEAST = 90  # pixels: what fills the rest of a line begins the next one where less is left
LINES_MOST = 2  # that are asked for: a panel is narrow for a moment before it is laid out


@dataclass(frozen=True)
class _Part:
    """What stays together: a control, with its label if it has one."""

    items: tuple[QLayoutItem, ...]
    width: int
    is_filler: bool


class WrappingRow(QLayout):
    """Filled as a QHBoxLayout is: an item with stretch takes the rest of its line, spacers go at the end of one."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._fillers: set[int] = set()
        self._seen = 0  # the width it was last laid out in
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addWidget(self, widget: QWidget, stretch: int = 0) -> None:
        """At the end of the row."""
        self.addChildWidget(widget)
        self._add(QWidgetItem(widget), stretch)

    def addLayout(self, layout: QLayout) -> None:
        """Widgets that stay in one line."""
        self.addChildLayout(layout)
        self._add(layout, 0)

    def addSpacing(self, width: int) -> None:
        """Room between two groups of controls."""
        self._add(QSpacerItem(width, 0), 0)

    def addStretch(self) -> None:
        """What comes next stands at the right."""
        self._add(QSpacerItem(0, 0), 1)

    def _add(self, item: QLayoutItem, stretch: int) -> None:
        if stretch:
            self._fillers.add(len(self._items))
        self.addItem(item)
        self.invalidate()

    def _parts(self) -> list[_Part]:
        parts, held = list[_Part](), tuple[QLayoutItem, ...]()
        for place, item in enumerate(self._items):
            is_space = item.spacerItem() is not None
            if item.isEmpty() and not is_space:
                continue
            held = (*held, item)
            if _is_label_of(item, self._items[place + 1 : place + 2]):
                continue
            is_filler = place in self._fillers
            width = sum(each.sizeHint().width() for each in held) + self.spacing() * (len(held) - 1)
            parts.append(_Part(held, min(width, FILLER_LEAST) if is_filler else width, is_filler))
            held = ()
        return parts

    def _broken(self, width: int) -> list[list[_Part]]:
        """The parts, line by line."""
        lines, taken = list[list[_Part]]([[]]), 0
        for part in self._parts():
            needed = part.width + (self.spacing() if lines[-1] else 0)
            if lines[-1] and taken + needed > width:
                lines.append([])
                taken, needed = 0, part.width
            lines[-1].append(part)
            taken += needed
        return lines

    def _height_of(self, line: list[_Part]) -> int:
        return max((item.sizeHint().height() for part in line for item in part.items), default=0)

    def _lay_out(self, line: list[_Part], area: QRect) -> None:
        taken = sum(part.width for part in line) + self.spacing() * (len(line) - 1)
        fillers = sum(part.is_filler for part in line)
        left = area.left()
        for part in line:
            width = part.width + (max(0, area.width() - taken) // fillers if part.is_filler else 0)
            self._place(part, QRect(left, area.top(), min(width, area.width()), area.height()))
            left += width + self.spacing()

    def _place(self, part: _Part, area: QRect) -> None:
        """The last item takes what the labels before it leave."""
        left = area.left()
        for item in part.items[:-1]:
            item.setGeometry(QRect(left, area.top(), item.sizeHint().width(), area.height()))
            left += item.sizeHint().width() + self.spacing()
        last = part.items[-1]
        last.setGeometry(QRect(left, area.top(), area.right() + 1 - left, area.height()))

    # Qt's

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        margins = self.contentsMargins()
        lines = self._broken(width - margins.left() - margins.right())
        heights = sum(map(self._height_of, lines)) + self.spacing() * (len(lines) - 1)
        return heights + margins.top() + margins.bottom()

    def minimumSize(self) -> QSize:
        margins = self.contentsMargins()
        widest = max((part.width for part in self._parts()), default=0) + margins.left() + margins.right()
        lines = min(len(self._broken(self._seen)), LINES_MOST) if self._seen else 1
        height = self._height_of(self._parts()) * lines + self.spacing() * (lines - 1)
        return QSize(widest, height + margins.top() + margins.bottom())

    def sizeHint(self) -> QSize:
        margins = self.contentsMargins()
        parts = self._parts()
        width = sum(part.width for part in parts) + self.spacing() * max(0, len(parts) - 1)
        width += margins.left() + margins.right()
        return QSize(width, self.heightForWidth(width))

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        inside = rect.marginsRemoved(self.contentsMargins())
        lines, top = self._broken(inside.width()), inside.top()
        for line in lines:
            height = self._height_of(line)
            self._lay_out(line, QRect(inside.left(), top, inside.width(), height))
            top += height + self.spacing()
        if inside.width() != self._seen:  # then the least height may be another
            self._seen = inside.width()
            if (parent := self.parentWidget()) is not None:
                parent.updateGeometry()


def _is_label_of(item: QLayoutItem, following: list[QLayoutItem]) -> bool:
    label = item.widget()
    if not isinstance(label, QLabel) or label.buddy() is None or not following:
        return False
    return following[0].widget() is label.buddy() and not following[0].isEmpty()
