import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QHelpEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from explorer.panels.picture import NearImage, PicturePanel

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def plain(colour: tuple[int, int, int]) -> np.ndarray:
    return np.full((8, 8, 3), colour, np.uint8)


def near(index: int, name: str = "cats/a.png") -> NearImage:
    return NearImage(index, plain(BLUE), name, "cats", 0.5)


@pytest.fixture
def panel(qtbot) -> PicturePanel:
    panel = PicturePanel()
    qtbot.addWidget(panel)
    panel.resize(340, 720)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def named(panel: QWidget, name: str) -> QWidget:
    return next(each for each in panel.findChildren(QWidget) if each.accessibleName() == name)


def colour_at(view: QWidget, across: float, down: float) -> QColor:
    shot = view.grab().toImage()
    return shot.pixelColor(int(across * shot.width()), int(down * shot.height()))


def thumbnails(panel: PicturePanel) -> list[QAbstractButton]:
    buttons = panel.findChildren(QAbstractButton)
    return [each for each in buttons if each.accessibleName().startswith("Near image") and each.isVisible()]


def test_the_newest_picture_is_the_one_seen(panel):
    for colour in (RED, GREEN):
        panel.show_picture(plain(colour))
    view = named(panel, "Decoded picture")
    assert colour_at(view, 0.5, 0.5) == QColor(*GREEN)
    assert colour_at(view, 0.02, 0.02) == QColor(*GREEN), "the picture is as large as fits"


def test_pixels_are_squares_until_smooth_is_asked_for(panel):
    pixels = plain((0, 0, 0))
    pixels[:, 4:] = 255
    panel.show_picture(pixels)
    view = named(panel, "Decoded picture")
    assert colour_at(view, 0.49, 0.5) == QColor("black")
    named(panel, "Smooth picture").click()
    assert 0 < colour_at(view, 0.49, 0.5).red() < 255


def test_grey_and_oblong_pictures_keep_their_shape(panel):
    panel.show_picture(np.full((4, 8, 1), 255, np.uint8))
    view = named(panel, "Decoded picture")
    assert colour_at(view, 0.5, 0.45) == QColor("white")
    assert colour_at(view, 0.5, 0.55) != QColor("white"), "half as high as wide"


def test_a_real_image_stands_left_of_its_reconstruction_with_the_error(panel):
    panel.show_encoded("cats/a.png", plain(RED), plain(GREEN), "12.5 nats per image")
    view = named(panel, "cats/a.png")
    assert colour_at(view, 0.25, 0.4) == QColor(*RED)
    assert colour_at(view, 0.75, 0.4) == QColor(*GREEN)
    assert "12.5 nats per image" in view.toolTip()


def test_a_failure_takes_the_picture_away_and_cannot_be_saved(panel):
    panel.show_picture(plain(RED))
    panel.show_failure("The model has no finite numbers left.")
    view = named(panel, "Decoded picture")
    assert view.toolTip() == "The model has no finite numbers left."
    assert colour_at(view, 0.5, 0.1) != QColor(*RED)
    assert not named(panel, "Save picture").isEnabled()
    panel.show_picture(plain(RED))
    assert named(panel, "Save picture").isEnabled()
    assert view.toolTip() == ""


def test_save_and_copy_are_asked_for_once_there_is_a_picture(panel, qtbot):
    panel.show_picture(plain(RED))
    with qtbot.waitSignal(panel.save_requested, timeout=500):
        named(panel, "Save picture").click()
    with qtbot.waitSignal(panel.copy_requested, timeout=500):
        named(panel, "Copy picture").click()


def test_a_long_z_is_cut_short_but_copied_and_shown_whole(panel):
    z = np.linspace(-1, 1, 64, dtype=np.float32)
    panel.show_place(z, (0.5, -1.25))
    numbers = named(panel, "z")
    assert isinstance(numbers, QLabel)
    assert numbers.text().endswith("and 56 more")
    assert numbers.text().startswith("−1.00")
    named(panel, "Copy z").click()
    copied = np.array(QGuiApplication.clipboard().text().split(), dtype=np.float32)
    np.testing.assert_allclose(copied, z, rtol=1e-5)
    event = QHelpEvent(QEvent.Type.ToolTip, QPoint(2, 2), numbers.mapToGlobal(QPoint(2, 2)))
    panel._place.eventFilter(numbers, event)
    assert len(numbers.toolTip().split()) == 64


def test_a_z_reused_by_its_owner_does_not_change_what_is_copied(panel):
    z = np.ones(2, np.float32)
    panel.show_place(z, (1.0, 1.0))
    z[:] = 9
    named(panel, "Copy z").click()
    assert QGuiApplication.clipboard().text() == "1 1"


def test_near_images_are_chosen_by_mouse_and_by_keyboard(panel, qtbot):
    panel.show_nearest([near(7), near(40, "dogs/b&w.png")])
    first, second = thumbnails(panel)
    with qtbot.waitSignal(panel.near_image_clicked, timeout=500) as clicked:
        qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert clicked.args == [7]
    second.setFocus()
    with qtbot.waitSignal(panel.near_image_clicked, timeout=500) as clicked:
        qtbot.keyClick(second, Qt.Key.Key_Space)
    assert clicked.args == [40]
    assert "dogs/b&w.png" in second.toolTip()
    assert "cats" in second.toolTip()
    assert "0.50" in second.toolTip()


def test_fewer_and_more_near_images_than_there_is_room_for(panel):
    panel.show_nearest([near(index) for index in range(20)])
    assert len(thumbnails(panel)) == 8
    panel.show_nearest([near(3)])
    assert len(thumbnails(panel)) == 1


def test_nothing_of_the_last_model_stays(panel):
    panel.show_picture(plain(RED))
    panel.show_place(np.ones(2, np.float32), (1.0, 1.0))
    panel.show_nearest([near(1)])
    panel.show_nothing()
    assert "Drag on the map" in named(panel, "Decoded picture").toolTip()
    assert thumbnails(panel) == []
    assert not named(panel, "Copy z").isEnabled()


def test_the_panel_fits_its_dock(panel):
    panel.show_place(np.ones(64, np.float32), (1.0, 1.0))
    panel.show_nearest([near(index, f"portraits/a_very_long_name_{index}.png") for index in range(8)])
    QApplication.processEvents()
    assert panel.minimumSizeHint().width() <= 340
