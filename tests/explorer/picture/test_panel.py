from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QHelpEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QToolButton, QWidget

from core.verdicts import VERDICTS, WORDS
from explorer.picture.near_images import NearImage
from explorer.picture.panel import PicturePanel, PlacedImage
from explorer.shell.verdict_chip import TONES, VerdictChip
from explorer.toolkit.picture_view import _row
from explorer.toolkit.theme import blend
from tests.explorer.looking import named

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


def placed(z: float) -> PlacedImage:
    error = np.zeros((8, 8), np.float32)
    error[:, 4:] = 1.0
    return PlacedImage("cats/a.png", plain(RED), plain(GREEN), error, np.full(2, z, np.float32), ("12 nats",))


def test_a_placed_image_stands_left_of_its_reconstruction_over_where_that_is_wrong(panel, qtbot):
    panel.show_picture(plain(BLUE))
    panel.show_placed(placed(1.0))
    panel.show_place(np.ones(2, np.float32), (1.0, 1.0))
    view = named(panel, "cats/a.png")
    assert colour_at(view, 0.3, 0.2) == QColor(*RED)
    assert colour_at(view, 0.7, 0.2) == QColor(*GREEN)
    right, wrong = colour_at(view, 0.2, 0.65), colour_at(view, 0.42, 0.65)
    assert right.lightness() < wrong.lightness()
    assert "12 nats" in view.toolTip()
    assert view.accessibleDescription() == "12 nats"
    panel.resize(340, 340)
    qtbot.waitUntil(lambda: view.height() < 250)
    assert colour_at(view, 0.18, 0.2) == QColor(*RED), "in a low dock all three stand in a row"
    assert colour_at(view, 0.5, 0.2) == QColor(*GREEN)
    metrics = view.fontMetrics()
    tiles, _ = _row(QRectF(0, 0, 290, 160), metrics.height(), 4 * metrics.height(), metrics.horizontalAdvance("W" * 7))
    assert [int(other.left() - one.left()) for one, other in pairwise(tiles)] == [
        metrics.horizontalAdvance("W" * 7) + 8
    ] * 2
    assert tiles[-1].right() < 290


def test_dragged_away_from_a_placed_image_the_decoded_picture_is_seen_and_there_is_a_way_back(panel, qtbot):
    panel.show_placed(placed(1.0))
    panel.show_picture(plain(BLUE))
    panel.show_place(np.ones(2, np.float32), (1.0, 1.0))
    back = named(panel, "Back to the placed image")
    assert back.isVisible()
    assert not back.isEnabled()
    panel.show_picture(plain(BLUE))
    panel.show_place(np.zeros(2, np.float32), (0.0, 0.0))
    assert colour_at(named(panel, "Decoded picture"), 0.5, 0.5) == QColor(*BLUE)
    with qtbot.waitSignal(panel.back_requested, timeout=500):
        back.click()
    with qtbot.waitSignal(panel.take_away_requested, timeout=500):
        named(panel, "Take the placed image away").click()
    panel.show_placed(None)
    assert not back.isVisible()


def test_of_a_placed_image_the_verdict_is_on_the_image_not_on_its_place(panel):
    """A model of clothes makes a pullover of a sandwich, and knows pullovers well."""
    panel.show_place(np.ones(2, np.float32), (1.0, 1.0))
    panel.show_trust("among", "The place is.", "round trip 1.0 × typical", "")
    chip = panel.findChild(VerdictChip)
    panel.show_placed(placed(1.0))
    assert (chip.text, panel.verdict) == ("", ""), "nothing is claimed before the image has been compared"
    panel.show_placed(replace(placed(1.0), verdict="far", why="The image is not."))
    assert (chip.text, chip.toolTip()) == (WORDS["far"], "The image is not.")
    panel.show_trust("among", "The place is.", "round trip 1.0 × typical", "")
    assert panel.verdict == "far"
    panel.show_place(np.zeros(2, np.float32), (0.0, 0.0))
    assert (chip.text, panel.verdict) == (WORDS["among"], "among"), "elsewhere it is the place's again"
    panel.show_place(np.ones(2, np.float32), (1.0, 1.0))
    panel.show_placed(None)
    assert panel.verdict == "among"


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_verdict_is_told_by_words_and_shape_and_read_out(panel, verdict):
    panel.show_trust(verdict, "Because.", "round trip 1.3 × typical", "0.42 from z")
    chip = named(panel, f"Verdict: {WORDS[verdict]}")
    assert chip.isVisible()
    assert chip.toolTip() == chip.accessibleDescription() == "Because."
    assert "round trip 1.3 × typical" in [label.accessibleName() for label in panel.findChildren(QLabel)]
    marks = {each: chip_mark(each) for each in VERDICTS}
    assert len(set(marks.values())) == 4, "no meaning by colour alone"
    panel.show_nothing()
    assert not chip.isVisible()


def chip_mark(verdict: str) -> tuple[bool, ...]:
    """Whether the sign is drawn at its left rim, left of its middle, in it, and at the top."""
    chip = VerdictChip()
    chip.show_verdict(verdict, "")
    chip.resize(chip.sizeHint())
    shot = chip.grab().toImage()
    paper = shot.pixelColor(shot.width() - 6, shot.height() // 2)
    middle = shot.height() // 2
    places = ((11, middle), (12, middle), (14, middle), (14, middle - 5))
    return tuple(unlike(shot.pixelColor(*place), paper) for place in places)


def unlike(one: QColor, other: QColor) -> bool:
    return max(abs(a - b) for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)) > 60


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_verdict_can_be_read_in_light_and_in_dark(qapp, scheme):
    def luminance(colour: QColor) -> float:
        return float(np.dot(linear(colour), (0.2126, 0.7152, 0.0722)))

    base = QColor("#ffffff" if scheme == "light" else "#16181c")
    for tones in TONES.values():
        tone = QColor(tones[scheme == "dark"])
        for paper in (base, blend(tone, base, 0.07)):
            light, dark = sorted((luminance(tone), luminance(paper)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize("eye", ["usual", "protan", "deutan", "tritan"])
def test_verdicts_are_told_apart_by_every_kind_of_eye(scheme, eye):
    """Any two at least 12 apart in CIELAB, about five just noticeable differences (Machado et al. 2009, severity 1)."""
    tones = [lab(SEEN[eye] @ linear(QColor(pair[scheme]))) for pair in TONES.values()]
    apart = [float(np.linalg.norm(a - b)) for a, b in combinations(tones, 2)]
    assert min(apart) > 12.0


SEEN = {
    "usual": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def linear(colour: QColor) -> np.ndarray:
    levels = np.array(colour.getRgbF()[:3])
    return np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB of linear sRGB."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    share = to_xyz @ rgb.clip(0, 1) / (0.9505, 1.0, 1.089)
    x, y, z = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


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
    panel.show_place(np.array([-0.004, 0.004, -0.006], np.float32), (-0.001, 0.0))
    assert numbers.text().split() == ["+0.00", "+0.00", "−0.01"], "nothing is no less than nothing"
    panel.show_place(z, (0.5, -1.25))
    named(panel, "Copy z").click()
    copied = np.array(QGuiApplication.clipboard().text().split(), dtype=np.float32)
    assert copied.tobytes() == z.tobytes(), "not a bit of it is lost"
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


def test_in_a_low_window_one_row_of_near_images_is_left(panel, qtbot):
    """And the picture keeps its least; the window fits a small screen with large letters."""
    panel.show_nearest([near(index) for index in range(8)])
    rows = [each for each in panel.findChildren(QToolButton) if each.accessibleName().startswith("Near image")]
    panel.resize(340, 900)
    qtbot.waitUntil(lambda: sum(each.isVisible() for each in rows) == 8)
    panel.resize(340, panel.minimumSizeHint().height())
    qtbot.waitUntil(lambda: sum(each.isVisible() for each in rows) == 4)
    assert panel._view.height() >= 160
    panel.resize(340, 900)
    qtbot.waitUntil(lambda: sum(each.isVisible() for each in rows) == 8)


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
