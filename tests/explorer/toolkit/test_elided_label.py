"""What is left out for want of room makes no other number of the one that stands there, and is in the tooltip."""

import pytest
from pytestqt.qtbot import QtBot

from explorer.toolkit.elided_label import ElidedLabel, without_half_numbers

SAID = "Saved after 12.5 epochs; held-out objective −18,640.2 nats per image"


@pytest.mark.parametrize(
    ("short", "whole", "left"),
    [
        ("objective −18…", "objective −18,640 nats", "objective …"),
        ("objective −18,640…", "objective −18,640 nats", "objective −18,640…"),
        ("4,000 im…40 nats", "4,000 images at −18,640 nats", "4,000 im… nats"),
        ("at 12…", "at 12.5 epochs", "at …"),
        ("IMG_20…11.png", "IMG_20230411.png", "IMG_20…11.png"),  # a name, no number
        ("run-2026…28", "run-20261128", "run-2026…28"),
    ],
)
def test_no_part_of_a_number_is_left(short: str, whole: str, left: str) -> None:
    assert without_half_numbers(short, whole) == left


def test_at_every_width_what_is_seen_is_of_the_text_and_the_tooltip_has_it_all(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.show()
    label.show_text(SAID, "What training makes small.")
    numbers = {word for word in SAID.split() if word[-1].isdigit()}
    for width in range(20, 520, 3):
        label.resize(width, 20)
        seen = label.text().replace("…", " … ").split()
        assert {word for word in seen if word.strip("−").replace(",", "").replace(".", "").isdigit()} <= numbers
    assert " ".join(label.toolTip().split()) == f"{SAID} What training makes small."


def test_what_is_said_in_fewer_letters_comes_before_dots(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.show()
    label.show_text("round trip 1.1 × typical", "", ("round trip 1.1 ×", "trip 1.1 ×"))
    seen = []
    for room in ("round trip 1.1 × typical", "round trip 1.1 × typica", "round trip 1.1 ", "trip"):
        label.setFixedWidth(label.fontMetrics().horizontalAdvance(room) + 1)
        qtbot.wait(10)
        seen.append(label.text())
    assert seen[:3] == ["round trip 1.1 × typical", "round trip 1.1 ×", "trip 1.1 ×"]
    assert "…" in seen[3]
    assert label.toolTip() == label.whole == "round trip 1.1 × typical"
