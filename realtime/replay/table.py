"""Reads a table of readings back: the counterpart of :mod:`realtime.sinks.table`."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet as pq
from numpy.typing import NDArray

from engines.errors import TableError
from realtime.sinks.columns import columns
from realtime.sinks.table import TableFormat

_PROBABILITY = "p_"
_NEEDED = tuple(each.name for each in columns(()) if each.name not in ("label", "confidence"))
"""The rest follows from the probabilities."""
_KINDS = {"frame": pa.int64(), "time_s": pa.float64(), "face_id": pa.int64()}


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """A table in memory, one row per face and frame, in the order of their times.

    ``frames`` and ``face_ids`` are int64 ``[N]``, ``times`` float64 ``[N]`` in seconds, ``boxes`` float32 ``[N, 4]``
    (x, y, width, height in pixels), ``scores`` and ``uncertainty`` float32 ``[N]``, ``probabilities`` float32
    ``[N, K]`` for the K ``classes``.
    """

    classes: tuple[str, ...]
    frames: NDArray[np.int64]
    times: NDArray[np.float64]
    face_ids: NDArray[np.int64]
    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    uncertainty: NDArray[np.float32]
    probabilities: NDArray[np.float32]


def read_rows(path: Path) -> Rows:
    """The rows of the table at ``path``, in the format that its ending names.

    A JSON Lines table without a row does not name its classes: there are none then. Raises ``TableError`` if the file
    cannot be read, is damaged or is no table of readings.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in get_args(TableFormat):
        raise TableError(f"{path} is no table of readings: choose a file that ends in {_endings()}.")
    try:
        names = _names(path, kind)
        classes = _classes(path, names)
        return _rows(path, classes, _read(path, kind, classes)) if names else _no_rows()
    except FileNotFoundError as error:
        raise TableError(f"The table {path} does not exist: it was moved or deleted.") from error
    except (OSError, ValueError, pa.ArrowException, csv.Error) as error:
        # Arrow speaks of bytes and Thrift, in several lines.
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is damaged or cut off"
        raise TableError(f"Cannot read the table {path}: {reason}; copy it again, or read the video anew.") from error


def _endings() -> str:
    *others, last = (f".{kind}" for kind in get_args(TableFormat))
    return f"{', '.join(others)} or {last}"


def _names(path: Path, kind: str) -> tuple[str, ...]:
    """The columns, by the first part of the file alone; none where there is not even a first row to tell them."""
    if kind == "parquet":
        return tuple(pq.read_schema(path).names)
    with path.open(encoding="utf-8", newline="") as file:
        if kind == "csv":
            return tuple(next(csv.reader(file), ("nothing",)))
        line = file.readline()
    first = json.loads(line) if line else {}
    return tuple(first) if isinstance(first, dict) else ("no object",)


def _classes(path: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    missing = [name for name in _NEEDED if name not in names]
    classes = tuple(name.removeprefix(_PROBABILITY) for name in names if name.startswith(_PROBABILITY))
    if names and (missing or not classes or len(set(names)) != len(names)):
        lacks = f"it lacks {', '.join(missing or [f'{_PROBABILITY}…'])}"
        raise TableError(f"{path} is no table of readings ({lacks}): choose one that Mien wrote.")
    return classes


def _read(path: Path, kind: str, classes: tuple[str, ...]) -> Any:
    wanted = [*_NEEDED, *(_PROBABILITY + name for name in classes)]
    kinds = {name: _KINDS.get(name, pa.float32()) for name in wanted}
    if kind == "parquet":
        return pq.read_table(path, columns=wanted).cast(pa.schema(list(kinds.items())))
    if kind == "csv":
        return pyarrow.csv.read_csv(
            path,
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(column_types=kinds, include_columns=wanted),
        )
    options = pyarrow.json.ParseOptions(
        explicit_schema=pa.schema(list(kinds.items())), unexpected_field_behavior="ignore"
    )
    return pyarrow.json.read_json(path, parse_options=options)


def _rows(path: Path, classes: tuple[str, ...], table: Any) -> Rows:
    cells = {name: np.asarray(table.column(name).to_numpy()) for name in table.column_names}
    holes = [name for name, values in cells.items() if not np.isfinite(values).all()]
    if holes:
        raise TableError(f"The table {path} has cells without a number in {', '.join(holes)}: copy it again.")
    if (np.diff(cells["time_s"]) < 0).any():
        order = np.argsort(cells["time_s"], kind="stable")
        cells = {name: values[order] for name, values in cells.items()}
    return Rows(
        classes=classes,
        frames=cells["frame"],
        times=cells["time_s"],
        face_ids=cells["face_id"],
        boxes=_side_by_side([cells[name] for name in "xywh"]),
        scores=cells["score"],
        uncertainty=cells["uncertainty"],
        probabilities=_side_by_side([cells[_PROBABILITY + name] for name in classes]),
    )


def _side_by_side(parts: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.ascontiguousarray(np.stack(parts, axis=1))


def _no_rows() -> Rows:
    whole, real = np.zeros(0, np.int64), np.zeros(0, np.float32)
    return Rows((), whole, np.zeros(0), whole, np.zeros((0, 4), np.float32), real, real, np.zeros((0, 0), np.float32))
