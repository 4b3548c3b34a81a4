"""One setting of the configuration as a labelled control, made from its own description and bounds."""

from collections.abc import Callable
from dataclasses import dataclass
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from explorer.toolkit.descriptions import allow
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone

NO_LIMIT, AUTO = "no limit", "auto"
EMPTY = {"capacity": "none"}  # what an empty number stands for, where it is not "no limit"
LABEL_WIDTH, ROW_HEIGHT = 110, 26
LEAST_WIDTH, LEAST_LETTERS = 70, 6  # of a control: a narrow dock cuts none

# Where a pydantic sentence speaks of inputs, ours speaks of what to type.
_REASONS = {
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be at most {le:g}",
    "float_type": "must be a number, like 0.001 or 1e-3",
    "finite_number": "must be a number, like 0.001 or 1e-3",
    "value_error": "{error}",
    "string_unicode": "must be text in Unicode: rename the file",
}

# A widget, what reads it and what writes into it, and its signals: another value, and no more typing.
_Control = tuple[QWidget, Callable[[], Any], Callable[[Any], None], SignalInstance, SignalInstance]


@dataclass(frozen=True)
class ConfigField:
    """A control for one setting; `read` gives what was typed, right or wrong; `committed` once typing is over.

    `row` holds the control and what is wrong with it.
    """

    group: str
    name: str
    label: QLabel
    row: QWidget
    control: QWidget
    complaint: QLabel
    read: Callable[[], Any]
    write: Callable[[Any], None]
    edited: SignalInstance
    committed: SignalInstance


def config_field(group: str, name: str, info: FieldInfo) -> ConfigField:
    """The control that fits the type: a list to choose from, a whole number, or a number or words to type."""
    control, read, write, edited, committed = _control(info, EMPTY.get(name, NO_LIMIT))
    title, description = info.title or name, info.description or ""
    label = QLabel(title)
    label.setBuddy(control)
    for widget in (label, control):
        widget.setToolTip(description)
    control.setAccessibleName(title)
    control.setAccessibleDescription(description)
    complaint = having(QLabel(wordWrap=True), visible=False)
    set_tone(complaint, "failure")
    row = _row(control, complaint)
    return ConfigField(group, name, label, row, control, complaint, read, write, edited, committed)


def words_of(field: ConfigField) -> str:
    """What a setting may be searched by, in small letters: its name, what it does, what can be chosen."""
    control = field.control
    choices = [control.itemText(row) for row in range(control.count())] if isinstance(control, QComboBox) else []
    said = (field.name, field.group, field.label.text(), control.accessibleDescription(), *choices)
    return " ".join(said).lower()


def enable(field: ConfigField, why_not: str) -> None:
    """Whether it can be changed; its tooltip says why it cannot, beside what it is."""
    for widget in (field.label, field.control):
        allow(widget, why_not)


def settings_form() -> QFormLayout:
    """Rows of settings, labels as wide in every group."""
    form = QFormLayout(fieldGrowthPolicy=QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow, horizontalSpacing=12)
    form.setContentsMargins(0, 0, 0, 0)
    return form


def add_row(form: QFormLayout, field: ConfigField) -> None:
    """Label, control, and below it what is wrong."""
    field.label.setFixedWidth(LABEL_WIDTH)
    field.control.setMinimumWidth(LEAST_WIDTH)
    for widget in (field.label, field.control):
        widget.setMinimumHeight(ROW_HEIGHT)
    form.addRow(field.label, field.row)


def let_shrink(box: QComboBox) -> None:
    """Let a list be narrower than its longest choice."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(LEAST_LETTERS)


def in_plain_words(error: Any) -> str:
    """What is wrong with a value, from one entry of `ValidationError.errors()`."""
    reason = _REASONS.get(error["type"])
    return reason.format(**error.get("ctx", {})) if reason else error["msg"]


def _row(control: QWidget, complaint: QLabel) -> QWidget:
    row = QWidget()
    column = having(QVBoxLayout(row), spacing=2)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(control)
    column.addWidget(complaint)
    return row


def _control(info: FieldInfo, empty: str) -> _Control:
    if get_origin(info.annotation) is Literal:
        return _choice(get_args(info.annotation))
    if info.annotation is int or int in map(_bare, get_args(info.annotation)):
        return _whole_number(info)
    if info.annotation is str:
        return _text(usual=info.default)
    return _number(empty if NoneType in get_args(info.annotation) else "")


def _choice(values: tuple[Any, ...]) -> _Control:
    box = QComboBox()
    box.addItems([str(value) for value in values])
    let_shrink(box)

    def write(value: Any) -> None:
        # A resolved run may hold what cannot be chosen, like an odd size of a named set: "auto", the first, found it.
        box.setCurrentIndex(values.index(value) if value in values else 0)

    return box, lambda: values[box.currentIndex()], write, box.currentIndexChanged, box.activated


def _whole_number(info: FieldInfo) -> _Control:
    has_auto = info.annotation is not int
    bounds = {key: getattr(bound, key) for bound in _bounds(info) for key in ("ge", "le") if hasattr(bound, key)}
    least = bounds.get("ge", -(2**31)) - has_auto  # one below the least number stands for "auto"
    box = QSpinBox(minimum=least, maximum=bounds.get("le", 2**31 - 1))
    box.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
    if not has_auto:
        return box, box.value, box.setValue, box.valueChanged, box.editingFinished
    box.setSpecialValueText(AUTO)

    def read() -> Any:
        return AUTO if box.value() == least else box.value()

    def write(value: Any) -> None:
        box.setValue(least if value == AUTO else value)

    return box, read, write, box.valueChanged, box.editingFinished


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _bounds(info: FieldInfo) -> list[Any]:
    """The bounds of a number, wherever in its type they stand."""
    inner = [note for kind in get_args(info.annotation) if get_origin(kind) is Annotated for note in get_args(kind)[1:]]
    return [*info.metadata, *(bound for note in inner for bound in getattr(note, "metadata", [note]))]


def _text(usual: str) -> _Control:
    line = QLineEdit(placeholderText=usual)  # what an empty line stands for
    return line, lambda: line.text().strip() or usual, line.setText, line.textChanged, line.editingFinished


def _number(empty: str) -> _Control:
    line = QLineEdit(placeholderText=empty, clearButtonEnabled=bool(empty))

    def read() -> Any:
        text = line.text().strip().replace(",", ".")
        if empty and text in ("", empty):
            return None
        try:
            return float(text)
        except ValueError:
            return text

    def write(value: float | str | None) -> None:
        line.setText(value if isinstance(value, str) else "" if value is None else f"{value:.12g}")

    return line, read, write, line.textChanged, line.editingFinished
