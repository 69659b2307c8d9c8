"""Notes and names leave Mien together with the readings."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from engines.errors import LibraryError, OutputError
from realtime.library import Note
from realtime.library.export import write_notes, write_table
from realtime.sinks import Extras, TableFormat, open_table
from tests.realtime.library import made
from tests.realtime.sinks.made import CLASSES, run

WHEN = datetime(2026, 5, 1, 12, tzinfo=UTC)


def note(begin: float, end: float | None, text: str) -> Note:
    return Note(1, 1, begin, end, text, WHEN)


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def table(folder: Path, format: TableFormat = "parquet") -> Path:  # noqa: A002 - as the sinks have it
    """Face 1 at 1.0, 1.1, ... 2.9 s."""
    return made.results(folder, table=format).with_suffix(f".{format}")


def test_notes_are_written_as_they_were_made(tmp_path: Path) -> None:
    write_notes([note(1.25, None, 'a "broad"\nsmile, öh'), note(2, 3.5, "then")], tmp_path / "notes.csv")
    assert lines(tmp_path / "notes.csv") == [
        ["begin_s", "end_s", "text", "created"],
        ["1.25", "", 'a "broad"\nsmile, öh', "2026-05-01T12:00:00+00:00"],
        ["2", "3.5", "then", "2026-05-01T12:00:00+00:00"],
    ]


@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl"])
def test_a_table_of_any_format_gets_names_and_notes_beside_its_readings(tmp_path: Path, format: TableFormat) -> None:  # noqa: A002
    notes = [note(1.0, 1.2, "span"), note(1.14, None, "moment"), note(0.2, 0.4, "nobody there")]
    left = write_table(table(tmp_path / "out", format), notes, {1: "Ada", 2: "Bob"}, tmp_path / "noted.csv")

    head, *rows = lines(tmp_path / "noted.csv")
    assert head[:3] == ["frame", "time_s", "face_id"]
    assert head[-2:] == ["face_name", "note"]
    assert len(rows) == 20
    assert [row[-1] for row in rows[:4]] == ["span", "span; moment", "span", ""]
    assert {row[-2] for row in rows} == {"Ada"}
    assert [each.text for each in left] == ["nobody there"]


@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl"])
@pytest.mark.parametrize("frames", [1, 4])
def test_embeddings_go_along(tmp_path: Path, format: TableFormat, frames: int) -> None:  # noqa: A002
    path = tmp_path / f"table.{format}"
    with open_table(path, CLASSES, format, Extras(embeddings=3)) as sink:
        for frame, reading in run(frames):
            sink.write(frame, reading)
    write_table(path, [], {}, tmp_path / "noted.csv")
    write_table(path, [], {}, tmp_path / "noted.parquet")
    head, *rows = lines(tmp_path / "noted.csv")
    assert len(rows) == max(1, frames - 1)
    assert [round(float(rows[-1][head.index(f"e_{i}")]), 6) for i in range(3)] == [0.6, 0, -0.8]
    assert pq.read_table(tmp_path / "noted.parquet").num_rows == len(rows)


def test_a_noted_table_keeps_its_kinds_and_can_be_noted_again(tmp_path: Path) -> None:
    before = table(tmp_path / "out")
    write_table(before, [note(1, 1, "first")], {}, tmp_path / "once.parquet")
    write_table(tmp_path / "once.parquet", [note(1, 1, "second")], {1: "Ada"}, tmp_path / "twice.parquet")
    rows, plain = pq.read_table(tmp_path / "twice.parquet"), pq.read_table(before)
    assert rows.drop_columns(["face_name", "note"]).equals(plain)
    assert rows.column("note").to_pylist() == ["second"] + [""] * 19


def test_a_moment_without_a_face_goes_to_the_frame_next_to_it_but_not_far(tmp_path: Path) -> None:
    notes = [note(0.7, None, "near"), note(0.4, None, "far")]
    left = write_table(table(tmp_path / "out"), notes, {}, tmp_path / "noted.csv")
    assert lines(tmp_path / "noted.csv")[1][-1] == "near"
    assert [each.text for each in left] == ["far"]


def test_what_cannot_be_read_or_written_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    good = table(tmp_path / "out")
    bad = tmp_path / "bad.parquet"
    bad.write_bytes(b"no table")
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    for path in (bad, other, tmp_path / "none.csv", tmp_path / "none.txt"):
        with pytest.raises(LibraryError, match="table"):
            write_table(path, [], {}, tmp_path / "noted.csv")
    for path in (good, tmp_path / "noted.txt", tmp_path / "nowhere" / "noted.csv"):
        with pytest.raises(OutputError, match="Cannot write"):
            write_table(good, [], {}, path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.parquet", "other.csv", "out"]
