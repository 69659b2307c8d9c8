"""The one thing that every source does: frames, one after the other."""

import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, Self, runtime_checkable

from engines.errors import SourceError
from realtime.records import Frame

Notice = Callable[[str], None]
"""Is told, in one line, what a person should know while a source goes on."""


LONGEST_SIDE = 2**15 - 2
"""Pixels of a picture's width or height, as far as OpenCV cuts and turns it."""
_WAITING_BYTES = 2**28
"""Of the frames that wait in one place: room for eight of 3840x2160."""


def say(line: str) -> None:
    """Tell the person at the terminal."""
    sys.stderr.write(f"{line}\n")


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of a source before its frames are read.

    ``width`` and ``height`` are in pixels, of the frames as they come out (turned upright). ``frames``, ``fps`` (frames
    a second) and ``duration`` (seconds) are what the source announces, None where it does not: good for progress and
    for encoding, never for telling the time of a frame. ``live`` says that frames are lost if they are not read in
    time; ``still``, that the pictures have nothing to do with one another: nothing is tracked or smoothed across them.
    """

    name: str
    live: bool
    width: int
    height: int
    frames: int | None = None
    fps: float | None = None
    duration: float | None = None
    still: bool = False

    def room(self, most: int) -> int:
        """How many of its frames may wait in one place: ``most``, or fewer where these would fill the memory."""
        # The next picture of a folder may be of any size.
        fitting = 1 if self.still else _WAITING_BYTES // max(1, 3 * self.width * self.height)
        return max(1, min(most, fitting))


class Source(Protocol):
    """Gives frames, uint8 ``[H, W, 3]`` RGB and contiguous, indices from 0, times that never fall.

    Only a :class:`Steered` source may have its times fall or leap, namely where it is sent elsewhere.

    One iteration at a time. A second one starts over at the first frame, or, where the source is live, goes on
    counting. ``close`` may be called from any thread, and ends an iteration that is under way. Reading raises
    ``SourceError`` where the source fails, and after ``close``.
    """

    @property
    def info(self) -> SourceInfo: ...

    def __iter__(self) -> Iterator[Frame]: ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


@runtime_checkable
class Seekable(Source, Protocol):
    """A source that can be read from any place in it."""

    @property
    def first_time(self) -> float:
        """``Frame.time`` of the first frame."""

    def frames(self, start: float = 0.0) -> Iterator[Frame]:
        """The frames from ``start`` on, in seconds from the first frame: at least one, the last, however late that is.

        An iteration like any other: one at a time, ended by ``close``.
        """


@runtime_checkable
class Steered(Source, Protocol):
    """A source that is stopped and sent elsewhere while it is read.

    Its next frame may never come, and what was read ahead may soon be of no use: so only one frame is.
    """

    def is_outdated(self, frame: Frame) -> bool:
        """Whether the source has been sent elsewhere since it gave ``frame``, which nobody waits for any more."""


class Closable:
    """A source's ``close``, once and from any thread, and its ``with``."""

    def __init__(self) -> None:
        self._closed = threading.Event()

    def close(self) -> None:
        """End the iteration that is under way; twice is once."""
        self._closed.set()

    def _expect_open(self, name: str) -> None:
        if self._closed.is_set():
            raise SourceError(f"{name} has been closed: open it again to read it")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
