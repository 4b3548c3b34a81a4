"""Connections for reading images."""

from explorer.dialogs.asking import Dialogs
from explorer.presenter import Presenter
from explorer.session import Session
from explorer.shell.main_window import MainWindow


def wire_images(window: MainWindow, session: Session, presenter: Presenter, dialogs: Dialogs) -> None:
    """Join the panels of images to the session."""
    window.images.open_folder_clicked.connect(dialogs.open_folder)
    window.images.named_set_chosen.connect(session.open_source)
    window.images.download_chosen.connect(session.download)
    window.images.cancel_clicked.connect(session.learning.cancel)
    window.images.read_anew_clicked.connect(session.read_anew)
    window.when("read_anew", session.read_anew)
    window.images.fit_clicked.connect(dialogs.choose_fit)
    window.images.table_clicked.connect(dialogs.choose_metadata)
    window.images.metadata_chosen.connect(window.form.change_metadata)
    window.images.column_chosen.connect(lambda name, value: window.form.change_images(**{name: value}))
    window.images.classes_chosen.connect(
        lambda column, place: window.form.change_images(class_column=column, classes_from=place)
    )
    window.images.show_in_folder_requested.connect(dialogs.show_in_folder)
    window.status.skipped_clicked.connect(window.show_skipped)
    window.form.images_config_changed.connect(session.change_images)
    session.learning.progressed.connect(window.images.show_progress)
    session.learning.images_previewed.connect(window.images.show_preview)
    session.learning.reading_failed.connect(window.images.show_failure)
    session.learning.reading_failed.connect(lambda _: window.images.offer_to_look(session.has_lost_images))
    window.images.where_clicked.connect(dialogs.find_lost_images)
    session.images_lost.connect(window.images.show_nothing)
    session.source_lost.connect(lambda: window.form.show_source(None))
    session.images_kept.connect(window.images.show_complaint)
    session.images_changed.connect(presenter.show_image_set)
    session.images_changed.connect(lambda image_set: presenter.show_intake(image_set, session.images))
    session.images_changed.connect(lambda _: window.images.offer_to_look(session.has_lost_images))
    session.images_changed.connect(lambda _: presenter.show_named_sets())
    session.images_changed.connect(lambda _: window.recent.show_sources(session.settings.recent_sources()))
