"""One validated description of images, model and training: the form, the flags and the run folder all use it."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from core.pixel_range import checked
from core.shell_line import shell_line

PresetName = Literal["quick", "balanced", "sharp"]
MOST_EPOCHS = 100_000
PRESETS: tuple[PresetName, ...] = get_args(PresetName)

CLASSES_FROM = ("auto", "first", "second", "last", "none")  # or a pattern of file names
BEFORE_NUMBER = "^(.+?)[ _.-]*[0-9]"  # what of "tabby cat_012.jpg" is its class


def _says_classes(value: str) -> str:
    """Refuse what is neither one of the words nor a pattern with one group."""
    try:
        if value in CLASSES_FROM or re.compile(value).groups == 1:
            return value
    except re.error:
        pass
    choices = f"must be {', '.join(CLASSES_FROM)}, or a pattern of file names with one (group), like {BEFORE_NUMBER}"
    raise PydanticCustomError("classes_from", choices)


class StrictConfig(BaseModel):
    """What a file, a form or flags say, of exactly these kinds and no more."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class ImagesConfig(StrictConfig):
    """How pictures become the pixels a model learns from."""

    image_size: Annotated[
        Literal["auto", 16, 28, 32, 64, 128, 256],
        Field(title="Image size", description="Height and width in pixels; auto: the set's own size, 64 for a folder."),
    ] = "auto"
    channels: Annotated[
        Literal["auto", 1, 3],
        Field(title="Channels", description="1: grey, 3: colour; auto: grey only when every picture is grey."),
    ] = "auto"
    fit: Annotated[
        Literal["crop", "pad", "stretch"],
        Field(title="Fit", description="How a picture that is not square becomes square."),
    ] = "crop"
    background: Annotated[
        Literal["white", "black"],
        Field(title="Background", description="What shows through transparency, and what pads."),
    ] = "white"
    range: Annotated[
        str,
        AfterValidator(checked),
        Field(
            title="Range",
            description="What is black and white in pictures of more than 8 bits, signed and floats: auto: one range "
            "for the whole set; type: all that the numbers can hold; LOW..HIGH: these; picture: each by its own.",
        ),
    ] = "auto"
    pages: Annotated[
        Literal["first", "middle", "largest", "brightest", "all"],
        Field(
            title="Pages",
            description="What a file of several pages or frames gives: one of them, the brightest of them all at "
            "each place, or all as images of their own.",
        ),
    ] = "first"
    held_out: Annotated[
        float,
        Field(ge=0.0, le=0.5, title="Held-out share", description="Share of the images to test on."),
    ] = 0.1
    duplicates: Annotated[
        Literal["together", "apart"],
        Field(title="Duplicates", description="together: images of one picture are all learned from or all held out."),
    ] = "together"
    metadata: Annotated[
        str,
        Field(
            min_length=1,
            title="Metadata",
            description="A table (CSV, TSV, JSON lines, Excel) of what is known of each image; auto: metadata.csv in "
            "the folder; none: do not look.",
        ),
    ] = "auto"
    class_column: Annotated[
        str,
        Field(
            min_length=1,
            title="Class column",
            description="The metadata's column of classes; auto: class or label, else folders; folder: those.",
        ),
    ] = "auto"
    classes_from: Annotated[
        str,
        AfterValidator(_says_classes),
        Field(
            min_length=1,
            title="Classes from",
            description="Without a class column: the first, second or last folder; none; or a regular expression whose "
            "one group is the class in a file's name; auto: folders, past wrappers and past train, val and test, "
            "of which test, else val, is held out.",
        ),
    ] = "auto"
    group_column: Annotated[
        str,
        Field(
            min_length=1,
            title="Group column",
            description="Images with the same value are held out together, such as those of one patient.",
        ),
    ] = "none"


class ModelConfig(StrictConfig):
    """The variational autoencoder: Kingma & Welling 2014; Doersch 2016."""

    latent_dims: Annotated[
        int,
        Field(ge=1, le=1024, title="Latent dims", description="Length of z: 2 is all on the map, more is sharper."),
    ] = 2
    network: Annotated[
        Literal["auto", "linear", "mlp", "conv"],
        Field(title="Network", description="Encoder and decoder; auto: what learns these images best in the time."),
    ] = "auto"
    width: Annotated[
        int,
        Field(
            ge=4, le=256, title="Width", description="Channels of the first convolution; an MLP has 8 × as many units."
        ),
    ] = 32
    stages: Annotated[
        int,
        Field(
            ge=1,
            le=2,
            title="Decoder stages",
            description="Sub-pixel convolutions (Shi et al. 2016) from the decoder's grid to 64 pixels and more: with "
            "1, patches show their seams.",
        ),
    ] = 2
    upsampling: Annotated[
        Literal["sub-pixel", "smooth"],
        Field(
            title="Upsampling",
            description="How a decoder of convolutions comes from its grid to pixels; sub-pixel: every weight is free "
            "(Shi et al. 2016), and patches show; smooth: what a position draws fades into its neighbours' (Malvar "
            "1992).",
        ),
    ] = "smooth"
    encoder_norm: Annotated[
        Literal["none", "layer"],
        Field(
            title="Encoder norm",
            description="Layer norm (Ba et al. 2016) of what an MLP finds in an image, before q(z|x): without it the "
            "code of an image unlike all others may lie anywhere.",
        ),
    ] = "layer"
    likelihood: Annotated[
        Literal[
            "auto",
            "bernoulli",
            "continuous-bernoulli",
            "gaussian",
            "gaussian-learned",
            "gaussian-optimal",
            "discretised-logistic",
        ],
        Field(
            title="Likelihood",
            description="p(x|z): bernoulli (Kingma & Welling 2014) and continuous (Loaiza-Ganem & Cunningham 2019), "
            "gaussian (Rybkin et al. 2021), 256 levels (Kingma et al. 2016); auto: by channels.",
        ),
    ] = "auto"
    sigma: Annotated[
        float,
        Field(
            ge=0.001,
            le=10.0,
            title="Sigma",
            description="σ of the gaussian likelihood, pixels in [0, 1] (Doersch 2016).",
        ),
    ] = 0.1
    posterior: Annotated[
        Literal["diagonal", "planar", "iaf"],
        Field(
            title="Posterior",
            description="q(z|x): a diagonal Gaussian, also bent by planar (Rezende & Mohamed 2015) "
            "or IAF (Kingma et al. 2016) flows.",
        ),
    ] = "diagonal"
    flows: Annotated[
        int,
        Field(
            ge=1,
            le=32,
            title="Flow steps",
            description="Steps that bend the posterior, when it is a flow (Rezende & Mohamed 2015).",
        ),
    ] = 4
    conditional: Annotated[
        Literal["none", "class", "completion"],
        Field(
            title="Conditional",
            description="What is known beside z: a class, or the visible part of an image "
            "(Sohn et al. 2015; Doersch 2016).",
        ),
    ] = "none"


class TrainingConfig(StrictConfig):
    """How the model learns."""

    epochs: Annotated[
        Literal["auto"] | Annotated[int, Field(ge=1, le=MOST_EPOCHS)],
        Field(title="Epochs", description="Times each image is seen; auto: as many as the effort allows."),
    ] = "auto"
    effort: Annotated[
        float,
        Field(
            gt=0.0, le=1e6, title="Effort", description="Billions of pixel values to learn from, when epochs is auto."
        ),
    ] = 1.0
    minutes: Annotated[
        float | None,
        Field(gt=0.0, le=100_000.0, title="Minutes", description="Stop after this long, even before the last epoch."),
    ] = None
    batch_size: Annotated[
        Literal["auto"] | Annotated[int, Field(ge=1, le=8192)],
        Field(title="Batch size", description="Images a step; auto: what learns these images best in the time."),
    ] = "auto"
    learning_rate: Annotated[
        Literal["auto"] | Annotated[float, Field(gt=0.0, le=1.0)],
        Field(
            title="Learning rate",
            description="Highest rate of AdamW, which falls to 0 on a cosine; what reads many numbers learns more "
            "slowly. auto: what suits network and batch.",
        ),
    ] = "auto"
    objective: Annotated[
        Literal["elbo", "iwae", "autoencoder"],
        Field(
            title="Objective",
            description="ELBO (Kingma & Welling 2014), IWAE (Burda et al. 2016), or a plain autoencoder: "
            "no noise, no KL (Doersch 2016).",
        ),
    ] = "elbo"
    samples: Annotated[
        int,
        Field(
            ge=1,
            le=64,
            title="Samples",
            description="z drawn an image: L of the ELBO (Kingma & Welling 2014), K of IWAE (Burda et al. 2016).",
        ),
    ] = 1
    beta: Annotated[
        float,
        Field(ge=0.0, le=1000.0, title="Beta", description="Weight of KL; 1 is the ELBO (Higgins et al. 2017)."),
    ] = 1.0
    warm_up: Annotated[
        float,
        Field(
            ge=0.0, le=1000.0, title="Warm-up", description="Epochs in which beta rises from 0 (Bowman et al. 2016)."
        ),
    ] = 1.0
    warm_up_cycles: Annotated[
        int,
        Field(
            ge=1,
            le=100,
            title="Warm-up cycles",
            description="How many times in the run beta rises anew (Fu et al. 2019).",
        ),
    ] = 1
    free_bits: Annotated[
        float,
        Field(
            ge=0.0,
            le=100.0,
            title="Free bits",
            description="Nats each latent dimension may use at no cost, with elbo (Kingma et al. 2016).",
        ),
    ] = 0.0
    capacity: Annotated[
        float | None,
        Field(
            ge=0.0,
            le=100_000.0,
            title="Capacity",
            description="Nats that KL is drawn to, rising over the warm-up, with elbo (Burgess et al. 2018).",
        ),
    ] = None
    clip: Annotated[
        float,
        Field(gt=0.0, le=1e9, title="Clip", description="Largest gradient norm, in units of its recent average."),
    ] = 2.0
    seed: Annotated[int, Field(ge=0, le=2**31 - 1, title="Seed", description="The same seed gives the same run.")] = 0
    device: Annotated[
        Literal["auto", "cpu", "cuda", "mps"],
        Field(title="Device", description="auto: a GPU when there is one."),
    ] = "auto"
    precision: Annotated[
        Literal["auto", "float32", "bf16"],
        Field(title="Precision", description="auto: bf16 where this network learns faster with it."),
    ] = "auto"
    threads: Annotated[
        Literal["auto"] | Annotated[int, Field(ge=1, le=1024)],
        Field(title="Threads", description="Cores that compute at once; auto: what this network learns fastest on."),
    ] = "auto"

    @property
    def images_a_step(self) -> int:
        """The batch size, once it is resolved."""
        assert self.batch_size != "auto", "resolve the configuration first"
        return self.batch_size

    @property
    def highest_rate(self) -> float:
        """The learning rate, once it is resolved."""
        assert self.learning_rate != "auto", "resolve the configuration first"
        return self.learning_rate


class RunConfig(StrictConfig):
    """All that a run was asked to do; written to `config.json` in its folder.

    `source` is an absolute folder or a name that `latentscape datasets` lists.
    """

    source: Annotated[str, Field(min_length=1)]
    images: ImagesConfig = ImagesConfig()
    model: ModelConfig = ModelConfig()
    training: TrainingConfig = TrainingConfig()


GROUPS: tuple[tuple[str, type[StrictConfig]], ...] = (
    ("images", ImagesConfig),
    ("model", ModelConfig),
    ("training", TrainingConfig),
)

# Measured on two cores: on Fashion-MNIST an MLP is ahead of convolutions for all of a preset's time, on clip art of
# 64 × 64 pixels only for the first minutes. Convolutions see as many images a second in smaller steps, and more steps
# learn more. An MLP's step costs hardly more with twice the images, which bear twice the rate.
LARGEST_FOR_MLP = 32 * 32
BATCH, RATE = 64, 2e-3
BATCH_OF_MLP, RATE_OF_MLP = 256, 4e-3
FEWEST_EPOCHS = 3
_PRESETS: dict[PresetName, tuple[int, int, float]] = {  # latent dims, width, effort
    "quick": (2, 32, 1.0),
    "balanced": (16, 32, 3.0),
    "sharp": (64, 48, 10.0),
}


def preset(name: PresetName, source: str) -> RunConfig:
    """The configuration a preset stands for, before anything is changed by hand."""
    latent_dims, width, effort = _PRESETS[name]
    return RunConfig(
        source=source,
        model=ModelConfig(latent_dims=latent_dims, width=width),
        training=TrainingConfig(effort=effort),
    )


def resolve(config: RunConfig, image_shape: tuple[int, int, int], images: int, depth: str = "auto") -> RunConfig:
    """Replace every `auto` by what fits a number of images of shape (H, W, C) to learn from, scaled by `depth`.

    Device, precision and threads stay as asked, so that a run can go on on another machine.
    """
    height, width, channels = image_shape
    values = height * width * channels
    network = config.model.network if config.model.network != "auto" else "mlp" if values <= LARGEST_FOR_MLP else "conv"
    epochs = round(config.training.effort * 1e9 / (images * values))
    usual = BATCH_OF_MLP if network == "mlp" else BATCH
    batch = config.training.batch_size if config.training.batch_size != "auto" else usual
    chosen: dict[str, dict[str, object]] = {
        "images": {"image_size": height, "channels": channels, "range": depth},
        "model": {
            "likelihood": "bernoulli" if channels == 1 else "gaussian-learned",
            "network": network,
        },
        "training": {
            "epochs": min(MOST_EPOCHS, max(FEWEST_EPOCHS, epochs)),
            "batch_size": batch,
            "learning_rate": RATE_OF_MLP if network == "mlp" and batch >= BATCH_OF_MLP else RATE,
        },
    }
    return config.model_copy(update={group: _filled(getattr(config, group), chosen[group]) for group, _ in GROUPS})


def _filled(group: StrictConfig, chosen: dict[str, object]) -> StrictConfig:
    missing = {name: value for name, value in chosen.items() if getattr(group, name) == "auto"}
    return group.model_copy(update=missing)


def changed(config: RunConfig, changes: Mapping[str, object]) -> RunConfig:
    """The same with other values in some fields, named as {"training.beta": 1.0}; checked as any configuration is."""
    content = config.model_dump()
    for name, value in changes.items():
        group, field = name.split(".")
        content[group][field] = value
    return RunConfig.model_validate(content)


def as_command(config: RunConfig, name: PresetName = "quick", run: str | None = None) -> str:
    """The command line that trains this configuration: only what differs from the preset is spelt out."""
    return shell_line(command_words(config, name, run))


def command_words(config: RunConfig, name: PresetName = "quick", run: str | None = None) -> list[str]:
    """The same before a shell has read it, a word each, the program's name first."""
    usual = preset(name, config.source)
    words = ["latentscape", "train", config.source, "--run", run or "RUN"]
    if name != PRESETS[0]:
        words += ["--preset", name]
    for group, kind in GROUPS:
        for field in kind.model_fields:
            value = getattr(getattr(config, group), field)
            if value != getattr(getattr(usual, group), field):
                words += _flag("--" + field.replace("_", "-"), str(value))
    return words


def _flag(name: str, value: str) -> list[str]:
    """Two words, or one where a value could be taken for the next flag."""
    return [f"{name}={value}"] if value.startswith("-") else [name, value]
