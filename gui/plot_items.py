"""The parts of a plot over time that pyqtgraph does not have: its axis, and what lies under and over the lines."""

import pyqtgraph as pg  # type: ignore[import-untyped]
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui import theme
from gui.clock import clock, round_times
from gui.legend import stroke
from gui.marks import Mark, Span

ABOVE, BELOW = 1.04, -0.04
"""Where the plot ends, so that a line at 0 or 1 is seen whole."""
TICK_PIXELS = 90
"""From one time of the axis to the next, at least."""


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """Round times, well apart, counted from ``origin``; the origin itself is named ``zero`` if there is such a word."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.origin = 0.0
        self.zero = ""

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N802 - pyqtgraph's name
        step, times = round_times(low - self.origin, high - self.origin, size / TICK_PIXELS)
        return [(step, [self.origin + time for time in times])]

    def tickStrings(self, values: list[float], _scale: float, step: float) -> list[str]:  # noqa: N802 - pyqtgraph's name
        times = (value - self.origin for value in values)
        return [self.zero if self.zero and abs(time) < step / 2 else clock(time, step) for time in times]


class _Layer(pg.GraphicsObject):  # type: ignore[misc]
    """Draws into the whole of a view, in its coordinates."""

    def __init__(self, depth: float) -> None:
        super().__init__()
        self.setZValue(depth)

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        return QRectF(self.viewRect() or QRectF())

    def viewRangeChanged(self) -> None:  # noqa: N802 - pyqtgraph's name
        self.prepareGeometryChange()


class Behind(_Layer):
    """Under the lines: three rules, and the spans."""

    def __init__(self) -> None:
        super().__init__(-10)
        self.spans: tuple[Span, ...] = ()

    def paint(self, painter: QPainter, *_: object) -> None:
        view = self.viewRect()
        for span in self.spans:
            tall = span.height * (ABOVE - BELOW)
            painter.fillRect(QRectF(span.start, BELOW, span.end - span.start, tall), span.color)
        painter.setPen(cosmetic(theme.look().track, 1))
        for y in (0.0, 0.5, 1.0):
            painter.drawLine(QPointF(view.left(), y), QPointF(view.right(), y))


class Before(_Layer):
    """Over the lines: the marks."""

    def __init__(self) -> None:
        super().__init__(10)
        self.marks: tuple[Mark, ...] = ()

    def paint(self, painter: QPainter, *_: object) -> None:
        across, down = self.pixelVectors()
        for mark in self.marks:
            painter.setPen(cosmetic(stroke(mark.color), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(mark.time, BELOW), QPointF(mark.time, ABOVE))
            if across is not None and down is not None:
                half, tall = 4 * abs(across.x()), 7 * abs(down.y())
                head = (QPointF(mark.time - half, ABOVE), QPointF(mark.time + half, ABOVE))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(stroke(mark.color))
                painter.drawPolygon([*head, QPointF(mark.time, ABOVE - tall)])


def cosmetic(color: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen of so many pixels, however the view is scaled."""
    pen = QPen(color, width, style)
    pen.setCosmetic(True)
    return pen
