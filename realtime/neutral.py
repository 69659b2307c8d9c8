"""Takes a few seconds of each face as its neutral, and corrects what is read in it afterwards."""

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engines.neutral import NeutralGuide, OwnNeutral

LEAST_READINGS = 5
"""A neutral is taken of so many readings at least, however few a second there are."""

_FORGET_SECONDS = 10.0
"""A face unseen for so long is dropped. The tracker gives one that comes back a new id long before."""


class NeutralState(StrEnum):
    """How it stands with a face's own neutral."""

    NONE = "none"
    TAKING = "taking"
    TAKEN = "taken"


@dataclass(slots=True, eq=False)
class _Taking:
    """A neutral that is being taken. Only the sum of its embeddings is kept, however many there are."""

    seconds: float
    began: float | None = None
    readings: int = 0
    total: NDArray[np.float32] | None = None

    def add(self, embedding: NDArray[np.float32], time: float) -> None:
        self.began = time if self.began is None else self.began
        self.readings += 1
        self.total = embedding if self.total is None else self.total + embedding

    def outcome(self, time: float) -> NDArray[np.float32] | None:
        """The mean of what was taken, or None where there is more to take."""
        if self.began is None or self.total is None:
            return None
        if time - self.began < self.seconds or self.readings < LEAST_READINGS:
            return None
        return np.asarray(self.total / np.float32(self.readings), np.float32)


@dataclass(slots=True, eq=False)
class _Face:
    seen: float
    neutral: _Taking | OwnNeutral | None


class OwnNeutrals:
    """The own neutrals of the faces of one stream. Any thread may ask; one corrects."""

    def __init__(self, guide: NeutralGuide, seconds: float | None = None) -> None:
        """With ``seconds``, the first so many of every face are taken as its neutral."""
        if seconds is not None:
            _check(seconds)
        self._guide = guide
        self._seconds = seconds
        self._lock = threading.Lock()
        self._faces: dict[int, _Face] = {}

    def take(self, face_id: int, seconds: float) -> bool:
        """Take a face's neutral from its next reading on, for ``seconds``, in place of any that it has.

        Returns whether there is such a face.
        """
        _check(seconds)
        return self._set(face_id, _Taking(seconds))

    def forget(self, face_id: int) -> bool:
        """Leave a face uncorrected from its next reading on. Returns whether there is such a face."""
        return self._set(face_id, None)

    def own(self, face_id: int) -> OwnNeutral | None:
        """What was taken of a face, to be kept; None where nothing was."""
        with self._lock:
            face = self._faces.get(face_id)
            return face.neutral if face is not None and isinstance(face.neutral, OwnNeutral) else None

    def give(self, face_id: int, neutral: OwnNeutral) -> bool:
        """Correct a face by what was kept, from its next reading on. Returns whether there is such a face.

        Raises ``ValueError`` for a neutral of embeddings of another length.
        """
        if len(neutral.shift) != self._guide.dimensions:
            raise ValueError(f"neutral: expected {self._guide.dimensions} numbers, got {len(neutral.shift)}")
        return self._set(face_id, neutral)

    def state(self, face_id: int) -> NeutralState:
        """How it stands with a face; ``NONE`` for one that is not there."""
        with self._lock:
            face = self._faces.get(face_id)
            if face is None or face.neutral is None:
                return NeutralState.NONE
            return NeutralState.TAKING if isinstance(face.neutral, _Taking) else NeutralState.TAKEN

    def correct(self, ids: Sequence[int], embeddings: NDArray[np.float32], time: float) -> NDArray[np.float32]:
        """The ``embeddings`` float32 ``[N, D]`` of the faces ``ids`` at ``time`` (seconds), as they should be read.

        A face whose neutral is not (yet) taken keeps its own. A time before the last one starts a new stream: nobody of
        the old one is known any more.
        """
        corrected = embeddings.copy()
        with self._lock:
            self._faces = {
                face_id: face for face_id, face in self._faces.items() if 0 <= time - face.seen <= _FORGET_SECONDS
            }
            for row, face_id in enumerate(ids):
                corrected[row] = self._one(face_id, embeddings[row], time)
        return corrected

    def _one(self, face_id: int, embedding: NDArray[np.float32], time: float) -> NDArray[np.float32]:
        face = self._faces.get(face_id)
        if face is None:
            face = _Face(time, None if self._seconds is None else _Taking(self._seconds))
            self._faces[face_id] = face
        face.seen = time
        if isinstance(face.neutral, _Taking):
            mean = face.neutral.outcome(time)
            if mean is None:
                face.neutral.add(embedding, time)
                return embedding
            face.neutral = self._guide.own(mean[None])
        if face.neutral is None:
            return embedding
        corrected: NDArray[np.float32] = face.neutral.correct(embedding[None])[0]
        return corrected

    def _set(self, face_id: int, neutral: _Taking | OwnNeutral | None) -> bool:
        with self._lock:
            face = self._faces.get(face_id)
            if face is not None:
                face.neutral = neutral
            return face is not None


def _check(seconds: float) -> None:
    if not (math.isfinite(seconds) and seconds > 0):
        raise ValueError(f"neutral: expected more than 0 seconds, got {seconds}")
