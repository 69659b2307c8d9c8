"""Plays what is not live at its own speed."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Self

from realtime.records import Frame

if TYPE_CHECKING:  # loads OpenCV, which the window does not wait for
    from realtime.sources.base import Source, SourceInfo

STILL_S = 2.0
"""How long each of several pictures stays."""
_LATE_S = 0.25
"""Further behind than this, time lost is not made up for: the rest would rush by."""


class Paced:
    """A source whose frames come when they are due: by their own times, or, for pictures, one after the other.

    It owns ``source``, and closes it. ``clock`` gives monotonic seconds.
    """

    def __init__(self, source: "Source", *, clock: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._clock = clock
        self._closed = threading.Event()
        self._origin: float | None = None

    @property
    def info(self) -> "SourceInfo":
        return self._source.info

    def __iter__(self) -> Iterator[Frame]:
        self._origin = None
        for frame in self._source:
            if delay := self.delay(frame):
                self._closed.wait(delay)
            yield frame

    def delay(self, frame: Frame) -> float:
        """Seconds from now until ``frame`` is due; 0 for the first, and for one that is late."""
        time_of = frame.index * STILL_S if self.info.still else frame.time
        now = self._clock()
        if self._origin is None or now - (self._origin + time_of) > _LATE_S:
            self._origin = now - time_of
        return max(0.0, self._origin + time_of - now)

    def close(self) -> None:
        """End the iteration that is under way, and its waiting; from any thread, twice is once."""
        self._closed.set()
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
