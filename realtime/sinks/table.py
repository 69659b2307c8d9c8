"""Tables with one row per face and frame; a frame without a face has no row."""

import csv
import json
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from engines.errors import OutputError
from realtime.products import printable
from realtime.records import Frame, Reading
from realtime.sinks.base import FileSink
from realtime.sinks.columns import PLAIN, Cell, Column, Extras, columns, six_digits

TableFormat = Literal["parquet", "csv", "jsonl"]
"""The formats, by the ending of their files."""

Row = tuple[Cell, ...]

METADATA = "mien"
"""The key under which a Parquet file holds, as JSON, what its readings were made with and how to read them."""
_ROW_GROUP = 2048
"""Rows that a Parquet file holds back in memory, some kilobytes each as Python has them, before it writes them."""


def rows(frame: Frame, reading: Reading, layout: Sequence[Column]) -> Iterator[Row]:
    """One row per face, in the order of ``layout``; times to the microsecond, the rest to six digits."""
    return (tuple(column.of(frame, reading, face) for column in layout) for face in reading.faces)


def open_table(
    path: Path,
    classes: Sequence[str],
    format: TableFormat,  # noqa: A002
    extras: Extras = PLAIN,
    about: Mapping[str, object] | None = None,
) -> "Table":
    """A table at ``path`` for readings of ``classes``, with the columns of ``extras`` too.

    ``about`` says in a Parquet file's metadata what the readings were made with. Raises ``OutputError`` if the table
    cannot be written there.
    """
    kinds: dict[str, type[Table]] = {"parquet": ParquetTable, "csv": CsvTable, "jsonl": JsonLinesTable}
    if format not in kinds:
        raise OutputError(f"There is no table format {format!r}: choose one of {', '.join(get_args(TableFormat))}.")
    return kinds[format](path, classes, extras, about)


class Table(FileSink):
    """What the three formats have in common. ``classes`` must be those of every reading."""

    def __init__(
        self,
        path: Path,
        classes: Sequence[str],
        extras: Extras = PLAIN,
        about: Mapping[str, object] | None = None,
    ) -> None:
        if len(set(classes)) != len(classes):
            raise ValueError(f"classes: expected different names, got {list(classes)}")
        super().__init__(path)
        self._classes = tuple(classes)
        self._columns = columns(classes, extras)
        self._about = dict(about or {})
        with self._all_or_nothing():
            self._start()

    def _put(self, frame: Frame, reading: Reading) -> None:
        if reading.classes != self._classes:
            raise OutputError(f"{self.path} has other classes than the reading: write to a new table.")
        if frame.name is not None:
            frame = replace(frame, name=printable(frame.name))
        for row in rows(frame, reading, self._columns):
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
    """Comma-separated values in UTF-8 with a header; an embedding has a column for each of its numbers."""

    def _start(self) -> None:
        file = self._resources.enter_context(self._partial.open("w", encoding="utf-8", newline=""))
        self._writer = csv.writer(file)
        self._writer.writerow([name for column in self._columns for name in _flat_names(column)])

    def _add(self, row: Row) -> None:
        self._writer.writerow([value for cell in row for value in _numbers(cell)])


class JsonLinesTable(Table):
    """One JSON object per line, in UTF-8; an embedding is a list."""

    def _start(self) -> None:
        self._file = self._resources.enter_context(self._partial.open("w", encoding="utf-8", newline="\n"))

    def _add(self, row: Row) -> None:
        cells = {
            column.name: list(_numbers(cell)) if isinstance(cell, np.ndarray) else cell
            for column, cell in zip(self._columns, row, strict=True)
        }
        self._file.write(json.dumps(cells, ensure_ascii=False) + "\n")


class ParquetTable(Table):
    """Apache Parquet: whole numbers int64, times float64, measurements float32. Memory stays flat.

    Each field has its unit and description in its metadata, and the schema has :data:`METADATA` where it is known.
    """

    def _start(self) -> None:
        told = printable(json.dumps(self._about, ensure_ascii=False, default=str))
        about = {METADATA: told} if self._about else None
        self._schema = pa.schema([column.field for column in self._columns], metadata=about)
        self._waiting: list[Row] = []
        pa.array([0])  # the first of Python's values that it is given has pyarrow load pandas: at once, and not midway
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
            cells = zip(*self._waiting, strict=True)
            arrays = [_array(values, field.type) for values, field in zip(cells, self._schema, strict=True)]
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
            self._waiting.clear()


def _array(values: Sequence[Cell], kind: Any) -> Any:
    if pa.types.is_fixed_size_list(kind):
        return pa.FixedSizeListArray.from_arrays(np.concatenate(values), type=kind)  # type: ignore[arg-type] # of vectors
    return pa.array(values, kind)


def _flat_names(column: Column) -> list[str]:
    if pa.types.is_fixed_size_list(column.kind):
        return [f"e_{i}" for i in range(column.kind.list_size)]
    return [column.name]


def _numbers(cell: Cell) -> Iterator[int | float | str | None]:
    if isinstance(cell, np.ndarray):
        yield from (six_digits(value) for value in cell.tolist())
    else:
        yield cell
