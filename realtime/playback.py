"""Plays a file or pictures at their own speed, for somebody who stops, goes back and slows down."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Self

from engines.errors import SourceError
from realtime.records import Frame
from realtime.sources.base import Seekable, Source, SourceInfo
from realtime.sources.pictures import STILL_S

SLOWEST, FASTEST = 0.25, 4.0
"""Within these is the speed, in seconds of the film a second."""

_LATE_S = 0.25
"""Further behind than this, time lost is not made up for: the rest would rush by."""
_SAME_S = 1e-6
"""Positions that differ by less are one: they are sums."""
_UNDER_WAY = 16
"""More frames than are ever on their way through the pipeline at once."""


class FilmClock:
    """Says where a film is by now, in seconds from its beginning. ``clock`` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._speed = 1.0
        self._position = 0.0
        self._since: float | None = clock()

    @property
    def position(self) -> float:
        """Seconds of the film that have gone by."""
        passed = 0.0 if self._since is None else self._clock() - self._since
        return self._position + passed * self._speed

    @property
    def speed(self) -> float:
        """Seconds of the film a second."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self.move(self.position)
        self._speed = speed

    def move(self, position: float) -> None:
        """Be at ``position`` now."""
        self._position = position
        if self._since is not None:
            self._since = self._clock()

    def halt(self) -> None:
        """Stand still from now on."""
        self._position, self._since = self.position, None

    def run(self) -> None:
        """Go on from here."""
        if self._since is None:
            self._since = self._clock()

    def delay(self, position: float) -> float:
        """Seconds from now until ``position`` is due; 0 if it is late. Far too late, the clock is put back to it."""
        delay = (position - self.position) / self._speed
        if delay < -_LATE_S:
            self.move(position)
        return max(0.0, delay)


class _Reel:
    """The frames of a source from any place on, the next one at hand. For one thread."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._first = source.first_time if isinstance(source, Seekable) else None
        self._frames: Iterator[Frame] = iter(())
        self._next: Frame | None = None
        self.frame_s = STILL_S if source.info.still else 1.0 / (source.info.fps or 25.0)

    def position_of(self, frame: Frame) -> float:
        """Seconds from the beginning."""
        return frame.index * STILL_S if self._source.info.still else frame.time - (self._first or 0.0)

    def peek(self) -> Frame | None:
        """The next frame, None after the last. Raises what the source raises."""
        if self._next is None:
            self._next = next(self._frames, None)
            if self._first is None and self._next is not None:
                self._first = self._next.time
        return self._next

    def take(self) -> Frame | None:
        """The next frame, in whose place the one after it comes."""
        frame, self._next = self.peek(), None
        return frame

    def go_to(self, position: float) -> None:
        """Let the next frame be the first at ``position`` or after it; the first of all where there is no choice."""
        self._next = None
        self._frames = self._source.frames(position) if isinstance(self._source, Seekable) else iter(self._source)

    def go_before(self, position: float) -> None:
        """Let the next frame be the last before ``position``."""
        back = 2 * self.frame_s
        while True:
            self.go_to(max(0.0, position - back))
            before: Frame | None = None
            while (frame := self.peek()) is not None and self.position_of(frame) < position - _SAME_S:
                before = self.take()
            if before is not None:
                self._frames = self._frames if frame is None else chain([frame], self._frames)
                self._next = before
            if before is not None or back >= position:
                return
            back *= 2


class Playback:
    """A source that gives the frames of another when they are due, and is steered meanwhile, from any thread.

    Video is played by its own times, pictures by ``STILL_S`` for each; frames come no faster than they are read, and
    none is left out. At the end the iteration does not end but waits, ended and paused, until it is sent elsewhere or
    closed. Positions are in seconds from the beginning. ``Frame.time`` stays the file's own, and so falls or leaps when
    somebody seeks; ``Frame.index`` counts the frames that were given, and never falls. It owns ``source``, which it
    closes. Runs no thread.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._can_seek = isinstance(source, Seekable)
        self._changed = threading.Condition()
        self._clock = FilmClock()
        self._closed = False
        self._paused = False
        self._ended = False
        self._wanted: float | None = None
        self._sought: float | None = None
        self._steps = 0
        self._position = 0.0
        self._end: float | None = None
        self._given = 0
        self._fresh = 0
        self._landed: deque[int] = deque(maxlen=_UNDER_WAY)

    @property
    def info(self) -> SourceInfo:
        return self._source.info

    @property
    def can_seek(self) -> bool:
        """Whether :meth:`seek` and a step back do anything."""
        return self._can_seek

    @property
    def paused(self) -> bool:
        """Whether it stands still; also at the end."""
        return self._paused

    @property
    def ended(self) -> bool:
        """Whether it has come to the end, and waits there."""
        return self._ended

    @property
    def position(self) -> float:
        """Where the newest frame is; a place that it was sent to, even before the frame from there has come."""
        with self._changed:
            if self._ended and self._end is not None:
                return self._end
            sent = self._sought if self._wanted is None else self._wanted
            return self._position if sent is None else sent

    @property
    def duration(self) -> float | None:
        """How long it is, as announced, or as it was found to be; None as long as that is not known."""
        info = self.info
        announced = info.frames and info.frames * STILL_S if info.still else info.duration
        return announced or self._end

    @property
    def speed(self) -> float:
        """Seconds of the film a second, from ``SLOWEST`` to ``FASTEST``. Raises ``ValueError`` when set to another."""
        return self._clock.speed

    @speed.setter
    def speed(self, speed: float) -> None:
        if not SLOWEST <= speed <= FASTEST:
            raise ValueError(f"speed: expected {SLOWEST} to {FASTEST}, got {speed}")
        with self._changed:
            self._clock.speed = speed
            self._changed.notify_all()

    def pause(self) -> None:
        """Stand still on the picture that is shown."""
        with self._changed:
            self._halt()

    def resume(self) -> None:
        """Go on; from the beginning, where the end was reached."""
        with self._changed:
            if self._ended:
                self._send_to(0.0)
            self._paused = False
            self._clock.run()
            self._changed.notify_all()

    def seek(self, seconds: float) -> None:
        """Go on from the first frame at ``seconds`` or after it, or show that one if paused.

        Raises ``ValueError`` for what is no number of seconds.
        """
        if not math.isfinite(seconds):
            raise ValueError(f"seek: expected seconds, got {seconds}")
        with self._changed:
            if self._can_seek:
                self._send_to(max(0.0, seconds))

    def step(self, frames: int) -> None:
        """Pause, and show the next frame (1) or the one before (-1)."""
        with self._changed:
            self._halt()
            if frames > 0 or self._can_seek:
                self._steps += frames
                self._changed.notify_all()

    def is_outdated(self, frame: Frame) -> bool:
        """Whether ``frame`` was only on the way to where somebody has left from.

        The frames that were asked for one by one never are: who drags a slider wants to see where he goes.
        """
        with self._changed:
            return frame.index < self._fresh and frame.index not in self._landed

    def close(self) -> None:
        """End the iteration that is under way, and its waiting; from any thread, twice is once."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Frame]:
        with self._changed:
            if self._closed:
                raise SourceError(f"{self.info.name} has been closed: open it again to read it")
            self._given = self._fresh = 0
            self._landed.clear()
            self._send_to(0.0 if self._wanted is None else self._wanted)
        return self._play(_Reel(self._source))

    # Called with the lock held.

    def _halt(self) -> None:
        self._paused = True
        self._clock.halt()
        self._changed.notify_all()

    def _send_to(self, position: float) -> None:
        self._wanted = position
        self._steps = 0
        self._ended = False
        self._fresh = self._given
        self._changed.notify_all()

    def _give(self, reel: _Reel, *, asked_for: bool) -> Frame | None:
        """The next frame of ``reel``, which is at hand, with its number."""
        frame = reel.take()
        self._sought = None
        if frame is None:
            return None
        self._ended = False
        self._position = reel.position_of(frame)
        if asked_for:
            self._clock.move(self._position)
            self._landed.append(self._given)
        self._given += 1
        return replace(frame, index=self._given - 1)

    def _is_due(self, position: float) -> bool:
        """Wait until ``position`` is due, unless something else is wanted before."""
        while not (self._closed or self._paused or self._wanted is not None or self._steps):
            delay = self._clock.delay(position)
            if delay == 0:
                return True
            self._changed.wait(delay)
        return False

    # Called by the thread that iterates, without the lock: reading takes its time.

    def _play(self, reel: _Reel) -> Iterator[Frame]:
        while not self._closed:
            frame = self._elsewhere(reel) if self._is_sent() else self._onward(reel)
            if frame is not None:
                yield frame

    def _is_sent(self) -> bool:
        """Wait until there is something to do; whether that is to go elsewhere: to ``_sought``, or one frame back."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._wanted is not None or self._steps or not self._paused)
            self._sought, self._wanted = self._wanted, None
            if self._sought is None and self._steps < 0:
                self._steps += 1
                return True
            return self._sought is not None

    def _elsewhere(self, reel: _Reel) -> Frame | None:
        """The frame at the place that was sought, or the one before; None where there is none."""
        if self._sought is not None:
            reel.go_to(self._sought)
        elif self._position > _SAME_S:
            reel.go_before(self._position)
        else:
            return None
        reel.peek()
        with self._changed:
            return self._give(reel, asked_for=True)

    def _onward(self, reel: _Reel) -> Frame | None:
        """The next frame when it is due, or at once for a step; None where something else is wanted first."""
        frame = reel.peek()
        with self._changed:
            if frame is None:
                self._finish(self._position + reel.frame_s)
                return None
            if self._steps > 0:
                self._steps -= 1
                return self._give(reel, asked_for=True)
            return self._give(reel, asked_for=False) if self._is_due(reel.position_of(frame)) else None

    def _finish(self, end: float) -> None:
        """Wait until the last frame has had its time, and stand there."""
        if self._steps > 0 or self._is_due(end):
            self._steps = 0
            self._end = end
            self._ended = True
            self._halt()
