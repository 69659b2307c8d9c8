"""Steadies each face's probabilities over time, by a time constant in seconds and not by a number of frames."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FORGET_TIME_CONSTANTS = 10
"""A face unseen for so many time constants has no say any more: its state is dropped."""


@dataclass(slots=True, eq=False)
class _State:
    time: float
    probabilities: NDArray[np.float32]


class Smoother:
    """An exponential moving average per face id, whose weight follows the time that has passed.

    After ``seconds`` the past counts 1/e; 0 switches it off. The first reading of a face is taken as it is. A time
    before the last one starts a new stream.
    """

    def __init__(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError(f"smoothing: expected 0 seconds or more, got {seconds}")
        self._seconds = seconds
        self._faces: dict[int, _State] = {}
        self._time = -math.inf

    def smooth(self, ids: Sequence[int], probabilities: NDArray[np.float32], time: float) -> NDArray[np.float32]:
        """Smooth ``probabilities`` float32 ``[N, K]`` of the faces ``ids`` at ``time`` (seconds); rows add up to 1."""
        if self._seconds == 0:
            return probabilities
        if time < self._time:
            self._faces = {}
        self._time = time
        smoothed = (
            np.stack([self._one(*pair, time) for pair in zip(ids, probabilities, strict=True)])
            if ids
            else probabilities
        )
        oldest = time - _FORGET_TIME_CONSTANTS * self._seconds
        self._faces = {face: state for face, state in self._faces.items() if state.time >= oldest}
        return smoothed

    def forget(self) -> None:
        """Take each face's next reading as it is: what was smoothed before says nothing about it."""
        self._faces = {}

    def _one(self, face: int, fresh: NDArray[np.float32], time: float) -> NDArray[np.float32]:
        state = self._faces.get(face)
        if state is None:
            self._faces[face] = _State(time, fresh)
            return fresh
        weight = np.float32(1 - math.exp((state.time - time) / self._seconds))
        state.probabilities = state.probabilities + weight * (fresh - state.probabilities)
        state.time = time
        return state.probabilities
