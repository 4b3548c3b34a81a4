"""Connections for what is thought of runs: compared, evaluated, diagnosed."""

from explorer.dialogs.asking import Dialogs
from explorer.presenter import Presenter
from explorer.session import Session
from explorer.shell.main_window import MainWindow


def wire_judging(window: MainWindow, session: Session, presenter: Presenter, dialogs: Dialogs) -> None:
    """Join the panels of judging to the session."""
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
    evaluating.evaluated.connect(lambda found, run: presenter.show_evaluated(found, session.shelving.name_of(run)))
    evaluating.failed.connect(window.evaluation.show_failure)
    learning.run_opened.connect(diagnosing.show_run)
    learning.training_started.connect(diagnosing.show_start)
    learning.before_learning.connect(diagnosing.show_untrained)
    learning.step_done.connect(diagnosing.add_step)
    learning.held_out_done.connect(diagnosing.add_held_out)
    learning.training_done.connect(diagnosing.end)
    session.viewing.map_changed.connect(diagnosing.show_map)
    session.viewing.cleared.connect(diagnosing.clear)
    diagnosing.found.connect(presenter.show_findings)
    diagnosing.failed.connect(window.status.show_message)
    diagnosing.early_told.connect(window.findings.show_early)
    diagnosing.trial_told.connect(window.findings.show_trial)
    window.findings.try_clicked.connect(window.form.try_changes)
    window.findings.try_clicked.connect(diagnosing.begin_trial)
