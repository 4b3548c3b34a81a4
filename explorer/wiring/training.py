"""Connections for training."""

from explorer.presenter import Presenter
from explorer.session import Session
from explorer.shell.main_window import MainWindow


def wire_training(window: MainWindow, session: Session, presenter: Presenter) -> None:
    """Join the panels of training to the session."""
    window.form.start_requested.connect(session.learning.train)
    window.form.pause_requested.connect(session.learning.pause)
    window.form.resume_requested.connect(session.learning.resume)
    window.form.finish_requested.connect(session.learning.finish)
    session.config_changed.connect(window.form.show_config)
    session.images_restored.connect(window.form.show_images)
    session.cautioned.connect(window.form.show_caution)
    session.learning.state_changed.connect(presenter.show_state)
    session.learning.map_seen.connect(presenter.show_first_sight)
    session.learning.run_opened.connect(presenter.show_run)
    session.learning.training_started.connect(presenter.show_start)
    session.learning.step_done.connect(presenter.show_step)
    session.learning.held_out_done.connect(window.curves.add_held_out)
    session.learning.training_done.connect(presenter.show_done)
    session.learning.training_failed.connect(window.form.show_caution)
    session.learning.settling_progressed.connect(presenter.show_settling)
    presenter.show_state(session.learning.state)
