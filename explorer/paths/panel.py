"""Paths: stops in an order, the way between them as a film strip, played, scrubbed and saved as a film."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.exploration import LatentPath
from core.reports.progress import Progress
from core.verdicts import VERDICTS, WORDS, Verdict
from explorer.paths.film_strip import FilmStrip
from explorer.paths.path_choices import CHOICES, PathChoices
from explorer.paths.play_bar import PlayBar
from explorer.paths.reel import Reel
from explorer.paths.stop_list import StopList
from explorer.toolkit.context_menu import MenuAsker
from explorer.toolkit.descriptions import allow_inside
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone

NO_MODEL = "Films of paths appear here once a model has learned something."
HOW = (
    "A film leads from place to place. Put the cursor somewhere and press Add stop (Ctrl+Alt+A), or switch on "
    "By clicking and click on the map: two stops make a path."
)
ONE_MORE = "One stop so far: add another."
STOPS_WIDTH = 264


class PathsPanel(QWidget):
    """Emits what is to be done to the path that is shown."""

    path_chosen = Signal(str)
    new_clicked = Signal()
    renamed = Signal(str)
    delete_clicked = Signal()
    reverse_clicked = Signal()
    kind_chosen = Signal(str)
    frames_chosen = Signal(int)
    loop_toggled = Signal(bool)
    even_toggled = Signal(bool)
    add_requested = Signal(str)  # "cursor", "selection" or "bookmarks"
    adding_toggled = Signal(bool)
    stop_clicked = Signal(int)
    stop_removed = Signal(int)
    stop_moved = Signal(int, int)
    sought = Signal(float)  # frame
    play_clicked = Signal()
    speed_chosen = Signal(float)
    save_clicked = Signal()
    menu_requested = Signal(object, QPoint)  # frame, a place on the screen
    cancel_clicked = Signal()
    copy_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Paths")
        self._path: LatentPath | None = None
        self._reel: Reel | None = None
        self._says_saving = False  # whether the words are how far a film is
        self._choices = PathChoices()
        self._stops, self._strip, self._bar = StopList(), FilmStrip(), PlayBar()
        self._words = ElidedLabel()
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stops.setFixedWidth(STOPS_WIDTH)
        self._connect()
        right = having(QVBoxLayout(), spacing=4)
        right.addWidget(self._strip, 1)
        right.addWidget(self._words)
        both = having(QHBoxLayout(), spacing=10)
        both.addWidget(self._stops)
        both.addLayout(right, 1)
        whole = having(QVBoxLayout(self), spacing=4)
        whole.setContentsMargins(8, 4, 8, 4)
        whole.addWidget(self._choices)
        whole.addLayout(both, 1)
        whole.addWidget(self._bar)
        self.show_nothing()

    # setters

    def show_paths(self, names: Sequence[str], chosen: str) -> None:
        """All there are, and the one that is shown; an empty name: one that has no stop yet."""
        self._choices.show_paths(names, chosen)

    def show_path(self, path: LatentPath | None) -> None:
        """The path that is shown: its stops are listed, its choices stand as they are."""
        allow_inside(self)
        self._path = path
        self._choices.show_path(path)
        self._list_stops()

    def show_reel(self, reel: Reel) -> None:
        """The way as pictures."""
        self._reel = reel
        self._strip.show_reel(reel)
        self._bar.show_count(reel.count)
        self._show_words(reel.words)
        self._list_stops()

    def show_no_way(self) -> None:
        """There is no way yet: too few stops."""
        self._reel = None
        self._strip.show_sentence(ONE_MORE if self._path is not None and len(self._path.stops) == 1 else HOW)
        self._bar.show_count(0)
        self._show_words("")
        self._list_stops()

    def show_progress(self, progress: Progress) -> None:
        """The way is being found."""
        share = f" {progress.done / progress.total:.0%}" if progress.total else ""
        self._show_words(f"{progress.doing}…{share}")
        self._strip.show_old(True)
        if self._reel is None:
            self._strip.show_sentence(f"{progress.doing}…")

    def show_failure(self, sentence: str) -> None:
        """Say in place of the pictures why there is no way."""
        self._reel = None
        self._strip.show_sentence(sentence, is_failure=True)
        self._bar.show_count(0)
        self._show_words("")
        self._list_stops()

    def show_word(self, words: str, is_failure: bool = False) -> None:
        """What there is to say of what was just asked for."""
        self._show_words(words, "failure" if is_failure else "caution")

    def show_position(self, frame: float) -> None:
        """The frame that is played."""
        self._strip.show_position(frame)
        self._bar.show_position(frame)

    def show_playing(self, is_playing: bool) -> None:
        """Whether it plays."""
        self._bar.show_playing(is_playing)

    def show_adding(self, is_adding: bool) -> None:
        """Whether clicks on the map add stops."""
        self._stops.show_adding(is_adding)

    def show_saving(self, is_saving: bool) -> None:
        """Whether a film is being saved."""
        self._bar.show_saving(is_saving)
        if not is_saving and self._says_saving:  # what went wrong stays
            self._show_words(self._reel.words if self._reel is not None else "")

    def show_saving_progress(self, progress: Progress) -> None:
        """How far the film is."""
        self._show_words(f"{progress.doing} the film… {progress.counted}")
        self._says_saving = True

    def show_nothing(self) -> None:
        """There is no model."""
        self.show_paths((), "")
        self.show_path(None)
        self.show_no_way()
        self._strip.show_sentence(NO_MODEL)
        allow_inside(self, NO_MODEL)

    @property
    def speed(self) -> float:
        """As the slider has it, times 25 frames a second."""
        return self._bar.speed

    # inside

    def _show_words(self, words: str, tone: Literal["quiet", "caution", "failure"] = "quiet") -> None:
        self._words.show_text(words)
        self._says_saving = False
        set_tone(self._words, tone)

    def _list_stops(self) -> None:
        stops = [] if self._path is None else list(self._path.stops)
        reel = self._reel
        if reel is None or len(reel.stops_at) != len(stops) or not _is_of(reel, stops):
            self._stops.show_stops([_stop_words(n, z, "among") for n, z in enumerate(stops)])
            return
        verdicts = [VERDICTS[number] for number in reel.verdicts[reel.stops_at]]
        words = [_stop_words(n, z, verdict) for n, (z, verdict) in enumerate(zip(stops, verdicts, strict=True))]
        self._stops.show_stops(words, [reel.stop_picture(number) for number in range(len(stops))])

    def _connect(self) -> None:
        for name in CHOICES:
            getattr(self._choices, name).connect(getattr(self, name))
        stops, strip, bar = self._stops, self._strip, self._bar
        stops.add_requested.connect(self.add_requested)
        stops.adding_toggled.connect(self.adding_toggled)
        stops.clicked.connect(self.stop_clicked)
        stops.removed.connect(self.stop_removed)
        stops.moved.connect(self.stop_moved)
        strip.sought.connect(self.sought)
        MenuAsker(strip, strip.place_at).asked.connect(self.menu_requested)
        strip.play_pressed.connect(self.play_clicked)
        for name in ("play_clicked", "speed_chosen", "save_clicked", "cancel_clicked", "copy_clicked"):
            getattr(bar, name).connect(getattr(self, name))


def _stop_words(number: int, z: "np.ndarray", verdict: Verdict) -> str:
    """As "2  (0.52, −1.20) · between groups"; of many dimensions only how far from 0."""
    numbers = ", ".join(f"{value:.2f}" for value in z) if len(z) <= 2 else f"|z| {float(np.linalg.norm(z)):.2f}"
    where = f"({numbers})" if len(z) <= 2 else numbers
    return f"{number + 1}   {where}".replace("-", "−") + (f" · {WORDS[verdict]}" if verdict != "among" else "")


def _is_of(reel: Reel, stops: "Sequence[np.ndarray]") -> bool:
    return bool(np.array_equal(reel.z[reel.stops_at], np.stack(stops)))


if __name__ == "__main__":
    from PySide6.QtWidgets import QApplication

    from explorer.toolkit.theme import apply_theme

    app = QApplication([])
    apply_theme(app)
    panel = PathsPanel()
    panel.resize(1000, 240)
    rng = np.random.default_rng(0)
    z = np.linspace((-2.0, -1.0), (2.0, 1.0), 60, dtype=np.float32)
    stops_at = np.array([0, 25, 59])
    pixels = np.broadcast_to(np.linspace(20, 240, 60).astype(np.uint8)[:, None, None, None], (60, 28, 28, 1))
    verdicts = np.repeat(np.array([0, 1, 2, 3], np.int8), 15)
    panel.show_paths(("Path 1", "Path 2"), "Path 1")
    panel.show_path(LatentPath("Path 1", "straight", z[stops_at], 60))
    panel.show_reel(
        Reel(z, stops_at, z, verdicts, np.arange(60), pixels, False, "12% shorter in pictures than straight")
    )
    panel.sought.connect(panel.show_position)
    panel.show()
    app.exec()
