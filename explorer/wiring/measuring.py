"""Connections for what colours the map: numbers that are measured, groups, the legend's levels."""

from core.reports.progress import Progress
from explorer.dialogs.asking import Dialogs
from explorer.presenter import Presenter
from explorer.session import Session
from explorer.shell.main_window import MainWindow
from explorer.shell.status_bar import words_for_seconds


def wire_measuring(window: MainWindow, session: Session, presenter: Presenter, dialogs: Dialogs) -> None:
    """Join the map's colours to the session."""
    measuring, learning, viewing = session.measuring, session.learning, session.viewing
    window.map.number_chosen.connect(measuring.choose)
    window.map.measure_again_clicked.connect(measuring.measure_again)
    learning.run_opened.connect(lambda opened: measuring.open(opened.run, opened.config))
    learning.training_started.connect(lambda started: measuring.start(started.run, started.config))
    learning.state_changed.connect(measuring.show_state)
    viewing.map_changed.connect(measuring.show_map)
    viewing.images_shown.connect(measuring.show_images)
    viewing.cleared.connect(measuring.clear)
    measuring.offered.connect(window.map.offer_numbers)
    measuring.scaled.connect(window.map.show_scale)
    measuring.noted.connect(window.map.show_scale_note)
    measuring.failed.connect(lambda words: window.map.show_scale_note(words, True))
    measuring.progressed.connect(lambda progress: window.map.show_measuring(words_of(progress)))
    session.exploring.changed.connect(
        lambda now, fields: window.map.show_groups(now.groups) if "groups" in fields else None
    )


def words_of(progress: Progress | None) -> str:
    """How far the measuring is, for the map's pill."""
    if progress is None:
        return ""
    left = "" if progress.seconds_left is None else f", {words_for_seconds(progress.seconds_left)} left"
    return f"{progress.doing}: {progress.counted}{left}"
