"""Connections for all that is saved as a picture or a film, and for the curves."""

from explorer.dialogs.saving import SavingDialogs
from explorer.session import Session
from explorer.shell.main_window import MainWindow


def wire_saving(window: MainWindow, session: Session, ask: SavingDialogs) -> None:
    """Join every *Save…* to the one dialog."""
    window.when("save_picture", ask.save_picture)
    window.when("save_film", ask.save_film)
    window.picture.save_requested.connect(ask.save_picture)
    window.map.grid_save_requested.connect(ask.save_grid)
    window.samples.save_requested.connect(ask.save_samples)
    window.paths.save_clicked.connect(ask.save_film)
    window.paths.copy_clicked.connect(ask.copy_film_command)
    window.curves.save_requested.connect(ask.save_curves)
    session.saving.saved.connect(ask.say_saved)
    session.saving.failed.connect(ask.say_failed)
    session.filming.saved.connect(ask.say_saved)
