"""Names are found as one types them, whatever letters they have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.images.image_names import Names
from core.images.name_search import NameSearch

NAMES = ["cats/Tabby.png", "cats/tiger.PNG", "dogs/a cat.png", "Übung/straße.jpg", "dogs/odd\udcff.png"]
PARTS = st.text(st.sampled_from("abAB/. é"), min_size=1, max_size=6)


def found(query: str) -> list[str]:
    return [NAMES[index] for index in NameSearch(Names.of(NAMES)).find(query)]


def test_words_are_found_in_any_case_and_order() -> None:
    assert found("TIGER cats") == ["cats/tiger.PNG"]
    assert found("STRASSE über") == []
    assert found("STRASSE üb") == ["Übung/straße.jpg"]
    assert found("   ") == []
    assert found("zebra") == []


def test_a_file_called_so_comes_before_its_folder() -> None:
    assert found("cat") == ["dogs/a cat.png", "cats/Tabby.png", "cats/tiger.PNG"]
    assert found("a") == ["dogs/a cat.png", "cats/Tabby.png", "Übung/straße.jpg", "cats/tiger.PNG"]


def test_a_file_has_one_place_by_its_exact_name() -> None:
    search = NameSearch(["A.png", "a.png", "folder/a.png", "odd\udcff.png"])
    assert [search.place_of(name) for name in ("a.png", "A.png", "folder/a.png", "odd\udcff.png")] == [1, 0, 2, 3]
    assert search.place_of(".png") is None
    assert NameSearch(()).place_of("a") is None
    assert len(NameSearch(()).find("a")) == 0


@given(st.lists(PARTS, max_size=20), PARTS)
def test_as_many_are_found_as_have_the_words(names: list[str], query: str) -> None:
    expected = {
        i for i, name in enumerate(names) if query.split() and all(w in name.lower() for w in query.lower().split())
    }
    indices = NameSearch(names).find(query)
    assert set(indices.tolist()) == expected
    assert len(indices) == len(expected)


@pytest.mark.parametrize("count", [4095, 4096, 4097, 9000])
def test_every_name_is_searched_however_many(count: int) -> None:
    search = NameSearch(Names.of(f"{number}.png" for number in range(count)))
    np.testing.assert_array_equal(np.sort(search.find("png")), np.arange(count))
    assert search.place_of(f"{count - 1}.png") == count - 1
