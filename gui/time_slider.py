"""A slider over the time of a film, with marks at moments that matter."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QSlider, QToolTip

from gui import theme
from gui.clock import elapsed
from gui.marks import Mark

_HEIGHT = 32
_SIDE = 9
"""Room beside the groove, in which half of the handle lies at either end."""
_GROOVE = 4
_GROOVE_Y = 16
_HANDLE = 6
_MARK_WIDTH, _MARK_HEIGHT = 3, 7
_JUMP_MS, _PAGE_MS = 5_000, 30_000


class TimeSlider(QSlider):
    """A click goes to the moment under it, a drag on from there; keys jump by 5 and 30 seconds.

    Its own value is in milliseconds. Without a duration it can only be looked at.
    """

    moved = Signal(float)
    """Where the user has put it, in seconds; also while it is dragged."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSingleStep(_JUMP_MS)
        self.setPageStep(_PAGE_MS)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._marks: tuple[Mark, ...] = ()
        self.valueChanged.connect(lambda value: self.moved.emit(value / 1000))
        self.show_at(0.0, None)

    @property
    def seconds(self) -> float:
        """Where the handle is."""
        return self.value() / 1000

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What is drawn above the groove."""
        return self._marks

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Draw ``marks`` instead of those before."""
        self._marks = tuple(marks)
        self.update()

    def show_at(self, seconds: float, duration: float | None) -> None:
        """Be at ``seconds`` of ``duration``; the handle stays where it is while the user holds it."""
        if self.isSliderDown():
            return
        with QSignalBlocker(self):
            self.setEnabled(bool(duration))
            self.setRange(0, round(1000 * (duration or 0.0)))
            self.setValue(round(1000 * seconds))
        self.update()

    def x_of(self, seconds: float) -> float:
        """Where a moment lies, in logical pixels from the left."""
        share = min(max(1000 * seconds / max(1, self.maximum()), 0.0), 1.0)
        return _SIDE + share * self._length()

    def seconds_at(self, x: float) -> float:
        """The moment at ``x``, in logical pixels from the left."""
        return min(max((x - _SIDE) / self._length(), 0.0), 1.0) * self.maximum() / 1000

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(200, _HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(80, _HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._put(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if self.isSliderDown():
            self._put(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self.isEnabled():  # a tooltip tells the moment under the pointer
            text = elapsed(self.seconds_at(event.pos().x()), hours=self.maximum() >= 3_600_000)
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        look, here = theme.look(), self.x_of(self.seconds)
        self._paint_groove(painter, look.track, self.width() - _SIDE)
        for mark in self._marks:
            painter.setBrush(mark.color)
            top = _GROOVE_Y - _GROOVE / 2 - 3 - _MARK_HEIGHT
            painter.drawRect(QRectF(round(self.x_of(mark.time)) - 1, top, _MARK_WIDTH, _MARK_HEIGHT))
        if not self.isEnabled():
            return
        self._paint_groove(painter, look.accent, here)
        if self.hasFocus():
            painter.setPen(QPen(look.ink, 1.5))
        painter.setBrush(look.accent)
        radius = _HANDLE + (1 if self.isSliderDown() or self.underMouse() else 0)
        painter.drawEllipse(QPointF(here, _GROOVE_Y), radius, radius)

    def _paint_groove(self, painter: QPainter, color: QColor, right: float) -> None:
        painter.setBrush(color)
        area = QRectF(_SIDE, _GROOVE_Y - _GROOVE / 2, right - _SIDE, _GROOVE)
        painter.drawRoundedRect(area, _GROOVE / 2, _GROOVE / 2)

    def _length(self) -> float:
        return max(1.0, self.width() - 2.0 * _SIDE)

    def _put(self, event: QMouseEvent) -> None:
        self.setValue(round(1000 * self.seconds_at(event.position().x())))
        self.update()
