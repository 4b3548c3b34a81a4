"""Lesson 8: half a face completed by one average answer, and by many that a conditional VAE draws."""

from collections.abc import Generator, Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from core.lessons.lesson import Found, Guess
from core.lessons.short_training import SEED, config, faces, learned
from core.model.conditions import Given
from core.model.one_core import use_one_core
from core.model.tensor_model import to_pixels
from core.model.vae import VAE
from core.pace import Pace
from core.reports.lessons import Bars, Frame, Pictures, Scene
from core.reports.progress import Progress
from core.training.masks import visible_part

SIZE, SHOWN, DRAWN = 16, 5, 6
HIDDEN = 0.5  # the grey that stands for what is hidden
NAMES = ("average", "drawn", "real")
CONTROL = "Which face"
MODEL: dict[str, object] = {
    "latent_dims": 8,
    "width": 16,
    "likelihood": "gaussian",
    "sigma": 0.1,
    "conditional": "completion",
}
RATE, BATCH = 4e-3, 128


class Judged(NamedTuple):
    """The hidden halves: mean squared error to the real ones, and how much neighbouring pixels differ; of NAMES."""

    error: tuple[float, float, float]
    contrast: tuple[float, float, float]


def look() -> Scene:
    """Faces of which only the lower half is seen."""
    _, held_out, _ = faces(SIZE, 3)
    visible = _visible()
    shown = torch.where(visible > 0, held_out[:12], torch.tensor(HIDDEN))
    return Scene((Frame("", (Pictures("What is seen of some faces", to_pixels(shown)),)),))


def run(guess: tuple[Guess, ...], steps: int) -> Iterator[Progress | Scene | Found]:
    """Train the regressor and the conditional VAE on the same halves with the same networks, then complete."""
    del guess
    images, held_out, _ = faces(SIZE, 3)
    visible = _visible()
    regressor = yield from regressed(images, visible, steps)
    asked = config(MODEL, {"learning_rate": RATE, "batch_size": BATCH})

    def show(vae: VAE) -> Scene:
        return Scene((_frame(0, held_out, visible, regressor, vae),))

    cvae = yield from learned(images, asked, steps, "The CVAE learns", show, visible)
    judged = judge(held_out, visible, regressor, cvae)
    frames = tuple(_frame(number, held_out, visible, regressor, cvae, judged) for number in range(SHOWN))
    nearer = int(np.argmin(judged.error[:2]))
    real = int(np.argmin([abs(each - judged.contrast[2]) for each in judged.contrast[:2]]))
    shares = [each / judged.contrast[2] for each in judged.contrast]
    sentence = (
        f"The average is nearer in mean square ({judged.error[0]:.4f} against {judged.error[1]:.4f}), for that is "
        f"all it learned, and has {shares[0]:.0%} of the contrast of real halves; what is drawn has {shares[1]:.0%}."
        if nearer == 0
        else f"Here what is drawn is nearer in mean square ({judged.error[1]:.4f} against {judged.error[0]:.4f}), with "
        f"{shares[1]:.0%} of the contrast of real halves, the average with {shares[0]:.0%}: neither has learned enough."
    )
    yield Found(Scene(frames, CONTROL, at=0), (nearer, real), sentence)


def regressed(x: Tensor, visible: Tensor, steps: int) -> Generator[Progress, None, VAE]:
    """The same networks without a latent: the decoder reads the visible part beside z = 0, by least squares."""
    use_one_core()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        vae = VAE(config(MODEL).model, (SIZE, SIZE, 3))
    optimiser = torch.optim.AdamW(vae.parameters(), lr=RATE)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    rows, pace = np.random.default_rng(SEED), Pace("The regressor learns", steps)
    for step in range(steps):
        seen = x[rows.integers(0, len(x), BATCH)]
        given = Given(visible=visible.expand(len(seen), -1, -1, -1))
        optimiser.zero_grad()
        nothing = torch.zeros(len(seen), vae.latent_dims)
        cost = -vae.log_likelihood(seen, nothing, vae.condition(seen, given), given.visible)
        cost.mean().backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        falling.step()
        yield from pace.reports(step + 1)
    return vae.eval().requires_grad_(False)


def completed(vae: VAE, x: Tensor, visible: Tensor, noise: Tensor | None) -> Tensor:
    """Images (N, C, H, W) whose hidden part is decoded of z from p(z | visible) by `noise` (N, d), or of z = 0."""
    given = Given(visible=visible.expand(len(x), -1, -1, -1))
    with torch.no_grad():
        z = torch.zeros(len(x), vae.latent_dims) if noise is None else vae.prior(x, given).sample(noise)
        return torch.where(visible > 0, x, vae.mean_image(z, vae.condition(x, given)))


def judge(x: Tensor, visible: Tensor, regressor: VAE, cvae: VAE) -> Judged:
    """Both on images (N, C, H, W), one draw each."""
    noise = torch.randn(len(x), cvae.latent_dims, generator=torch.Generator().manual_seed(SEED))
    answers = (completed(regressor, x, visible, None), completed(cvae, x, visible, noise), x)
    hidden = visible[0, 0] == 0
    errors = tuple(float((each - x).square().mean((0, 1))[hidden].mean()) for each in answers)
    rows = int(hidden.any(1).sum())  # those at the top
    contrast = tuple(float(each[:, :, :rows].diff(dim=3).abs().mean()) for each in answers)
    return Judged(errors, contrast)  # type: ignore[arg-type]  # three of each


def _visible() -> Tensor:
    """The lower half, (1, 1, H, W)."""
    return torch.from_numpy(visible_part("bottom", SIZE, SIZE)).float()[None, None]


def _frame(number: int, x: Tensor, visible: Tensor, regressor: VAE, cvae: VAE, judged: Judged | None = None) -> Frame:
    """One face: what is seen, what it is, the average, and some that are drawn; beside it how all of them do."""
    face = x[number : number + 1]
    noise = torch.randn(DRAWN, cvae.latent_dims, generator=torch.Generator().manual_seed(SEED + number))
    drawn = completed(cvae, face.expand(DRAWN, -1, -1, -1), visible, noise)
    seen = torch.where(visible > 0, face, torch.tensor(HIDDEN))
    pixels = to_pixels(torch.cat((seen, face, completed(regressor, face, visible, None), drawn)))
    captions = ("seen", "real", "average", *("drawn" for _ in range(DRAWN)))
    pictures = Pictures("One average, and many answers", pixels, captions)
    if judged is None:
        return Frame("", (pictures,))
    error = Bars("Mean squared error of the hidden half", NAMES[:2], ("",), np.array([judged.error[:2]]), "")
    contrast = Bars("Contrast of neighbours in it", NAMES, ("",), np.array([judged.contrast]), "")
    return Frame(f"{number + 1} of {SHOWN}", (error, contrast, pictures))
