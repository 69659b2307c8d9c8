"""A face over time, in as many numbers for two hours as for two minutes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST = 600
"""Bins at most: a page is not much wider in points."""
_NARROWEST_S = 0.1
_ROUNDING = 1e-6
"""A time that is the edge of a bin but for the last digit belongs to the later one."""
_GAP_S = 1.0
"""A face that is seen again so soon was there meanwhile: few frames a second are no gaps."""


@dataclass(frozen=True, slots=True, eq=False)
class Bin:
    """The mean ``probabilities`` float ``[K]`` of a face from ``start`` to ``end`` (seconds); ``unsure`` in 0..1."""

    start: float
    end: float
    probabilities: NDArray[np.float64]
    unsure: float


class Bins:
    """Sums over equal spans of time, which double whenever they would become more than ``MOST``."""

    def __init__(self, classes: int, start: float) -> None:
        self.width = _NARROWEST_S
        self._start = start
        self._sums = np.zeros((MOST, classes))
        self._counts = np.zeros(MOST, np.int64)
        self._unsure = np.zeros(MOST, np.int64)

    def add(self, time: float, probabilities: NDArray[np.float32], *, unsure: bool) -> None:
        """Add a reading; ``time`` is no earlier than the start."""
        while (place := int((time - self._start) / self.width + _ROUNDING)) >= MOST:
            self._double()
        self._sums[place] += probabilities
        self._counts[place] += 1
        self._unsure[place] += unsure

    @property
    def frames(self) -> int:
        """The readings in all."""
        return int(self._counts.sum())

    def __iter__(self) -> Iterator[Bin]:
        """The bins in which the face was seen."""
        places = np.flatnonzero(self._counts)
        for place, following in zip(places, np.append(places[1:], MOST * 2), strict=True):
            apart = float(following - place) * self.width
            start, count = self._start + float(place) * self.width, self._counts[place]
            end = start + (apart if apart <= max(_GAP_S, self.width) else self.width)
            yield Bin(start, end, self._sums[place] / count, float(self._unsure[place] / count))

    def _double(self) -> None:
        self.width *= 2
        for sums in (self._sums, self._counts, self._unsure):
            sums[: MOST // 2] = sums[0::2] + sums[1::2]
            sums[MOST // 2 :] = 0
