"""Notes as files for others to read: by themselves, or beside the readings that they speak of."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet as pq
from numpy.typing import NDArray

from engines.errors import LibraryError, OutputError
from engines.files import written_whole
from realtime.library.records import Note

_NEAR_S = 0.5
"""A note on a moment without a face goes to the nearest frame with one, but not to one further away than this."""
_SLACK_S = 1e-6
"""Tables round their times to the microsecond."""
_ADDED = ("face_name", "note")


def write_notes(notes: Sequence[Note], path: Path) -> None:
    """Write ``notes`` as CSV in UTF-8: begin_s, end_s (empty for a moment), text, created (ISO 8601).

    Raises ``OutputError`` if ``path`` cannot be written.
    """
    with written_whole(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("begin_s", "end_s", "text", "created"))
        for note in notes:
            end = "" if note.end is None else round(note.end, 6)
            writer.writerow((round(note.begin, 6), end, note.text, note.created.isoformat(timespec="seconds")))


def write_table(table: Path, notes: Sequence[Note], names: Mapping[int, str], path: Path) -> tuple[Note, ...]:
    """Write a copy of ``table`` with two columns more: ``face_name`` and ``note``, text, empty where there is none.

    The ending of ``path`` says in which format: .parquet or .csv. A note stands in every row of its span, one on a
    moment in those of the nearest frame; several are parted by "; ". Returns the notes that no row is near enough to.
    Raises ``LibraryError`` if the table cannot be read, and ``OutputError`` if ``path`` cannot be written.
    """
    if path.suffix.lower() not in (".parquet", ".csv"):
        raise OutputError(f"Cannot write {path}: name it with .parquet or .csv at the end.")
    if path.exists() and path.samefile(table):
        raise OutputError(f"Cannot write {path}: it is the table itself; choose another name.")
    rows = _read(table)
    texts, left = _beside(notes, _times(rows))
    called = [names.get(int(face), "") for face in rows.column("face_id").to_pylist()]
    rows = rows.drop_columns([name for name in _ADDED if name in rows.column_names])
    for name, values in zip(_ADDED, (called, texts), strict=True):
        rows = rows.append_column(name, pa.array(values, pa.string()))
    with written_whole(path) as partial:
        if path.suffix.lower() == ".parquet":
            pq.write_table(rows, partial, compression="zstd")
        else:
            pyarrow.csv.write_csv(_flat(rows), partial)
    return left


def times_with_faces(table: Path) -> NDArray[np.float64]:
    """float64 ``[N]``: the time of each row, in seconds. Raises ``LibraryError`` if the table cannot be read."""
    return _times(_read(table))


def _beside(notes: Sequence[Note], times: NDArray[np.float64]) -> tuple[list[str], tuple[Note, ...]]:
    """What stands in the rows with these times, and the notes that stand in none."""
    texts: list[list[str]] = [[] for _ in times]
    left = []
    for note in notes:
        rows = _rows_of(note, times)
        for row in rows:
            texts[row].append(note.text)
        if not len(rows):
            left.append(note)
    return ["; ".join(of_row) for of_row in texts], tuple(left)


def _rows_of(note: Note, times: NDArray[np.float64]) -> NDArray[np.intp]:
    if not len(times):
        return np.zeros(0, np.intp)
    if note.end is None:
        away = np.abs(times - note.begin)
        return np.flatnonzero((away <= away.min() + _SLACK_S) & (away <= _NEAR_S))
    return np.flatnonzero((times >= note.begin - _SLACK_S) & (times <= note.end + _SLACK_S))


def _times(rows: pa.Table) -> NDArray[np.float64]:
    return np.asarray(rows.column("time_s").to_numpy(), np.float64)


def _flat(rows: pa.Table) -> pa.Table:
    """``rows`` with a column for each number of an embedding, as CSV has them."""
    if "embedding" not in rows.column_names:
        return rows
    numbers = pc.list_flatten(rows.column("embedding")).to_numpy().reshape(max(1, len(rows)), -1)
    flat = rows.drop_columns(["embedding"])
    for i in range(numbers.shape[1]):
        flat = flat.append_column(f"e_{i}", pa.array(numbers[:, i]))
    return flat


def _read(path: Path) -> pa.Table:
    readers = {".parquet": pq.read_table, ".csv": _read_csv, ".jsonl": pyarrow.json.read_json}
    try:
        rows = readers[path.suffix.lower()](path)
        if {"time_s", "face_id"} <= set(rows.column_names):
            return rows
    except (OSError, KeyError, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or "it is damaged or of another kind"
        raise LibraryError(f"Cannot read the table {path} ({reason}): read the video anew.") from error
    raise LibraryError(f"{path} is no table of readings: it has no times or no faces.")


def _read_csv(path: Path) -> pa.Table:
    return pyarrow.csv.read_csv(path, parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True))
