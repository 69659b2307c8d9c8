"""What a plot shows, as a picture that speaks for itself: with a title, and the names of the classes that are seen."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from engines.files import written_whole
from gui import theme
from gui.legend import stroke

if TYPE_CHECKING:  # it loads pyqtgraph
    from gui.plot import ProbabilityPlot

_MARGIN = 16
_TITLE = 28
_ROW = 22
_LEFT = 48
_AXIS = 28
_EDGE = 0.04
_DOT = 4.5
_LINE = 1.25
_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
_PNG_SCALE = 2
"""Pixels of the file for each on the screen, so that it can be printed."""


def save(plot: "ProbabilityPlot", title: str, path: Path) -> None:
    """Write what ``plot`` shows under ``title`` to ``path``: SVG where it ends so, else PNG.

    The file appears whole or not at all. Raises ``OutputError`` where it cannot be written.
    """
    data = _svg(plot, title) if path.suffix.lower() == ".svg" else _png(plot, title)
    with written_whole(path) as partial:
        partial.write_bytes(data.data())


def _png(plot: "ProbabilityPlot", title: str) -> QByteArray:
    image = QImage(_size(plot) * _PNG_SCALE, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.scale(_PNG_SCALE, _PNG_SCALE)
    _paint(painter, plot, title)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload] # PySide's stubs take bytes here, PySide itself a str
    return data


def _svg(plot: "ProbabilityPlot", title: str) -> QByteArray:
    from PySide6.QtSvg import QSvgGenerator  # noqa: PLC0415 - another library to load, for those who ask for it

    data = QByteArray()
    buffer = QBuffer(data)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(_size(plot))
    generator.setViewBox(QRect(0, 0, _size(plot).width(), _size(plot).height()))
    generator.setTitle(title)
    painter = QPainter(generator)
    _paint(painter, plot, title)
    painter.end()
    return data


def _size(plot: "ProbabilityPlot") -> QSize:
    """In logical pixels."""
    return QSize(plot.width(), _area(plot).toRect().bottom() + _AXIS + _MARGIN)


def _area(plot: "ProbabilityPlot") -> QRectF:
    """Where the lines lie, under the title and the names."""
    top = _MARGIN + _TITLE + _names(plot)[1] * _ROW + 6
    return QRectF(_MARGIN + _LEFT, top, plot.width() - _LEFT - 2 * _MARGIN - 16, plot.viewport.height())


def _paint(painter: QPainter, plot: "ProbabilityPlot", title: str) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(QPointF(0, 0), QSizeF(_size(plot))), theme.look().background)
    painter.setFont(_font(15, QFont.Weight.DemiBold))
    painter.setPen(theme.look().ink)
    painter.drawText(QRectF(_MARGIN, _MARGIN, plot.width(), _TITLE - 8), Qt.AlignmentFlag.AlignVCenter, title)
    for name, color, corner in _names(plot)[0]:
        _paint_name(painter, name, color, corner + QPointF(_MARGIN, _MARGIN + _TITLE))
    _paint_scales(painter, plot)
    _paint_lines(painter, plot)


def _paint_name(painter: QPainter, name: str, color: QColor, corner: QPointF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(corner + QPointF(_DOT, _ROW / 2), _DOT, _DOT)
    painter.setFont(_font(13))
    painter.setPen(theme.look().ink)
    painter.drawText(QRectF(corner.x() + 16, corner.y(), 1000, _ROW), Qt.AlignmentFlag.AlignVCenter, name)


def _paint_scales(painter: QPainter, plot: "ProbabilityPlot") -> None:
    """Percent, times, and what is marked, in pixels: the numbers of an SVG have six digits, too few for a time."""
    area = _area(plot)
    painter.setFont(_font(12))
    for share in (0.0, 0.5, 1.0):
        y = _y(share, area)
        painter.setPen(QPen(theme.look().track, 1))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(theme.look().dim)
        label = QRectF(_MARGIN, y - 10, _LEFT - 8, 20)
        painter.drawText(label, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{100 * share:.0f} %")
    for time, text in plot.time_labels(area.width() / 90):
        painter.drawText(QRectF(_x(time, plot, area) - 60, area.bottom() + 4, 120, 20), _CENTRE, text)
    left, right = plot.view
    for span in plot.spans:
        begin, end = (_x(min(max(time, left), right), plot, area) for time in (span.start, span.end))
        tall = span.height * area.height()
        painter.fillRect(QRectF(begin, area.bottom() - tall, end - begin, tall), span.color)
    for mark in plot.marks:
        if left <= mark.time <= right:
            painter.setPen(QPen(stroke(mark.color), 1, Qt.PenStyle.DashLine))
            x = _x(mark.time, plot, area)
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))


def _paint_lines(painter: QPainter, plot: "ProbabilityPlot") -> None:
    times, values = plot.points()
    left, right = plot.view
    inside = (times >= left) & (times <= right)
    times, values = times[inside], values[inside]
    breaks = np.flatnonzero(np.isnan(values).any(axis=1)) if values.size else ()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    area = _area(plot)
    for k, chip in enumerate(plot.legend.chips):
        if not chip.isChecked():
            continue
        painter.setPen(QPen(stroke(chip.color), _LINE))
        for part in np.split(np.stack([times, values[:, k]], axis=1), breaks):
            points = [QPointF(_x(time, plot, area), _y(y, area)) for time, y in part if not np.isnan(y)]
            painter.drawPolyline(points)


def _x(time: float, plot: "ProbabilityPlot", area: QRectF) -> float:
    left, right = plot.view
    return area.left() + area.width() * (time - left) / (right - left)


def _y(share: float, area: QRectF) -> float:
    return area.bottom() - area.height() * (share + _EDGE) / (1 + 2 * _EDGE)


def _names(plot: "ProbabilityPlot") -> tuple[list[tuple[str, QColor, QPointF]], int]:
    """What is seen, where each name lies, and how many lines they take."""
    places: list[tuple[str, QColor, QPointF]] = []
    x, line = 0.0, 0
    metrics = QFontMetricsF(_font(13))
    for name, color in _named(plot):
        advance = 16 + metrics.horizontalAdvance(name)
        if x and x + advance > plot.width() - 2 * _MARGIN:
            x, line = 0.0, line + 1
        places.append((name, color, QPointF(x, line * _ROW)))
        x += advance + 18
    return places, line + 1


def _named(plot: "ProbabilityPlot") -> list[tuple[str, QColor]]:
    """The classes that are switched on, and what the spans stand for."""
    left, right = plot.view
    spans = {span.tip: span.color for span in plot.spans if span.tip and span.start < right and span.end > left}
    return [(chip.name, stroke(chip.color)) for chip in plot.legend.chips if chip.isChecked()] + list(spans.items())


def _font(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont()
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font
