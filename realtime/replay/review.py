"""What a person does with a recording: choose a face, call it by a name, go from moment to moment, write notes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from realtime.library import Entry, Library, Note
from realtime.replay.moments import Moment
from realtime.replay.recorded import Recorded

_WORTH = 0.4
"""A class that is never likelier than this in the mean over half a second has no moment."""
_REST = "neutral"
"""What a face shows most of the time: it has moments only where nothing else is asked for."""
_HERE_S = 0.1
"""From a time so close to a moment, the next one is another."""
_JUST_S = 0.5
"""And the one before it too, so that a person can go back while it plays."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A video that shows what was read; ``annotated`` says that boxes are drawn into its pictures."""

    path: Path
    annotated: bool


def copies(entry: Entry) -> tuple[Copy, ...]:
    """The videos that can be shown for ``entry``, the best first, whether they are there or not.

    What was read comes before an annotated copy, whose boxes cannot be taken away.
    """
    written = () if entry.video is None else (Copy(entry.video, entry.annotated),)
    if entry.source_file is None or entry.source_file == entry.video:
        return written
    return (Copy(entry.source_file, False), *written)


class Review:
    """An entry of the library with its readings; names and notes are kept in the library at once.

    ``chosen`` is the id of the face that is looked at, None where there is none. Used by one thread at a time. What
    changes the library raises ``LibraryError`` where it cannot be done.
    """

    def __init__(self, recorded: Recorded, entry: Entry, library: Library) -> None:
        self.recorded = recorded
        self.entry = entry
        self._library = library
        self._found: dict[tuple[int, str], tuple[Moment, ...]] = {}
        self._removed: list[Note] = []
        self.names = library.names(entry.id)
        self.notes = library.notes(entry.id)
        self.chosen = recorded.faces[0].face_id if recorded.faces else None

    def locate(self, path: Path) -> tuple[Copy, ...]:
        """The :func:`copies` that there are, now that ``path`` was found to be one of them.

        The library remembers where the files of the entry are, if they have kept their names.
        """
        self.entry = self._library.relocate(self.entry.id, path.parent)
        known = copies(self.entry)
        return known if any(copy.path == path.absolute() for copy in known) else (Copy(path, False), *known)

    # Faces

    def choose(self, face_id: int) -> bool:
        """Look at this face from now on; False if it is not in the table."""
        known = any(face.face_id == face_id for face in self.recorded.faces)
        if known:
            self.chosen = face_id
        return known

    def name_face(self, face_id: int, name: str) -> None:
        """Call a face ``name``; nothing takes its name away."""
        self._library.name_face(self.entry.id, face_id, name)
        self.names = self._library.names(self.entry.id)

    # Moments

    def moments(self, classes: Collection[str], count: int = 5) -> tuple[Moment, ...]:
        """The strongest moments of the chosen face, at most ``count`` of each of ``classes``, in the order of time."""
        if self.chosen is None:
            return ()
        wanted = [name for name in self.recorded.classes if name in classes]
        wanted = [name for name in wanted if name != _REST] or wanted
        found = [moment for name in wanted for moment in self._moments_of(self.chosen, name)[:count]]
        return tuple(sorted(found, key=lambda moment: (moment.time, -moment.probability)))

    def _moments_of(self, face_id: int, name: str, count: int = 20) -> tuple[Moment, ...]:
        if (face_id, name) not in self._found:
            strongest = self.recorded.strongest(name, face_id, count)
            self._found[face_id, name] = tuple(each for each in strongest if each.probability >= _WORTH)
        return self._found[face_id, name]

    # Notes

    def add_note(self, begin: float, end: float | None, text: str) -> Note | None:
        """Note ``text`` on a moment or a span, in seconds of the table; nothing where ``text`` says nothing."""
        if not text.strip():
            return None
        note = self._library.add_note(self.entry.id, begin, text, end)
        self._read_notes()
        return note

    def edit_note(self, note: Note, text: str) -> None:
        """Put ``text`` in the place of what ``note`` says; it stays as it was where that is nothing."""
        if text.strip() and text.strip() != note.text:
            self._library.edit_note(replace(note, text=text))
            self._read_notes()

    def remove_note(self, note: Note) -> None:
        """Take ``note`` back; :meth:`restore_note` brings it again."""
        self._library.remove_note(note.id)
        self._removed.append(note)
        self._read_notes()

    def restore_note(self) -> Note | None:
        """Write the note again that was removed last; None if none was."""
        if not self._removed:
            return None
        last = self._removed[-1]
        note = self._library.add_note(self.entry.id, last.begin, last.text, last.end)
        self._removed.pop()
        self._read_notes()
        return note

    @property
    def can_restore(self) -> bool:
        """Whether a note was removed that can be brought again."""
        return bool(self._removed)

    def _read_notes(self) -> None:
        self.notes = self._library.notes(self.entry.id)

    # Files

    def export_notes(self, path: Path) -> None:
        """Write the notes as CSV. Raises ``OutputError``."""
        self._library.export_notes(self.entry.id, path)

    def export_table(self, path: Path) -> tuple[Note, ...]:
        """Write the table with the names and the notes, and return the notes that no row is near enough to.

        Raises ``OutputError`` and ``DataError``.
        """
        return self._library.export_table(self.entry.id, path)


def after(moments: Sequence[Moment], time: float) -> Moment | None:
    """The next of ``moments`` (in the order of time) from ``time`` on; None after the last."""
    return next((moment for moment in moments if moment.time > time + _HERE_S), None)


def before(moments: Sequence[Moment], time: float) -> Moment | None:
    """The last of ``moments`` (in the order of time) before ``time``; None before the first."""
    return next((moment for moment in reversed(moments) if moment.time < time - _JUST_S), None)
