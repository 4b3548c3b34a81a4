"""Connections for the menu on an image or a place, wherever one is seen."""

from explorer.dialogs.spot_menus import SpotMenus
from explorer.session import Session
from explorer.shell.main_window import MainWindow
from explorer.workspace.spot import Spot


def wire_spots(window: MainWindow, session: Session, menus: SpotMenus) -> None:
    """Join every part of the window that shows images or places to their one menu."""
    window.map.menu_requested.connect(menus.open_on_map)
    window.picture.menu_requested.connect(menus.open_on_picture)
    window.picture.near_menu_requested.connect(lambda index, at: menus.open(Spot(index), at))
    window.samples.menu_requested.connect(menus.open_on_sample)
    window.traversals.menu_requested.connect(menus.open_on_strip)
    window.paths.menu_requested.connect(menus.open_on_film)
    window.directions.menu_requested.connect(menus.open_on_direction)
    window.completion.menu_requested.connect(menus.open_on_completion)
    window.selection.menu_requested.connect(menus.open_on_marked)
    window.reconstructions.menu_requested.connect(lambda number, at: menus.open(menus.of_pair(number), at))
    window.reconstructions.opened.connect(lambda number: menus.go(menus.of_pair(number)))
    window.images.menu_requested.connect(lambda number, at: menus.open(menus.of_thumbnail(number), at))
