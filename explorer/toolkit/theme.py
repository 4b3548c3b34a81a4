"""How the window looks: light and dark palettes, a little style, and the colours that carry meaning."""

from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from explorer.toolkit.plain_text import be_plain

__all__ = [
    "CAUTION",
    "FAILURE",
    "HELD_OUT",
    "TRAINING",
    "Scheme",
    "apply_theme",
    "as_colour",
    "blend",
    "is_dark",
    "muted",
    "quiet",
    "set_look",
    "set_scheme",
    "set_tone",
]

_TICK = Path(__file__).with_name("tick.svg")  # in a box that is ticked
Scheme = Literal["system", "light", "dark"]
Tone = Literal["", "quiet", "caution", "failure"]

# What a curve stands for, the same everywhere; at least 3:1 on both backgrounds, told apart by every kind of eye.
TRAINING = "#2f8bd6"
HELD_OUT = "#d9730d"

# (on light, on dark): at least 4.5:1 as text.
CAUTION = ("#8a5300", "#f0b75a")
FAILURE = ("#b3261e", "#ff8f85")

# role: (light, dark)
_COLOURS = {
    "Window": ("#f4f5f7", "#1e2025"),
    "WindowText": ("#1c2027", "#e5e8ed"),
    "Base": ("#ffffff", "#16181c"),
    "AlternateBase": ("#f0f2f5", "#1b1d22"),
    "Text": ("#1c2027", "#e5e8ed"),
    "Button": ("#ffffff", "#2b2e35"),
    "ButtonText": ("#1c2027", "#e5e8ed"),
    "BrightText": ("#b3261e", "#ff8f85"),
    "ToolTipBase": ("#23272f", "#343842"),
    "ToolTipText": ("#f4f5f7", "#f0f2f5"),
    "PlaceholderText": ("#626a78", "#98a0ae"),
    "Highlight": ("#1f62c5", "#2d67bf"),
    "HighlightedText": ("#ffffff", "#ffffff"),
    "Accent": ("#1f62c5", "#5b9cf5"),
    "Link": ("#1f62c5", "#7db2ff"),
    "LinkVisited": ("#6a45b5", "#b99bff"),
    "Light": ("#ffffff", "#3a3e47"),
    "Midlight": ("#e9ebef", "#33363e"),
    "Mid": ("#d3d7de", "#3b3f49"),
    "Dark": ("#a9afba", "#50555f"),
    "Shadow": ("#80868f", "#0c0d0f"),
}
_DISABLED = dict.fromkeys(("WindowText", "Text", "ButtonText", "HighlightedText"), ("#9097a3", "#6d7480"))
_DISABLED["Highlight"] = ("#d3d7de", "#3b3f49")

_STYLE = """
QPushButton {{ background: {Button}; border: 1px solid {Mid}; border-radius: 6px; padding: 5px 12px; }}
QPushButton:hover {{ border-color: {Dark}; background: {Midlight}; }}
QPushButton:pressed, QPushButton:checked {{ background: {Mid}; }}
QPushButton:focus {{ border-color: {Accent}; }}
QPushButton:disabled {{ color: {Dark}; background: {Window}; }}
QPushButton[primary="true"] {{ background: {Highlight}; border-color: {Highlight}; color: {HighlightedText}; }}
QPushButton[primary="true"]:hover, QPushButton[primary="true"]:focus {{ border-color: {WindowText}; }}
QPushButton[primary="true"]:disabled {{ background: {Mid}; border-color: {Mid}; color: {PlaceholderText}; }}
QToolButton {{ border: 1px solid {Mid}; border-radius: 5px; padding: 3px 8px; background: {Button}; }}
QToolButton:hover {{ border-color: {Dark}; background: {Midlight}; }}
QToolButton:pressed, QToolButton:checked {{ background: {Mid}; }}
QToolButton:checked {{ border-color: {Dark}; }}
QToolButton:focus {{ border-color: {Accent}; }}
QToolButton:disabled {{ color: {Dark}; background: {Window}; }}
QComboBoxListView {{ background: {Button}; border: 1px solid {Dark}; }}
QLineEdit {{ background: {Base}; border: 1px solid {Mid}; border-radius: 6px; padding: 4px 8px; }}
QLineEdit:focus {{ border-color: {Accent}; }}
QProgressBar {{ border: none; border-radius: 3px; background: {Mid}; max-height: 6px; }}
QProgressBar::chunk {{ border-radius: 3px; background: {Accent}; }}
QToolTip {{ color: {ToolTipText}; background: {ToolTipBase}; border: 1px solid {Mid}; padding: 4px 6px; }}
QDockWidget::title {{ background: {Window}; padding: 7px 10px; }}
QGroupBox {{ border: 1px solid {Mid}; border-radius: 8px; margin-top: 9px; padding-top: 8px; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 10px; padding: 0 4px; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {Mid}; }}
QTabBar::tab {{ background: transparent; border: none; border-bottom: 2px solid transparent; padding: 6px 10px; }}
QTabBar::scroller {{ width: 48px; }}
QTabBar QToolButton {{ padding: 0; border-radius: 0; background: {Window}; }}
QTabBar QToolButton:hover {{ background: {Midlight}; }}
QTabBar::tab:selected {{ border-bottom-color: {Accent}; }}
QTabBar::tab:hover, QTabBar::tab:focus {{ background: {Midlight}; }}
QMainWindow::separator {{ background: {Window}; width: 5px; height: 5px; }}
QMainWindow::separator:hover {{ background: {Mid}; }}
QStatusBar::item {{ border: none; }}
QFrame#card, QLabel#card {{ background: {Base}; border: 1px solid {Mid}; border-radius: 8px; }}
QFrame#card QLabel {{ border: none; background: transparent; }}
QCheckBox::indicator, QTreeView::indicator {{ width: 12px; height: 12px; }}
QCheckBox::indicator, QTreeView::indicator {{ border: 1px solid {Dark}; border-radius: 3px; background: {Base}; }}
QCheckBox::indicator:checked, QTreeView::indicator:checked {{ background: {Highlight}; border-color: {Highlight}; }}
QCheckBox::indicator:checked, QTreeView::indicator:checked {{ image: url("{tick}"); }}
QCheckBox::indicator:disabled {{ border-color: {Mid}; background: {Window}; }}
QCheckBox::indicator:focus {{ border-color: {Accent}; }}
QLabel[tone="quiet"] {{ color: {PlaceholderText}; }}
QLabel[tone="caution"] {{ color: {caution}; }}
QLabel[tone="failure"] {{ color: {failure}; }}
QScrollArea {{ border: none; }}
QScrollBar:vertical {{ width: 10px; background: transparent; margin: 0; }}
QScrollBar:horizontal {{ height: 10px; background: transparent; margin: 0; }}
QScrollBar::handle {{ background: {Mid}; border-radius: 4px; margin: 1px; min-width: 24px; min-height: 24px; }}
QScrollBar::handle:hover {{ background: {Dark}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def apply_theme(app: QApplication) -> None:
    """Fusion in our colours, light or dark as the system is now and whenever it changes; once, at the start."""
    app.setStyle("Fusion")
    set_scheme(app, "system")
    app.styleHints().colorSchemeChanged.connect(lambda _: _follow(app))


def set_scheme(app: QApplication, scheme: Scheme) -> None:
    """Follow the system, or be light or dark whatever it says."""
    app.setProperty("scheme", scheme)
    hints = app.styleHints()
    if scheme == "system":
        hints.unsetColorScheme()
    else:
        hints.setColorScheme(Qt.ColorScheme.Dark if scheme == "dark" else Qt.ColorScheme.Light)
    _follow(app)


def is_dark(palette: QPalette) -> bool:
    """Whether text is lighter than what it stands on."""
    return palette.color(QPalette.ColorRole.Text).lightness() > palette.color(QPalette.ColorRole.Base).lightness()


def set_tone(label: QLabel, tone: Tone) -> None:
    """What a text is beside the others, shown as it is; the style sheet has the colour, in light and in dark."""
    be_plain(label)
    set_look(label, "tone", tone)


def set_look(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet asks for: it looks at properties only when it is applied."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def quiet(text: str) -> QLabel:
    """A label beside others that matter more."""
    label = QLabel(text)
    set_tone(label, "quiet")
    return label


def as_colour(rgb: NDArray[np.uint8]) -> QColor:
    """One colour of an array of them."""
    return QColor(*(int(value) for value in rgb))


def blend(over: QColor, under: QColor, share: float) -> QColor:
    """The opaque colour of `over` at opacity `share` on `under`."""
    channels = zip(over.getRgb()[:3], under.getRgb()[:3], strict=True)  # type: ignore[index]  # a tuple, whatever the stubs say
    return QColor(*(round(share * front + (1 - share) * back) for front, back in channels))


def muted(palette: QPalette, share: float = 0.7) -> QColor:
    """The text colour, quieter: for notes, axes (0.7 keeps 4.5:1) and lines (less)."""
    return blend(palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base), share)


def _follow(app: QApplication) -> None:
    scheme = app.property("scheme")
    dark = scheme == "dark" or (scheme == "system" and app.styleHints().colorScheme() == Qt.ColorScheme.Dark)
    app.setPalette(_palette(dark))
    app.setPalette(_menu_palette(dark), "QMenu")  # type: ignore[arg-type]  # the stubs want bytes, Qt a string
    # Set again, with plain colours: a style sheet does not follow a palette that changes under it.
    pairs: dict[str, tuple[str, str]] = {**_COLOURS, "caution": CAUTION, "failure": FAILURE}
    colours = {role: pair[dark] for role, pair in pairs.items()}
    app.setStyleSheet(_STYLE.format(**colours, tick=_TICK.as_posix()))


def _menu_palette(dark: bool) -> QPalette:
    """A ground and an edge of its own: Fusion makes the edge darker than Window, which in the dark nobody sees."""
    palette = _palette(dark)
    palette.setColor(QPalette.ColorRole.Base, palette.color(QPalette.ColorRole.Button))
    palette.setColor(QPalette.ColorRole.Window, QColor("#80868f" if dark else "#d3d7de"))
    return palette


def _palette(dark: bool) -> QPalette:
    palette = QPalette()
    for role, pair in _COLOURS.items():
        palette.setColor(QPalette.ColorRole[role], QColor(pair[dark]))
    for role, pair in _DISABLED.items():
        palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole[role], QColor(pair[dark]))
    return palette
