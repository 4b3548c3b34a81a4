"""The map: where images lie, and the cursor that goes among them."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from core.reports.runs import MapSeen
from explorer.map.backdrop.feature import BackdropFeature
from explorer.map.colours.feature import ColourFeature
from explorer.map.dots.thumbnail_reader import Picturing
from explorer.map.marks.contour_controller import Contouring
from explorer.map.marks.posterior_controller import Outlining
from explorer.map.panel import MapPanel
from explorer.map.plane.feature import PlaneFeature
from explorer.map.plane.plane_words import prior_centre, why_no_rings, words_for_plane
from explorer.map.status_line import IMAGE, SAMPLE
from explorer.shell.shell import Shell
from explorer.workspace.spot import Spot
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace
    from core.latent.pixel_space import PixelSpace
    from explorer.map.marks.contour_controller import Lines
    from explorer.workspace.pixel_map import Seen
    from explorer.workspace.place_in_hand import Near, Place, Table
    from explorer.workspace.placed_image import Placed

OPENING = "Opening…"
AS_IT_WAS = "As it was at step {:,}"
BY_PIXELS = "The pictures by their pixels (PCA): there is no model yet"
BY_PIXELS_NOTE = "Each lies where its pixels put it; drag to see the picture nearest to the cursor"
WORDS = (
    "Each dot is one of your pictures. The model has put those that are alike for it close together. <b>Drag "
    "anywhere</b>: it draws the picture that would live there. A click on a dot goes to that picture; the wheel zooms, "
    "the right button moves the map."
)


class Map:
    """Joins the map to what is looked at, and takes its own colours, planes and backdrops in."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        self._panel = panel = MapPanel(workspace.marks)
        self._z: np.ndarray[tuple[int], np.dtype[np.float32]] | None = None  # of the picture that was seen last
        shell.set_centre(panel, "The map", WORDS)
        shell.actions.take("&Map", panel.actions_by_name)
        view = panel.focusProxy()
        assert view is not None
        self._space = QShortcut(QKeySequence(Qt.Key.Key_Space), view)  # on a button it presses it
        self._space.setContext(Qt.ShortcutContext.WidgetShortcut)
        self._space.activated.connect(lambda: shell.actions.trigger("train"))
        self._join_hand()
        self._join_cursor()
        self._join_dots()
        self._join_selection()
        self._join_marks()
        colours = ColourFeature(panel, workspace, shell)
        self._rooms = (
            colours,
            PlaneFeature(panel, workspace, shell),
            BackdropFeature(panel, workspace, shell, colours),
        )
        shell.closing.connect(panel.stop)

    def _join_hand(self) -> None:
        panel, workspace = self._panel, self._workspace
        panel.point_dragged.connect(workspace.look_at_point)
        panel.point_dragged.connect(workspace.point_dragged)
        panel.code_picked.connect(workspace.pick_image)
        panel.code_hovered.connect(workspace.image_hovered)
        panel.clicked.connect(workspace.map_clicked)
        panel.view_changed.connect(workspace.view_changed)
        panel.class_chosen.connect(workspace.viewing.choose_class)
        panel.image_dropped.connect(lambda path: workspace.open_picture(Path(path)))
        panel.menu_requested.connect(self._open_menu)

    def _join_cursor(self) -> None:
        panel, workspace, viewing = self._panel, self._workspace, self._workspace.viewing
        for each in (viewing, workspace.first_sight):
            each.place_decoded.connect(self._show_place)
            each.near_found.connect(lambda near: panel.describe_cursor(near=near[0].name if near else ""))
        workspace.charting.near_found.connect(lambda near: panel.describe_cursor("", near[0].name))
        workspace.charting.seen.connect(self._show_seen)
        workspace.verdict_told.connect(panel.describe_cursor)
        workspace.image_hovered.connect(viewing.find_card)
        workspace.image_reached.connect(panel.show_ring)
        viewing.card_found.connect(self._show_card)

    def _join_dots(self) -> None:
        panel, workspace, viewing = self._panel, self._workspace, self._workspace.viewing
        viewing.map_changed.connect(self._show_map)
        viewing.cleared.connect(self._show_nothing)
        workspace.recalling.dots_moved.connect(panel.show_way)
        workspace.recalling.recalled.connect(lambda past: panel.hold_view(past is not None))
        workspace.charting.charted.connect(self._show_pixel_map)
        workspace.charting.failed.connect(panel.show_failure)
        workspace.learning.map_seen.connect(self._show_first)
        workspace.learning.opening_failed.connect(panel.show_failure)
        workspace.nothing_trained_yet.connect(panel.show_busy)
        workspace.learning.state_changed.connect(self._show_state)
        picturing = Picturing(self._shell)
        panel.thumbnails_wanted.connect(lambda indices: picturing.picture(viewing.image_set, indices))
        picturing.pictured.connect(panel.show_thumbnails)
        picturing.failed.connect(self._shell.say)
        viewing.images_shown.connect(lambda _: panel.forget_thumbnails())
        self._shell.closing.connect(picturing.stop)

    def _join_selection(self) -> None:
        panel, selecting = self._panel, self._workspace.selecting
        panel.area_selected.connect(selecting.choose_area)
        panel.selection_cleared.connect(selecting.choose_none)
        panel.nearest_requested.connect(lambda: selecting.choose_near_cursor())
        panel.filter_toggled.connect(selecting.set_filter)
        panel.level_selected.connect(selecting.choose_level)
        panel.drawn_changed.connect(selecting.show_drawn)
        selecting.shown.connect(panel.show_selection)
        selecting.shown.connect(lambda *_: panel.actions_by_name["filter"].setChecked(selecting.is_filter))
        selecting.told.connect(self._shell.say)

    def _join_marks(self) -> None:
        workspace, viewing, marks = self._workspace, self._workspace.viewing, self._workspace.marks
        outlining, contouring = Outlining(viewing, self._shell), Contouring(self._shell)
        for each in (outlining, contouring):
            viewing.map_changed.connect(each.show_map)
            viewing.cleared.connect(each.clear)
            each.failed.connect(self._shell.say)
            self._shell.closing.connect(each.stop)
        workspace.image_hovered.connect(outlining.hover)
        viewing.near_found.connect(outlining.show_near)
        viewing.images_shown.connect(lambda _: outlining.update())
        viewing.images_shown.connect(contouring.show_images)
        workspace.exploring.changed.connect(outlining.show_selection)
        workspace.placing.placed.connect(outlining.show_placed)
        workspace.placing.placed.connect(self._show_placed)
        workspace.placing.taken_away.connect(lambda: outlining.show_placed(None))
        workspace.placing.taken_away.connect(lambda: self._panel.show_encoded(np.zeros((0, 2), np.float32), []))
        outlining.changed.connect(marks.show_ellipses)
        self._panel.contours_toggled.connect(contouring.show)
        contouring.found.connect(self._show_contours)
        contouring.noted.connect(self._shell.say)

    def _open_menu(self, index: int, point: tuple[float, float], at: QPoint) -> None:
        """On a dot, or on the map beside the dots."""
        viewing, space = self._workspace.viewing, self._workspace.viewing.latent_space
        if index >= 0:
            self._shell.spots.open(Spot(index), at)
        elif space is not None:
            z = space.plane.to_latent(np.array([point], np.float32))[0]
            self._shell.spots.open(Spot(z=z, class_name=viewing.class_name), at)

    # what is shown

    def _show_state(self, state: str) -> None:
        """While the map is empty and something is read, it does not ask for a folder."""
        viewing, panel = self._workspace.viewing, self._panel
        if state == "reading" and viewing.latent_space is None and viewing.image_set is None and not panel.doing:
            panel.show_busy(OPENING)
        elif state != "reading" and panel.doing == OPENING:
            panel.show_busy("")

    def _show_first(self, seen: MapSeen) -> None:
        """The dots of a run that is being opened."""
        self._panel.show_busy(OPENING)
        self._panel.show_ring(-1)
        self._panel.show_codes(seen.space.points, seen.labels, seen.classes, seen.is_held_out, seen.columns)

    def _show_map(self, latent_space: "LatentSpace", table: "Table") -> None:
        """The codes on the plane."""
        panel = self._panel
        panel.hold_view(latent_space.is_past)
        panel.show_busy(AS_IT_WAS.format(latent_space.step) if latent_space.is_past else "")
        panel.show_model(True)
        panel.show_axes(*latent_space.plane.names)
        panel.show_note(words_for_plane(latent_space))
        panel.show_codes(latent_space.points, table.labels, table.classes, table.is_held_out, table.columns)
        classes = latent_space.classes if latent_space.conditional == "class" else ()
        panel.show_classes(classes, latent_space.label, latent_space.unlearned)
        panel.show_dots_as(SAMPLE if latent_space.are_samples else IMAGE)
        panel.show_other_prior(why_no_rings(latent_space))
        panel.show_prior_centre(prior_centre(latent_space.plane))

    def _show_pixel_map(self, space: "PixelSpace", table: "Table") -> None:
        """The images by their pixels: there is no model yet."""
        self._panel.show_busy(BY_PIXELS)
        self._panel.show_model(False)
        self._panel.show_axes(*space.plane.names)
        self._panel.show_note(BY_PIXELS_NOTE)
        self._panel.show_codes(space.points, table.labels, table.classes, table.is_held_out, table.columns)

    def _show_nothing(self) -> None:
        """There is no model to look at."""
        self._panel.show_codes(np.zeros((0, 2), np.float32), np.zeros(0, np.int64), ())
        self._panel.show_grid(None, 0.0, 0.0, 0.0, 0.0)
        self._panel.show_note("")
        self._panel.show_classes((), 0)

    def _show_place(self, place: "Place") -> None:
        """The map comes after a cursor that was moved, not after a plane that was."""
        is_moved = self._z is None or not np.array_equal(place.z, self._z)
        self._z = place.z
        self._panel.show_cursor(*place.point, is_moved)

    def _show_seen(self, seen: "Seen") -> None:
        self._panel.show_cursor(*seen.point)

    def _show_card(self, near: "Near") -> None:
        """What is known of the image under the pointer."""
        self._panel.show_card(near.index, near.pixels, near.name, near.class_name)

    def _show_placed(self, placed: "Placed") -> None:
        """An image from outside has a star."""
        self._panel.show_encoded(np.array([placed.point], np.float32), [placed.placement.pixels])

    def _show_contours(self, lines: "Lines") -> None:
        """Lines around most of the prior and of the aggregate posterior; those without any go."""
        for name, each, style in lines:
            self._workspace.marks.show_contours(name, each, style)
