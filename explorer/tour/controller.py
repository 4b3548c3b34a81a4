"""Which step somebody is at: heard from what they do on the live model, and left a moment after it is done."""

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from core.verdicts import WORDS
from explorer.tour.steps import BACK_TO_DOTS, DRAG, EMPTY, FOLDER, OWN, PLANE, STEPS, Shown
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from core.latent.around_place import Surroundings
    from core.latent.placement import Placement

ENOUGH = 5  # pictures that a hand has drawn by dragging until it was seen that they follow
MOMENT = 6_000  # milliseconds from the last thing that was done until the next step: two dozen words are read by then


class Guiding(QObject):
    """Holds the step; what is done again puts off the next one.

    What cannot be done on the model in hand is left out: a decoder without an encoder takes no picture of one's own.
    """

    shown = Signal(object)  # Shown
    ended = Signal()

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._place: int | None = None  # None: nobody is shown around
        self._seen, self._pictures = "", 0
        self._has_dragged = self._is_plane_shown = False
        self._timer = QTimer(self, singleShot=True, interval=MOMENT)
        self._timer.timeout.connect(lambda: self.go(1))
        viewing = workspace.viewing
        workspace.point_dragged.connect(self._take_drag)
        for each in (workspace.first_sight, viewing):
            each.place_decoded.connect(self._take_picture)
            each.surroundings_found.connect(self._take_surroundings)
        viewing.map_changed.connect(lambda *_: self._take_model())
        workspace.placing.brought.connect(self._take_own)
        workspace.nothing_trained_yet.connect(self._take_folder)

    def begin(self) -> None:
        """At the first step, or where somebody was when the window was closed."""
        self._show(self._workspace.settings.tour_place() or 0)

    def go(self, steps: int) -> None:
        """One on or back, done or not; on from the last it is over."""
        if self._place is None:
            return
        places = self._places()
        wanted = bisect_left(places, self._place) + steps
        if wanted >= len(places):
            self.end()
        else:
            self._show(places[max(0, wanted)])

    def end(self) -> None:
        """For ever: it does not begin by itself any more."""
        self._timer.stop()
        self._place = None
        self._workspace.settings.remember_tour(None)
        self.ended.emit()

    def take_plane(self, is_shown: bool) -> None:
        """Whether the decoded plane is behind the dots."""
        self._is_plane_shown = is_shown
        if is_shown:
            self._finish(PLANE)
        if self._place == EMPTY and not self._seen:
            self._tell()

    def stop(self) -> None:
        """The window closes; the step is kept."""
        self._timer.stop()
        self._place = None

    def _places(self) -> list[int]:
        """The steps that can be done on the model in hand; all where none is known yet."""
        space = self._workspace.viewing.latent_space
        can = {} if space is None else {OWN: space.can_encode, EMPTY: not space.unjudged}
        return [place for place in range(len(STEPS)) if can.get(place, True)]

    def _show(self, place: int) -> None:
        """This step, or the first after it that can be done."""
        place = next(each for each in self._places() if each >= place)
        self._timer.stop()
        self._place, self._seen, self._pictures, self._has_dragged = place, "", 0, False
        self._workspace.settings.remember_tour(place)
        self._tell()
        if self._is_plane_shown:
            self._finish(PLANE)

    def _tell(self) -> None:
        if self._place is not None:
            places, task = self._places(), STEPS[self._place].task
            task = BACK_TO_DOTS + task if self._place == EMPTY and self._is_plane_shown else task
            number = bisect_right(places, self._place)
            self.shown.emit(Shown(self._place, number, len(places), self._seen or task, bool(self._seen)))

    def _finish(self, place: int, *found: str) -> None:
        """What this step asks for was done."""
        if place != self._place:
            return
        if (seen := STEPS[place].seen.format(*found)) != self._seen:
            self._seen = seen
            self._tell()
        self._timer.start()

    def _take_model(self) -> None:
        """Another one may allow of other steps."""
        if self._place is not None and self._place not in self._places():
            self._show(self._place)

    def _take_drag(self) -> None:
        self._has_dragged = True
        if self._seen and self._place in (DRAG, PLANE, EMPTY):
            self._timer.start()

    def _take_picture(self) -> None:
        self._pictures += self._has_dragged
        if self._pictures >= ENOUGH:
            self._finish(DRAG)

    def _take_own(self, placement: "Placement") -> None:
        count, space = len(placement.z), placement.latent_space
        numbers, those, each = ("numbers", "those", "each ") if count > 1 else ("number", "that", "")
        told = f"and the class “{space.classes[space.label]}”" if space.conditional == "class" else "alone"
        sigma = f", {each}with its σ" if space.draws else ""  # a plain autoencoder's means nothing
        self._finish(OWN, f"{count} {numbers}", sigma, f"{those} {told}")

    def _take_surroundings(self, found: "Surroundings") -> None:
        """Where the hand is now, and not where it was."""
        viewing, standing = self._workspace.viewing, found.standing
        is_here = self._has_dragged and viewing.surveyed is viewing.z
        if is_here and standing is not None and standing.verdict in ("between", "far"):
            self._finish(EMPTY, WORDS[standing.verdict])

    def _take_folder(self) -> None:
        """Whatever step it comes at: without a model there is nothing left for the others to be done on."""
        if self._place is not None and self._place != FOLDER:
            self._show(FOLDER)
        self._finish(FOLDER)
