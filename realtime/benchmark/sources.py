"""Sources made for measuring: over and over, in real time, one frame at a time, drawn beforehand."""

import math
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from realtime.records import Frame
from realtime.sources import Source, SourceInfo, SyntheticSource
from realtime.sources.base import Closable

_DRAWN = 31
"""Pictures of a scene. Forth and back they make two seconds, and 86 MB at 1280x720."""


class _Around(Closable):
    """A source made of another one, which it owns; its ``info`` is that one's but for what is ``changed``."""

    def __init__(self, source: Source, **changed: Any) -> None:
        super().__init__()
        self._source = source
        self.info: SourceInfo = replace(source.info, **changed)

    def close(self) -> None:
        """End the iteration that is under way, and close the source; twice is once."""
        super().close()
        self._source.close()


class Loop(_Around):
    """``source`` again and again for ``seconds`` of the clock, indices and times counting on. Owns ``source``."""

    def __init__(self, source: Source, seconds: float) -> None:
        super().__init__(source, frames=None, duration=None)
        self._seconds = seconds

    def __iter__(self) -> Iterator[Frame]:
        until = time.monotonic() + self._seconds
        index, offset, last, step = 0, 0.0, 0.0, 1 / (self.info.fps or 30)
        # Asked here as well, or a source without a frame would be opened for ever.
        while time.monotonic() < until and not self._closed.is_set():
            first: float | None = None
            for frame in self._source:
                if time.monotonic() >= until or self._closed.is_set():
                    return
                first = frame.time if first is None else first
                last = offset + frame.time - first
                # A camera's times are the clock's, which latency is told by.
                yield Frame(frame.image, index, frame.time if self.info.live else last)
                index += 1
            offset = last + step


class RealTime(_Around):
    """``source`` as a camera would give it, ``rate`` frames a second, whatever its own rate. Owns ``source``.

    A picture is decoded before it is due, and has the time at which it was handed over, as if captured just then.
    """

    def __init__(self, source: Source, rate: float = 30.0) -> None:
        super().__init__(source, live=True, fps=rate)
        self._step = 1 / rate

    def __iter__(self) -> Iterator[Frame]:
        due = 0.0
        for frame in self._source:
            due = due or time.monotonic()
            if self._closed.wait(max(0.0, due - time.monotonic())):
                return
            now = time.monotonic()
            yield Frame(frame.image, frame.index, now)
            due += self._step * max(1, math.ceil((now - due) / self._step))  # late is late: no burst to catch up


class OneByOne(_Around):
    """``source``, where a frame comes only once :meth:`go_on` was called for the one before. Owns ``source``.

    So nothing that is done to a frame runs beside anything else. ``seconds`` is what the reading of the frames took.
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source, name=f"{source.info.name}, one frame at a time")
        self.seconds: list[float] = []
        self._may_go_on = threading.Semaphore(1)

    def __iter__(self) -> Iterator[Frame]:
        frames = iter(self._source)
        while self._may_go_on.acquire() and not self._closed.is_set():
            began = time.perf_counter()
            frame = next(frames, None)
            if frame is None:
                return
            self.seconds.append(time.perf_counter() - began)
            yield frame

    def is_outdated(self, frame: Frame) -> bool:  # noqa: ARG002 - it is only sent onwards
        """Never; but so it is a steered source, of which the pipeline waits for no further frame to read together."""
        return False

    def go_on(self) -> None:
        """The frame that was given has been read."""
        self._may_go_on.release()

    def close(self) -> None:
        """As :meth:`_Around.close`, also while a frame is waited for."""
        super().close()
        self._may_go_on.release()


class Scene(Closable):
    """``frames`` frames of a room with so many drawn ``faces``, 30 a second.

    They are drawn before the first is read, so that drawing takes no time from what is measured.
    """

    def __init__(self, width: int, height: int, faces: int, frames: int = 300) -> None:
        super().__init__()
        with SyntheticSource(width=width, height=height, faces=faces, frames=frames) as drawn:
            self.info = replace(drawn.info, name=f"synthetic, {faces} {'face' if faces == 1 else 'faces'}")
            self._rate = self.info.fps or 30.0
            forth = [drawn.image_at(number / self._rate) for number in range(_DRAWN)]
        self._images = [*forth, *forth[-2:0:-1]]
        self._frames = frames

    def __iter__(self) -> Iterator[Frame]:
        self._expect_open(self.info.name)
        for index in range(self._frames):
            if self._closed.is_set():
                return
            yield Frame(self._images[index % len(self._images)], index, index / self._rate)
