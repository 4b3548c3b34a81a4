"""Single bits that turn, and files that are cut off: in every file of a run, one after the other."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.exploration import Exploration
from core.shell_line import shell_line
from core.training.damage import all_damages_of
from core.training.exploration_file import write_exploration
from core.training.mend import mend
from core.training.run_name import name_run
from tests.torture.conftest import Figure
from tests.torture.trying import Trier


@pytest.fixture(scope="module")
def whole(kept: Path, trier: Trier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two generations with a file of every kind."""
    run = shutil.copytree(kept / "run", tmp_path_factory.mktemp("whole") / "run")
    assert trier("resume", run).how == "done"
    name_run(run, "moths")
    write_exploration(run, Exploration(), ())
    assert all_damages_of(run) == ()
    assert len(list(run.glob("checkpoints/step_*"))) == 2
    return run


@pytest.mark.timeout(3600)
@pytest.mark.long
def test_damage_is_always_noticed_in_one_sentence(
    whole: Path, trier: Trier, tmp_path: Path, times: Callable[[int, int], int], figure: Figure
) -> None:
    chance, files = (
        random.Random(1),
        sorted(path for path in whole.rglob("*") if path.is_file() and path.stat().st_size),
    )
    tries, undetected, mended, tracebacks = times(6, 400), [], 0, []
    for number in range(tries):
        run = tmp_path / "run"
        shutil.rmtree(run, ignore_errors=True)
        path = run / files[(number // 2) % len(files)].relative_to(whole)
        shutil.copytree(whole, run)
        content = bytearray(path.read_bytes())
        if number % 2:
            del content[chance.randrange(len(content)) :]
        else:
            bit = chance.randrange(8 * len(content))
            content[bit // 8] ^= 1 << bit % 8
        path.write_bytes(content)
        tried = trier("inspect", run)
        tracebacks += [tried.said] * (tried.how not in ("done", "said"))
        if f"latentscape mend {shell_line([str(run)])}" not in tried.said:
            undetected.append((number, path.relative_to(run), tried.said))
        mend(run)
        mended += all_damages_of(run) == () and trier("inspect", run).how == "done"
    figure(
        "damage is always noticed",
        f"undetected {len(undetected)} / {tries}, half of them flips of a bit and half cuts, over {len(files)} files; "
        f"whole again after `latentscape mend` {mended} / {tries}",
    )
    assert (undetected, tracebacks, mended) == ([], [], tries)
