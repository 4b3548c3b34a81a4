"""`LatentSpace`: a frozen CPU copy of a model with the codes; all viewing uses it, training never touches it."""

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError
from core.latent.classes import first_learned
from core.latent.mixture import Mixture, fit_mixture
from core.latent.neighbours import Neighbours
from core.latent.place_verdict import Support
from core.latent.plane import MOST_SQUARED
from core.latent.projection import AnyPlane
from core.latent.sheet import OwnPlane
from core.model.halving import in_halves
from core.model.viewed_model import ViewedModel

if TYPE_CHECKING:
    from core.latent.neighbour_graph import NeighbourGraph
    from core.model.vae import VAE

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Labels = NDArray[np.int64]
Prior = Literal["normal", "mixture"]  # what samples are drawn from: the model's own prior, or where the codes lie

Rows = TypeVar("Rows", Floats, Pixels, Labels)

AT_ONCE = 256  # images in one pass through the networks when viewing
FEWEST_OF_CLASS = 20  # codes that say where those of a class lie
ELSEWHERE = (
    "This model was trained elsewhere: neither its network is known here nor how likely it finds a picture, in nats."
)
NO_ENCODER = "This model was opened without an encoder: a picture has no place on its map."
OF_SAMPLES = "No pictures are known of this model: its dots are samples of the prior."
TOO_WIDE = f"Of more than {MOST_SQUARED:,} latent dimensions it is not said whether there are pictures here."
SPREAD_UNKNOWN = "How widely its codes are spread is not known yet."


@dataclass(frozen=True, eq=False)
class LatentSpace:
    """What the window sees of a model. Any thread may use it: nothing in it changes.

    `codes` (N, d) are in the order of the image set; rows are NaN where training has not met the image yet.
    `kl_per_dim` (d,) is in nats, averaged over images. `step` is the training step it was frozen at.
    A class-conditional model decodes the class `label`; a completion model sees nothing but in `complete`.
    `held_out` (N,) are the images not learned from, None where that is not known. `fingerprint` is the sha256 of the
    saved weights, empty for a moment of training that was not saved. `unlearned` are labels of classes whose images
    are all held out: the model was never told of them, and nobody is offered what it would make of them. `labels` (N,)
    are the classes of the images, None where they are not known. `draws` is whether the decoder learned from draws of
    q(z|x): that of a plain autoencoder learned from the codes themselves. `is_past` says that it is a moment that was
    kept of a training, and not the newest. `are_samples` is whether the codes are no images' but samples of the prior,
    for a decoder that has no encoder.
    """

    model: ViewedModel
    codes: Floats
    kl_per_dim: Floats
    plane: AnyPlane
    step: int
    classes: tuple[str, ...] = ()
    label: int = 0
    held_out: NDArray[np.bool_] | None = None
    fingerprint: str = ""
    unlearned: frozenset[int] = frozenset()
    labels: Labels | None = None
    draws: bool = True
    is_past: bool = False
    are_samples: bool = False
    own_plane: OwnPlane = field(init=False)  # that it was frozen with, whichever is looked at
    neighbours: Neighbours = field(init=False)
    _every_code: Neighbours = field(init=False)
    _supports: dict[int, Support] = field(init=False, default_factory=dict)
    _mixtures: dict[int, Mixture] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        # Made here, and found when first asked: so copies that show another class or plane share what is found.
        assert isinstance(self.plane, OwnPlane)
        object.__setattr__(self, "own_plane", self.plane)
        object.__setattr__(self, "neighbours", Neighbours(self.codes))
        is_thin = len(self.codes) > self.neighbours.most
        every = Neighbours(self.codes, most=len(self.codes)) if is_thin else self.neighbours
        object.__setattr__(self, "_every_code", every)

    @property
    def vae(self) -> "VAE":
        """The model with all that it learned by, its likelihood among that; raises ConfigError for an imported one."""
        from core.model.vae import VAE  # PyTorch: nobody asks for it before that is loaded

        if not isinstance(network := self.model.tensors(), VAE):
            raise ConfigError(ELSEWHERE)
        return network

    @property
    def latent_dims(self) -> int:
        """The length of z."""
        return self.model.latent_dims

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(H, W, C)."""
        return self.model.image_shape

    @property
    def usual_prior(self) -> Prior:
        """What samples are drawn from unless somebody asks: where the codes lie, or else the model's own prior."""
        is_own = self.conditional == "completion" or self.are_samples or self.latent_dims > MOST_SQUARED
        return "normal" if is_own else "mixture"

    @property
    def conditional(self) -> str:
        """What the decoder is given beside z: none, class or completion."""
        return self.model.conditional

    @property
    def has_standard_prior(self) -> bool:
        """Whether z is drawn from N(0, I)."""
        return self.model.has_standard_prior

    @property
    def can_encode(self) -> bool:
        """Whether a picture has a code: an imported decoder may have no encoder."""
        return self.model.can_encode

    def check_encodes(self) -> None:
        """Raise ConfigError where a picture has no code."""
        if not self.can_encode:
            raise ConfigError(NO_ENCODER)

    @property
    def was_trained_here(self) -> bool:
        """Whether all of the model is known, how likely a picture is among that: of an imported one it is not."""
        return self.model.was_trained_here

    @property
    def unjudged(self) -> str:
        """Why nothing is said of whether there are pictures at a place; empty where something can be."""
        if self.are_samples:
            return OF_SAMPLES
        if self.latent_dims > MOST_SQUARED:
            return TOO_WIDE
        return SPREAD_UNKNOWN if self.draws and not self.can_encode else ""

    @property
    def support(self) -> Support:
        """Where there are pictures: in a class-conditional model, of the class that is decoded.

        It is not known (`is_known`) where `unjudged` says why.
        """
        label = self.label if self.conditional == "class" else 0
        if label not in self._supports:
            codes = self.codes_of_class if not self.unjudged else self.codes[:0]
            sides = None if self.held_out is None else self.held_out[: len(codes)]
            # Of the space itself it knows nothing: each would keep the other, with its weights, until Python looks.
            self._supports.setdefault(label, Support(codes, sides, self.scatter))
        return self._supports[label]

    @property
    def codes_learned_from(self) -> Floats:
        """The codes (n, d) of the images learned from; of all where it is not known which these are."""
        return self.codes if self.held_out is None else self.codes[~self.held_out]

    @property
    def codes_of_class(self) -> Floats:
        """The codes (N, d); in a class-conditional model NaN but for those of the class that is decoded."""
        if self.conditional != "class" or self.labels is None:
            return self.codes
        return np.where((self.labels == self.label)[:, None], self.codes, np.float32(np.nan))

    @property
    def scatter(self) -> Callable[[Floats], Floats]:
        """How widely the latents that were decoded as such images lie about codes (M, d): the mean variances, (d,).

        Those of q(z|x) for the pictures that the codes decode to: the images are not at hand. Of a flow, of draws.
        """
        return partial(_scatter, self.model, self.label, self.draws)

    @property
    def learned_labels(self) -> Labels:
        """The labels of the classes that can be asked for, in order."""
        return np.array([label for label in range(len(self.classes)) if label not in self.unlearned], np.int64)

    @property
    def mixture(self) -> Mixture:
        """Gaussians fitted to the codes of the images learned from; takes up to a second the first time.

        Held-out codes are kept out of it, so that they can judge what is drawn. Of a class-conditional model those of
        the class that is decoded, of all where it has next to none. Raises ConfigError when none are known.
        """
        label = self.label if self.conditional == "class" else 0
        if label not in self._mixtures:
            self._mixtures.setdefault(label, self._fit_mixture())
        return self._mixtures[label]

    def _fit_mixture(self) -> Mixture:
        if self.latent_dims > MOST_SQUARED:
            raise ConfigError(f"Gaussians are fitted to codes of at most {MOST_SQUARED:,} latent dimensions.")
        theirs = self.codes_of_class if self.held_out is None else self.codes_of_class[~self.held_out]
        is_enough = np.isfinite(theirs).all(axis=1).sum() >= FEWEST_OF_CLASS
        return fit_mixture(theirs if is_enough else self.codes_learned_from)

    @cached_property
    def neighbour_graph(self) -> "NeighbourGraph":
        """The codes joined to those nearest to them; takes seconds the first time. Raises ConfigError without codes."""
        from core.latent.neighbour_graph import build_graph  # SciPy's graphs would hold up the opening of a run

        return build_graph(self.codes)

    @cached_property
    def points(self) -> Floats:
        """Where the codes lie on the plane, (N, 2)."""
        return self.plane.points_of_codes(self.codes)

    @cached_property
    def distances(self) -> Floats:
        """How far the codes are from the plane, (N,); NaN for images not seen yet."""
        return self.plane.distances(self.codes)

    def with_label(self, label: int) -> "LatentSpace":
        """The same latent space decoding another class; all but the label is shared. Raises ConfigError."""
        if not 0 <= label < max(1, len(self.classes)):
            raise ConfigError(f"There is no class {label}: the run learned {len(self.classes)}.")
        other = copy.copy(self)
        object.__setattr__(other, "label", label)
        return other

    def with_plane(self, plane: AnyPlane) -> "LatentSpace":
        """The same latent space seen on another plane or projection: its `points` are others, all else is shared.

        The points are found here, so call it in a thread. Raises ConfigError when it is of other dimensions or images.
        """
        if plane.origin.shape != (self.latent_dims,):
            raise ConfigError(f"The plane has {len(plane.origin)} dimensions, the model {self.latent_dims}.")
        if not plane.fits(self.codes):
            raise ConfigError("The map was arranged for other images: arrange it again.")
        other = copy.copy(self)
        vars(other).pop("distances", None)
        vars(other).pop("first_place", None)
        if not plane.is_beside(self.plane):
            vars(other).pop("points", None)
        object.__setattr__(other, "plane", plane.following(self.codes))
        other.points  # noqa: B018  (found now, in this thread)
        return other

    def decode(self, z: Floats, labels: Labels | None = None) -> Pixels:
        """The mean of p(x|z) for latents (M, d), as uint8 (M, H, W, C).

        `labels` (M,) are the classes to decode each as, for a class-conditional model; this space's own without them.
        """
        labels = np.full(len(z), self.label) if labels is None else labels
        both = zip(_parts(np.asarray(z, np.float32)), _parts(labels), strict=True)
        parts = [self._decode(*part) for part in both]
        return np.concatenate(parts) if parts else np.zeros((0, *self.image_shape), np.uint8)

    def encode(self, pixels: Pixels, labels: Labels | None = None) -> tuple[Floats, Floats]:
        """Posterior means (the codes) and log-variances of uint8 images (M, H, W, C), each (M, d).

        `labels` (M,) are their classes, for a class-conditional model; this space's own label without them.
        """
        self.check_encodes()
        labels = np.full(len(pixels), self.label) if labels is None else labels
        if not len(pixels):
            return np.zeros((0, self.latent_dims), np.float32), np.zeros((0, self.latent_dims), np.float32)
        both = zip(_parts(pixels), _parts(labels), strict=True)
        return _side_by_side([self._encode(*part) for part in both])

    def sample(self, count: int, seed: int, prior: Prior = "normal", labels: Labels | None = None) -> Floats:
        """Latents (count, d) from the prior, or from the mixture of Gaussians that the codes lie in.

        The prior of a completion model is the one it learned for images of which nothing is visible, that of an
        imported one what it was said to be. `labels` (count,)
        are the classes each is to be decoded as, for a class-conditional model: a class has a mixture of its own.
        """
        if prior == "mixture":
            if labels is None or self.conditional != "class":
                return self.mixture.sample(count, seed)
            z = np.empty((count, self.latent_dims), np.float32)
            for label in np.unique(labels).tolist():
                z[labels == label] = self.with_label(label).mixture.sample(int((labels == label).sum()), seed)
            return z
        noise = np.random.default_rng(seed).standard_normal((count, self.latent_dims)).astype(np.float32)
        if self.model.has_standard_prior:
            return noise
        from core.latent.completions import from_prior  # PyTorch, which nothing else here needs

        return from_prior(self.model.tensors(), noise)

    def complete(self, pixels: Pixels, visible: NDArray[np.bool_], count: int, seed: int) -> Pixels:
        """Draw what may be hidden in an image uint8 (H, W, C), count times: (count, H, W, C).

        Pixels that are `visible` (H, W) stay as they are; the others are the mean of p(x|z, visible part) for
        z ~ p(z | visible part) (Doersch 2016, §4; Sohn et al. 2015). Raises ConfigError.
        """
        from core.latent.completions import completed

        noise = np.random.default_rng(seed).standard_normal((count, self.latent_dims)).astype(np.float32)
        return completed(self.model.tensors(), pixels, visible, noise)

    def best_guess(self, pixels: Pixels, visible: NDArray[np.bool_]) -> Pixels:
        """One completion, (H, W, C): at the mean of p(z | visible part). Raises ConfigError."""
        from core.latent.completions import completed

        no_noise = np.zeros((1, self.latent_dims), np.float32)
        guess: Pixels = completed(self.model.tensors(), pixels, visible, no_noise)[0]
        return guess

    def nearest(self, z: Floats, count: int) -> tuple[NDArray[np.int64], Floats]:
        """The images whose codes lie nearest to one latent (d,): indices and Euclidean distances, nearest first.

        Of all images, however many there are.
        """
        indices, distances = self._every_code.nearest(np.asarray(z, np.float32)[None], count)
        return indices[0], distances[0]

    @cached_property
    def first_place(self) -> Floats:
        """Where to look at first: the code (d,) nearest to the middle of the plane, the middle itself without codes."""
        middle: Floats = self.plane.to_latent(np.zeros((1, 2), np.float32))[0]
        nearest, _ = self.nearest(middle, 1)
        found: Floats = self.codes[nearest[0]] if len(nearest) else middle
        return found

    def _decode(self, z: Floats, labels: Labels) -> Pixels:
        return in_halves(len(z), lambda rows: self.model.decode(z[rows], labels[rows]), np.concatenate)

    def _encode(self, pixels: Pixels, labels: Labels) -> tuple[Floats, Floats]:
        return in_halves(len(pixels), lambda rows: self.model.encode(pixels[rows], labels[rows]), _side_by_side)


def _scatter(model: ViewedModel, label: int, draws: bool, codes: Floats) -> Floats:
    if not draws or not len(codes):
        return np.zeros(model.latent_dims, np.float32)
    of_each = [np.full(len(part), label) for part in _parts(codes)]
    parts = zip(_parts(codes), of_each, strict=True)
    variances = [model.variances(model.decode(part, labels), labels) for part, labels in parts]
    return np.asarray(np.concatenate(variances).mean(axis=0), np.float32)


def freeze(
    vae: "VAE",
    codes: Floats,
    kl_per_dim: Floats,
    plane: OwnPlane,
    step: int,
    classes: tuple[str, ...] = (),
    held_out: NDArray[np.bool_] | None = None,
    fingerprint: str = "",
    unlearned: frozenset[int] = frozenset(),
    labels: Labels | None = None,
    draws: bool = True,
) -> LatentSpace:
    """A latent space of copies: what happens to the arguments afterwards does not reach it.

    It decodes the first of the classes that were learned.
    """
    from core.model.tensor_model import frozen

    parts = (frozen(vae), codes.copy(), kl_per_dim.copy(), plane, step, classes)
    known = (held_out, fingerprint, unlearned, labels, draws)
    space = LatentSpace(*parts, first_learned(classes, unlearned), *known)
    space.points  # noqa: B018  (found here, in the thread that freezes, not later in the window's)
    return space


def _side_by_side(parts: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    means, log_variances = zip(*parts, strict=True)
    return np.concatenate(means), np.concatenate(log_variances)


def _parts(rows: Rows) -> Iterator[Rows]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
