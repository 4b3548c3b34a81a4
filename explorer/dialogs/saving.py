"""Saving what is seen: the picture, the grid, the samples, the film of a path; one dialog for all of them."""

import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QGuiApplication

from explorer.paths.playback import FPS
from explorer.paths.stops_controller import TWO_STOPS
from explorer.shell.file_dialogs import FileDialogs
from explorer.shell.save_dialog import SaveDialog
from explorer.toolkit.drawable_text import drawable
from explorer.workspace.savable import Format, Savable

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.export.look import Look
    from core.export.stills import Still
    from explorer.session import Session
    from explorer.shell.main_window import MainWindow

LARGE_SIDE = 1_024  # pixels that a picture or sheet is about as large as, unless otherwise chosen
NAME_MOST = 50  # letters of a run's name that stand in those of its files
SHEET_GAP = 2  # pixels, as the command's
STILLS = (
    Format("png", "PNG", ".png", "Every pixel as it is; dropped on the window, a picture finds its place again"),
    Format("webp", "WebP", ".webp", "Every pixel as it is, in a smaller file"),
    Format("jpeg", "JPEG", ".jpg", "The smallest file, for other programs; the pixels change a little"),
)
NO_WAY = "There is no film yet: a path needs two stops."
NOT_YET = "The way is still being found: save its film in a moment."
NO_RUN = "Train or open a run first: the command films one that is kept in a folder."
NO_GRID = "There is no grid to save yet: press G on the map first."
NO_SAMPLES = "There are no samples to save yet."
NO_VIDEO = "MP4 films need PyAV, which is not installed: pip install 'latentscape[video]'"


class SavingDialogs:
    """Asks over one window on behalf of one session."""

    def __init__(self, window: "MainWindow", session: "Session") -> None:
        self._window, self._session = window, session
        self._files = FileDialogs(window, session.settings)
        self._dialog: SaveDialog | None = None

    # what

    def save_picture(self) -> None:
        """The decoded picture, its z inside."""
        if (place := self._session.viewing.place) is not None:
            from core.export.pictures import exact
            from core.export.stills import Still

            facts = self._session.picture_facts(place.latent_space, z=exact(place.z))
            self._ask_still("picture", "Save the picture", Still(place.pixels[None], facts=facts))

    def save_image(self, name: str, pixels: np.ndarray) -> None:
        """An image of the set, (H, W, C), as the model sees it."""
        from core.export.stills import Still

        self._ask_still("picture", "Save the picture", Still(pixels[None], facts={"image": name}))

    def save_grid(self) -> None:
        """The decoded plane as one picture."""
        if (grid := self._session.backdrop.grid) is None:
            self._window.status.show_message(NO_GRID)
            return
        from core.export.stills import Still

        pixels, extent, step = grid
        facts = self._session.picture_facts(step=step, extent=[float(number) for number in extent])
        self._ask_still("grid", "Save the grid", Still(pixels[None], facts=facts))

    def save_samples(self) -> None:
        """The pictures that the model made up, on one sheet."""
        if (drawn := self._session.sampling.last) is None:
            self._window.status.show_message(NO_SAMPLES)
            return
        from core.export.stills import Still

        count, wish = len(drawn.pixels), drawn.wish
        columns = int(np.ceil(np.sqrt(count)))
        known: dict[str, object] = {"count": count, "seed": wish.seed, "prior": wish.prior, "columns": columns}
        kinds = {"classes": list(drawn.class_names)} if drawn.class_names else {}
        facts = self._session.picture_facts(step=drawn.step, **known, **kinds)
        self._ask_still("samples", "Save the samples", Still(drawn.pixels, columns, SHEET_GAP, facts))

    def save_film(self) -> None:
        """The film of the path that is shown."""
        trip, path, run = self._session.travelling.trip, self._session.routing.path, self._session.learning.run
        if trip is None or trip.way.path is not path:
            self._window.paths.show_word(NO_WAY if path is None or len(path.stops) < TWO_STOPS else NOT_YET)
            return
        from core.export.films import MOST_SIDE, Film, scale_of
        from core.export.stills import scales

        height, width = trip.reel.pixels.shape[1:3]
        usual = scale_of(Film(trip.way.z), trip.reel.pixels.shape[1:])
        sizes = sorted({*scales((height, width), MOST_SIDE), usual})
        name = self._name(trip.way.path.name)
        savable = Savable("film", "Save the film", name, (height, width), _films(), sizes, usual, can_be_smooth=False)
        session, run_name = self._session, run.name if run is not None else ""

        def save(path: str, look: "Look", _: bool) -> None:
            session.filming.save(Path(path), trip, run_name, FPS, look.scale)

        self._open(savable, lambda look: session.saving.draw(trip, look), save)

    # what came of it

    def say_saved(self, out: Path) -> None:
        """Something is saved: the dialog goes."""
        self._window.status.show_message(f"Saved {drawable(str(out))}")
        if self._dialog is not None:
            self._dialog.accept()

    def say_failed(self, sentence: str) -> None:
        """Why it is not."""
        if self._dialog is not None:
            self._dialog.show_failure(sentence)
        else:
            self._window.status.show_message(sentence)

    def copy_film_command(self) -> None:
        """Put the command line that makes the same film on the clipboard."""
        from core.export.command_lines import film_command

        path, run = self._session.routing.path, self._session.learning.run
        if path is None or len(path.stops) < TWO_STOPS or run is None:
            self._window.paths.show_word(NO_RUN if run is None else NO_WAY)
            return
        QGuiApplication.clipboard().setText(film_command(run, path, FPS))
        self._window.status.show_message("Copied the command that makes this film")

    def save_curves(self, name: str, save: "Callable[[str], None]") -> None:
        """Ask where the curves go."""
        if chosen := self._files.save_file("curves", "Save the curves", name, Path(name).suffix):
            save(chosen)

    # inside

    def _ask_still(self, kind: str, title: str, still: "Still") -> None:
        from core.export.stills import scales

        sizes, session = scales(still.shape), self._session
        large = max(scale for scale in sizes if scale == 1 or scale * max(still.shape) <= LARGE_SIDE)
        savable = Savable(kind, title, self._name(kind), still.shape, STILLS, sizes, large, still.has_background)

        def save(path: str, look: "Look", may_replace: bool) -> None:
            session.saving.save(still, look, Path(path), may_replace)

        self._open(savable, lambda look: session.saving.draw(still, look), save)

    def _name(self, of_what: str) -> str:
        """After the run it comes from, so that two of them are told apart in a folder."""
        run = self._session.learning.run
        called = "" if run is None else f"{self._session.shelving.name_of(run)[:NAME_MOST].strip()} "
        return re.sub(r'[<>:"/\\|?*]', "-", called + of_what)

    def _open(
        self, savable: Savable, draw: "Callable[[Look], None]", save: "Callable[[str, Look, bool], None]"
    ) -> None:
        if self._dialog is not None:
            self._dialog.reject()
        dialog = SaveDialog(savable, self._files.folder_of(savable.kind), self._window)
        self._dialog = dialog
        dialog.look_chosen.connect(draw)
        dialog.place_clicked.connect(lambda: self._choose_place(dialog, savable))
        dialog.save_clicked.connect(lambda path, may: self._save(dialog, savable, save, path, may))
        dialog.finished.connect(lambda _: self._forget(dialog))
        self._session.saving.drawn.connect(dialog.show_drawn)
        draw(dialog.look)
        dialog.open()

    def _choose_place(self, dialog: SaveDialog, savable: Savable) -> None:
        if chosen := self._files.save_file(savable.kind, savable.title, dialog.path, dialog.suffix, dialog):
            dialog.show_path(chosen)

    def _save(
        self,
        dialog: SaveDialog,
        savable: Savable,
        save: "Callable[[str, Look, bool], None]",
        path: str,
        may_replace: bool,
    ) -> None:
        self._files.remember(savable.kind, Path(path).parent)
        save(path, dialog.look, may_replace)
        if savable.kind == "film":  # the panel says how far it is
            dialog.accept()

    def _forget(self, dialog: SaveDialog) -> None:
        if self._dialog is dialog:
            self._dialog = None
            self._session.saving.forget()


def _films() -> tuple[Format, ...]:
    why_not = "" if importlib.util.find_spec("av") else NO_VIDEO
    return (
        Format("gif", "GIF", ".gif", "Plays everywhere; colours are reduced to 256 in each frame"),
        Format("webp", "WebP", ".webp", "Every pixel as it is; plays in browsers"),
        Format("mp4", "MP4", ".mp4", "The smallest file; plays everywhere", why_not),
        Format("frames", "PNG frames in a new folder", "", "Every pixel as it is, for programs that cut films"),
    )
