"""How the window itself does: how late its pictures are, and how much of a core its thread takes. Knows no Qt."""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass

REMEMBERED_S = 10.0
"""What the figures are taken over."""


@dataclass(frozen=True, slots=True)
class Lag:
    """Milliseconds from the capture of a picture to its painting; nan while none was painted."""

    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Sample:
    """The last ten seconds; nan is not known yet.

    ``painted_fps`` is pictures a second, ``load`` what the window's thread takes as a share of a core, ``memory_mb``
    what the process holds, in millions of bytes.
    """

    painted_fps: float
    lag_ms: Lag
    load: float
    memory_mb: float


class Meter:
    """Is told of every painting by :meth:`add`, and asked by :meth:`sample`, about once a second, by the same thread.

    ``clock`` gives wall and ``busy`` the thread's own seconds; ``memory`` what the process holds, in bytes.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        busy: Callable[[], float] = time.thread_time,
        memory: Callable[[], int] | None = None,
    ) -> None:
        self._clock = clock
        self._busy = busy
        self._memory = memory or _resident
        self._lags: deque[tuple[float, float]] = deque()
        self._looks: deque[tuple[float, float]] = deque()
        self._last: Sample | None = None

    def add(self, lag: float) -> None:
        """A picture was painted, ``lag`` seconds after it was captured."""
        now = self._clock()
        self._lags.append((now, lag))
        self._forget(now)

    def sample(self) -> Sample:
        """The figures now."""
        now = self._clock()
        self._forget(now)
        self._looks.append((now, self._busy()))
        (since, before), (until, after) = self._looks[0], self._looks[-1]
        load = (after - before) / (until - since) if until > since else math.nan
        self._last = Sample(self._rate(), self._lag(), load, self._memory() / 1e6)
        return self._last

    def report(self) -> dict[str, object]:
        """The figures of the last :meth:`sample` for JSON: None for what is not known."""
        return {name: _for_json(value) for name, value in asdict(self._last or self.sample()).items()}

    def _forget(self, now: float) -> None:
        while self._lags and now - self._lags[0][0] > REMEMBERED_S:
            self._lags.popleft()
        # Two looks at least, or there would be no span between them.
        while len(self._looks) > 1 and now - self._looks[1][0] >= REMEMBERED_S:
            self._looks.popleft()

    def _rate(self) -> float:
        if len(self._lags) < 2:
            return math.nan
        span = self._lags[-1][0] - self._lags[0][0]
        return (len(self._lags) - 1) / span if span > 0 else math.nan

    def _lag(self) -> Lag:
        ordered = sorted(lag for _, lag in self._lags)
        return Lag(*(1000 * quantile(ordered, share) for share in (0.50, 0.95, 0.99)))


def quantile(ordered: list[float], share: float) -> float:
    """The value below which ``share`` (0..1) of ``ordered`` lies, between its neighbours; nan of nothing."""
    if not ordered:
        return math.nan
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _for_json(value: object) -> object:
    if isinstance(value, dict):
        return {name: _for_json(part) for name, part in value.items()}
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 3)
    return value


def _resident() -> int:
    import psutil  # noqa: PLC0415 - nobody asks before the window is on the screen

    return int(psutil.Process().memory_info().rss)
