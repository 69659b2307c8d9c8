"""Tables with one row per face and frame; a frame without a face has no row."""

import csv
import json
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, get_args

import pyarrow as pa
import pyarrow.parquet as pq

from engines.errors import OutputError
from realtime.records import Frame, Reading
from realtime.sinks.base import FileSink

TableFormat = Literal["parquet", "csv", "jsonl"]
"""The formats, by the ending of their files."""

Row = tuple[int | float | str, ...]

_ROW_GROUP = 8192
"""Rows that a Parquet file holds back in memory before it writes them."""


def columns(classes: Sequence[str]) -> tuple[str, ...]:
    """The names of a table's columns. Boxes are in pixels, ``time_s`` in seconds, ``p_...`` are probabilities."""
    fixed = ("frame", "time_s", "face_id", "x", "y", "w", "h", "score", "label", "confidence", "uncertainty")
    return (*fixed, *(f"p_{name}" for name in classes))


def rows(reading: Reading) -> Iterator[Row]:
    """One row per face, in the order of :func:`columns`; times to the microsecond, the rest to six digits."""
    for face in reading.faces:
        measured = [six_digits(value) for value in (*face.box, face.score)]
        read = [six_digits(value) for value in (face.confidence, face.uncertainty, *face.probabilities)]
        yield (reading.index, round(reading.time, 6), face.face_id, *measured, reading.label(face), *read)


def open_table(path: Path, classes: Sequence[str], format: TableFormat) -> "Table":  # noqa: A002
    """A table at ``path`` for readings of ``classes``. Raises ``OutputError`` if it cannot be written there."""
    kinds: dict[str, type[Table]] = {"parquet": ParquetTable, "csv": CsvTable, "jsonl": JsonLinesTable}
    if format not in kinds:
        raise OutputError(f"There is no table format {format!r}: choose one of {', '.join(get_args(TableFormat))}.")
    return kinds[format](path, classes)


class Table(FileSink):
    """What the three formats have in common. ``classes`` must be those of every reading."""

    def __init__(self, path: Path, classes: Sequence[str]) -> None:
        if len(set(classes)) != len(classes):
            raise ValueError(f"classes: expected different names, got {list(classes)}")
        super().__init__(path)
        self._classes = tuple(classes)
        self._columns = columns(classes)
        with self._all_or_nothing():
            self._start()

    def _put(self, frame: Frame, reading: Reading) -> None:  # noqa: ARG002
        if reading.classes != self._classes:
            raise OutputError(f"{self.path} has other classes than the reading: write to a new table.")
        for row in rows(reading):
            self._add(row)

    def _finish(self, *, complete: bool) -> bool:  # noqa: ARG002
        return True

    @abstractmethod
    def _start(self) -> None:
        """Open the file and write what comes before the first row."""

    @abstractmethod
    def _add(self, row: Row) -> None:
        """Write one row."""


class CsvTable(Table):
    """Comma-separated values in UTF-8 with a header."""

    def _start(self) -> None:
        file = self._resources.enter_context(self._partial.open("w", encoding="utf-8", newline=""))
        self._writer = csv.writer(file)
        self._writer.writerow(self._columns)

    def _add(self, row: Row) -> None:
        self._writer.writerow(row)


class JsonLinesTable(Table):
    """One JSON object per line, in UTF-8."""

    def _start(self) -> None:
        self._file = self._resources.enter_context(self._partial.open("w", encoding="utf-8", newline="\n"))

    def _add(self, row: Row) -> None:
        self._file.write(json.dumps(dict(zip(self._columns, row, strict=True)), ensure_ascii=False) + "\n")


class ParquetTable(Table):
    """Apache Parquet: whole numbers int64, times float64, measurements float32. Memory stays flat."""

    def _start(self) -> None:
        kinds = {"frame": pa.int64(), "time_s": pa.float64(), "face_id": pa.int64(), "label": pa.string()}
        self._schema = pa.schema([(name, kinds.get(name, pa.float32())) for name in self._columns])
        self._waiting: list[Row] = []
        file = self._resources.enter_context(self._partial.open("wb"))
        self._writer = self._resources.enter_context(pq.ParquetWriter(file, self._schema, compression="zstd"))

    def _add(self, row: Row) -> None:
        self._waiting.append(row)
        if len(self._waiting) >= _ROW_GROUP:
            self._flush()

    def _finish(self, *, complete: bool) -> bool:
        self._flush()
        return super()._finish(complete=complete)

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.table(list(zip(*self._waiting, strict=True)), schema=self._schema))
            self._waiting.clear()


def six_digits(value: float) -> float:
    """``value`` as it is written: no reading is known more exactly."""
    return float(f"{value:.6g}")
