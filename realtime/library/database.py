"""An SQLite file that several threads and processes may use at once, and that outlives being killed.

Written ahead (WAL) and synchronised at every commit: a change is there once the call that made it has returned, and
whatever ends the process before that leaves the file as it was. Reading never waits for writing.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from engines.errors import LibraryError
from realtime.library.schema import MIGRATIONS, Migration

Row = tuple[Any, ...]
Notice = Callable[[str], None]

_BUSY_S = 5.0
"""How long a change waits for that of another process; each takes milliseconds."""
_OPENING_S = 30.0
"""How long opening waits for another process that opens: that one may have a large file to look through."""
_RETRY_S = 0.02
_BEYOND_USE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PRIMARY = 0xFF
"""The bits of an error's number that tell its kind."""
_FILES = ("", "-wal", "-shm")
"""An SQLite file and those that it has beside it while it is open."""


class Database:
    """One connection that reads and one that writes, each used by one thread at a time; from any thread."""

    def __init__(self, path: Path, *, notice: Notice, migrations: Sequence[Migration] = MIGRATIONS) -> None:
        """Open ``path``, make it if it is missing, and bring it forward if it is older.

        A damaged file is set aside under another name, and ``notice`` told. Raises ``LibraryError`` if the file cannot
        be opened, or comes from a newer Mien.
        """
        self.path = path
        with _explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with _one_at_a_time(path):
                self._writer = _open_sound(path, migrations, notice)
            self._reader = _connect(path)
        self._reader.create_function("fold", 1, _fold, deterministic=True)
        self._writing, self._reading = RLock(), RLock()

    def read(self, statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
        """The rows that a query gives. Raises ``LibraryError``."""
        with self._reading, _explained(self.path):
            return self._reader.execute(statement, values).fetchall()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """What is executed in the block takes effect together at its end, or, where it raises, not at all.

        Raises ``LibraryError`` in the place of SQLite's own errors.
        """
        with self._writing, _explained(self.path):
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            finally:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")

    def version(self) -> int:
        """A number that is another one after any change, by whichever process."""
        return int(self.read("PRAGMA data_version")[0][0])

    def close(self) -> None:
        """Twice is once; what is asked for afterwards raises ``LibraryError``."""
        with self._writing, self._reading:
            self._reader.close()
            self._writer.close()


def _open_sound(path: Path, migrations: Sequence[Migration], notice: Notice) -> sqlite3.Connection:
    """The file at ``path`` or, where that is beyond use, a new one in its place."""
    try:
        return _open(path, migrations)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & _PRIMARY not in _BEYOND_USE:
            raise
    aside = _set_aside(path)
    notice(f"The library {path} was damaged: it is kept as {aside.name}, and a new one was begun.")
    return _open(path, migrations)


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """No other process opens ``path`` meanwhile, or two would set a damaged file aside, the second one the new file.

    The lock is SQLite's own, on an empty file, since that is let go however the process ends.
    """
    file = path.with_name(f"{path.name}.lock")
    with closing(sqlite3.connect(file, timeout=_OPENING_S, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


def _open(path: Path, migrations: Sequence[Migration]) -> sqlite3.Connection:
    connection = _connect(path)
    try:
        _write_ahead(connection)
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            error = sqlite3.DatabaseError(found)
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error
        _migrate(connection, path, migrations)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Where the file system does not allow it, SQLite keeps to its older way, which is as safe and slower."""
    deadline = time.monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            # SQLite does not wait by itself here, where another process opens the same new file.
            if error.sqlite_errorcode & _PRIMARY != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(_RETRY_S)


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        seen = connection.execute("PRAGMA user_version").fetchone()[0]
        if seen > len(migrations):
            raise LibraryError(f"The library {path} was written by a newer Mien: update this one, or choose another.")
        for migration in migrations[seen:]:
            for statement in migration:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _set_aside(path: Path) -> Path:
    """Give the file another name, with what SQLite has beside it, and return that name."""
    now = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.stem}.damaged-{now}{path.suffix}")
    for ending in _FILES:
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
    return aside


def _fold(text: str | None) -> str:
    return (text or "").casefold()


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LibraryError(
            f"Cannot use the library {path} ({reason}): check its folder, the free space and the permissions."
        ) from error
