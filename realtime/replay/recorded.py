"""A video's readings, loaded back from its table: at any time, face by face, and where they are strongest."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from realtime.records import UNKNOWN_POINTS, Face, Reading
from realtime.replay.moments import Moment, peaks, smoothed, strongest
from realtime.replay.table import Rows, read_rows
from realtime.sources.pictures import STILL_S

_SLACK_S = 0.001
"""Videos round times to their own ticks; the nearest frames are further apart than this."""
_UNKNOWN_STEP_S = 1 / 30
_GAP_S = 0.5
"""A face that is away for longer has left: its line breaks off."""
_GAP_STEPS = 2.5


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One face over time: ``times`` float64 ``[T]`` in seconds of the table, ``probabilities`` float32 ``[T, K]``,
    ``uncertainty`` float32 ``[T]``, ``boxes`` float32 ``[T, 4]`` in pixels.

    ``gaps`` are the times for which the face was away, from the last reading before to the first one after.
    """

    times: NDArray[np.float64]
    probabilities: NDArray[np.float32]
    uncertainty: NDArray[np.float32]
    boxes: NDArray[np.float32]
    gaps: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class RecordedFace:
    """A face on the whole: in ``frames`` frames, from ``first`` to ``last`` (seconds of the table), which is a
    ``share`` of all frames (0..1); ``label`` is the class with its largest mean probability.
    """

    face_id: int
    frames: int
    share: float
    first: float
    last: float
    label: str


class Recorded:
    """The readings that one table holds. Never changes; may be read from any thread.

    ``classes`` are the expressions, ``faces`` those who were seen, who was seen longest first. ``summary`` is what the
    summary beside the table says, empty where there is none. Times are those of the table: the source's own;
    pictures have none, and get those of their show, one after the other.
    """

    def __init__(self, rows: Rows, summary: Mapping[str, Any] | None = None, *, path: Path | None = None) -> None:
        self.path = path
        self.summary: Mapping[str, Any] = dict(summary or {})
        self.classes = rows.classes or _names(self.summary)
        if self.still:
            rows = replace(rows, times=(rows.frames * STILL_S).astype(np.float64))
        self._rows = rows
        # Of each frame that has a row: its number, its time, and which rows are its own.
        self._begins = np.flatnonzero(np.diff(rows.frames, prepend=-1))
        self._ends = np.append(self._begins[1:], len(rows.frames))
        self._numbers = rows.frames[self._begins]
        self._times = rows.times[self._begins]
        self._of_face = _rows_of_faces(rows.face_ids)

    @classmethod
    def load(cls, table: Path, summary: Path | None = None) -> "Recorded":
        """What is in ``table``, and in ``summary`` (that beside the table, unless named), if it can be read.

        Raises ``TableError`` if the table cannot be read, is damaged or is none of readings.
        """
        return cls(read_rows(table), _read_summary(summary or table.with_suffix(".json")), path=table)

    @property
    def still(self) -> bool:
        """Whether these are pictures, which have no time of their own."""
        return bool(self.summary.get("still"))

    @property
    def first_time(self) -> float | None:
        """The time of the first frame, whether it had a face or not; None where the summary does not tell."""
        return _number(self.summary.get("first_time_s"))

    @property
    def first_seen(self) -> tuple[int, float] | None:
        """Number and time of the first frame with a face; None if there is none."""
        return (int(self._numbers[0]), float(self._times[0])) if len(self._times) else None

    @property
    def start(self) -> float:
        """The time of the first frame, or, where only the table is known, of the first one with a face."""
        if self.first_time is not None:
            return self.first_time
        return float(self._times[0]) if len(self._times) else 0.0

    @property
    def end(self) -> float:
        """The time of the last frame that is known of."""
        last = float(self._times[-1]) if len(self._times) else self.start
        length = _number(self.summary.get("duration_s"))
        return last if self.first_time is None or length is None else max(last, self.first_time + length)

    @cached_property
    def step(self) -> float:
        """Seconds from a frame to the next, as it mostly is."""
        follows = np.diff(self._numbers) == 1
        steps = np.diff(self._times)[follows]
        return float(np.median(steps)) if len(steps) else _UNKNOWN_STEP_S

    @cached_property
    def faces(self) -> tuple[RecordedFace, ...]:
        """Who was seen, longest first."""
        numbers = self._numbers
        spanned = int(numbers.max() - numbers.min()) + 1 if len(numbers) else 1
        told = self.summary.get("frames")
        frames = told if isinstance(told, int) and told >= len(numbers) else spanned
        faces = [self._face(face_id, frames) for face_id in self._of_face]
        return tuple(sorted(faces, key=lambda face: (-face.frames, face.face_id)))

    def series(self, face_id: int) -> Series:
        """The face ``face_id`` over time; empty for one that is not in the table."""
        rows = self._of_face.get(face_id, np.zeros(0, np.intp))
        times = self._rows.times[rows]
        return Series(
            times=times,
            probabilities=self._rows.probabilities[rows],
            uncertainty=self._rows.uncertainty[rows],
            boxes=self._rows.boxes[rows],
            gaps=self._gaps(times, self._rows.frames[rows]),
        )

    def at(self, time: float) -> Reading:
        """The reading of the last frame at or before ``time``; without faces where that frame had none.

        Frames without a face are not in the table: where numbers are missing from it, each frame with a row is taken
        to have lasted as long as frames mostly do.
        """
        i = int(np.searchsorted(self._times, time + _SLACK_S, "right")) - 1
        if i < 0:
            return Reading(0, time, self.classes, ())
        faces = self._faces_in(i) if time + _SLACK_S < self._lasts[i] else ()
        return Reading(int(self._numbers[i]), float(self._times[i]), self.classes, faces)

    def strongest(self, name: str, face_id: int | None = None, count: int = 5) -> list[Moment]:
        """At most ``count`` moments at which class ``name`` peaks, in one face or in all, strongest first.

        A moment's strength is the mean over half a second. Any two are at least two seconds apart, and those of one
        face are parted by a valley: a long laugh is one moment.
        Raises ``ValueError`` for a class that the table does not have.
        """
        if name not in self.classes:
            raise ValueError(f"class: expected one of {', '.join(self.classes)}, got {name!r}")
        column = self.classes.index(name)
        found = []
        for each in self._of_face if face_id is None else [face_id]:
            rows = self._of_face.get(each, np.zeros(0, np.intp))
            times = self._rows.times[rows]
            curve = smoothed(times, self._rows.probabilities[rows, column] if len(rows) else np.zeros(0, np.float32))
            found += [Moment(float(times[i]), each, name, float(curve[i])) for i in peaks(times, curve, count)]
        return strongest(found, count)

    @cached_property
    def _lasts(self) -> NDArray[np.float64]:
        """Until when each frame with a row is the last one."""
        followed = np.append(np.diff(self._numbers) == 1, False)
        following = np.append(self._times[1:], np.inf)
        lasts: NDArray[np.float64] = np.where(followed, following, np.minimum(self._times + self.step, following))
        return lasts

    def _faces_in(self, i: int) -> tuple[Face, ...]:
        rows = self._rows
        return tuple(
            Face(
                int(rows.face_ids[r]),
                rows.boxes[r],
                UNKNOWN_POINTS,
                float(rows.scores[r]),
                rows.probabilities[r],
                float(rows.uncertainty[r]),
            )
            for r in range(self._begins[i], self._ends[i])
        )

    def _face(self, face_id: int, frames: int) -> RecordedFace:
        rows = self._of_face[face_id]
        mean = self._rows.probabilities[rows].mean(axis=0, dtype=np.float64)
        times = self._rows.times[rows]
        label = self.classes[int(mean.argmax())]
        return RecordedFace(face_id, len(rows), min(1.0, len(rows) / frames), float(times[0]), float(times[-1]), label)

    def _gaps(self, times: NDArray[np.float64], frames: NDArray[np.int64]) -> tuple[tuple[float, float], ...]:
        away = (np.diff(times) > max(_GAP_S, _GAP_STEPS * self.step)) & (np.diff(frames) > 1)
        return tuple((float(times[i]), float(times[i + 1])) for i in np.flatnonzero(away))


def _rows_of_faces(face_ids: NDArray[np.int64]) -> dict[int, NDArray[np.intp]]:
    """Which rows are a face's, in the order of their times."""
    if not len(face_ids):
        return {}
    order = np.argsort(face_ids, kind="stable")
    ids, begins = np.unique(face_ids[order], return_index=True)
    return {int(face_id): rows for face_id, rows in zip(ids, np.split(order, begins[1:]), strict=True)}


def _read_summary(path: Path) -> Mapping[str, Any]:
    """What the summary says; nothing where it is missing or damaged, since the readings do without."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _names(summary: Mapping[str, Any]) -> tuple[str, ...]:
    names = summary.get("classes")
    return tuple(map(str, names)) if isinstance(names, list) else ()
