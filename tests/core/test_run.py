"""`from core import open_run`: what a script or a notebook does with a run; README's lines as they stand there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import core
from core import Run, open_run
from core.config import RunConfig
from core.errors import ConfigError, ImagesError, RunError
from core.images.image_set import ImageSet
from core.training.train import train
from tests.rights import python_path

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(scope="module")
def run() -> Run:
    return open_run()


@pytest.mark.long
def test_readmes_lines_run_as_a_plain_script(tmp_path: Path) -> None:
    (lines,) = re.findall(r"```python\n(from core import open_run\n.*?)```", README.read_text(), re.DOTALL)
    random = np.random.default_rng(0)
    for name in ("anna.jpg", "ben.png"):
        Image.fromarray(random.integers(0, 256, (90, 70, 3), np.uint8)).save(tmp_path / name)
    (tmp_path / "script.py").write_text(lines)
    _run_script(tmp_path / "script.py")
    with Image.open(tmp_path / "made-up.png") as sheet:
        assert sheet.size > (256, 256)


def test_a_script_without_a_main_guard_reads_images_once(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    for number in range(12):
        Image.new("RGB", (20, 20), (20 * number, 0, 0)).save(tmp_path / "pictures" / f"{number}.png")
    (tmp_path / "script.py").write_text(
        "print('begins')\n"
        "from core.config import ImagesConfig\n"
        "from core.images.image_set import build_image_set\n"
        "for report in build_image_set('pictures', ImagesConfig(image_size=16)): pass\n"
        "print(len(report.image_set), 'images')\n"
    )
    assert _run_script(tmp_path / "script.py").split("\n")[:2] == ["begins", "12 images"]


def _run_script(script: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": python_path(), "LATENTSCAPE_HOME": str(script.parent / "home")}
    command = [sys.executable, script.name]
    done = subprocess.run(command, cwd=script.parent, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_is_decoded_comes_back_near_where_it_was(run: Run) -> None:
    pictures = run.decode(run.codes[:5])
    assert pictures.shape == (5, *run.image_shape)
    assert pictures.dtype == np.uint8
    means, log_variances = run.posterior(pictures)
    np.testing.assert_array_equal(means, run.encode(pictures))
    assert log_variances.shape == (5, run.latent_dims)
    assert np.linalg.norm(means - run.codes[:5], axis=1).max() < 0.5 * np.linalg.norm(run.codes.std(axis=0))
    assert np.abs(run.decode(run.codes[0])[0].astype(int) - pictures[0]).max() <= 1  # alone it is rounded otherwise
    np.testing.assert_array_equal(run.decode(run.at([0.5, -1.0])), run.decode(run.at(np.array([[0.5, -1.0]]))))


def test_a_picture_is_a_file_an_image_or_an_array(run: Run, tmp_path: Path) -> None:
    pixels = run.decode(run.codes[3])[0]
    path = tmp_path / "a.png"
    Image.fromarray(pixels).save(path)
    each = run.encode([path, str(path), Image.fromarray(pixels), pixels])
    np.testing.assert_allclose(each, np.repeat(run.encode(pixels[None]), 4, axis=0), atol=1e-4)  # rounded otherwise
    grey = Image.new("L", (100, 40), 128)
    np.testing.assert_array_equal(run.encode([grey]), run.encode([np.asarray(grey)]))
    assert run.encode([]).shape == (0, run.latent_dims)


def test_samples_are_those_of_the_window(run: Run) -> None:
    np.testing.assert_array_equal(run.sample(4, seed=2), run.latent_space.sample(4, 2, "mixture"))
    np.testing.assert_array_equal(run.sample(4, prior="normal"), run.latent_space.sample(4, 0, "normal"))


def test_the_table_has_a_row_an_image(image_set: ImageSet, config: RunConfig, tmp_path: Path) -> None:
    list(train(image_set, config, tmp_path / "run"))
    table = open_run(tmp_path / "run").table()
    assert list(table)[:6] == ["file", "class", "held_out", "z1", "z2", "z3"]
    assert {len(column) for column in table.values()} == {len(image_set)}
    assert table["file"] == list(image_set.names)
    assert [image_set.classes[label] for label in image_set.labels] == list(table["class"])
    np.testing.assert_array_equal(table["held_out"], image_set.held_out)


def test_pictures_are_shown_side_by_side(run: Run) -> None:
    height, width, _ = run.image_shape
    assert run.show(run.decode(run.codes[:6]), columns=3).size == (3 * width + 4, 2 * height + 2)
    assert run.show(run.decode(run.codes[0]), scale=3).size == (3 * width, 3 * height)


def test_what_cannot_be_done_is_a_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "note.png").write_text("no picture")
    with pytest.raises(RunError, match="There is no run in"):
        open_run(tmp_path)
    with pytest.raises(ConfigError, match=f"z must have {run.codes.shape[1]} numbers a picture"):
        run.decode(np.zeros((2, 3)))
    with pytest.raises(ConfigError, match="does not depend on a class"):
        run.decode(run.codes[0], class_name="cat")
    with pytest.raises(ConfigError, match=r"A picture is uint8 of shape .* and one is float64"):
        run.encode([np.zeros((8, 8, 3))])
    with pytest.raises(ImagesError):
        run.encode([tmp_path / "note.png"])


def test_only_what_is_public_is_there(run: Run) -> None:
    assert set(core.__all__) == {"Run", "open_run"}
    assert f"4,000 images of 64 × 64 × 3, {run.codes.shape[1]} latent dims" in repr(run)
    with pytest.raises(AttributeError, match="no attribute 'trained'"):
        core.trained  # noqa: B018
