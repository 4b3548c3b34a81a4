"""A trained run for scripts and notebooks: pictures in and out, as arrays; `from core import open_run`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.errors import ConfigError, RunError
from core.latent import open_run as opening
from core.latent.classes import label_of
from core.latent.latent_space import LatentSpace, Prior
from core.latent.outside_pictures import fit_pixels, read_file
from core.places import bundled_run, is_run
from core.reports.export import ModelExported

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Picture = str | Path | Image.Image | Pixels  # a file, an image of Pillow's, or pixels (h, w), (h, w, 1, 3 or 4)


class Run:
    """What a run's last checkpoint holds, to be looked at: nothing here changes it, and any thread may use it.

    `codes` (N, d) are where its images lie, in the order of `names`; `latent_space` has all that the window has.
    A picture is uint8 (H, W, C), levels from 0 to 255, of the run's own `image_shape`.
    """

    def __init__(self, folder: Path) -> None:
        self._opened = opening.open_run(folder)
        self.folder = folder

    def __repr__(self) -> str:
        height, width, channels = self.image_shape
        return (
            f"<run {self._opened.name}: {len(self.names):,} images of {width} × {height} × {channels}, "
            f"{self.latent_dims} latent dims, step {self.latent_space.step:,}>"
        )

    @property
    def latent_space(self) -> LatentSpace:
        """All there is to a latent space: plane, neighbours, support, mixture."""
        return self._opened.latent_space

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(H, W, C)."""
        return self.latent_space.image_shape

    @property
    def latent_dims(self) -> int:
        """The length of z, d."""
        return self.latent_space.latent_dims

    @property
    def names(self) -> Sequence[str]:
        """Of the images, (N,): paths relative to their folder."""
        return self._opened.names

    @property
    def classes(self) -> tuple[str, ...]:
        """Of the images."""
        return self._opened.classes

    @property
    def codes(self) -> Floats:
        """Where the images lie, (N, d): the means of their posteriors."""
        return self.latent_space.codes

    def encode(self, pictures: Sequence[Picture] | Pixels, class_name: str | None = None) -> Floats:
        """Where pictures lie, (M, d): the means of their posteriors.

        Pictures are files, images of Pillow's or arrays, each of any size, and are made the run's size as its own were;
        or uint8 (M, H, W, C) that are of it. Raises ImagesError, ConfigError.
        """
        return self.posterior(pictures, class_name)[0]

    def posterior(self, pictures: Sequence[Picture] | Pixels, class_name: str | None = None) -> tuple[Floats, Floats]:
        """The means and the log-variances of q(z|x), each (M, d), of pictures as `encode` takes them."""
        space = self._of_class(class_name)
        if isinstance(pictures, np.ndarray) and pictures.shape[1:] == self.image_shape and pictures.dtype == np.uint8:
            return space.encode(pictures)
        pixels = [self._read(each) for each in pictures]
        return space.encode(np.stack(pixels) if pixels else np.zeros((0, *self.image_shape), np.uint8))

    def decode(self, z: Floats, class_name: str | None = None) -> Pixels:
        """The pictures (M, H, W, C) at latents (M, d), or at one (d,): the means of p(x|z). Raises ConfigError."""
        latents = np.atleast_2d(np.asarray(z, np.float32))
        if latents.ndim != 2 or latents.shape[1] != self.latent_dims:
            raise ConfigError(f"z must have {self.latent_dims} numbers a picture, and is {np.shape(z)}.")
        return self._of_class(class_name).decode(latents)

    def sample(self, count: int, seed: int = 0, prior: Prior | None = None, class_name: str | None = None) -> Floats:
        """Latents (count, d) drawn from Gaussians fitted to the codes ("mixture"), or from N(0, I) ("normal")."""
        return self._of_class(class_name).sample(count, seed, prior or self.latent_space.usual_prior)

    def at(self, points: Floats) -> Floats:
        """The latents (M, d) at points (M, 2) of the run's map."""
        return self.latent_space.plane.to_latent(np.atleast_2d(np.asarray(points, np.float32)))

    def table(self) -> dict[str, list[Any] | NDArray[Any]]:
        """A row an image, a column a name: file, class, held_out, z1, z2, …, and its metadata.

        `pandas.DataFrame(run.table())` and `polars.DataFrame(run.table())` take it.
        """
        opened, classes = self._opened, np.array(self.classes, object)
        columns: dict[str, list[Any] | NDArray[Any]] = {
            "file": list(self.names),
            "class": classes[opened.labels],
            "held_out": np.array(opened.is_held_out),
        }
        columns |= {f"z{number + 1}": self.codes[:, number] for number in range(self.latent_dims)}
        for each in opened.columns:
            name = f"{each.name} (metadata)" if each.name in columns else each.name
            columns[name] = each.numbers if each.numbers is not None else np.array(each.levels, object)[each.codes]
        return columns

    def show(self, pictures: Pixels, columns: int | None = None, scale: int = 1) -> Image.Image:
        """Pictures (M, H, W, C) side by side as an image of Pillow's, which a notebook draws and `.save` keeps."""
        from core.export.look import Look
        from core.export.stills import Still, draw

        across = columns or int(np.ceil(np.sqrt(max(1, len(pictures)))))
        sheet = draw(Still(np.asarray(pictures, np.uint8), across, gap=2), Look(scale=scale))
        return Image.fromarray(sheet[..., 0] if sheet.shape[2] == 1 else sheet)

    def export_onnx(self, folder: str | Path) -> ModelExported:
        """Write the model as ONNX into a new folder, with a card; takes seconds. Raises ConfigError, RunError."""
        from core.export.onnx_model.export import export_model

        *_, exported = export_model(self.folder, Path(folder).expanduser())
        assert isinstance(exported, ModelExported)
        return exported

    def _of_class(self, name: str | None) -> LatentSpace:
        space = self.latent_space
        if name is None:
            return space
        if space.conditional != "class":
            raise ConfigError(f"{self.folder} does not depend on a class: leave class_name out.")
        return space.with_label(label_of(name, space.classes, space.unlearned))

    def _read(self, picture: Picture) -> Pixels:
        images = self._opened.config.images
        if isinstance(picture, str | Path):
            return read_file(Path(picture), self.latent_space, images)
        if isinstance(picture, Image.Image):
            picture = np.asarray(picture.convert("RGBA" if "A" in picture.getbands() else "RGB"))
        pixels = np.asarray(picture)
        pixels = pixels[..., None] if pixels.ndim == 2 else pixels
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] not in (1, 3, 4):
            raise ConfigError(
                f"A picture is uint8 of shape (height, width, 1, 3 or 4), and one is {pixels.dtype} of {pixels.shape}."
            )
        return fit_pixels(pixels, self.latent_space, images)


def open_run(folder: str | Path | None = None) -> Run:
    """Open a run by its folder; without one that which ships with the program. Raises RunError."""
    path = bundled_run() if folder is None else Path(folder).expanduser()
    if not is_run(path):
        raise RunError(f"There is no run in {path}: name the folder of one that was saved.")
    return Run(path)
