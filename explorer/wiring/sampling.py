"""Connections for what the model makes up: samples, completions."""

from explorer.presenter import Presenter
from explorer.session import Session
from explorer.shell.main_window import MainWindow


def wire_samples(window: MainWindow, session: Session, presenter: Presenter) -> None:
    """Join the panels of sampling to the session."""
    sampling = session.sampling
    window.when_seen("Samples", sampling.watch)
    window.samples.draw_requested.connect(sampling.draw)
    window.samples.sample_clicked.connect(session.look_at_sample)
    session.viewing.map_changed.connect(sampling.show_map)
    session.viewing.cleared.connect(sampling.clear)
    sampling.began.connect(window.samples.show_busy)
    sampling.drawn.connect(presenter.show_drawn)
    sampling.failed.connect(window.samples.show_failure)


def wire_completion(window: MainWindow, session: Session, presenter: Presenter) -> None:
    """Join the panels of sampling to the session."""
    completing = session.completing
    window.when_seen("Completion", completing.watch)
    window.completion.hidden_changed.connect(completing.hide)
    window.completion.draw_requested.connect(completing.draw_again)
    window.completion.next_requested.connect(completing.next_image)
    window.map.code_picked.connect(completing.choose_image)
    window.picture.near_image_clicked.connect(completing.choose_image)
    session.images_changed.connect(completing.show_images)
    session.images_lost.connect(lambda: completing.show_images(None))
    session.viewing.map_changed.connect(completing.show_map)
    session.placing.brought.connect(lambda placement: completing.choose(placement.name, placement.pixels))
    session.viewing.cleared.connect(completing.clear)
    completing.changed.connect(presenter.show_task)
    completing.obstructed.connect(presenter.show_no_task)
    completing.began.connect(window.completion.show_busy)
    completing.completed.connect(window.completion.show_completions)
    completing.failed.connect(window.completion.show_failure)
