"""The form: what is asked for is what is trained, and nothing can be asked that cannot be."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core.config import (
    GROUPS,
    PRESETS,
    ImagesConfig,
    ModelConfig,
    RunConfig,
    TrainingConfig,
    as_command,
    preset,
)
from explorer.training.config_field import ConfigField
from explorer.training.panel import NO_SOURCE, NOT_VALID, TrainingForm
from tests.explorer.looking import heard, named

SOURCE = "/pictures/moths"
ODD = RunConfig(
    source=SOURCE,
    images=ImagesConfig(
        image_size=28, channels=1, fit="pad", background="black", held_out=0.25, metadata="a table.csv"
    ),
    model=ModelConfig(latent_dims=7, network="mlp", width=16, likelihood="bernoulli"),
    training=TrainingConfig(
        epochs=3, minutes=2.5, batch_size=99, learning_rate=3e-5, beta=4, warm_up=0, clip=5, seed=42
    ),
)


@pytest.fixture
def form(qtbot: QtBot) -> TrainingForm:
    form = TrainingForm()
    qtbot.addWidget(form)
    form.resize(320, 640)
    form.show()
    return form


def field(form: TrainingForm, name: str) -> ConfigField:
    return next(field for field in form._fields if field.name == name)


def retype(qtbot: QtBot, form: TrainingForm, name: str, text: str) -> None:
    line = field(form, name).control
    line.clear()
    qtbot.keyClicks(line, text)


def press_train(qtbot: QtBot, form: TrainingForm) -> RunConfig:
    with qtbot.waitSignal(form.start_requested, timeout=1000) as started:
        qtbot.mouseClick(form._buttons["train"], Qt.MouseButton.LeftButton)
    return started.args[0]


def choose_preset(form: TrainingForm, index: int) -> None:
    form._preset.setCurrentIndex(index)
    form._preset.activated.emit(index)


def test_every_setting_of_the_configuration_can_be_set(form: TrainingForm) -> None:
    expected = {(group, name) for group, kind in GROUPS for name in kind.model_fields}
    assert {(field.group, field.name) for field in form._fields} == expected
    assert all(field.label.text() and field.control.toolTip() for field in form._fields)


@pytest.mark.parametrize("config", [*(preset(name, SOURCE) for name in PRESETS), ODD], ids=[*PRESETS, "odd"])
def test_what_is_shown_is_what_is_trained(qtbot: QtBot, form: TrainingForm, config: RunConfig) -> None:
    form.show_config(config)
    assert press_train(qtbot, form) == config


@pytest.mark.parametrize("index", range(len(PRESETS)))
def test_choosing_a_preset_fills_everything(qtbot: QtBot, form: TrainingForm, index: int) -> None:
    form.show_config(ODD)
    choose_preset(form, index)
    chosen = preset(PRESETS[index], SOURCE)
    assert press_train(qtbot, form) == chosen.model_copy(update={"images": ODD.images})  # already read: they stay


def test_a_preset_that_was_changed_says_so_until_it_is_changed_back(form: TrainingForm) -> None:
    form.show_source(SOURCE)
    field(form, "latent_dims").control.setValue(3)
    assert form._preset_heading.text() == form._preset.accessibleName() == "Preset, changed"
    field(form, "latent_dims").control.setValue(2)
    assert form._preset_heading.text() == form._preset.accessibleName() == "Preset"


def test_training_waits_for_images_and_says_so(qtbot: QtBot, form: TrainingForm) -> None:
    assert not form._buttons["train"].isEnabled()
    assert form._reason.isVisible()
    assert form._reason.text() == NO_SOURCE
    form.show_source(SOURCE)
    assert not form._reason.isVisible()
    assert press_train(qtbot, form) == preset("quick", SOURCE)


@pytest.mark.parametrize(
    ("text", "value"), [("0.001", 1e-3), ("1e-3", 1e-3), ("0,02", 0.02), ("3E-05", 3e-5), (" 1 ", 1.0)]
)
def test_numbers_can_be_typed_as_people_write_them(qtbot: QtBot, form: TrainingForm, text: str, value: float) -> None:
    form.show_source(SOURCE)
    retype(qtbot, form, "learning_rate", text)
    assert press_train(qtbot, form).training.learning_rate == value


def test_all_that_is_said_of_what_is_typed_comes_into_view(qtbot: QtBot, form: TrainingForm) -> None:
    form.show_source(SOURCE)
    form._advanced.setChecked(True)
    form.setFixedSize(250, 520)
    form.activateWindow()
    typed, rest = field(form, "beta"), form._rest
    typed.control.setFocus()
    qtbot.wait(50)
    ends = typed.row.mapTo(rest.widget(), typed.row.rect().bottomLeft()).y()
    rest.verticalScrollBar().setValue(ends + 2 - rest.viewport().height())
    qtbot.keyClicks(typed.control, "soon")
    qtbot.waitUntil(lambda: typed.complaint.visibleRegion().boundingRect() == typed.complaint.rect())


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("learning_rate", "fast", "must be a number"),
        ("learning_rate", "", "must be a number"),
        ("learning_rate", "0", "must be more than 0"),
        ("learning_rate", "nan", "must be"),
        ("held_out", "0.9", "must be at most 0.5"),
        ("beta", "-1", "must be at least 0"),
        ("minutes", "0", "must be more than 0"),
        ("minutes", "soon", "must be a number"),
    ],
)
def test_a_wrong_value_is_said_beside_its_field_and_cannot_be_trained(
    qtbot: QtBot, form: TrainingForm, name: str, text: str, words: str
) -> None:
    form.show_source(SOURCE)
    form._advanced.setChecked(True)
    retype(qtbot, form, name, text)
    assert field(form, name).complaint.isVisible()
    assert words in field(form, name).complaint.text()
    assert not form._buttons["train"].isEnabled()
    choose_preset(form, 0)
    assert not field(form, name).complaint.isVisible()
    assert form._buttons["train"].isEnabled()


def test_minutes_left_empty_mean_no_limit(qtbot: QtBot, form: TrainingForm) -> None:
    form.show_config(ODD)
    retype(qtbot, form, "minutes", "")
    assert field(form, "minutes").control.placeholderText() == "no limit"
    assert press_train(qtbot, form).training.minutes is None


def test_the_command_says_the_same_as_the_form_and_can_be_copied(qtbot: QtBot, form: TrainingForm) -> None:
    form.show_config(preset("sharp", "/my pictures"))
    field(form, "seed").control.setValue(7)
    form._command.copy()
    assert QGuiApplication.clipboard().text() == form._command.command
    assert form._command.command == as_command(press_train(qtbot, form), "sharp")
    assert form._command.command == "latentscape train '/my pictures' --run RUN --preset sharp --seed 7"


def test_a_command_that_is_not_what_the_form_says_cannot_be_copied(qtbot: QtBot, form: TrainingForm) -> None:
    form.show_source(SOURCE)
    QGuiApplication.clipboard().clear()
    retype(qtbot, form, "learning_rate", "fast")
    copy = named(form, "Copy the command")
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert not copy.isEnabled()
    assert NOT_VALID in copy.toolTip()
    assert form._command.command == QGuiApplication.clipboard().text() == ""
    retype(qtbot, form, "learning_rate", "0.003")
    assert copy.isEnabled()
    assert "--learning-rate 0.003" in form._command.command


def test_a_column_can_be_named_and_an_empty_line_is_what_was_there_before(qtbot: QtBot, form: TrainingForm) -> None:
    form.show_source(SOURCE)
    retype(qtbot, form, "class_column", " tree ")
    assert press_train(qtbot, form).images.class_column == "tree"
    assert form._command.command.endswith("--class-column tree")
    retype(qtbot, form, "class_column", "")
    assert press_train(qtbot, form).images == ImagesConfig()


def test_a_column_whose_name_looks_like_a_flag_survives_the_command_line() -> None:
    config = RunConfig(source=SOURCE, images=ImagesConfig(class_column="-x"))
    assert as_command(config).endswith("--class-column=-x")


def test_images_are_read_again_when_an_image_setting_changes_and_only_then(qtbot: QtBot, form: TrainingForm) -> None:
    seen: list[ImagesConfig] = []
    form.images_config_changed.connect(seen.append)
    form._advanced.setChecked(True)
    field(form, "epochs").control.setValue(5)
    retype(qtbot, form, "held_out", "0.2")
    assert seen == []
    qtbot.keyClick(field(form, "held_out").control, Qt.Key.Key_Return)
    assert seen == [ImagesConfig(held_out=0.2)]
    qtbot.keyClick(field(form, "held_out").control, Qt.Key.Key_Return)
    assert len(seen) == 1
    qtbot.keyClick(field(form, "fit").control, Qt.Key.Key_Down)
    assert seen[-1] == ImagesConfig(held_out=0.2, fit="pad")


def test_opening_a_run_does_not_read_its_images_again(form: TrainingForm) -> None:
    seen: list[ImagesConfig] = []
    form.images_config_changed.connect(seen.append)
    form.show_config(ODD)
    assert seen == []


@pytest.mark.parametrize(
    ("state", "visible", "pressable"),
    [
        ("idle", {"train"}, {"train"}),
        ("training", {"pause", "finish"}, {"pause", "finish"}),
        ("stopping", {"pause", "finish"}, set()),
        ("paused", {"resume", "train"}, {"resume", "train"}),
        ("kept", {"resume", "train"}, {"resume", "train"}),
        ("finished", {"train"}, {"train"}),
    ],
)
def test_each_state_offers_what_can_be_done(form: TrainingForm, state: str, visible: set, pressable: set) -> None:
    form.show_source(SOURCE)
    form.show_state(state)
    buttons = form._buttons.items()
    assert {name for name, button in buttons if button.isVisible()} == visible
    assert {name for name, button in buttons if button.isVisible() and button.isEnabled()} == pressable
    assert form._content.isEnabled() == (state not in ("training", "stopping"))
    assert form.minimumSizeHint().width() <= 320


@pytest.mark.parametrize("name", ["pause", "resume", "finish"])
def test_a_button_says_what_was_asked(qtbot: QtBot, form: TrainingForm, name: str) -> None:
    form.show_state("paused" if name == "resume" else "training")
    with qtbot.waitSignal(getattr(form, f"{name}_requested"), timeout=1000):
        qtbot.mouseClick(form._buttons[name], Qt.MouseButton.LeftButton)


def test_the_key_that_trains_says_when_it_would_do_nothing(form: TrainingForm) -> None:
    told = heard(form.next_changed)
    form.show_state("idle")
    assert told[-1] == (NO_SOURCE,)
    form.show_source(SOURCE)
    form.show_state("idle")
    assert told[-1] == ("",)
    for state, can in (("training", True), ("stopping", False), ("paused", True)):
        form.show_state(state)
        assert (told[-1] == ("",)) is can


def test_a_caution_and_the_progress_come_and_go(form: TrainingForm) -> None:
    form.show_caution("Few images.")
    form.show_progress("Epoch 3 of 20 · 2 min left", 0.15)
    assert form._caution.isVisible()
    assert form._bar.isVisible()
    assert form._bar.value() == 150
    form.show_caution("")
    form.show_progress("", None)
    assert not form._caution.isVisible()
    assert not form._bar.isVisible()


def test_a_size_that_no_choice_offers_becomes_auto(form: TrainingForm) -> None:
    config = preset("quick", SOURCE)
    form.show_config(config.model_copy(update={"images": config.images.model_copy(update={"image_size": 96})}))
    assert field(form, "image_size").read() == "auto"


def test_every_control_has_a_name_and_a_tooltip(form: TrainingForm) -> None:
    controls: list[QWidget] = []
    for kind in (QPushButton, QToolButton, QComboBox, QAbstractSpinBox, QLineEdit):
        controls += form.findChildren(kind)
    own = [control for control in controls if not isinstance(control.parent(), QAbstractSpinBox | QLineEdit)]
    assert len(own) > 20
    assert [control for control in own if not (control.accessibleName() and control.toolTip())] == []


def test_too_few_images_are_said_beside_the_button_that_is_off(form: TrainingForm) -> None:
    form.show_source("/x")
    form.show_obstacle("Only one image can be used.")
    assert not form._buttons["train"].isEnabled()
    assert form._reason.text() == "Only one image can be used."
    form.show_state("reading")
    form.show_state("idle")
    assert not form._buttons["train"].isEnabled()
    form.show_obstacle("")
    assert form._buttons["train"].isEnabled()
    assert not form._reason.isVisible()


def test_what_is_chosen_elsewhere_goes_the_way_of_the_form(qtbot: QtBot, form: TrainingForm) -> None:
    form.show_source("/x")
    with qtbot.waitSignal(form.images_config_changed, timeout=1000) as changed:
        form.change_images(fit="pad", background="black")
    assert changed.args == [ImagesConfig(fit="pad", background="black")]
    assert "--fit pad" in form._command._text.toPlainText()
    with qtbot.assertNotEmitted(form.images_config_changed):
        form.change_images(fit="pad")


def test_columns_of_one_table_are_not_looked_for_in_another(qtbot: QtBot, form: TrainingForm) -> None:
    form.show_source("/x")
    form.change_images(class_column="species", group_column="patient")
    with qtbot.waitSignal(form.images_config_changed, timeout=1000) as changed:
        form.change_metadata("/x/other.csv")
    assert changed.args == [ImagesConfig(metadata="/x/other.csv")]


def test_what_was_typed_outlives_images_that_could_not_be_read_another_way(qtbot: QtBot, form: TrainingForm) -> None:
    form.show_source("/x")
    field(form, "epochs").write(7)
    with qtbot.assertNotEmitted(form.images_config_changed):
        form.show_images(ImagesConfig(fit="stretch"))
    text = form._command._text.toPlainText()
    assert "--epochs 7" in text
    assert "--fit stretch" in text


def test_what_would_change_nothing_is_off_and_says_why(form: TrainingForm) -> None:
    form.show_config(preset("quick", SOURCE))
    assert not field(form, "sigma").control.isEnabled()
    assert "likelihood gaussian" in field(form, "sigma").control.toolTip()
    field(form, "likelihood").write("gaussian")
    assert field(form, "sigma").control.isEnabled()
    field(form, "objective").write("autoencoder")
    off = {field.name for field in form._fields if not field.control.isEnabled()}
    assert off == {"flows", "samples", "beta", "warm_up", "warm_up_cycles", "free_bits", "capacity"}


def test_a_mistake_can_be_mended_even_where_it_would_change_nothing(qtbot: QtBot, form: TrainingForm) -> None:
    form.show_config(preset("quick", SOURCE))
    field(form, "likelihood").write("gaussian")
    retype(qtbot, form, "sigma", "0")
    field(form, "likelihood").write("bernoulli")
    assert field(form, "sigma").control.isEnabled()
    assert not form._buttons["train"].isEnabled()


def test_a_remedy_fills_the_form_and_says_what_it_changed(qtbot: QtBot, form: TrainingForm) -> None:
    form.show_config(preset("quick", SOURCE))
    form.try_changes({"training.free_bits": 0.25, "model.latent_dims": 7})
    assert form._rest.isVisible()
    assert "Latent dims 2 → 7" in form._caution.text()
    assert "Free bits 0 → 0.25" in form._caution.text()
    config = press_train(qtbot, form)
    assert (config.training.free_bits, config.model.latent_dims) == (0.25, 7)


def test_a_capacity_that_is_left_out_is_none(qtbot: QtBot, form: TrainingForm) -> None:
    form.show_config(preset("quick", SOURCE))
    retype(qtbot, form, "capacity", "20")
    assert press_train(qtbot, form).training.capacity == 20.0
    retype(qtbot, form, "capacity", "none")
    assert press_train(qtbot, form).training.capacity is None


def rows_seen(form: TrainingForm) -> set[str]:
    return {
        field.name for field in form._fields if field.row.isVisible() and field.name not in ("epochs", "latent_dims")
    }


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("free bits", {"free_bits"}),
        ("bowman", {"warm_up"}),  # who is named in what it does
        ("bf16", {"precision"}),  # what can be chosen
        ("training clip", {"clip"}),
    ],
)
def test_a_setting_is_found_by_its_name_its_meaning_and_its_choices(
    qtbot: QtBot, form: TrainingForm, words: str, found: set[str]
) -> None:
    qtbot.mouseClick(form._advanced, Qt.MouseButton.LeftButton)
    everything = rows_seen(form)
    qtbot.keyClicks(form._rest.search, words)
    assert rows_seen(form) == found
    form._rest.search.clear()
    assert rows_seen(form) == everything


def test_what_is_called_nothing_says_so(qtbot: QtBot, form: TrainingForm) -> None:
    qtbot.mouseClick(form._advanced, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(form._rest.search, "zzz")
    assert rows_seen(form) == set()
    assert form._rest._nothing.isVisible()


def test_what_must_be_mended_is_seen_whatever_is_searched_for(qtbot: QtBot, form: TrainingForm) -> None:
    form.show_source(SOURCE)
    qtbot.mouseClick(form._advanced, Qt.MouseButton.LeftButton)
    retype(qtbot, form, "learning_rate", "fast")
    qtbot.keyClicks(form._rest.search, "seed")
    assert rows_seen(form) == {"seed", "learning_rate"}
    assert field(form, "learning_rate").complaint.isVisible()
