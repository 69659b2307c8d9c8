"""The analyses that are under way, above the list of the library."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.clock import clock
from gui.language import tr

if TYPE_CHECKING:
    from realtime.library import AnalysisQueue, Job

_STEPS = 1000
_TALLEST = 236
"""Pixels; of more rows, the rest is scrolled to."""


class QueuePanel(QWidget):
    """A row for each analysis that runs, waits or has failed, and a word on those that an earlier run has left.

    :meth:`refresh` shows ``queue`` as it is; the panel hides itself where there is nothing to show.
    """

    retried = Signal(int)
    first = Signal(int)
    cancelled = Signal(int)
    dismissed = Signal(int)

    def __init__(self, queue: "AnalysisQueue") -> None:
        super().__init__()
        self._queue = queue
        self.rows: dict[int, JobRow] = {}
        self.left = QLabel()
        self.resume = QPushButton(tr("Go on"))
        self.forget = QPushButton(tr("Forget"))
        self.heading = QLabel()
        self.cancel_all = QPushButton(tr("Cancel all"))
        self._offer = QWidget()
        self._list = QVBoxLayout()
        self._build()
        self.refresh()

    def refresh(self) -> None:
        """Show the queue's jobs; rows that stay keep their place and the focus."""
        jobs = self._queue.jobs
        shown = [job for job in jobs if job.state in ("running", "queued", "failed")]
        self._show_left(sum(job.state == "left" for job in jobs))
        self._show_heading(sum(job.state in ("running", "queued") for job in shown))
        for gone in self.rows.keys() - {job.id for job in shown}:
            row = self.rows.pop(gone)
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, job in enumerate(shown):
            row = self.rows.get(job.id) or self._new_row(job.id)
            if self._list.indexOf(row) != place:
                self._list.removeWidget(row)
                self._list.insertWidget(place, row)
            row.show_job(job, next_up=place > 0 and shown[place - 1].state != "queued")
        self._scroller.setVisible(bool(shown))
        self._fit()
        self.setVisible(bool(shown) or not self._offer.isHidden())

    def _build(self) -> None:
        self.left.setProperty("role", "detail")
        self.heading.setProperty("role", "heading")
        self.resume.setProperty("primary", True)
        self.resume.setToolTip(tr("Analyse what an earlier run did not come to"))
        self.forget.setToolTip(tr("Take them off the queue; the videos stay where they are"))
        self.cancel_all.setToolTip(tr("Cancel the analysis that runs and all that wait"))
        offer = QHBoxLayout(self._offer)
        offer.setContentsMargins(0, 0, 0, 0)
        for widget in (self.left, self.resume, self.forget):
            offer.addWidget(widget, 1 if widget is self.left else 0)
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.cancel_all)
        inside = QWidget()
        inside.setLayout(self._list)
        self._list.setContentsMargins(0, 0, 8, 0)
        self._list.setSpacing(6)
        self._list.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._scroller = QScrollArea()
        self._scroller.setWidgetResizable(True)
        self._scroller.setFrameShape(QFrame.Shape.NoFrame)
        self._scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroller.setWidget(inside)
        self._scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 8)
        layout.setSpacing(8)
        layout.addWidget(self._offer)
        layout.addLayout(head)
        layout.addWidget(self._scroller)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _new_row(self, job_id: int) -> "JobRow":
        row = self.rows[job_id] = JobRow()
        row.cancel.clicked.connect(lambda: (self.dismissed if row.failed else self.cancelled).emit(job_id))
        row.retry.clicked.connect(lambda: self.retried.emit(job_id))
        row.first.clicked.connect(lambda: self.first.emit(job_id))
        return row

    def _show_left(self, count: int) -> None:
        self._offer.setVisible(bool(count))
        one = tr("One analysis was not finished last time.")
        self.left.setText(one if count == 1 else tr("{count} analyses were not finished last time.", count=count))

    def _show_heading(self, count: int) -> None:
        self.heading.setVisible(bool(count))
        self.cancel_all.setVisible(count > 1)
        self.heading.setText(tr("Analysing") if count == 1 else tr("Analysing, {count} to go", count=count))

    def _fit(self) -> None:
        height = sum(row.sizeHint().height() + self._list.spacing() for row in self.rows.values())
        self._scroller.setFixedHeight(min(_TALLEST, height))


class _Line(QLabel):
    """One line, which ends in dots where it is too long for its place; the tooltip has all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "detail")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.strong = False

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter = QPainter(self)
        painter.setPen(theme.look().ink if self.strong else theme.look().dim)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class JobRow(QWidget):
    """One analysis: what it reads, how far it is, how fast, how long it still takes, and a way to end it."""

    def __init__(self) -> None:
        super().__init__()
        self.title = _Line()
        self.detail = _Line()
        self.bar = QProgressBar()
        self.first = QToolButton()
        self.retry = QToolButton()
        self.cancel = QToolButton()
        self.failed = False
        self.title.strong = True
        self.bar.setTextVisible(False)
        self.first.setText(tr("Next"))
        self.retry.setText(tr("Try again"))
        self.cancel.setText("✕")
        # The columns stand below each other, whichever button a row has.
        extra = QWidget()
        extra.setFixedWidth(max(self.first.sizeHint().width(), self.retry.sizeHint().width()))
        beside = QHBoxLayout(extra)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setAlignment(Qt.AlignmentFlag.AlignRight)
        beside.addWidget(self.first)
        beside.addWidget(self.retry)
        self._columns = QHBoxLayout(self)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(12)
        for widget, stretch in ((self.title, 3), (self.bar, 3), (self.detail, 4), (extra, 0), (self.cancel, 0)):
            self._columns.addWidget(widget, stretch)

    def show_job(self, job: "Job", *, next_up: bool) -> None:
        """Show ``job``; ``next_up`` says that none that waits is before it."""
        self.failed = job.state == "failed"
        running = job.state == "running"
        self.title.setText(job.title)
        self.title.setToolTip(str(job.request.source))
        self.detail.setText(_detail(job))
        self.detail.setToolTip(job.line)
        place = self.bar.sizePolicy()
        place.setRetainSizeWhenHidden(not self.failed)  # the line of a failure needs it
        self.bar.setSizePolicy(place)
        self._columns.setStretchFactor(self.detail, 7 if self.failed else 4)
        self.bar.setVisible(running)
        known = job.progress.share is not None or job.progress.rate is None
        self.bar.setRange(0, _STEPS if known else 0)
        self.bar.setValue(round(_STEPS * (job.progress.share or 0)))
        self.bar.setAccessibleName(tr("Progress of {title}", title=job.title))
        self.first.setVisible(job.state == "queued" and not next_up)
        self.retry.setVisible(self.failed)
        self._name(self.first, tr("Analyse {title} next", title=job.title))
        self._name(self.retry, tr("Try {title} again", title=job.title))
        ending = tr("Dismiss {title}", title=job.title) if self.failed else tr("Cancel {title}", title=job.title)
        self._name(self.cancel, ending)

    def _name(self, button: QToolButton, text: str) -> None:
        button.setAccessibleName(text)
        button.setToolTip(text)


def _detail(job: "Job") -> str:
    if job.state == "failed":
        return job.line
    if job.state == "queued":
        return tr("waiting")
    if job.progress.rate is None:
        return tr("starting…")
    said = [tr("{rate} frames a second", rate=round(job.progress.rate))]
    if job.progress.left is not None:
        said.append(tr("{time} left", time=clock(job.progress.left)))
    return " · ".join(said)
