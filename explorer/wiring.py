"""Every connection between the session and the panels, a line each."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from explorer.dialogs import Dialogs
from explorer.main_window import MainWindow
from explorer.presenter import Presenter
from explorer.session import Session
from explorer.theme import set_scheme


def wire(window: MainWindow, session: Session, presenter: Presenter, dialogs: Dialogs) -> None:
    """Join a window to its session; each reaches the other only through these lines."""
    _wire_images(window, session, presenter, dialogs)
    _wire_training(window, session, presenter)
    _wire_viewing(window, session, presenter, dialogs)
    _wire_samples(window, session, presenter)
    _wire_completion(window, session, presenter)
    _wire_judging(window, session, presenter, dialogs)
    _wire_window(window, session, dialogs)


def _wire_images(window: MainWindow, session: Session, presenter: Presenter, dialogs: Dialogs) -> None:
    window.images.open_folder_clicked.connect(dialogs.open_folder)
    window.images.named_set_chosen.connect(session.open_source)
    window.images.download_chosen.connect(session.download)
    window.images.cancel_clicked.connect(session.learning.cancel)
    window.images.fit_clicked.connect(dialogs.choose_fit)
    window.images.table_clicked.connect(dialogs.choose_metadata)
    window.images.metadata_chosen.connect(window.form.change_metadata)
    window.images.column_chosen.connect(lambda name, value: window.form.change_images(**{name: value}))
    window.images.show_in_folder_requested.connect(dialogs.show_in_folder)
    window.status.skipped_clicked.connect(window.show_skipped)
    window.form.images_config_changed.connect(session.change_images)
    session.learning.progressed.connect(window.images.show_progress)
    session.learning.images_previewed.connect(window.images.show_preview)
    session.learning.reading_failed.connect(window.images.show_failure)
    session.images_lost.connect(window.images.show_nothing)
    session.source_lost.connect(lambda: window.form.show_source(None))
    session.images_kept.connect(window.images.show_complaint)
    session.images_changed.connect(presenter.show_image_set)
    session.images_changed.connect(lambda image_set: presenter.show_intake(image_set, session.images))
    session.images_changed.connect(lambda _: presenter.show_named_sets())
    session.images_changed.connect(lambda _: window.show_recent(session.settings.recent_sources()))


def _wire_training(window: MainWindow, session: Session, presenter: Presenter) -> None:
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


def _wire_viewing(window: MainWindow, session: Session, presenter: Presenter, dialogs: Dialogs) -> None:
    viewing = session.viewing
    window.map.point_dragged.connect(viewing.look_at_point)
    window.map.code_picked.connect(viewing.look_at_image)
    window.map.code_hovered.connect(viewing.find_card)
    window.map.view_changed.connect(viewing.see)
    window.map.class_chosen.connect(viewing.choose_class)
    window.map.grid_toggled.connect(viewing.set_grid)
    window.map.grid_save_requested.connect(dialogs.save_grid)
    window.map.image_dropped.connect(lambda path: session.open_picture(Path(path)))
    window.sliders.z_changed.connect(viewing.look_at)
    window.picture.near_image_clicked.connect(viewing.look_at_image)
    window.picture.save_requested.connect(dialogs.save_picture)
    window.picture.copy_requested.connect(dialogs.copy_picture)
    session.learning.opening_failed.connect(window.map.show_failure)
    viewing.map_changed.connect(presenter.show_map)
    viewing.place_decoded.connect(presenter.show_place)
    viewing.near_found.connect(presenter.show_near)
    viewing.card_found.connect(presenter.show_card)
    viewing.image_encoded.connect(presenter.show_encoded)
    viewing.grid_decoded.connect(presenter.show_grid)
    viewing.pairs_decoded.connect(window.reconstructions.show_pairs)
    viewing.cleared.connect(presenter.show_nothing)
    viewing.failed.connect(window.picture.show_failure)
    session.nothing_trained_yet.connect(window.map.show_busy)


def _wire_samples(window: MainWindow, session: Session, presenter: Presenter) -> None:
    sampling = session.sampling
    window.when_seen("Samples", sampling.watch)
    window.samples.draw_requested.connect(sampling.draw)
    window.samples.sample_clicked.connect(session.look_at_sample)
    session.viewing.map_changed.connect(sampling.show_map)
    session.viewing.cleared.connect(sampling.clear)
    sampling.began.connect(window.samples.show_busy)
    sampling.drawn.connect(presenter.show_drawn)
    sampling.failed.connect(window.samples.show_failure)


def _wire_completion(window: MainWindow, session: Session, presenter: Presenter) -> None:
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
    session.viewing.image_encoded.connect(lambda encoded: completing.choose(encoded.name, encoded.pixels))
    session.viewing.cleared.connect(completing.clear)
    completing.changed.connect(presenter.show_task)
    completing.obstructed.connect(presenter.show_no_task)
    completing.began.connect(window.completion.show_busy)
    completing.completed.connect(window.completion.show_completions)
    completing.failed.connect(window.completion.show_failure)


def _wire_judging(window: MainWindow, session: Session, presenter: Presenter, dialogs: Dialogs) -> None:
    learning, comparing = session.learning, session.comparing
    evaluating, diagnosing = session.evaluating, session.diagnosing
    window.when_seen("Compare", comparing.watch)
    window.compare.runs_chosen.connect(comparing.choose)
    window.compare.refresh_clicked.connect(comparing.look)
    window.compare.add_clicked.connect(dialogs.add_run)
    comparing.began.connect(window.compare.show_busy)
    comparing.runs_listed.connect(window.compare.show_runs)
    comparing.compared.connect(window.compare.show_compared)
    comparing.failed.connect(window.compare.show_failure)
    window.evaluation.evaluate_requested.connect(session.evaluate)
    window.evaluation.cancel_requested.connect(evaluating.cancel)
    learning.run_opened.connect(evaluating.cancel)
    learning.training_started.connect(evaluating.cancel)
    evaluating.busy_changed.connect(window.evaluation.show_busy)
    evaluating.progressed.connect(window.evaluation.show_progress)
    evaluating.evaluated.connect(presenter.show_evaluated)
    evaluating.failed.connect(window.evaluation.show_failure)
    learning.run_opened.connect(diagnosing.show_run)
    learning.training_started.connect(diagnosing.show_start)
    learning.step_done.connect(diagnosing.add_step)
    learning.held_out_done.connect(diagnosing.add_held_out)
    learning.training_done.connect(diagnosing.end)
    session.viewing.map_changed.connect(diagnosing.show_map)
    session.viewing.cleared.connect(diagnosing.clear)
    diagnosing.found.connect(presenter.show_findings)
    diagnosing.failed.connect(window.status.show_message)
    window.findings.try_clicked.connect(window.form.try_changes)


def _wire_window(window: MainWindow, session: Session, dialogs: Dialogs) -> None:
    window.when("open_folder", dialogs.open_folder)
    window.when("open_run", dialogs.open_run)
    window.when("open_picture", dialogs.open_picture)
    window.when("save_picture", dialogs.save_picture)
    window.when("copy_picture", dialogs.copy_picture)
    window.when("settings", dialogs.change_settings)
    window.when("quit", window.close)
    window.when("train", window.form.toggle)
    window.when("finish", session.learning.finish)
    window.when("evaluate", lambda: window.bring_forward("Evaluation"))
    window.when("evaluate", window.evaluation.evaluate)
    window.when("compare", lambda: window.bring_forward("Compare"))
    window.when("samples", lambda: window.bring_forward("Samples"))
    window.when("samples", window.samples.draw_again)
    window.when("complete", lambda: window.bring_forward("Completion"))
    window.when("focus_map", window.map.setFocus)
    window.when("palette", window.find_command)
    window.when("about", dialogs.about)
    window.path_dropped.connect(lambda path: session.open(Path(path)))
    window.source_chosen.connect(session.open_source)
    window.scheme_chosen.connect(session.settings.remember_scheme)
    window.scheme_chosen.connect(lambda scheme: set_scheme(QApplication.instance(), scheme))
    window.closing.connect(session.close)
