"""Nine places to come back to: set and gone to in a menu, and pinned to the map."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from core.exploration import BOOKMARKS, Bookmark, Exploration
from explorer.shell.actions import Actions
from explorer.shell.bookmarks_menu import BookmarksMenu
from explorer.shell.spot_menu import SpotAction, SpotMenus
from explorer.workspace.spot import Spot
from explorer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace

SET = "Bookmark {0} is set where the cursor is: press {0} to come back to it."
SET_THERE = "Bookmark {0} is there: {0} on the map goes to it."
ALL_SET = "All nine bookmarks are set: forget one first."
WORDS = {"image": "Bookmark it", "place": "Bookmark this place", "picture": ""}


class Bookmarks:
    """Joins the menu and the pins to what is explored."""

    def __init__(self, workspace: Workspace, actions: Actions, spots: SpotMenus, say: Callable[[str], object]) -> None:
        self._workspace, self._actions, self._say = workspace, actions, say
        spots.offer(SpotAction("bookmark", "keep", lambda spot: WORDS[spot.kind], self._mark, self._why_not))
        workspace.viewing.map_changed.connect(lambda space, _: self._pin(workspace.exploring.now.bookmarks, space))

    def add_menu(self) -> None:
        """At the end of its menu."""
        exploring, viewing = self._workspace.exploring, self._workspace.viewing
        explore = self._actions.menu("&Explore")
        self._menu = menu = BookmarksMenu(explore.parentWidget())
        explore.addSeparator()
        explore.addMenu(menu)
        menu.allow_setting(False)
        menu.go_requested.connect(exploring.go_to_mark)
        menu.set_requested.connect(exploring.mark)
        menu.set_requested.connect(lambda number: self._say(SET.format(number)))
        menu.forget_requested.connect(exploring.forget_mark)
        exploring.changed.connect(self._show)
        viewing.map_changed.connect(lambda *_: menu.allow_setting(True))
        viewing.cleared.connect(lambda: menu.allow_setting(False))

    def _show(self, exploration: Exploration, fields: frozenset[str]) -> None:
        if "bookmarks" in fields:
            self._menu.show_bookmarks(exploration.bookmarks)
            self._pin(exploration.bookmarks, self._workspace.viewing.latent_space)

    def _pin(self, bookmarks: Mapping[int, Bookmark], latent_space: "LatentSpace | None") -> None:
        """Where they lie on the map."""
        points = np.zeros((0, 2), np.float32)
        if latent_space is not None and bookmarks:
            points = latent_space.plane.to_points(np.stack([each.z for each in bookmarks.values()]))
        places = [(float(u), float(v)) for u, v in points]
        self._workspace.marks.show_pins(list(zip(bookmarks, places, strict=False)))

    def _mark(self, spot: Spot) -> None:
        exploring, z = self._workspace.exploring, self._workspace.z_of(spot)
        number = next((number for number in BOOKMARKS if number not in exploring.now.bookmarks), None)
        if z is not None and number is not None:
            exploring.mark_place(number, z, spot.class_name)
            self._say(SET_THERE.format(number))

    def _why_not(self, spot: Spot) -> str:
        is_full = len(self._workspace.exploring.now.bookmarks) == len(BOOKMARKS)
        return self._workspace.why_nowhere(spot) or (ALL_SET if is_full else "")
