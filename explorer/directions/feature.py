"""Directions: what some images have that others have not, made a slider."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from explorer.directions.ingredients import SLOTS, Source
from explorer.shell.actions import MODEL, SELECTION, Entry
from explorer.shell.docks import BOTTOM
from explorer.shell.shell import Shell
from explorer.shell.spot_menu import SpotAction
from explorer.toolkit.drawable_text import drawable
from explorer.workspace.spot import Spot
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from explorer.directions.contrast_controller import Contrasting
    from explorer.directions.controller import Directing
    from explorer.directions.panel import DirectionsPanel

SIDES = "Choose A and B first."
WORDS = "From one group of pictures to another, as a slider: from frowning to smiling, say."
A_TIP, B_TIP, C_TIP = (
    "The images a direction leads to",
    "The images a direction leads away from",
    "The images that A − B is added to",
)
OPEN = Entry("&Explore", "directions", "&Directions", "F7", "What some images have that others have not")
SETS = {
    "A": Entry("&Explore", "set_a", "Set the selection as &A", "Ctrl+Alt+1", A_TIP, (MODEL, SELECTION)),
    "B": Entry("&Explore", "set_b", "Set the selection as &B", "Ctrl+Alt+2", B_TIP, (MODEL, SELECTION)),
    "C": Entry("&Explore", "set_c", "Set the selection as &C", "Ctrl+Alt+3", C_TIP, (MODEL, SELECTION)),
}
MAKE = Entry(
    "&Explore",
    "make_direction",
    "Make the direct&ion from B to A",
    "Ctrl+Alt+D",
    "Mean of A minus mean of B",
    (MODEL, SIDES),
)
ADD_UP = Entry(
    "&Explore", "add_up", "&Go to A − B + C", "Ctrl+Alt+G", "The cursor goes to the sum of their means", (MODEL, SIDES)
)


class Directions:
    """Joins the panel to what is selected, placed and looked at."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        shell.docks.add("Directions", BOTTOM, self._make, WORDS)
        shell.actions.add(OPEN, self._open)
        for slot, entry in SETS.items():
            shell.actions.add(entry, partial(self._set_selection, slot))
        shell.actions.add(MAKE, self._make_direction)
        shell.actions.add(ADD_UP, lambda: self._contrasting.add_up())
        for slot in SLOTS:
            shell.spots.offer(
                SpotAction(
                    slot,
                    "keep",
                    partial(_words_to_set, slot),
                    partial(self._set_spot, slot),
                    workspace.why_nowhere,
                )
            )

    def _open(self) -> None:
        self._shell.docks.bring_forward("Directions")

    def _set_selection(self, slot: str) -> None:
        self._open()
        self._contrasting.choose(slot, "selection")

    def _set_spot(self, slot: str, spot: Spot) -> None:
        if (z := self._workspace.z_of(spot)) is not None:
            self._open()
            name = self._workspace.viewing.table.names[spot.index].rsplit("/", 1)[-1] if spot.is_image else "a place"
            self._contrasting.choose_spot(slot, drawable(name), spot.index, z)

    def _make_direction(self) -> None:
        self._open()
        self._panel.make()

    def _make(self) -> QWidget:
        from explorer.directions.contrast_controller import Contrasting
        from explorer.directions.controller import Directing
        from explorer.directions.panel import DirectionsPanel

        self._panel = panel = DirectionsPanel()
        exploring, shell = self._workspace.exploring, self._shell
        self._contrasting, self._directing = Contrasting(exploring, shell), Directing(exploring, shell)
        self._join_sides(panel, self._contrasting)
        self._join_sliders(panel, self._directing)
        for each in (self._contrasting, self._directing):
            each.said.connect(panel.show_word)
            each.failed.connect(panel.show_failure)
            self._workspace.follow_map(each.show_map, each.clear)
            self._workspace.follow_exploration(each.show_exploration)
            shell.docks.when_seen("Directions", each.watch)
            shell.closing.connect(each.stop)
        self._workspace.follow_map(lambda *_: None, panel.show_nothing)
        return panel

    def _join_sides(self, panel: "DirectionsPanel", contrasting: "Contrasting") -> None:
        tell = self._shell.actions.tell
        panel.side_chosen.connect(contrasting.choose)
        panel.swap_clicked.connect(contrasting.swap)
        panel.make_requested.connect(contrasting.make)
        panel.sum_requested.connect(contrasting.add_up)
        contrasting.sources_changed.connect(lambda sources: panel.show_sources([_row(each) for each in sources]))
        contrasting.sides_changed.connect(panel.show_sides)
        contrasting.sides_changed.connect(lambda sides: tell(SIDES, {"A", "B"} <= set(sides)))
        self._workspace.viewing.cleared.connect(lambda: tell(SIDES, False))
        contrasting.marks_changed.connect(self._workspace.marks.show_sets)
        contrasting.busy_changed.connect(panel.show_busy)

    def _join_sliders(self, panel: "DirectionsPanel", directing: "Directing") -> None:
        panel.slid.connect(directing.slide)
        panel.chosen.connect(directing.choose)
        panel.renamed.connect(directing.rename)
        panel.removed.connect(directing.forget)
        panel.mix_requested.connect(directing.keep_mix)
        panel.reset_requested.connect(directing.reset)
        panel.menu_requested.connect(self._open_menu)
        directing.rows_changed.connect(panel.show_rows)
        directing.film_decoded.connect(panel.show_film)
        directing.film_lost.connect(panel.show_no_film)
        directing.arrows_changed.connect(self._workspace.marks.show_arrows)
        self._workspace.placing.placed.connect(lambda at: directing.show_image(at.placement.name, at.placement.z))
        if (placed := self._workspace.placing.last) is not None:
            directing.show_image(placed.name, placed.z)

    def _open_menu(self, number: int, at: QPoint) -> None:
        """On a picture of the film."""
        if (found := self._directing.place_of(number)) is not None:
            self._shell.spots.open(Spot(z=found[0], class_name=found[1]), at)


def _words_to_set(slot: str, spot: Spot) -> str:
    return "" if spot.kind == "picture" else f"Set as {slot}"


def _row(source: Source) -> tuple[str, str, str]:
    return source.kind, source.name, source.words
