"""Marks a span by a drag over the plot, with Shift held; without it, a drag moves the view."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent

from gui.plot import ProbabilityPlot

_LEAST_PIXELS = 3
"""A shorter drag was a click."""


class SpanDrag(QObject):
    """Watches ``plot``."""

    marked = Signal(float, float)
    """The span so far, from the earlier to the later time; again and again while it is dragged."""

    def __init__(self, plot: ProbabilityPlot) -> None:
        super().__init__(plot)
        self._plot = plot
        self._begin: float | None = None
        plot.viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if not isinstance(event, QMouseEvent):
            return super().eventFilter(watched, event)
        x = event.position().x()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        left = event.button() is Qt.MouseButton.LeftButton
        if event.type() is QEvent.Type.MouseButtonPress and shift and left:
            self._begin = x
            return True
        if self._begin is None:
            return super().eventFilter(watched, event)
        if abs(x - self._begin) >= _LEAST_PIXELS:
            self.marked.emit(*sorted((self._time_at(self._begin), self._time_at(x))))
        if event.type() is QEvent.Type.MouseButtonRelease:
            self._begin = None
        return True

    def _time_at(self, x: float) -> float:
        """The time at ``x`` pixels from the left of the plot's inside, within the bounds."""
        plot = self._plot
        left, right = plot.view
        from_left = plot.viewport.mapTo(plot, plot.viewport.rect().topLeft()).x() + x - plot.x_of(left)
        time = left + from_left * (right - left) / max(1.0, plot.x_of(right) - plot.x_of(left))
        first, last = plot.bounds
        return min(max(time, first), last)
