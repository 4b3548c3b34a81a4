"""A name that comes back changed is a file that is lost."""

import os
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.images.image_names import Names, NamesFile
from core.images.natural_order import natural_key

# What Linux allows in a name: every byte but the stroke and zero.
FILE_NAMES = st.binary(min_size=1, max_size=255).map(lambda name: name.replace(b"/", b"-").replace(b"\0", b"-"))


@pytest.mark.skipif(sys.platform != "linux", reason="names are any bytes only there")
@given(st.lists(FILE_NAMES, max_size=30))
def test_names_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, encoded: list[bytes]) -> None:
    names = [os.fsdecode(name) for name in encoded]
    folder = tmp_path_factory.mktemp("names")
    with NamesFile(folder) as file:
        file.add(names[:3])
        file.add(iter(names[3:]))
    for found in (Names.of(names), Names.read(folder)):
        assert list(found) == names
        assert [found[index] for index in range(-len(names), len(names))] == names * 2
        assert found[1:20:3] == names[1:20:3]
        assert found == names
        assert found == Names.of(names)


def test_more_names_than_a_block_are_all_there() -> None:
    names = [f"picture {index}.png" for index in range(10_000)]
    found = Names.of(names)
    assert list(found) == names
    assert found[np.int64(9_999)] == "picture 9999.png"
    assert found.index("picture 8000.png") == 8000
    assert found != names[:-1]
    assert found != Names.of(names[::-1])
    with pytest.raises(IndexError):
        found[10_000]


@pytest.mark.skipif(sys.platform != "linux", reason="names are any bytes only there")
@given(st.lists(FILE_NAMES, unique=True, max_size=30))
def test_different_names_never_sort_alike(encoded: list[bytes]) -> None:
    assert len({natural_key(os.fsdecode(name)) for name in encoded}) == len(encoded)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_numbers_in_names_sort_by_their_size(one: int, other: int) -> None:
    assert (natural_key(f"a{one}.png") < natural_key(f"a{other}.png")) == (one < other)
