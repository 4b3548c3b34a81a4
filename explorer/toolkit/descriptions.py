"""What a control is called, to the eye that hovers and to the reader that speaks; and why it is off."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from explorer.toolkit.plain_text import plain_tip

MENU = "menu"  # the property of an action in no menu: where it is, as the palette of commands says it
_TIP, _WHY, _WHY_WHOLE = "tip while on", "why it is off", "why all around it is off"


def describe(widget: QWidget, name: str, tip: str) -> None:
    """Its accessible name, and its tooltip, which has no tags."""
    widget.setAccessibleName(name)
    widget.setProperty(_TIP, tip)
    _say(widget)


def describe_choice(box: QComboBox, name: str, tip: str) -> None:
    """The same of a list of names that people gave: what is chosen stands whole in the tooltip."""

    def tell(chosen: str) -> None:
        describe(box, name, f"{chosen}\n{tip}" if chosen else tip)

    box.currentTextChanged.connect(tell)
    tell(box.currentText())


def each_said(first: str, choices: Iterable[tuple[str, str]]) -> str:
    """A tooltip that says what a list is for, and then each of its choices in a line."""
    return "\n".join([first, *(f"{choice}: {words}" for choice, words in choices)])


def allow(control: QWidget | QAction, why_not: str = "") -> None:
    """Let it be pressed; or, where it could do nothing, turn it off, its tooltip saying why."""
    if control.isEnabled() is not bool(why_not) and (control.property(_WHY) or "") == why_not:
        return  # it is so already: most are, each time that the map changes
    _keep_tip(control)
    control.setProperty(_WHY, why_not)
    control.setEnabled(not why_not)
    _say(control)


def allow_inside(whole: QWidget, why_not: str = "") -> None:
    """The same of all that is in a widget."""
    whole.setEnabled(not why_not)
    for control in whole.findChildren(QWidget):
        if control.toolTip() or control.focusPolicy():
            _keep_tip(control)
            control.setProperty(_WHY_WHOLE, why_not)
            _say(control)


def allow_choice(box: QComboBox, row: int, can_be: bool) -> None:
    """Let one row of a list be chosen, or not."""
    model = box.model()
    assert isinstance(model, QStandardItemModel)
    model.item(row).setEnabled(can_be)


def wrap_tips(root: QWidget) -> None:
    """Put every tooltip below a widget in lines that can be read; those that change later are said by `plain_tip`."""
    described: list[QWidget | QAction] = [*root.findChildren(QWidget), *root.findChildren(QAction)]
    for each in described:
        if (lines := plain_tip(each.toolTip())) != each.toolTip():
            each.setToolTip(lines)
    role = Qt.ItemDataRole.ToolTipRole
    for box in root.findChildren(QComboBox):
        for row in range(box.count()):
            box.setItemData(row, plain_tip(box.itemData(row, role) or ""), role)


def _keep_tip(control: QWidget | QAction) -> None:
    if control.property(_TIP) is None:
        control.setProperty(_TIP, control.toolTip())


def _say(control: QWidget | QAction) -> None:
    """The tooltip, which has no tags; while it is on, others may give it another."""
    tip, why = control.property(_TIP), control.property(_WHY_WHOLE) or control.property(_WHY)
    control.setToolTip(plain_tip(f"{tip}\n{why}".strip()) if why else plain_tip(tip))
    if not why:
        control.setProperty(_TIP, None)
