"""The window's look: dark, calm, one accent. Colours of the classes come from the palette that everything shares."""

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

STAGE = QColor("#0e0f12")
BACKGROUND = QColor("#15161a")
RAISED = QColor("#24262d")
TRACK = QColor("#2b2e36")
INK = QColor("#eceef2")
DIM = QColor("#a3a7b0")
ACCENT = QColor("#7aa7ff")
UNSURE = QColor(190, 190, 194)
"""In the place of a class's colour, where a face's reading is too uncertain to name one."""
SHADE = QColor(18, 18, 22, 200)
"""Behind text that lies on the picture, and over a picture that is not live any more."""

_STYLE = f"""
QToolBar {{ background: {BACKGROUND.name()}; border: none; padding: 8px 12px; spacing: 8px; }}
QStatusBar {{ background: {BACKGROUND.name()}; color: {DIM.name()}; }}
QStatusBar QLabel {{ color: {DIM.name()}; padding: 2px 8px; }}
QStatusBar::item {{ border: none; }}
QPushButton, QComboBox {{
    background: {RAISED.name()}; color: {INK.name()}; border: 1px solid {TRACK.name()};
    border-radius: 6px; padding: 6px 14px; }}
QPushButton:hover, QComboBox:hover {{ background: {TRACK.name()}; }}
QPushButton:focus, QComboBox:focus {{ border-color: {ACCENT.name()}; }}
QPushButton:disabled, QComboBox:disabled {{ color: {DIM.name()}; }}
QPushButton[primary="true"] {{ background: {ACCENT.name()}; color: {STAGE.name()}; border-color: {ACCENT.name()}; }}
QPushButton[primary="true"]:focus {{ border-color: {INK.name()}; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox QAbstractItemView {{ background: {RAISED.name()}; selection-background-color: {TRACK.name()}; padding: 4px; }}
QToolTip {{ background: {RAISED.name()}; color: {INK.name()}; border: 1px solid {TRACK.name()}; padding: 4px; }}
QScrollBar:vertical {{ background: transparent; width: 8px; }}
QScrollBar::handle:vertical {{ background: {TRACK.name()}; border-radius: 4px; min-height: 32px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
QScrollArea {{ border: none; background: {BACKGROUND.name()}; }}
"""


def apply(app: QApplication) -> None:
    """Give ``app`` the dark look, the same on every system."""
    app.setStyle("Fusion")
    palette = QPalette()
    for role, color in {
        QPalette.ColorRole.Window: BACKGROUND,
        QPalette.ColorRole.WindowText: INK,
        QPalette.ColorRole.Base: BACKGROUND,
        QPalette.ColorRole.AlternateBase: RAISED,
        QPalette.ColorRole.Text: INK,
        QPalette.ColorRole.Button: RAISED,
        QPalette.ColorRole.ButtonText: INK,
        QPalette.ColorRole.ToolTipBase: RAISED,
        QPalette.ColorRole.ToolTipText: INK,
        QPalette.ColorRole.Highlight: ACCENT,
        QPalette.ColorRole.HighlightedText: BACKGROUND,
        QPalette.ColorRole.PlaceholderText: DIM,
    }.items():
        palette.setColor(role, color)
    app.setPalette(palette)
    app.setStyleSheet(_STYLE)
