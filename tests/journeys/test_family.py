"""The family of models through the real window: classes, completion, samples, comparing, evaluating, remedies."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.reports.evaluation import Finding
from tests.explorer.opened import Opened
from tests.journeys.driving import PATIENCE, Open, Screenshot, learn, read, small, wait_for
from tests.journeys.test_spots import OFFSCREEN, right_click


def trained(qtbot: QtBot, program: Opened, folder: Path, conditional: str) -> Path:
    read(qtbot, program, folder)
    return learn(qtbot, program, small(folder, {"network": "mlp", "conditional": conditional}, epochs=3))


def test_a_class_conditional_model_decodes_the_class_that_is_chosen(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, folder: Path
) -> None:
    program = open_program()
    workspace = program.workspace
    trained(qtbot, program, folder, "class")
    viewing = workspace.viewing
    with qtbot.waitSignal(viewing.place_decoded, timeout=PATIENCE):
        program.panels.map.class_chosen.emit(1)
    space = viewing.latent_space
    assert space is not None
    assert viewing.class_name == space.classes[1]
    assert "12 of other classes faint" in program.panels.map._line.text()
    qtbot.waitUntil(lambda: viewing.place is not None and viewing.place.z is viewing.z, timeout=PATIENCE)
    assert viewing.place is not None
    np.testing.assert_array_equal(viewing.place.pixels, space.with_label(1).decode(viewing.place.z[None])[0])

    with qtbot.waitSignal(program.controllers.sampling.drawn, timeout=PATIENCE) as drawn:
        program.shell.actions["samples"].trigger()
    screenshot(program, "samples")
    index = int(np.flatnonzero(drawn.args[0].labels == 0)[1])
    with qtbot.waitSignal(viewing.place_decoded, timeout=PATIENCE):
        program.panels.samples.sample_clicked.emit(index)
    assert viewing.class_name == space.classes[0]
    assert viewing.z is not None
    np.testing.assert_array_equal(viewing.z, drawn.args[0].z[index])
    assert workspace.picture_facts()["class"] == space.classes[0]


def test_a_run_is_evaluated_compared_and_mended(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, folder: Path
) -> None:
    program = open_program()
    workspace = program.workspace
    run = trained(qtbot, program, folder, "none")
    with qtbot.waitSignal(program.controllers.evaluating.evaluated, timeout=PATIENCE) as evaluated:
        program.panels.evaluation._samples.setValue(4)
        program.shell.actions["evaluate"].trigger()
    assert evaluated.args[0].images == 2  # a tenth, as the images were read
    assert evaluated.args[1] == run
    assert program.panels.evaluation._table.topLevelItemCount() >= 7
    screenshot(program, "evaluation")

    with qtbot.waitSignal(
        program.controllers.comparing.compared, timeout=PATIENCE, check_params_cb=lambda each: len(each) == 1
    ) as compared:
        program.shell.actions["compare"].trigger()
    assert compared.args[0][0].run == run
    assert program.panels.compare.ticked == [run]
    screenshot(program, "compare")

    program.shell.docks.bring_forward("Curves")
    qtbot.waitUntil(program.panels.findings._early.isVisible, timeout=PATIENCE)
    assert "Too early to judge" in program.panels.findings._early.text()
    finding = Finding("collapsed posterior", "KL is 0.01 nats.", "Lower beta to 0.5.", {"training.beta": 0.5})
    program.controllers.diagnosing.found.emit((finding,))
    qtbot.mouseClick(program.panels.findings._try, Qt.MouseButton.LeftButton)
    # What is stopped before its first step has nothing to keep.
    with (
        qtbot.waitSignal(workspace.learning.step_done, timeout=PATIENCE),
        qtbot.waitSignal(program.panels.form.start_requested) as asked,
    ):
        qtbot.mouseClick(program.panels.form._buttons["train"], Qt.MouseButton.LeftButton)
    assert asked.args[0].training.beta == 0.5
    workspace.learning.finish()
    wait_for(qtbot, program, "kept", "finished")
    said = program.panels.findings._trial
    qtbot.waitUntil(lambda: "Beta 1 → 0.5: held-out reconstruction + KL" in said.text(), timeout=PATIENCE)
    assert said.isVisible()
    screenshot(program, "before_and_after")
    workspace.open_run(run)
    qtbot.waitUntil(lambda: workspace.learning.run == run and workspace.learning.state == "finished", timeout=PATIENCE)
    assert not said.isVisible()


@pytest.mark.qt_log_ignore(OFFSCREEN, extend=True)
def test_what_is_hidden_is_completed_and_what_is_seen_stays(
    qtbot: QtBot, open_program: Open, screenshot: Screenshot, folder: Path
) -> None:
    program = open_program()
    trained(qtbot, program, folder, "completion")
    completing = program.controllers.completing
    with qtbot.waitSignal(completing.completed, timeout=PATIENCE):
        program.shell.actions["complete"].trigger()
    with qtbot.waitSignal(completing.completed, timeout=PATIENCE) as completed:
        program.panels.completion._editor.hide_shape("Lower half")
    best, draws = completed.args
    task = completing.task
    assert task is not None
    for picture in (best, *draws):
        np.testing.assert_array_equal(picture[:32], task.pixels[:32])
    assert not np.array_equal(draws[0][32:], draws[1][32:])
    QApplication.processEvents()
    screenshot(program, "completion")
    sheet = program.panels.completion._sheet
    right_click(sheet, sheet._places()[2].center())()
    menu = QApplication.activePopupWidget()
    entries = {action.text(): action for action in menu.actions() if action.text()}
    assert list(entries) == [f"{task.name}, draw 2", "Copy picture", "Save picture…"]
    entries["Copy picture"].trigger()
    menu.close()
    copied = QGuiApplication.clipboard().image()
    assert copied.pixelColor(40, 40).getRgb()[:3] == tuple(draws[1][40, 40].tolist())
    before = task.name
    with qtbot.waitSignal(completing.changed, timeout=PATIENCE):
        program.panels.map.code_picked.emit(0)
    assert completing.task is not None
    assert completing.task.name != before
    assert completing.task.hidden[32:].all()
