"""The notes on what is open: between their list, the plot, and the review that keeps them."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from engines.errors import MienError
from gui import theme
from gui.marks import Mark, Span
from gui.plot import ProbabilityPlot
from gui.replay.notes import NoteList, when
from gui.replay.span_drag import SpanDrag
from realtime.library import Note
from realtime.replay import Review

_NOTE_OPACITY, _MARKED_OPACITY = 36, 72
"""Of 255: a span with a note, and the one that is marked."""

Place = tuple[float, float | None]
"""A moment, or a span from the first to the second; seconds of the table."""


class Notebook(QObject):
    """Adds, changes and removes notes, and shows where they are. ``now`` says where the play-head is."""

    picked = Signal(float)
    """Go to this time: a note was clicked."""
    changed = Signal()
    """There are other notes than before; see :attr:`places`."""
    failed = Signal(str)
    done = Signal()
    """A note was written, or not: the line is left."""

    def __init__(self, notes: NoteList, plot: ProbabilityPlot, now: Callable[[], float]) -> None:
        super().__init__()
        self._notes = notes
        self._plot = plot
        self._now = now
        self._review: Review | None = None
        self._start = 0.0
        self._writing_on: Place | None = None
        self.span: Place | None = None
        notes.picked.connect(lambda note: self.picked.emit(note.begin))
        notes.edited.connect(self._edit)
        notes.removed.connect(self._remove)
        notes.restored.connect(self.restore)
        notes.span_begun.connect(self.begin_span)
        notes.span_ended.connect(self.end_span)
        SpanDrag(plot).marked.connect(lambda begin, end: self._mark((begin, end)))
        notes.line.begun.connect(self._begin)
        notes.line.dropped.connect(self._forget_place)
        notes.line.written.connect(self._add)
        notes.line.left.connect(self._leave)

    @property
    def places(self) -> tuple[float, ...]:
        """Where the notes begin, in seconds of the table."""
        return tuple(note.begin for note in self._review.notes) if self._review else ()

    def show(self, review: Review | None, start: float) -> None:
        """Show the notes of ``review``, or none, with their times counted from ``start``."""
        self._review, self._start = review, start
        self.span = self._writing_on = None
        self._notes.setEnabled(review is not None)
        self._show()
        self.changed.emit()

    def restyle(self) -> None:
        """Take the colours of the theme that is in use."""
        self._show_on_plot()

    def write(self) -> None:
        """Begin a note on the marked span, or on this moment."""
        if self._review is not None:
            self._take_place()
            self._notes.line.setFocus()

    def begin_span(self) -> None:
        """Let a span begin at the play-head."""
        now = self._now()
        end = self.span[1] if self.span else None
        self._mark((now, end if end is not None and end > now else None))

    def end_span(self) -> None:
        """Let the span end at the play-head; one that was not begun begins with the video."""
        now = self._now()
        begin = self.span[0] if self.span else self._start
        if now > begin:
            self._mark((begin, now))

    def forget_span(self) -> None:
        """Mark no span."""
        self._mark(None)

    def restore(self) -> None:
        """Bring the note back that was removed last."""
        review = self._review
        if review is not None and review.can_restore:
            self._try(review.restore_note)

    def _mark(self, span: Place | None) -> None:
        if self._review is not None:
            self.span = span
            self._say_place()
            self._show_on_plot()

    def _begin(self) -> None:
        if self._writing_on is None:
            self._take_place()

    def _forget_place(self) -> None:
        self._writing_on = None
        self._say_place()

    def _take_place(self) -> None:
        whole = self.span is not None and self.span[1] is not None
        self._writing_on = self.span if whole else (self._now(), None)
        self._say_place()

    def _say_place(self) -> None:
        place = self._writing_on or self.span
        if place is None:
            self._notes.show_place("")
        else:
            begin, end = place
            self._notes.show_place(when(begin - self._start, None if end is None else end - self._start))

    def _add(self, text: str) -> None:
        begin, end = self._writing_on or (self._now(), None)
        review = self._review
        if review is not None and self._try(lambda: review.add_note(begin, end, text)):
            self.span = None
        self._leave()

    def _edit(self, note: Note, text: str) -> None:
        review = self._review
        if review is not None:
            self._try(lambda: review.edit_note(note, text))

    def _remove(self, note: Note) -> None:
        review = self._review
        if review is not None:
            self._try(lambda: review.remove_note(note))

    def _try(self, change: Callable[[], object]) -> bool:
        try:
            change()
        except MienError as error:
            self.failed.emit(str(error))
            return False
        self._show()
        self.changed.emit()
        return True

    def _leave(self) -> None:
        self._forget_place()
        self._show_on_plot()
        self.done.emit()

    def _show(self) -> None:
        review = self._review
        self._notes.show_notes(
            review.notes if review else (), self._start, can_restore=review is not None and review.can_restore
        )
        self._say_place()
        self._show_on_plot()

    def _show_on_plot(self) -> None:
        notes = self._review.notes if self._review else ()
        look = theme.look()
        self._plot.set_marks(Mark(note.begin, look.ink, note.text) for note in notes if note.end is None)
        spans = [
            Span(note.begin, note.end, _faint(look.ink, _NOTE_OPACITY), note.text)
            for note in notes
            if note.end is not None
        ]
        if self.span is not None:
            begin, end = self.span
            # One that has no end yet is seen as an edge.
            least = begin + 0.002 * (self._plot.bounds[1] - self._plot.bounds[0])
            spans.append(Span(begin, least if end is None else end, _faint(look.accent, _MARKED_OPACITY)))
        self._plot.set_spans(spans)


def _faint(color: QColor, opacity: int) -> QColor:
    faint = QColor(color)
    faint.setAlpha(opacity)
    return faint
