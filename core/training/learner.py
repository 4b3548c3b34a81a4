"""The model with its optimiser: one step of learning, and all that a checkpoint must hold to go on bit for bit."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from core.config import RunConfig
from core.errors import RunError, TrainingError
from core.model.batch_in_parts import objective_in_parts
from core.model.conditions import Given
from core.model.objectives import Objective
from core.model.vae import VAE
from core.model.whole_batch import Shared, shared_batch
from core.training.device import autocast, choose_device, choose_precision
from core.training.layer_rates import parameter_groups
from core.training.loss import Loss, loss_at
from core.training.processes import ALONE, Part, Processes

RISING_STEPS = 200  # the learning rate climbs to its height over these
# With 0.999 the mean square of gradients is out of date when they grow, and a step explodes (Wortsman et al. 2023).
BETAS = 0.9, 0.99
NORM_MEMORY = 0.98  # how slowly the average gradient norm forgets
FIRST_STEPS = 20  # before this many, it is too early to call a gradient unusual
WEIGHT_DECAY = 1e-4
Seen = tuple[Tensor, Tensor, Given]  # pixels (N, C, H, W) in [0, 1], noise (samples, N, latent_dims), what is given
ADAM = ("step", "exp_avg", "exp_avg_sq")  # what AdamW remembers of each parameter


def load_compiler() -> None:
    """What PyTorch's first optimiser loads: for a second or two, in which a job heeds no wish to end; 80 MB stay."""
    import torch._dynamo  # noqa: F401


class Learner:
    """A VAE that learns from batches by AdamW (Loshchilov & Hutter 2019) under a cosine that falls to zero."""

    def __init__(self, config: RunConfig, image_shape: tuple[int, int, int], classes: int = 1) -> None:
        self.config = config.training
        self.device = choose_device(config.training)
        self.precision = choose_precision(config.training, self.device)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.training.seed)
            vae = VAE(config.model, image_shape, classes)
        self.vae = vae.to(self.device).to(memory_format=torch.channels_last)
        self.optimiser = torch.optim.AdamW(
            parameter_groups(self.vae),
            lr=self.config.highest_rate,
            betas=BETAS,
            weight_decay=WEIGHT_DECAY,
            fused=self.device.type != "mps",
        )
        self.norm = torch.zeros((), device=self.device)
        self.lost = torch.zeros((), dtype=torch.int64, device=self.device)  # steps that nothing was learned from
        self.step = 0
        self._began = 0  # the step that the optimiser began at: later than 0 where an earlier one was lost
        self._cost: nn.Module = _Cost(self.vae)
        self._processes = ALONE

    @property
    def parameters(self) -> int:
        """How many numbers are learned."""
        return sum(parameter.numel() for parameter in self.vae.parameters())

    def loss(self, epoch: float, progress: float) -> Loss:
        """What the next step makes small."""
        return loss_at(self.config, epoch, progress)

    def learning_rate(self, progress: float) -> float:
        """The learning rate when this share of the training is done: a short rise, then half a cosine to zero."""
        rise = min(1.0, (self.step + 1) / RISING_STEPS)
        return self.config.highest_rate * rise * 0.5 * (1.0 + math.cos(math.pi * min(1.0, progress)))

    def share_with(self, processes: Processes) -> None:
        """From now on every step is one of all processes, which have the weights of the one that leads."""
        self._cost, self._processes = processes.wrapped(_Cost(self.vae)), processes

    def learn(
        self, x: Tensor, noise: Tensor, given: Given, loss: Loss, learning_rate: float, part: Part | None = None
    ) -> Objective:
        """One step on pixels (N, C, H, W) in [0, 1] with noise (samples, N, latent_dims); returns its terms.

        With a `part` these are one process's images of a batch, and the step is that of the whole: what is averaged
        over images is averaged over those of all processes.
        """
        with self._stepping(learning_rate):
            if part is not None and not self._processes.is_alone:
                return self._learn_part(x, noise, given, loss, part)
            result = self._terms(x, noise, given, loss)
            result.objective.mean().backward()  # type: ignore[no-untyped-call]
            return result

    def learn_in_parts(
        self, seen: Callable[[slice], Seen], parts: Sequence[slice], loss: Loss, learning_rate: float
    ) -> Objective:
        """The same step on a batch that memory does not hold at once; `seen` are the pixels and all else of some rows.

        The gradients of the parts add up to those of the whole batch, but for the rounding of sums.
        """

        def take(result: Objective) -> None:
            (result.objective.sum() / parts[-1].stop).backward()

        with self._stepping(learning_rate):
            return objective_in_parts(self.vae, lambda rows: self._terms(*seen(rows), loss), parts, take)

    @contextmanager
    def _stepping(self, learning_rate: float) -> Iterator[None]:
        """A step, with the gradients found within; where that fails everything is as before it."""
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate * group["multiple"]
        self.optimiser.zero_grad(set_to_none=True)
        norm, remembered = self.norm, [each.clone() for each in self.vae.likelihood.buffers()]
        try:
            yield
            self._make_step(self._clip())
        except BaseException:
            self.norm = norm
            for each, before in zip(self.vae.likelihood.buffers(), remembered, strict=True):
                each.copy_(before)
            self.optimiser.zero_grad(set_to_none=True)
            if self.step == self._began:  # it may have begun to remember some parameters and not all
                self.optimiser.state.clear()
            raise
        self.step += 1

    def _terms(self, x: Tensor, noise: Tensor, given: Given, loss: Loss) -> Objective:
        with autocast(self.device, self.precision):
            result: Objective = self._cost(x, noise, given, loss)
        return result

    def _learn_part(self, x: Tensor, noise: Tensor, given: Given, loss: Loss, part: Part) -> Objective:
        """Gradients of the whole batch: what is averaged over processes weighs as many images as each of them has."""
        shared = Shared(self._processes.total, part.counted, part.whole)
        with self._processes.watching():
            with shared_batch(shared):
                result = self._terms(x, noise, given, loss)
            own = result.objective[: part.counted].sum() * (self._processes.count / part.whole)
            own.backward()  # type: ignore[no-untyped-call]
        return result

    def _make_step(self, norm: Tensor) -> None:
        """Change the weights, unless a gradient of this norm is of numbers that are not finite: then nothing is."""
        is_lost = ~torch.isfinite(norm)
        self.lost += is_lost
        if self.device.type == "mps":  # has no fused step
            if not is_lost:
                self.optimiser.step()
            return
        self.optimiser.found_inf = is_lost.float()  # type: ignore[attr-defined]  # as GradScaler does: no wait for a GPU
        self.optimiser.step()

    def _clip(self) -> Tensor:
        """Hold a gradient that is many times its usual size, so that one odd batch cannot undo the rest.

        Returns its norm.
        """
        known = self.step - self._began
        limit = self.config.clip * self.norm if known >= FIRST_STEPS else torch.full_like(self.norm, math.inf)
        gradients = [parameter.grad for parameter in self.vae.parameters() if parameter.grad is not None]
        norm = torch.nn.utils.get_total_norm(gradients)
        scale = torch.clamp(limit / norm, max=1.0)
        if self.device.type != "cpu" or scale < 1.0:  # to look costs nothing there, and elsewhere a wait
            torch._foreach_mul_(gradients, scale)
        memory = min(NORM_MEMORY, known / (known + 1))
        self.norm = torch.where(norm.isfinite(), torch.lerp(torch.minimum(norm, limit), self.norm, memory), self.norm)
        return norm

    def is_sound(self) -> bool:
        """Whether every weight is a finite number."""
        return bool(torch.isfinite(torch.stack(torch._foreach_norm(list(self.vae.parameters())))).all())

    def check_sound(self) -> None:
        """Raise TrainingError when a weight is no longer a finite number: such a model must not be kept."""
        if not self.is_sound():
            raise TrainingError(
                f"The model's weights stopped being finite numbers by step {self.step}: "
                "train again with a lower learning rate, or with more warm-up."
            )

    def state(self) -> dict[str, Tensor]:
        """The optimiser's tensors by name of parameter, for `load`."""
        kept = {"norm": self.norm, "step": torch.tensor(self.step)}
        if self._began:
            kept["began"] = torch.tensor(self._began)
        for name, parameter in self.vae.named_parameters():
            kept |= {f"{kind}:{name}": value for kind, value in self.optimiser.state[parameter].items()}
        return kept

    def load(self, model: Mapping[str, Tensor], state: Mapping[str, Tensor]) -> None:
        """Go on from a checkpoint's tensors; raises RunError when they were kept for viewing only."""
        if "norm" not in state:
            raise RunError("This run was kept for viewing only: it cannot be trained further.")
        own = {name: value.shape for name, value in self.vae.state_dict().items()}
        if own != {name: value.shape for name, value in model.items()} or not self._fits(state):
            raise TrainingError("The checkpoint holds another model than its configuration describes.")
        self.vae.load_state_dict(model)
        self.norm = state["norm"].to(self.device)
        self.step, self._began = int(state["step"]), int(state.get("began", 0))
        for name, parameter in self.vae.named_parameters():
            kept = {kind: state[f"{kind}:{name}"] for kind in ADAM if f"{kind}:{name}" in state}
            self.optimiser.state[parameter] = {kind: _laid_out(value, parameter) for kind, value in kept.items()}

    def _fits(self, state: Mapping[str, Tensor]) -> bool:
        """Whether a state is one of this model's optimiser."""
        shapes = {f"{kind}:{name}": value.shape for name, value in self.vae.named_parameters() for kind in ADAM}
        numbers = [state[name] for name in ("norm", "step", "began") if name in state]
        counts = len(numbers) > 1 and all(number.shape == () and bool(number >= 0) for number in numbers)
        return counts and all(state[name].shape in (shape, ()) for name, shape in shapes.items() if name in state)


class _Cost(nn.Module):
    """The objective as a module: what several processes share is found in what its call returns."""

    def __init__(self, vae: VAE) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, x: Tensor, noise: Tensor, given: Given, loss: Loss) -> Objective:
        """The terms of `loss`."""
        return loss.of(self.vae, x, noise, given)


def _laid_out(value: Tensor, parameter: Tensor) -> Tensor:
    """What a checkpoint keeps of a parameter, on its device and in its order in memory.

    A fused step walks weight, gradient and moments in memory order: the moments of channels-last weights must be
    channels-last too, and a file keeps every tensor in the order of its dimensions.
    """
    if value.shape != parameter.shape:  # the count of steps
        return value.to(parameter.device)
    return torch.empty_like(parameter, requires_grad=False).copy_(value)
