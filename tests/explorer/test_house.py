"""Doors that import-linter cannot say: panels know records alone, controllers no widget, the table every feature."""

import ast
from pathlib import Path

import explorer

HOUSE = Path(explorer.__file__).parent


def imported(file: Path) -> set[str]:
    tree = ast.parse(file.read_text("utf-8"))
    froms = (each.module or "" for each in ast.walk(tree) if isinstance(each, ast.ImportFrom))
    plain = (name.name for each in ast.walk(tree) if isinstance(each, ast.Import) for name in each.names)
    return {*froms, *plain}


def test_panels_know_of_core_only_its_records() -> None:
    """Rooms whose code does something; what is imported for its type alone does nothing."""
    at_work = tuple(
        f"core.{room}" for room in ("commands", "evaluation", "export", "images", "latent", "model", "training")
    )
    panels = [*HOUSE.rglob("panel.py"), *HOUSE.rglob("*_panel.py")]
    assert len(panels) > 12
    assert not [f"{file}: {each}" for file in panels for each in imported(file) if each.startswith(at_work)]


def test_controllers_and_the_workspace_know_no_widget() -> None:
    widgetless = [*HOUSE.rglob("*controller.py"), *(HOUSE / "workspace").glob("*.py")]
    assert len(widgetless) > 30
    assert not [file.name for file in widgetless if "PySide6.QtWidgets" in imported(file)]


def test_every_feature_is_in_the_table_and_no_file_of_one_is_left_over() -> None:
    table = (HOUSE / "features.py").read_text("utf-8")
    files = [*HOUSE.rglob("feature.py"), *HOUSE.rglob("*_feature.py")]
    modules = {".".join(["explorer", *file.relative_to(HOUSE).with_suffix("").parts]) for file in files}
    of_the_map = {each for each in modules if each.startswith("explorer.map.") and each != "explorer.map.feature"}
    assert not [each for each in modules - of_the_map if f"from {each} import" not in table]
