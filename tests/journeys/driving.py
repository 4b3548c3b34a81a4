"""What journeys through the real window share: opening sources, small models, and waiting for them."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QDialogButtonBox, QPushButton
from pytestqt.qtbot import QtBot

from core.config import RunConfig
from explorer.shell.save_dialog import SaveDialog
from tests.explorer.looking import named
from tests.explorer.opened import Opened

Open = Callable[[], Opened]
Screenshot = Callable[[Opened, str], None]
PATIENCE = 60_000  # milliseconds


def small(source: Path, model: Mapping[str, object] = {}, **training: object) -> RunConfig:
    """A model that learns two dozen discs in a second."""
    return RunConfig.model_validate(
        {
            "source": str(source),
            "images": {"held_out": 0.25},
            "model": {"width": 4, **model},
            "training": {"batch_size": 6, "device": "cpu", **training},
        }
    )


def read(qtbot: QtBot, program: Opened, source: Path) -> None:
    """Open a folder, and wait until it is read."""
    with qtbot.waitSignal(program.workspace.images_changed, timeout=PATIENCE):
        program.workspace.open(source)
    wait_for(qtbot, program, "idle")


def start(qtbot: QtBot, program: Opened, config: RunConfig) -> None:
    """Train, and wait until the map moves."""
    with qtbot.waitSignal(program.workspace.learning.map_moved, timeout=PATIENCE):
        program.panels.form.start_requested.emit(config)


def learn(qtbot: QtBot, program: Opened, config: RunConfig) -> Path:
    """Train on what was read until it is finished; returns the run."""
    program.panels.form.start_requested.emit(config)
    wait_for(qtbot, program, "finished")
    run = program.workspace.learning.run
    assert run is not None
    return run


def press(qtbot: QtBot, program: Opened, words: str) -> None:
    """Click the button of the training form that says this."""
    button = next(each for each in _buttons(program) if each.text() == words)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def shown_buttons(program: Opened) -> set[str]:
    """What can be pressed in the training form."""
    return {each.text() for each in _buttons(program)}


def wait_for(qtbot: QtBot, program: Opened, *states: str) -> None:
    """Until learning is in one of these states."""
    qtbot.waitUntil(lambda: program.workspace.learning.state in states, timeout=PATIENCE)


def _buttons(program: Opened) -> list[QPushButton]:
    found = program.panels.form.findChildren(QPushButton)
    return [each for each in found if each.isVisible() and each.isEnabled() and each.text() != "Copy"]


def fill_in(qtbot: QtBot, program: Opened, path: Path, **choices: str) -> SaveDialog:
    """The dialog that saves, with choices typed into its lists (the words of an entry have these) and a path."""

    def seen() -> list[SaveDialog]:
        return [each for each in program.window.findChildren(SaveDialog) if each.isVisible()]

    qtbot.waitUntil(lambda: bool(seen()), timeout=PATIENCE)
    dialog = seen()[0]
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow, timeout=PATIENCE)
    for name, words in choices.items():
        choose(qtbot, named(dialog, name), words)
    field = named(dialog, "File")
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QApplication.clipboard().setText(str(path))  # keys of QTest know no letter beyond ASCII, as a home may have
    qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    return dialog


def choose(qtbot: QtBot, box: QComboBox, words: str) -> None:
    """Go through a list by keys to the first entry that has these words."""
    place = next(place for place in range(box.count()) if words in box.itemText(place))
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    while box.currentIndex() < place:
        qtbot.keyClick(box, Qt.Key.Key_Down)


def press_save(qtbot: QtBot, dialog: SaveDialog) -> None:
    """Press its button."""
    button = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
