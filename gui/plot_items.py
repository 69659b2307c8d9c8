"""The parts of a plot over time that pyqtgraph does not have: its axis, and what lies under and over the lines."""

import pyqtgraph as pg  # type: ignore[import-untyped]
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsSceneWheelEvent

from gui import theme
from gui.clock import clock, round_times
from gui.legend import stroke
from gui.marks import Mark, Span

ABOVE, BELOW = 1.04, -0.04
"""Where the plot ends, so that a line at 0 or 1 is seen whole."""
TICK_PIXELS = 90
"""From one time of the axis to the next, at least."""
_NOTCH = 120
"""Of a wheel, in Qt's measure."""
_PAN = 0.1


class SidewaysBox(pg.ViewBox):  # type: ignore[misc]
    """A view that a wheel, or two fingers, turned sideways move; turned upright they zoom."""

    def wheelEvent(self, event: QGraphicsSceneWheelEvent, axis: int | None = None) -> None:  # noqa: N802 - Qt's name
        if event.orientation() == Qt.Orientation.Vertical:
            super().wheelEvent(event, axis)
            return
        left, right = self.viewRange()[0]
        self.translateBy(x=-event.delta() / _NOTCH * _PAN * (right - left))
        event.accept()
        self.sigRangeChangedManually.emit([True, False])


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """Round times, well apart, counted from ``origin``. Where there is a word ``zero`` for the origin itself, those
    before it are counted backwards; else there is nothing before it.
    """

    def __init__(self) -> None:
        super().__init__("bottom")
        self.origin = 0.0
        self.zero = ""

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N802 - pyqtgraph's name
        step, times = round_times(low - self.origin, high - self.origin, size / TICK_PIXELS)
        return [(step, [self.origin + time for time in times if self.zero or time > -step / 2])]

    def tickStrings(self, values: list[float], _scale: float, step: float) -> list[str]:  # noqa: N802 - pyqtgraph's name
        return [self._name(value - self.origin, step) for value in values]

    def _name(self, time: float, step: float) -> str:
        if self.zero and abs(time) < step / 2:
            return self.zero
        return clock(time, step)


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
