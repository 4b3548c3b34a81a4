"""Training: the form, and how far what was started has come."""

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from core.imported.settings import ImportedRunConfig
from core.latent.reports import RunOpened
from core.reports.progress import Progress
from core.reports.training import SavingWaits, StepDone, TrainingDone, TrainingStarted, said_of_damages
from explorer.shell.actions import Entry
from explorer.shell.docks import LEFT
from explorer.shell.shell import Shell
from explorer.shell.status_bar import words_for_seconds
from explorer.toolkit.ago import words_for_ago
from explorer.toolkit.descriptions import allow
from explorer.toolkit.nats import nats_said
from explorer.training.panel import TrainingForm
from explorer.workspace.below_zero import BRIEFLY
from explorer.workspace.workspace import Workspace, obstacle

if TYPE_CHECKING:
    from core.images.image_set import ImageSet

FORM_STATES = {"settling": "stopping"}  # what the form calls the states it need not tell apart
WAITING = "It goes on once there is room; Pause stops it, and what was saved last stays."
NOTHING_TO_FINISH = "Nothing is being trained."
AS_IT_TAKES_THEM = (
    "This model was trained elsewhere, and is not trained here. Open the folder of images to train one of your own."
)
WORDS = (
    "How the model learns. <i>Train</i> starts; the map moves while it learns, and you can stop whenever you like: the "
    "model is kept."
)
TRAIN = Entry("&Training", "train", "&Train, or pause", "Ctrl+T", "Start training; pause it; go on")
FINISH = Entry("&Training", "finish", "&Finish now and keep the model", "Ctrl+Shift+T", "Stop here; the model is kept")


class Training:
    """Joins the form to the run in hand."""

    def __init__(self, workspace: Workspace, shell: Shell) -> None:
        self._workspace, self._shell = workspace, shell
        self._steps_total = 0
        shell.actions.add(TRAIN, self._toggle)
        shell.actions.add(FINISH, workspace.learning.finish)
        shell.docks.add("Training", LEFT, self._make, WORDS)

    def _make(self) -> QWidget:
        self._form = form = TrainingForm()
        self._join_form(form)
        self._join_learning(form)
        self._join_offer()
        self._show_state(self._workspace.learning.state)
        return form

    def _toggle(self) -> None:
        self._shell.docks.make("Training")
        self._form.toggle()

    def _join_form(self, form: TrainingForm) -> None:
        workspace, shell, learning = self._workspace, self._shell, self._workspace.learning
        form.start_requested.connect(learning.train)
        form.pause_requested.connect(learning.pause)
        form.resume_requested.connect(learning.resume)
        form.finish_requested.connect(learning.finish)
        form.images_config_changed.connect(workspace.change_images)
        form.unfolded.connect(lambda takes: shell.docks.give_room("Training", "Images", takes))
        form.next_changed.connect(lambda why_not: allow(shell.actions["train"], why_not))
        form.sought.connect(lambda: shell.docks.bring_forward("Training"))
        shell.folding.connect(form.fold)
        shell.add_commands(form.setting_actions)
        workspace.images_wished.connect(self._take_wish)
        workspace.settings_wished.connect(form.try_changes)
        workspace.config_changed.connect(form.show_config)
        workspace.images_restored.connect(form.show_images)
        workspace.cautioned.connect(form.show_caution)
        workspace.source_lost.connect(lambda: form.show_source(None))
        workspace.images_changed.connect(lambda image_set: form.show_source(image_set.source))
        workspace.images_changed.connect(lambda image_set: form.show_obstacle(self._obstacle(image_set)))

    def _obstacle(self, image_set: "ImageSet") -> str:
        is_imported = isinstance(self._workspace.learning.config, ImportedRunConfig)
        return AS_IT_TAKES_THEM if is_imported else obstacle(image_set)

    def _join_learning(self, form: TrainingForm) -> None:
        learning = self._workspace.learning
        learning.state_changed.connect(self._show_state)
        learning.run_opened.connect(self._show_opened)
        learning.training_started.connect(self._show_start)
        learning.step_done.connect(self._show_step)
        learning.training_done.connect(self._show_done)
        learning.training_failed.connect(form.show_caution)
        learning.settling_progressed.connect(self._show_settling)
        learning.saving_waits.connect(self._show_waiting)
        learning.learns_in_parts.connect(lambda report: self._shell.say(report.sentence))

    def _join_offer(self) -> None:
        """The newest model of these images, above the button that would train another."""
        learning = self._workspace.learning
        self._form.offer_taken.connect(self._workspace.open_run)
        learning.state_changed.connect(lambda _: self._offer())
        self._workspace.known_runs.listed.connect(lambda _: self._offer())

    def _take_wish(self, wished: dict[str, Any]) -> None:
        """Columns of one table are not looked for in another."""
        if set(wished) == {"metadata"}:
            self._form.change_metadata(wished["metadata"])
        else:
            self._form.change_images(**wished)

    def _offer(self) -> None:
        learning, source = self._workspace.learning, self._workspace.source
        is_free = learning.state == "idle" and learning.run is None and learning.image_set is not None
        newest = self._workspace.known_runs.newest_of(source) if is_free and source is not None else None
        words = f"Trained {words_for_ago(time.time() - newest.written)}: open it" if newest else ""
        self._form.show_offer(words, newest.name if newest else "", newest.run if newest else None)

    def _show_state(self, state: str) -> None:
        """What can be asked for now."""
        form, status = self._form, self._shell.status
        form.show_state(FORM_STATES.get(state, state))
        if state == "reading":  # what is being read may be enough
            form.show_obstacle("")
        if state not in ("training", "stopping", "settling"):
            form.show_progress("", None)
            status.show_speed(None)
            status.show_time_left(None)
        allow(self._shell.actions["finish"], "" if state in ("training", "paused") else NOTHING_TO_FINISH)

    def _show_opened(self, opened: RunOpened) -> None:
        """A run that was read back can go on; what is damaged of it is said."""
        self._form.show_obstacle(AS_IT_TAKES_THEM if isinstance(opened.config, ImportedRunConfig) else "")
        if sentence := said_of_damages(opened.run, opened.damages):
            self._shell.say(sentence)

    def _show_waiting(self, waits: SavingWaits) -> None:
        """Training stands still until it can be saved; the next step says that it has."""
        self._shell.status.show_speed(None)
        self._shell.status.show_time_left(None)
        self._form.show_progress(f"Training waits. {waits.sentence} {WAITING}", None)

    def _show_start(self, started: TrainingStarted) -> None:
        """Training begins, or goes on."""
        self._steps_total = started.steps_total
        self._shell.status.show_device(started.device, started.precision, started.threads, started.trial)
        learning = f"{started.parameters:,} parameters learn from {started.images:,} images"
        self._shell.say(started.said_of_change or learning)

    def _show_step(self, step: StepDone) -> None:
        """The speed and the time left."""
        self._shell.status.show_speed(step.images_per_second)
        self._shell.status.show_time_left(step.seconds_left)
        left = "" if step.seconds_left is None else f", {words_for_seconds(step.seconds_left)} left"
        done = step.step / self._steps_total if self._steps_total else None
        self._form.show_progress(f"Epoch {step.epoch:.1f}, step {step.step:,}{left}", done)

    def _show_settling(self, progress: Progress) -> None:
        """How far the exact encoding is."""
        done = progress.done / progress.total if progress.total else None
        self._form.show_progress(f"{progress.doing}…", done)

    def _show_done(self, done: TrainingDone) -> None:
        """The model is saved, and this is how good it is."""
        objective = done.held_out.objective if done.held_out else None
        held_out = "" if objective is None else f"; held-out objective {nats_said(objective)} nats per image"
        below = f" ({BRIEFLY})" if objective is not None and objective < 0 else ""
        self._shell.say(f"Saved after {done.epochs:.1f} epochs{held_out}{below}")
