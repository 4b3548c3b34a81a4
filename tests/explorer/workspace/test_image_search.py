"""Find an image by its name, and the dot of a file."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from explorer.selection.find_image import FindImage
from explorer.workspace.image_search import MOST_ROWS, Finding, name_in
from explorer.workspace.place_in_hand import Table

NAMES = tuple(f"birds/{index:04}.png" for index in range(1_000))
TABLE = Table(NAMES, np.arange(1_000) % 2, ("jay", "owl"), np.zeros(1_000, np.bool_))


@pytest.fixture
def finding(qtbot: QtBot) -> Iterator[Finding]:
    finding = Finding()
    finding.show_map(None, TABLE)
    yield finding
    finding.stop()


def test_the_first_are_listed_and_all_are_found(qtbot: QtBot, finding: Finding) -> None:
    with qtbot.waitSignal(finding.found) as found:
        finding.find("BIRDS 00")
    assert found.args[0].indices.tolist() == [*range(100), *range(100, 1_000, 100)]  # 0000 … 0099, 0100, 0200 …
    with qtbot.waitSignal(finding.found) as found:
        finding.find("png")
    assert len(found.args[0].indices) == 1_000
    assert len(found.args[0].rows) == MOST_ROWS
    assert found.args[0].rows[3] == (3, "birds/0003.png", "owl")


def test_a_file_of_the_set_has_its_dot_and_another_has_none(qtbot: QtBot, finding: Finding, tmp_path: Path) -> None:
    (tmp_path / "birds").mkdir()
    with qtbot.waitSignal(finding.file_found) as found:
        assert finding.find_file(tmp_path / "birds/0007.png", str(tmp_path))
    assert found.args == [7, tmp_path / "birds/0007.png"]
    with qtbot.waitSignal(finding.file_unknown) as unknown:
        assert finding.find_file(tmp_path / "birds/new.png", str(tmp_path))
    assert unknown.args == [tmp_path / "birds/new.png"]
    with qtbot.assertNotEmitted(finding.file_unknown, wait=50):
        assert not finding.find_file(Path("/elsewhere/0007.png"), str(tmp_path))
        assert not finding.find_file(tmp_path / "birds/0007.png", "fashion-mnist")


def test_a_file_is_known_by_whatever_way_leads_to_it(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert name_in(tmp_path / "link/a.png", str(tmp_path / "real")) == "a.png"
    assert name_in(tmp_path / "real/sub/a.png", str(tmp_path / "link")) == "sub/a.png"
    assert name_in(tmp_path / "a.png", str(tmp_path / "real")) is None
    assert name_in(tmp_path / "a.png", None) is None


@pytest.fixture
def dialog(qtbot: QtBot) -> FindImage:
    dialog = FindImage()
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


ROWS = ((4, "birds/0004.png", "jay"), (5, "birds/0005.png", "owl"))


def test_enter_goes_to_the_image_that_the_arrows_are_at(qtbot: QtBot, dialog: FindImage) -> None:
    with qtbot.waitSignal(dialog.asked, check_params_cb=lambda query: query == "00"):
        qtbot.keyClicks(dialog._edit, "00")
    dialog.show_found("00", ROWS, 2)
    qtbot.keyClick(dialog._edit, Qt.Key.Key_Down)
    with qtbot.waitSignal(dialog.chosen) as chosen:
        qtbot.keyClick(dialog._edit, Qt.Key.Key_Return)
    assert chosen.args == [5]
    assert not dialog.isVisible()


def test_all_that_were_found_can_be_selected(qtbot: QtBot, dialog: FindImage) -> None:
    qtbot.keyClicks(dialog._edit, "00")
    dialog.show_found("00", ROWS, 1_234)
    assert dialog._count.text() == "1,234 found, the first 2 listed"
    with qtbot.waitSignal(dialog.all_chosen) as chosen:
        qtbot.keyClick(dialog._edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert chosen.args == ["00"]


def test_an_answer_that_comes_too_late_is_not_listed(qtbot: QtBot, dialog: FindImage) -> None:
    qtbot.keyClicks(dialog._edit, "owl")
    dialog.show_found("ow", ROWS, 2)
    assert dialog._list.count() == 0
    dialog.show_found("owl", (), 0)
    assert dialog._count.text() == "No image is called that"
    with qtbot.assertNotEmitted(dialog.chosen):
        qtbot.keyClick(dialog._edit, Qt.Key.Key_Return)
