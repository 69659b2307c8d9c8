"""The line at the foot of the window: what is shown, how fast, how late, and by which engine."""

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar

from gui.language import tr

_NONE = "—"


class _Shortened(QLabel):
    """Shows as much of a line as there is room for, and the whole of it in the tooltip; it asks for no room itself."""

    def __init__(self) -> None:
        super().__init__()
        self.line = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_line(self, line: str) -> None:
        """Show ``line`` instead of the one before."""
        self.line = line
        self.setToolTip(line)
        self.setAccessibleDescription(line)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(self.fontMetrics().elidedText(self.line, Qt.TextElideMode.ElideMiddle, self.width()))


class StatusBar(QStatusBar):
    """Every figure has its place, wide enough that nothing moves when it changes."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self._source = _Shortened()
        self._source.setAccessibleName(tr("Source"))
        self.addWidget(self._source, 1)
        self._engine = self._place(tr("Engine"), tr("What runs the face encoder"), "")
        self._fps = self._place(
            tr("Frames per second"), tr("Frames per second, over the last two seconds"), tr("{rate} fps", rate="888.8")
        )
        self._latency = self._place(
            tr("Latency"),
            tr("From the capture of a picture to its reading: half of all take less than this"),
            tr("latency {milliseconds} ms", milliseconds=8888),
        )
        self.clear_figures()

    def _place(self, name: str, tip: str, widest: str) -> QLabel:
        label = QLabel()
        label.setAccessibleName(name)
        label.setToolTip(tip)
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        label.setMinimumWidth(label.fontMetrics().horizontalAdvance(widest) + 24)
        self.addPermanentWidget(label)
        return label

    @property
    def source(self) -> str:
        return self._source.line

    @property
    def fps(self) -> str:
        return self._fps.text()

    @property
    def latency(self) -> str:
        return self._latency.text()

    @property
    def engine(self) -> str:
        return self._engine.text()

    def show_source(self, text: str) -> None:
        """Say what is being looked at."""
        self._source.show_line(text)

    def show_engine(self, name: str) -> None:
        """Say which engine runs."""
        self._engine.setText(name)

    def show_figures(self, fps: float, latency_ms: float) -> None:
        """Show the rate and the latency; nan or 0 is not known yet."""
        self._fps.setText(tr("{rate} fps", rate=f"{fps:.1f}" if fps > 0 else _NONE))
        late = _NONE if math.isnan(latency_ms) else f"{latency_ms:.0f}"
        self._latency.setText(tr("latency {milliseconds} ms", milliseconds=late))

    def clear_figures(self) -> None:
        """Nothing runs."""
        self.show_figures(0.0, math.nan)
        self.show_engine("")
