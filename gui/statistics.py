"""The hidden panel of figures: how fast, how late and how busy everything is."""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from gui.language import noop, tr
from gui.meter import Lag, Meter, Sample

if TYPE_CHECKING:
    from realtime.stats import Percentiles, Snapshot

_SAMPLE_MS = 1000
_MARGIN = 12
_NONE = "—"
_WIDEST = "88888.8"
"""A figure has so much room: nothing moves when another one comes."""

_TIMES = (noop("capture"), noop("detection"), noop("crops"), noop("recognition"), noop("to reading"), noop("to view"))
"""The lines of the table, in milliseconds; the last two are from the capture of a picture on."""
_OTHERS = (
    noop("frames per second"),
    noop("painted per second"),
    noop("window thread"),
    noop("memory"),
    noop("engine"),
    noop("detector"),
)
_OTHERS_FROM = 30
"""Their first row: stages that are not known yet find room above."""


class StatisticsPanel(QFrame):
    """Lies over a corner of its parent while it is shown, and lets the mouse through.

    It asks ``meter`` once a second while it is shown; the rest it is told.
    """

    def __init__(self, parent: QWidget, meter: Meter) -> None:
        super().__init__(parent)
        self._meter = meter
        self._cells: dict[str, tuple[QLabel, ...]] = {}
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(tr("Statistics"))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 12, 16, 12)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(3)
        self._build()
        self._timer = QTimer(self)
        self._timer.setInterval(_SAMPLE_MS)
        self._timer.timeout.connect(self._look)
        self.move(_MARGIN, _MARGIN)
        self.hide()

    @property
    def lines(self) -> dict[str, tuple[str, ...]]:
        """The figures of each line, by its English name."""
        return {name: tuple(cell.text() for cell in cells) for name, cells in self._cells.items()}

    def toggle(self) -> None:
        """Show it, or hide it again."""
        self.setVisible(self.isHidden())

    def show_run(self, engine: str, detector: str) -> None:
        """Say what reads the faces, and what finds them."""
        self._say("engine", engine or _NONE)
        self._say("detector", detector or _NONE)

    def show_figures(self, figures: "Snapshot") -> None:
        """Show the pipeline's own figures."""
        for name, stage in figures.stages.items():
            self._say(name, *_times(stage.ms), str(stage.dropped))
        self._say("to reading", *_times(figures.latency_ms), str(figures.dropped))
        self._say("frames per second", _number(figures.fps or math.nan))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self.raise_()
        self._look()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        super().hideEvent(event)
        self._timer.stop()

    def _look(self) -> None:
        self.show_sample(self._meter.sample())

    def show_sample(self, sample: Sample) -> None:
        """Show the window's own figures."""
        self._say("to view", *_times(sample.lag_ms), "")
        self._say("painted per second", _number(sample.painted_fps))
        self._say("window thread", _NONE if math.isnan(sample.load) else _share_of_core(sample.load))
        self._say("memory", f"{sample.memory_mb:.0f} MB")

    def _build(self) -> None:
        head = ("p50", "p95", "p99", tr("dropped"))
        self._place(tr("milliseconds"), 0, 0, Qt.AlignmentFlag.AlignLeft)
        for column, text in enumerate(head, start=1):
            self._place(text, 0, column, Qt.AlignmentFlag.AlignRight)
        for name in _TIMES:
            self._add_times(name)
        self._grid.setRowMinimumHeight(_OTHERS_FROM - 1, 8)
        for row, name in enumerate(_OTHERS, start=_OTHERS_FROM):
            self._place(tr(name), row, 0, Qt.AlignmentFlag.AlignLeft)
            value = self._place(_NONE, row, 1, Qt.AlignmentFlag.AlignLeft, columns=4)
            self._cells[name] = (value,)

    def _add_times(self, name: str) -> None:
        row = sum(len(cells) > 1 for cells in self._cells.values()) + 1
        self._place(tr(name), row, 0, Qt.AlignmentFlag.AlignLeft)
        cells = [self._place(_NONE, row, column, Qt.AlignmentFlag.AlignRight) for column in (1, 2, 3, 4)]
        for cell in cells:
            cell.setMinimumWidth(cell.fontMetrics().horizontalAdvance(_WIDEST))
        self._cells[name] = tuple(cells)

    def _place(self, text: str, row: int, column: int, align: Qt.AlignmentFlag, columns: int = 1) -> QLabel:
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", "figure" if row and column else "small")
        label.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(label, row, column, 1, columns)
        return label

    def _say(self, name: str, *texts: str) -> None:
        if name not in self._cells:  # a stage that only some runs have
            self._add_times(name)
        for cell, text in zip(self._cells[name], texts, strict=True):
            cell.setText(text)
        self.adjustSize()


def _times(ms: "Percentiles | Lag") -> tuple[str, str, str]:
    return _number(ms.p50), _number(ms.p95), _number(ms.p99)


def _number(value: float) -> str:
    return _NONE if math.isnan(value) else f"{value:.1f}"


def _share_of_core(load: float) -> str:
    return tr("{percent} % of a core", percent=round(100 * load))
