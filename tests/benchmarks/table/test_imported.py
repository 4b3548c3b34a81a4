"""A model that was trained elsewhere beside the same network in PyTorch: trying it, opening it, decoding, a drag."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
import torch
from pytestqt.qtbot import QtBot

from core.export.grid import decode_grid
from core.imported.examination import examine
from core.imported.import_model import ImportPlan, import_model
from core.imported.trial import Tried
from core.latent.latent_space import LatentSpace
from core.latent.open_run import open_run
from core.latent.saved_space import load_latent_space
from core.model.one_core import use_one_core
from core.places import bundled_run
from core.returned import returned
from tests.benchmarks.table.conftest import Record
from tests.benchmarks.table.hand import PATIENCE, drag
from tests.benchmarks.table.rows import Row, reaching, sized
from tests.explorer.opened import Opened
from tests.foreign_models import export

SECONDS, ROUNDS, DECODES = sized((4.0, 5, 2_000), (0.5, 1, 20))
SQUARE, TILES = (-3.0, -3.0, 3.0, 3.0), 20
FRAME = "one frame of 60 Hz is 16.7 ms"
PEER = "PyTorch"


@pytest.fixture(scope="module")
def own() -> LatentSpace:
    """The run that ships with the program, in PyTorch."""
    return load_latent_space(bundled_run())


@pytest.fixture(scope="module")
def exported(own: LatentSpace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its decoder, as another program would export it."""

    class Decoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.vae = own.vae

        def forward(self, z: torch.Tensor) -> torch.Tensor:
            return self.vae.mean_image(z)

    return export(tmp_path_factory.mktemp("exported") / "faces.onnx", Decoder(), [torch.zeros(2, own.latent_dims)])


@pytest.fixture
def run(exported: Path) -> Path:
    """The run that it becomes."""
    tried: Tried = returned(examine(exported))
    return returned(import_model(ImportPlan(exported, None, tried.settings)))


def test_opening(exported: Path, run: Path, record: Record) -> None:
    tries, opens, peers = [], [], []
    for _ in range(ROUNDS):
        tries.append(seconds(lambda: returned(examine(exported))))
        opens.append(seconds(lambda: open_run(run)))
        peers.append(seconds(lambda: open_run(bundled_run())))
    record(Row("trying a model from elsewhere, in a process of its own", "s", tries, reaching(10.0)))
    record(Row("opening it, 64 px and 2,000 dots", "s", opens, None, f"a run with 4,000 dots in {PEER}", peers))


def test_decoding(run: Path, own: LatentSpace, record: Record) -> None:
    use_one_core()
    space = load_latent_space(run)
    z = np.random.default_rng(0).standard_normal((DECODES, space.latent_dims)).astype(np.float32)
    took = {id(each): [] for each in (space, own)}
    for row in z:  # turn and turn about
        for each in (space, own):
            took[id(each)].append(1_000 * seconds(lambda each=each, row=row: each.decode(row[None])))
    for part in (50, 99):
        ours, peers = ([float(np.percentile(took[id(each)], part))] for each in (space, own))
        record(Row(f"a picture of 64 px from elsewhere, p{part}", "ms", ours, reaching(16.0), PEER, peers))
    tiles: list[list[float]] = [[], []]
    for _ in range(ROUNDS):
        for found, each in zip(tiles, (space, own), strict=True):
            found.append(1_000 * seconds(lambda each=each: decode_grid(each, SQUARE, TILES)))
    record(Row(f"{TILES} × {TILES} tiles of it", "ms", tiles[0], None, PEER, tiles[1]))
    far = np.abs(space.decode(z[:400]).astype(int) - own.decode(z[:400])).max()
    record(Row(f"levels of 255 that it is off by, of {PEER}'s own", "", [float(far)], reaching(1.0)))


def test_dragging(qtbot: QtBot, program: Opened, run: Path, record: Record) -> None:
    late: dict[Path, list[list[float]]] = {run: [], bundled_run(): []}
    for _ in range(ROUNDS):
        for each, found in late.items():
            with qtbot.waitSignal(program.workspace.viewing.surroundings_found, timeout=PATIENCE):
                program.workspace.open_run(each)
            qtbot.waitUntil(lambda: program.workspace.learning.state == "finished", timeout=PATIENCE)
            found.append(drag(qtbot, program, SECONDS).late)
    for part in (50, 99):
        ours, peers = ([float(np.percentile(each, part)) for each in found] for found in late.values())
        said = f"drag to picture, a model from elsewhere: p{part}"
        record(Row(said, "ms", ours, reaching(16.0), PEER, peers, limit=FRAME))
    program.window.close()


def seconds(do: Callable[[], object]) -> float:
    began = perf_counter()
    do()
    return perf_counter() - began
