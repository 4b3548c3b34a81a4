"""What a person marked is there next time, as it was, whatever became of the images."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RunError
from core.exploration import Bookmark, Direction, Exploration, Group, LatentPath
from core.latent.plane import principal_plane
from core.training.exploration_file import EXPLORATION, read_exploration, write_exploration

NAMES = [f"class/{number:03}.png" for number in range(20)]
DIMS = 4


def made() -> Exploration:
    random = np.random.default_rng(0)
    z = random.normal(size=(9, DIMS)).astype(np.float32)
    return Exploration(
        z=z[0],
        class_name="smile",
        plane=principal_plane(random.normal(size=(50, DIMS)).astype(np.float32)),
        selection=np.array([1, 5, 19]),
        groups=(Group("odd “ones”\n", np.array([3, 4])),),
        directions=(
            Direction("smiling", z[1], "smiles", "frowns", (12, 30), 0.93, 4.5),
            Direction("x", z[2], "", "", (1, 1)),
        ),
        paths=(LatentPath("walk", "geodesic", z[3:6], 24, True, "smile"),),
        bookmarks={1: Bookmark(z[7], "smile"), 9: Bookmark(z[8])},
    )


def flat(value: object) -> object:
    """Arrays as lists, records as dictionaries: what can be compared by ==."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple | list):
        return [flat(each) for each in value]
    if isinstance(value, dict):
        return {key: flat(each) for key, each in value.items()}
    return flat(vars(value)) if hasattr(value, "__dataclass_fields__") else value


def test_everything_marked_is_read_back_exactly(tmp_path: Path) -> None:
    write_exploration(tmp_path, made(), NAMES)
    assert flat(read_exploration(tmp_path, NAMES, DIMS)) == flat(made())


def test_a_run_where_nothing_was_marked_opens_with_nothing(tmp_path: Path) -> None:
    assert flat(read_exploration(tmp_path, NAMES, DIMS)) == flat(Exploration())


def test_selected_images_are_found_again_in_another_order_and_gone_ones_left_out(tmp_path: Path) -> None:
    write_exploration(tmp_path, made(), NAMES)
    others = [name for name in reversed(NAMES) if name != NAMES[5]]
    found = read_exploration(tmp_path, others, DIMS).selection
    assert [others[index] for index in found] == [NAMES[19], NAMES[1]]


def test_most_images_are_kept_by_the_few_that_are_not_among_them(tmp_path: Path) -> None:
    names, chosen = [f"{number}.png" for number in range(1000)], np.delete(np.arange(1000), [3, 998])
    write_exploration(tmp_path, Exploration(selection=chosen, groups=(Group("all", np.arange(1000)),)), names)
    found = read_exploration(tmp_path, names, DIMS)
    assert found.selection.tolist() == chosen.tolist()
    assert found.groups[0].indices.tolist() == list(range(1000))
    assert (tmp_path / EXPLORATION).stat().st_size < 1000


def test_the_file_can_be_read_by_a_person(tmp_path: Path) -> None:
    write_exploration(tmp_path, made(), NAMES)
    content = json.loads((tmp_path / EXPLORATION).read_text())
    assert content["selection"] == [NAMES[1], NAMES[5], NAMES[19]]
    assert content["directions"][0]["name"] == "smiling"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 99}', "null", '{"format": "x"}'])
def test_a_damaged_file_is_a_sentence_and_is_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / EXPLORATION).write_text(text)
    with pytest.raises(RunError, match=EXPLORATION):
        read_exploration(tmp_path, NAMES, DIMS)
    assert (tmp_path / EXPLORATION).read_text() == text


def test_what_was_marked_in_another_space_is_refused(tmp_path: Path) -> None:
    write_exploration(tmp_path, made(), NAMES)
    with pytest.raises(RunError, match="is damaged"):
        read_exploration(tmp_path, NAMES, DIMS + 1)


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 10_000), to=st.sampled_from(["0", "9", "[", "}", '"', "null", "x", "-"]))
def test_any_changed_letter_is_read_or_refused_but_never_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, at: int, to: str
) -> None:
    folder = tmp_path_factory.mktemp("run")
    write_exploration(folder, made(), NAMES)
    text = (folder / EXPLORATION).read_text()
    (folder / EXPLORATION).write_text(text[: at % len(text)] + to + text[at % len(text) + 1 :])
    try:
        found = read_exploration(folder, NAMES, DIMS)
    except RunError:
        return
    assert found.z is None or found.z.shape == (DIMS,)
