"""The window's look: calm, one accent, dark or light. Colours of the classes come from the palette all share."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication


class Theme(StrEnum):
    """What can be chosen; ``SYSTEM`` follows the desktop's own choice."""

    DARK = "dark"
    LIGHT = "light"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of a theme.

    ``stage`` lies behind the picture, ``raised`` under what can be pressed, ``track`` under a bar; ``ink`` and ``dim``
    are text; ``shade`` lies behind text on the picture and over one that is not live any more, ``on_shade`` is that
    text; ``record`` marks what records; ``unsure`` is in the place of a class's colour, where a face is too uncertain
    to name one.
    """

    stage: QColor
    background: QColor
    raised: QColor
    track: QColor
    ink: QColor
    dim: QColor
    accent: QColor
    on_accent: QColor
    warning: QColor
    record: QColor
    unsure: QColor
    shade: QColor
    on_shade: QColor


DARK = Look(
    stage=QColor("#0e0f12"),
    background=QColor("#15161a"),
    raised=QColor("#24262d"),
    track=QColor("#2b2e36"),
    ink=QColor("#eceef2"),
    dim=QColor("#a3a7b0"),
    accent=QColor("#7aa7ff"),
    on_accent=QColor("#0e0f12"),
    warning=QColor("#ff8a6b"),
    record=QColor("#f2545b"),
    unsure=QColor(190, 190, 194),
    shade=QColor(18, 18, 22, 200),
    on_shade=QColor("#eceef2"),
)
LIGHT = Look(
    stage=QColor("#e3e5ea"),
    background=QColor("#f6f7f9"),
    raised=QColor("#ffffff"),
    track=QColor("#d5d8df"),
    ink=QColor("#1b1d22"),
    dim=QColor("#5b606b"),
    accent=QColor("#2b62d9"),
    on_accent=QColor("#ffffff"),
    warning=QColor("#b3401f"),
    record=QColor("#cf2630"),
    unsure=QColor(128, 128, 134),
    shade=QColor(18, 18, 22, 200),
    on_shade=QColor("#eceef2"),
)

_current = [DARK]


def look() -> Look:
    """The colours that are in use; to be asked for at every painting, since they may change."""
    return _current[0]


def apply(app: QApplication, theme: Theme = Theme.DARK) -> None:
    """Give ``app`` this theme, the same on every system; widgets that are shown are painted anew."""
    dark = theme is Theme.DARK or (theme is Theme.SYSTEM and app.styleHints().colorScheme() is not Qt.ColorScheme.Light)
    _current[0] = DARK if dark else LIGHT
    app.setStyle("Fusion")
    app.setPalette(_palette(look()))
    app.setStyleSheet(_style(look()))


def _palette(look: Look) -> QPalette:
    palette = QPalette()
    for role, color in {
        QPalette.ColorRole.Window: look.background,
        QPalette.ColorRole.WindowText: look.ink,
        QPalette.ColorRole.Base: look.background,
        QPalette.ColorRole.AlternateBase: look.raised,
        QPalette.ColorRole.Text: look.ink,
        QPalette.ColorRole.Button: look.raised,
        QPalette.ColorRole.ButtonText: look.ink,
        QPalette.ColorRole.ToolTipBase: look.raised,
        QPalette.ColorRole.ToolTipText: look.ink,
        QPalette.ColorRole.Highlight: look.accent,
        QPalette.ColorRole.HighlightedText: look.on_accent,
        QPalette.ColorRole.PlaceholderText: look.dim,
    }.items():
        palette.setColor(role, color)
    return palette


def _style(look: Look) -> str:
    """Labels are styled by what they are.

    ``setProperty("role", "title" | "heading" | "detail" | "notice" | "problem")``.
    """
    c = {name: getattr(look, name).name() for name in Look.__slots__}
    return f"""
QToolBar {{ background: {c["background"]}; border: none; padding: 8px 12px; spacing: 8px; }}
QStatusBar {{ background: {c["background"]}; color: {c["dim"]}; }}
QStatusBar QLabel {{ color: {c["dim"]}; padding: 2px 8px; }}
QStatusBar::item {{ border: none; }}
QLabel[role="title"] {{ color: {c["ink"]}; font-size: 20px; font-weight: 600; }}
QLabel[role="heading"] {{ color: {c["ink"]}; font-size: 15px; font-weight: 600; }}
QLabel[role="detail"] {{ color: {c["dim"]}; font-size: 14px; }}
QLabel[role="problem"] {{ color: {c["warning"]}; font-size: 13px; }}
QLabel[role="notice"] {{
    background: {c["raised"]}; color: {c["ink"]}; font-size: 13px; border-radius: 8px; padding: 10px 16px; }}
QFrame[role="panel"] {{ background: {c["background"]}; border: 1px solid {c["track"]}; border-radius: 8px; }}
QLabel[role="key"] {{
    background: {c["raised"]}; color: {c["ink"]}; font-size: 13px; border: 1px solid {c["track"]};
    border-radius: 4px; padding: 2px 8px; }}
QLabel[role="figure"] {{ color: {c["ink"]}; font-size: 12px; }}
QLabel[role="small"] {{ color: {c["dim"]}; font-size: 12px; }}
QPushButton, QToolButton, QComboBox, QLineEdit, QPlainTextEdit, QSpinBox, QDoubleSpinBox {{
    background: {c["raised"]}; color: {c["ink"]}; border: 1px solid {c["track"]};
    border-radius: 6px; padding: 6px 14px; }}
QToolButton {{ padding: 6px 8px; }}
QToolButton[popupMode="2"] {{ padding-right: 22px; }}
QToolButton::menu-indicator {{ image: none; }}
QLineEdit, QPlainTextEdit {{ padding: 6px 8px; }}
QPushButton:hover, QToolButton:hover, QComboBox:hover {{ background: {c["track"]}; }}
QPushButton:focus, QToolButton:focus, QComboBox:focus, QLineEdit:focus, QPlainTextEdit:focus {{
    border-color: {c["accent"]}; }}
QPushButton:disabled, QToolButton:disabled, QComboBox:disabled {{ color: {c["dim"]}; }}
QPushButton:checked, QToolButton:checked {{ border-color: {c["accent"]}; color: {c["accent"]}; }}
QPushButton[primary="true"] {{
    background: {c["accent"]}; color: {c["on_accent"]}; border-color: {c["accent"]}; }}
QPushButton[primary="true"]:focus {{ border-color: {c["ink"]}; }}
CheckBox {{ spacing: 8px; }}
CheckBox::indicator {{
    width: 16px; height: 16px; background: {c["raised"]}; border: 1px solid {c["dim"]}; border-radius: 4px; }}
CheckBox::indicator:checked {{ background: {c["accent"]}; border-color: {c["accent"]}; }}
CheckBox:focus {{ color: {c["accent"]}; }}
QPushButton[role="tab"] {{ background: transparent; border: none; border-radius: 0; padding: 6px 10px;
    color: {c["dim"]}; border-bottom: 2px solid transparent; }}
QPushButton[role="tab"]:checked {{ color: {c["ink"]}; border-bottom-color: {c["accent"]}; }}
QPushButton[role="tab"]:focus {{ border-bottom-color: {c["ink"]}; }}
QPushButton::menu-indicator {{ image: none; width: 0; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox QAbstractItemView {{ background: {c["raised"]}; selection-background-color: {c["track"]}; padding: 4px; }}
QMenu {{ background: {c["raised"]}; color: {c["ink"]}; border: 1px solid {c["track"]}; padding: 4px; }}
QMenu::item {{ padding: 6px 20px; border-radius: 4px; }}
QMenu::item:selected {{ background: {c["track"]}; }}
QMenu::item:disabled {{ color: {c["dim"]}; }}
QTreeView {{
    background: {c["background"]}; color: {c["ink"]}; outline: none;
    border: 1px solid {c["background"]}; border-radius: 6px; }}
QTreeView:focus {{ border-color: {c["accent"]}; }}
QTreeView::item {{ height: 26px; border: none; }}
QTreeView::item:selected {{ background: {c["raised"]}; color: {c["ink"]}; }}
QTreeView QLineEdit {{ padding: 0 4px; }}
QToolTip {{ background: {c["raised"]}; color: {c["ink"]}; border: 1px solid {c["track"]}; padding: 4px; }}
QScrollBar:vertical {{ background: transparent; width: 8px; }}
QScrollBar::handle:vertical {{ background: {c["track"]}; border-radius: 4px; min-height: 32px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
QListView {{ background: {c["background"]}; border: none; outline: none; }}
QProgressBar {{ background: {c["track"]}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {c["accent"]}; border-radius: 3px; }}
QScrollArea {{ border: none; background: {c["background"]}; }}
"""
