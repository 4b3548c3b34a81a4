"""What a person could notice of the program at one moment: words and values, the picture, files, the clipboard."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget

# what is read of each widget that has it
READ = (
    "text",
    "title",
    "windowTitle",
    "toolTip",
    "accessibleName",
    "accessibleDescription",
    "isEnabled",
    "isChecked",
    "value",
    "currentText",
    "currentIndex",
    "toPlainText",
    "placeholderText",
)
_PASSING = (Qt.WindowType.ToolTip, Qt.WindowType.Popup)


@dataclass(frozen=True)
class Trace:
    """All of it; widgets and actions by their address, pictures by that of their window."""

    words: dict[int, tuple[object, ...]]
    pictures: dict[int, QImage]
    files: frozenset[tuple[str, int, int]]
    clipboard: tuple[object, ...]


def address(each: QObject) -> int:
    """Where it lies: what Python has of it may come and go meanwhile."""
    return int(shiboken6.getCppPointer(each)[0])


def windows() -> list[QWidget]:
    """Those that are open, without hints and lists that pass."""
    return [each for each in QApplication.topLevelWidgets() if each.isVisible() and each.windowType() not in _PASSING]


def take(folders: list[Path]) -> Trace:
    """As it is now."""
    clipboard = QGuiApplication.clipboard()
    return Trace(
        words_now(),
        {address(each): picture_of(each) for each in windows()},
        frozenset(_files(folders)),
        (clipboard.text(), not clipboard.image().isNull()),
    )


def picture_of(window: QWidget) -> QImage:
    """What was last painted of it, which the platform without a screen hands out a tenth of the time that it takes to
    paint it again."""
    if QGuiApplication.platformName() == "offscreen":
        return window.screen().grabWindow(window.winId()).toImage()
    return window.grab().toImage()


def words_now() -> dict[int, tuple[object, ...]]:
    """What every widget that is seen says, and every action."""
    said: dict[int, tuple[object, ...]] = {}
    for window in windows():
        for widget in [window, *window.findChildren(QWidget)]:
            if widget.isVisible():
                said[address(widget)] = said_by(widget)
        for action in window.findChildren(QAction):
            said[address(action)] = (action.text(), action.isEnabled(), action.isChecked(), action.isVisible())
    return said


def said_by(widget: QWidget) -> tuple[object, ...]:
    """Its words and its value."""
    return tuple([read(widget) for read in _readers(type(widget))])


def difference(before: Trace, after: Trace, owner: QWidget | None = None) -> str:
    """What has changed, in a word, besides what `owner` shows of itself; empty: nothing."""
    own = {address(each) for each in [owner, *owner.findChildren(QWidget)]} if owner is not None else set()
    if set(before.pictures) != set(after.pictures):
        return "window"
    if before.clipboard != after.clipboard:
        return "clipboard"
    if _differ(before.words, after.words, own):
        return "words"
    if before.files != after.files:
        return "file"
    for window, old in before.pictures.items():
        new = after.pictures[window]
        if old != new and _pixels_differ(old, new, owner):
            return "picture"
    return ""


def _differ(old: dict[int, tuple[object, ...]], new: dict[int, tuple[object, ...]], apart: set[int]) -> bool:
    if old == new:
        return False
    return any(old.get(key) != new.get(key) for key in set(old) | set(new) if key not in apart)


def _pixels_differ(old: QImage, new: QImage, owner: QWidget | None) -> bool:
    if old.size() != new.size():
        return True
    differs = _pixels(old) != _pixels(new)
    if owner is not None and owner.isVisible():
        corner, ratio = owner.mapTo(owner.window(), owner.rect().topLeft()), old.devicePixelRatio()
        left, top = int(corner.x() * ratio), int(corner.y() * ratio)
        right, bottom = left + int(owner.width() * ratio), top + int(owner.height() * ratio)
        differs[max(0, top) : bottom, max(0, left) : right] = False
    return bool(differs.any())


def _pixels(image: QImage) -> NDArray[np.uint32]:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width()).copy()


def _readers(kind: type) -> tuple[Callable[[QWidget], object], ...]:
    if kind not in _READERS:
        _READERS[kind] = tuple(getattr(kind, name) for name in READ if _is_plain(kind, name))
    return _READERS[kind]


def _is_plain(kind: type, name: str) -> bool:
    """A reader of Qt's own: elsewhere such a name may stand for something that takes arguments."""
    return hasattr(kind, name) and not any(
        name in vars(cls) for cls in kind.__mro__ if cls.__module__.split(".")[0] != "PySide6"
    )


def _files(folders: list[Path]) -> Iterator[tuple[str, int, int]]:
    """As they are; what goes while it is looked at is not there."""
    for folder in folders:
        for parent, _, names in os.walk(folder):
            for name in names:
                with suppress(FileNotFoundError):
                    facts = os.stat(os.path.join(parent, name))
                    yield os.path.join(parent, name), facts.st_size, facts.st_mtime_ns


_READERS: dict[type, tuple[Callable[[QWidget], object], ...]] = {}
