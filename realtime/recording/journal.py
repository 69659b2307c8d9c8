"""What is read while a recording lasts, line by line, so that a crash or a power cut takes no more than a second of it.

A table in Parquet cannot be read before it is finished, and the summary is written at the end: both can be made of the
journal. The first line is an object that says what the recording is; a later object adds to its ``about``; every
reading is a list.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from engines.errors import OutputError
from engines.files import written_whole
from realtime.recording.plan import Plan
from realtime.records import UNKNOWN_POINTS, Face, Reading
from realtime.sinks.columns import six_digits

_VERSION = 1
_SAME_START_S = 60.0
"""Two processes of one number that started further apart than this are two."""


class Journal:
    """Takes the readings of a recording that is under way."""

    def __init__(self, plan: Plan) -> None:
        """Raises ``OutputError`` if it cannot be written."""
        head = {
            "journal": _VERSION,
            "name": plan.name,
            "classes": plan.classes,
            "video": plan.video,
            "table": plan.table,
            "about": plan.about,
            "process": [os.getpid(), psutil.Process().create_time()],
        }
        self.path = plan.journal_path
        with written_whole(self.path) as partial:
            partial.write_text(_line(head), encoding="utf-8", newline="\n")
        self._file = self.path.open("a", encoding="utf-8", newline="\n")

    def write(self, reading: Reading) -> None:
        """Take a reading. Raises ``OSError``, here as below, if it cannot be written."""
        faces = [
            [
                face.face_id,
                [six_digits(value) for value in face.box],
                six_digits(face.score),
                six_digits(face.uncertainty),
                [six_digits(value) for value in face.probabilities],
            ]
            for face in reading.faces
        ]
        self._file.write(_line([reading.index, round(reading.time, 6), faces]))

    def note(self, about: Mapping[str, object]) -> None:
        """Add to what the summary will say."""
        self._file.write(_line(dict(about)))

    def flush(self, *, sync: bool = False) -> None:
        """Outlive a crash of the program from here on; with ``sync`` a power cut as well, which may take long."""
        self._file.flush()
        if sync:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """End, and leave the journal for :func:`realtime.recording.recover`."""
        with suppress(OSError):
            self._file.close()

    def remove(self) -> None:
        """End, and leave nothing: it is no longer needed."""
        self.close()
        with suppress(OSError):
            self.path.unlink()


@dataclass(frozen=True, slots=True)
class Past:
    """A recording that has a journal still. ``process`` is the number of the one that wrote it, and its start."""

    plan: Plan
    process: tuple[int, float]

    @classmethod
    def read(cls, path: Path) -> "Past":
        """What ``path`` is the journal of. Raises ``OutputError`` if it is none."""
        try:
            with path.open(encoding="utf-8", errors="replace") as file:
                head = json.loads(file.readline())
            if head["journal"] != _VERSION:
                raise ValueError("it was written by another version of Mien")
            number, began = head["process"]
            name, video, table, about = head["name"], head["video"], head["table"], head["about"]
            plan = Plan(path.parent, name, tuple(head["classes"]), video, table, dict(about))
            if plan.journal_path != path:
                raise ValueError("it was renamed")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise OutputError(f"Cannot read {path}, the journal of a recording: {error}.") from error
        return cls(plan, (number, began))

    @property
    def under_way(self) -> bool:
        """Whether the program that writes it is alive."""
        number, began = self.process
        try:
            return abs(psutil.Process(number).create_time() - began) < _SAME_START_S
        except psutil.Error:
            return False

    def readings(self) -> Iterator[Reading]:
        """What was read, up to where the journal breaks off; ``plan.about`` grows on the way, as it did then."""
        with self.plan.journal_path.open(encoding="utf-8", errors="replace") as file:
            file.readline()
            for line in file:
                try:
                    entry = json.loads(line)
                    if isinstance(entry, dict):
                        self.plan.about.update(entry)
                        continue
                    reading = _reading(entry, self.plan.classes)
                except (ValueError, TypeError):
                    return
                yield reading


def _reading(entry: Any, classes: tuple[str, ...]) -> Reading:
    index, time, faces = entry
    return Reading(
        index,
        time,
        classes,
        tuple(
            Face(face_id, np.array(box, np.float32), UNKNOWN_POINTS, score, np.array(shares, np.float32), uncertainty)
            for face_id, box, score, uncertainty, shares in faces
        ),
    )


def _line(entry: object) -> str:
    return json.dumps(entry, ensure_ascii=False, default=str) + "\n"
