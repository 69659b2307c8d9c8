"""The file outlives crashes, damage, other windows and other versions."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engines.errors import LibraryError
from realtime.library import Library
from realtime.library.database import Database
from tests.realtime.library import made

ROOT = Path(__file__).parents[3]

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from realtime.library import Entry, Library
_, path, title, count = sys.argv
library = Library(Path(path))
entry = library.add(Entry(title, "camera 0", datetime.now(UTC), 60.0))
for number in range(int(count)):
    library.add_note(entry.id, number, "note")
    print(number, flush=True)
"""
THEN_HANG = """
with library.database.change() as change:
    change.execute("DELETE FROM notes")
    print("deleting", flush=True)
    sys.stdin.read()
"""


def start(path: Path, title: str, notes: int, then: str = "") -> "subprocess.Popen[str]":
    """A process that adds an entry with notes, and says each number when it is in."""
    command = [sys.executable, "-c", WRITER + then, str(path), title, str(notes)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_killed_in_the_middle_of_a_change_it_loses_that_change_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with start(path, "Talk", 5, THEN_HANG) as child:
        assert child.stdout is not None
        while child.stdout.readline() != "deleting\n":
            assert child.poll() is None
        child.kill()
    with Library(path, notice=pytest.fail) as library:
        (entry,) = library.entries()
        assert [note.begin for note in library.notes(entry.id)] == [0, 1, 2, 3, 4]


def test_killed_at_any_moment_it_keeps_what_was_confirmed(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with start(path, "Talk", 100_000) as child:
        assert child.stdout is not None
        confirmed = [child.stdout.readline() for _ in range(20)]
        child.kill()
        confirmed += child.stdout.readlines()
    whole = [line for line in confirmed if line.endswith("\n")]
    with Library(path, notice=pytest.fail) as library:
        (entry,) = library.entries()
        assert len(library.notes(entry.id)) in (len(whole), len(whole) + 1)


def test_two_windows_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    children = [start(path, title, 30) for title in ("one", "two")]
    for child in children:
        child.communicate("")
    assert [child.returncode for child in children] == [0, 0]
    with Library(path, notice=pytest.fail) as library:
        assert {entry.title: len(library.notes(entry.id)) for entry in library.entries()} == {"one": 30, "two": 30}


def test_many_threads_share_one_library(library: Library) -> None:
    entry = library.add(made.entry())
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda at: library.add_note(entry.id, at, "note"), range(40)))
    assert [note.begin for note in library.notes(entry.id)] == list(range(40))


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be looked at" * 40, None])
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "library.sqlite"
    with Library(path) as library:
        for number in range(50):
            library.add(made.entry(f"Talk {number}"), bytes(5000))
    whole = path.read_bytes()
    damaged = content or whole[:4096] + b"\xff" * 20_000 + whole[24_096:]
    path.write_bytes(damaged)

    told: list[str] = []
    with Library(path, notice=told.append) as library:
        assert library.entries() == ()
        library.add(made.entry())
    (aside,) = tmp_path.glob("library.damaged-*.sqlite")
    assert aside.read_bytes() == damaged
    assert len(told) == 1
    assert aside.name in told[0]
    assert "\n" not in told[0]
    with Library(path, notice=pytest.fail) as library:
        assert len(library.entries()) == 1


def test_two_windows_that_find_it_damaged_set_it_aside_once(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(b"no database at all, but long enough to be looked at" * 40)
    children = [start(path, title, 5) for title in ("one", "two", "three")]
    for child in children:
        child.communicate("")
    assert [child.returncode for child in children] == [0, 0, 0]
    assert len(list(tmp_path.glob("library.damaged-*"))) == 1
    with Library(path, notice=pytest.fail) as library:
        assert {entry.title: len(library.notes(entry.id)) for entry in library.entries()} == dict.fromkeys(
            ("one", "two", "three"), 5
        )


def test_an_older_file_is_brought_forward_and_a_newer_one_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    first = ("CREATE TABLE things (name TEXT)", "INSERT INTO things VALUES ('kept')")
    second = ("ALTER TABLE things ADD COLUMN size INTEGER NOT NULL DEFAULT 3",)
    Database(path, notice=pytest.fail, migrations=(first,)).close()
    newer = Database(path, notice=pytest.fail, migrations=(first, second))
    assert newer.read("SELECT name, size FROM things") == [("kept", 3)]
    newer.close()
    with pytest.raises(LibraryError, match="newer Mien"):
        Database(path, notice=pytest.fail, migrations=(first,))


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    first = ("CREATE TABLE things (name TEXT)",)
    Database(path, notice=pytest.fail, migrations=(first,)).close()
    with pytest.raises(LibraryError):
        Database(path, notice=pytest.fail, migrations=(first, ("DROP TABLE things", "nonsense")))
    again = Database(path, notice=pytest.fail, migrations=(first,))
    assert again.read("SELECT * FROM things") == []
    again.close()


def test_a_change_that_raises_is_taken_back(library: Library) -> None:
    def change(*statements: str) -> None:
        with library.database.change() as change:
            for statement in statements:
                change.execute(statement)

    with pytest.raises(LibraryError):
        change("INSERT INTO thumbnails VALUES (1, x'00')")  # of no entry
    with pytest.raises(LibraryError):
        change("INSERT INTO jobs (position, request, owner) VALUES (1, '', '')", "nonsense")
    assert library.database.read("SELECT * FROM jobs") == []
    library.add(made.entry())


def test_where_no_file_can_be_it_says_so_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LibraryError, match=r"^Cannot use the library .*\.$"):
        Library(tmp_path / "file" / "library.sqlite")
    closed = Library(tmp_path / "library.sqlite")
    closed.close()
    closed.close()
    with pytest.raises(LibraryError):
        closed.entries()


def test_the_file_is_one_that_sqlite_itself_finds_sound(library: Library) -> None:
    library.add(made.entry(), b"jpeg")
    connection = sqlite3.connect(library.path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
