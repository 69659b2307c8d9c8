"""The moments at which an expression is strongest."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SMOOTHED_S = 0.5
"""A moment's strength is the mean over so long: one frame that was misread is no moment."""
APART_S = 2.0
"""Of peaks closer than this only the strongest counts."""


@dataclass(frozen=True, slots=True)
class Moment:
    """At ``time`` (seconds of the table) the class ``name`` had the mean ``probability`` in the face ``face_id``."""

    time: float
    face_id: int
    name: str
    probability: float


def smoothed(times: NDArray[np.float64], values: NDArray[np.float32]) -> NDArray[np.float64]:
    """The mean of ``values`` ``[T, ...]`` over half a second around each of ``times`` ``[T]`` (rising)."""
    sums = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0, dtype=np.float64)])
    half = SMOOTHED_S / 2 + 1e-6  # so that rounded times at its very edge are in, on both sides
    begin = np.searchsorted(times, times - half, "left")
    end = np.searchsorted(times, times + half, "right")
    counts = (end - begin).reshape(-1, *(1,) * (values.ndim - 1))
    means: NDArray[np.float64] = (sums[end] - sums[begin]) / counts
    return means


def peaks(times: NDArray[np.float64], curve: NDArray[np.float64]) -> NDArray[np.intp]:
    """Where ``curve`` ``[T]`` is higher than before and not lower than after; of a plateau, its beginning."""
    padded = np.concatenate([[-np.inf], curve, [-np.inf]])
    found: NDArray[np.intp] = np.flatnonzero((curve > padded[:-2]) & (curve >= padded[2:]))
    return found[np.argsort(times[found], kind="stable")]


def strongest(candidates: Iterable[Moment], count: int) -> list[Moment]:
    """The ``count`` strongest of ``candidates`` that are far enough from any stronger one, strongest first."""
    chosen: list[Moment] = []
    for moment in sorted(candidates, key=lambda each: (-each.probability, each.time, each.face_id)):
        if len(chosen) == count:
            break
        if all(abs(moment.time - other.time) >= APART_S for other in chosen):
            chosen.append(moment)
    return chosen
