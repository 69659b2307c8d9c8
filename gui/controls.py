"""Qt's own controls, with the signs that a style sheet takes away: it would need a picture file for each."""

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QComboBox, QStyle, QStyleOptionButton, QWidget

from gui import theme


class Combo(QComboBox):
    """A list to choose from, with its arrow."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        draw_arrow(self, self.width() - 18.0, theme.look().dim)


class CheckBox(QCheckBox):
    """A box with a tick that is seen on dark and on light."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if self.isChecked():
            middle = QPointF(self._box().center()) + QPointF(0.5, 0.5)
            steps = ((-4, 0), (-1, 3), (4, -3))
            _paint(self, theme.look().on_accent, 2, [middle + QPointF(x, y) for x, y in steps])

    def _box(self) -> QRect:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        return self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)


def draw_arrow(on: QWidget, x: float, color: QColor) -> None:
    """The arrow of what opens a list or a menu, ``x`` logical pixels from the left of ``on``."""
    y = on.height() / 2
    _paint(on, color, 1.5, [QPointF(x - 4, y - 2), QPointF(x, y + 2), QPointF(x + 4, y - 2)])


def _paint(on: QWidget, color: QColor, width: float, line: list[QPointF]) -> None:
    painter = QPainter(on)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, width))
    painter.drawPolyline(line)
