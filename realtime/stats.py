"""Counts and times of a run: what each stage did, dropped and took."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

T = TypeVar("T")

_REMEMBERED = 4096
"""Durations kept for the percentiles: the latest, in constant memory."""
_RATE_SECONDS = 2.0
"""The span that the frame rate is taken over."""


@dataclass(frozen=True, slots=True)
class Percentiles:
    """In milliseconds; nan while nothing was measured."""

    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class StageSnapshot:
    """How often a stage ran, how much it dropped, and how long it took; ``mean_ms`` is over the whole run."""

    count: int
    dropped: int
    ms: Percentiles
    mean_ms: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A run at one moment. ``fps`` is over the last two seconds, ``mean_fps`` from the first frame to the last."""

    frames: int
    fps: float
    mean_fps: float
    latency_ms: Percentiles
    stages: dict[str, StageSnapshot]

    @property
    def dropped(self) -> int:
        """Frames dropped by any stage."""
        return sum(stage.dropped for stage in self.stages.values())


class _Durations:
    """The latest durations, in seconds."""

    def __init__(self) -> None:
        self.count = 0
        self.dropped = 0
        self.seconds = 0.0
        self._latest = np.zeros(_REMEMBERED)

    def add(self, seconds: float) -> None:
        self._latest[self.count % _REMEMBERED] = seconds
        self.count += 1
        self.seconds += seconds

    @property
    def mean_ms(self) -> float:
        return 1000 * self.seconds / self.count if self.count else float("nan")

    def percentiles(self) -> Percentiles:
        seen = self._latest[: min(self.count, _REMEMBERED)]
        if not len(seen):
            return Percentiles(*[float("nan")] * 3)
        return Percentiles(*(float(value) for value in np.percentile(seen, [50, 95, 99]) * 1000))


class Statistics:
    """Collects from several threads; :meth:`snapshot` may be called from any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stages: dict[str, _Durations] = {}
        self._latency = _Durations()
        self.newest_latency = 0.0
        """Seconds from the capture of the frame that was read last to its reading."""
        self._started: float | None = None
        self._last = 0.0
        self._mark = (0.0, 0)
        self._fps = 0.0

    @contextmanager
    def timed(self, stage: str, runs: int = 1) -> Iterator[None]:
        """Time ``stage``, and count it as so many ``runs`` of equal length."""
        began = time.perf_counter()
        yield
        self._add(stage, (time.perf_counter() - began) / runs, runs)

    def timed_each(self, stage: str, items: Iterable[T]) -> Iterator[T]:
        """Pass ``items`` on, and count and time the making of each as one run of ``stage``."""
        making = iter(items)
        while True:
            began = time.perf_counter()
            try:
                item = next(making)
            except StopIteration:
                return
            self._add(stage, time.perf_counter() - began)
            yield item

    def set_dropped(self, stage: str, count: int) -> None:
        """Say how many frames ``stage`` has dropped in all."""
        with self._lock:
            self._stages.setdefault(stage, _Durations()).dropped = count

    def finished_frame(self, latency: float) -> None:
        """Count a frame whose reading took ``latency`` seconds from its capture."""
        now = time.perf_counter()
        with self._lock:
            if self._started is None:
                # A rate counts the frames after the one that it starts with.
                self._started, self._mark = now, (now, 1)
            self._last = now
            self._latency.add(latency)
            self.newest_latency = latency
            since, frames = self._mark
            if now - since >= _RATE_SECONDS:
                self._fps = (self._latency.count - frames) / (now - since)
                self._mark = (now, self._latency.count)

    @property
    def dropped(self) -> int:
        """Frames dropped by any stage up to now."""
        with self._lock:
            return sum(stage.dropped for stage in self._stages.values())

    def snapshot(self) -> Snapshot:
        """The run up to now."""
        with self._lock:
            frames = self._latency.count
            elapsed = self._last - self._started if self._started is not None else 0.0
            mean = (frames - 1) / elapsed if elapsed > 0 else 0.0
            stages = {
                name: StageSnapshot(stage.count, stage.dropped, stage.percentiles(), stage.mean_ms)
                for name, stage in self._stages.items()
            }
            return Snapshot(frames, self._fps or mean, mean, self._latency.percentiles(), stages)

    def _add(self, stage: str, seconds: float, runs: int = 1) -> None:
        with self._lock:
            durations = self._stages.setdefault(stage, _Durations())
            for _ in range(runs):
                durations.add(seconds)
