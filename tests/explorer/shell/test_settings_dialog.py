"""Settings: the cache says what it takes, keeps within what it may, and is empty once cleared."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from core.config import ImagesConfig
from core.images import cache
from core.images.image_set import build_image_set
from explorer.shell.cache_limit import CacheState, Housekeeping
from explorer.shell.settings_dialog import GIGABYTE, MEGABYTE, SettingsDialog

PATIENCE = 10_000


@pytest.fixture
def housekeeping(qtbot: QtBot) -> Iterator[Housekeeping]:
    housekeeping = Housekeeping()
    yield housekeeping
    housekeeping.stop()


@pytest.fixture
def dialog(qtbot: QtBot) -> SettingsDialog:
    dialog = SettingsDialog()
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show_places((("Runs", Path("/home/ada/runs")), ("Settings", Path("/home/ada/settings"))))
    dialog.show_schemes((("system", "As the &system has it"), ("dark", "&Dark")), "dark")
    dialog.show()
    return dialog


def seen(qtbot: QtBot, housekeeping: Housekeeping, *wishes: object) -> CacheState:
    """What the cache is once all that was asked for is done."""
    with qtbot.waitSignal(housekeeping.cache_seen, timeout=PATIENCE) as answer:
        for wish in wishes:
            wish()  # type: ignore[operator]
    state = answer.args[0]
    assert isinstance(state, CacheState)
    return state


def test_a_cleared_cache_is_empty(qtbot: QtBot, housekeeping: Housekeeping, folder: Path) -> None:
    list(build_image_set(str(folder), ImagesConfig()))
    full = seen(qtbot, housekeeping, housekeeping.look)
    assert full.sets == 1
    assert full.used > 24 * 64 * 64 * 3  # 24 pictures
    assert seen(qtbot, housekeeping, housekeeping.clear).used == 0


def test_no_wish_is_lost_to_a_newer_one(qtbot: QtBot, housekeeping: Housekeeping, folder: Path) -> None:
    list(build_image_set(str(folder), ImagesConfig()))
    state = seen(
        qtbot, housekeeping, housekeeping.clear, lambda: housekeeping.set_limit(3 * GIGABYTE), housekeeping.look
    )
    assert (state.used, state.limit) == (0, 3 * GIGABYTE)
    assert cache.limit() == 3 * GIGABYTE


def test_the_cache_is_told_in_words(dialog: SettingsDialog) -> None:
    dialog.show_cache(CacheState(12_300_000_000, 7, 50 * GIGABYTE))
    assert dialog._used.text() == "12 of 50 GB, 7 image sets"
    assert dialog._clear.text() == "Clear 12 GB"
    assert dialog._bar.value() / dialog._bar.maximum() == pytest.approx(0.246, abs=0.001)
    dialog.show_cache(CacheState(0, 0, 50 * GIGABYTE))
    assert dialog._used.text() == "Empty"
    assert not dialog._clear.isEnabled()


def test_a_limit_of_many_gigabytes_is_not_cut_to_32_bits(qtbot: QtBot, dialog: SettingsDialog) -> None:
    with qtbot.assertNotEmitted(dialog.limit_chosen):
        dialog.show_cache(CacheState(1, 1, 50 * GIGABYTE))
    with qtbot.waitSignal(dialog.limit_chosen, timeout=1000) as chosen:
        dialog._limit.setValue(500)
    assert chosen.args == [500 * GIGABYTE]


def test_a_limit_is_not_changed_before_it_is_known(dialog: SettingsDialog) -> None:
    assert not dialog._limit.isEnabled()
    dialog.show_failure("The cache cannot be read.")
    assert dialog._failure.isVisible()
    assert not dialog._limit.isEnabled()


def test_how_much_moments_may_take_is_chosen(qtbot: QtBot, dialog: SettingsDialog) -> None:
    with qtbot.assertNotEmitted(dialog.moments_chosen):
        dialog.show_moments(250 * MEGABYTE)
    assert dialog._moments.text() == "250 MB a run"
    with qtbot.waitSignal(dialog.moments_chosen, timeout=1000) as chosen:
        dialog._moments.setValue(0)
    assert chosen.args == [0]
    assert dialog._moments.text() == "None"


def test_folders_and_colours_are_a_click_away(qtbot: QtBot, dialog: SettingsDialog) -> None:
    button = next(each for each in dialog.findChildren(QPushButton) if each.text() == "Open")
    with qtbot.waitSignal(dialog.folder_clicked, timeout=1000) as clicked:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert clicked.args == ["/home/ada/runs"]
    assert dialog._scheme.currentText() == "Dark"
    with qtbot.waitSignal(dialog.scheme_chosen, timeout=1000) as chosen:
        dialog._scheme.setCurrentIndex(0)
        dialog._scheme.activated.emit(0)
    assert chosen.args == ["system"]


def test_every_control_has_a_name_and_a_tooltip(dialog: SettingsDialog) -> None:
    controls = [each for kind in (QPushButton, QComboBox, QSpinBox) for each in dialog.findChildren(kind)]
    assert len(controls) == 7
    assert [each for each in controls if not (each.accessibleName() and each.toolTip())] == []
