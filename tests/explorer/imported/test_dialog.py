"""What a model was found to be must be seen, and changed where it is wrong, before it is opened."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QLabel
from pytestqt.qtbot import QtBot

from core.imported.settings import EncoderSettings, GraphSettings, ImportedSettings
from core.imported.trial import Tried
from core.imported.wish import ModelWish
from explorer.imported.dialog import CHOOSE_IMAGES, ModelDialog
from tests.explorer.looking import named

GRAPH = {
    "sha256": "0" * 64, "input": "z", "shape": [2], "kind": "float32", "batch": 0, "at_once": 16, "output": "x",
    "layout": "NCHW",
}  # fmt: skip
WHY = {"latent": "Input z: (N, 2).", "picture": "Output x.", "range": "It ends in a Sigmoid.", "prior": "Usual."}
SETTINGS = ImportedSettings(decoder=GraphSettings(**GRAPH), range="0..1", prior="normal", picture=[16, 16, 1], why=WHY)
WITH_ENCODER = SETTINGS.model_copy(
    update={"encoder": EncoderSettings(**GRAPH), "why": {**WHY, "encoder": "Input x.", "code": "mu is the mean."}}
)
DECODER, ENCODER = Path("/models/decoder.onnx"), Path("/models/encoder.onnx")


@pytest.fixture
def dialog(qtbot: QtBot) -> ModelDialog:
    made = ModelDialog(ModelWish(DECODER))
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


def texts(dialog: ModelDialog) -> str:
    return "\n".join(each.text() for each in dialog.findChildren(QLabel) if each.isVisible())


def open_button(dialog: ModelDialog):
    return dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Open)


def test_nothing_is_opened_before_it_was_tried(qtbot: QtBot, dialog: ModelDialog) -> None:
    assert not open_button(dialog).isEnabled()
    assert "in a process of its own" in texts(dialog)
    dialog.show_found(Tried(SETTINGS, 1.5))
    assert open_button(dialog).isEnabled()
    for why in WHY.values():
        assert why in texts(dialog)
    assert "2 latent dimensions · 1.5 ms a picture" in texts(dialog)
    with qtbot.waitSignal(dialog.decided) as decided:
        qtbot.mouseClick(open_button(dialog), Qt.MouseButton.LeftButton)
    assert decided.args == [ModelWish(DECODER, name="decoder"), SETTINGS]


def test_what_no_graph_says_can_be_said_and_is_tried_again(qtbot: QtBot, dialog: ModelDialog) -> None:
    dialog.show_found(Tried(SETTINGS, 1.0))
    with qtbot.waitSignal(dialog.wished) as wished:
        qtbot.keyClick(named(dialog, "Range"), Qt.Key.Key_Down)
    assert wished.args[0].range == "-1..1"
    assert not open_button(dialog).isEnabled()
    dialog.show_found(Tried(SETTINGS.model_copy(update={"range": "-1..1"}), 1.0))
    with qtbot.waitSignal(dialog.wished) as wished:
        qtbot.keyClick(named(dialog, "Prior"), Qt.Key.Key_Down)
    assert (wished.args[0].range, wished.args[0].prior) == ("-1..1", "uniform")
    field = named(dialog, "Name")
    field.selectAll()
    qtbot.keyClicks(field, "A generator")
    assert dialog.wish.name == "A generator"


def test_why_it_cannot_be_opened_stands_there_and_open_is_off(dialog: ModelDialog) -> None:
    dialog.show_failure("It asks for more memory than a model may take.")
    assert "more memory" in texts(dialog)
    assert not open_button(dialog).isEnabled()


def test_an_encoder_wants_images_and_images_want_an_encoder(qtbot: QtBot, dialog: ModelDialog) -> None:
    assert not named(dialog, "Choose the images").isEnabled()
    with qtbot.waitSignal(dialog.encoder_clicked):
        qtbot.mouseClick(named(dialog, "Choose the encoder"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(dialog.wished) as wished:
        dialog.choose_encoder(ENCODER)
    assert wished.args[0] == replace(ModelWish(DECODER), encoder=ENCODER)
    dialog.show_found(Tried(WITH_ENCODER, 1.0))
    assert "mu is the mean." in texts(dialog)
    assert not open_button(dialog).isEnabled()
    assert CHOOSE_IMAGES in open_button(dialog).toolTip().replace("\n", " ")
    with qtbot.waitSignal(dialog.images_clicked):
        qtbot.mouseClick(named(dialog, "Choose the images"), Qt.MouseButton.LeftButton)
    dialog.choose_images("/pictures")
    assert open_button(dialog).isEnabled()
    with qtbot.waitSignal(dialog.wished) as wished:
        qtbot.mouseClick(named(dialog, "No encoder"), Qt.MouseButton.LeftButton)
    assert (wished.args[0].encoder, wished.args[0].data) == (None, "")
