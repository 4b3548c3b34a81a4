"""What a page that was given away would say or leave out, and what the command would do wrong."""

import getpass
import os
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import map_coordinates

from core.commands import main
from core.config import RunConfig
from core.exploration import Direction, Exploration
from core.export.page import drawing, sheets
from core.export.page.baked_page import LARGEST
from core.export.page.dots import FINEST, choose_dots, thinned
from core.export.page.drawing import ByModel
from core.export.page.material import PageChoices
from core.export.page.sheets import FromSheets
from core.export.page.tile_sheet import tiles_of
from core.images.image_set import ImageSet
from core.latent.open_run import open_run
from core.training.exploration_file import write_exploration
from core.training.run_name import name_run
from core.training.train import train
from tests.core.export.page.conftest import baked, direction, make_space, material

WITHOUT = PageChoices(pictures=False)


@pytest.fixture(scope="module")
def run(image_set: ImageSet, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the two dozen discs, with a direction; read it only."""
    run = tmp_path_factory.mktemp("runs") / "discs"
    config = {
        "source": str(folder),
        "images": {"image_size": 16, "held_out": 0.25},
        "model": {"latent_dims": 3, "width": 4, "network": "mlp"},
        "training": {"epochs": 2, "batch_size": 5, "device": "cpu"},
    }
    list(train(image_set, RunConfig.model_validate(config), run))
    found = Direction("redder", np.array([1, 2, 3], np.float32), "red", "blue", (12, 12))
    write_exploration(run, Exploration(directions=(found,)), open_run(run).names)
    return run


def test_a_page_says_nothing_of_the_machine_or_of_files_unless_asked(
    run: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "page.html"
    assert main(["share", str(run), "--out", str(out)]) == 0
    content = out.read_bytes()
    said = capsys.readouterr().err
    assert f"{len(content) / 1000:.0f} kB: 24 images." in said
    assert said.index(" kB: ") < said.index("written")  # its size is known before
    home = os.path.expanduser("~")
    private = [str(folder), str(folder.parent), str(tmp_path), home, f"/{getpass.getuser()}/", "0.png"]
    assert not [word for word in private if word.encode() in content]
    assert b"redder" in content
    assert b"<title>discs</title>" in content
    assert main(["share", str(run), "--out", str(out), "--with-names", "--without-pictures"]) == 0  # over its own
    named = out.read_text("utf-8")
    assert '"red/0.png"' in named
    assert '"thumbnails":null' in named
    assert "no copy of any image, and the names of their files" in named


def test_copies_of_images_are_theirs_and_carry_nothing_else(image_set: ImageSet) -> None:
    page = baked(material(make_space(images=24), pixels=image_set.pixels, rows=np.arange(24)))
    assert page.thumbnails is not None
    sheet = page.thumbnails.sheet
    with Image.open(BytesIO(sheet.jpeg)) as image:
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        pixels = np.asarray(image.convert("RGB")).astype(int)
    assert tiles_of(sheet).shape == (25, 16, 16, 3)
    for dot in (0, 5, 23):
        row, column = divmod(dot, sheet.columns)
        tile = pixels[row * sheet.cell :, column * sheet.cell :][: sheet.side, : sheet.side]
        assert (tiles_of(sheet)[dot] == tile).all()
        assert np.abs(tile - image_set.pixels[page.dots.indices[dot]]).mean() < 8


def test_of_very_many_images_each_class_shows_as_large_a_share() -> None:
    labels = np.repeat([0, 1, 2], [90_000, 9_900, 100])
    rng = np.random.default_rng(0)
    points = rng.normal(size=(100_000, 2)).astype(np.float32)
    points[-1] = np.nan
    points[0] = 1e6  # a stray
    dots = choose_dots(points, labels)
    assert dots.known == 99_999
    assert len(dots.indices) + dots.outside == 10_000
    counts = np.bincount(labels[dots.indices], minlength=3)
    assert (np.abs(counts - [9_000, 990, 10]) <= 2).all()
    left, bottom, right, top = dots.view
    assert right - left < 12  # whatever the stray is
    places = dots.places / FINEST * (right - left, top - bottom) + (left, bottom)
    assert np.abs(places - points[dots.indices]).max() < 1e-3
    assert len(np.unique(thinned(np.arange(100), labels[:100], 200))) == 100


def test_what_is_left_out_is_said() -> None:
    page = baked(material(make_space(images=11_000, network="linear")))
    shown, outside = len(page.dots.indices), page.dots.outside
    assert shown + outside == 10_000
    assert f"{shown:,} of 11,000 images shown, of each class as large a share; {outside} lies beyond" in page.said(
        WITHOUT
    )
    many = tuple(direction(f"number {each}", 1, 0) for each in range(9))
    text = baked(material(make_space(), directions=many)).file(WITHOUT).decode()
    assert "6 of the run&#x27;s 9 directions are here." in text
    assert "number 5" in text
    assert "number 6" not in text


def test_a_model_too_large_for_a_browser_is_drawn_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "MOST_NUMBERS", 10)
    monkeypatch.setattr(sheets, "LARGEST_SHEET", 1024)
    space = make_space(size=256, channels=1, latent_dims=3, images=30, network="conv")
    page = baked(material(space, directions=(direction("x", 1, 0, 0),)))
    assert isinstance(page.drawing, FromSheets)
    assert (page.drawing.places, page.drawing.sheets[0].side) == (12, 128)
    text = page.file(WITHOUT).decode()
    assert "12 × 12 places of the map at 128 × 128 pixels (the model&#x27;s have 256 × 256)" in text
    assert f"softer than the model&#x27;s own, by {page.drawing.off:.1f} of 255 levels" in text
    assert page.drawing.off > 0
    assert "directions leave the map" in text
    assert "Between places: blended" in text


def test_what_is_said_of_blending_is_found_by_bilinear_blending() -> None:
    """SciPy's is another's."""
    rng = np.random.default_rng(0)
    tiles = rng.integers(0, 256, (49, 2, 2, 1)).astype(np.uint8)
    view = (-1.0, -2.0, 3.0, 5.0)
    points = rng.uniform((-1, -2), (3, 5), (20, 2)).astype(np.float32)
    at = (5 - points[:, 1]) / 7 * 6, (points[:, 0] + 1) / 4 * 6
    for row, column in np.ndindex(2, 2):
        levels = tiles[:, row, column, 0].reshape(7, 7).astype(float)
        expected = map_coordinates(levels, at, order=1)
        assert np.abs(sheets.blended(tiles, points, view)[:, row, column, 0] - expected).max() < 1e-3


def test_weights_of_half_the_size_are_taken_only_where_no_picture_shows_it() -> None:
    fine = baked(material(make_space())).drawing
    assert isinstance(fine, ByModel)
    assert (fine.is_half, fine.off <= 1) == (True, True)
    space = make_space(network="linear", likelihood="gaussian")
    for weight in space.vae.decoder.parameters():
        weight.data.mul_(1e6)  # beyond the largest float16
    coarse = baked(material(space)).drawing
    assert isinstance(coarse, ByModel)
    assert not coarse.is_half


@pytest.mark.parametrize("count", [1, 200, 1000])
def test_one_class_or_very_many(count: int) -> None:
    classes = tuple(f"kind {number}" for number in range(count))
    page = baked(material(make_space(images=800, classes=classes, conditional="class")))
    there, text = len(np.unique(page.material.labels)), page.file(WITHOUT).decode()
    assert text.count("<li>") == (0 if count == 1 else min(there, 256))
    assert (f"and {there - 256:,} smaller ones" in text) == (count == 1000)
    assert len(page.verdicts.verdicts) <= 16


def test_a_page_can_be_mailed_however_little_its_images_compress() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (4_000, 32, 32, 3), np.uint8)
    page = baked(material(make_space(images=4_000), pixels=pixels, rows=np.arange(4_000)))
    assert len(page.file(PageChoices())) <= LARGEST
    assert page.thumbnails is not None
    assert page.thumbnails.sheet.side == 16


def test_the_command_says_what_is_wrong(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theirs = tmp_path / "theirs.html"
    theirs.write_text("<!doctype html><p>a letter")
    assert main(["share", str(run), "--out", str(theirs)]) == 1
    assert "Latentscape did not save it" in capsys.readouterr().err
    assert theirs.read_text() == "<!doctype html><p>a letter"
    assert main(["share", str(run), "--out", str(tmp_path / "page.htm")]) == 1
    assert "does not end in .html" in capsys.readouterr().err
    assert main(["share", str(run), "--out", str(tmp_path / "copy"), "--without-pictures"]) == 2
    assert "those flags are for a page" in capsys.readouterr().err
    assert not (tmp_path / "copy").exists()


def test_a_page_has_the_name_that_the_run_was_given(run: Path, tmp_path: Path) -> None:
    name_run(run, "Discs & <more>")
    try:
        assert main(["share", str(run), "--out", str(tmp_path / "page.html"), "--without-pictures"]) == 0
        assert b"<title>Discs &amp; &lt;more&gt;</title>" in (tmp_path / "page.html").read_bytes()
    finally:
        name_run(run, "")


def test_a_run_whose_images_are_gone_says_so_and_can_do_without(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy, out = tmp_path / "copy", tmp_path / "page.html"
    assert main(["share", str(run), "--out", str(copy)]) == 0  # which is told of no place
    capsys.readouterr()
    assert main(["share", str(copy), "--out", str(out)]) == 1
    assert "--without-pictures" in capsys.readouterr().err
    assert not out.exists()
    assert main(["share", str(copy), "--out", str(out), "--without-pictures"]) == 0
    assert b"no copy of any image" in out.read_bytes()
