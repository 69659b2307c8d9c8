"""How much there is to read, and how long it will take: known roughly from the first seconds on, then better."""

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import av.error

_FRAMES_A_SECOND = 30.0
"""Where a file says how long it is but not how many frames it has."""


def announced_frames(files: Sequence[Path]) -> float | None:
    """How many frames ``files`` announce; pictures are one each. None where a video does not say or cannot be read."""
    if len(files) > 1:
        return len(files)
    try:
        with av.open(str(files[0].absolute()), options={"protocol_whitelist": "file"}) as container:
            stream = container.streams.video[0]
            seconds = (container.duration or 0) / av.time_base
            return stream.frames or seconds * float(stream.average_rate or _FRAMES_A_SECOND) or None
    except (av.error.FFmpegError, OSError, IndexError, ValueError):
        return None


class Amounts:
    """Looks up, in a thread of its own, how many frames each of ``files`` has; until then its size has to do.

    A file of which nothing is known is taken to have as many frames a byte as the others. Runs while it is entered.
    """

    def __init__(self, files: Mapping[int, Sequence[Path]], sizes: Mapping[int, int]) -> None:
        self._files = files
        self._sizes = sizes
        self._frames: dict[int, float] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look, name="mien-amounts", daemon=True)

    def all(self) -> dict[int, float]:
        """Those of all, by number; 1 each while nothing at all is known."""
        known = dict(self._frames)
        total = sum(self._sizes[number] for number in known)
        a_byte = sum(known.values()) / total if total else 0.0
        return {number: known.get(number) or a_byte * size or 1.0 for number, size in self._sizes.items()}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join()

    def _look(self) -> None:
        for number, files in self._files.items():
            if self._stopped.is_set():
                return
            frames = announced_frames(files)
            if frames:
                self._frames[number] = frames


class Estimate:
    """How far all is together, of what each has as its amount and how far each is in it."""

    def __init__(self, amounts: Callable[[], Mapping[int, float]], clock: Callable[[], float]) -> None:
        self._amounts = amounts
        self._clock = clock
        self._began: float | None = None
        self._shares: dict[int, float] = {}

    def move(self, number: int, share: float) -> None:
        """The one with this number is so far, in 0..1; one that failed has come to its end as well."""
        self._shares[number] = share
        if self._began is None:
            self._began = self._clock()

    @property
    def ended(self) -> int:
        """How many have come to their end."""
        return sum(share >= 1.0 for share in self._shares.values())

    @property
    def share(self) -> float:
        """0..1."""
        done, total = self._done()
        return done / total if total else 1.0

    @property
    def left(self) -> float | None:
        """Seconds; None before anything has moved."""
        done, total = self._done()
        if not done or self._began is None:
            return None
        return (self._clock() - self._began) * (total - done) / done

    def _done(self) -> tuple[float, float]:
        amounts = self._amounts()
        return sum(share * amounts[number] for number, share in self._shares.items()), sum(amounts.values())
