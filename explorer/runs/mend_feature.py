"""A damaged run is mended at a word, and opened again."""

from pathlib import Path

from core.latent.reports import RunOpened
from core.reports.training import Mended, said_of_damages
from explorer.runs.mend_offer import MendOffer
from explorer.shell.shell import Shell
from explorer.workspace.workspace import Workspace


class Mend:
    """Joins the strip to what is opened."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._offer = offer = MendOffer(shell.window)
        self._mended: Mended | None = None
        learning = workspace.learning
        learning.damage_found.connect(lambda run, said: offer.show_damage(run, said, _has_older(run)))
        learning.mended.connect(self._keep)
        learning.run_opened.connect(self._show_opened)
        learning.opening_failed.connect(self._show_failure)
        offer.mend_wished.connect(learning.mend)

    def _keep(self, mended: Mended) -> None:
        self._mended = mended

    def _show_opened(self, opened: RunOpened) -> None:
        """One that can be looked at may be damaged all the same; what was done about one is said once it is open."""
        mended, self._mended = self._mended, None
        if opened.damages:
            self._offer.show_damage(opened.run, said_of_damages(opened.run, opened.damages), _has_older(opened.run))
        elif mended is not None and mended.run == opened.run:
            self._offer.show_mended(" ".join(mended.said) or "Nothing is wrong with it any more.")
        else:
            self._offer.hide()

    def _show_failure(self, sentence: str) -> None:
        """What cannot be mended is said; a strip that offers to mend another run would not be about this."""
        if self._offer.is_mending:
            self._offer.show_failure(sentence)


def _has_older(run: Path) -> bool:
    return len(list((run / "checkpoints").glob("step_*"))) > 1
