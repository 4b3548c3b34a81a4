"""What a lesson asks, a field for each thing: a list to choose from, a number, or a place on the plane."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QVBoxLayout, QWidget

from core.lessons.lesson import Ask, Choice, Guess, Lesson, Number
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone
from explorer.toolkit.wrapped_label import WrappedLabel

TO_CHOOSE = "Choose…"
NO_PLACE = "Click the place on the plane, or go there with Tab and the arrow keys."
_TIP = "Your guess, before you see it."


class GuessForm(QWidget):
    """The questions of one lesson; `changed` when a guess is another."""

    changed = Signal()

    def __init__(self, lesson: Lesson, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asks = lesson.asks
        self.fields: list[QComboBox | QDoubleSpinBox | QLabel] = []
        self._place: tuple[float, float] | None = None
        column = having(QVBoxLayout(self), spacing=4)
        column.setContentsMargins(0, 0, 0, 0)
        for ask in lesson.asks:
            asked, field = having(WrappedLabel(), text=ask.asked), self._field(ask)
            asked.setBuddy(field)
            column.addWidget(asked)
            column.addWidget(field)
            self.fields.append(field)
        self.forget()

    @property
    def asks_place(self) -> bool:
        """Whether a place is to be marked on the plane."""
        return any(not isinstance(ask, Choice | Number) for ask in self._asks)

    @property
    def guess(self) -> tuple[Guess, ...] | None:
        """What was guessed, None while something is missing."""
        found = [self._read(ask, field) for ask, field in zip(self._asks, self.fields, strict=True)]
        return None if None in found else tuple(each for each in found if each is not None)

    def forget(self) -> None:
        """Nothing is guessed."""
        self._place = None
        for ask, field in zip(self._asks, self.fields, strict=True):
            if isinstance(field, QDoubleSpinBox) and isinstance(ask, Number):
                field.setValue(ask.start)
            elif isinstance(field, QComboBox):
                field.setCurrentIndex(0)
            elif isinstance(field, QLabel):
                field.setText(NO_PLACE)
        self.changed.emit()

    def mark(self, u: float, v: float) -> None:
        """A place was marked on the plane."""
        self._place = (u, v)
        for ask, field in zip(self._asks, self.fields, strict=True):
            if isinstance(field, QLabel):
                field.setText(f"Your guess: {ask.said(self._place)}")
        self.changed.emit()

    def allow_guesses(self, why_not: str) -> None:
        """Let them be changed, or say why not."""
        for field in self.fields:
            if not isinstance(field, QLabel):
                allow(field, why_not)

    # inside

    def _field(self, ask: Ask) -> QComboBox | QDoubleSpinBox | QLabel:
        if isinstance(ask, Choice):
            box = QComboBox()
            box.addItems([TO_CHOOSE, *ask.choices])
            box.currentIndexChanged.connect(lambda _: self.changed.emit())
            describe(box, ask.asked, _TIP)
            return box
        if isinstance(ask, Number):
            number = QDoubleSpinBox(
                minimum=ask.low, maximum=ask.high, decimals=ask.decimals, suffix=f" {ask.unit}".rstrip()
            )
            number.setSingleStep(10.0**-ask.decimals if ask.decimals else 1.0)
            number.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
            number.valueChanged.connect(lambda _: self.changed.emit())
            describe(number, ask.asked, _TIP)
            return number
        place = WrappedLabel()
        set_tone(place, "quiet")
        return place

    def _read(self, ask: Ask, field: QComboBox | QDoubleSpinBox | QLabel) -> Guess | None:
        if isinstance(field, QComboBox):
            return field.currentIndex() - 1 if field.currentIndex() > 0 else None
        if isinstance(field, QDoubleSpinBox):
            return field.value()
        return self._place
