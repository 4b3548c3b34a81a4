import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QPushButton, QSlider

from explorer.picture.latent_sliders import LatentSliders, short
from tests.explorer.looking import named


@pytest.fixture
def panel(qtbot) -> LatentSliders:
    panel = LatentSliders()
    qtbot.addWidget(panel)
    panel.resize(360, 500)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def emitted(panel) -> list[np.ndarray]:
    seen: list[np.ndarray] = []
    panel.z_changed.connect(seen.append)
    return seen


def show(panel: LatentSliders, kl: list[float] | np.ndarray, mean: float = 0.0) -> None:
    reach = np.full(len(kl), 3, np.float32)
    panel.show_dimensions(np.array(kl, np.float32), mean - reach, mean + reach)


def slider(panel: LatentSliders, dimension: int) -> QSlider:
    return named(panel, f"z {dimension} slider")


def spin(panel: LatentSliders, dimension: int) -> QDoubleSpinBox:
    return named(panel, f"z {dimension} value")


def shown(panel: LatentSliders) -> list[int]:
    visible = [each for each in panel.findChildren(QSlider) if each.isVisible()]
    visible.sort(key=lambda each: each.mapTo(panel, each.rect().topLeft()).y())
    return [int(each.accessibleName().split()[1]) for each in visible]


def test_the_most_informative_dimension_is_first_and_the_dead_are_last(panel, qtbot):
    show(panel, [0.001, 2.0, 0.5])
    qtbot.waitUntil(lambda: shown(panel) == [2, 3, 1])
    assert "Dead" in slider(panel, 1).toolTip()
    assert "Dead" not in slider(panel, 2).toolTip()


def test_a_slider_moves_only_its_own_number(panel, emitted, qtbot):
    show(panel, [2.0, 1.0])
    panel.show_z(np.array([0.25, -0.75], np.float32))
    assert emitted == [], "a z from elsewhere is not a move of the user's"
    slider(panel, 1).setFocus()
    qtbot.keyClick(slider(panel, 1), Qt.Key.Key_Right)
    assert emitted[-1].dtype == np.float32
    assert emitted[-1] == pytest.approx([0.35, -0.75], abs=0.011)
    qtbot.keyClick(slider(panel, 1), Qt.Key.Key_PageUp)
    assert emitted[-1] == pytest.approx([1.35, -0.75], abs=0.011)


def test_a_typed_number_may_lie_beyond_the_slider(panel, emitted, qtbot):
    show(panel, [2.0, 1.0])
    spin(panel, 2).setFocus()
    spin(panel, 2).selectAll()
    qtbot.keyClicks(spin(panel, 2), "4.5")
    assert emitted == [], "nothing moves before the number is whole"
    qtbot.keyClick(spin(panel, 2), Qt.Key.Key_Return)
    assert emitted[-1] == pytest.approx([0.0, 4.5])
    assert slider(panel, 2).value() == slider(panel, 2).maximum()
    panel.show_z(np.array([0.0, 1.5], np.float32))
    assert spin(panel, 2).value() == pytest.approx(1.5), "a finished number follows again"


def test_a_number_half_typed_survives_a_z_from_elsewhere(panel, qtbot):
    show(panel, [2.0, 1.0])
    panel.activateWindow()
    spin(panel, 1).setFocus()
    qtbot.waitUntil(lambda: spin(panel, 1).hasFocus())
    spin(panel, 1).selectAll()
    qtbot.keyClicks(spin(panel, 1), "2.")
    panel.show_z(np.array([-1.0, 0.5], np.float32))
    assert spin(panel, 1).text() == "2."
    assert spin(panel, 2).value() == pytest.approx(0.5)


def test_each_emitted_z_is_its_own(panel, emitted, qtbot):
    show(panel, [2.0])
    for _ in range(2):
        qtbot.keyClick(slider(panel, 1), Qt.Key.Key_Right)
    assert emitted[0] != pytest.approx(emitted[1])


def test_one_or_all_go_back_to_the_mean(panel, emitted, qtbot):
    show(panel, [2.0, 1.0, 0.5], mean=1.0)
    panel.show_z(np.array([2.0, 3.0, 0.0], np.float32))
    qtbot.mouseDClick(slider(panel, 1), Qt.MouseButton.LeftButton)
    assert emitted[-1] == pytest.approx([1.0, 3.0, 0.0], abs=1e-6)
    qtbot.keyClick(slider(panel, 2), Qt.Key.Key_Backspace)
    assert emitted[-1] == pytest.approx([1.0, 1.0, 0.0], abs=1e-6)
    named(panel, "Reset z to its mean").click()
    assert emitted[-1] == pytest.approx([1.0, 1.0, 1.0], abs=1e-6)
    assert spin(panel, 3).value() == pytest.approx(1.0)


def test_a_thousand_dimensions_make_twelve_rows_until_more_are_asked_for(panel, emitted, qtbot):
    show(panel, np.linspace(2, 1, 1024))
    assert len(panel.findChildren(QSlider)) == 12
    more = named(panel, "Show more dimensions")
    assert isinstance(more, QPushButton)
    more.click()
    assert len(panel.findChildren(QSlider)) == 32
    assert "of 992" in more.text()
    panel.show_z(np.full(1024, 1.5, np.float32))
    panel._area.verticalScrollBar().setValue(panel._area.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: spin(panel, 32).value() == pytest.approx(1.5))
    assert emitted == []


def test_another_model_brings_its_own_dimensions(panel, emitted):
    show(panel, [1.0] * 10)
    show(panel, [1.0, 2.0])
    assert sorted(shown(panel)) == [1, 2]
    panel.show_z(np.zeros(10, np.float32))
    named(panel, "Reset z to its mean").click()
    assert emitted[-1].shape == (2,)
    show(panel, [])
    assert shown(panel) == []


@pytest.mark.parametrize(("nats", "shown"), [(0.004, "0.00"), (42.04, "42.04"), (6506.19, "6,506")])
def test_the_kl_of_a_run_that_went_away_fits_beside_its_bar(nats, shown):
    assert short(nats) == shown


def test_the_order_follows_what_training_finds(panel):
    show(panel, [2.0, 1.0])
    show(panel, [1.0, 2.0])
    assert shown(panel) == [2, 1]


def test_a_slider_in_the_hand_is_not_pulled_away(panel, emitted):
    show(panel, [2.0, 1.0])
    slider(panel, 1).setSliderDown(True)
    slider(panel, 1).setValue(slider(panel, 1).maximum())
    panel.show_z(np.array([0.5, 0.5], np.float32))
    show(panel, [1.0, 2.0])
    assert shown(panel) == [1, 2]
    assert slider(panel, 1).value() == slider(panel, 1).maximum()
    assert emitted[-1] == pytest.approx([3.0, 0.0])


def test_rows_do_not_change_places_under_the_keyboard(panel, qtbot):
    show(panel, [2.0, 1.0])
    panel.activateWindow()
    slider(panel, 1).setFocus()
    qtbot.waitUntil(lambda: slider(panel, 1).hasFocus())
    show(panel, [1.0, 2.0])
    assert shown(panel) == [1, 2]
    slider(panel, 1).clearFocus()
    show(panel, [1.0, 2.0])
    assert shown(panel) == [2, 1]


def test_rows_stay_where_they_are_while_a_model_learns(panel):
    show(panel, [2.0, 1.0])
    panel.keep_order(True)
    show(panel, [1.0, 2.0])
    assert shown(panel) == [1, 2]
    panel.keep_order(False)
    assert shown(panel) == [2, 1]


def test_a_model_with_other_dimensions_is_sorted_even_while_it_learns(panel, qtbot):
    show(panel, [2.0, 1.0])
    panel.keep_order(True)
    show(panel, [1.0, 3.0, 2.0])
    qtbot.waitUntil(lambda: shown(panel) == [2, 3, 1])
