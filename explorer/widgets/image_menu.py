"""What can be done with one image, wherever it is seen: on the map, on the wall of the selection."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from explorer.drawable import drawable
from explorer.plain import name_action
from explorer.widgets.selection_bar import FEW, MANY

NAME_MOST = 40  # letters


class ImageMenu(QMenu):
    """Opened with `popup`, gone once closed; whoever opens it may add to it."""

    large_clicked = Signal()
    folder_clicked = Signal()
    near_clicked = Signal(int)  # how many besides the image itself
    class_clicked = Signal()

    def __init__(self, name: str, class_name: str, has_file: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = self.addAction("")
        name_action(title, _short(name))
        title.setEnabled(False)
        self.addSeparator()
        self.addAction("See it large", self.large_clicked.emit)
        self.addAction("Show in folder", self.folder_clicked.emit).setEnabled(has_file)
        self.addSeparator()
        for count in (FEW, MANY):
            words = f"Select it and the {count} nearest to it"
            self.addAction(words, lambda count=count: self.near_clicked.emit(count))
        if class_name:
            name_action(self.addAction("", self.class_clicked.emit), f"Select all of “{_short(class_name)}”")


def _short(name: str) -> str:
    """Its end, which tells it from others; an ampersand as itself."""
    name = drawable(name)
    return name if len(name) <= NAME_MOST else f"…{name[-NAME_MOST:]}"
