"""`latentscape export`: a model for other programs, whole and as good as the run's own, or nothing at all."""

import getpass
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from PIL import Image
from safetensors.numpy import load_file, save_file

from core import open_run
from core.commands import main
from core.config import RunConfig
from core.errors import ConfigError, RunError
from core.export.onnx_model import export
from core.export.onnx_model.export import DOING, export_model
from core.export.onnx_model.own_images import own_images
from core.images.faces.face import draw_faces, sample_factors
from core.images.image_set import ImageSet
from core.images.named_sets.catalogue import FACES_COUNT, FACES_SEED
from core.places import bundled_run
from core.returned import returned
from core.training.checkpoint_folder import MANIFEST, MODEL
from core.training.checkpoints import newest_manifest
from core.training.checksums import begin_anew
from core.training.damage import vouched_files
from core.training.train import train
from tests import rights
from tests.torture.disks import small_disk

Output = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def run(image_set: ImageSet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read it only."""
    run = tmp_path_factory.mktemp("runs") / "discs"
    content = {
        "source": image_set.source,
        "images": {"image_size": 16, "held_out": 0.25},
        "model": {"latent_dims": 3, "width": 4, "network": "linear"},
        "training": {"epochs": 1, "batch_size": 6, "device": "cpu", "objective": "autoencoder"},
    }
    list(train(image_set, RunConfig.model_validate(content), run))
    return run


def in_this_process(patch: pytest.MonkeyPatch) -> None:
    """Not in one of its own, which takes five seconds to begin: those that are stopped have it, and the window's."""
    patch.setattr(export, "in_own_process", lambda generate, *arguments: generate(*arguments))


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    in_this_process(monkeypatch)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the command prints of the bundled run, whose images are drawn anew."""
    out = tmp_path_factory.mktemp("exports") / "model"
    with pytest.MonkeyPatch.context() as patch:
        in_this_process(patch)
        done = rights.command(["export", str(bundled_run()), "--out", str(out), "--json"], out.parent / "home")
    assert done.returncode == 0, done.stderr
    assert f"{DOING}  " in done.stderr
    assert {path.name for path in out.parent.iterdir()} <= {"home", "model"}  # and nothing hidden
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


def test_the_bundled_run_is_exported_and_compared(exported: dict[str, Any]) -> None:
    folder = Path(exported["folder"])
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    assert exported["files"] == sizes
    assert sizes.keys() == {"encoder.onnx", "decoder.onnx", "README.md"}
    assert (exported["opset"], exported["images"], exported["own_images"]) == (18, 100, True)
    assert 0.0 < exported["largest_difference"] <= 1e-4
    for name in ("encoder.onnx", "decoder.onnx"):
        said = {each.key: each.value for each in onnx.load(folder / name).metadata_props}
        assert said["checkpoint_sha256"] == newest_manifest(bundled_run())["sha256"][MODEL]
        assert (said["image_size"], said["channels"], said["layout"], said["range"]) == ("64", "3", "NCHW", "[0, 1]")
        assert json.loads(said["classes"]) == ["bald", "short", "fringe", "long", "curly", "bun"]
        assert said["likelihood"] == "gaussian-learned"


def test_the_card_has_the_layout_of_hubs_and_its_lines_run_as_they_stand(
    exported: dict[str, Any], tmp_path: Path
) -> None:
    shutil.copytree(exported["folder"], tmp_path, dirs_exist_ok=True)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    head, body = re.fullmatch(r"---\n(.*?)\n---\n(.*)", text, re.DOTALL).groups()
    assert re.fullmatch(r"library_name: onnx\ntags:\n(  - [a-z-]+\n?)+", head)
    assert "| encoder.onnx | image | in | float32 | N, 3, 64, 64 | pixels in [0, 1] |" in body
    (lines,) = re.findall(r"```python\n(.*?)```", body, re.DOTALL)
    face = open_run().decode(np.zeros(open_run().latent_dims, np.float32))[0]
    Image.fromarray(face).save(tmp_path / "picture.png")
    (tmp_path / "script.py").write_text(lines, encoding="utf-8")
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "decoded.png") as decoded:
        wanted = open_run().decode(open_run().encode([face]))[0]
        assert np.abs(np.asarray(decoded).astype(int) - wanted).max() <= 1


@pytest.mark.usefixtures("here")
def test_what_a_script_exports_says_nothing_of_the_machine(run: Path, image_set: ImageSet, tmp_path: Path) -> None:
    exported = open_run(run).export_onnx(tmp_path / "model")
    assert (exported.compared.images, exported.compared.are_own) == (len(image_set), True)
    names = ["encoder.onnx", "decoder.onnx", "README.md"]
    assert exported.files == tuple((name, (tmp_path / "model" / name).stat().st_size) for name in names)
    folder = Path(image_set.source)
    private = [str(folder), str(folder.parent), str(run.parent), str(tmp_path), f"/{getpass.getuser()}/", ".py"]
    for name in names[:2]:
        content = (tmp_path / "model" / name).read_bytes()
        assert not [word for word in private if word.encode() in content], name
    text = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    assert not [word for word in private[:-1] if word in text]
    assert f"Learned from: `/{folder.name}`" in text
    assert "It is a plain autoencoder" in text


def test_a_runs_own_images_are_those_it_learned_from(run: Path, image_set: ImageSet, tmp_path: Path) -> None:
    every = returned(own_images(run, 100))
    np.testing.assert_array_equal(every, image_set.pixels)
    np.testing.assert_array_equal(returned(own_images(run, 3)), image_set.pixels[[0, 12, 23]])
    moved = shutil.copytree(run, tmp_path / "moved")
    as_if_elsewhere(moved, image_set.source)
    assert returned(own_images(moved, 100)) is None


def test_a_named_sets_own_images_are_its_first() -> None:
    drawn = draw_faces(sample_factors(FACES_COUNT, FACES_SEED)[:7], 64)
    np.testing.assert_array_equal(returned(own_images(bundled_run(), 7)), drawn)


@pytest.mark.usefixtures("here")
def test_a_model_that_no_longer_makes_numbers_leaves_nothing_behind(run: Path, tmp_path: Path) -> None:
    broken = shutil.copytree(run, tmp_path / "broken")
    (folder,) = broken.glob("checkpoints/*")
    weights = load_file(folder / MODEL)
    save_file({name: np.full_like(each, 3e38) for name, each in weights.items()}, folder / MODEL)
    vouch_again(broken, folder)
    with pytest.raises(RunError, match="The model was not exported: on 24 images ONNX Runtime and PyTorch differ"):
        list(export_model(broken, tmp_path / "out"))
    assert [path.name for path in tmp_path.iterdir()] == ["broken"]


@pytest.mark.usefixtures("here")
def test_a_full_disk_is_a_sentence_and_leaves_nothing_behind(run: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "16k") as disk:
        with pytest.raises(RunError, match=r"cannot be written in .*: No space left on device"):
            list(export_model(run, disk / "model"))
        assert not [path for path in disk.iterdir() if path.name != "lost+found"]


def test_an_export_that_is_stopped_leaves_nothing_behind(run: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    exporting = export_model(run, tmp_path / "out")
    while next(exporting).doing != DOING:
        pass
    assert len(list(tmp_path.iterdir())) == 1  # hidden, while it is written
    exporting.close()
    assert not list(tmp_path.iterdir())
    assert time.monotonic() - began < 10.0


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_ends_the_command_at_once(run: Path, tmp_path: Path, home: Path) -> None:
    words = [sys.executable, "-m", "core", "export", str(run), "--out", str(tmp_path / "out")]
    working = subprocess.Popen(
        words, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": rights.python_path()}
    )
    assert working.stderr is not None
    for line in working.stderr:
        if line.startswith(DOING):
            break
    working.send_signal(signal.SIGINT)
    assert working.communicate()[1] == ""
    assert working.returncode == 130
    assert not list(tmp_path.iterdir())


def test_what_is_in_the_way_is_kept(run: Path, tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "README.md").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for out in ("model", "file"):
        assert main(["export", str(run), "--out", str(tmp_path / out)]) == 1
        assert capsys.readouterr().err == f"{tmp_path / out} is there already: name a new folder.\n"
    assert main(["export", str(run), "--out", str(tmp_path / "no" / "model")]) == 1
    assert capsys.readouterr().err == f"There is no folder {tmp_path / 'no'}: make one first, or choose another.\n"
    assert (tmp_path / "model" / "README.md").read_text(encoding="utf-8") == "mine"
    assert main(["export", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "is not a run" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_in_is_a_sentence(run: Path, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o555)
    done = rights.command(["export", str(run), "--out", str(tmp_path / "locked" / "model")], tmp_path / "home")
    assert done.returncode == 1
    assert done.stderr == f"{tmp_path / 'locked'} cannot be written in: Permission denied. Choose another folder.\n"


def test_without_the_exporter_it_is_said_what_to_install(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "find_spec", lambda name: None if name == "onnxscript" else object())
    with pytest.raises(ConfigError, match=r"not installed: pip install 'latentscape\[onnx\]'"):
        list(export_model(run, tmp_path / "out"))


def as_if_elsewhere(run: Path, source: str) -> None:
    """The run's images have gone."""
    path = run / "config.json"
    path.write_text(path.read_text().replace(json.dumps(source), json.dumps(f"{source} gone")))
    begin_anew(run, vouched_files(run))


def vouch_again(run: Path, checkpoint: Path) -> None:
    """For other weights, as if training had saved them."""
    manifest = json.loads((checkpoint / MANIFEST).read_text())
    manifest["sha256"][MODEL] = hashlib.sha256((checkpoint / MODEL).read_bytes()).hexdigest()
    (checkpoint / MANIFEST).write_text(json.dumps(manifest))
    begin_anew(run, vouched_files(run))
