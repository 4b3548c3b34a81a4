"""What becomes of foreign models."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.imported.examination import examine
from core.imported.import_model import ImportPlan, import_model
from core.imported.trial import Tried
from core.returned import returned
from tests.foreign_models import Foreign


@pytest.fixture(scope="session")
def tried(foreign: dict[str, Foreign]) -> dict[str, Tried]:
    """What was found out about each, by name."""
    return {name: returned(examine(each.decoder, each.encoder)) for name, each in foreign.items()}


@pytest.fixture
def opened_as_run(foreign: dict[str, Foreign], tried: dict[str, Tried], folder: Path) -> Callable[[str], Path]:
    """The run that a foreign model becomes in this test's own home, with the discs where it can encode them."""

    def run_of(name: str) -> Path:
        model = foreign[name]
        data = str(folder) if model.encoder else ""
        return returned(import_model(ImportPlan(model.decoder, model.encoder, tried[name].settings, data)))

    return run_of
