"""Every picture can be found again, and made again byte for byte by the command that is copied."""

import shlex
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.commands import main
from core.export.command_lines import decode_command, z_in
from core.export.pictures import exact, facts_of, read_picture_facts, save_picture
from core.latent.latent_space import LatentSpace
from core.latent.open_run import open_run
from core.model.one_core import use_one_core
from core.training.checkpoints import newest_manifest

SMALL = shlex.split("--latent-dims 5 --image-size 16 --width 8 --network conv --batch-size 8 --device cpu --epochs 1")


@pytest.fixture(scope="module")
def runs(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A finished run without and with classes; tests only read them."""
    home = tmp_path_factory.mktemp("a home with spaces")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTSCAPE_HOME", str(home))
        for kind in ("none", "class"):
            words = ["train", str(folder), "--run", str(home / kind), "--conditional", kind, *SMALL]
            assert main(words) == 0
    return {kind: home / kind for kind in ("none", "class")}


def saved_by_the_window(run: Path, space: LatentSpace, z: np.ndarray, path: Path) -> None:
    """As `Viewing` decodes and `Dialogs` saves: in another thread, on one core."""

    def decode() -> np.ndarray:
        use_one_core()
        return space.decode(z[None])[0]

    with ThreadPoolExecutor(1) as threads:
        pixels = threads.submit(decode).result()
    save_picture(path, pixels, facts_of(run.name, space, z=exact(z)))


@pytest.mark.parametrize("kind", ["none", "class"])
@pytest.mark.parametrize("scale", [1.0, 1e-6, 30.0])
def test_the_copied_command_makes_the_same_file(
    runs: dict[str, Path], tmp_path: Path, kind: str, scale: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_run(runs[kind])
    space = opened.latent_space.with_label(1) if kind == "class" else opened.latent_space
    z = (scale * np.random.default_rng(int(scale)).standard_normal(5)).astype(np.float32)
    saved_by_the_window(runs[kind], space, z, tmp_path / "window.png")
    monkeypatch.chdir(tmp_path)
    command = decode_command(runs[kind], z, space.classes[1] if kind == "class" else "")
    assert main(shlex.split(command)[1:]) == 0
    assert (tmp_path / "picture.png").read_bytes() == (tmp_path / "window.png").read_bytes()


def test_a_picture_carries_its_exact_place_and_its_model(runs: dict[str, Path], tmp_path: Path) -> None:
    space = open_run(runs["class"]).latent_space
    z = np.random.default_rng(0).standard_normal(5).astype(np.float32)
    saved_by_the_window(runs["class"], space, z, tmp_path / "a.png")
    facts = read_picture_facts(tmp_path / "a.png")
    assert np.array(facts["z"], np.float32).tobytes() == z.tobytes()
    assert facts["model"] == newest_manifest(runs["class"])["sha256"]["model.safetensors"]
    assert len(facts["model"]) == 64
    assert facts["class"] == "blue"
    assert facts["run"] == "class"
    assert facts["latentscape"]


def test_a_moment_of_training_that_is_not_saved_names_no_model(runs: dict[str, Path]) -> None:
    space = open_run(runs["none"]).latent_space
    object.__setattr__(space, "fingerprint", "")
    assert "model" not in facts_of("run", space)


def test_a_sheet_knows_its_model_too(runs: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    assert main(["sample", str(runs["none"]), "--count", "2", "--out", str(out)]) == 0
    assert read_picture_facts(out)["model"] == open_run(runs["none"]).latent_space.fingerprint


def test_the_command_itself_can_be_pasted_as_a_place(runs: dict[str, Path]) -> None:
    z = np.array([0.1, -2e-7, 3.0, -4.5, 1e9], np.float32)
    pasted = z_in(decode_command(runs["none"], z, "a class"))
    assert pasted is not None
    assert pasted.tobytes() == z.tobytes()


@pytest.mark.parametrize("text", ["", "hello", "1 2 nan", "1e400", "--z", "--z --out a.png", "0x10"])
def test_text_that_is_no_place_is_none(text: str) -> None:
    assert z_in(text) is None


@pytest.mark.parametrize("text", ["0.5 -1.2", "0.5, -1.2", " 0.5\n-1.2 "])
def test_numbers_are_a_place(text: str) -> None:
    z = z_in(text)
    assert z is not None
    assert z.tolist() == pytest.approx([0.5, -1.2])
