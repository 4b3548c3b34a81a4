"""A model that nobody trained for this program, opened in the real window: the map, the hand, and what it cannot do."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from core.imported.wish import ModelWish
from explorer.imported.dialog import ModelDialog
from explorer.tour.panel import TourCard
from explorer.tour.way_strip import WayStrip
from tests.explorer.looking import said
from tests.explorer.opened import Opened
from tests.foreign_models import Foreign
from tests.journeys.driving import PATIENCE, Open, Screenshot, wait_for


def agree(qtbot: QtBot, program: Opened) -> None:
    """Wait for the dialog to know, press Open, and wait for the run."""
    dialog = next(each for each in program.window.findChildren(ModelDialog) if each.isVisible())
    button = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Open)
    qtbot.waitUntil(button.isEnabled, timeout=PATIENCE)
    with qtbot.waitSignals(
        [program.workspace.learning.run_opened, program.workspace.viewing.place_decoded], timeout=PATIENCE
    ):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_for(qtbot, program, "finished")


def drop(program: Opened, path: Path) -> None:
    mime, right = QMimeData(), Qt.MouseButton.LeftButton
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    action, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    program.window.dropEvent(QDropEvent(QPointF(9, 9), action, mime, right, none))


def test_a_vae_from_elsewhere_is_opened_looked_at_and_opened_again(
    qtbot: QtBot, open_program: Open, foreign: dict[str, Foreign], folder: Path, screenshot: Screenshot
) -> None:
    program = open_program()
    workspace, model = program.workspace, foreign["class"]
    assert model.encoder is not None
    workspace.open_model(ModelWish(model.decoder, model.encoder, str(folder), name="Discs"))
    agree(qtbot, program)
    space, viewing = workspace.viewing.latent_space, workspace.viewing
    assert space is not None
    assert workspace.learning.run.name == "Discs"
    assert len(space.codes) == len(viewing.image_set) == 24
    assert space.classes == ("blue", "red")

    workspace.look_at_point(0.5, -0.5)
    blue, red = (space.with_label(label).decode(viewing.z[None])[0] for label in (0, 1))
    assert not np.array_equal(blue, red)
    qtbot.waitUntil(lambda: np.array_equal(viewing.place.pixels, blue), timeout=PATIENCE)
    viewing.choose_class(1)
    qtbot.waitUntil(lambda: np.array_equal(viewing.place.pixels, red), timeout=PATIENCE)

    for name in ("tour", "tour_on", "tour_on"):
        program.shell.actions[name].trigger()
    with qtbot.waitSignal(workspace.placing.weighed, timeout=PATIENCE) as weighed:
        workspace.open_picture(next(folder.glob("red/*.png")))  # one of the images: its dot
        workspace.placing.place_file(next(folder.glob("red/*.png")), workspace.images_as_read)
    assert weighed.args[0].standing is None
    assert "trained elsewhere" in weighed.args[0].why_not
    card = program.window.findChild(TourCard)
    assert "3 numbers of it; from those and the class “red”" in said(card), "it gives no σ, and is told the class"
    assert "±" not in card.findChild(WayStrip).accessibleName()
    program.shell.actions["tour_skip"].trigger()
    assert "trained elsewhere" in program.shell.actions["train"].toolTip().replace("\n", " ")
    screenshot(program, "imported-vae")

    run = workspace.learning.run
    workspace.open(None)
    wait_for(qtbot, program, "finished")
    assert workspace.learning.run == run  # it is what was open last


def test_a_shortest_way_and_strips_and_a_backdrop_need_no_gradient(
    qtbot: QtBot, open_program: Open, foreign: dict[str, Foreign], folder: Path
) -> None:
    program = open_program()
    workspace, model = program.workspace, foreign["pythae"]
    workspace.open_model(ModelWish(model.decoder, model.encoder, str(folder)))
    agree(qtbot, program)
    program.shell.actions["paths"].trigger()
    program.panels.paths._stops._clicking.click()
    for u, v in ((-1.0, 0.0), (1.0, 0.5)):
        program.panels.map.clicked.emit(u, v, -1)
    with qtbot.waitSignal(
        program.controllers.travelling.found, timeout=PATIENCE, check_params_cb=lambda trip: len(trip.way.z) == 8
    ):
        program.panels.paths.kind_chosen.emit("geodesic")
        program.panels.paths.frames_chosen.emit(8)
    with qtbot.waitSignal(program.controllers.traversing.strip_decoded, timeout=PATIENCE):
        program.shell.actions["traversals"].trigger()


def test_a_generator_alone_shows_samples_and_says_what_it_cannot(
    qtbot: QtBot,
    open_program: Open,
    foreign: dict[str, Foreign],
    folder: Path,
    tmp_path: Path,
    screenshot: Screenshot,
) -> None:
    program = open_program()
    workspace, viewing = program.workspace, program.workspace.viewing
    (tmp_path / "decoder.bin").write_bytes(foreign["gan"].decoder.read_bytes()[:-99])
    drop(program, tmp_path / "decoder.bin")  # whatever it is called
    dialog = program.window.findChild(ModelDialog)
    qtbot.waitUntil(lambda: "cut short" in dialog._said.text(), timeout=PATIENCE)
    drop(program, foreign["gan"].decoder)  # in its place
    agree(qtbot, program)
    assert len(viewing.latent_space.codes) == 2000
    assert "samples of the prior" in program.panels.map._line.whole
    with qtbot.waitSignal(viewing.surroundings_found, timeout=PATIENCE) as found:
        workspace.look_at_point(0.1, 0.2)  # of whichever place
    assert found.args[0].standing is None
    assert not len(found.args[0].nearest)
    assert "No pictures are known" in program.panels.picture._trust._trip.whole
    with qtbot.waitSignal(workspace.placing.failed, timeout=PATIENCE) as failed:
        workspace.placing.place_file(next(folder.glob("red/*.png")), workspace.images_as_read)
    assert "without an encoder" in failed.args[0]
    program.shell.actions["samples"].trigger()
    qtbot.waitUntil(lambda: program.controllers.sampling.last is not None, timeout=PATIENCE)
    program.shell.actions["tour"].trigger()  # of what it cannot do nothing is asked
    card = program.window.findChild(TourCard)
    steps = []
    while card.isVisible():
        steps.append(card._where.text())
        program.shell.actions["tour_on"].trigger()
        assert "picture of your own: draw" not in said(card)
        assert "verdict" not in said(card)
    assert steps == ["1 of 3", "2 of 3", "3 of 3"]
    screenshot(program, "imported-generator")
