"""A series with no more points than the screen has columns, and every peak still there."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

GAP_S = 0.5
"""Readings that are further apart are not joined by a line: the face was not there."""


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """``times`` float64 ``[N]`` in seconds, rising; ``values`` float32 ``[N, K]`` without NaN; ``starts`` bool ``[N]``,
    where no line comes from the sample before.
    """

    times: NDArray[np.float64]
    values: NDArray[np.float32]
    starts: NDArray[np.bool_]

    @classmethod
    def of(cls, times: NDArray[np.float64], values: NDArray[np.float32], gap: float = GAP_S) -> Self:
        """Leave out the rows of ``values`` with NaN, and break there and where ``times`` leave over ``gap`` seconds.

        Raises ``ValueError`` where ``values`` is not ``[N, K]`` for the N ``times``.
        """
        if values.ndim != 2 or times.shape != values.shape[:1]:
            raise ValueError(f"Samples: expected times [N] and values [N, K], got {times.shape} and {values.shape}")
        there = np.flatnonzero(~np.isnan(values).any(axis=1))
        times, values = times[there], values[there]
        starts = np.ones(len(there), bool)
        starts[1:] = (np.diff(times) > gap) | (np.diff(there) > 1)
        return cls(times, values, starts)


def decimate(
    samples: Samples, left: float, right: float, columns: int
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """The points to draw ``samples`` with between the seconds ``left`` and ``right`` on so many ``columns`` of pixels.

    Times float64 ``[M]`` and values float32 ``[M, K]``: as they are where there are few, else the least and the
    greatest of each column. A row of NaN breaks the line. The line goes on to just beyond both edges. Columns lie on
    a grid of the time itself, so that their points stay what they are while a view moves.
    """
    width = (right - left) / max(1, columns)
    begin = max(0, int(np.searchsorted(samples.times, np.floor(left / width) * width)) - 1)
    end = int(np.searchsorted(samples.times, np.ceil(right / width) * width, side="right")) + 1
    times, values, starts = samples.times[begin:end], samples.values[begin:end], samples.starts[begin:end]
    if len(times) <= 2 * columns:
        return _broken(times, values, np.flatnonzero(starts[1:]) + 1)
    return _extremes(times, values, starts, np.floor(times / width))


def _extremes(
    times: NDArray[np.float64], values: NDArray[np.float32], starts: NDArray[np.bool_], column: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Two points for each column, or for each part of one that a gap divides."""
    first = np.flatnonzero(np.append(True, (np.diff(column) != 0) | starts[1:]))
    last = np.append(first[1:], len(times)) - 1
    low, high = np.minimum.reduceat(values, first), np.maximum.reduceat(values, first)
    falling = values[first] > values[last]
    points = np.empty((2 * len(first), values.shape[1]), np.float32)
    points[0::2], points[1::2] = np.where(falling, high, low), np.where(falling, low, high)
    when = np.stack([times[first], times[last]], axis=1).ravel()
    return _broken(when, points, 2 * (np.flatnonzero(starts[first[1:]]) + 1))


def _broken(
    times: NDArray[np.float64], values: NDArray[np.float32], before: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """With a row of NaN before each of those indices."""
    if not len(before):
        return times, values
    return np.insert(times, before, times[before]), np.insert(values, before, np.nan, axis=0)
