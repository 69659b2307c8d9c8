"""Cuts faces with labels out of a person's own pictures and videos."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.errors import DataError
from realtime.gathering import Cutter
from realtime.records import Frame
from realtime.sources.pictures import PICTURE_SUFFIXES

TABLE = "labels.csv"
_COLUMNS = ("file", "start", "end", "label")
_CUT_OUT_PX = 256
"""Up to this size a picture about as wide as it is high, in which no face is found, is one that was cut out before."""
_SQUARE = 1.25


@dataclass(slots=True)
class Labelled:
    """``images`` uint8 ``[N, C, S, S]``, the class of each by its place among the classes, int ``[N]``, and counts.

    ``counts`` has ``pictures`` that were looked at (frames of videos among them), those ``without a face``, and
    ``unreadable`` files.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.intp]
    counts: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        c = self.counts
        return (
            f"{len(self.images)} labelled faces of {c['pictures']} pictures: {c['without a face']} pictures without a "
            f"face, {c['unreadable']} unreadable files."
        )


@dataclass(frozen=True, slots=True)
class _Span:
    """What a file shows from ``start`` up to ``end``, in seconds."""

    label: int
    start: float = 0.0
    end: float = float("inf")


def gather_labelled(folder: Path, cutter: Cutter, *, classes: Sequence[str]) -> Labelled:
    """The faces in ``folder`` with their labels.

    Either it has a folder of pictures or videos for each class, by its name; or a table ``labels.csv`` with the columns
    file, start, end (seconds; empty for the whole file) and label. Of several faces the largest is the one that the
    label is of. A small square picture in which no face is found is taken for a face that was cut out before.

    What cannot be read is counted, named, and stops nothing. Raises ``DataError`` if the folder is laid out otherwise,
    or shows no face.
    """
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder: give one with a folder of pictures for each expression.")
    listed = _of_table(folder / TABLE, classes) if (folder / TABLE).exists() else _of_folders(folder, classes)
    found = _cut(listed, cutter)
    if not len(found.images):
        raise DataError(f"{folder} shows no face to learn from ({found}): give another folder.")
    return found


def cut_films(films: Sequence[Path], cutter: Cutter) -> Labelled:
    """The largest face of one frame a second of each of ``films``; its label is the film's place among them.

    What cannot be read is counted, named, and stops nothing. Raises ``DataError`` if none shows a face.
    """
    found = _cut({film: [_Span(place)] for place, film in enumerate(films)}, cutter)
    if not len(found.images):
        raise DataError(f"The films show no face to learn from ({found}): look at {films[0]}.")
    return found


def _cut(listed: dict[Path, list[_Span]], cutter: Cutter) -> Labelled:
    """The faces of the files that are listed; none perhaps."""
    counts: Counter[str] = Counter()
    crops: list[NDArray[np.uint8]] = []
    labels: list[int] = []
    for file, frame in cutter.frames(listed, counts):
        shown = [span.label for span in listed[file] if span.start <= frame.time < span.end]
        if not shown:
            continue
        counts["pictures"] += 1
        face = _largest(frame, cutter)
        if face is None and file.suffix.lower() in PICTURE_SUFFIXES:
            face = _cut_out(frame.image, cutter.size, cutter.channels)
        if face is None:
            counts["without a face"] += 1
        else:
            crops += [face] * len(shown)
            labels += shown
    return Labelled(cutter.joined(crops), np.array(labels, np.intp), counts)


def _of_folders(folder: Path, classes: Sequence[str]) -> dict[Path, list[_Span]]:
    """The files of each class's folder."""
    inside = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    unknown = [path.name for path in inside if path.name not in classes]
    if unknown or not inside:
        wrong = f"has a folder {unknown[0]}" if unknown else "has no folder for any expression"
        raise DataError(f"{folder} {wrong}: name its folders {', '.join(classes)}, or add a table {TABLE}.")
    files = {
        file: [_Span(classes.index(path.name))]
        for path in inside
        for file in sorted(path.rglob("*"))
        if file.is_file() and not file.name.startswith(".")
    }
    if not files:
        raise DataError(f"The folders of {folder} are empty: put pictures or videos of faces into them.")
    return files


def _of_table(table: Path, classes: Sequence[str]) -> dict[Path, list[_Span]]:
    """What the table says of each file."""
    files: dict[Path, list[_Span]] = {}
    try:
        with table.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            if not set(_COLUMNS) <= set(rows.fieldnames or ()):
                raise DataError(f"{table} lacks a column: its first line is {','.join(_COLUMNS)}.")
            for row in rows:
                file, span = _row(row, classes, f"{table}, line {rows.line_num}")
                files.setdefault(table.parent / file, []).append(span)
    except OSError as error:
        raise DataError(f"Cannot read {table}: {error.strerror or error}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{table} is no table of text: save it as CSV in UTF-8.") from error
    if not files:
        raise DataError(f"{table} has no line: write one for each part of a video that shows an expression.")
    return files


def _row(row: dict[str, str], classes: Sequence[str], place: str) -> tuple[str, _Span]:
    label = (row["label"] or "").strip()
    if label not in classes:
        raise DataError(f"{place}: {label!r} is none of {', '.join(classes)}.")
    try:
        start, end = (float((row[name] or "").strip() or rest) for name, rest in (("start", "0"), ("end", "inf")))
    except ValueError:
        raise DataError(f"{place}: start and end are seconds, such as 12.5, or empty.") from None
    if not 0 <= start < end or not row["file"]:
        raise DataError(f"{place}: it takes a file, and an end after its start.")
    return row["file"].strip(), _Span(classes.index(label), start, end)


def _largest(frame: Frame, cutter: Cutter) -> NDArray[np.uint8] | None:
    """The face that the frame is labelled for, uint8 ``[1, C, S, S]``; ``None`` where there is none."""
    faces = cutter.find(frame)
    if not faces:
        return None
    return cutter.cut(frame, [max(faces, key=lambda face: float(face.box[2] * face.box[3]))])


def _cut_out(image: NDArray[np.uint8], size: int, channels: int) -> NDArray[np.uint8] | None:
    """The whole of a small square picture, uint8 ``[1, C, S, S]``; ``None`` for another one."""
    height, width = image.shape[:2]
    if max(height, width) > min(_CUT_OUT_PX, _SQUARE * min(height, width)):
        return None
    small = cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA if width > size else cv2.INTER_LINEAR)
    if channels == 1:
        return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)[None, None]
    return np.ascontiguousarray(small.transpose(2, 0, 1), np.uint8)[None]
