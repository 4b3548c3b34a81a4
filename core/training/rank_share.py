"""What each process does of a training: it learns from its part of every batch, and encodes its part of the images."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from core.config import RunConfig
from core.evaluation.encode_pass import Encoded, encode_part, images_at_once
from core.images.image_set import ImageSet
from core.model.batch_in_parts import objective_in_parts
from core.model.conditions import Given
from core.model.halving import Halving
from core.model.objectives import Objective
from core.model.vae import VAE
from core.training.batches import Batches
from core.training.clock import Clock
from core.training.device import autocast
from core.training.learner import Learner, Seen
from core.training.loss import final_loss
from core.training.meter import Meter
from core.training.moving_codes import MovingCodes
from core.training.processes import Doing, Encoding, Order, Processes

HELD_OUT_WATCHED = 2_000  # held-out images looked at while training; all of them at the end


class Share:
    """The learner with its batches, its clock, its meter and its codes, on one of all processes.

    Of what is called here by the process that leads, all others do their part when they are told to by `assist`.
    """

    def __init__(
        self,
        config: RunConfig,
        image_set: ImageSet,
        batches: Batches,
        learner: Learner,
        codes: MovingCodes,
        processes: Processes,
    ) -> None:
        self.batches, self.learner, self.codes, self.processes = batches, learner, codes, processes
        self.clock, self.meter = Clock(config.training, len(batches.indices)), Meter()
        self.loss, self._conditional = final_loss(config.training), config.model.conditional
        self._pixels, held_out = image_set.pixels, np.flatnonzero(image_set.held_out)
        watched = held_out[:: max(1, -(-len(held_out) // HELD_OUT_WATCHED))]
        self._chosen = {
            Encoding.EVERY: np.arange(len(image_set)),
            Encoding.HELD_OUT: held_out,
            Encoding.WATCHED: watched,
        }
        self.halving = Halving(config.training.images_a_step)
        self._epoch, self._batches = -1, list[NDArray[np.int64]]()

    @property
    def watched(self) -> NDArray[np.int64]:
        """The held-out images that are encoded again and again."""
        return self._chosen[Encoding.WATCHED]

    def learn(self, progress: float) -> None:
        """The next step, when this share of the run is done."""
        learner, step = self.learner, self.learner.step
        self.processes.lead(Order(Doing.LEARN, progress))
        batch = self._batch(step)
        part = self.processes.part(len(batch))
        loss, rate = learner.loss(self.clock.epoch, progress), learner.learning_rate(progress)

        def learn(parts: list[slice]) -> Objective:
            if len(parts) > 1:
                return learner.learn_in_parts(lambda rows: self.seen(batch, step, rows), parts, loss, rate)
            return learner.learn(*self.seen(batch, step, part.rows), loss, rate, part)

        # one of several processes cannot learn in parts unless all do
        result = self.halving.work(len(batch), learn) if self.processes.is_alone else learn([part.rows])
        self.codes.saw(batch[part.rows], result, part)
        self.meter.add(result, part)
        self.clock.tick(learner.step)

    def terms_before(self, vae: VAE, batch: NDArray[np.int64], step: int) -> Objective:
        """What a batch would cost a model that has not learned, weighed as the run ends."""
        learner = self.learner

        def of(rows: slice) -> Objective:
            with autocast(learner.device, learner.precision):
                return self.loss.of(vae, *self.seen(batch, step, rows))

        def terms(parts: list[slice]) -> Objective:
            return of(parts[0]) if len(parts) == 1 else objective_in_parts(vae, of, parts)

        return self.halving.work(len(batch), terms)

    def seen(self, batch: NDArray[np.int64], step: int, rows: slice) -> Seen:
        """What a step learns from, of some rows of a batch: its noise and all that is given are drawn for the whole."""
        device = self.learner.device
        noise = self.batches.noise(step, (self.loss.samples, len(batch), self.learner.vae.latent_dims), device)
        given = self.batches.given(self._conditional, step, batch, device)
        known = (None if each is None else each[rows] for each in given)
        return self.batches.images(batch[rows], device), noise[:, rows], Given(*known)

    def terms(self) -> torch.Tensor:
        """The terms of each step since they were last asked for, (steps, 3)."""
        self.processes.lead(Order(Doing.TERMS))
        return self.processes.total(self.meter.take())

    def gather_codes(self) -> None:
        """The codes that all processes have met come to the one that leads."""
        if not self.processes.is_alone:
            self.processes.lead(Order(Doing.CODES))
            self.codes.told(self.processes.gather(self.codes.untold()))

    def encode(self, chosen: Encoding, samples: int) -> Iterator[Encoded]:
        """Exact codes and terms of the images chosen, a part at a time."""
        at_once = images_at_once(self.loss._replace(samples=samples)) * self.processes.count
        for start in range(0, len(self._chosen[chosen]), at_once):
            order = Order(Doing.ENCODE, encoding=chosen, start=start, samples=samples)
            self.processes.lead(order)
            yield from self._encoded(order)

    def do(self, order: Order) -> None:
        """What the process that leads has told all others to do."""
        match order.doing:
            case Doing.LEARN:
                self.learn(order.progress)
            case Doing.TERMS:
                self.processes.total(self.meter.take())
            case Doing.CODES:
                self.processes.gather(self.codes.untold())
            case Doing.ENCODE:
                self._encoded(order)

    def _encoded(self, order: Order) -> list[Encoded]:
        """One pass on each process: all parts that came of it where they are gathered."""
        indices, loss = self._chosen[order.encoding], self.loss._replace(samples=order.samples)
        at_once = images_at_once(loss)
        start = order.start + at_once * self.processes.rank
        own = indices[start : start + at_once]
        part = encode_part(self.learner.vae, self._pixels, own, self.batches.labels, loss) if len(own) else None
        return [each for each in self.processes.gather(part) if each is not None]

    def _batch(self, step: int) -> NDArray[np.int64]:
        epoch, number = divmod(step, self.clock.per_epoch)
        if epoch != self._epoch:
            self._epoch, self._batches = epoch, self.batches.epoch(epoch)
        return self._batches[number]
