"""The bar of planes alone: what the user did comes out, what there is goes in."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QSlider
from pytestqt.qtbot import QtBot

from explorer.map.plane.plane_bar import PlaneBar, PlaneShown, Way

SIX = tuple(f"z{index}" for index in range(1, 7))


@pytest.fixture
def bar(qtbot: QtBot) -> PlaneBar:
    bar = PlaneBar()
    qtbot.addWidget(bar)
    return bar


def choose(box: QComboBox, text: str) -> None:
    """As a hand does it: the list changes, then says so."""
    box.setCurrentIndex(box.findText(text))
    box.activated.emit(box.currentIndex())


def part(bar: PlaneBar, name: str) -> QComboBox:
    return next(box for box in bar.findChildren(QComboBox) if box.accessibleName() == name)


def test_two_latent_dimensions_have_one_plane_but_every_backdrop(bar: PlaneBar, qtbot: QtBot) -> None:
    bar.show_plane(PlaneShown(has_map=True))
    bar.show()
    assert not part(bar, "Plane").isVisible()
    assert not bar.actions_by_name["plane"].isEnabled()
    with qtbot.waitSignal(bar.backdrop_chosen) as said:
        choose(part(bar, "Backdrop"), "Density of codes")
    assert said.args == ["density"]


def test_two_dimensions_begin_with_the_two_that_say_most(bar: PlaneBar, qtbot: QtBot) -> None:
    bar.show_plane(PlaneShown(True, dimensions=SIX, strongest=(4, 2)))
    bar.show()
    with qtbot.waitSignal(bar.dimensions_chosen) as said:
        choose(part(bar, "Plane"), "Two dimensions")
    assert said.args == [4, 2]
    assert part(bar, "Plane").currentText() == "Widest (PCA)"  # until the map shows the other
    assert not part(bar, "Across").isVisible()
    bar.show_plane(PlaneShown(True, "dimensions", ("z5", "z3"), SIX))
    assert (part(bar, "Across").currentText(), part(bar, "Up").currentText()) == ("z5", "z3")


def test_a_sheet_can_be_chosen_and_is_not_moved(bar: PlaneBar, qtbot: QtBot) -> None:
    bar.show_plane(PlaneShown(True, dimensions=SIX))
    bar.show()
    with qtbot.waitSignal(bar.sheet_chosen):
        choose(part(bar, "Plane"), "Curved sheet")
    bar.show_plane(PlaneShown(True, "sheet", dimensions=SIX))
    assert part(bar, "Plane").currentText() == "Curved sheet"
    assert not bar.actions_by_name["move"].isEnabled()
    assert "choose Widest (PCA)" in bar.actions_by_name["move"].toolTip()
    assert bar.actions_by_name["fade"].isEnabled()
    with qtbot.waitSignal(bar.flat_chosen):
        choose(part(bar, "Plane"), "Widest (PCA)")


def test_the_same_dimension_twice_swaps_the_axes(bar: PlaneBar, qtbot: QtBot) -> None:
    bar.show_plane(PlaneShown(True, "dimensions", ("z5", "z3"), SIX))
    with qtbot.waitSignal(bar.dimensions_chosen) as said:
        choose(part(bar, "Across"), "z3")
    assert said.args == [2, 4]


def test_what_cannot_be_chosen_says_why(bar: PlaneBar) -> None:
    bar.show_plane(PlaneShown(True, dimensions=SIX, directions=("smile",)))
    kinds = part(bar, "Plane")
    for text, why in (("Two directions", "Save two"), ("Three images", "exactly three")):
        index = kinds.findText(text)
        assert not kinds.model().item(index).isEnabled()
        assert why in kinds.itemData(index, Qt.ItemDataRole.ToolTipRole)
    bar.show_plane(PlaneShown(True, dimensions=SIX, directions=("smile", "age"), has_three=True))
    assert kinds.model().item(kinds.findText("Two directions")).isEnabled()
    assert kinds.model().item(kinds.findText("Three images")).isEnabled()


def test_a_slider_moves_the_plane_by_standard_deviations_of_the_codes(bar: PlaneBar, qtbot: QtBot) -> None:
    bar.show_plane(PlaneShown(True, dimensions=SIX, ways=(Way("PC 3", 0.0, 0.8), Way("PC 4", 0.5, 0.5)), moved=0.5))
    sliders = [each for each in bar.findChildren(QSlider) if each.accessibleName().startswith("Move along")]
    assert [each.accessibleName() for each in sliders] == ["Move along PC 3", "Move along PC 4"]
    assert sliders[1].value() == pytest.approx(sliders[1].maximum() / 3)
    with qtbot.waitSignal(bar.moved) as said:
        sliders[0].setValue(sliders[0].maximum())
    assert said.args == [0, pytest.approx(2.4)]


def test_only_a_plane_that_was_moved_goes_back_to_the_middle(bar: PlaneBar) -> None:
    back = bar.actions_by_name["middle"]
    bar.show_plane(PlaneShown(True, dimensions=SIX, ways=(Way("PC 3", 0.5, 0.5),), moved=0.5))
    assert back.isEnabled()
    bar.show_plane(PlaneShown(True, dimensions=SIX, ways=(Way("PC 3", 0.0, 0.5),)))
    assert not back.isEnabled()
    assert "in the middle" in back.toolTip()


def test_a_slider_in_the_hand_is_not_taken_out_of_it(bar: PlaneBar) -> None:
    bar.show_plane(PlaneShown(True, dimensions=SIX, ways=(Way("PC 3", 0.0, 1.0),)))
    slider = bar.findChild(QSlider)
    slider.setSliderDown(True)
    slider.setValue(30)
    bar.show_plane(PlaneShown(True, dimensions=SIX, ways=(Way("PC 3", 0.1, 1.0),)))
    assert slider.value() == 30


def test_a_projection_offers_nothing_that_needs_directions(bar: PlaneBar) -> None:
    bar.show_plane(PlaneShown(True, "projection", ("UMAP 1", "UMAP 2"), SIX))
    backdrops = part(bar, "Backdrop")
    assert not backdrops.model().item(backdrops.findText("Picture change")).isEnabled()
    assert backdrops.model().item(backdrops.findText("Density of codes")).isEnabled()
    assert not bar.actions_by_name["empty"].isEnabled()
    assert not bar.actions_by_name["move"].isEnabled()


def test_umap_can_be_cancelled_while_it_works(bar: PlaneBar, qtbot: QtBot) -> None:
    bar.show_plane(PlaneShown(True, dimensions=SIX))
    bar.show()
    bar.show_projecting("UMAP 40%")
    assert bar._cancel.isVisible()
    with qtbot.waitSignal(bar.projection_cancelled):
        bar._cancel.click()
    bar.show_projecting("")
    assert not bar._cancel.isVisible()
