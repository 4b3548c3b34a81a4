"""What to train and how: a form made from the configuration itself, so that window, flags and file cannot drift."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.config import GROUPS, PRESETS, ImagesConfig, PresetName, RunConfig, as_command, preset
from explorer.toolkit.descriptions import MENU, allow, allow_inside, describe
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_look, set_tone
from explorer.toolkit.wrapped_label import WrappedLabel
from explorer.training.advanced_settings import AdvancedSettings
from explorer.training.command_box import CommandBox
from explorer.training.config_field import (
    ROW_HEIGHT,
    ConfigField,
    add_row,
    config_field,
    enable,
    in_plain_words,
    let_shrink,
    settings_form,
)
from explorer.training.idle_settings import idle_settings

FIRST = (("training", "epochs"), ("model", "latent_dims"))
# group: the headings under its own, and what stands there
SECTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "model": {"Likelihood and posterior": ("likelihood", "sigma", "posterior", "flows")},
    "training": {
        "Objective": ("objective", "samples", "beta", "warm_up", "warm_up_cycles", "free_bits", "capacity"),
    },
}
NO_SOURCE = "Open a folder of images first."
NOT_VALID = "Mend the setting that is marked in red."
PAUSE_FIRST = "A model is learning: pause it first."
# state: why a button that is seen cannot be pressed
STATES_IN_WORDS = {
    "reading": "The images are still being read.",
    "stopping": "Training is being stopped, and all of it saved.",
}
PLACEHOLDER = "FOLDER"
SETTINGS = "Training settings"  # where the palette of commands says that a setting is
_PRESET_TIP = "Quick: a first look in minutes. Balanced: sharper, a longer wait. Sharp: the best pictures, slowly."

# button: (text, tooltip, states it is seen in, states it can be pressed in)
BUTTONS = {
    "resume": ("Resume", "Go on exactly where training was stopped.", {"paused", "kept"}, {"paused", "kept"}),
    "train": (
        "Train",
        "Train a new model on these images.",
        {"idle", "reading", "paused", "kept", "finished"},
        {"idle", "paused", "kept", "finished"},
    ),
    "pause": (
        "Pause",
        "Stop for now: all is saved, and training can go on later.",
        {"training", "stopping"},
        {"training"},
    ),
    "finish": (
        "Finish and keep it",
        "End training early and keep the model as it is now; it can go on later all the same.",
        {"training", "stopping"},
        {"training"},
    ),
}
NEXT = ("resume", "train", "pause")  # of the buttons that can be pressed the first of these comes next


class TrainingForm(QWidget):
    """Emits what the user asked for; shows what became of it."""

    start_requested = Signal(object)  # RunConfig
    pause_requested = Signal()
    resume_requested = Signal()
    finish_requested = Signal()
    images_config_changed = Signal(object)  # ImagesConfig
    offer_taken = Signal(object)  # a path of a run
    unfolded = Signal(bool)  # the advanced settings: they want room, or want it no longer
    sought = Signal()  # a setting that is to be seen
    next_changed = Signal(str)  # why `toggle` would do nothing; empty: it does something

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Training")
        self._source: str | None = None
        self._state, self._obstacle, self._is_filling = "idle", "", False
        self._fields = [
            config_field(group, name, info) for group, kind in GROUPS for name, info in kind.model_fields.items()
        ]
        self._images = ImagesConfig()
        self._build_top()
        self._build_bottom()
        self._lay_out()
        self._connect()
        self.setting_actions = [self._setting_action(field) for field in self._fields]
        self._fill(preset("quick", PLACEHOLDER))
        self.show_caution("")
        self.show_progress("", None)

    def show_source(self, source: str | None) -> None:
        """What will be learnt from: a folder or a named set; None: nothing yet."""
        self._source = source
        self._refresh()

    def show_config(self, config: RunConfig) -> None:
        """Fill the form with the configuration of a run, under the preset that it differs least from."""
        self._source = config.source
        self._choose_preset(min(PRESETS, key=lambda name: _differences(config, preset(name, config.source))))
        self._images = config.images
        self._fill(config)

    def show_images(self, images: ImagesConfig) -> None:
        """How the images in hand were read; what else was typed stays."""
        self._images = images
        for field in self._fields:
            if field.group == "images":
                field.write(getattr(images, field.name))
        self._refresh()

    def show_state(self, state: str) -> None:
        """One of "idle", "reading", "training", "stopping", "paused", "kept", "finished"."""
        self._state = state
        self._refresh()

    def show_obstacle(self, sentence: str) -> None:
        """Why these images cannot be learned from, beside the button that is off for it; empty: they can."""
        self._obstacle = sentence
        self._refresh()

    def change_images(self, **settings: Any) -> None:
        """Change how pictures become pixels, as if it had been typed here."""
        for field in self._fields:
            if field.group == "images" and field.name in settings:
                field.write(settings[field.name])
        self._say_images_changed()

    def change_metadata(self, metadata: str) -> None:
        """Another table of what is known of the images, or none: columns of the last one are not looked for in it."""
        usual = ImagesConfig()
        self.change_images(metadata=metadata, class_column=usual.class_column, group_column=usual.group_column)

    def show_caution(self, sentence: str) -> None:
        """What to think about before training, above the button; empty: nothing."""
        self._caution.setText(sentence)
        self._caution.setVisible(bool(sentence))

    def show_offer(self, words: str, name: str, run: Path | None) -> None:
        """A model that learned from these images already, above the button that would train another; None: no such."""
        self._offered = run
        self._offer.setText(words)
        self._offer.setVisible(run is not None)
        if run is not None:
            describe(self._offer, words, f"The newest run that learned from these images: {name}")

    def show_progress(self, text: str, fraction: float | None) -> None:
        """How far training is, 0 to 1, None when not known; empty text: no progress to show."""
        self._progress_text.setText(text)
        self._bar.setRange(0, 0 if fraction is None else 1000)
        self._bar.setValue(round(1000 * (fraction or 0)))
        for widget in (self._progress_text, self._bar):
            widget.setVisible(bool(text))

    def try_changes(self, changes: Mapping[str, object]) -> None:
        """Fill in settings by name, as {"training.beta": 1.0}, bring them into view and say what was changed."""
        said = []
        for field in self._fields:
            if (name := f"{field.group}.{field.name}") in changes:
                said.append(f"{field.label.text()} {_as_typed(field.read())} → {_as_typed(changes[name])}")
                field.write(changes[name])
                shown = field
        if said:
            self.show_caution(f"Filled in: {', '.join(said)}. Train a new model to try it.")
            self._go_to(shown)

    def fold(self) -> None:
        """Leave only the first settings."""
        self._advanced.setChecked(False)

    def toggle(self) -> None:
        """Train, go on or pause: press whichever button comes next."""
        for name in NEXT:
            if self._can_press(name):
                self._buttons[name].click()
                return

    def _build_top(self) -> None:
        self._preset = QComboBox()
        self._preset.addItems([name.capitalize() for name in PRESETS])
        let_shrink(self._preset)
        self._preset_heading = QLabel("Preset")
        self._preset_heading.setBuddy(self._preset)
        describe(self._preset, "Preset", _PRESET_TIP)
        self._advanced = having(QToolButton(arrowType=Qt.ArrowType.RightArrow), text="Advanced", checkable=True)
        self._advanced.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        describe(self._advanced, "Advanced settings", "Everything else about images, model and training.")
        self._rest = AdvancedSettings(self._sections())
        for each in (self._rest, self._rest.search):
            each.hide()

    def _build_bottom(self) -> None:
        self._caution, self._reason, self._progress_text = WrappedLabel(), WrappedLabel(), WrappedLabel()
        for each in (self._caution, self._progress_text):
            each.hide()
        set_tone(self._caution, "caution")
        set_tone(self._reason, "quiet")
        self._buttons = {name: QPushButton(text) for name, (text, *_) in BUTTONS.items()}
        for name, button in self._buttons.items():
            describe(button, BUTTONS[name][0], BUTTONS[name][1])
        self._offer = having(QPushButton(), visible=False)
        describe(self._offer, "Open the newest run", "The newest run that learned from these images")
        self._offered = None
        set_tone(self._progress_text, "quiet")
        self._bar = having(QProgressBar(textVisible=False), visible=False)
        self._bar.setAccessibleName("Training progress")
        self._command = CommandBox()

    def _lay_out(self) -> None:
        self._content = QWidget()
        column = having(QVBoxLayout(self._content), spacing=8)
        column.setContentsMargins(10, 8, 6, 4)
        column.addLayout(self._first_rows())
        column.addLayout(self._advanced_row())
        column.addWidget(self._rest, 1)
        column.addStretch(0)
        whole = having(QVBoxLayout(self), spacing=0)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._content, 1)
        whole.addLayout(self._bottom())

    def _first_rows(self) -> QFormLayout:
        form = settings_form()
        self._preset.setMinimumHeight(ROW_HEIGHT)
        form.addRow(self._preset_heading, self._preset)
        for field in self._fields:
            if (field.group, field.name) in FIRST:
                add_row(form, field)
        return form

    def _advanced_row(self) -> QHBoxLayout:
        row = having(QHBoxLayout(), spacing=8)
        row.setContentsMargins(0, 0, 4, 0)
        row.addWidget(self._advanced)
        row.addWidget(self._rest.search, 1)
        row.addStretch()
        return row

    def _sections(self) -> dict[str, list[ConfigField]]:
        """Every setting that is not among the first, under its heading."""
        sections: dict[str, list[ConfigField]] = {}
        for group, _ in GROUPS:
            rest = [field for field in self._fields if field.group == group and not _is_first(field)]
            inner = SECTIONS.get(group, {})
            below = {heading: [field for field in rest if field.name in names] for heading, names in inner.items()}
            own = [field for field in rest if not any(field in fields for fields in below.values())]
            sections |= {group.capitalize(): own, **below}
        return sections

    def _setting_action(self, field: ConfigField) -> QAction:
        """To be listed among the commands: it goes there."""
        action = QAction(field.label.text(), self)
        action.setProperty(MENU, SETTINGS)
        action.setToolTip(field.control.accessibleDescription())
        action.triggered.connect(lambda: self._go_to(field))
        return action

    def _bottom(self) -> QVBoxLayout:
        bottom = having(QVBoxLayout(), spacing=6)
        bottom.setContentsMargins(10, 6, 10, 10)
        for widget in (self._progress_text, self._bar, self._offer, self._caution, self._reason):
            bottom.addWidget(widget)
        row = having(QHBoxLayout(), spacing=6)
        for name, button in self._buttons.items():
            row.addWidget(button, 0 if name == "pause" else 1)
        bottom.addLayout(row)
        bottom.addWidget(self._command)
        return bottom

    def _connect(self) -> None:
        for field in self._fields:
            field.edited.connect(self._refresh)
            if field.group == "images":
                field.committed.connect(self._say_images_changed)
        self._preset.activated.connect(self._take_preset)
        self._advanced.toggled.connect(self._unfold)
        self._offer.clicked.connect(lambda: self.offer_taken.emit(self._offered))
        self._buttons["train"].clicked.connect(self._start)
        self._buttons["pause"].clicked.connect(self.pause_requested)
        self._buttons["resume"].clicked.connect(self.resume_requested)
        self._buttons["finish"].clicked.connect(self.finish_requested)

    def _unfold(self, unfolded: bool) -> None:
        self._advanced.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)
        if unfolded:
            self.unfolded.emit(True)  # before it takes what it needs at least
        for each in (self._rest, self._rest.search):
            each.setVisible(unfolded)
        if not unfolded:
            for whole in (self._content, self):
                layout = whole.layout()
                assert layout is not None
                layout.activate()
            self.unfolded.emit(False)

    def _go_to(self, field: ConfigField) -> None:
        """Show a setting, and put the keyboard there; beside it, where it cannot be changed now."""
        self.sought.emit()
        if not _is_first(field):
            self._advanced.setChecked(True)
            self._rest.bring_into_view(field)
        can_change = field.control.isEnabled()
        QTimer.singleShot(0, field.control, (field.control if can_change else self._rest).setFocus)

    def _take_preset(self) -> None:
        chosen = preset(self._preset_name(), self._source or PLACEHOLDER)
        kept = {"images": self._images} if self._source else {}  # images that are read already stay as they are
        self._fill(chosen.model_copy(update=kept))

    def _preset_name(self) -> PresetName:
        return PRESETS[self._preset.currentIndex()]

    def _choose_preset(self, name: PresetName) -> None:
        self._preset.setCurrentIndex(PRESETS.index(name))

    def _fill(self, config: RunConfig) -> None:
        self._is_filling = True  # each setting that is written says that it has changed
        for field in self._fields:
            field.write(getattr(getattr(config, field.group), field.name))
        self._is_filling = False
        self._refresh()

    def _read(self) -> tuple[RunConfig | None, dict[tuple[Any, ...], str]]:
        """The configuration as the form says it, or what is wrong with it by place."""
        values = self._values()
        try:
            return RunConfig.model_validate({"source": self._source or PLACEHOLDER, **values}), {}
        except ValidationError as error:
            return None, {entry["loc"][:2]: in_plain_words(entry) for entry in error.errors()}

    def _values(self) -> dict[str, dict[str, Any]]:
        values: dict[str, dict[str, Any]] = {group: {} for group, _ in GROUPS}
        for field in self._fields:
            values[field.group][field.name] = field.read()
        return values

    def _refresh(self) -> None:
        if self._is_filling:
            return
        config, complaints = self._read()
        self._show_complaints(complaints)
        self._show_idle(complaints)
        self._show_buttons(config is not None)
        if config:
            self._mark_preset(config)
            self._command.show_command(as_command(config, self._preset_name()))
        else:
            self._command.show_obstacle(NOT_VALID)

    def _show_complaints(self, complaints: dict[tuple[Any, ...], str]) -> None:
        for field in self._fields:
            complaint = complaints.get((field.group, field.name), "")
            field.complaint.setText(complaint)
            field.complaint.setVisible(bool(complaint))
        self._rest.show_complaints()

    def _show_idle(self, complaints: dict[tuple[Any, ...], str]) -> None:
        """What is wrong can be mended even where it would change nothing."""
        idle = idle_settings(self._values())
        for field in self._fields:
            place = (field.group, field.name)
            enable(field, "" if place in complaints else idle.get(place, ""))

    def _mark_preset(self, config: RunConfig) -> None:
        is_changed = _differences(config, preset(self._preset_name(), config.source)) > 0
        heading = "Preset, changed" if is_changed else "Preset"
        self._preset_heading.setText(heading)
        describe(self._preset, heading, _PRESET_TIP)

    def _show_buttons(self, is_valid: bool) -> None:
        # Those that go first: together they would be wider than the dock, for a moment, and widen it.
        for name in sorted(BUTTONS, key=lambda name: self._state in BUTTONS[name][2]):
            _, _, seen, usable = BUTTONS[name]
            self._buttons[name].setVisible(self._state in seen)
            allow(self._buttons[name], "" if self._state in usable else STATES_IN_WORDS.get(self._state, ""))
        train = self._buttons["train"]
        if train.isEnabled():
            allow(train, self._why_not(is_valid))
        train.setText("Train" if self._state in ("idle", "reading") else "Train a new model")
        self._buttons["pause"].setText("Stopping…" if self._state == "stopping" else "Pause")
        set_look(train, "primary", self._state != "paused")
        set_look(self._buttons["resume"], "primary", self._state == "paused")
        allow_inside(self._content, PAUSE_FIRST if self._state in ("training", "stopping") else "")
        self._show_reason(self._why_not(is_valid))
        self.next_changed.emit(self._why_no_next(is_valid))

    def _why_no_next(self, is_valid: bool) -> str:
        if any(self._can_press(name) for name in NEXT):
            return ""
        return STATES_IN_WORDS.get(self._state, "") or self._why_not(is_valid)

    def _can_press(self, name: str) -> bool:
        return not self._buttons[name].isHidden() and self._buttons[name].isEnabled()

    def _why_not(self, is_valid: bool) -> str:
        """Why training cannot begin; empty when it can."""
        if self._source is None:
            return NO_SOURCE
        return self._obstacle or ("" if is_valid else NOT_VALID)

    def _show_reason(self, reason: str) -> None:
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason) and not self._buttons["train"].isHidden())

    def _start(self) -> None:
        config, _ = self._read()
        if config:
            self.start_requested.emit(config)

    def _say_images_changed(self) -> None:
        config, _ = self._read()
        if config and config.images != self._images:
            self._images = config.images
            self.images_config_changed.emit(config.images)


def _differences(one: RunConfig, other: RunConfig) -> int:
    """How many settings are not as the other, a preset, has them; what it leaves to "auto" may be anything."""
    return sum(
        getattr(getattr(other, group), name) not in ("auto", getattr(getattr(one, group), name))
        for group, kind in GROUPS
        for name in kind.model_fields
    )


def _is_first(field: ConfigField) -> bool:
    return (field.group, field.name) in FIRST


def _as_typed(value: object) -> str:
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    from PySide6.QtWidgets import QApplication

    from explorer.toolkit.theme import apply_theme

    app = QApplication([])
    apply_theme(app)
    panel = TrainingForm()
    panel.show_source("/home/ada/Pictures/moths")
    panel.show_caution("687 images are few for 64 latent dims: expect the model to learn some by heart.")
    panel.start_requested.connect(print)
    panel.images_config_changed.connect(print)
    panel.resize(320, 640)
    panel.show()
    app.exec()
