"""A person reads every word: on a small laptop, in words as long as German ones or in large letters, none is cut."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QFont, QTextDocument
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDockWidget,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from explorer.shell.window_geometry import FRAME
from explorer.toolkit.descriptions import describe_choice
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.plain_text import plain_tip
from tests.explorer.legible import cut_texts, texts_of, wide_tips
from tests.explorer.opened import Opened
from tests.journeys.driving import PATIENCE, Open, Screenshot, learn, read, small

SMALL = (1280, 800)
# Percent: how far apart letters are, and how large. Wider ones stand for words that are as much longer.
LETTERS = {"usual": (100, 100), "German": (130, 100), "large": (100, 130)}
KINDS = {"red": "round things of the first kind, seen from above", "blue": "round things of the second kind"}
LONG = "what was found on the way from the station to the sea"
KINDS_CUT = ("QLabel", "QPushButton", "QToolButton", "QComboBox", "QCheckBox", "its height", "ElidedLabel")
FEWEST = {"nothing open": 55, "images": 70, "run": 120}  # texts that are measured, so that none is forgotten


@pytest.fixture(params=LETTERS)
def letters(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    """A key of LETTERS: how all is written."""
    usual = QFont(qapp.font())
    other, (spread, size) = QFont(usual), LETTERS[request.param]
    other.setLetterSpacing(QFont.SpacingType.PercentageSpacing, spread)
    other.setPointSizeF(usual.pointSizeF() * size / 100)
    qapp.setFont(other)
    yield request.param
    qapp.setFont(usual)


@pytest.fixture
def pictures(folder: Path, tmp_path: Path) -> Path:
    """Two classes whose names are long, in a folder whose name is."""
    named = tmp_path / "what was photographed on the way from the station to the sea, and what was found there"
    for name, said in KINDS.items():
        shutil.copytree(folder / name, named / said)
    return named


def look(qtbot: QtBot, program: Opened, screenshot: Screenshot, state: str, letters: str) -> list[str]:
    """What is cut in each panel, brought forward in turn."""
    cut, counted = dict[str, str](), 0
    for dock in program.window.findChildren(QDockWidget):
        program.shell.docks.bring_forward(dock.objectName())
        qtbot.wait(40)
        counted = max(counted, sum(1 for _ in texts_of(program.window)))
        cut = {line: f"{state}, {dock.objectName()}: {line}" for line in stays_cut(qtbot, program)} | cut
        screenshot(program, f"{state} {dock.objectName()} {letters}")
    print(f"{state}: {counted} texts at once")
    assert counted >= FEWEST[state]
    return list(cut.values())


def stays_cut(qtbot: QtBot, program: Opened) -> list[str]:
    """What is cut once the panel is laid out, which takes a slow machine a while."""
    for _ in range(20):
        if not (found := list(cut_texts(program.window))):
            break
        qtbot.wait(100)
    return found


def furnish(qtbot: QtBot, program: Opened) -> None:
    """What a run can have: a selection, a direction, a path, figures."""
    workspace = program.workspace
    qtbot.waitUntil(lambda: workspace.viewing.place is not None, timeout=PATIENCE)
    exploring, labels = workspace.exploring, workspace.viewing.table.labels
    for slot, label in (("set_a", 1), ("set_b", 0)):
        exploring.change("lasso", selection=np.flatnonzero(labels == label))
        program.shell.actions[slot].trigger()
    program.panels.directions._name.setText("from what is seen from above to what is not")
    with qtbot.waitSignal(program.controllers.directing.film_decoded, timeout=PATIENCE):
        program.shell.actions["make_direction"].trigger()
    for index in (0, 5, 20):
        exploring.change("go", z=workspace.viewing.latent_space.codes[index])
        program.controllers.routing.add_cursor()
    program.controllers.routing.rename("from the first kind to the second, by way of the sea")
    program.panels.evaluation.evaluate_requested.emit(8, False)
    qtbot.waitUntil(lambda: bool(program.panels.evaluation._rows), timeout=PATIENCE)


@pytest.mark.timeout(300)
@pytest.mark.long
def test_nothing_is_cut_on_a_small_screen(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, pictures: Path, letters: str
) -> None:
    program = open_program()
    program.window.resize(*SMALL)
    qtbot.wait(100)
    assert (program.window.width(), program.window.height()) == SMALL
    cut = look(qtbot, program, screenshot, "nothing open", letters)
    read(qtbot, program, pictures)
    cut += look(qtbot, program, screenshot, "images", letters)
    learn(qtbot, program, small(pictures, {"latent_dims": 5, "conditional": "class"}, epochs=8))
    furnish(qtbot, program)
    cut += look(qtbot, program, screenshot, "run", letters)
    assert (program.window.width(), program.window.height()) == SMALL
    assert program.window.minimumSizeHint().height() <= SMALL[1] - FRAME.height()
    assert not cut, "\n".join(["", *cut])
    wide = wide_tips(program.window)
    assert not wide, "\n".join(["", *wide])


def test_what_is_cut_on_purpose_is_found(qtbot: QtBot, qapp: QApplication) -> None:
    """A text in too little room, of each kind; with the whole in its tooltip only a number still counts."""
    panel = QWidget()
    qtbot.addWidget(panel)
    column = QVBoxLayout(panel)
    label, number, button, tool = QLabel(LONG), QLabel("−18,640"), QPushButton(LONG), QToolButton()
    elided, box, tick, sentence = ElidedLabel(), QComboBox(), QCheckBox(LONG), QLabel(LONG, wordWrap=True)
    tool.setText(LONG)
    box.addItem(LONG)
    made = (label, number, button, tool, box, tick, sentence, elided)
    for widget in made:
        column.addWidget(widget)
    panel.resize(600, 400)
    panel.show()
    qtbot.waitExposed(panel)
    assert cut_texts(panel) == []
    for widget in made:
        widget.setFixedWidth(30)
    sentence.setFixedHeight(16)
    elided.show_text(LONG)
    elided.setToolTip("")
    qtbot.wait(20)
    found = "\n".join(cut_texts(panel))
    assert [kind for kind in KINDS_CUT if kind not in found] == []
    for widget in made:
        widget.setToolTip(plain_tip(f"{LONG} −18,640"))
    assert [line for line in cut_texts(panel) if "18,640" not in line] == []
    assert any("18,640" in line for line in cut_texts(panel))


def test_what_is_chosen_from_a_narrow_list_is_in_its_tooltip(qtbot: QtBot) -> None:
    box = QComboBox()
    qtbot.addWidget(box)
    box.addItems([LONG, "short"])
    describe_choice(box, "Class", "Which class is decoded")
    for name in (LONG, "short"):
        box.setCurrentText(name)
        assert " ".join(box.toolTip().split()) == f"{name} Which class is decoded"
    assert wide_tips(box) == []


def test_no_line_of_a_tooltip_is_longer_than_sixty_letters() -> None:
    for text in (f"{LONG} " * 5, "/a path/" + "x" * 200, "one\ntwo <b>three</b> " * 30):
        document = QTextDocument()
        document.setHtml(plain_tip(text)) if "<" in text else document.setPlainText(plain_tip(text))
        assert max(map(len, document.toPlainText().splitlines())) <= 60
        assert "".join(document.toPlainText().split()) == "".join(text.split())
    assert plain_tip(plain_tip(f"{LONG} " * 5)) == plain_tip(f"{LONG} " * 5)
