"""The latest readings of each face, for a plot that runs along: in memory that does not grow with time."""

import threading
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from realtime.records import Face, Reading

_FIRST_ROOM = 256
_MOST_PER_S = 240
"""Readings a second that are kept in full; of more than that, the span gets shorter."""


class Series(NamedTuple):
    """One face over time: ``times`` float64 ``[T]`` in the stream's seconds, rising; ``probabilities`` float32
    ``[T, K]`` of the classes; ``uncertainty`` float32 ``[T]`` in 0..1. Copies, the caller's own.
    """

    times: NDArray[np.float64]
    probabilities: NDArray[np.float32]
    uncertainty: NDArray[np.float32]

    def until(self, time: float) -> "Series":
        """Without what came after ``time``."""
        end = int(np.searchsorted(self.times, time, side="right"))
        return Series(self.times[:end], self.probabilities[:end], self.uncertainty[:end])


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A history as it stood: the classes and the face's series belong together, and ``newest`` is the time of the
    newest reading, with or without that face; None before the first.
    """

    classes: tuple[str, ...]
    newest: float | None
    series: Series


class History:
    """Keeps the last ``seconds`` of readings by the stream's own time; from any thread.

    Other classes, or a time that falls (the user has jumped in a file), begin a new history. A time that comes again
    takes the place of what was read at it before. A face that was not seen for ``seconds`` is forgotten.
    """

    def __init__(self, seconds: float = 60.0) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._rings: dict[int, _Ring] = {}
        self._classes: tuple[str, ...] = ()
        self._newest: float | None = None

    def add(self, reading: Reading) -> None:
        """Take the faces of ``reading``."""
        with self._lock:
            if reading.classes != self._classes or (self._newest is not None and reading.time < self._newest):
                self._rings.clear()
            self._classes, self._newest = reading.classes, reading.time
            since = reading.time - self.seconds
            for face in reading.faces:
                if face.face_id not in self._rings:
                    self._rings[face.face_id] = _Ring(len(reading.classes), round(self.seconds * _MOST_PER_S))
                self._rings[face.face_id].put(reading.time, face, since)
            self._rings = {face_id: ring for face_id, ring in self._rings.items() if ring.newest >= since}

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._rings.clear()
            self._classes, self._newest = (), None

    @property
    def faces(self) -> tuple[int, ...]:
        """The ids that have a series, in order."""
        with self._lock:
            return tuple(sorted(self._rings))

    def series(self, face_id: int | None) -> Series:
        """What is kept of a face, oldest first; empty for one that is not known."""
        return self.moment(face_id).series

    def moment(self, face_id: int | None) -> Moment:
        """The series of a face with the classes and the time that go with it."""
        with self._lock:
            ring = self._rings.get(face_id) if face_id is not None else None
            series = ring.since((self._newest or 0.0) - self.seconds) if ring else _nothing(len(self._classes))
            return Moment(self._classes, self._newest, series)


class _Ring:
    """The readings of one face, the newest after the oldest once it is full.

    It doubles, up to ``most``, only while what it would write over is still wanted: how many readings a second there
    are shows as they come.
    """

    def __init__(self, classes: int, most: int) -> None:
        self.newest = float("-inf")
        self._most = max(1, most)
        self._count = 0
        self._next = 0
        self._take(_nothing(classes, min(_FIRST_ROOM, self._most)))

    def put(self, time: float, face: Face, since: float) -> None:
        """Add a reading; those before ``since`` may go."""
        room = len(self._times)
        if time == self.newest:
            self._next = (self._next - 1) % room
            self._count -= 1
        elif self._count == room < self._most and self._times[self._next] >= since:
            self._grow(min(2 * room, self._most))
        self.newest = time
        self._times[self._next] = time
        self._probabilities[self._next] = face.probabilities
        self._uncertainty[self._next] = face.uncertainty
        self._next = (self._next + 1) % len(self._times)
        self._count = min(self._count + 1, len(self._times))

    def since(self, time: float) -> Series:
        """Copies of what is not older than ``time``."""
        rows = (np.arange(self._count) + self._next - self._count) % len(self._times)
        rows = rows[np.searchsorted(self._times[rows], time) :]
        return Series(self._times[rows], self._probabilities[rows], self._uncertainty[rows])

    def _grow(self, room: int) -> None:
        kept = self.since(float("-inf"))
        larger = _nothing(kept.probabilities.shape[1], room)
        larger.times[: self._count] = kept.times
        larger.probabilities[: self._count] = kept.probabilities
        larger.uncertainty[: self._count] = kept.uncertainty
        self._next = self._count
        self._take(larger)

    def _take(self, series: Series) -> None:
        self._times, self._probabilities, self._uncertainty = series


def _nothing(classes: int, length: int = 0) -> Series:
    return Series(np.zeros(length), np.zeros((length, classes), np.float32), np.zeros(length, np.float32))
