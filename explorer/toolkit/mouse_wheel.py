"""The wheel scrolls what a control stands in, and never changes the value under it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSlider, QAbstractSpinBox, QComboBox, QScrollBar, QWidget

VALUES = (QComboBox, QAbstractSpinBox, QAbstractSlider)


class _Passing(QObject):
    """Leaves a wheel to whatever is behind the control."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Wheel:
            return False
        event.ignore()
        return True


def pass_wheel_on(whole: QWidget) -> None:
    """Of a control, or of all that are in a widget now; each is dealt with once."""
    passing = whole.findChild(_Passing, options=Qt.FindChildOption.FindDirectChildrenOnly) or _Passing(whole)
    for kind in VALUES:
        for control in [*([whole] if isinstance(whole, kind) else []), *whole.findChildren(kind)]:
            if not isinstance(control, QScrollBar):
                control.installEventFilter(passing)
                if control.focusPolicy() == Qt.FocusPolicy.WheelFocus:
                    control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
