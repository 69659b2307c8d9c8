"""The table over all: a row a source, made of the summaries."""

import csv
import json
import os
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from engines.errors import OutputError
from engines.files import written_whole
from realtime.batch.planning import INDEX, Unit
from realtime.batch.results import read_summary
from realtime.products import Outputs, printable

_KINDS: Mapping[str, pa.DataType] = {
    "path": pa.string(),
    "status": pa.string(),
    "error": pa.string(),
    "frames": pa.int64(),
    "duration_s": pa.float64(),
    "faces": pa.int64(),
    "frames_with_faces": pa.int64(),
    "label": pa.string(),
    "share": pa.float64(),
    "summary": pa.string(),
    "files": pa.list_(pa.string()),
}
COLUMNS = tuple(_KINDS)
"""``status`` is done, failed, interrupted or waiting. ``label`` is the class with the largest mean over all faces, by
the frames that each is seen in, and ``share`` that mean. ``summary`` and ``files`` (a list, in CSV as JSON) are as
seen from the folder of the index."""

Row = Mapping[str, Any]


def index_rows(
    units: Sequence[Unit], errors: Mapping[str, str], out: Path, settings: str, now: Container[str] = ()
) -> list[Row]:
    """A row for each of ``units``, in order; ``errors`` are those of this run, by the path of the source.

    Results count that are by these ``settings`` and of what the source is, or were made ``now``. A source that is there
    twice has its row twice, with the same results.
    """
    rows: list[Row] = []
    for unit in units:
        read = unit.twin or unit
        told = read_summary(read.outputs.summary) if read.outputs else None
        counts = told is not None and (read.found.source in now or _is_of(read, told, settings))
        error = unit.problem or errors.get(read.found.source, "")
        row = _row(unit.found.source, error, told if counts else None, read.outputs, out)
        rows.append({name: _printable(cell) for name, cell in row.items()})
    return rows


def _printable(cell: Any) -> Any:
    if isinstance(cell, list):
        return [printable(each) for each in cell]
    return printable(cell) if isinstance(cell, str) else cell


def _row(source: str, error: str, told: Mapping[str, Any] | None, outputs: Outputs | None, out: Path) -> Row:
    if told is None or outputs is None:
        blank = dict.fromkeys(COLUMNS)
        return {**blank, "path": source, "status": "failed" if error else "waiting", "error": error or None}
    error = error or str(told.get("error") or "")
    status = "failed" if error else "done" if told["complete"] else "interrupted"
    label, share = _leading(told["faces"])
    folder = os.path.relpath(outputs.folder, out)
    beside = [Path(folder, name).as_posix() for name in told.get("files", ())]
    return {
        "path": source,
        "status": status,
        "error": error or None,
        "frames": told["frames"],
        "duration_s": told.get("duration_s"),
        "faces": len(told["faces"]),
        "frames_with_faces": told.get("frames_with_faces"),
        "label": label,
        "share": share,
        "summary": Path(folder, outputs.summary.name).as_posix(),
        "files": beside,
    }


def _is_of(unit: Unit, told: Mapping[str, Any], settings: str) -> bool:
    """Whether ``told`` is by these ``settings``, and of what the source is and not of what was there before."""
    mark = unit.stamp.mark if unit.stamp else None
    return unit.known is not None or (told.get("settings"), told.get("mark")) == (settings, mark)


def _leading(faces: Sequence[Mapping[str, Any]]) -> tuple[str | None, float | None]:
    frames = sum(face["frames"] for face in faces)
    if not frames:
        return None, None
    totals: dict[str, float] = {}
    for face in faces:
        for name, mean in face["mean_probabilities"].items():
            totals[name] = totals.get(name, 0.0) + mean * face["frames"]
    label = max(totals, key=lambda name: totals[name])
    return label, float(f"{totals[label] / frames:.6g}")


def expect_own(out: Path, format: str) -> None:  # noqa: A002
    """Raises ``OutputError`` where something else lies in the folder ``out`` under the name of the index."""
    path = out / f"{INDEX}.{format}"
    if not path.is_file() or not path.stat().st_size:
        return
    try:
        names = _READERS[format](path)
    except (ValueError, OSError, StopIteration, pa.ArrowException):
        names = []
    if not {"path", "status"} <= set(names):
        raise OutputError(
            f"{path} is no index of Mien's and would be lost: move it, or choose another folder with --out."
        )


def write_index(rows: Sequence[Row], out: Path, format: str) -> Path:  # noqa: A002
    """Write the table into the folder ``out``, whole or not at all. Raises ``OutputError``."""
    path = out / f"{INDEX}.{format}"
    write = _WRITERS[format]
    try:
        with written_whole(path) as partial:
            write(rows, partial)
    except (ValueError, pa.ArrowException) as error:
        raise OutputError(f"Cannot write {path}: {error}") from error
    return path


def _write_csv(rows: Sequence[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in rows:
            files = row["files"] and json.dumps(row["files"], ensure_ascii=False)
            writer.writerow({**row, "files": files})


def _write_jsonl(rows: Sequence[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _write_parquet(rows: Sequence[Row], path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(list(rows), schema=pa.schema(_KINDS.items())), path, compression="zstd")


_WRITERS: Mapping[str, Callable[[Sequence[Row], Path], None]] = {
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "parquet": _write_parquet,
}


def _names_in_csv(path: Path) -> Iterable[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def _names_in_jsonl(path: Path) -> Iterable[str]:
    with path.open(encoding="utf-8") as file:
        row = json.loads(file.readline())
    return row if isinstance(row, dict) else ()


def _names_in_parquet(path: Path) -> Iterable[str]:
    names: list[str] = pq.read_schema(path).names
    return names


_READERS: Mapping[str, Callable[[Path], Iterable[str]]] = {
    "csv": _names_in_csv,
    "jsonl": _names_in_jsonl,
    "parquet": _names_in_parquet,
}
