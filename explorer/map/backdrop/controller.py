"""What lies behind the dots: decoded pictures or a heat map, and a tint where no pictures are; newest view wins."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from core.reports.evaluation import ImageNumbers
from explorer.map.backdrop.heat import Heat
from explorer.map.backdrop.heat_fields import Field, View
from explorer.map.frame import Extent
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence
from explorer.workspace.place_in_hand import NOTHING, Table

if TYPE_CHECKING:
    from core.latent.backdrop_values import Kind, Terrain
    from core.latent.latent_space import LatentSpace

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
HeatKind = Literal["density", "error", "change"]

TILES = (6, 12, 24)  # columns of the decoded plane: coarse first, then fine
LEVELS = {"density": (160,), "error": (12, 48, 96), "change": (8, 16, 32), "empty": (24, 96)}
SAID = {
    "density": ("Codes a square unit", ""),
    "error": ("Expected error", "nats"),
    "change": ("Picture change", "per unit of z"),
}
NOWHERE: Extent = (0.0, 0.0, 0.0, 0.0)
EVERY = 3_000  # milliseconds between two heat maps of a model that is learning, coarse ones: learning matters more
QUIET = 1_500  # milliseconds without a new model, after which it has learned and is worth a fine one
NO_ERRORS = "Expected error: the error of each image is being measured"


@dataclass(frozen=True, eq=False)
class TileQuestion:
    """Which part of the plane to decode, in how many columns."""

    space: "LatentSpace"
    extent: Extent
    columns: int


class Backdrop(QObject):
    """Keeps what is wished for, and asks for it again when the view, the plane or the model is another."""

    grid_decoded = Signal(object, object)  # pixels (H, W, C), None: there are none; Extent
    heat_found = Signal(object)  # Heat; None: there is none
    tint_found = Signal(object, object)  # how strong (h, w), None: none; Extent
    kind_changed = Signal(str)  # what was chosen: none, tiles, density, error or change
    numbers_wanted = Signal(bool)  # whether the errors of the images are
    noted = Signal(str)  # why there is nothing to see yet; empty: nothing to say
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kind = "none"
        self.grid: tuple[Pixels, Extent, int] | None = None  # the last that was decoded, and the step of its model
        self._space: LatentSpace | None = None
        self._table: Table = NOTHING
        self._errors: Floats | None = None
        self._extent: Extent | None = None
        self._has_tint = False
        self._terrain: Terrain | None = None
        self._most = 0.0  # the fastest change seen of this model: so that colours mean the same all over its map
        self._tiling = LatestOnly(_decode_tiles, self)
        self._tiling.answered.connect(self._take_tiles)
        self._tiling.failed.connect(lambda asked, error: self._fail(asked, error))
        self._heating, self._tinting = Field(self), Field(self)
        self._heating.found.connect(self._take_heat)
        self._tinting.found.connect(lambda view, values, _: self.tint_found.emit(values, view.extent))
        for each in (self._heating, self._tinting):
            each.failed.connect(self.failed)
        self._timer = QTimer(self, singleShot=True, interval=EVERY)
        self._timer.timeout.connect(lambda: self._ask_fields(is_rough=True))
        self._quiet = QTimer(self, singleShot=True, interval=QUIET)
        self._quiet.timeout.connect(self._ask_fields)

    def show_map(self, latent_space: "LatentSpace", table: Table) -> None:
        """This latent space is on the map, on its plane."""
        before, self._space, self._table = self._space, latent_space, table
        if before is None or before.step != latent_space.step or before.plane is not latent_space.plane:
            self._most = 0.0
        if before is not None and before.codes is latent_space.codes and not latent_space.plane.is_beside(before.plane):
            self._take_away()
        self._ask_tiles()
        if before is None or before.codes is latent_space.codes or _shows_another(before, latent_space):
            self._ask_fields()
            return
        self._quiet.start()
        if not self._timer.isActive():
            self._timer.start()

    def show_numbers(self, numbers: ImageNumbers | None) -> None:
        """The errors of the images, as far as they are known; None: they are not."""
        self._errors = numbers.reconstruction if numbers is not None else None
        if self.kind == "error":
            self._ask_heat()

    def see(self, left: float, bottom: float, right: float, top: float) -> None:
        """The part of the plane that is visible."""
        self._extent = (left, bottom, right, top)
        self._ask_all()

    def choose(self, kind: str) -> None:
        """What lies behind the dots from now on."""
        if kind == self.kind:
            return
        self.kind, self.grid = kind, None
        self._heating.forget()
        self.heat_found.emit(None)
        self.numbers_wanted.emit(kind == "error")
        self.kind_changed.emit(kind)
        self._ask_all()

    def choose_tiles(self, is_on: bool) -> None:
        """Decoded pictures, or, if those are there, nothing."""
        if is_on or self.kind == "tiles":
            self.choose("tiles" if is_on else "none")

    def set_tint(self, is_on: bool) -> None:
        """Whether places where no pictures are are tinted."""
        self._has_tint = is_on
        if not is_on:
            self._tinting.forget()
            self.tint_found.emit(None, NOWHERE)
        self._ask_tint()

    def clear(self) -> None:
        """There is no model."""
        self._space = self._terrain = self._errors = self.grid = None
        self._table = NOTHING
        self._timer.stop()
        self._quiet.stop()
        self._take_away()
        self.noted.emit("")

    def stop(self) -> None:
        """Leave every thread."""
        self._timer.stop()
        self._quiet.stop()
        for thread in (self._tiling, self._heating, self._tinting):
            thread.stop()

    def _take_away(self) -> None:
        """What is shown is of another plane, or of a model that is gone."""
        self.grid = None
        for each in (self._heating, self._tinting):
            each.forget()
        self.grid_decoded.emit(None, NOWHERE)
        self.heat_found.emit(None)
        self.tint_found.emit(None, NOWHERE)

    def _ask_all(self) -> None:
        self._ask_tiles()
        self._ask_fields()

    def _ask_fields(self, is_rough: bool = False) -> None:
        self._ask_heat(is_rough)
        self._ask_tint(is_rough)

    def _ask_tiles(self, columns: int = TILES[0]) -> None:
        if self.kind == "tiles" and self._space is not None and self._extent is not None:
            self._tiling.ask(TileQuestion(self._space, self._extent, columns))

    def _ask_heat(self, is_rough: bool = False) -> None:
        waits = self.kind == "error" and self._errors is None
        self.noted.emit(NO_ERRORS if waits and self._space is not None else "")
        if self.kind in get_args(HeatKind) and not waits:
            self._ask(self._heating, cast(HeatKind, self.kind), is_rough)

    def _ask_tint(self, is_rough: bool = False) -> None:
        if self._has_tint:
            self._ask(self._tinting, "empty", is_rough)

    def _ask(self, field: Field, kind: "Kind", is_rough: bool) -> None:
        """A projection has no directions to change along, and all its places are those of pictures."""
        if self._space is None or self._extent is None:
            return
        if self._space.plane.is_exact or kind not in ("change", "empty"):
            levels = LEVELS[kind][:1] if is_rough else LEVELS[kind]
            field.ask(View(self._newest_terrain(), kind, self._extent, levels))
            return
        field.forget()
        if kind == "change":
            self.heat_found.emit(None)
        else:
            self.tint_found.emit(None, self._extent)

    def _newest_terrain(self) -> "Terrain":
        from core.latent.backdrop_values import Terrain

        assert self._space is not None
        newest = self._terrain
        if newest is None or newest.space is not self._space or newest.errors is not self._errors:
            newest = self._terrain = Terrain(self._space, self._errors, newest)
        return newest

    def _take_tiles(self, asked: TileQuestion, sheet: Pixels) -> None:
        if self.kind != "tiles" or asked.space is not self._space or asked.extent != self._extent:
            return
        self.grid = sheet, asked.extent, asked.space.step
        self.grid_decoded.emit(sheet, asked.extent)
        if finer := [columns for columns in TILES if columns > asked.columns]:
            self._ask_tiles(finer[0])

    def _take_heat(self, view: View, values: Floats, ends: tuple[float, float]) -> None:
        low, high = ends
        if view.kind == "change":
            high = self._most = max(self._most, high)
        self.heat_found.emit(Heat(values, view.extent, *SAID[view.kind], low, high))

    def _fail(self, asked: TileQuestion, error: Exception) -> None:
        if asked.space is self._space:
            self.failed.emit(sentence(error))


def _decode_tiles(asked: TileQuestion) -> Pixels:
    from core.export.grid import decode_grid
    from core.model.one_core import use_one_core

    use_one_core()
    return decode_grid(asked.space, asked.extent, asked.columns)


def _shows_another(before: "LatentSpace", after: "LatentSpace") -> bool:
    """Whether the map is of other images or of another kind, not only of a model that has learned more."""
    return before.codes.shape != after.codes.shape or before.plane.kind != after.plane.kind
