"""The notes on a recording: a list, and a line to write the next one in."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QToolButton

from gui.clock import clock
from gui.language import tr
from gui.replay.lists import Rows, RowsView, Section
from realtime.library import Note


def when(begin: float, end: float | None) -> str:
    """A moment or a span, in words."""
    return clock(begin, 0.1) if end is None else f"{clock(begin, 0.1)}\N{EN DASH}{clock(end, 0.1)}"


class _Notes(Rows):
    columns = 2
    editable = 1

    def __init__(self) -> None:
        super().__init__()
        self.notes: Sequence[Note] = ()
        self.start = 0.0

    def cell(self, row: int, column: int, role: Qt.ItemDataRole) -> Any:
        note = self.notes[row]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr("{note}\n(F2 to change, Delete to remove)", note=note.text)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return None
        end = None if note.end is None else note.end - self.start
        return (when(note.begin - self.start, end), note.text)[column]


class _NotesView(RowsView):
    deleted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.deleted.emit()
        else:
            super().keyPressEvent(event)


class NoteLine(QLineEdit):
    """Where a note is written; Return keeps it, Escape leaves it."""

    written = Signal(str)
    left = Signal()
    """Escape was pressed."""
    dropped = Signal()
    """Somebody went elsewhere before there was a word."""
    begun = Signal()
    """There is a first letter."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("New note"))
        self.setToolTip(tr("Write a note on this moment, or on the marked span (Ctrl+N)"))
        self.setClearButtonEnabled(True)
        self.returnPressed.connect(self._keep)
        self.textEdited.connect(lambda text: self.begun.emit() if len(text) == 1 else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusOutEvent(event)
        if not self.text():
            self.dropped.emit()

    def _keep(self) -> None:
        text = self.text().strip()
        self.clear()
        if text:
            self.written.emit(text)
        else:
            self.left.emit()


class NoteList(Section):
    """The notes by time. A click goes there; F2 or a double click changes the words, Delete takes a note away."""

    picked = Signal(object)
    """The :class:`~realtime.library.Note` to go to."""
    edited = Signal(object, str)
    """A note, and what it is to say now."""
    removed = Signal(object)
    """A note that is to go."""
    restored = Signal()
    """The note that went last is to come back."""
    span_begun = Signal()
    span_ended = Signal()

    def __init__(self) -> None:
        self._rows = _Notes()
        self.view = _NotesView(self._rows, tr("Notes"), wide=1, empty=tr("None yet."))
        self.undo_button = QPushButton(tr("Undo"))
        self.undo_button.setToolTip(tr("Bring the note back that was removed last (Ctrl+Z)"))
        self.undo_button.hide()
        self.begin_button = _tool("[", tr("A span begins here ([); or drag over the plot with Shift"))
        self.end_button = _tool("]", tr("The span ends here (]); or drag over the plot with Shift"))
        super().__init__(tr("Notes"), self.view, (self.undo_button, self.begin_button, self.end_button))
        self.line = NoteLine()
        self.column.addWidget(self.line)
        self.view.picked.connect(lambda row: self.picked.emit(self._rows.notes[row]))
        self.view.deleted.connect(self._remove)
        self._rows.edited.connect(self._edit, Qt.ConnectionType.QueuedConnection)
        self.undo_button.clicked.connect(self.restored)
        self.begin_button.clicked.connect(self.span_begun)
        self.end_button.clicked.connect(self.span_ended)

    def show_notes(self, notes: Sequence[Note], start: float, *, can_restore: bool) -> None:
        """List ``notes``, with their times counted from ``start``."""
        self._rows.notes, self._rows.start = notes, start
        self._rows.begin(len(notes))
        self.undo_button.setVisible(can_restore)

    def show_place(self, place: str) -> None:
        """Say what the next note is on, as :func:`when` words it; nothing for wherever the play-head will be."""
        words = tr("Note on {when} (Ctrl+N)", when=place) if place else tr("Note on this moment (Ctrl+N)")
        self.line.setPlaceholderText(words)

    def mark(self, note: Note) -> None:
        """Mark this one."""
        self.view.mark(self._rows.notes.index(note) if note in self._rows.notes else -1)

    def _edit(self, row: int, text: str) -> None:
        if row < len(self._rows.notes):
            self.edited.emit(self._rows.notes[row], text)

    def _remove(self) -> None:
        if self.view.row >= 0:
            self.removed.emit(self._rows.notes[self.view.row])


def _tool(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
