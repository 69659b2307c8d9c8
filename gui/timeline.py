"""The expressions of the selected face over the last minute, as they are read."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from engines.errors import MienError
from gui import theme
from gui.clock import clock
from gui.decimation import GAP_S
from gui.language import tr
from gui.marks import Span
from gui.plot_picture import save
from realtime.history import History, Moment, Series
from realtime.palette import UNSURE_ABOVE, colors

if TYPE_CHECKING:  # it loads pyqtgraph, which the window does not wait for
    from gui.plot import ProbabilityPlot

SPAN_S = 60.0
_REFRESH_MS = 100
_LEAST_HEIGHT, _HEIGHT, _LEGEND_FROM = 160, 180, 240
"""Logical pixels: what is of use, what is wished, and from where on there is room for the legend."""
_UNSURE_HEIGHT = 0.036
"""A band below the line of 0 %."""
_UNSURE_ALPHA = 150
_SAME = 1e-3
"""Of the seconds in view: differences below come from rounding."""


def ask_for_picture(parent: QWidget) -> Path | None:
    """Let the user say where a picture goes, and by its name whether it is PNG or SVG."""
    dialog = QFileDialog(parent, tr("Export picture"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(["PNG (*.png)", "SVG (*.svg)"])
    dialog.setDefaultSuffix("png")
    dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix("svg" if "svg" in kind else "png"))
    dialog.selectFile("timeline.png")
    return Path(dialog.selectedFiles()[0]) if dialog.exec() else None


class Timeline(QWidget):
    """Runs along with ``history``, the newest at the right edge, until it is paused to look back.

    Moving the view pauses it, too; zooming does not. It asks ``history`` ten times a second, and only while it runs and
    is seen.
    """

    failed = Signal(str)
    """A picture could not be written: a line for the user."""
    notice = Signal(str)
    """A picture was written: a line for the user."""
    pause_changed = Signal(bool)

    def __init__(
        self,
        history: History,
        ask: Callable[[QWidget], Path | None] = ask_for_picture,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._ask = ask
        self._face: int | None = None
        self._live = True
        self._running = False
        self._paused = False
        self._span = SPAN_S
        self._moment: Moment | None = None
        self.plot: ProbabilityPlot | None = None
        """None until there is something to show: loading it takes long."""
        self._timer = QTimer(self)
        self._timer.setInterval(_REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        self._heading, self._state, self._empty = QLabel(), QLabel(), QLabel()
        self.pause_button, self.export_button = QPushButton(), QPushButton()
        self._build()
        self._show_state()

    # What is shown

    def start(self, *, live: bool) -> None:
        """Run along with a new source; times are told from now backwards if it is ``live``, else as they are."""
        self._live, self._running = live, True
        self._moment = None
        self._set_paused(False)

    def stop(self) -> None:
        """The source has ended: what was read stays, to be looked at."""
        if self._running:
            self._refresh()
            self._running = False
            self._draw()
            self._show_state()

    def show_face(self, face_id: int | None) -> None:
        """Show this face from now on; what is held to be looked at is not taken away for None."""
        if face_id == self._face or (face_id is None and self._held):
            return
        self._face = face_id
        held = self._moment if self._held else None
        self._moment = None
        if held is not None:
            moment = self._history.moment(face_id)
            series = moment.series if held.newest is None else moment.series.until(held.newest)
            self._moment = Moment(moment.classes, held.newest, series)
            self._draw()
        else:
            self._refresh()
        self._show_state()

    @property
    def face(self) -> int | None:
        """The id of the face that is shown."""
        return self._face

    @property
    def paused(self) -> bool:
        """Whether the user has halted it, to look back. What comes meanwhile is shown afterwards."""
        return self._paused

    @property
    def state(self) -> str:
        """The words that tell what is seen."""
        return self._state.text() if self._shows_plot else self._empty.text()

    @property
    def refreshing(self) -> bool:
        """Whether it asks for what has come: only while it runs and is seen."""
        return self._timer.isActive()

    def toggle_pause(self) -> None:
        """Halt, or go on with what has come meanwhile."""
        if self._running:
            self._refresh()
            self._set_paused(not self._paused)

    def export_picture(self) -> None:
        """Ask for a name, and write what is seen to it."""
        if self.plot is None or not self._shows_plot:
            return
        path = self._ask(self)
        if path is None:
            return
        try:
            save(self.plot, self._heading.text(), path)
        except MienError as error:
            self.failed.emit(str(error))
        else:
            self.notice.emit(tr("Saved {path}", path=path))

    @property
    def _held(self) -> bool:
        return self._moment is not None and (self._paused or not self._running)

    @property
    def _shows_plot(self) -> bool:
        return self.plot is not None and self._stack.currentWidget() is self.plot

    # How it is built

    def _build(self) -> None:
        self.setAccessibleName(tr("Timeline"))
        self.setMinimumHeight(_LEAST_HEIGHT)
        self._heading.setProperty("role", "heading")
        self._state.setProperty("role", "detail")
        self._empty.setProperty("role", "detail")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pause_button.clicked.connect(self.toggle_pause)
        self.export_button.clicked.connect(self.export_picture)
        QShortcut(QKeySequence(Qt.Key.Key_P), self).activated.connect(self.toggle_pause)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._heading)
        head.addWidget(self._state)
        head.addStretch()
        head.addWidget(self.pause_button)
        head.addWidget(self.export_button)
        self._stack = QStackedLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.addLayout(head)
        layout.addLayout(self._stack, 1)
        self._stack.addWidget(self._empty)  # last: it is shown at once, and alone it would be a window

    def _need_plot(self) -> "ProbabilityPlot":
        if self.plot is None:
            from gui.plot import ProbabilityPlot  # noqa: PLC0415 - slow to load

            self.plot = ProbabilityPlot()
            self.plot.view_moved.connect(self._look)
            self._stack.addWidget(self.plot)
            self._fit_legend()
        return self.plot

    def _fit_legend(self) -> None:
        """The classes' own bars are beside the picture: the legend shows itself where there is room for it."""
        if self.plot is not None:
            self.plot.legend.setVisible(self.height() >= _LEGEND_FROM)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit_legend()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(800, _HEIGHT)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        # Or the window would take room away where the legend is narrow, and give it back where it is not.
        return False

    # How it runs

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self._refresh()
        self._run_timer()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        super().hideEvent(event)
        self._run_timer()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._moment is not None:
            self._show_unsure(self._moment.series)
        elif event.type() == QEvent.Type.LanguageChange:
            self._show_state()

    def _run_timer(self) -> None:
        if self.isVisible() and self._running and not self._paused:
            self._timer.start()
        else:
            self._timer.stop()

    def _set_paused(self, paused: bool) -> None:
        changed = paused != self._paused
        self._paused = paused
        if paused:
            self._draw()
        else:
            self._refresh(anew=True)
        self._show_state()
        if changed:
            self.pause_changed.emit(paused)

    def _refresh(self, *, anew: bool = False) -> None:
        """Take what has come, and show it; ``anew`` even if that is nothing."""
        if not self._running or self._paused or not self.isVisible():
            return
        moment = self._history.moment(self._face)
        if anew or self._moment is None or moment.newest != self._moment.newest:
            empty = moment.newest is None or not len(moment.series.times)
            showed = self._moment is not None
            self._moment = None if self._face is None or (empty and not showed) else moment
            self._draw()

    def _draw(self) -> None:
        moment = self._moment
        if moment is None or moment.newest is None:
            self._stack.setCurrentWidget(self._empty)
        else:
            plot = self._need_plot()
            newest, times = moment.newest, moment.series.times
            oldest = min(newest - self._span, float(times[0]) if len(times) else newest)
            if self._live:
                plot.set_origin(newest, tr("now") if not self._held else tr("pause") if self._paused else tr("end"))
            else:
                plot.set_origin(0.0)
            plot.set_series(
                times,
                moment.series.probabilities,
                moment.classes,
                [QColor(*rgb) for rgb in colors(moment.classes)],
                bounds=(oldest, newest),
                view=plot.view if self._held else (newest - self._span, newest),
            )
            self._show_unsure(moment.series)
            if self._stack.currentWidget() is not plot:
                self._stack.setCurrentWidget(plot)
                self._show_state()
        self.export_button.setEnabled(self._shows_plot)

    def _show_unsure(self, series: Series) -> None:
        if self.plot is not None:
            paint = QColor(theme.look().unsure)
            paint.setAlpha(_UNSURE_ALPHA)
            spans = (Span(*ends, paint, tr("unsure"), _UNSURE_HEIGHT) for ends in unsure_stretches(series))
            self.plot.set_spans(spans)

    def _show_state(self) -> None:
        self._heading.setText("" if self._face is None else tr("Face {number}", number=self._face))
        self._empty.setText(tr("No face yet. What is read in one is drawn here."))
        if self._paused:
            self._state.setText(tr("Paused. Drag or scroll to look back."))
        elif not self._running:
            self._state.setText(tr("Stopped. Drag or scroll to look back."))
        else:
            self._state.setText(tr("the last {time}", time=clock(self._span)))
        self._state.setVisible(self._shows_plot)
        self.pause_button.setText(tr("Resume") if self._paused else tr("Pause"))
        self.pause_button.setToolTip(tr("Go on (P)") if self._paused else tr("Halt, to look back (P)"))
        self.pause_button.setEnabled(self._running)
        self.export_button.setText(tr("Export picture…"))
        self.export_button.setToolTip(tr("Save what is seen as PNG or SVG"))
        self.export_button.setEnabled(self._shows_plot)
        self._run_timer()

    def _look(self) -> None:
        """The user has moved or zoomed the view."""
        if self._held or self._moment is None or self._moment.newest is None or self.plot is None:
            return
        left, right = self.plot.view
        span, newest = right - left, self._moment.newest
        if abs(span - self._span) > _SAME * span:
            self._span = span
            self.plot.set_view(newest - span, newest)
            self._show_state()
        elif abs(right - newest) > _SAME * span:
            self._set_paused(True)


def unsure_stretches(series: Series) -> Sequence[tuple[float, float]]:
    """From when to when, in seconds, the readings were too uncertain to name a class; each holds until the next."""
    times, unsure = series.times, series.uncertainty > UNSURE_ABOVE
    if not unsure.any():
        return ()
    breaks = (np.diff(unsure.astype(np.int8)) != 0) | (np.diff(times) > GAP_S)
    first = np.append(0, np.flatnonzero(breaks) + 1)
    last = np.append(first[1:], len(times)) - 1
    after = np.append(times, times[-1])[last + 1]
    ends = np.where(after - times[last] > GAP_S, times[last], after)
    return [(float(times[a]), float(b)) for a, b in zip(first, ends, strict=True) if unsure[a]]
