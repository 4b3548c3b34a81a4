"""A hand that drags over the map at 60 Hz, and a clock of the window: how late pictures come, how long it stands."""

import time
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tests.explorer.opened import Opened

HERTZ, TICK = 60.0, 16  # drags a second; milliseconds between two ticks of the window's clock
PATIENCE = 60_000


@dataclass
class Dragged:
    """Milliseconds: how late each picture came that was asked for, and between two ticks of the window."""

    moves: int = 0
    late: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)

    def p99(self) -> float:
        """Of the pictures."""
        return float(np.percentile(self.late, 99))


def drag(qtbot: QtBot, program: Opened, seconds: float) -> Dragged:
    """Drag along a curve for so long."""
    asked: dict[bytes, float] = {}
    dragged, viewing, ticks = Dragged(), program.workspace.viewing, list[float]()

    def came(place: object) -> None:
        if (began := asked.get(place.z.tobytes())) is not None:
            dragged.late.append(1000 * (time.perf_counter() - began))

    def move() -> None:
        dragged.moves += 1
        began, angle = time.perf_counter(), dragged.moves / 20.0
        program.panels.map.point_dragged.emit(1.5 * np.cos(angle), 1.5 * np.sin(1.3 * angle))
        asked[viewing.z.tobytes()] = began

    viewing.place_decoded.connect(came)
    timers = QTimer(interval=round(1000 / HERTZ)), QTimer(interval=TICK)
    timers[0].timeout.connect(move)
    timers[1].timeout.connect(lambda: ticks.append(time.perf_counter()))
    for timer in timers:
        timer.start()
    until = time.perf_counter() + seconds
    qtbot.waitUntil(lambda: time.perf_counter() > until, timeout=PATIENCE)
    for timer in timers:
        timer.stop()
    viewing.place_decoded.disconnect(came)
    dragged.gaps = (1000 * np.diff(ticks)).tolist()
    return dragged
