"""What a lesson shows: its views side by side, and below them the one control that slides through its frames."""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from core.reports.lessons import Arrows, Bars, Cloud, Curves, Frame, Pictures, Scene, View
from explorer.lessons.bars_view import BarsView
from explorer.lessons.curves_view import CurvesView
from explorer.lessons.pictures_view import PicturesView
from explorer.lessons.place_field import PlaceField
from explorer.lessons.plane_view import PlaneView
from explorer.toolkit.descriptions import describe
from explorer.toolkit.properties import having

TALL, MOST_IN_ROW = 0.55, 2  # height by width from which on views stand in two rows; then in each of them
BETWEEN = 20  # places of the slider from one frame to the next, where dots are seen on the way
_KINDS: dict[type, type[PlaneView | BarsView | CurvesView | PicturesView]] = {
    Cloud: PlaneView,
    Arrows: PlaneView,
    Bars: BarsView,
    Curves: CurvesView,
    Pictures: PicturesView,
}


class SceneView(QWidget):
    """Emits the place that is marked on the first plane while one is asked for."""

    placed = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene, self._asks_place = Scene(()), False
        self._widgets: list[PlaneView | BarsView | CurvesView | PicturesView] = []
        self._views = having(QGridLayout(), spacing=12)
        self._is_tall = False
        self._name, self._at = QLabel(), QLabel()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Frames")
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.valueChanged.connect(self._show_place)
        self._row = QWidget()
        row = having(QHBoxLayout(self._row), spacing=8)
        row.setContentsMargins(0, 0, 0, 0)
        for widget, stretch in ((self._name, 0), (self.slider, 1), (self._at, 0)):
            row.addWidget(widget, stretch)
        whole = having(QVBoxLayout(self), spacing=6)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(self._views, 1)
        whole.addWidget(self._row)
        self._row.hide()

    def show_scene(self, scene: Scene, asks_place: bool = False) -> None:
        """Draw it, from the frame on that it names; `asks_place` on the plane that stands first."""
        self._scene, self._asks_place = scene, asks_place
        if asks_place:
            self._take_away()  # with what was marked before
        between = BETWEEN if _has_ways(scene) else 1
        last = between * max(0, len(scene.frames) - 1)
        self.slider.blockSignals(True)
        self.slider.setRange(0, last)
        self.slider.setSingleStep(1)
        self.slider.setPageStep(between)
        self.slider.setTickInterval(between)
        self.slider.setValue(between * (scene.at % len(scene.frames)))
        self.slider.blockSignals(False)
        describe(
            self.slider, scene.control or "Frames", "What is seen at each place; arrow keys and Page Up, Page Down"
        )
        self._name.setText(scene.control)
        widest = max((self.fontMetrics().horizontalAdvance(each.name) for each in scene.frames), default=0)
        self._at.setMinimumWidth(widest)
        self._row.setVisible(bool(scene.control) and last > 0)
        self._show_place()

    def follow_in_order(self, widget: QWidget) -> None:
        """The Tab key goes from a widget to the plane on which a place is asked for, where one is."""
        for each in self._widgets:
            if isinstance(each, PlaceField):
                QWidget.setTabOrder(widget, each)

    def take_focus(self) -> None:
        """The keyboard goes to the control."""
        if not self._row.isHidden():
            self.slider.setFocus(Qt.FocusReason.OtherFocusReason)

    # inside

    def _show_place(self) -> None:
        if not self._scene.frames:
            return
        place = self.slider.value() / self.slider.pageStep()
        first = min(int(place), len(self._scene.frames) - 1)
        following = self._scene.frames[min(first + 1, len(self._scene.frames) - 1)]
        nearest = self._scene.frames[min(round(place), len(self._scene.frames) - 1)]
        self._at.setText(nearest.name)
        self._fit(nearest)
        for number, (widget, view) in enumerate(zip(self._widgets, nearest.views, strict=True)):
            shown = view
            if isinstance(view, Cloud) and place != first:
                shown = _between(view, self._scene.frames[first].views[number], following.views[number], place - first)
            widget.show_view(shown)  # type: ignore[arg-type]  # each kind its own

    def _fit(self, frame: Frame) -> None:
        """A widget for each view, made anew only where their kinds are others."""
        kinds = [_KINDS[type(each)] for each in frame.views]
        if self._asks_place:
            kinds[0] = PlaceField
        if [type(each) for each in self._widgets] == kinds:
            return
        self._take_away()
        self._widgets = [kind(self) for kind in kinds]
        for widget in self._widgets:
            if isinstance(widget, PlaceField):
                widget.placed.connect(self.placed)
        self._arrange()

    def _take_away(self) -> None:
        for widget in self._widgets:
            self._views.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._widgets = []

    def _arrange(self) -> None:
        """Side by side; where there is height for it in two rows, of which the second may hold one alone."""
        for widget in self._widgets:
            self._views.removeWidget(widget)
        is_below = self._is_tall and len(self._widgets) > MOST_IN_ROW
        for place, widget in enumerate(self._widgets):
            row, column = divmod(place, MOST_IN_ROW) if is_below else (0, place)
            is_alone = row > 0 and place == len(self._widgets) - 1 and column == 0
            self._views.addWidget(widget, row, column, 1, MOST_IN_ROW if is_alone else 1)
            widget.show()  # now: keys are to find it
        for column in range(2 * MOST_IN_ROW):
            self._views.setColumnStretch(column, int(column < (MOST_IN_ROW if is_below else len(self._widgets))))
        self._views.setRowStretch(0, 3)
        self._views.setRowStretch(1, 2 if is_below else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_tall = self.height() > TALL * self.width()
        if is_tall is not self._is_tall:
            self._is_tall = is_tall
            self._arrange()


def _has_ways(scene: Scene) -> bool:
    """Whether any cloud's dots go somewhere else from one frame to the next."""
    for one, other in zip(scene.frames, scene.frames[1:], strict=False):
        for before, after in zip(one.views, other.views, strict=False):
            if isinstance(before, Cloud) and isinstance(after, Cloud) and _is_way(before, after):
                return True
    return False


def _is_way(one: Cloud, other: Cloud) -> bool:
    return one is not other and one.dots.shape == other.dots.shape and not np.array_equal(one.dots, other.dots)


def _between(nearest: Cloud, one: View, other: View, share: float) -> Cloud:
    """The dots on their straight ways from one frame to the next; marks belong to frames and not to what is between."""
    assert isinstance(one, Cloud)
    assert isinstance(other, Cloud)
    if one.dots.shape != other.dots.shape:
        return nearest
    dots = (one.dots + share * (other.dots - one.dots)).astype(np.float32)
    return Cloud(nearest.title, dots, nearest.groups, nearest.reach, (), nearest.has_rings)
