"""A checkpoint is found by whoever looks, also while another program is saving."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch

from core.training import checkpoints
from core.training.checkpoint_folder import Checkpoint
from core.training.checkpoints import load_checkpoint, newest_manifest, save_checkpoint


def save(run: Path, step: int) -> None:
    tensors = {"weights": torch.full((2,), float(step))}
    plane = {"kl_per_dim": torch.zeros(2), "plane_origin": torch.zeros(2), "plane_axes": torch.eye(2)}
    facts = {"step": step, "seconds": 1.0, "finished": False, "codes_exact": False, "image_set": "key"}
    checkpoint = Checkpoint(tensors, tensors, {"codes": torch.zeros(3, 2), **plane}, facts)
    save_checkpoint(run / "checkpoints", checkpoint)


@pytest.mark.parametrize("read", [newest_manifest, lambda run: load_checkpoint(run).facts], ids=["manifest", "whole"])
def test_who_reads_while_another_saves_finds_a_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[Path], Mapping[str, Any]]
) -> None:
    """Between the listing and the reading both of those that were listed make way for two new ones."""
    save(tmp_path, 1)
    save(tmp_path, 2)
    listing, later = checkpoints.generations, [4, 3]

    def overtaken(run: Path) -> list[Path]:
        folders = listing(run)
        while later:
            save(run, later.pop())
        return folders

    monkeypatch.setattr(checkpoints, "generations", overtaken)
    assert read(tmp_path)["step"] == 4


def test_where_none_is_whole_the_search_ends(tmp_path: Path) -> None:
    assert newest_manifest(tmp_path) == {}
    save(tmp_path, 1)
    (tmp_path / "checkpoints" / "step_000000001" / "manifest.json").write_text("{")
    assert newest_manifest(tmp_path) == {}
