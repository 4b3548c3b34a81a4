"""Learn: at the left the question, the guess and what is true; at the right what the lesson shows."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from core.lessons.lesson import Lesson
from core.reports.lessons import Answer, Revealed, Scene
from core.reports.progress import Progress
from explorer.lessons.guess_form import GuessForm
from explorer.lessons.scene_view import SceneView
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone
from explorer.toolkit.wrapped_label import WrappedLabel

WIDTH, BESIDE = 290, 72  # pixels, the least of what stands at the left; beside the words of its list
LOOKING = "A moment…"
GUESS_FIRST = "Guess first."
GUESSED = "You have guessed; Once more begins the lesson anew."
NOT_DRAWN = "Wait until the lesson is drawn."


class LearnPanel(QWidget):
    """Emits which lesson to look at, and the guess to run it with."""

    lesson_chosen = Signal(int)  # its place among the lessons
    run_requested = Signal(object)  # the guess, one of each thing that is asked
    cancel_requested = Signal()

    def __init__(self, lessons: Sequence[Lesson], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Learn")
        self._lessons = tuple(lessons)
        self._is_drawn = self._is_busy = self._is_revealed = self._is_begun = False
        self._build_words()
        self._build_controls()
        self._lay_out()
        self._tell(0)

    def begin_if_seen(self, is_seen: bool) -> None:
        """The first lesson begins when somebody sees it."""
        if is_seen and not self._is_begun:
            self._choose(self._list.currentIndex())

    def take_focus(self) -> None:
        """The keyboard goes to the list of lessons."""
        self._list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_lesson(self, place: int) -> None:
        """Begin a lesson, from its question on."""
        self._list.setCurrentIndex(place)
        self._choose(place)

    def show_look(self, scene: Scene) -> None:
        """What is seen before the guess."""
        self._is_drawn = True
        self._show(scene, self._form.asks_place)
        self._scene.follow_in_order(self._list)
        self._refresh()

    def show_scene(self, scene: Scene) -> None:
        """What is seen while it runs."""
        self._show(scene)

    def show_busy(self, is_busy: bool) -> None:
        """Whether it runs."""
        self._is_busy = is_busy
        if is_busy:
            self.show_progress(Progress("Beginning", 0))
        has_focus = self._has_focus
        self._refresh()
        if is_busy and has_focus:
            self._cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, progress: Progress) -> None:
        """How far it is."""
        self._doing.setText(f"{progress.doing}…")
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)

    def show_revealed(self, revealed: Revealed) -> None:
        """What is true, beside what was guessed."""
        self._is_revealed = True
        self._show(revealed.scene)
        self._answers.setText("\n\n".join(map(_said, revealed.answers)))
        self._sentence.setText(revealed.sentence)
        for label in (self._answers, self._sentence):
            label.updateGeometry()  # what they need was found while they were not there
        self._refresh()
        self._scene.take_focus()

    def show_failure(self, sentence: str) -> None:
        """Why there is nothing to see."""
        self._message.setText(sentence)
        set_tone(self._message, "failure")
        self._stack.setCurrentWidget(self._message)

    # inside

    @property
    def _has_focus(self) -> bool:
        """Whether keys arrive at any of its controls."""
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    @property
    def _form(self) -> GuessForm:
        return self._forms[max(0, self._list.currentIndex())]

    def _build_words(self) -> None:
        self._words, self._answers, self._sentence, self._sources = (WrappedLabel() for _ in range(4))
        set_tone(self._sources, "quiet")
        bold = self._sentence.font()
        bold.setBold(True)
        self._sentence.setFont(bold)
        for label in (self._words, self._answers, self._sentence):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._message = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._doing, self._bar = QLabel(), QProgressBar(textVisible=False)
        self._doing.setMinimumWidth(1)
        self._bar.setAccessibleName("Progress of the lesson")

    def _build_controls(self) -> None:
        self._list = QComboBox()
        self._list.addItems([f"{number}  {each.title}" for number, each in enumerate(self._lessons, 1)])
        self._list.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._list.setMinimumContentsLength(12)
        describe(
            self._list, "Lesson", "Eight lessons; each is a guess, a look, and a sentence, in less than five minutes."
        )
        self._list.activated.connect(self._choose)
        self._run, self._cancel = QPushButton("See what happens"), QPushButton("Cancel")
        self._again, self._next = QPushButton("Once more"), QPushButton("Next lesson")
        self._run.setProperty("primary", True)
        self._next.setProperty("primary", True)
        describe(self._run, "See what happens", "Run the lesson: what is true stands beside your guess at the end.")
        describe(self._cancel, "Cancel", "Stop the lesson; nothing is revealed.")
        describe(self._again, "Once more", "The same lesson from its question on.")
        describe(self._next, "Next lesson", "Go on to the next one.")
        self._run.clicked.connect(self._ask_to_run)
        self._cancel.clicked.connect(self._stop)
        self._again.clicked.connect(lambda: self._choose(self._list.currentIndex()))
        self._next.clicked.connect(lambda: self.show_lesson((self._list.currentIndex() + 1) % len(self._lessons)))
        self._forms = [GuessForm(each) for each in self._lessons]
        for form in self._forms:
            form.changed.connect(self._refresh)

    def _lay_out(self) -> None:
        self._scene = SceneView()
        self._scene.placed.connect(lambda u, v: self._form.mark(u, v))
        right = QWidget()
        self._stack = QStackedLayout(right)
        self._stack.addWidget(self._message)
        self._stack.addWidget(self._scene)
        whole = having(QHBoxLayout(self), spacing=14)
        whole.setContentsMargins(8, 6, 8, 6)
        whole.addWidget(self._left())
        whole.addWidget(right, 1)
        self._order_by_tab()

    def _order_by_tab(self) -> None:
        """From the question to the guess, to what is seen, to what comes next."""
        fields = [field for form in self._forms for field in form.fields]
        order = [self._list, *fields, self._scene.slider, self._run, self._cancel, self._again, self._next]
        for one, other in pairwise(order):
            QWidget.setTabOrder(one, other)

    def _left(self) -> QScrollArea:
        """Scrolled where the tab is low."""
        inside = QWidget()
        column = having(QVBoxLayout(inside), spacing=8)
        column.setContentsMargins(0, 0, 6, 0)
        for widget in (self._list, self._words, *self._forms, self._answers, self._sentence):
            column.addWidget(widget)
        for widget in (self._run, self._doing, self._bar, self._cancel):
            column.addWidget(widget)
        buttons = having(QHBoxLayout(), spacing=6)
        for button in (self._again, self._next):
            buttons.addWidget(button)
        column.addLayout(buttons)
        column.addWidget(self._sources)
        column.addStretch(1)
        area = having(QScrollArea(widgetResizable=True), frameShape=QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        words = (self._list.itemText(row) for row in range(self._list.count()))
        area.setFixedWidth(max(WIDTH, max(map(self.fontMetrics().horizontalAdvance, words)) + BESIDE))
        return area

    def _choose(self, place: int) -> None:
        self._is_begun = True
        has_focus = self._has_focus
        self._tell(place)
        if has_focus:  # what had it may have gone
            self.take_focus()
        self.lesson_chosen.emit(place)

    def _tell(self, place: int) -> None:
        """Its words, with nothing guessed."""
        lesson = self._lessons[place]
        self._is_drawn = self._is_busy = self._is_revealed = False
        self._words.setText(lesson.words)
        self._sources.setText(lesson.sources)
        self._form.forget()
        self._message.setText(LOOKING)
        set_tone(self._message, "quiet")
        self._stack.setCurrentWidget(self._message)
        self._refresh()

    def _ask_to_run(self) -> None:
        if (guess := self._form.guess) is not None:
            self.run_requested.emit(guess)

    def _stop(self) -> None:
        """Nothing of it is shown; the guess may be another."""
        self.cancel_requested.emit()
        self._choose(self._list.currentIndex())

    def _show(self, scene: Scene, asks_place: bool = False) -> None:
        self._stack.setCurrentWidget(self._scene)
        self._scene.show_scene(scene, asks_place)

    def _refresh(self) -> None:
        if not hasattr(self, "_stack"):
            return
        for form in self._forms:
            form.setVisible(form is self._form and not self._is_revealed)
        is_open = not (self._is_busy or self._is_revealed)
        self._form.allow_guesses("" if is_open else GUESSED)
        for widget in (self._doing, self._bar, self._cancel):
            widget.setVisible(self._is_busy)
        for widget in (self._answers, self._sentence, self._again, self._next):
            widget.setVisible(self._is_revealed)
        self._run.setVisible(is_open)
        missing = GUESS_FIRST if self._form.guess is None else ""
        allow(self._run, missing if self._is_drawn else NOT_DRAWN)

    def sizeHint(self) -> QSize:
        return QSize(900, 300)


def _said(answer: Answer) -> str:
    return f"{answer.asked}\nYour guess: {answer.guess}\nTrue: {answer.truth}"


if __name__ == "__main__":
    from core.lessons.contents import LESSONS
    from explorer.lessons.controller import Teaching
    from explorer.toolkit.theme import apply_theme

    app = QApplication([])
    apply_theme(app)
    panel, teaching = LearnPanel(LESSONS), Teaching()
    panel.lesson_chosen.connect(lambda place: teaching.look(LESSONS[place]))
    panel.run_requested.connect(teaching.run)
    teaching.looked.connect(panel.show_look)
    teaching.revealed.connect(panel.show_revealed)
    panel.begin_if_seen(True)
    panel.show()
    app.exec()
    teaching.stop()
