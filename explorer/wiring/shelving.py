"""Connections for the runs that are kept: listed, offered, opened, named and thrown away."""

import time

from core.reports.runs import KnownRuns
from explorer.dialogs.asking import Dialogs
from explorer.runs.ago import words_for_ago
from explorer.session import Session
from explorer.shell.main_window import MainWindow
from explorer.toolkit.drawable_text import drawable


def wire_shelving(window: MainWindow, session: Session, dialogs: Dialogs) -> None:
    """Join the lists of runs to the session."""
    shelving, learning = session.shelving, session.learning

    def look() -> None:
        shelving.look(session.settings.recent_runs())

    def offer() -> None:
        is_free = learning.state == "idle" and learning.run is None and learning.image_set is not None
        newest = shelving.newest_of(session.source) if is_free and session.source is not None else None
        words = f"Trained {words_for_ago(time.time() - newest.written)}: open it" if newest else ""
        window.form.show_offer(words, newest.name if newest else "", newest.run if newest else None)

    def show_name(known: KnownRuns) -> None:
        for each in known.runs:
            if each.run == learning.run:
                window.show_title(drawable(each.name))

    window.when("all_runs", dialogs.show_runs)
    window.recent.source_chosen.connect(session.open_source)
    window.recent.run_chosen.connect(session.open_run)
    window.form.offer_taken.connect(session.open_run)
    shelving.listed.connect(lambda known: window.recent.show_runs(known.runs))
    shelving.listed.connect(lambda known: window.compare.show_names({each.run: each.name for each in known.runs}))
    shelving.listed.connect(show_name)
    shelving.listed.connect(lambda _: offer())
    shelving.thrown.connect(lambda run: window.status.show_message(f"In the bin: {run.name}"))
    shelving.thrown.connect(lambda _: session.comparing.look())
    shelving.failed.connect(window.status.show_message)
    learning.state_changed.connect(lambda _: offer())
    learning.run_opened.connect(lambda _: look())
    learning.training_done.connect(lambda _: look())
    session.images_changed.connect(lambda _: look())
