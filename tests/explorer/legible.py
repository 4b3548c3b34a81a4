"""What of a window's words cannot be read: each text is measured in its widget's own font, against its own room."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPicture, QTextDocument
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QDockWidget,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionGroupBox,
    QStyleOptionToolButton,
    QStyleOptionViewItem,
    QTabBar,
    QToolButton,
    QWidget,
)

TIP_MOST = 64  # letters in a line of a tooltip: about sixty
_NUMBER = re.compile(r"[\d−+.,]*\d[\d.,]*")


@dataclass(frozen=True)
class Written:
    """A text where it stands: how wide it is and how wide its room, in pixels; `tip` is what hovering shows."""

    where: str
    text: str
    needs: float
    room: float
    tip: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether a part of it can be read nowhere; a number is to be seen whole, whatever its tooltip says."""
        if self.needs <= self.room + 0.5:
            return False
        return bool(_NUMBER.fullmatch(self.text.strip())) or _flat(self.text) not in _flat(self.tip)

    def __str__(self) -> str:
        return f"{self.where}: {self.text!r} needs {self.needs:.0f} of {self.room:.0f} pixels"


def texts_of(root: QWidget) -> Iterator[Written]:
    """Every text of a window that is seen now, and how much room it has."""
    for widget in [root, *root.findChildren(QWidget)]:
        if not _is_seen(widget, root):
            continue
        for kind, measure in _KINDS.items():
            if isinstance(widget, kind):
                yield from measure(widget)
                break
        if isinstance(widget, pg.PlotWidget):
            yield from _axes(widget)


def cut_texts(root: QWidget) -> list[str]:
    """Those that cannot be read whole, a line each."""
    return [str(each) for each in texts_of(root) if each.is_cut] + list(_out_of_sight(root))


def wide_tips(root: QWidget) -> list[str]:
    """Tooltips that are wider than about sixty letters, of widgets, actions, headers and what is listed."""
    tips: set[str] = set()
    for widget in [root, *root.findChildren(QWidget)]:
        tips |= {widget.toolTip(), *(action.toolTip() for action in widget.actions())}
        model = widget.model() if isinstance(widget, QAbstractItemView | QComboBox) else None
        if model is not None:
            role = Qt.ItemDataRole.ToolTipRole
            columns = _columns(model)
            tips |= {str(model.headerData(each, Qt.Orientation.Horizontal, role) or "") for each in columns}
            rows = range(min(50, model.rowCount()))
            tips |= {str(model.index(row, each).data(role) or "") for row in rows for each in columns}
    return [line for tip in sorted(tips) for line in _plain(tip).splitlines() if len(line) > TIP_MOST]


def _label(label: QLabel) -> Iterator[Written]:
    text = label.text()
    if not text or label.pixmap().width():
        return
    inside = label.contentsRect().adjusted(label.margin(), 0, -label.margin(), 0)
    if label.textFormat() == Qt.TextFormat.RichText or (
        label.textFormat() == Qt.TextFormat.AutoText and GuiQt.mightBeRichText(text)
    ):
        document = QTextDocument()
        document.setDocumentMargin(0)
        document.setDefaultFont(label.font())
        document.setHtml(text)
        if label.wordWrap():
            document.setTextWidth(inside.width())
        yield Written(_name(label), document.toPlainText(), document.idealWidth(), inside.width(), _tip(label))
        return
    whole = getattr(label, "whole", text)
    if whole != text:  # it leaves out what does not fit
        if half := _half_number(text, whole):
            yield Written(_name(label), half, 1, 0)
        yield Written(_name(label), whole, 1, 0, _tip(label))
        return
    said = _without_mark(text) if label.buddy() else text
    metrics = label.fontMetrics()
    if label.wordWrap():
        area = metrics.boundingRect(QRect(0, 0, inside.width(), 10_000), Qt.TextFlag.TextWordWrap, said)
        yield Written(_name(label), said, area.width(), inside.width(), _tip(label))
        yield Written(f"{_name(label)}, its height", said, area.height(), inside.height() + 2, _tip(label))
    else:
        yield Written(_name(label), said, _widest(metrics, said), inside.width(), _tip(label))


def _button(button: QAbstractButton) -> Iterator[Written]:
    text = button.text()
    if isinstance(button, QToolButton):
        is_icon = button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly and not button.icon().isNull()
        if is_icon or button.metaObject().className() == "QDockWidgetTitleButton":
            return
    if not text:
        return
    said = _without_mark(text)
    needs = _widest(button.fontMetrics(), said)
    if isinstance(button, QCheckBox | QRadioButton):
        option = QStyleOptionButton()
        button.initStyleOption(option)
        box = isinstance(button, QCheckBox)
        part = QStyle.SubElement.SE_CheckBoxContents if box else QStyle.SubElement.SE_RadioButtonContents
        room: float = button.style().subElementRect(part, option, button).width()
    elif isinstance(button, QPushButton):
        option = QStyleOptionButton()
        button.initStyleOption(option)
        room = button.width() - _frame(button, QStyle.ContentsType.CT_PushButton, option)
    else:
        tool = QStyleOptionToolButton()
        button.initStyleOption(tool)
        beside = button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon and not button.icon().isNull()
        icon = button.iconSize().width() + 4 if beside else 0
        room = button.width() - _frame(button, QStyle.ContentsType.CT_ToolButton, tool) - icon
    yield Written(_name(button), said, needs, room, _tip(button))


def _frame(button: QAbstractButton, kind: QStyle.ContentsType, option: QStyleOption) -> int:
    """How wide everything is that the style puts around a button's text."""
    return button.style().sizeFromContents(kind, option, QSize(0, 0), button).width()


def _combo_box(box: QComboBox) -> Iterator[Written]:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    field = box.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
    )
    icon = 0 if box.itemIcon(box.currentIndex()).isNull() else box.iconSize().width() + 4
    needs = box.fontMetrics().horizontalAdvance(box.currentText())
    yield Written(_name(box), box.currentText(), needs, field.width() - 2 - icon, _tip(box))


def _spin_box(box: QAbstractSpinBox) -> Iterator[Written]:
    line = box.lineEdit()
    needs = line.fontMetrics().horizontalAdvance(line.displayText())
    yield Written(_name(box), line.displayText(), needs, line.contentsRect().width() - 2)


def _line_edit(line: QLineEdit) -> Iterator[Written]:
    """What is typed scrolls; what stands there before cannot."""
    if line.displayText() or not line.placeholderText() or isinstance(line.parentWidget(), QAbstractSpinBox):
        return
    needs = line.fontMetrics().horizontalAdvance(line.placeholderText())
    yield Written(_name(line), line.placeholderText(), needs, line.width() - 20, _tip(line))


def _tab_bar(bar: QTabBar) -> Iterator[Written]:
    for index in range(bar.count()):
        said = _without_mark(bar.tabText(index))
        room = bar.tabRect(index).width() - 12
        yield Written(
            f"tab of {_name(bar)}", said, _widest(bar.fontMetrics(), said), room, _plain(bar.tabToolTip(index))
        )


def _header(header: QHeaderView) -> Iterator[Written]:
    if header.orientation() != Qt.Orientation.Horizontal or header.model() is None:
        return
    for section in range(header.count()):
        if header.isSectionHidden(section):
            continue
        said = str(header.model().headerData(section, header.orientation()) or "")
        tip = str(header.model().headerData(section, header.orientation(), Qt.ItemDataRole.ToolTipRole) or "")
        room = header.sectionSize(section) - 8
        yield Written(
            f"header of {_name(header.parentWidget())}", said, _widest(header.fontMetrics(), said), room, _plain(tip)
        )


def _items(view: QAbstractItemView) -> Iterator[Written]:
    """What is listed, where Qt draws it."""
    model = view.model()
    if model is None or type(view.itemDelegate()) is not QStyledItemDelegate:
        return
    for row in range(min(60, model.rowCount())):
        for column in _columns(model):
            index = model.index(row, column)
            area = view.visualRect(index)
            if not area.isValid() or not area.intersects(view.viewport().rect()):
                continue
            option = QStyleOptionViewItem()
            view.initViewItemOption(option)
            view.itemDelegate().initStyleOption(option, index)
            option.rect = area
            room = view.style().subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, view).width()
            needs = _widest(QFontMetrics(option.font), option.text)
            tip = str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
            yield Written(f"row of {_name(view)}", option.text, needs, room, _plain(tip))


def _group(group: QGroupBox) -> Iterator[Written]:
    option = QStyleOptionGroupBox()
    group.initStyleOption(option)
    room = group.width() - 20 if not option.text else group.width() - 28
    yield Written(_name(group), group.title(), _widest(group.fontMetrics(), group.title()), room, _tip(group))


def _dock(dock: QDockWidget) -> Iterator[Written]:
    if not (dock.titleBarWidget() or dock.window().tabifiedDockWidgets(dock)):
        said = _without_mark(dock.windowTitle())
        yield Written("title of a dock", said, _widest(dock.fontMetrics(), said), dock.width() - 60, _tip(dock))


def _axes(plot: pg.PlotWidget) -> Iterator[Written]:
    """What stands on the axes of a plot: the name beside an axis, and its numbers."""
    seen = QRectF(plot.viewport().rect())
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        if not axis.isVisible():
            continue
        where = f"{side} axis of {_name(plot)}"
        if axis.label.isVisible() and axis.label.toPlainText():
            area = plot.mapFromScene(axis.label.sceneBoundingRect()).boundingRect()
            is_up = side == "left"
            needs = area.height() if is_up else area.width()
            within = QRectF(area).intersected(seen)
            yield Written(where, axis.label.toPlainText(), needs, within.height() if is_up else within.width())
        picture = QPicture()
        painter = QPainter(picture)
        specs = axis.generateDrawSpecs(painter)
        painter.end()
        for area, _, said in specs[2] if specs else ():
            at = plot.mapFromScene(axis.mapRectToScene(QRectF(area))).boundingRect()
            needs = _widest(QFontMetrics(axis.style["tickFont"] or QApplication.font()), said)
            within = QRectF(at).intersected(seen)
            yield Written(where, said, needs, within.width() + 2)
            yield Written(f"{where}, its height", said, at.height(), within.height() + 2)


_KINDS = {
    QLabel: _label,
    QAbstractButton: _button,
    QComboBox: _combo_box,
    QAbstractSpinBox: _spin_box,
    QLineEdit: _line_edit,
    QTabBar: _tab_bar,
    QHeaderView: _header,
    QAbstractItemView: _items,
    QGroupBox: _group,
    QDockWidget: _dock,
}


def _half_number(short: str, whole: str) -> str:
    """What stands beside the dots of a text that leaves some out, and is a part of a number; empty: nothing."""
    left, _, right = short.partition("…")
    begun, ended = re.search(r"(^|[\s(±×])([+−-]?\d[\d.,]*)$", left), re.match(r"[\d.,]*\d", right)
    if begun and re.match(r"[.,]?\d", whole[len(left) :]):
        return begun[2]
    before = whole[: len(whole) - len(right)]
    if ended and re.search(r"(^|[\s(±×])([+−-]|[+−-]?\d[\d.,]*)$", before):
        return ended[0]
    return ""


def _out_of_sight(root: QWidget) -> Iterator[str]:
    """What reaches beyond the widget that it is in, and cannot be scrolled to."""
    kinds = (QLabel, QAbstractButton, QComboBox, QAbstractSpinBox)
    for widget in root.findChildren(QWidget):
        if not isinstance(widget, kinds) or not _is_seen(widget, root):
            continue
        parent = widget.parentWidget()
        while (
            parent is not None
            and not isinstance(parent.parentWidget(), QAbstractScrollArea)
            and not isinstance(parent, QTabBar)
        ):
            area = QRect(widget.mapTo(parent, widget.rect().topLeft()), widget.size())
            if not parent.rect().adjusted(-1, -1, 1, 1).contains(area):
                yield f"{_name(widget)}: {area.getRect()} is not in {_name(parent)}: {parent.rect().getRect()}"
                break
            parent = None if parent.isWindow() else parent.parentWidget()
        yield from _beyond_what_scrolls(widget, parent)


def _beyond_what_scrolls(widget: QWidget, seen: QWidget | None) -> Iterator[str]:
    """At the right of what is seen of a list that does not scroll to there."""
    around = seen.parentWidget() if seen is not None else None
    if not isinstance(around, QScrollArea):
        return
    right = widget.mapTo(seen, widget.rect().bottomRight()).x()
    if around.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff and right > seen.width():
        yield f"{_name(widget)}: ends at {right}, {seen.width()} are seen of {_name(around)}"


def _is_seen(widget: QWidget, root: QWidget) -> bool:
    """Not behind another tab, where Qt puts docks to the left of all that is seen."""
    is_here = widget.isVisible() and widget.window() is root.window()
    return is_here and widget.mapTo(root.window(), widget.rect().bottomRight()).x() >= 0


def _columns(model: QAbstractItemModel) -> range:
    return range(1 if isinstance(model, QAbstractListModel) else model.columnCount())


def _widest(metrics: QFontMetrics, text: str) -> float:
    return max((metrics.horizontalAdvance(line) for line in text.split("\n")), default=0)


def _without_mark(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def _name(widget: QWidget) -> str:
    said = widget.accessibleName() or widget.objectName()
    parent = widget.parentWidget()
    while not said and parent is not None:
        said, parent = parent.accessibleName() and f"in {parent.accessibleName()}", parent.parentWidget()
    return f"{type(widget).__name__} {said}"


def _tip(widget: QWidget) -> str:
    return _plain(widget.toolTip())


def _plain(tip: str) -> str:
    if not GuiQt.mightBeRichText(tip):
        return tip
    document = QTextDocument()
    document.setHtml(tip)
    return document.toPlainText()


def _flat(text: str) -> str:
    """Without what wrapping changes."""
    return re.sub(r"\s", "", text)
