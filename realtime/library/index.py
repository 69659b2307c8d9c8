"""The library: which recordings and analyses there are, how their faces are called, and the notes on them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn, Self

import platformdirs

from engines.errors import LibraryError, OutputError
from realtime.library.database import Database, Notice
from realtime.library.records import Entry, Note, Order
from realtime.library.rows import INSERT, SELECT, UPDATE, date_of, readable_entry_of, text_of, values_of

_ORDERS = {
    Order.DATE: "date DESC, id DESC",
    Order.TITLE: "fold(title), id",
    Order.DURATION: "duration DESC, id",
}
# A word is looked for wherever a person would expect to find it again.
_HAS_WORD = """(
    instr(fold(title), :word) OR instr(fold(source), :word)
    OR EXISTS (SELECT 1 FROM names WHERE names.entry = entries.id AND instr(fold(name), :word))
    OR EXISTS (SELECT 1 FROM notes WHERE notes.entry = entries.id AND instr(fold(text), :word))
)"""


def default_path() -> Path:
    """Where the index is kept unless told otherwise: among the user's data, by the customs of the system."""
    return Path(platformdirs.user_data_dir("mien", appauthor=False)) / "library.sqlite"


def _say_nothing(_line: str) -> None:
    pass


class Library:
    """An index of recordings and analyses, kept in one SQLite file; the files that it speaks of stay where they are.

    To be used from any thread, and by several processes at once. Every call does one small query or change, which is on
    the disk when it returns, and raises ``LibraryError`` if it cannot be done or there is no such entry or note.
    """

    def __init__(self, path: Path | None = None, *, notice: Notice = _say_nothing) -> None:
        """Open the index at ``path``, :func:`default_path` unless given; it is made if it is missing.

        ``notice`` is told in one line if a damaged file had to be set aside.
        """
        self.path = path or default_path()
        self.database = Database(self.path, notice=notice)

    # Entries

    def add(self, entry: Entry, thumbnail: bytes | None = None) -> Entry:
        """Take in ``entry``, with a JPEG that shows it; returns it with its id.

        One that has the summary of an entry that is known takes its place, and keeps its id, title, names and notes.
        """
        with self.database.change() as change:
            summary = (text_of(entry.summary),)
            known = change.execute("SELECT id, title FROM entries WHERE summary = ?", summary).fetchone()
            if known is None:
                entry = replace(entry, id=change.execute(INSERT, values_of(entry)).lastrowid or 0)
            else:
                entry = replace(entry, id=known[0], title=known[1])
                change.execute(UPDATE, values_of(entry))
            if thumbnail is not None:
                change.execute("INSERT OR REPLACE INTO thumbnails VALUES (?, ?)", (entry.id, thumbnail))
        return entry

    def entries(self, query: str = "", order: Order = Order.DATE) -> tuple[Entry, ...]:
        """Those in whose title, source, face names or notes every word of ``query`` occurs, in any case.

        One that is damaged is left out.
        """
        words = query.casefold().split()
        values = {f"word{number}": word for number, word in enumerate(words)}
        wanted = " AND ".join(_HAS_WORD.replace(":word", f":{name}") for name in values) or "TRUE"
        rows = self.database.read(f"{SELECT} WHERE {wanted} ORDER BY {_ORDERS[order]}", values)
        return tuple(entry for row in rows if (entry := readable_entry_of(row)) is not None)

    def get(self, entry: int) -> Entry:
        """The entry with this id."""
        rows = self.database.read(f"{SELECT} WHERE id = ?", (entry,))
        found = readable_entry_of(rows[0]) if rows else _no_entry()
        if found is None:
            raise LibraryError("This entry is damaged: import its results again, and it is whole.")
        return found

    def thumbnail(self, entry: int) -> bytes | None:
        """A JPEG that shows the entry, None if it has none."""
        rows = self.database.read("SELECT jpeg FROM thumbnails WHERE entry = ?", (entry,))
        return bytes(rows[0][0]) if rows else None

    def rename(self, entry: int, title: str) -> None:
        """Give an entry another title; its files keep their names."""
        if not title.strip():
            raise LibraryError("An entry needs a title: give it at least one letter.")
        self._update("UPDATE entries SET title = ? WHERE id = ?", (title.strip(), entry), _no_entry)

    def remove(self, entry: int) -> None:
        """Forget an entry, with its names and notes. Its files stay: see :meth:`delete_files`."""
        self._update("DELETE FROM entries WHERE id = ?", (entry,), _no_entry)

    def delete_files(self, entry: int) -> tuple[Path, ...]:
        """Delete what Mien has written for an entry (``Entry.outputs``), and return which files those were.

        What was read is never deleted, and the entry stays. Raises ``OutputError`` at the first file that cannot be.
        """
        gone = []
        for path in self.get(entry).outputs():
            if path.is_dir():
                continue  # annotated pictures: others may lie among them
            try:
                path.unlink()
            except FileNotFoundError:
                continue
            except OSError as error:
                raise OutputError(f"Cannot delete {path}: {error.strerror}; check its permissions.") from error
            gone.append(path)
        return tuple(gone)

    def missing(self, entry: Entry) -> tuple[Path, ...]:
        """Which files of an entry are not where they were. Asks the disk, which may be slow or asleep."""
        return tuple(path for path in entry.paths() if not _exists(path))

    def relocate(self, entry: int, folder: Path) -> Entry:
        """Look in ``folder`` for the missing files of an entry, by their names, and remember those that are there."""
        before = self.get(entry)
        found = {path: folder.absolute() / path.name for path in self.missing(before)}
        found = {old: new for old, new in found.items() if _exists(new)}
        paths = (before.video, before.table, before.summary)
        video, table, summary = (path and found.get(path, path) for path in paths)
        after = replace(before, video=video, table=table, summary=summary)
        if before.source_file in found:
            after = replace(after, source=str(found[before.source_file]))
        self._update(
            'UPDATE entries SET source = ?, video = ?, "table" = ?, summary = ? WHERE id = ?',
            (after.source, *(text_of(path) for path in (after.video, after.table, after.summary)), entry),
            _no_entry,
        )
        return after

    def import_results(self, path: Path) -> tuple[Entry, ...]:
        """Take in what ``mien video`` has written: all that lies in the folder ``path``, or one summary or table.

        Reads the pictures for the thumbnails, which takes a moment each. Returns the entries, those that were known
        already among them. Raises ``LibraryError`` if there is nothing to take in.
        """
        return tuple(self.importing(path))

    def importing(self, path: Path) -> Iterator[Entry]:
        """:meth:`import_results`, one after the other as the caller asks for them."""
        from realtime.library.results import find_results  # noqa: PLC0415 - loads OpenCV, which is slow

        for entry, thumbnail in find_results(path):
            yield self.add(entry, thumbnail)

    # Names of faces

    def names(self, entry: int) -> dict[int, str]:
        """How the faces of an entry are called, by their ids; those without a name are not in it."""
        return dict(self.database.read("SELECT face, name FROM names WHERE entry = ? ORDER BY face", (entry,)))

    def name_face(self, entry: int, face_id: int, name: str) -> None:
        """Call a face ``name``; nothing takes its name away."""
        with self.database.change() as change:
            if not change.execute("SELECT 1 FROM entries WHERE id = ?", (entry,)).fetchone():
                _no_entry()
            change.execute("DELETE FROM names WHERE entry = ? AND face = ?", (entry, face_id))
            if name.strip():
                change.execute("INSERT INTO names VALUES (?, ?, ?)", (entry, face_id, name.strip()))

    # Notes

    def notes(self, entry: int) -> tuple[Note, ...]:
        """The notes on an entry, by the time at which they begin."""
        rows = self.database.read(
            "SELECT id, entry, begin_s, end_s, text, created FROM notes WHERE entry = ? ORDER BY begin_s, id", (entry,)
        )
        return tuple(
            Note(number, of, begin, end, text, date_of(created)) for number, of, begin, end, text, created in rows
        )

    def add_note(self, entry: int, begin: float, text: str, end: float | None = None) -> Note:
        """Note ``text`` on the moment ``begin``, or on the span to ``end``, in seconds on the table's clock."""
        begin, end = _span(begin, end)
        now = datetime.now(UTC)
        with self.database.change() as change:
            if not change.execute("SELECT 1 FROM entries WHERE id = ?", (entry,)).fetchone():
                _no_entry()
            number = change.execute(
                "INSERT INTO notes (entry, begin_s, end_s, text, created) VALUES (?, ?, ?, ?, ?)",
                (entry, begin, end, text.strip(), now.timestamp()),
            ).lastrowid
        return Note(number or 0, entry, begin, end, text.strip(), now)

    def edit_note(self, note: Note) -> None:
        """Put the text and the times of ``note`` in the place of those that the note with its id has."""
        values = (*_span(note.begin, note.end), note.text.strip(), note.id)
        self._update("UPDATE notes SET begin_s = ?, end_s = ?, text = ? WHERE id = ?", values, _no_note)

    def remove_note(self, note: int) -> None:
        """Take back the note with this id."""
        self._update("DELETE FROM notes WHERE id = ?", (note,), _no_note)

    def export_notes(self, entry: int, path: Path) -> None:
        """Write the notes on an entry as CSV; see :func:`realtime.library.export.write_notes`."""
        from realtime.library.export import write_notes  # noqa: PLC0415 - loads what reads tables, which is slow

        write_notes(self.notes(entry), path)

    def export_table(self, entry: int, path: Path) -> tuple[Note, ...]:
        """Write the table of an entry with the names and the notes; returns the notes that no row is near enough to.

        See :func:`realtime.library.export.write_table`. Raises ``LibraryError`` if the entry has no table.
        """
        from realtime.library.export import write_table  # noqa: PLC0415 - as above

        found = self.get(entry)
        if found.table is None:
            raise LibraryError(f"{found.title} has no table: analyse the video to get one.")
        return write_table(found.table, self.notes(entry), self.names(entry), path)

    # All of it

    def version(self) -> int:
        """A number that is another one after any change, by this window or another; cheap to ask for."""
        return self.database.version()

    def close(self) -> None:
        """Twice is once."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _update(self, statement: str, values: Sequence[Any], refuse: Callable[[], NoReturn]) -> None:
        with self.database.change() as change:
            if not change.execute(statement, values).rowcount:
                refuse()


def _span(begin: float, end: float | None) -> tuple[float, float | None]:
    """In the order of time, whichever end a person marked first."""
    return (begin, end) if end is None else (min(begin, end), max(begin, end))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a folder on the way is closed to this user
        return False


def _no_entry() -> NoReturn:
    raise LibraryError("This entry is no longer in the library: another window has removed it.")


def _no_note() -> NoReturn:
    raise LibraryError("This note is no longer there: another window has removed it.")
