"""What a person would lose: the name they gave, eaten as a shortcut or read as a tag, in any menu, label or tooltip."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QTextDocument
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.exploration import Direction, Group, LatentPath
from explorer.map.hover_card import HoverCard
from explorer.toolkit.plain_text import plain_tip
from explorer.workspace.place_in_hand import Table
from explorer.workspace.spot import Spot
from tests.explorer.opened import Opened, new_program
from tests.journeys.driving import Open, Screenshot, learn, read, small, wait_for

# Each with a mark by which it is known again, however it was mangled.
FOLDER, COLUMN, LEVEL, TABLE = "R&D <b>set zqf", "C&D <u>tree zqc", "E&F <s>oak zql", "T&A <i>b zqt.csv"
CLASSES = ("A&B <i>cat zqa", "&nbsp;dog &lt;b> zqb")
GROUP = "G&H <b>group zqg"
MARKS = {name.split(" ")[-1].split(".")[0]: name for name in (FOLDER, COLUMN, LEVEL, TABLE, *CLASSES, GROUP)}
FILE = "p&q <u>{} zqp.png"


@pytest.fixture
def named(folder: Path, tmp_path: Path) -> Path:
    named = tmp_path / FOLDER
    rows = [f"file,{COLUMN}"]
    for kind, into in zip(("red", "blue"), CLASSES, strict=True):
        (named / into).mkdir(parents=True)
        for number in range(12):
            name = FILE.format(number)
            shutil.copy(folder / kind / f"{number}.png", named / into / name)
            rows.append(f"{into}/{name},{LEVEL if number % 2 else 'elm'}")
    (named / "metadata.csv").write_text("\n".join([*rows, f"gone {TABLE},x"]), "utf-8")
    (named / TABLE).write_text("file,age\n", "utf-8")
    return named


def without_shortcut(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def as_rich(text: str) -> str:
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


def as_tooltip(text: str) -> str:
    return as_rich(text) if GuiQt.mightBeRichText(text) else text


def label_as_seen(label: QLabel) -> str:
    is_rich = label.textFormat() == Qt.TextFormat.RichText or (
        label.textFormat() == Qt.TextFormat.AutoText and GuiQt.mightBeRichText(label.text())
    )
    text = as_rich(label.text()) if is_rich else label.text()
    return without_shortcut(text) if label.buddy() and not is_rich else text


def tooltips_of(model: QAbstractItemModel) -> Iterator[str]:
    for row in range(min(50, model.rowCount())):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount()):
            tip = model.index(row, column).data(Qt.ItemDataRole.ToolTipRole)
            yield str(tip or "")


def seen() -> Iterator[tuple[str, str, str]]:
    """Every text in any window: what kind it is, where, and as it is drawn."""
    for widget in QApplication.allWidgets():
        where = f"{type(widget).__name__} {widget.accessibleName()}"
        yield "tooltip", where, as_tooltip(widget.toolTip())
        if isinstance(widget, QLabel):
            yield "label", where, label_as_seen(widget)
        if isinstance(widget, QAbstractButton):
            yield "button", where, without_shortcut(widget.text())
        if isinstance(widget, QTabBar):
            yield from (("tab", where, without_shortcut(widget.tabText(at))) for at in range(widget.count()))
        if isinstance(widget, QAbstractItemView | QComboBox) and widget.model() is not None:
            yield from (("tooltip of an item", where, as_tooltip(tip)) for tip in tooltips_of(widget.model()))
        if widget.isWindow():
            yield "title", where, widget.windowTitle().replace("[*][*]", "[*]")
        for action in {*widget.actions(), *widget.findChildren(QAction)}:
            yield "action", where, without_shortcut(action.text())
            yield "tooltip of an action", where, as_tooltip(action.toolTip())


def in_one_line(text: str) -> str:
    """Without the spaces at which a tooltip may have been broken."""
    return "".join(text.split())


def check_all() -> Counter[str]:
    """Every name that is seen anywhere is seen as it is; how many were, by kind."""
    counted: Counter[str] = Counter()
    for kind, where, text in seen():
        for mark, name in MARKS.items():
            if mark in text and "…" not in text:
                assert in_one_line(name) in in_one_line(text), f"{kind} of {where}: {text!r}"
                counted[kind] += 1
        if "zqp" in text and "…" not in text:
            assert "p&q<u>" in in_one_line(text), f"{kind} of {where}: {text!r}"
            counted[kind] += 1
    return counted


def colour_by(program: Opened, name: str) -> None:
    boxes = program.panels.map.findChildren(QComboBox)
    box = next(box for box in boxes if box.accessibleName() == "Colour by")
    box.setCurrentText(name)
    box.activated.emit(box.currentIndex())


def test_names_are_seen_as_they_are_everywhere(
    qtbot: QtBot, qapp: QApplication, open_program: Open, screenshot: Screenshot, named: Path
) -> None:
    program = open_program()
    read(qtbot, program, named)
    window, workspace = program.window, program.workspace
    program.panels.images._skipped.unfold()
    check_all()
    learn(qtbot, program, small(named, epochs=1))
    wait_for(qtbot, program, "finished")
    colour_by(program, COLUMN)
    mark_with_names(program)
    qtbot.waitUntil(lambda: len(workspace.exploring.now.selection) == 3)
    for dock in program.window.findChildren(QDockWidget):
        dock.show()
        dock.raise_()
        qapp.processEvents()
    program.panels.images.show_complaint(f"There is nothing at {named}.", is_of_table=True)
    program.panels.form.show_obstacle(f"There is nothing at {named}.")
    program.panels.form.show_caution(f"Only one image in {named}.")
    window.status.show_message(f"Saved {named}")
    program.panels.recent.show_sources([str(named)])
    program.panels.images.show_failure(f"There is nothing at {named}.")
    counted = check_all()
    assert not {"label", "action", "tooltip", "tooltip of an item", "title"} - counted.keys(), counted
    screenshot(program, "plain_names")


def mark_with_names(program: Opened) -> None:
    """A selection, a class, a direction and a path, all called as people call things; undo names the last."""
    exploring, indices = program.workspace.exploring, np.arange(3)
    vector, stops = np.ones(2, np.float32), np.array([[0, 0], [1, 1]], np.float32)
    exploring.change(
        f"making of {GROUP}",
        z=stops[0],
        selection=indices,
        groups=(Group(GROUP, indices),),
        directions=(Direction(f"more {GROUP}", vector, CLASSES[0], GROUP, (3, 3)),),
        paths=(LatentPath(f"along {GROUP}", "straight", stops),),
    )


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)", extend=True)
def test_a_menu_and_a_card_on_an_image_show_its_name(qtbot: QtBot) -> None:
    kind = CLASSES[1]
    program, host = new_program(), QWidget()
    for widget in (program.window, host):
        qtbot.addWidget(widget)
    nothing = np.zeros(1, np.bool_)
    program.workspace.viewing.table = Table((FILE.format(1),), np.ones(1, np.int64), ("another", kind), nothing)
    card = HoverCard(host)
    card.show_image(np.zeros((8, 8, 3), np.uint8), "a <b> zqa", "b & <i>", QPointF(1, 1))
    assert card.text == "a <b> zqa\nb & <i>"
    assert all(label_as_seen(label) == label.text() for label in card.findChildren(QLabel))
    program.shell.spots.open(Spot(0), QPoint(0, 0))
    texts = [without_shortcut(action.text()) for action in QApplication.activePopupWidget().actions()]
    program.window.close()
    assert texts[0] == FILE.format(1)
    assert f"Select all of “{kind}”" in texts


@pytest.mark.parametrize(
    "text",
    ["plain", "R&D", "R&D <b>set", "a < b", "a\n<i>b", "&lt;b&gt;", "&amp;", "<!-- -->", "<?xml ?>x", "  two <b>"],
)
def test_a_tooltip_says_what_it_was_given(qtbot: QtBot, text: str) -> None:
    assert as_tooltip(plain_tip(text)).replace("\u2028", "\n").strip() == text.strip()
