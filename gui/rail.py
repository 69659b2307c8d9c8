"""The narrow rail at the left: the pages of the window, and below them the settings."""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QVBoxLayout, QWidget

from gui import theme
from gui.language import tr

_WIDTH = 72
_HEIGHT = 64
_LARGEST, _SMALLEST = 11, 8
"""Pixels of the words."""


class Page(StrEnum):
    """What the window can show."""

    LIVE = "live"
    LIBRARY = "library"


class _RailButton(QAbstractButton):
    """A drawn sign over a small word."""

    def __init__(self, sign: str) -> None:
        super().__init__()
        self._sign = sign
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(_WIDTH, _HEIGHT)

    def word_font(self) -> QFont:
        """As large as the word has room for."""
        font = QFont(self.font())
        for pixels in range(_LARGEST, _SMALLEST - 1, -1):
            font.setPixelSize(pixels)
            if QFontMetrics(font).horizontalAdvance(self.text()) <= _WIDTH - 4:
                break
        return font

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        look = theme.look()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked() or self.underMouse() or self.hasFocus():
            painter.setPen(QPen(look.accent, 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(look.raised)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(7, 3, -7, -3), 8, 8)
        ink = look.ink if self.isChecked() else look.dim
        painter.setPen(QPen(ink, 1.7, c=Qt.PenCapStyle.RoundCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        _draw(painter, self._sign, QPointF(self.width() / 2, 24))
        painter.setFont(self.word_font())
        painter.drawText(QRectF(0, 38, self.width(), 18), Qt.AlignmentFlag.AlignCenter, self.text())


class Rail(QWidget):
    """Tells which page is wanted; the window says which one is shown."""

    page_asked = Signal(object)
    """A :class:`Page`."""
    settings_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName(tr("Pages"))
        self.buttons = {page: _RailButton(page) for page in Page}
        self.settings_button = _RailButton("settings")
        group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setSpacing(2)
        for page, button in self.buttons.items():
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, page=page: self.page_asked.emit(page))
            group.addButton(button)
            layout.addWidget(button)
        layout.addStretch()
        layout.addWidget(self.settings_button)
        self.settings_button.clicked.connect(self.settings_asked)
        self._name_buttons()

    def show_page(self, page: Page) -> None:
        """Mark ``page`` as the one that is shown."""
        self.buttons[page].setChecked(True)

    def _name_buttons(self) -> None:
        words = {
            self.buttons[Page.LIVE]: (tr("Live"), tr("Camera, stream or file (Ctrl+1)")),
            self.buttons[Page.LIBRARY]: (tr("Library"), tr("Recordings and analysed videos (Ctrl+2)")),
            self.settings_button: (tr("Settings"), tr("Settings (Ctrl+,)")),
        }
        for button, (text, tip) in words.items():
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(tip)


def _draw(painter: QPainter, sign: str, middle: QPointF) -> None:
    """The sign of a button, about 20 logical pixels wide."""
    x, y = middle.x(), middle.y()
    if sign == Page.LIVE:  # a camera's eye
        painter.drawEllipse(middle, 9, 9)
        painter.drawEllipse(middle, 3.5, 3.5)
    elif sign == Page.LIBRARY:  # a film strip's frames
        for left in (-9, 1):
            for top in (-8, 1):
                painter.drawRoundedRect(QRectF(x + left, y + top, 8, 7), 1.5, 1.5)
    else:  # sliders
        for row, knob in ((-6, 3), (0, -4), (6, 1)):
            painter.drawLine(QPointF(x - 9, y + row), QPointF(x + 9, y + row))
            painter.setBrush(theme.look().background)
            painter.drawEllipse(QPointF(x + knob, y + row), 2.6, 2.6)
            painter.setBrush(Qt.BrushStyle.NoBrush)
