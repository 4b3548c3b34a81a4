"""Every control that a person can press: found by what it is, whatever it is called and wherever its code lies."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QDockWidget,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QScrollBar,
    QStyle,
    QStyleOptionSlider,
    QStyleOptionSpinBox,
    QTabBar,
    QToolButton,
    QWidget,
)

Press = Callable[[], object]
MOST_ROWS = 40  # of one list
HANDLERS = ("mousePressEvent", "mouseReleaseEvent", "mouseDoubleClickEvent", "keyPressEvent")
CANVAS_KEYS = (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_Return, Qt.Key.Key_Space)


@dataclass(frozen=True)
class Control:
    """One thing to press; `by_mouse` and `by_keys` are tried in turn until one of each changes something.

    `owner` is what shows its own value, which does not count as a change; None where showing is its purpose.
    """

    name: str
    kind: str
    widget: QWidget
    by_mouse: tuple[Press, ...]
    by_keys: tuple[Press, ...]
    owner: QWidget | None = None
    menu: tuple[str, ...] = ()  # the way to an entry, through menus that open one after another
    is_chosen: Callable[[], bool] = lambda: False  # what is the choice already changes nothing
    action: QAction | None = None  # of an entry


@dataclass(frozen=True)
class Off:
    """A control that is seen and cannot be pressed, and what its tooltip says."""

    name: str
    tip: str


def controls_of(root: QWidget) -> tuple[list[Control], list[Off]]:
    """All in a window or dialog that can be seen now, each once, in the order of the tab key; and what is off."""
    on: list[Control] = []
    off: list[Off] = []
    times: Counter[str] = Counter()
    for widget in [root, *root.findChildren(QWidget)]:
        if not shiboken6.isValid(widget) or not _is_seen(widget, root):
            continue
        if not widget.isEnabled():
            if _makers_of(widget):
                off.append(Off(_name(widget), widget.toolTip()))
            continue
        if isinstance(widget, QMenuBar):
            off += [
                Off(name, action.toolTip()) for name, _, _, action in _bar_entries(widget) if not action.isEnabled()
            ]
        for make in _makers_of(widget):
            for each in make(widget):
                times[each.name] += 1
                number = f" #{times[each.name]}" if times[each.name] > 1 else ""
                on.append(Control(each.name + number, *list(vars(each).values())[1:]))
    return on, off


def menu_entries(menu: QMenu, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], QAction]]:
    """Every entry of a menu and of those that open from it, with the words on the way to it."""
    for action in menu.actions():
        if action.isSeparator() or not action.isVisible():
            continue
        if action.menu() is not None and action.isEnabled():
            yield from menu_entries(action.menu(), (*way, action.text()))
        elif action.menu() is None:
            yield (*way, action.text()), action


def is_chosen(action: QAction) -> bool:
    """One of several that exclude each other, and the one that is on."""
    group = action.actionGroup()
    return action.isChecked() and group is not None and group.isExclusive()


def click(widget: QWidget, at: QPoint | None = None) -> None:
    """The left button, pressed and let go."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at or widget.rect().center())


def _is_seen(widget: QWidget, root: QWidget) -> bool:
    """Or would be, once its surroundings are scrolled."""
    if not widget.isVisible() or widget.window() is not root.window():
        return False
    is_drawn = any(not each.visibleRegion().isEmpty() for each in (widget, *_scrolled(widget)))
    return is_drawn or isinstance(widget, QMenuBar)


def _scrolled(widget: QWidget) -> list[QWidget]:
    """The contents of a scroll area that it is a part of, none where it is of none."""
    areas = (each for each in _parents(widget) if isinstance(each, QScrollArea))
    return [each.widget() for each in areas if each.widget().isAncestorOf(widget)]


def _makers_of(widget: QWidget) -> list[Callable[[QWidget], Iterator[Control]]]:
    """What kinds of control a widget is; none: it is not pressed."""
    if _is_part(widget):
        return []
    for kind, make in _KINDS.items():
        if isinstance(widget, kind):
            return [make, *([_context] if _has_context(widget) else [])]
    found: list[Callable[[QWidget], Iterator[Control]]] = []
    if any(_overrides(widget, name) for name in HANDLERS):
        found.append(_canvas)
    if _has_context(widget):
        found.append(_context)
    if isinstance(widget, QLabel) and "<a " in widget.text():
        found.append(_links)
    return found


def _is_part(widget: QWidget) -> bool:
    """Of a control that is itself pressed: the field of a spin box, the list of a combo box, a scroll bar."""
    parent = widget.parent()
    if isinstance(widget, QScrollBar | QMenu) or isinstance(parent, QAbstractSpinBox | QTabBar | QHeaderView):
        return True
    if isinstance(widget, QAbstractButton) and isinstance(parent, QAbstractItemView):
        return True  # the corner of a table
    if isinstance(widget, QAbstractButton) and isinstance(parent, QLineEdit):
        return True  # what empties it, which comes with what was typed and goes with it
    if isinstance(widget, QAbstractItemView) and widget.selectionMode() == QAbstractItemView.SelectionMode.NoSelection:
        return not any(_overrides(widget, name) for name in HANDLERS)  # a table to read
    return isinstance(widget, QAbstractItemView) and isinstance(widget.window(), QWidget) and _in_combo(widget)


def _in_combo(widget: QWidget) -> bool:
    return any(isinstance(each, QComboBox) for each in _parents(widget))


def _parents(widget: QWidget) -> Iterator[QWidget]:
    while (widget := widget.parentWidget()) is not None:
        yield widget


def _overrides(widget: QWidget, name: str) -> bool:
    """Whether a class of ours, not of a library, says what an event does."""
    return any(name in vars(cls) and cls.__module__.split(".")[0] == "explorer" for cls in type(widget).__mro__)


def _has_context(widget: QWidget) -> bool:
    is_custom = widget.contextMenuPolicy() == Qt.ContextMenuPolicy.CustomContextMenu
    return is_custom or _overrides(widget, "contextMenuEvent")


def _name(widget: QWidget, more: str = "") -> str:
    """Where it is and what it is called, as a person would say it."""
    rooms = [
        each.windowTitle()
        for each in _parents(widget)
        if isinstance(each, QDockWidget | QDialog) and each.windowTitle()
    ]
    own = widget.accessibleName() or _text(widget) or widget.objectName() or type(widget).__name__
    return " › ".join(filter(None, [*reversed(rooms[:1]), own.splitlines()[0], more]))


def _text(widget: QWidget) -> str:
    return str(widget.text()) if isinstance(widget, QAbstractButton | QLabel) else ""


def _focused(widget: QWidget, press: Press) -> Press:
    def go() -> None:
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        press()

    return go


# kinds


def _buttons(button: QAbstractButton) -> Iterator[Control]:
    menu = _menu_of(button)
    pops = isinstance(button, QToolButton) and button.popupMode() == QToolButton.ToolButtonPopupMode.MenuButtonPopup
    can_focus = button.focusPolicy() != Qt.FocusPolicy.NoFocus
    open_by_keys = _focused(button, lambda: QTest.keyClick(button, Qt.Key.Key_Down if pops else Qt.Key.Key_Space))
    if menu is not None:
        open_by_mouse: Press = lambda: click(button, _arrow(button) if pops else None)  # noqa: E731
        for way, action in menu_entries(menu):
            if action.isEnabled():
                keys = (open_by_keys,) if can_focus else ()
                chosen = lambda action=action: is_chosen(action)  # noqa: E731
                yield Control(
                    _name(button, " › ".join(way)), "entry", button, (open_by_mouse,), keys, None, way, chosen, action
                )
        if not pops:
            return
    at = QPoint(8, button.height() // 2) if isinstance(button, QCheckBox | QRadioButton) else button.rect().center()
    if pops:
        at = QPoint(8, button.height() // 2)
    by_keys = (_focused(button, lambda: QTest.keyClick(button, Qt.Key.Key_Space)),) if can_focus else ()
    owner = button if button.isCheckable() else None
    action = button.defaultAction() if isinstance(button, QToolButton) else None

    def chosen() -> bool:
        in_group = button.group() is not None and button.group().exclusive() and button.isChecked()
        return in_group or (button.autoExclusive() and button.isChecked()) or (action is not None and is_chosen(action))

    yield Control(_name(button), "button", button, (lambda: click(button, at),), by_keys, owner, is_chosen=chosen)


def _menu_of(button: QAbstractButton) -> QMenu | None:
    return button.menu() if isinstance(button, QToolButton | QPushButton) else None


def _arrow(button: QToolButton) -> QPoint:
    return QPoint(button.width() - 6, button.height() // 2)


def _combos(combo: QComboBox) -> Iterator[Control]:
    for row in range(combo.count()):
        if not _is_usable(combo, row):
            continue
        words = combo.itemText(row)
        yield Control(
            _name(combo, words),
            "list entry",
            combo,
            (lambda row=row: _choose_by_mouse(combo, row),),
            (lambda row=row: _choose_by_keys(combo, row),),
            combo,
            is_chosen=lambda words=words: combo.currentText() == words,
        )


def _is_usable(combo: QComboBox, row: int) -> bool:
    index = combo.model().index(row, combo.modelColumn(), combo.rootModelIndex())
    return bool(combo.itemText(row)) and bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)


def _other(combo: QComboBox, row: int) -> int:
    """This one, or one beside it where this one is chosen already."""
    if combo.currentIndex() != row:
        return row
    usable = [each for each in range(combo.count()) if _is_usable(combo, each) and each != row]
    return min(usable, key=lambda each: abs(each - row), default=row)


def _choose_by_mouse(combo: QComboBox, row: int) -> None:
    row = _other(combo, row)
    click(combo, QPoint(combo.width() - 8, combo.height() // 2))
    view = combo.view()
    index = combo.model().index(row, combo.modelColumn(), combo.rootModelIndex())
    view.scrollTo(index)
    at = view.visualRect(index).center()
    QTest.mouseMove(view.viewport(), at)
    QApplication.processEvents()  # else the release is taken for the end of the click that opened the list
    click(view.viewport(), at)


def _choose_by_keys(combo: QComboBox, row: int) -> None:
    row = _other(combo, row)
    combo.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(combo, Qt.Key.Key_F4)
    view = combo.view()
    for _ in range(2 * combo.count()):
        at = view.currentIndex().row()
        if at == row:
            break
        QTest.keyClick(view, Qt.Key.Key_Down if at < row else Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_Return)


def _spins(box: QAbstractSpinBox) -> Iterator[Control]:
    def turn(up: bool) -> None:
        option = QStyleOptionSpinBox()
        option.initFrom(box)
        option.subControls = QStyle.SubControl.SC_All
        part = QStyle.SubControl.SC_SpinBoxUp if up else QStyle.SubControl.SC_SpinBoxDown
        click(box, box.style().subControlRect(QStyle.ComplexControl.CC_SpinBox, option, part, box).center())

    def is_at_top() -> bool:
        return box.value() >= box.maximum()  # type: ignore[attr-defined]

    def step() -> None:
        """Down, where there is a way down."""
        is_at_bottom = box.value() <= box.minimum()  # type: ignore[attr-defined]
        QTest.keyClick(box, Qt.Key.Key_Up if is_at_bottom else Qt.Key.Key_Down)

    keys = (_focused(box, step),)
    if box.minimum() < box.maximum():  # type: ignore[attr-defined]
        yield Control(_name(box), "spin box", box, (lambda: turn(not is_at_top()),), keys, box)


def _sliders(slider: QAbstractSlider) -> Iterator[Control]:
    def page() -> None:
        option = QStyleOptionSlider()
        slider.initStyleOption(option)  # type: ignore[attr-defined]
        kind, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
        handle: QRect = slider.style().subControlRect(kind, option, part, slider)
        is_across = slider.orientation() == Qt.Orientation.Horizontal
        far = QPoint(slider.width() - 3, slider.height() // 2) if is_across else QPoint(slider.width() // 2, 3)
        near = QPoint(3, slider.height() // 2) if is_across else QPoint(slider.width() // 2, slider.height() - 3)
        middle = slider.rect().center()
        before = handle.center().x() < middle.x() if is_across else handle.center().y() > middle.y()
        click(slider, far if before else near)

    def step() -> None:
        QTest.keyClick(slider, Qt.Key.Key_Right if slider.value() <= slider.minimum() else Qt.Key.Key_Left)

    keys = (_focused(slider, step),)
    yield Control(_name(slider), "slider", slider, (page,), keys, slider)


def _tabs(bar: QTabBar) -> Iterator[Control]:
    for index in range(bar.count()):
        words = bar.tabText(index)

        def by_mouse(words: str = words) -> None:
            click(bar, bar.tabRect(_tab(bar, words)).center())

        def by_keys(words: str = words) -> None:
            bar.setFocus(Qt.FocusReason.TabFocusReason)
            for _ in range(bar.count()):
                step = _tab(bar, words) - bar.currentIndex()
                if step == 0:
                    break
                QTest.keyClick(bar, Qt.Key.Key_Right if step > 0 else Qt.Key.Key_Left)

        chosen = lambda words=words: bar.tabText(bar.currentIndex()) == words  # noqa: E731
        yield Control(f"tab {words.split(' · ')[0]}", "tab", bar, (by_mouse,), (by_keys,), is_chosen=chosen)


def _tab(bar: QTabBar, words: str) -> int:
    return next((index for index in range(bar.count()) if bar.tabText(index) == words), bar.currentIndex())


def _lines(line: QLineEdit) -> Iterator[Control]:
    def type_other() -> None:
        line.setFocus(Qt.FocusReason.TabFocusReason)
        old = line.text()
        line.selectAll()
        QTest.keyClicks(line, _other_text(old))
        QTest.keyClick(line, Qt.Key.Key_Return)

    if not line.isReadOnly():
        yield Control(_name(line), "field", line, (), (type_other,), line)


def _other_text(old: str) -> str:
    try:
        value = float(old)
    except ValueError:
        return "red" if old != "red" else "blue"
    return str(int(value) + 1) if value == int(value) else f"{value / 2:g}"


def _views(view: QAbstractItemView) -> Iterator[Control]:
    rows = min(view.model().rowCount(view.rootIndex()), MOST_ROWS) if view.model() is not None else 0

    def index(row: int) -> QModelIndex:
        return view.model().index(row, 0, view.rootIndex())

    def other(row: int) -> int:
        """This one, or one beside it where a key has gone to this one already."""
        return (row - 1 if row else rows - 1) if view.currentIndex().row() == row else row

    def by_mouse(row: int) -> None:
        row = other(row)
        view.scrollTo(index(row))
        click(view.viewport(), view.visualRect(index(row)).center())

    def tick(row: int) -> None:
        view.scrollTo(index(row))
        at = view.visualRect(index(row))
        click(view.viewport(), QPoint(at.left() + 10, at.center().y()))

    def by_keys(row: int, key: Qt.Key) -> None:
        view.setFocus(Qt.FocusReason.TabFocusReason)
        view.setCurrentIndex(index(row))
        QTest.keyClick(view, key)

    keys = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Up)
    for row in range(rows):
        if not index(row).flags() & Qt.ItemFlag.ItemIsEnabled or view.visualRect(index(row)).isEmpty():
            continue
        presses = tuple(lambda row=row, key=key: by_keys(row, key) for key in keys)
        can_focus = view.focusPolicy() != Qt.FocusPolicy.NoFocus
        mouse = (lambda row=row: by_mouse(row), lambda row=row: tick(row))
        chosen = lambda: rows == 1 and view.currentIndex().row() == 0  # noqa: E731
        row_keys = presses if can_focus else ()
        yield Control(_name(view, f"row {row + 1}"), "row", view, mouse, row_keys, is_chosen=chosen)


def _headers(header: QHeaderView) -> Iterator[Control]:
    if not header.sectionsClickable() or header.count() == 0:
        return
    for section in range(header.count()):
        words = header.model().headerData(section, header.orientation())
        if header.orientation() != Qt.Orientation.Horizontal or not words:
            continue
        at = QPoint(header.sectionViewportPosition(section) + header.sectionSize(section) // 2, header.height() // 2)
        yield Control(_name(header, str(words)), "heading", header, (lambda at=at: click(header.viewport(), at),), ())


def _canvas(canvas: QWidget) -> Iterator[Control]:
    target = canvas.viewport() if hasattr(canvas, "viewport") else canvas

    def points() -> list[QPoint]:
        width, height = target.width(), target.height()
        parts = (0.47, 0.23, 0.71)  # no plain fractions: there are the gaps between pictures of a sheet
        return [QPoint(int(x * width), int(y * height)) for y in parts for x in parts]

    mouse = tuple(lambda at=at: click(target, at) for at in points())
    if _overrides(canvas, "mouseDoubleClickEvent"):
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        mouse = (*mouse, lambda: QTest.mouseDClick(target, left, none, target.rect().center()))
    can_focus = canvas.focusPolicy() != Qt.FocusPolicy.NoFocus
    keys = tuple(_focused(canvas, lambda key=key: QTest.keyClick(canvas, key)) for key in CANVAS_KEYS)
    chosen = lambda: canvas.accessibleDescription() == "chosen"  # noqa: E731
    yield Control(_name(canvas), "canvas", canvas, mouse, keys if can_focus else (), is_chosen=chosen)


def _context(widget: QWidget) -> Iterator[Control]:
    """The menu of a right click; its entries are found when it opens."""

    def opener(reason: QContextMenuEvent.Reason) -> Press:
        def go() -> None:
            target = widget.viewport() if hasattr(widget, "viewport") else widget
            at = target.rect().center()
            if isinstance(widget, QAbstractItemView) and widget.model() is not None and widget.model().rowCount():
                index = widget.model().index(0, 0, widget.rootIndex())
                widget.setCurrentIndex(index)
                at = widget.visualRect(index).center()
            event = QContextMenuEvent(reason, at, target.mapToGlobal(at))
            QApplication.sendEvent(target if reason == QContextMenuEvent.Reason.Mouse else widget, event)

        return go

    mouse, keys = opener(QContextMenuEvent.Reason.Mouse), opener(QContextMenuEvent.Reason.Keyboard)
    can_focus = widget.focusPolicy() != Qt.FocusPolicy.NoFocus
    yield Control(_name(widget, "menu"), "context menu", widget, (mouse,), (keys,) if can_focus else ())


def _links(label: QLabel) -> Iterator[Control]:
    def by_mouse() -> None:
        hit: list[str] = []
        label.linkHovered.connect(hit.append)
        for y in range(4, label.height(), 6):
            for x in range(4, label.width(), 6):
                QTest.mouseMove(label, QPoint(x, y))
                if any(hit):
                    click(label, QPoint(x, y))
                    return

    keys = (_focused(label, lambda: QTest.keyClick(label, Qt.Key.Key_Return)),)
    yield Control(_name(label), "link", label, (by_mouse,), keys)


def _bar_entries(bar: QMenuBar) -> Iterator[tuple[str, QAction, tuple[str, ...], QAction]]:
    """Name, menu, the way in it and the action of each entry."""
    for top in bar.actions():
        if top.menu() is not None and top.isVisible():
            for way, action in menu_entries(top.menu(), (top.text(),)):
                yield "menu " + " › ".join(way).replace("&", ""), top, way[1:], action


def _bars(bar: QMenuBar) -> Iterator[Control]:
    for name, top, way, action in _bar_entries(bar):
        if not action.isEnabled():
            continue
        by_mouse: Press = lambda top=top: click(bar, bar.actionGeometry(top).center())  # noqa: E731
        by_keys: Press = lambda top=top: _open_by_mnemonic(bar, top)  # noqa: E731
        chosen = lambda action=action: is_chosen(action)  # noqa: E731
        yield Control(name, "menu entry", bar, (by_mouse,), (by_keys,), None, way, chosen, action)
        if not action.shortcut().isEmpty():
            press: Press = lambda action=action: _type_shortcut(bar.window(), action)  # noqa: E731
            name = name.replace("menu", "key", 1)
            yield Control(name, "shortcut", bar, (), (press,), is_chosen=chosen, action=action)


def _type_shortcut(window: QWidget, action: QAction) -> None:
    """Where it is heard: an action of one part of the window wants the keyboard there; a text keeps letters."""
    if isinstance(QApplication.focusWidget(), QLineEdit | QAbstractSpinBox | QPlainTextEdit):
        QApplication.focusWidget().clearFocus()
    for part in action.associatedObjects():
        is_part = isinstance(part, QWidget) and not isinstance(part, QMenu | QAbstractButton | QMainWindow)
        if action.shortcutContext() != Qt.ShortcutContext.WindowShortcut and is_part:
            part.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keySequence(QApplication.focusWidget() or window, action.shortcut())


def _open_by_mnemonic(bar: QMenuBar, top: QAction) -> None:
    letter = top.text()[top.text().index("&") + 1].upper()
    QTest.keyClick(bar.window(), Qt.Key(ord(letter)), Qt.KeyboardModifier.AltModifier)


_KINDS: dict[type, Callable[..., Iterator[Control]]] = {
    QAbstractButton: _buttons,
    QComboBox: _combos,
    QAbstractSpinBox: _spins,
    QAbstractSlider: _sliders,
    QTabBar: _tabs,
    QLineEdit: _lines,
    QHeaderView: _headers,
    QAbstractItemView: _views,
    QMenuBar: _bars,
}

__all__ = ["Control", "Off", "click", "controls_of", "menu_entries"]
