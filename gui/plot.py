"""Probabilities over time: a line for each class, a play-head, marks and spans. To be imported when it is needed: it
loads pyqtgraph, which takes long.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]
from numpy.typing import NDArray
from pyqtgraph import exceptionHandling
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent  # type: ignore[import-untyped]
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QHelpEvent, QKeyEvent
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from gui import theme
from gui.decimation import Samples, decimate
from gui.language import tr
from gui.legend import Legend, stroke
from gui.marks import Mark, Span
from gui.plot_items import ABOVE, BELOW, TICK_PIXELS, Before, Behind, SidewaysBox, TimeAxis, cosmetic

exceptionHandling.handler.remove()  # importing is no reason to take over what becomes of errors

_FINE = 1.5
"""Device pixels for each logical one, from which lines are drawn rough, which is not seen there: a smooth line is cheap
for Qt only where it is one device pixel wide.
"""
_NEAREST_S = 0.5
"""The closest look, seconds across the view."""
_HIT = 5
"""Pixels beside a mark that still mean it."""
_PAN, _ZOOM = 0.1, 0.8


class ProbabilityPlot(QWidget):
    """Lines of class probabilities over seconds. Drag moves the view, the wheel zooms, both within the data.

    With the keyboard: Left and Right, Home and End move, + and - zoom, 0 shows all. A chip of the legend switches a
    class on and off.
    """

    play_head_moved = Signal(float)
    """The user has put the play-head at this time: seconds, in the bounds."""
    view_moved = Signal()
    """The user has moved or zoomed the view; see :attr:`view`."""
    classes_switched = Signal()
    """The user has switched classes on or off; see :attr:`shown`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.classes: tuple[str, ...] = ()
        self.legend = Legend()
        self.legend.changed.connect(self._switch)
        self._colors: tuple[QColor, ...] = ()
        self._samples = Samples.of(np.zeros(0), np.zeros((0, 0), np.float32))
        self._bounds = (0.0, 1.0)
        self._drawing = True
        self._curves: list[pg.PlotCurveItem] = []
        self._axis = TimeAxis()
        self._canvas = pg.PlotWidget(
            self,
            viewBox=SidewaysBox(enableMenu=False),
            axisItems={"bottom": self._axis},
            enableMenu=False,
            background=None,
        )
        self._box: pg.ViewBox = self._canvas.getViewBox()
        self._behind, self._before = Behind(), Before()
        self._head = pg.InfiniteLine(angle=90, movable=True)
        self._head.setZValue(20)
        self._head.hide()
        self._build()
        self.restyle()

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Probabilities over time"))
        self.setAccessibleDescription(tr("Left, Right, Home and End move, + and - zoom, 0 shows all"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.legend)
        layout.addWidget(self._canvas, 1)
        self._canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._canvas.viewport().installEventFilter(self)
        self._canvas.hideButtons()
        self._canvas.getPlotItem().layout.setContentsMargins(0, 6, 22, 0)
        left = self._canvas.getAxis("left")
        left.setTicks([[(0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")]])
        left.setStyle(tickLength=0, hideOverlappingLabels=False)
        left.setWidth(48)
        self._axis.setStyle(tickLength=4, hideOverlappingLabels=22)
        self._axis.setHeight(26)
        self._box.setMouseEnabled(x=True, y=False)
        self._box.setYRange(BELOW, ABOVE, padding=0)
        for item in (self._behind, self._before, self._head):
            self._box.addItem(item, ignoreBounds=True)
        self._box.sigXRangeChanged.connect(self._draw)
        self._box.sigResized.connect(self._draw)
        self._box.sigRangeChangedManually.connect(lambda _: self.view_moved.emit())
        self._head.sigDragged.connect(lambda _: self.play_head_moved.emit(self._head.value()))
        self._canvas.scene().sigMouseClicked.connect(self._click)

    # What is shown

    def set_series(
        self,
        times: NDArray[np.float64],
        probabilities: NDArray[np.float32],
        classes: Sequence[str],
        colors: Sequence[QColor],
        *,
        bounds: tuple[float, float] | None = None,
        view: tuple[float, float] | None = None,
    ) -> None:
        """Show ``probabilities`` float32 ``[T, K]`` of the ``classes`` at ``times`` float64 ``[T]``, seconds that rise.

        Nothing joins two times more than half a second apart, or the sides of a row with NaN. ``bounds`` are the times
        that can be looked at, the data's own unless given. ``view`` is what to look at: unless given, the view stays
        where it is if that lies in the bounds, and shows all otherwise. Raises ``ValueError`` where shapes do not fit.
        """
        self._samples = Samples.of(times, probabilities)
        if (tuple(classes), tuple(colors)) != (self.classes, self._colors):
            self._take_classes(tuple(classes), tuple(colors))
        if bounds is None:
            bounds = (float(times[0]), float(times[-1])) if len(times) else (0.0, 1.0)
        view = view or self._kept_view(bounds)
        self._drawing = False
        self._set_bounds(bounds)
        self._box.setXRange(*view, padding=0)
        self._drawing = True
        self._draw()

    def clear(self) -> None:
        """Show no lines, marks or spans."""
        self.set_series(np.zeros(0), np.zeros((0, len(self.classes)), np.float32), self.classes, self._colors)
        self.set_marks(())
        self.set_spans(())

    def set_marks(self, marks: Iterable[Mark]) -> None:
        """Show these and no others."""
        self._before.marks = tuple(marks)
        self._before.update()

    def set_spans(self, spans: Iterable[Span]) -> None:
        """Show these and no others."""
        self._behind.spans = tuple(spans)
        self._behind.update()

    def set_origin(self, seconds: float, word: str = "") -> None:
        """Count the times of the axis from ``seconds``; those before it only if there is a ``word`` for that moment."""
        if (seconds, word) != (self._axis.origin, self._axis.zero):
            self._axis.origin, self._axis.zero = seconds, word
            self._axis.picture = None
            self._axis.update()

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks that are shown."""
        return self._before.marks

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans that are shown."""
        return self._behind.spans

    def time_labels(self, most: float) -> list[tuple[float, str]]:
        """About ``most`` round times in view at most, with what the axis calls them."""
        left, right = self.view
        [(step, times)] = self._axis.tickValues(left, right, most * TICK_PIXELS)
        return list(zip(times, self._axis.tickStrings(times, 1, step), strict=True))

    @property
    def shown(self) -> frozenset[str]:
        """The classes that are switched on."""
        return self.legend.shown

    def show_classes(self, names: Iterable[str]) -> None:
        """Switch these classes on, and the others off."""
        self.legend.show_classes(names)
        self._draw()

    # The view

    @property
    def bounds(self) -> tuple[float, float]:
        """The first and the last second that can be looked at."""
        return self._bounds

    @property
    def view(self) -> tuple[float, float]:
        """The first and the last second in view."""
        left, right = self._box.viewRange()[0]
        return float(left), float(right)

    def set_view(self, left: float, right: float) -> None:
        """Look at the seconds from ``left`` to ``right``, or what of them lies in the bounds."""
        self._box.setXRange(left, right, padding=0)

    def show_all(self) -> None:
        """Look at everything."""
        self.set_view(*self._bounds)

    @property
    def play_head(self) -> float | None:
        """Where the play-head stands, in seconds; None while there is none. The user drags it, or clicks beside it."""
        return float(self._head.value()) if self._head.isVisible() else None

    @play_head.setter
    def play_head(self, seconds: float | None) -> None:
        self._head.setVisible(seconds is not None)
        if seconds is not None:
            self._head.setValue(seconds)

    @property
    def viewport(self) -> QWidget:
        """What the mouse moves on: the plot without its legend."""
        return self._canvas.viewport()  # type: ignore[no-any-return]

    def x_of(self, seconds: float) -> float:
        """Where a time lies across this widget, in logical pixels."""
        return float(self._canvas.mapTo(self, self._canvas.mapFromScene(self._scene_point(seconds))).x())

    def points(self) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """What the lines are drawn with: times float64 ``[M]`` and values float32 ``[M, K]``, NaN where they break."""
        return decimate(self._samples, *self.view, max(1, int(self._box.width())))

    # What the user does

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        left, right = self.view
        first, last = self._bounds
        step, middle, half = (right - left) * _PAN, (left + right) / 2, (right - left) / 2
        views = {
            Qt.Key.Key_Left: (left - step, right - step),
            Qt.Key.Key_Right: (left + step, right + step),
            Qt.Key.Key_Home: (first, first + right - left),
            Qt.Key.Key_End: (last - right + left, last),
            Qt.Key.Key_Plus: (middle - half * _ZOOM, middle + half * _ZOOM),
            Qt.Key.Key_Equal: (middle - half * _ZOOM, middle + half * _ZOOM),
            Qt.Key.Key_Minus: (middle - half / _ZOOM, middle + half / _ZOOM),
            Qt.Key.Key_0: self._bounds,
        }
        view = views.get(Qt.Key(event.key()))
        if view is None:
            super().keyPressEvent(event)
            return
        self.set_view(*view)
        self.view_moved.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            here = self.viewport.mapTo(self, event.pos())
            QToolTip.showText(event.globalPos(), self.tip_at(here.x()), self._canvas)
            return True
        return super().eventFilter(watched, event)

    def tip_at(self, x: float) -> str:
        """What is told of the place ``x`` pixels from the left: the nearest mark's tip, else the spans'."""
        near = [(abs(self.x_of(mark.time) - x), mark.tip) for mark in self._before.marks if mark.tip]
        if near and min(near)[0] <= _HIT:
            return min(near)[1]
        tips = (s.tip for s in self._behind.spans if s.tip and self.x_of(s.start) <= x <= self.x_of(s.end))
        return "\n".join(tips)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusInEvent(event)
        self._show_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusOutEvent(event)
        self._show_focus()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and hasattr(self, "_head"):
            self.restyle()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:  # the window has moved to another screen
            self.restyle()
        return super().event(event)

    def restyle(self) -> None:
        """Take the colours of the theme that is in use."""
        look = theme.look()
        self._canvas.setBackground(look.background)
        font = QFont(self.font())
        font.setPixelSize(12)
        for name in ("left", "bottom"):
            axis = self._canvas.getAxis(name)
            axis.setTickFont(font)
            axis.setTextPen(look.dim)
            axis.setPen(pg.mkPen(None) if name == "left" else pg.mkPen(look.track))
            axis.setTickPen(pg.mkPen(look.track))
        ratio = self.devicePixelRatioF()
        self._head.setPen(cosmetic(look.ink, 1.5 * ratio))
        self._head.setHoverPen(cosmetic(look.accent, 3 * ratio))
        self._style_curves()
        self._show_focus()

    def _style_curves(self) -> None:
        ratio = self.devicePixelRatioF()
        smooth = ratio < _FINE
        for curve, color in zip(self._curves, self._colors, strict=True):
            curve.opts["antialias"] = smooth
            curve.setPen(cosmetic(stroke(color), 1 if smooth else ratio))

    def _show_focus(self) -> None:
        self._box.setBorder(cosmetic(theme.look().accent, 1.5) if self.hasFocus() else pg.mkPen(None))

    def _click(self, event: MouseClickEvent) -> None:
        inside = self._box.sceneBoundingRect().contains(event.scenePos())
        if not (self._head.isVisible() and inside and event.button() == Qt.MouseButton.LeftButton):
            return
        first, last = self._bounds
        self.play_head = min(max(self._box.mapSceneToView(event.scenePos()).x(), first), last)
        self.play_head_moved.emit(self._head.value())

    def _switch(self) -> None:
        self._draw()
        self.classes_switched.emit()

    def _take_classes(self, classes: tuple[str, ...], colors: tuple[QColor, ...]) -> None:
        for curve in self._curves:
            self._box.removeItem(curve)
        self.classes, self._colors = classes, colors
        self.legend.set_classes(classes, colors)
        self._curves = [pg.PlotCurveItem(connect="finite") for _ in colors]
        self._style_curves()
        for curve in self._curves:
            self._box.addItem(curve, ignoreBounds=True)

    def _kept_view(self, bounds: tuple[float, float]) -> tuple[float, float]:
        """Where the view is, if that is a part of both the bounds before and of ``bounds``; else all of these."""
        left, right = self.view
        part = self.view != self._bounds and self._bounds[0] <= left and right <= self._bounds[1]
        return (left, right) if part and bounds[0] <= left and right <= bounds[1] else bounds

    def _set_bounds(self, bounds: tuple[float, float]) -> None:
        self._bounds = (bounds[0], max(bounds[1], bounds[0] + _NEAREST_S))
        self._box.setLimits(xMin=self._bounds[0], xMax=self._bounds[1], minXRange=_NEAREST_S)
        self._head.setBounds(self._bounds)

    def _draw(self) -> None:
        """Put the points of the part in view into the lines."""
        if not self._drawing:
            return
        times, values = self.points()
        shown = self.shown
        for k, curve in enumerate(self._curves):
            if self.classes[k] in shown:
                curve.setData(times, values[:, k])
            curve.setVisible(self.classes[k] in shown)

    def _scene_point(self, seconds: float) -> QPointF:
        return QPointF(self._box.mapViewToScene(QPointF(seconds, 0)))
