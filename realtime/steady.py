"""Boxes that stand still on a face that does, for the eye: tables keep what was detected.

The One Euro filter (Casiez, Roussel and Vogel, "1 Euro Filter: A Simple Speed-based Low-pass Filter for Noisy Input in
Interactive Systems", CHI 2012): smooths much at rest, where jitter is seen, and little in motion, where lag would be.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from realtime.records import Face, Reading

_CUTOFF_HZ = 0.7
"""Of the low pass for a face at rest."""
# Measured on two real clips: jitter from frame to frame falls to a fourth and a sixth, 0.8 % of a width behind.
_QUICKER = 2.5
"""By how many Hz the cutoff rises for a speed of one box width a second."""
_SPEED_CUTOFF_HZ = 1.0
"""Of the low pass of the speed, as in the paper."""
_LEAST_S = 1e-6
"""Frames that are closer are of one moment, of which no speed can be told."""
_FORGET_S = 1.0
"""A face unseen for longer begins anew where it is."""


@dataclass(slots=True, eq=False)
class _State:
    """Centre x, y, width and height in pixels, and how fast each changes."""

    time: float
    place: NDArray[np.float64]
    speed: NDArray[np.float64]


class SteadyBoxes:
    """Steadies the boxes of one stream, each by its face's id."""

    def __init__(self) -> None:
        self._faces: dict[int, _State] = {}

    def steady(self, reading: Reading) -> Reading:
        """``reading`` with steadied boxes; all else is as it was. Frame after frame; a time that falls begins anew."""
        faces = tuple(replace(face, box=self._box(face, reading.time)) for face in reading.faces)
        self._faces = {
            face_id: state for face_id, state in self._faces.items() if 0 <= reading.time - state.time <= _FORGET_S
        }
        return replace(reading, faces=faces)

    def _box(self, face: Face, time: float) -> NDArray[np.float32]:
        seen = np.array([*(face.box[:2] + face.box[2:] / 2), *face.box[2:]], np.float64)
        state = self._faces.get(face.face_id)
        if state is None or not _LEAST_S <= time - state.time <= _FORGET_S:
            state = self._faces[face.face_id] = _State(time, seen, np.zeros(4))
        else:
            step = time - state.time
            speed = (seen - state.place) / step
            state.speed += _weight(_SPEED_CUTOFF_HZ, step) * (speed - state.speed)
            cutoff = _CUTOFF_HZ + _QUICKER * np.abs(state.speed).max() / max(1.0, seen[2])
            state.place = state.place + _weight(cutoff, step) * (seen - state.place)
            state.time = time
        return np.array([*(state.place[:2] - state.place[2:] / 2), *state.place[2:]], np.float32)


def _weight(cutoff: float, step: float) -> float:
    """Of the newest value, in a low pass with ``cutoff`` in Hz, ``step`` seconds after the one before."""
    return 1 - math.exp(-2 * math.pi * cutoff * step)
