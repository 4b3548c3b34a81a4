"""Connections for directions: what A, B and C are, and the sliders."""

from explorer.dialogs.asking import Dialogs
from explorer.directions.ingredients import SLOTS, Source
from explorer.presenter import Presenter
from explorer.session import Session
from explorer.shell.main_window import MainWindow


def wire_directing(window: MainWindow, session: Session, presenter: Presenter, dialogs: Dialogs) -> None:
    """Join the panel of directions to the session."""
    _wire_contrasting(window, session)
    _wire_sliders(window, session)
    window.when("directions", lambda: window.bring_forward("Directions"))
    window.when_seen("Directions", session.directing.watch)
    window.when_seen("Directions", session.contrasting.watch)
    session.viewing.cleared.connect(window.directions.show_nothing)


def _wire_contrasting(window: MainWindow, session: Session) -> None:
    contrasting, panel = session.contrasting, window.directions
    panel.side_chosen.connect(contrasting.choose)
    panel.swap_clicked.connect(contrasting.swap)
    panel.make_requested.connect(contrasting.make)
    panel.sum_requested.connect(contrasting.add_up)
    for slot in SLOTS:
        name = f"set_{slot.lower()}"
        window.when(name, lambda slot=slot: contrasting.choose(slot, "selection"))
        window.when(name, lambda: window.bring_forward("Directions"))
    window.when("make_direction", lambda: window.bring_forward("Directions"))
    window.when("make_direction", panel.make)
    window.when("add_up", contrasting.add_up)
    session.viewing.map_changed.connect(contrasting.show_map)
    session.viewing.cleared.connect(contrasting.clear)
    session.exploring.changed.connect(contrasting.show_exploration)
    contrasting.sources_changed.connect(lambda sources: panel.show_sources([_row(each) for each in sources]))
    contrasting.sides_changed.connect(panel.show_sides)
    contrasting.marks_changed.connect(window.map.show_sets)
    contrasting.busy_changed.connect(panel.show_busy)
    contrasting.said.connect(panel.show_word)
    contrasting.failed.connect(panel.show_failure)


def _wire_sliders(window: MainWindow, session: Session) -> None:
    directing, panel = session.directing, window.directions
    panel.slid.connect(directing.slide)
    panel.chosen.connect(directing.choose)
    panel.renamed.connect(directing.rename)
    panel.removed.connect(directing.forget)
    panel.mix_requested.connect(directing.keep_mix)
    panel.reset_requested.connect(directing.reset)
    session.viewing.map_changed.connect(directing.show_map)
    session.placing.placed.connect(lambda at: directing.show_image(at.placement.name, at.placement.z))
    session.viewing.cleared.connect(directing.clear)
    session.exploring.changed.connect(directing.show_exploration)
    directing.rows_changed.connect(panel.show_rows)
    directing.film_decoded.connect(panel.show_film)
    directing.film_lost.connect(panel.show_no_film)
    directing.arrows_changed.connect(window.map.show_arrows)
    directing.said.connect(panel.show_word)
    directing.failed.connect(panel.show_failure)


def _row(source: Source) -> tuple[str, str, str]:
    return source.kind, source.name, source.words
