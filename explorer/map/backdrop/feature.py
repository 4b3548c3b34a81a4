"""What lies behind the dots: the decoded plane, numbers, a veil where no pictures are."""

from typing import TYPE_CHECKING

from explorer.map.backdrop.controller import Backdrop
from explorer.map.colours.feature import ColourFeature
from explorer.map.panel import MapPanel
from explorer.shell.shell import Shell
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    import numpy as np

    from explorer.map.backdrop.heat import Heat

NO_GRID = "There is no grid to save yet: press G on the map first."


class BackdropFeature:
    """Joins the backdrop to its bar, and to the numbers that it may show."""

    def __init__(self, panel: MapPanel, workspace: Workspace, shell: Shell, colours: ColourFeature) -> None:
        self._panel, self._workspace, self._shell = panel, workspace, shell
        self._backdrop = backdrop = Backdrop(shell)
        bar, grid, measuring = panel.plane_bar, panel.actions_by_name["grid"], colours.measuring
        bar.backdrop_chosen.connect(backdrop.choose)
        bar.empty_toggled.connect(backdrop.set_tint)
        grid.toggled.connect(backdrop.choose_tiles)
        panel.view_changed.connect(backdrop.see)
        panel.grid_save_requested.connect(self._save_grid)
        workspace.viewing.map_changed.connect(backdrop.show_map)
        workspace.viewing.cleared.connect(backdrop.clear)
        measuring.measured.connect(backdrop.show_numbers)
        backdrop.failed.connect(shell.say)
        backdrop.numbers_wanted.connect(lambda is_on: measuring.want("backdrop", is_on))
        backdrop.kind_changed.connect(bar.show_backdrop)
        backdrop.kind_changed.connect(lambda kind: grid.setChecked(kind == "tiles"))
        backdrop.noted.connect(bar.show_note)
        backdrop.grid_decoded.connect(self._show_grid)
        backdrop.heat_found.connect(self._show_heat)
        backdrop.tint_found.connect(panel.show_tint)
        shell.closing.connect(backdrop.stop)

    def _show_grid(
        self, pixels: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", extent: tuple[float, float, float, float]
    ) -> None:
        self._panel.show_grid(pixels, *extent)

    def _show_heat(self, heat: "Heat | None") -> None:
        if heat is None:
            self._panel.show_heat(None)
        else:
            self._panel.show_heat(heat.values, heat.extent, heat.name, heat.unit, heat.low, heat.high)

    def _save_grid(self) -> None:
        """The decoded plane as one picture."""
        if (grid := self._backdrop.grid) is None:
            self._shell.say(NO_GRID)
            return
        from core.export.stills import Still

        pixels, extent, step = grid
        facts = self._workspace.picture_facts(step=step, extent=[float(number) for number in extent])
        self._shell.saving.ask_still("grid", "Save the grid", Still(pixels[None], facts=facts))
