"""The objective of a batch that memory does not hold at once, part by part: it is that of the whole all the same."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from core.model.objectives import Objective
from core.model.posteriors import DiagonalGaussian, Posterior
from core.model.vae import VAE
from core.model.whole_batch import Shared, shared_batch

Of = Callable[[slice], Objective]
Total = Callable[[Tensor], Tensor]


def objective_in_parts(
    vae: VAE, of: Of, parts: Sequence[slice], take: Callable[[Objective], object] | None = None
) -> Objective:
    """The terms of all images, without a gradient; `of` finds those of some rows, and `take` is given each part's.

    What is averaged over a batch is averaged over all of it, by a pass beforehand for each such mean: one may depend
    on another. What the model remembers of a batch it remembers once.
    """
    remembered = [each.clone() for each in vae.likelihood.buffers()]

    def go_over(rows: slice, total: Total) -> Objective:
        for each, before in zip(vae.likelihood.buffers(), remembered, strict=True):
            each.copy_(before)
        with shared_batch(Shared(total, rows.stop - rows.start, parts[-1].stop)):
            return of(rows)

    known, found = _sums(go_over, parts), []
    for rows in parts:
        sums = iter(known)
        result = go_over(rows, lambda _, sums=sums: next(sums))  # type: ignore[misc]
        if take is not None:
            take(result)
        found.append(_without_gradient(result))
    return _joined(found)


def _sums(go_over: Callable[[slice, Total], Objective], parts: Sequence[slice]) -> list[Tensor]:
    """What the objective adds up over the whole batch, in its order."""

    def asked(rows: slice) -> list[Tensor]:
        """The sums of some rows, right as far as all before them are known."""
        own: list[Tensor] = []

        def total(each: Tensor) -> Tensor:
            own.append(each)
            return known[len(own) - 1] if len(own) <= len(known) else each

        go_over(rows, total)
        return own

    known: list[Tensor] = []
    while True:
        newest, first = len(known), asked(parts[0])
        if newest == len(first):
            return known
        known.append(torch.stack([first[newest], *(asked(rows)[newest] for rows in parts[1:])]).sum(0))


def _without_gradient(result: Objective) -> Objective:
    posterior = result.posterior
    context = None if posterior.context is None else posterior.context.detach()
    return Objective(
        result.objective.detach(),
        result.reconstruction.detach(),
        result.kl.detach(),
        result.kl_per_dim.detach(),
        Posterior(posterior.base.detach(), posterior.flow, context),
    )


def _joined(parts: Sequence[Objective]) -> Objective:
    terms = zip(*((part.objective, part.reconstruction, part.kl) for part in parts), strict=True)
    objective, reconstruction, kl = (torch.cat(each) for each in terms)
    shares = [part.kl_per_dim * (len(part.objective) / len(objective)) for part in parts]
    base = DiagonalGaussian(*(torch.cat(each) for each in zip(*(part.posterior.base for part in parts), strict=True)))
    contexts = [part.posterior.context for part in parts if part.posterior.context is not None]
    posterior = Posterior(base, parts[0].posterior.flow, torch.cat(contexts) if contexts else None)
    return Objective(objective, reconstruction, kl, torch.stack(shares).sum(0), posterior)
