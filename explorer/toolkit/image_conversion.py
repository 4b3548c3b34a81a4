"""Arrays of pixels become Qt pictures here and nowhere else."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap

_FORMATS = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888}


def to_qimage(pixels: NDArray[np.uint8]) -> QImage:
    """A picture of its own from uint8 pixels, (H, W, 1 or 3) or (H, W), which it does not keep; any thread."""
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    height, width, channels = pixels.shape
    rows = np.ascontiguousarray(pixels, dtype=np.uint8)
    # Without bytesPerLine Qt takes rows to be padded to 4 bytes; without the copy it would go on reading the array.
    return QImage(rows.data, width, height, width * channels, _FORMATS[channels]).copy()


def from_qimage(picture: QImage) -> NDArray[np.uint8]:
    """The pixels of a picture, uint8 (H, W, 4): red, green, blue, alpha; any thread."""
    plain = picture.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 4 * plain.width()].reshape(plain.height(), plain.width(), 4).copy()


def to_pixmap(pixels: NDArray[np.uint8], side: float, device_pixel_ratio: float = 1.0, smooth: bool = False) -> QPixmap:
    """The picture fitted into a square of `side` logical pixels, aspect kept; GUI thread.

    Shrinking is always smooth; enlarging shows the pixels as they are unless `smooth`.
    """
    picture = to_qimage(pixels)
    device_side = max(1, round(side * device_pixel_ratio))
    shrinks = max(picture.width(), picture.height()) > device_side
    how = Qt.TransformationMode.SmoothTransformation if smooth or shrinks else Qt.TransformationMode.FastTransformation
    pixmap = QPixmap.fromImage(picture.scaled(device_side, device_side, Qt.AspectRatioMode.KeepAspectRatio, how))
    pixmap.setDevicePixelRatio(device_pixel_ratio)
    return pixmap
