import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from explorer.picture.reconstructions_panel import GAP, SEAM, ReconstructionsPanel, tile_grid


@pytest.fixture
def panel(qtbot) -> ReconstructionsPanel:
    panel = ReconstructionsPanel()
    qtbot.addWidget(panel)
    panel.resize(600, 240)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def plain(count: int, level: tuple[int, int, int]) -> np.ndarray:
    return np.broadcast_to(np.array(level, np.uint8), (count, 8, 8, 3))


def column_of(panel: ReconstructionsPanel, x: int) -> list[QColor]:
    shot = panel.grab().toImage()
    return [shot.pixelColor(x, y) for y in range(shot.height())]


def test_each_original_stands_above_its_reconstruction(panel):
    panel.show_pairs(plain(1, (255, 0, 0)), plain(1, (0, 255, 0)), ["a.png"])
    colours = column_of(panel, 300)
    assert 0 < colours.index(QColor(255, 0, 0)) < colours.index(QColor(0, 255, 0))


def test_at_most_sixteen_pairs_and_new_ones_replace_old_ones(panel):
    panel.show_pairs(plain(40, (255, 0, 0)), plain(40, (255, 0, 0)), [str(i) for i in range(40)])
    assert "16 pairs" in panel.accessibleDescription()
    panel.grab()
    panel.show_pairs(plain(2, (0, 0, 255)), plain(2, (0, 0, 255)), ["a", "b"])
    shot = panel.grab().toImage()
    seen = {shot.pixel(x, y) for x in range(0, 600, 3) for y in range(0, 240, 3)}
    assert QColor(0, 0, 255).rgb() in seen
    assert QColor(255, 0, 0).rgb() not in seen


def test_the_name_of_the_pair_under_the_pointer_is_told_whole(panel):
    panel.show_pairs(plain(2, (9, 9, 9)), plain(2, (9, 9, 9)), ["a/long_name.png", "b.png"])
    places = panel._places()
    assert panel._name_at(places[0].center()) == "a/long_name.png"
    assert panel._name_at(places[1].center()) == "b.png"


def test_a_failure_takes_the_pictures_away(panel):
    panel.show_pairs(plain(1, (255, 0, 0)), plain(1, (255, 0, 0)), ["a"])
    panel.show_failure("No finite numbers left.")
    assert panel.accessibleDescription() == "No finite numbers left."
    assert QColor(255, 0, 0) not in column_of(panel, 300)


@given(pairs=st.integers(1, 16), width=st.integers(320, 2000), height=st.integers(320, 1200))
def test_no_tile_is_cut_off(pairs, width, height):
    line = 15
    columns, side = tile_grid(pairs, width, height, line)
    rows = -(-pairs // columns)
    if side == 8:
        return
    assert columns * (side + GAP) + GAP <= width + GAP
    assert rows * (2 * side + SEAM + line + GAP) + GAP <= height
