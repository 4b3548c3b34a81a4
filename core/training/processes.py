"""The processes that train one run together: PyTorch's process group, as torchrun started it, or this process alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from enum import IntEnum
from typing import NamedTuple, TypeVar

import torch
from torch import Tensor, nn
from torch import distributed as dist
from torch.distributed import TCPStore  # type: ignore[attr-defined]
from torch.distributed.rendezvous import rendezvous
from torch.nn.parallel import DistributedDataParallel

from core.errors import TrainingError
from core.torchrun import Launched, launched

STORE = "latentscape/store"
ANSWER = timedelta(seconds=2)  # from a store that is there
PATIENCE = timedelta(days=7)  # a machine may read a million images; who is gone is known by its closed connection
Own = TypeVar("Own")


class Doing(IntEnum):
    """What the process that leads has all of them do next."""

    END = 0
    LEARN = 1
    TERMS = 2
    CODES = 3
    ENCODE = 4


class Encoding(IntEnum):
    """Which images are encoded."""

    EVERY = 0
    HELD_OUT = 1
    WATCHED = 2


class Order(NamedTuple):
    """What to do next, and how far the run is, in [0, 1]; for `ENCODE` which images, from where on, by samples."""

    doing: Doing
    progress: float = 0.0
    encoding: Encoding = Encoding.EVERY
    start: int = 0
    samples: int = 1


class Part(NamedTuple):
    """One process's part of a batch: these rows of it, of which so many count, of so many images in the whole.

    A process for which there is no image takes one that does not count: networks do not take none.
    """

    rows: slice
    counted: int
    whole: int

    @property
    def is_whole(self) -> bool:
        """Whether nobody else has images of this batch."""
        return self.counted == self.whole


class ProcessLostError(TrainingError):
    """Another of the processes is gone: nothing can be added up any more."""


class Processes:
    """All processes of a run as one of them sees them; alone, everything is its own and costs nothing."""

    def __init__(self, launched: Launched) -> None:
        self.rank, self.count = launched.rank, launched.processes

    @property
    def is_alone(self) -> bool:
        """Whether there are no others."""
        return self.count == 1

    @property
    def leads(self) -> bool:
        """Whether this is the process that decides, speaks and writes."""
        return self.rank == 0

    def part(self, images: int) -> Part:
        """Its part of a batch of so many images: parts differ by at most one image."""
        first, last = images * self.rank // self.count, images * (self.rank + 1) // self.count
        if first == last:
            return Part(slice(0, 1), 0, images)
        return Part(slice(first, last), last - first, images)

    def wrapped(self, module: nn.Module) -> nn.Module:
        """The module, whose gradients are from now on the average of all processes' (Li et al. 2020)."""
        return module if self.is_alone else DistributedDataParallel(module, static_graph=True)

    def total(self, own: Tensor) -> Tensor:
        """What all processes' tensors of one shape add up to; on each of them."""
        if self.is_alone:
            return own
        total = own.clone()
        with self.watching():
            dist.all_reduce(total)
        return total

    def lead(self, order: Order) -> None:
        """Have all others do something; from the process that leads, nothing from any other."""
        if self.leads and not self.is_alone:
            with self.watching():
                dist.broadcast(torch.tensor(order, dtype=torch.float64), 0)

    def order(self) -> Order:
        """What to do next; on all others, which wait here."""
        heard = torch.zeros(len(Order._fields), dtype=torch.float64)
        with self.watching():
            dist.broadcast(heard, 0)
        doing, progress, encoding, start, samples = heard.tolist()
        return Order(Doing(int(doing)), progress, Encoding(int(encoding)), int(start), int(samples))

    def gather(self, own: Own) -> list[Own]:
        """What each process has, by rank; on the process that leads, nothing on all others."""
        if self.is_alone:
            return [own]
        gathered: list[Own] | None = [own] * self.count if self.leads else None
        with self.watching():
            dist.gather_object(own, gathered)
        return gathered or []

    def told(self, known: Own | None) -> Own:
        """What the process that leads knows, on each of them."""
        heard = [known]
        if not self.is_alone:
            with self.watching():
                dist.broadcast_object_list(heard, 0)
        assert heard[0] is not None
        return heard[0]

    def dismiss(self) -> None:
        """The others need not wait any longer; those that are gone are not missed."""
        with suppress(ProcessLostError):
            self.lead(Order(Doing.END))

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Within it a lost connection raises ProcessLostError."""
        try:
            yield
        except RuntimeError as error:
            if self.is_alone or not _is_of_connection(error):
                raise
            raise ProcessLostError(
                f"Another of the {self.count} processes that train this run is gone. What was learned is saved: "
                "the same command goes on from there."
            ) from error


ALONE = Processes(Launched())


@contextmanager
def joined() -> Iterator[Processes]:
    """The processes that torchrun started, for as long as the context lasts; this one alone without torchrun.

    Sums are made by gloo on CPUs, by NCCL on CUDA, where each process of a machine has a GPU of its own.
    """
    here = launched()
    if here.is_alone:
        yield ALONE
        return
    if torch.cuda.is_available():
        torch.cuda.set_device(here.local_rank % torch.cuda.device_count())
    backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
    dist.init_process_group(
        backend, timeout=PATIENCE, store=_fresh_store(here), rank=here.rank, world_size=here.processes
    )
    try:
        yield Processes(here)
    finally:
        with suppress(RuntimeError):  # who is gone cannot say goodbye
            dist.destroy_process_group()


def _fresh_store(here: Launched) -> TCPStore:
    """Where the processes of this start, and of no earlier one, find each other.

    torchrun's own store outlives a restart, with the addresses of those that are gone (PyTorch issue 135712): it only
    says where the process that leads has opened another. Nobody answers there who was killed.
    """
    known, _, _ = next(rendezvous("env://"))
    host = os.environ["MASTER_ADDR"]
    if here.leads:
        store = TCPStore(host, 0, is_master=True, wait_for_workers=False)
        known.set(STORE, str(store.port))
        return store
    while True:
        with suppress(dist.DistError):
            store = TCPStore(host, int(known.get(STORE)), is_master=False, timeout=ANSWER)
            store.set_timeout(PATIENCE)
            return store


def _is_of_connection(error: RuntimeError) -> bool:
    return isinstance(error, dist.DistError) or any(name in str(error) for name in ("gloo", "NCCL", "onnection"))
