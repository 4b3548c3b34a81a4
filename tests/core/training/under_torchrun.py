"""What torchrun starts in the tests: `cases FILE` trains each configuration of a file; all else is the command line."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

from core.commands import main, torchrun_ranks
from core.config import RunConfig
from core.images.image_set import build_image_set
from core.reports.images import ImageSetReady
from core.torchrun import end, launched
from core.training import meter
from core.training.processes import joined
from core.training.rank_worker import assist
from core.training.train import train


def train_cases(file: Path) -> None:
    with joined() as processes:
        for name, content in json.loads(file.read_text(encoding="utf-8")).items():
            config = RunConfig.model_validate(content)
            *_, ready = build_image_set(config.source, config.images)
            assert isinstance(ready, ImageSetReady)
            if processes.leads:
                list(train(ready.image_set, config, file.parent / name, processes=processes))
            else:
                assist(ready.image_set, processes)


if __name__ == "__main__":
    meter.SOONEST = meter.SLOWING = 0.0  # every step reports
    if "LATENTSCAPE_TEST_OTHER_IMAGES" in os.environ and launched().rank == 1:
        as_they_are = torchrun_ranks.read_images
        torchrun_ranks.read_images = lambda *asked: replace(as_they_are(*asked), key="of another folder")
    if sys.argv[1] == "cases":
        train_cases(Path(sys.argv[2]))
        end(0)
    end(main(sys.argv[1:], None))
