"""Signals are joined by `connect`: given to a constructor, one of our own raises only when the button is pressed."""

import ast
from collections.abc import Iterator
from pathlib import Path

from PySide6 import QtCore, QtGui, QtWidgets

import explorer

ROOT = Path(explorer.__file__).parent


def signals_of_qt() -> Iterator[str]:
    """The names of all signals of Qt's classes."""
    for module in (QtCore, QtGui, QtWidgets):
        for kind in (getattr(module, name) for name in dir(module)):
            facts = getattr(kind, "staticMetaObject", None)
            for index in range(facts.methodCount() if facts is not None else 0):
                method = facts.method(index)
                if method.methodType() == QtCore.QMetaMethod.MethodType.Signal:
                    yield bytes(method.name()).decode()


SIGNALS = frozenset(signals_of_qt())


def handed_over(source: str) -> Iterator[str]:
    """Calls of a class that hand a signal's name over as a keyword."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        is_class = name[:1].isupper() or name == "__init__"
        yield from (f"{name}({each.arg}=…)" for each in call.keywords if is_class and each.arg in SIGNALS)


def test_no_constructor_is_given_a_signal() -> None:
    assert {"clicked", "triggered", "valueChanged"} <= SIGNALS
    assert list(handed_over("QPushButton('Play', clicked=self.play_clicked)")) == ["QPushButton(clicked=…)"]
    found = {
        f"{path.relative_to(ROOT)}: {call}" for path in ROOT.rglob("*.py") for call in handed_over(path.read_text())
    }
    assert not found, "\n".join(sorted(found))
