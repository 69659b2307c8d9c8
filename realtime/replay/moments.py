"""The moments at which an expression is strongest."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SMOOTHED_S = 0.5
"""A moment's strength is the mean over so long: one frame that was misread is no moment."""
APART_S = 2.0
"""Of peaks closer than this only the strongest counts."""
VALLEY = 0.75
"""Two peaks are two moments only if, between them, the class falls below this share of the lesser: a long laugh has
many peaks and is one moment."""


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


def peaks(times: NDArray[np.float64], curve: NDArray[np.float64], count: int) -> list[int]:
    """The ``count`` highest peaks of ``curve`` ``[T]`` that are moments of their own, highest first.

    A peak is higher than what comes before it and not lower than what comes after. It has to be far enough from every
    higher one, and parted from it by a valley.
    """
    padded = np.concatenate([[-np.inf], curve, [-np.inf]])
    candidates = np.flatnonzero((curve > padded[:-2]) & (curve >= padded[2:]))
    lowest = _Lowest(curve)
    chosen: list[int] = []  # in the order of time
    ranked: list[int] = []
    for i in candidates[np.argsort(-curve[candidates], kind="stable")].tolist():
        if len(ranked) == count:
            break
        place = bisect_left(chosen, i)
        # Behind the nearest one on either side, every valley is at least as deep.
        near = chosen[max(0, place - 1) : place + 1]
        if all(
            abs(times[i] - times[j]) >= APART_S and lowest.between(*sorted((i, j))) < VALLEY * curve[i] for j in near
        ):
            chosen.insert(place, i)
            ranked.append(i)
    return ranked


def strongest(candidates: Iterable[Moment], count: int) -> list[Moment]:
    """The ``count`` strongest of ``candidates`` that are far enough from any stronger one, strongest first."""
    chosen: list[Moment] = []
    for moment in sorted(candidates, key=lambda each: (-each.probability, each.time, each.face_id)):
        if len(chosen) == count:
            break
        if all(abs(moment.time - other.time) >= APART_S for other in chosen):
            chosen.append(moment)
    return chosen


class _Lowest:
    """Finds the least value of any stretch of a curve at once, after a preparation of ``T log T``."""

    def __init__(self, curve: NDArray[np.float64]) -> None:
        # Row k holds the least of the 2**k values from each place on.
        self._rows = [curve]
        while len(self._rows[-1]) > 1 << (len(self._rows) - 1):
            last, step = self._rows[-1], 1 << (len(self._rows) - 1)
            self._rows.append(np.minimum(last[:-step], last[step:]))

    def between(self, first: int, last: int) -> float:
        """The least from ``first`` to ``last``, both of them counted."""
        k = (last - first + 1).bit_length() - 1
        return float(min(self._rows[k][first], self._rows[k][last + 1 - (1 << k)]))
