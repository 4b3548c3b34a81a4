"""The images panel: what is learnt from, and no file left out in silence."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton, QTableView, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core.config import ImagesConfig
from core.reports.images import NO_SUCH_IMAGE, Intake, Joined
from core.reports.progress import Progress
from core.skipped_file import Skipped
from explorer.images.intake_rows import duplicates_in_words
from explorer.images.named_sets_menu import OfferedSet
from explorer.images.panel import EMPTY, NOTHING_THERE, NOTHING_USABLE, ImagesPanel
from tests.explorer.legible import cut_texts

SKIPPED = (
    Skipped("b/torn.jpg", "damaged", "image file is truncated"),
    Skipped("a/notes.txt", "not a picture", "cannot identify image file"),
    Skipped("c/half.png", "damaged", "unexpected end of file"),
    Skipped("d/odd.png", "damaged?", ""),
)
COUNTS = [("hawk moths", 4000), ("tiger moths", 2873)]


@pytest.fixture
def panel(qtbot: QtBot) -> ImagesPanel:
    panel = ImagesPanel()
    qtbot.addWidget(panel)
    panel.resize(320, 760)
    panel.show()
    return panel


def show_moths(panel: ImagesPanel, skipped: Sequence[Skipped] = SKIPPED, channels: int = 3) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (60, 8, 8, channels), np.uint8)
    panel.show_image_set("/home/ada/moths", pixels, (64, 64, channels), COUNTS, 687, skipped)


def test_an_empty_panel_says_what_to_do(qtbot: QtBot, panel: ImagesPanel) -> None:
    assert panel._message.isVisible()
    assert panel._message.text() == EMPTY
    with qtbot.waitSignal(panel.open_folder_clicked, timeout=1000):
        qtbot.mouseClick(panel._open, Qt.MouseButton.LeftButton)


def test_the_counts_are_told_in_words(panel: ImagesPanel) -> None:
    show_moths(panel)
    assert panel._counts.text() == "6,873 images · 64 × 64 · colour · 687 held out"
    show_moths(panel, channels=1)
    assert "grey" in panel._counts.text()


def test_classes_stand_with_their_counts(panel: ImagesPanel) -> None:
    show_moths(panel)
    rows = [[panel._classes.item(row, column).text() for column in (1, 2)] for row in range(panel._classes.rowCount())]
    assert rows == [["hawk moths", "4,000"], ["tiger moths", "2,873"]]


def test_one_class_needs_no_list_and_no_skipped_file_no_table(panel: ImagesPanel) -> None:
    panel.show_image_set("/x", np.zeros((1, 8, 8, 1), np.uint8), (8, 8, 1), [("x", 1)], 0, [])
    assert not panel._classes.isVisible()
    assert not panel._skipped.isVisible()


def test_a_long_path_is_cut_in_the_middle_and_whole_in_the_tooltip(panel: ImagesPanel) -> None:
    path = "/home/ada/" + "a long way/" * 12 + "moths"
    panel.show_image_set(path, np.zeros((1, 8, 8, 1), np.uint8), (8, 8, 1), [("x", 1)], 0, [])
    assert panel._source.whole == path
    assert "…" in panel._source.text()
    assert panel._source.text().endswith("moths")
    assert panel.minimumSizeHint().width() <= 320


def test_thumbnails_are_the_images_in_their_own_colours(panel: ImagesPanel) -> None:
    red, green = np.zeros((2, 8, 8, 3), np.uint8)
    red[..., 0], green[..., 1] = 255, 255
    panel.show_image_set("/x", np.stack([red, green]), (8, 8, 3), [("x", 2)], 0, [])
    wall = panel._wall
    picture, side = wall.grab().toImage(), wall._side(wall.width())
    assert picture.pixelColor(side // 2, side // 2).getRgb()[:3] == (255, 0, 0)
    assert picture.pixelColor(side + wall.GAP + side // 2, side // 2).getRgb()[:3] == (0, 255, 0)


@pytest.mark.parametrize("width", [240, 299, 320, 333])
def test_no_row_of_thumbnails_is_cut_whatever_the_width(qtbot: QtBot, panel: ImagesPanel, width: int) -> None:
    panel.resize(width, 300)  # so low that there is a scroll bar
    show_moths(panel)
    wall = panel._wall
    qtbot.waitUntil(lambda: wall.height() >= wall.heightForWidth(wall.width()), timeout=2000)


def test_reading_shows_how_far_it_is_and_can_be_cancelled(qtbot: QtBot, panel: ImagesPanel) -> None:
    panel.show_progress(Progress("Decoding", 2345, 6873, 42.0))
    assert panel._progress._text.text() == "Decoding · 2,345 of 6,873 · 42 s left"
    assert panel._progress._bar.value() / panel._progress._bar.maximum() == pytest.approx(2345 / 6873, abs=0.001)
    panel.show_preview(np.zeros((5, 8, 8, 3), np.uint8))
    assert panel._wall.isVisible()
    assert panel._progress.isVisible()
    with qtbot.waitSignal(panel.cancel_clicked, timeout=1000):
        qtbot.mouseClick(panel._progress.findChild(QPushButton), Qt.MouseButton.LeftButton)
    show_moths(panel)
    assert not panel._progress.isVisible()


def test_a_total_not_known_yet_is_not_made_up(panel: ImagesPanel) -> None:
    panel.show_progress(Progress("Reading the folder", 12))
    assert panel._progress._text.text() == "Reading the folder · 12"
    assert (panel._progress._bar.minimum(), panel._progress._bar.maximum()) == (0, 0)


def test_a_failure_stands_where_the_images_would_be(panel: ImagesPanel) -> None:
    show_moths(panel)
    panel.show_failure("There is no picture in /x.")
    assert panel._message.isVisible()
    assert panel._message.text() == "There is no picture in /x."
    assert not panel._wall.isVisible()
    show_moths(panel)
    assert not panel._message.isVisible()


def test_named_sets_say_what_they_cost_before_they_are_fetched(qtbot: QtBot, panel: ImagesPanel) -> None:
    offered = (
        OfferedSet("mnist", "Digits.", False, 11_594_722, "mnist is not here"),
        OfferedSet("fer2013", "Faces.", False, 0, "fer2013 must be asked for."),
        OfferedSet("faces", "Drawn by the program.", True),
    )
    panel.show_named_sets(offered)
    faces, mnist, fer2013 = [action for action in panel._named_sets.menu().actions() if not action.isSeparator()]
    assert [each.text() for each in (faces, mnist)] == ["faces", "mnist — download 12 MB"]
    assert (mnist.toolTip(), fer2013.toolTip()) == ("Digits.", "fer2013 must be asked for.")
    assert not fer2013.isEnabled()
    with qtbot.waitSignal(panel.named_set_chosen, timeout=1000) as chosen:
        faces.trigger()
    assert chosen.args == ["faces"]
    with (
        qtbot.waitSignal(panel.download_chosen, timeout=1000) as chosen,
        qtbot.assertNotEmitted(panel.named_set_chosen),
    ):
        mnist.trigger()
    assert chosen.args == ["mnist"]


def test_a_download_is_told_in_bytes_however_many(panel: ImagesPanel) -> None:
    panel.show_progress(Progress("Downloading food101", 2_500_000_000, 5_000_000_000, 600.0, in_bytes=True))
    assert panel._progress._text.text() == "Downloading food101 · 2.5 of 5.0 GB · 10 min left"
    assert panel._progress._bar.value() / panel._progress._bar.maximum() == 0.5


def test_what_was_done_to_the_files_is_told_in_one_line(panel: ImagesPanel) -> None:
    show_moths(panel)
    intake = Intake({"JPEG": 20, "PNG": 6853}, {"turned upright": 12, "first frame": 3, "colours converted": 0}, 57)
    panel.show_intake(intake, None, ImagesConfig(), is_folder=True)
    assert panel._intake._done.text() == (
        "6,853 PNG, 20 JPEG · 12 turned upright · 3 files of several pages: the first"
    )
    assert "57" in panel._intake._done.toolTip()
    assert not panel._intake._fit.isVisible()  # every picture is as good as square
    panel.show_intake(Intake({}, {}), None, ImagesConfig(), is_folder=False)
    assert not any(each.isVisible() for each in panel._intake.findChildren(QWidget))


def test_pages_can_be_chosen_where_there_are_some(qtbot: QtBot, panel: ImagesPanel) -> None:
    show_moths(panel)
    rows = panel._intake._pixels
    panel.show_intake(Intake({"PNG": 3}, {}), None, ImagesConfig(), is_folder=True)
    assert not rows.isVisible()
    panel.show_intake(Intake({"TIFF": 3}, {"first frame": 3}, 27), None, ImagesConfig(), is_folder=True)
    assert rows._pages.isVisible()
    assert not rows._range.isVisible()
    for place, value in ((1, "middle"), (3, "brightest"), (4, "all")):
        with qtbot.waitSignal(panel.column_chosen, timeout=1000) as chosen:
            qtbot.keyClick(rows._pages, Qt.Key.Key_Home)
            for _ in range(place):
                qtbot.keyClick(rows._pages, Qt.Key.Key_Down)
            rows._pages.activated.emit(rows._pages.currentIndex())
        assert chosen.args[0] == "pages"
        assert rows._pages.currentData() == value


def test_a_range_is_chosen_or_written(qtbot: QtBot, panel: ImagesPanel) -> None:
    show_moths(panel)
    rows = panel._intake._pixels
    intake = Intake({"TIFF": 3}, {"scaled from 16 bits": 3}, ranges={"uint16": (0.0, 4095.0)})
    panel.show_intake(intake, None, ImagesConfig(), is_folder=True)
    said = "3 TIFF · 3 scaled from 16 bits · 16 bits: 0 is black, 4,095 is white"
    assert panel._intake._done.text() == said
    assert (rows._range.isVisible(), rows._pages.isVisible()) == (True, False)
    line = rows._range.lineEdit()
    with qtbot.assertNotEmitted(panel.column_chosen):
        line.selectAll()
        qtbot.keyClicks(line, "dark")
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert rows._complaint.isVisible()
    with qtbot.waitSignal(panel.column_chosen, timeout=1000) as chosen:
        line.selectAll()
        qtbot.keyClicks(line, "-3..5")
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert chosen.args == ["range", "-3..5"]
    assert not rows._complaint.isVisible()
    with qtbot.waitSignal(panel.column_chosen, timeout=1000) as chosen:
        rows._range.activated.emit(rows._range.findData("picture"))
    assert chosen.args == ["range", "picture"]


def test_everything_can_be_read_anew(qtbot: QtBot, panel: ImagesPanel) -> None:
    show_moths(panel)
    panel.show_intake(Intake({"PNG": 3}, {}), None, ImagesConfig(), is_folder=True)
    with qtbot.waitSignal(panel.read_anew_clicked, timeout=1000):
        qtbot.mouseClick(panel._intake._anew, Qt.MouseButton.LeftButton)


def test_metadata_can_make_classes_and_groups(qtbot: QtBot, panel: ImagesPanel) -> None:
    show_moths(panel)
    rows = panel._intake
    joined = Joined(Path("/home/ada/moths/moths.csv"), ("species", "photographer"), (), 12, "file")
    config = ImagesConfig(class_column="species", metadata="moths.csv")
    panel.show_intake(Intake({"PNG": 6873}, {}, 0, (0,)), joined, config, is_folder=True)
    assert rows._joined.text() == "moths.csv, by file: 2 columns · 12 images not in it"
    assert rows._classes.currentText() == "species"
    assert rows._together.currentText() == "Nothing"
    with qtbot.waitSignal(panel.column_chosen, timeout=1000) as chosen:
        rows._together.setCurrentIndex(rows._together.findText("photographer"))
        rows._together.activated.emit(rows._together.currentIndex())
    assert chosen.args == ["group_column", "photographer"]
    sources = rows._metadata.menu().actions()
    assert [each.isChecked() for each in sources] == [False, True, False]
    with qtbot.waitSignal(panel.table_clicked, timeout=1000):
        sources[1].trigger()
    with qtbot.waitSignal(panel.metadata_chosen, timeout=1000) as chosen:
        sources[2].trigger()
    assert chosen.args == ["none"]


def test_tables_beside_the_images_can_be_chosen(qtbot: QtBot, panel: ImagesPanel) -> None:
    show_moths(panel)
    tables = ("labels.csv", "../R&D.xlsx")
    panel.show_intake(Intake({"PNG": 1}, {}), None, ImagesConfig(), is_folder=True, tables=tables)
    assert "labels.csv and 1 more lie beside the images" in panel._intake._joined.text()
    actions = panel._intake._metadata.menu().actions()
    assert [each.text() for each in actions[1:3]] == ["labels.csv", "../R&&D.xlsx"]
    for action, table in zip(actions[1:3], tables, strict=True):
        with qtbot.waitSignal(panel.metadata_chosen, timeout=1000) as chosen:
            action.trigger()
        assert chosen.args == [table]
    joined = Joined(Path("/x/labels.csv"), ("a",), (), 0)
    panel.show_intake(Intake({"PNG": 1}, {}), joined, ImagesConfig(metadata="labels.csv"), True, tables)
    assert [each.isChecked() for each in panel._intake._metadata.menu().actions()] == [False, True, False, False, False]


def test_nothing_is_cut_of_pictures_that_are_not_square_where_the_panel_is_narrowest(
    qtbot: QtBot, panel: ImagesPanel
) -> None:
    show_moths(panel)
    panel.show_intake(Intake({"JPEG": 6873}, least_square=(0, 1)), None, ImagesConfig(), is_folder=True)
    panel.setFixedSize(275, 300)
    qtbot.wait(300)
    assert [line for line in cut_texts(panel) if "are seen of" in line] == []


def test_a_column_that_is_not_there_is_not_called_automatic(panel: ImagesPanel) -> None:
    show_moths(panel)
    joined = Joined(Path("/x/metadata.csv"), ("species",), (), 0)
    panel.show_intake(Intake({"PNG": 1}, {}), joined, ImagesConfig(class_column="kind"), is_folder=True)
    assert panel._intake._classes.currentText() == "kind (not there)"


def test_images_can_do_without_a_bad_table(qtbot: QtBot, panel: ImagesPanel) -> None:
    show_moths(panel)
    panel.show_complaint("The metadata in moths.csv is empty.", is_of_table=True)
    assert panel._without.isVisible()
    with qtbot.waitSignal(panel.metadata_chosen, timeout=1000) as chosen:
        qtbot.mouseClick(panel._without, Qt.MouseButton.LeftButton)
    assert chosen.args == ["none"]
    panel.show_complaint("The disk is full.")
    assert not panel._without.isVisible()


def test_a_column_called_like_a_choice_of_ours_is_not_taken_for_it(panel: ImagesPanel) -> None:
    show_moths(panel)
    joined = Joined(Path("/x/metadata.csv"), ("Nothing", "Automatic"), (), 0)
    panel.show_intake(Intake({"PNG": 1}, {}), joined, ImagesConfig(class_column="Automatic"), is_folder=True)
    assert panel._intake._classes.currentIndex() == 3


def test_images_in_training_cannot_be_read_another_way(panel: ImagesPanel) -> None:
    show_moths(panel)
    panel.show_intake(Intake({"PNG": 1}, {}, 0, (0,)), None, ImagesConfig(), is_folder=True)
    panel.allow_choices(False)
    assert not panel._intake._metadata.isEnabled()
    assert panel._intake._fit.isEnabled()  # to look at
    panel.allow_choices(True)
    assert panel._intake._metadata.isEnabled()


def test_a_folder_of_nothing_usable_lists_what_was_left_out(panel: ImagesPanel) -> None:
    panel.show_image_set("/x", np.zeros((0, 64, 64, 3), np.uint8), (64, 64, 3), [], 0, SKIPPED)
    assert panel._message.text() == NOTHING_USABLE
    assert panel._counts.text() == "No image"
    assert panel._skipped._table.isVisible()
    assert panel._skipped._table.model().rowCount() == len(SKIPPED)
    panel.show_image_set("/x", np.zeros((0, 64, 64, 3), np.uint8), (64, 64, 3), [], 0, ())
    assert panel._message.text() == NOTHING_THERE


def test_what_went_wrong_stands_above_the_images_that_are_still_there(panel: ImagesPanel) -> None:
    show_moths(panel)
    panel.show_complaint("moths.csv, line 12: the row has too few cells.")
    assert panel._complaint.isVisible()
    assert panel._wall.isVisible()
    show_moths(panel)
    assert not panel._complaint.isVisible()


def test_a_narrow_dock_holds_whatever_there_is_to_say(panel: ImagesPanel) -> None:
    joined = Joined(
        Path("/x/" + "a long name " * 9 + ".csv"),
        ("a column with a long name " * 5,),
        (Skipped("gone.png", NO_SUCH_IMAGE),) * 99,
        12,
    )
    panel.show_image_set("/x", np.zeros((48, 8, 8, 3), np.uint8), (64, 64, 3), COUNTS, 687, SKIPPED, joined)
    panel.show_intake(Intake({"PNG": 9}, {"first frame": 3}, 9, (0,)), joined, ImagesConfig(), is_folder=True)
    panel._skipped.unfold()
    assert panel._scroll.widget().minimumSizeHint().width() <= 320 - 20 - 10  # the margins, the scroll bar


def test_every_control_has_a_name_and_a_tooltip(panel: ImagesPanel) -> None:
    show_moths(panel)
    controls = [c for kind in (QPushButton, QToolButton, QComboBox, QTableView) for c in panel.findChildren(kind)]
    assert len(controls) >= 7
    assert [control for control in controls if not (control.accessibleName() and control.toolTip())] == []


def test_copies_are_counted_named_and_selected_at_a_click(qtbot: QtBot, panel: ImagesPanel) -> None:
    show_moths(panel)
    panel.show_intake(Intake({"PNG": 80}, {}), None, ImagesConfig(), is_folder=True)
    assert not panel._intake._twins.isVisible()
    panel.show_duplicates(duplicates_in_words(80, 40, 0), ["a.png = b.jpg"])
    assert panel._intake._twins.text() == "80 files, 40 pictures: copies are on one side of the held-out split"
    assert panel._intake._twins.toolTip() == "a.png = b.jpg"
    assert not panel._intake._select_twins.isEnabled()
    panel.allow_duplicates(True)
    with qtbot.waitSignal(panel.duplicates_clicked, timeout=1000):
        qtbot.mouseClick(panel._intake._select_twins, Qt.MouseButton.LeftButton)
    panel.show_duplicates(duplicates_in_words(80, 80, 0), [])
    assert not panel._intake._twins.isVisible()
    assert not panel._intake._select_twins.isVisible()
    assert duplicates_in_words(80, 40, 8) == "80 files, 40 pictures: of 8 held out, a copy is learned from"
