"""The bar of time under the map: drag, step or play through how the model learned; signals out, setters in."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QToolButton, QWidget

from core.reports.moments import Moment
from core.reports.progress import Progress
from explorer.moments.moment_words import NOW, kept_for, now_said, place_said, real_said, time_said
from explorer.moments.playback import SPEEDS
from explorer.moments.time_slider import TimeSlider
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone
from explorer.toolkit.wrapping_row import WrappingRow

TIP = (
    "Press or drag to look back at how the model learned: map, picture, sliders, neighbours and verdict are those of "
    "that moment. Arrow keys go from moment to moment, Home to the first, End to now, Space plays."
)
PLAY_TIP = "See the model learn, from its first step to now (Ctrl+Alt+T)"
NOW_TIP = "Back to what the model is now (Ctrl+Alt+N)"
TRAILS_TIP = "The ways they have gone on the map, a bead a moment, from faint to strong"
MOVED_TIP = "The 50 images whose codes are farthest from where they are now, once the whole is turned"
PARTING_TIP = "How surely an image of one class was told from one of the other, at every moment"
ONE_CLASS = "All images are of one class."
LEAST = 120  # pixels that words have in the narrowest bar
IS_NOW = "This is now."
SAVING = "A film is being saved."
FILM_TIP = (
    "The map as it learned, and beside it what was drawn where the cursor is; with one image selected, that image is "
    "followed."
)
ROOMY = 840  # pixels of the bar from which the step is said in it; the map says it in any case


class TimeBar(QWidget):
    """One row; not there where a run has no moments."""

    sought = Signal(float)
    rested = Signal()
    stepped = Signal(int)
    now_clicked = Signal()
    play_clicked = Signal()
    speed_chosen = Signal(float)
    loop_toggled = Signal(bool)
    save_clicked = Signal()
    copy_clicked = Signal()
    cancel_clicked = Signal()
    trails_toggled = Signal(bool)
    moved_clicked = Signal()
    parting_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Time")
        self._moments: Sequence[Moment] = ()
        self._position, self._is_roomy = 0.0, False
        self._share: float | None = None
        self._failure = ""
        self._build()
        self._lay_out()
        self.show_moments(())
        self.show_playing(False)
        self.show_real(None)
        self.show_position(0.0)

    def show_moments(self, moments: Sequence[Moment]) -> None:
        """What can be looked back at; none: the bar goes."""
        self._moments = moments
        self._slider.show_moments(moments)
        self._fit()
        self._say()
        self.setVisible(bool(moments))

    def show_position(self, position: float) -> None:
        """The place in time, in moments."""
        self._position = position
        if self._failure:
            self._failure = ""
            self._fit()
        self._slider.show_position(position)
        moment = self._moment
        self._say()
        describe(self._slider, f"Time: {NOW if moment is None else place_said(moment)}", TIP)
        allow(self._now, IS_NOW if moment is None else "")

    def show_real(self, real: float | None) -> None:
        """The share of the movement from here to now that is no turn of the view; None: this is now."""
        self._share = real
        self._say()
        allow(self._moved, IS_NOW if real is None else "")
        describe(self._real, "Real movement", "" if real is None else real_said(real))

    def show_classes(self, count: int) -> None:
        """How many classes the images have."""
        allow(self._parting, "" if count > 1 else ONE_CLASS)

    def show_failure(self, sentence: str) -> None:
        """Why a moment cannot be looked at, where its time would be said, until another one is looked at."""
        self._failure = sentence
        self._fit()
        self._say()

    def show_playing(self, is_playing: bool) -> None:
        """Whether time goes on by itself."""
        self._play.setText("Pause" if is_playing else "Play")
        describe(self._play, "Pause" if is_playing else "Play the training", PLAY_TIP)

    def show_saving(self, is_saving: bool) -> None:
        """Whether a film is being saved, which can be cancelled."""
        self._cancel.setText("Cancel")
        self._cancel.setVisible(is_saving)
        self._real.setVisible(not is_saving)  # in a narrow window there is no room for both in a line
        allow(self._film, SAVING if is_saving else "")

    def show_saving_progress(self, progress: Progress) -> None:
        """How far the film is."""
        share = f" {progress.done / progress.total:.0%}" if progress.total else ""
        self._cancel.setText(f"Cancel film{share}")

    @property
    def _moment(self) -> Moment | None:
        """That is looked at; None: now."""
        nearest = int(self._position + 0.5)
        return self._moments[nearest] if nearest < len(self._moments) else None

    def _fit(self) -> None:
        """Room for whatever can be said, so that the slider is as long whatever is; not at each step of a hand."""
        texts = [self._failure] if self._failure else [now_said(len(self._moments)), *map(self._said, self._moments)]
        _hold(self._words, texts, self.width())
        _hold(self._real, [self._real_words.format(1.0)], self.width())

    def _say(self) -> None:
        """When that is, and what of the movement is real."""
        moment = self._moment
        more = "" if moment is None or self._failure else f"{place_said(moment)}: {kept_for(moment)}."
        said = now_said(len(self._moments)) if moment is None else self._said(moment)
        self._words.show_text(self._failure or said, more)
        self._real.setText("" if self._share is None else self._real_words.format(self._share))

    def _said(self, moment: Moment) -> str:
        return place_said(moment) if self._is_roomy else time_said(moment)

    @property
    def _real_words(self) -> str:
        return "{:.0%} real movement" if self._is_roomy else "{:.0%} real"

    def _build(self) -> None:
        self._play = QPushButton("Play")
        self._play.setFixedWidth(self.fontMetrics().horizontalAdvance("Pause") + 34)
        self._slider = TimeSlider()
        self._words, self._real = ElidedLabel(), QLabel()
        set_tone(self._real, "quiet")
        self._now = QPushButton(NOW)
        describe(self._now, "Back to now", NOW_TIP)
        self._cancel = having(QPushButton("Cancel"), visible=False)
        describe(self._cancel, "Cancel saving the film", "Stop saving; nothing is left")
        self._more = having(QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup), text="More ▾")
        self._more.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self._more.setMenu(self._menu())
        describe(self._more, "More about time", "The speed of playing, a film of the training")
        self._play.clicked.connect(self.play_clicked)
        self._now.clicked.connect(self.now_clicked)
        self._cancel.clicked.connect(self.cancel_clicked)
        self._slider.sought.connect(self.sought)
        self._slider.rested.connect(self.rested)
        self._slider.stepped.connect(self.stepped)
        self._slider.play_pressed.connect(self.play_clicked)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self._speeds = QActionGroup(menu)
        for speed in SPEEDS:
            action = menu.addAction(f"Play at {speed:g}×")
            action.triggered.connect(partial(self._choose_speed, speed))
            action.setCheckable(True)
            action.setChecked(speed == 1.0)
            self._speeds.addAction(action)
        loop = menu.addAction("Play again and again")
        loop.setCheckable(True)
        loop.toggled.connect(self.loop_toggled)
        menu.addSeparator()
        trails = menu.addAction("Trails of the selected images")
        trails.setCheckable(True)
        trails.setToolTip(plain_tip(TRAILS_TIP))
        trails.toggled.connect(self.trails_toggled)
        self._moved = menu.addAction("Select what moved most from here to now", self.moved_clicked.emit)
        self._moved.setToolTip(plain_tip(MOVED_TIP))
        self._parting = menu.addAction("When did two classes part?…", self.parting_clicked.emit)
        self._parting.setToolTip(plain_tip(PARTING_TIP))
        menu.addSeparator()
        self._film = menu.addAction("Save a film of the training…", self.save_clicked.emit)
        self._film.setToolTip(plain_tip(FILM_TIP))
        copy = menu.addAction("Copy the command of that film", self.copy_clicked.emit)
        copy.setToolTip(plain_tip("The command line that makes the same film, byte for byte"))
        return menu

    def _choose_speed(self, speed: float, _: bool = False) -> None:
        self.speed_chosen.emit(speed)

    def _lay_out(self) -> None:
        row = WrappingRow(self, spacing=6)
        row.setContentsMargins(8, 2, 8, 6)
        row.addWidget(self._play)
        row.addWidget(self._slider, 1)
        for widget in (self._words, self._real, self._now, self._cancel, self._more):
            row.addWidget(widget)

    # Qt's

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._is_roomy = self.width() >= ROOMY
        self._fit()
        self._say()


def _hold(label: QLabel, texts: Sequence[str], most: int) -> None:
    """Room for each of the texts, or for as much of it as the bar has."""
    widest = max(map(label.fontMetrics().horizontalAdvance, texts)) + 2
    label.setFixedWidth(min(widest, max(LEAST, most - 16)))
