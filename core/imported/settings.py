"""What is known of an imported model: its graphs, and what their numbers mean; kept in the run's configuration."""

from math import prod
from typing import Annotated, Literal

from pydantic import Field

from core.config import ImagesConfig, ModelConfig, RunConfig, StrictConfig

MOST_DIMS, LARGEST_SIDE, MOST_CLASSES = 16_384, 1_024, 10_000
DECODER, ENCODER = "decoder.onnx", "encoder.onnx"  # in a run's folder
NO_IMAGES = "no images"  # the source of a run whose dots are samples of the prior

Layout = Literal["NCHW", "NHWC", "NHW", "rows"]  # of pictures; rows: flattened, channel by channel
Range = Literal["0..1", "-1..1", "0..255"]
Prior = Literal["normal", "uniform"]
Told = Literal["none", "one-hot", "index"]
Spread = Literal["none", "log-variance", "variance", "deviation"]
Kind = Literal["float32", "float16", "float64", "int32", "int64", "uint8"]
Name = Annotated[str, Field(max_length=4096)]
Size = Annotated[int, Field(ge=1, le=1 << 24)]


class GraphSettings(StrictConfig):
    """One graph: the sha256 of its file, what goes in and what comes out, but for the rows, which stand for N.

    `batch` is the number of rows that it takes, 0 for any; `at_once` how many it is given at most, which was tried.
    `told` is the input for the class, if it has one.
    """

    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    input: Name
    shape: Annotated[list[Size], Field(max_length=8)]
    kind: Kind
    batch: Annotated[int, Field(ge=0, le=4096)]
    at_once: Annotated[int, Field(ge=1, le=4096)]
    output: Name
    layout: Layout  # of the pictures that go in or come out
    told: Name = ""
    told_as: Told = "none"
    told_kind: Kind = "int64"
    told_shape: Annotated[list[Size], Field(max_length=2, default_factory=list)]

    @property
    def rows(self) -> int:
        """How many rows go through it at once."""
        return self.batch or self.at_once


class EncoderSettings(GraphSettings):
    """An encoder: `output` is the code, or the code and then the spread where they are `joined` in one output."""

    spread: Name = ""
    spread_as: Spread = "none"
    joined: bool = False


class ImportedSettings(StrictConfig):
    """Both graphs and what no graph says; `why` has a sentence for each decision, by its name."""

    decoder: GraphSettings
    encoder: EncoderSettings | None = None
    range: Range
    prior: Prior
    classes: Annotated[int, Field(ge=0, le=MOST_CLASSES)] = 0
    picture: Annotated[list[Size], Field(min_length=3, max_length=3)]  # (H, W, C)
    why: Annotated[dict[str, str], Field(default_factory=dict)]

    @property
    def latent_dims(self) -> int:
        """The length of z: what the decoder takes, flattened."""
        return prod(self.decoder.shape)

    @property
    def knows_kl(self) -> bool:
        """Whether KL(q(z|x) ‖ p(z)) has its closed form."""
        return self.encoder is not None and self.encoder.spread_as != "none" and self.prior == "normal"

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(H, W, C)."""
        height, width, channels = self.picture
        return height, width, channels


class ImportedImages(ImagesConfig):
    """How pictures become what an imported encoder takes: of its own size; it is not known what it learned from."""

    image_size: Annotated[int, Field(ge=1, le=LARGEST_SIDE)]  # type: ignore[assignment]  # any, not a choice of ours


class ImportedModelConfig(ModelConfig):
    """Of the model only the length of z and whether it is told a class: the rest is the graph's own."""

    latent_dims: Annotated[int, Field(ge=1, le=MOST_DIMS)] = 2


class ImportedRunConfig(RunConfig):
    """A run of the kind "imported": it was trained elsewhere, and is not trained here."""

    images: ImportedImages
    model: ImportedModelConfig
    imported: ImportedSettings
