"""Connections for the map itself: pictures at its dots, the words for its cursor, its threads."""

from explorer.session import Session
from explorer.shell.main_window import MainWindow


def wire_map(window: MainWindow, session: Session) -> None:
    """Join the map to what reads pixels for it, and to what is known of the cursor's place."""
    viewing, picturing = session.viewing, session.picturing
    window.map.thumbnails_wanted.connect(lambda indices: picturing.picture(viewing.image_set, indices))
    picturing.pictured.connect(window.map.show_thumbnails)
    picturing.failed.connect(window.status.show_message)
    viewing.images_shown.connect(lambda _: window.map.forget_thumbnails())
    viewing.near_found.connect(lambda near: window.map.describe_cursor(near=near[0].name if near else ""))
    window.closing.connect(window.map.stop)
