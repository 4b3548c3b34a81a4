"""`train`: one run from its first step, or from its last checkpoint, to its end; a generator of frozen reports."""

import copy
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import safetensors.torch  # noqa: F401  (what saves is here before memory runs out)
import torch

from core import freed_memory
from core.atomic_write import FORMAT
from core.config import RunConfig, resolve
from core.errors import ConfigError, ImagesError, RunError
from core.evaluation.encode_pass import Encoded, on_held_out
from core.evaluation.mean_image import nats_of_mean_image
from core.images.image_set import FEWEST, ImageSet, too_few
from core.images.skipped_csv import write_skipped
from core.imported.settings import ImportedRunConfig
from core.latent.classes import labels_in
from core.latent.reports import MapMoved
from core.model.first_colour import begin_with_mean_colour
from core.reports.moments import USUAL_BUDGET, MomentsKept, Why
from core.reports.progress import Progress
from core.reports.training import (
    CheckpointSaved,
    HeldOutDone,
    LearnsInParts,
    SavingWaits,
    StepDone,
    Terms,
    TrainingDone,
    TrainingStarted,
    Untrained,
)
from core.training import run_folder
from core.training.batches import Batches
from core.training.checkpoint_folder import Checkpoint, fingerprint
from core.training.checkpoints import (
    RoomError,
    bytes_needed,
    has_checkpoint,
    load_checkpoint,
    save_checkpoint,
)
from core.training.checksums import begin, replacing_vouched
from core.training.cover_picture import write_cover
from core.training.damage import damages_of, vouched_files
from core.training.device import arithmetic, describe, use_training_threads
from core.training.held_out_split import all_known, as_begun, as_the_run_split
from core.training.history import History
from core.training.image_table import keep_images, write_images, write_spare
from core.training.learned_classes import unlearned_classes
from core.training.learner import Learner
from core.training.meter import Meter, no_number
from core.training.model_card import write_card
from core.training.moments import Keeping, first_codes
from core.training.moved_images import write_files
from core.training.moving_codes import MovingCodes
from core.training.picture_digests import DIGESTS, write_digests
from core.training.processes import ALONE, Encoding, Processes
from core.training.rank_share import HELD_OUT_WATCHED, Share
from core.training.rank_worker import Begun
from core.training.speed_trial import choose
from core.training.time_share import TimeShare
from core.training.weights import check_weights

Report = (
    TrainingStarted | Untrained | LearnsInParts | StepDone | HeldOutDone | MapMoved | CheckpointSaved | SavingWaits
    | MomentsKept | Progress | TrainingDone
)  # fmt: skip
Saving = Generator[SavingWaits, None, CheckpointSaved]

UNTRAINED_BATCHES = 4  # whose terms are taken before the first step: one alone may be odd
SHARE = 0.015  # of training time that each extra may take: the map, held-out terms
FIRST_SAVE, SAVES, SAVING_SHARE = 1.0, 25.0, 0.05  # seconds: while little is at stake, and from then on; of the time
WAIT = 0.5  # seconds between two tries to save


def train(
    image_set: ImageSet,
    config: RunConfig,
    run: Path,
    reserve_core: bool = False,
    processes: Processes | None = None,
    budget: int = USUAL_BUDGET,
) -> Generator[Report, None, None]:
    """Train until the configured epochs or minutes are over; go on where `run` stopped when it holds a checkpoint.

    Closing the generator saves a checkpoint first; nothing is saved over a good one when the numbers have broken.
    `reserve_core` leaves one core free for a window. Of several processes this is the one that leads; all others
    `assist`. Moments to look back at are kept in at most `budget` bytes. Raises ConfigError, ImagesError, RunError,
    TrainingError.
    """
    if image_set.amiss:  # it can be read; what would be learned from it is not what was asked for
        raise ImagesError(image_set.amiss)
    threads = use_training_threads(reserve_core)
    with run_folder.locked(run), freed_memory.kept():
        is_alone = processes is None
        training = Training(image_set, config, run, threads, processes or ALONE, may_try=is_alone, budget=budget)
        history = History(run, training.clock.step)
        with training.assisted():
            yield training.started()
            yield from training.learn(history)
            yield from training.settle(history, finished=True)


def settle(
    image_set: ImageSet,
    config: RunConfig,
    run: Path,
    finished: bool,
    reserve_core: bool = False,
    budget: int = USUAL_BUDGET,
) -> Generator[Report, None, None]:
    """Encode every image exactly with the last checkpoint, after a pause or to finish a run early.

    Yields Progress, MapMoved, SavingWaits, CheckpointSaved, TrainingDone; raises what `train` does.
    """
    threads = use_training_threads(reserve_core)
    with run_folder.locked(run):
        training = Training(image_set, config, run, threads, budget=budget)
        yield from training.settle(History(run, training.clock.step), finished)


class Training:
    """One run in the middle of its training: the learner, its batches, its codes and its clock."""

    def __init__(
        self,
        image_set: ImageSet,
        config: RunConfig,
        run: Path,
        most_threads: int,
        processes: Processes = ALONE,
        may_try: bool = False,
        budget: int = USUAL_BUDGET,
    ) -> None:
        kept = run_folder.read_config(run) if has_checkpoint(run) else None
        if kept is not None and isinstance(kept.config, ImportedRunConfig):
            raise RunError(run_folder.ELSEWHERE.format(run=run))
        is_new = kept is None
        self.damages = () if is_new else damages_of(run)
        self.sided = all_known(as_begun(image_set, config)) if is_new else as_the_run_split(run, image_set, config)
        image_set = self.sided.image_set
        self.image_set, self.run = image_set, run
        self.classes = image_set.classes if kept is None else _classes(kept, image_set)
        labels = labels_in(self.classes, image_set) if config.model.conditional == "class" else None
        self.begun_in = FORMAT if kept is None else kept.begun_in
        self.held_out, learned_from = np.flatnonzero(image_set.held_out), int((~image_set.held_out).sum())
        if (sentence := too_few(image_set)) is not None:
            raise ImagesError(sentence)
        if learned_from < FEWEST:
            raise ImagesError(
                f"Too few of the {len(image_set):,} images in {image_set.source} are left to learn from, "
                f"{learned_from}: lower the held-out share, or add images."
            )
        self.config = config = resolve(config, image_set.shape, learned_from, image_set.images.range)
        batches = Batches(image_set, config.training.images_a_step, config.training.seed, labels, self.begun_in)
        _check_images(config, image_set)
        checkpoint = None
        if kept is not None:
            checkpoint = load_checkpoint(run)
            check_weights(run, kept, checkpoint.model)
        facts = {} if checkpoint is None else checkpoint.facts
        classes = max(1, len(self.classes))
        self.chosen = choose(config, batches, classes, most_threads, facts, may_try)
        torch.set_num_threads(self.chosen.arithmetic.threads)
        self.learner = Learner(self.chosen.arithmetic.applied_to(config), image_set.shape, classes)
        unlearned = () if labels is None else unlearned_classes(labels, image_set.held_out, self.classes).tolist()
        draws = config.training.objective != "autoencoder"
        known = (self.classes, image_set.held_out, frozenset(unlearned), labels, draws)
        self.codes = MovingCodes(len(image_set), config.model.latent_dims, self.learner.device, *known)
        self.share = Share(config, image_set, batches, self.learner, self.codes, processes)
        self.batches, self.clock, self.loss = batches, self.share.clock, self.share.loss
        # The run's table: what is known of the images may have changed though they have not, or be gone with its file.
        self._describes_images = bool(image_set.amiss)
        self._has_digests = False
        self._has_saved = False  # in this session
        self._learned_on = ""
        begin(run, () if is_new else vouched_files(run))
        if kept is None or checkpoint is None:
            begin_with_mean_colour(self.learner.vae, image_set.pixels, batches.indices)
            self._write_config()
        else:
            self._resume(kept.config, checkpoint)
        learned_from = len(batches.indices)
        self.moments = Keeping(run, budget, self.clock.step, config, learned_from, self.sided.has_changed)

    @contextmanager
    def assisted(self) -> Iterator[None]:
        """All other processes know what this one begins with, and learn with it until the context ends."""
        processes, learner = self.share.processes, self.learner
        if processes.is_alone:
            yield
            return
        config = self.chosen.arithmetic.applied_to(self.config)
        weights = {name: value.cpu() for name, value in learner.vae.state_dict().items()}
        sides = (self.image_set.held_out, self.batches.labels)
        processes.told(Begun(config, len(self.classes), *sides, self.begun_in, weights, learner.state()))
        learner.share_with(processes)
        try:
            yield
        finally:
            processes.dismiss()

    def started(self) -> TrainingStarted:
        """What is about to happen."""
        device, precision = describe(self.learner.device, self.learner.precision)
        return TrainingStarted(
            run=self.run,
            config=self.config,
            step=self.clock.step,
            steps_total=self.clock.steps_total,
            images=len(self.batches.indices),
            held_out=len(self.held_out),
            new=self.sided.new,
            gone=self.sided.gone,
            renamed=self.sided.renamed,
            damages=self.damages,
            before=self._learned_on,
            now=self._learns_on(),
            parameters=self.learner.parameters,
            device=device,
            precision=precision,
            threads=self.chosen.arithmetic.threads if self.learner.device.type == "cpu" else 0,
            trial=self.chosen.trial,
        )

    def learn(self, history: History) -> Iterator[Report]:
        """Every step that is left; saves however it ends, unless the numbers have broken."""
        self.clock.start()
        try:
            for report in self._reports(history):
                if isinstance(report, Untrained | StepDone | HeldOutDone):
                    history.add(report)
                    self.moments.hear(report, self.codes.kl_per_dim)
                yield report
        except BaseException:  # among them that the generator is closed
            if self.learner.is_sound():
                self._save(history)
            raise
        yield from self._saved(lambda: self._save(history))

    def settle(self, history: History, finished: bool) -> Iterator[Report]:
        """Encode every image exactly, take the terms of all held-out images, and save."""
        self.learner.check_sound()
        held_out = yield from self._encode_every_image()
        if self.loss.samples > 1 and len(self.held_out):
            held_out = yield from self._test_on_held_out()
        self.codes.settle(self.learner.vae)
        reports = [on_held_out(self.clock.step, held_out)] if len(self.held_out) else []
        terms = reports[0].terms if reports else None
        for report in reports:
            history.add(report)
        done = self._done(terms)
        saved = yield from self._saved(lambda: self._save(history, finished, done))
        moved = self._move_map(saved.fingerprint)
        with suppress(OSError):  # all that matters is saved
            write_cover(self.run, moved.latent_space)
        kept = self._keep_moment("last")
        last: list[Report] = [moved, *([kept] if kept else []), *reports, saved, done]
        yield from last  # all is saved before the first of them is seen

    def _encode_every_image(self) -> Generator[Progress, None, list[Encoded]]:
        """Exact codes; returns the terms of the held-out images, with one sample of z each."""
        kl_per_dim = np.zeros(self.config.model.latent_dims)
        held_out: list[Encoded] = []
        done = 0
        for part in self.share.encode(Encoding.EVERY, samples=1):
            held_out.append(part.only(self.image_set.held_out[part.indices]))
            self.codes.encoded(part)
            kl_per_dim += part.kl_per_dim * len(part.indices) / len(self.image_set)
            done += len(part.indices)
            yield Progress("Encoding every image", done, len(self.image_set))
        self.codes.kl_per_dim = torch.from_numpy(kl_per_dim.astype(np.float32))
        return held_out

    def _test_on_held_out(self) -> Generator[Progress, None, list[Encoded]]:
        """The terms of the held-out images with as many samples as in training; returns them."""
        parts: list[Encoded] = []
        done = 0
        for part in self.share.encode(Encoding.HELD_OUT, self.loss.samples):
            parts.append(part)
            done += len(part.indices)
            yield Progress("Testing on held-out images", done, len(self.held_out))
        return parts

    @property
    def _kept(self) -> run_folder.Kept:
        return run_folder.Kept(self.config, self.image_set.shape, self.classes, self.begun_in)

    def _write_config(self) -> None:
        run_folder.write_config(self.run, self._kept)

    def _learns_on(self) -> str:
        return arithmetic(self.learner.device, self.learner.precision)

    def _resume(self, kept: RunConfig, checkpoint: Checkpoint) -> None:
        _check_same(kept, self.config, self.run)
        self.learner.load(checkpoint.model, checkpoint.train)
        self._write_config()
        self._learned_on = str(checkpoint.facts.get("learned_on", ""))
        self.clock.step, self.clock.seconds = self.learner.step, float(checkpoint.facts.get("seconds", 0.0))
        if self._learned_on == self._learns_on():  # there is as much memory as there was
            self.share.halving.at_once = max(1, checkpoint.facts.get("at_once", self.config.training.images_a_step))
        is_same = checkpoint.facts.get("image_set") == self.image_set.key  # else the codes are found anew
        if is_same and checkpoint.codes["codes"].shape == self.codes.codes.shape:
            self._has_digests = (self.run / DIGESTS).exists()
            self.codes.load(checkpoint.codes, self.learner.step)

    def _reports(
        self, history: History
    ) -> Iterator[
        Untrained | LearnsInParts | StepDone | HeldOutDone | MapMoved | MomentsKept | CheckpointSaved | SavingWaits
    ]:
        if self.clock.step == 0:
            yield self._before_learning()
            if (kept := self._keep_moment("first")) is not None:
                yield kept
        meter = self.share.meter
        extras: list[tuple[TimeShare, Callable[[], HeldOutDone | MapMoved | None]]] = [
            (TimeShare(0.25, SHARE), self._move_map),
            (TimeShare(2.0, SHARE), self._watch_held_out),
        ]
        saving = TimeShare(SAVES, SAVING_SHARE, FIRST_SAVE)

        def save() -> CheckpointSaved:
            with saving.spent():
                return self._save(history)

        at_once = batch_size = self.config.training.images_a_step
        while not self.clock.is_over:
            self.share.learn(self.clock.progress)
            if self.share.halving.at_once < at_once:
                at_once = self.share.halving.at_once
                yield LearnsInParts(self.clock.step, min(batch_size, len(self.batches.indices)), at_once)
            if meter.is_due(self.clock.seconds) or self.clock.is_over:
                yield self._read(meter)
            for pace, extra in extras:
                if pace.is_due():
                    with pace.spent():
                        report = extra()
                    if report is not None:
                        yield report
            if self.moments.is_due(self.clock) and (kept := self._keep_moment()) is not None:
                yield kept
            if saving.is_due():
                yield (yield from self._saved(save))

    def _read(self, meter: Meter) -> StepDone:
        mean, low, high, speed = meter.read(self.clock.step, self.share.terms())
        if self.learner.lost:
            raise no_number("A gradient", self.clock.step)
        return StepDone(
            step=self.clock.step,
            epoch=self.clock.epoch,
            mean=mean,
            low=low,
            high=high,
            beta=self.learner.loss(self.clock.epoch, self.clock.progress).beta,
            learning_rate=self.learner.learning_rate(self.clock.progress),
            images_per_second=speed,
            seconds=self.clock.seconds,
            seconds_left=self.clock.seconds_left,
        )

    def _before_learning(self) -> Untrained:
        """What the first batches cost before a step is made: learning is measured from there."""
        vae = copy.deepcopy(self.learner.vae)  # a likelihood that follows the error is left alone
        parts = []
        for number, batch in enumerate(self.batches.epoch(0)[:UNTRAINED_BATCHES]):
            result = self.share.terms_before(vae, batch, number)
            parts.append([float(each.detach().mean()) for each in (result.objective, result.reconstruction, result.kl)])
        mean, high = (Terms(*row) for row in (np.mean(parts, axis=0).tolist(), np.max(parts, axis=0).tolist()))
        some = self.batches.indices[:: -(-len(self.batches.indices) // HELD_OUT_WATCHED)]
        return Untrained(mean, high, nats_of_mean_image(self.config.model, self.image_set.pixels[some]))

    def _move_map(self, fingerprint: str = "") -> MapMoved:
        self.share.gather_codes()
        return MapMoved(self.clock.step, self.codes.freeze(self.learner.vae, self.clock.step, fingerprint))

    def _keep_moment(self, why: Why | None = None) -> MomentsKept | None:
        """Keep what the model is now, to look back at; before the first step with the codes of some images."""
        if not self.moments.has_room:
            return None
        with self.moments.timed():
            self.share.gather_codes()
            codes = self.codes.codes if why == "last" else self._codes_at_moment()
            return self.moments.keep(self.clock, self.learner.vae.state_dict(), codes, self.codes.kl_per_dim, why)

    def _codes_at_moment(self) -> torch.Tensor:
        """Codes (N, d), NaN for held-out images that were not encoded within the last epoch: they lie elsewhere now."""
        if not self.clock.step:
            return first_codes(self.learner.vae, self.image_set, self.batches.labels)
        is_old = self.image_set.held_out.copy()
        if self.moments.watched_at > self.clock.step - self.clock.per_epoch:
            is_old[self.share.watched] = False
        codes = self.codes.codes.clone()
        codes[torch.from_numpy(is_old).to(codes.device)] = torch.nan
        return codes

    def _watch_held_out(self) -> HeldOutDone | None:
        if not len(self.held_out):
            return None
        parts = list(self.share.encode(Encoding.WATCHED, self.loss.samples))
        for part in parts:
            self.codes.encoded(part)
        return on_held_out(self.clock.step, parts)

    def _saved(self, save: Callable[[], CheckpointSaved]) -> Saving:
        """Save, as soon as that is possible: the time until then is not one of training.

        What cannot be saved the first time is refused at once, when next to nothing would be lost by it.
        """
        while True:
            try:
                return save()
            except RoomError as error:
                if not (self._has_saved and error.may_pass):
                    raise
                yield SavingWaits(self.clock.step, error.needed, error.free, str(error))
                time.sleep(WAIT)
                self.clock.start()

    def _save(self, history: History, finished: bool = False, settled: TrainingDone | None = None) -> CheckpointSaved:
        """Write all that the run is now; codes are exact when it is `settled`. Raises RoomError, TrainingError."""
        self.learner.check_sound()
        facts = {
            "step": self.clock.step,
            "seconds": self.clock.seconds,
            "finished": finished,
            "codes_exact": settled is not None,
            "image_set": self.image_set.key,
            "config": run_folder.as_json(self._kept),
            "learned_on": self._learns_on(),
            "arithmetic": self.chosen.as_json(),
            "at_once": self.share.halving.at_once,
        }
        checkpoint = Checkpoint(self.learner.vae.state_dict(), self.learner.state(), self.codes.tensors(), facts)
        folder = self.run / run_folder.CHECKPOINTS
        try:
            self._describe_images()
            if settled is not None:
                write_card(self.run, self.config, settled)
            told = history.write()
        except OSError as error:
            raise RoomError(folder, bytes_needed(checkpoint), error) from error
        path = save_checkpoint(folder, checkpoint, told)
        self._has_saved = True
        return CheckpointSaved(self.clock.step, path, fingerprint(path))

    def _describe_images(self) -> None:
        """Write the run's tables of its images, once; raises OSError."""
        if self._describes_images:
            return
        if self.sided.has_changed:
            keep_images(self.run)
        write_images(self.run, self.image_set)
        write_spare(self.run)
        write_files(self.run, self.image_set)
        if not self._has_digests:
            write_digests(self.run, self.image_set)
        with replacing_vouched(self.run / run_folder.SKIPPED) as temporary:
            write_skipped(temporary, self.image_set.skipped)
        self._describes_images = True

    def _done(self, held_out: Terms | None) -> TrainingDone:
        clock = self.clock
        speed = clock.epoch * len(self.batches.indices) / clock.seconds if clock.seconds else 0.0
        return TrainingDone(self.run, clock.step, clock.epoch, clock.seconds, speed, held_out, clock.is_over)


def _classes(kept: run_folder.Kept, image_set: ImageSet) -> tuple[str, ...]:
    """The classes of a run that goes on: those its model learned, where it depends on them."""
    return kept.classes if kept.classes and kept.config.model.conditional == "class" else image_set.classes


def _check_images(config: RunConfig, image_set: ImageSet) -> None:
    height, _, channels = image_set.shape
    read = (image_set.source, height, channels)
    if read != (config.source, config.images.image_size, config.images.channels):
        raise ConfigError("These images were read from elsewhere or with other settings: open their folder again.")


def _check_same(kept: RunConfig, asked: RunConfig, run: Path) -> None:
    """Only how long to train, and on what, may change between the sessions of a run."""
    free = {"epochs", "minutes", "device", "precision", "threads"}
    same_training = kept.training.model_dump(exclude=free) == asked.training.model_dump(exclude=free)
    same_images = kept.images == asked.images and kept.source == asked.source
    if kept.model != asked.model or not same_training or not same_images:
        raise ConfigError(f"{run} holds a run with another configuration", "run folder")
