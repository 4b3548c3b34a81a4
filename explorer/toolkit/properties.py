"""Properties of Qt that a constructor does not name: set in the line that makes the object."""

from typing import TypeVar

from PySide6.QtCore import QObject

Made = TypeVar("Made", bound=QObject)


def having(made: Made, **properties: object) -> Made:
    """Return ``made`` with each property given to its setter, in order: ``having(QVBoxLayout(), spacing=4)``.

    PySide6 takes these as keywords of the constructor too, but its type stubs know only those of the class itself, not
    the inherited ones. Raises ``AttributeError`` for a property without a setter.
    """
    for name, value in properties.items():
        getattr(made, f"set{name[0].upper()}{name[1:]}")(value)
    return made
