"""Entries, names and notes: kept, found, changed and forgotten."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engines.errors import LibraryError, OutputError
from realtime.library import Library, Order
from tests.realtime.library import made


def titles(library: Library, query: str = "", order: Order = Order.DATE) -> list[str]:
    return [entry.title for entry in library.entries(query, order)]


def test_an_entry_comes_back_as_it_was_given(library: Library, tmp_path: Path) -> None:
    given = made.entry(video=tmp_path / "a.mp4", table=tmp_path / "a.csv", summary=tmp_path / "a.json", annotated=True)
    added = library.add(given, b"jpeg")

    assert added.id > 0
    assert library.get(added.id) == added == replace(given, id=added.id)
    assert library.thumbnail(added.id) == b"jpeg"
    assert added.shares == {"neutral": 0.25, "happiness": 0.75}


def test_what_is_kept_is_there_in_the_next_run(tmp_path: Path) -> None:
    with Library(tmp_path / "l.sqlite") as first:
        added = first.add(made.entry())
        first.name_face(added.id, 1, "Ada")
    with Library(tmp_path / "l.sqlite") as second:
        assert second.entries() == (added,)
        assert second.names(added.id) == {1: "Ada"}


@pytest.mark.parametrize(
    ("column", "value"),
    [("faces", "{bad"), ("faces", '[{"age": 7}]'), ("classes", "5"), ("date", 1e18), ("state", "x")],
)
def test_an_entry_that_is_damaged_hides_none_of_the_others(
    library: Library, tmp_path: Path, column: str, value: object
) -> None:
    damaged = library.add(made.entry("Damaged", summary=tmp_path / "a.json"))
    whole = library.add(made.entry("Whole", summary=tmp_path / "b.json"))
    with library.database.change() as change:
        change.execute(f"UPDATE entries SET {column} = ? WHERE id = ?", (value, damaged.id))  # noqa: S608 - of this test

    assert library.entries() == (whole,)
    with pytest.raises(LibraryError, match="damaged"):
        library.get(damaged.id)

    library.add(replace(damaged, id=0))
    assert set(titles(library)) == {"Damaged", "Whole"}


def test_the_same_results_again_are_one_entry_that_keeps_what_a_person_added(library: Library, tmp_path: Path) -> None:
    first = library.add(made.entry(summary=tmp_path / "a.json"), b"before")
    library.rename(first.id, "Mine")
    library.add_note(first.id, 1.0, "note")

    again = library.add(made.entry("Other", duration=5.0, summary=tmp_path / "a.json"), b"after")

    assert again.id == first.id
    assert [(entry.title, entry.duration) for entry in library.entries()] == [("Mine", 5.0)]
    assert library.thumbnail(again.id) == b"after"
    assert len(library.notes(again.id)) == 1
    for _ in range(2):
        library.add(made.entry())
    assert len(library.entries()) == 3  # without a summary, each is its own


def test_entries_are_listed_in_the_order_that_is_asked_for(library: Library) -> None:
    for title, day, duration in (("beta", 2, 30.0), ("Alpha", 1, 10.0), ("Öl", 3, 20.0)):
        library.add(made.entry(title, day=day, duration=duration))

    assert titles(library, order=Order.DATE) == ["Öl", "beta", "Alpha"]
    assert titles(library, order=Order.TITLE) == ["Alpha", "beta", "Öl"]
    assert titles(library, order=Order.DURATION) == ["beta", "Öl", "Alpha"]


def test_a_search_finds_every_word_wherever_it_stands(library: Library) -> None:
    talk = library.add(made.entry("Öffentlicher Talk"))
    library.add(made.entry("100 %_done"))
    library.name_face(talk.id, 1, "Ada Lovelace")
    library.add_note(talk.id, 1.0, "A broad smile")

    assert titles(library, "öffentl") == titles(library, "LOVE smile") == titles(library, "talk  ada") == [talk.title]
    assert titles(library, "%_") == ["100 %_done"]
    assert titles(library, "ada frown") == []
    assert len(titles(library, "camera")) == len(titles(library, "  ")) == 2


def test_what_is_removed_takes_its_notes_along_and_leaves_its_files(library: Library, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("rows")
    entry = library.add(made.entry(table=table), b"jpeg")
    library.name_face(entry.id, 1, "Ada")
    library.add_note(entry.id, 1.0, "note")

    library.remove(entry.id)

    assert library.entries() == ()
    assert library.thumbnail(entry.id) is None
    assert (library.names(entry.id), library.notes(entry.id)) == ({}, ())
    assert table.exists()
    assert library.add(made.entry()).id != entry.id


@pytest.mark.parametrize("ask", ["get", "rename", "remove", "name", "note", "relocate", "delete"])
def test_an_entry_that_is_gone_is_said_in_one_line(library: Library, tmp_path: Path, ask: str) -> None:
    calls: dict[str, Callable[[], object]] = {
        "get": lambda: library.get(7),
        "rename": lambda: library.rename(7, "title"),
        "remove": lambda: library.remove(7),
        "name": lambda: library.name_face(7, 1, "Ada"),
        "note": lambda: library.add_note(7, 1.0, "text"),
        "relocate": lambda: library.relocate(7, tmp_path),
        "delete": lambda: library.delete_files(7),
    }
    with pytest.raises(LibraryError, match=r"^This entry is no longer in the library.*\.$"):
        calls[ask]()


def test_a_title_is_never_empty(library: Library) -> None:
    entry = library.add(made.entry("Talk"))
    with pytest.raises(LibraryError, match="title"):
        library.rename(entry.id, "  ")
    library.rename(entry.id, " New ")
    assert titles(library) == ["New"]


def test_deleting_says_which_files_went_and_spares_what_was_read(library: Library, tmp_path: Path) -> None:
    source, table, summary = (tmp_path / name for name in ("talk.mp4", "out.csv", "out.json"))
    for path in (source, table):
        path.write_text("content")
    entry = library.add(replace(made.entry(), source=str(source), video=source, table=table, summary=summary))

    assert entry.outputs() == (table, summary)
    assert library.delete_files(entry.id) == (table,)
    assert source.exists()
    assert not table.exists()
    assert library.get(entry.id) == entry


def test_missing_files_are_told_and_found_again_where_they_were_moved(library: Library, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    source, table = old / "talk.mp4", old / "talk.csv"
    source.write_text("s")
    table.write_text("t")
    entry = library.add(replace(made.entry(), source=str(source), table=table, video=old / "gone.mp4"))
    assert library.missing(entry) == (old / "gone.mp4",)

    for path in (source, table):
        path.rename(new / path.name)
    assert library.missing(entry) == (source, old / "gone.mp4", table)
    moved = library.relocate(entry.id, new)

    assert (moved.source_file, moved.table) == (new / "talk.mp4", new / "talk.csv")
    assert library.missing(moved) == (old / "gone.mp4",)
    assert library.get(entry.id) == moved


def test_a_face_is_called_by_its_last_name_until_that_is_taken_away(library: Library) -> None:
    entry = library.add(made.entry())
    for face, name in ((1, "Ada"), (2, "Bob"), (1, " Grace "), (2, " ")):
        library.name_face(entry.id, face, name)
    assert library.names(entry.id) == {1: "Grace"}


def test_notes_stand_in_the_order_of_time_and_can_be_changed(library: Library) -> None:
    entry = library.add(made.entry())
    late = library.add_note(entry.id, 8.0, "late", end=5.0)
    early = library.add_note(entry.id, 1.5, " early ")
    assert [(n.begin, n.end, n.text) for n in library.notes(entry.id)] == [(1.5, None, "early"), (5.0, 8.0, "late")]
    assert library.notes(entry.id) == (early, late)

    changed = replace(early, begin=9.0, end=10.0, text="now last")
    library.edit_note(changed)
    assert library.notes(entry.id) == (late, changed)

    library.remove_note(late.id)
    assert library.notes(entry.id) == (changed,)
    with pytest.raises(LibraryError, match="note is no longer there"):
        library.remove_note(late.id)
    with pytest.raises(LibraryError, match="note is no longer there"):
        library.edit_note(late)


def test_a_change_by_another_window_is_noticed(library: Library) -> None:
    before = library.version()
    assert library.version() == before
    with Library(library.path) as other:
        other.add(made.entry())
    between = library.version()
    assert between != before
    library.add(made.entry())
    assert library.version() != between


def test_a_table_is_exported_with_names_and_notes(library: Library, tmp_path: Path) -> None:
    (entry,) = library.import_results(made.results(tmp_path / "out"))
    library.name_face(entry.id, 1, "Ada")
    library.add_note(entry.id, 1.2, "smile")
    library.export_table(entry.id, tmp_path / "noted.csv")
    library.export_notes(entry.id, tmp_path / "notes.csv")
    assert "Ada" in (tmp_path / "noted.csv").read_text()
    assert "smile" in (tmp_path / "notes.csv").read_text()

    bare = library.add(made.entry())
    with pytest.raises(LibraryError, match="has no table"):
        library.export_table(bare.id, tmp_path / "never.csv")
    with pytest.raises(OutputError, match="Cannot write"):
        library.export_notes(entry.id, tmp_path / "nowhere" / "notes.csv")
