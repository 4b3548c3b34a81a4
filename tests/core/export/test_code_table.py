import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from core.config import ModelConfig
from core.errors import ConfigError
from core.export.code_table import write_codes
from core.images.image_set import ImageSet
from core.images.tables.columns import number_column
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import first_two_dims
from core.model.vae import VAE
from core.reports.images import NOTHING_SAID, Column

ODD_NAME = b"cats/odd\xff,\n.png".decode("utf-8", "surrogateescape")


def test_codes_and_errors_are_those_of_each_image(tmp_path: Path) -> None:
    space, images = _space(), _images()
    list(write_codes(tmp_path / "codes.csv", space, images))
    with (tmp_path / "codes.csv").open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["file", "class", "z1", "z2", "lv1", "lv2", "reconstruction_error"]
    assert [row[:2] for row in rows] == [["dogs/1.png", "dogs"], [ODD_NAME, "cats"]]
    codes, log_variances = space.encode(images.pixels)
    numbers = np.array([row[2:] for row in rows], float)
    assert numbers[:, :4] == pytest.approx(np.hstack([codes, log_variances]), rel=1e-5)
    assert numbers[:, 4] == pytest.approx(_bernoulli_nats(space, images.pixels, codes), rel=1e-4)


def test_a_name_that_is_not_utf8_keeps_its_bytes(tmp_path: Path) -> None:
    list(write_codes(tmp_path / "codes.csv", _space(), _images()))
    assert b'"cats/odd\xff,\n.png",cats,' in (tmp_path / "codes.csv").read_bytes()


def test_what_else_is_known_stands_beside_the_codes(tmp_path: Path) -> None:
    trees = Column("tree", ("oak", NOTHING_SAID), np.array([1, 0]))
    lengths = number_column("z1", np.array([1.5, 2.0]))  # as a column of ours is called
    list(write_codes(tmp_path / "codes.csv", _space(), replace(_images(), columns=(trees, lengths))))
    with (tmp_path / "codes.csv").open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        head, *rows = csv.reader(file)
    assert head[-3:] == ["reconstruction_error", "tree", "z1 (metadata)"]
    assert [row[-2:] for row in rows] == [["", "1.5"], ["oak", "2"]]


def test_a_table_that_is_stopped_half_way_leaves_nothing(tmp_path: Path) -> None:
    writing = write_codes(tmp_path / "codes.csv", _space(), _images())
    next(writing)
    writing.close()  # type: ignore[attr-defined]
    assert not list(tmp_path.iterdir())


def test_a_table_is_not_written_under_another_kind_of_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"\.csv"):
        list(write_codes(tmp_path / "codes.xlsx", _space(), _images()))


def _bernoulli_nats(space: LatentSpace, pixels: np.ndarray, codes: np.ndarray) -> np.ndarray:
    with torch.inference_mode():
        logits = space.vae.decoder(torch.from_numpy(codes)).double().flatten(1)
    x = torch.from_numpy(pixels).flatten(1).double() / 255  # one channel: (N, H, W, 1) and (N, 1, H, W) flatten alike
    p = logits.sigmoid()
    return -(x * p.log() + (1 - x) * (1 - p).log()).sum(1).numpy()


def _space() -> LatentSpace:
    torch.manual_seed(0)
    vae = VAE(ModelConfig(network="linear", likelihood="bernoulli"), (16, 16, 1))
    return freeze(vae, np.zeros((2, 2), np.float32), np.zeros(2, np.float32), first_two_dims(2), 0)


def _images() -> ImageSet:
    pixels = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 1), np.uint8)
    labels, held_out = np.array([1, 0]), np.zeros(2, np.bool_)
    return ImageSet("/nowhere", pixels, labels, ("cats", "dogs"), ("dogs/1.png", ODD_NAME), held_out, (), "key")
