"""How safely files are taken in that nobody here wrote: a table of what became of them, by corpus, and one of bombs.

Every file goes through one worker, whatever it is, to 64 × 64. Needs tests/odd_files.sh to have been run, on Linux.
"""

import json
import random
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from core.images.decoding.target import Target
from core.images.decoding.worker_process import Decoded
from core.images.decoding.workers import decode_files
from core.skipped_file import Skipped
from tests.core.images.decoding.bombs import BOMBS
from tests.core.images.decoding.odd_files import CACHE, CORPORA, decode_and_tell, everything_in
from tests.core.images.decoding.test_bombs import LIMIT_MB, LIMIT_SECONDS, measured, written
from tests.core.images.decoding.test_odd_files import WHOLE, damaged

TARGET = Target(64, 3)
UNCAUGHT = ("crashed the decoder", "took too long")
MADE, SEED = 4_000, 0
MOST_MB, MOST_SECONDS = 500, 5.0


def made_damage(folder: Path) -> Path:
    """Files of every format, each with some bits flipped and some bytes cut off."""
    chance = random.Random(SEED)
    for number in range(MADE):
        kind = chance.choice(sorted(WHOLE))
        cut = chance.choice([0, 0, chance.randrange(len(WHOLE[kind]))])
        flips = [chance.randrange(8 * len(WHOLE[kind])) for _ in range(chance.randrange(8))]
        (folder / f"{number}.{kind}").write_bytes(damaged(kind, cut, flips))
    return folder


@pytest.mark.parametrize("corpus", [*CORPORA, "made damage"])
def test_odd_files(corpus: str, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    folder = made_damage(tmp_path / "made") if corpus == "made damage" else CACHE / corpus
    if not folder.is_dir():
        pytest.skip(f"{corpus} is not there: run tests/odd_files.sh")
    (tmp_path / "pixels").touch()
    told = partial(decode_and_tell, tmp_path / "measures")
    names = sorted(everything_in(folder))
    running = decode_files(folder, enumerate(names), tmp_path / "pixels", TARGET, workers=1, decode_one=told)
    found = [outcome for some in running for outcome in some]
    reasons = Counter(each.reason for each in found if isinstance(each, Skipped))
    used, uncaught = sum(isinstance(each, Decoded) for each in found), sum(reasons[reason] for reason in UNCAUGHT)
    measures = [json.loads(line) for line in (tmp_path / "measures").read_text().splitlines()]
    slowest, peak = max(measures, key=lambda each: each[1]), max(each[2] for each in measures)
    print(f"\n{corpus}: {len(names)} files, {used} used, {len(found) - used} listed, {uncaught} uncaught,")
    print(f"  peak memory {peak:.0f} MB, slowest {slowest[1]:.3f} s ({Path(slowest[0]).name}); {dict(reasons)}")
    assert len(found) == len(names)
    assert uncaught == 0
    assert peak < MOST_MB
    assert slowest[1] < MOST_SECONDS


def test_bombs(tmp_path: Path) -> None:
    found = measured(written(tmp_path))
    print()
    for name, (reason, seconds, megabytes) in sorted(found.items()):
        size = (tmp_path / "bombs" / name).stat().st_size
        print(f"{name:20} {size / 1000:9.1f} kB  {1000 * seconds:6.2f} ms  {megabytes:5.1f} MB  {reason}")
    assert set(found) == set(BOMBS)
    assert all(seconds < LIMIT_SECONDS and megabytes < LIMIT_MB for _, seconds, megabytes in found.values())
