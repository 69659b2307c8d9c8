"""Reads a source in a thread of its own, as far ahead as suits it.

A live source keeps only its newest frame, and counts what it drops; a file is read ahead a little, and loses nothing. A
source that is steered loses nothing either, and is read a single frame ahead, so that it obeys at once.
"""

import threading
from collections.abc import Iterable, Iterator
from typing import Self

from realtime.records import Frame
from realtime.sources.base import Source, Steered
from realtime.sources.channel import Channel

_AHEAD = 8
"""Frames of a file that wait to be used."""
_FAREWELL_S = 5.0
"""How long closing waits for the thread, which ends as soon as the frame that it is reading is there."""


class Capture:
    """Hands the frames of ``source`` from the thread that reads it to the one that uses them, in order.

    An error of the source is raised in the using thread, after the frames that were read before it. Runs one thread,
    which ends with the source or with :meth:`close`, and holds at most ``depth`` frames that nobody has asked for.
    """

    def __init__(self, source: Source, depth: int, *, drop_oldest: bool, frames: Iterable[Frame] | None = None) -> None:
        """``frames`` is ``source`` as it is to be read, if not as it is: timed, say."""
        self._source = source
        self._frames = source if frames is None else frames
        self._channel: Channel[Frame] = Channel(depth, drop_oldest=drop_oldest)
        self._thread = threading.Thread(target=self._run, name=f"capture {source.info.name}", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Frames that were read and then replaced by newer ones before anybody asked for them."""
        return self._channel.dropped

    def get(self, timeout: float | None = None) -> Frame | None:
        """Wait for the next frame (of a live source, one newer than the last); None after the last one.

        Raises ``TimeoutError`` where none came within ``timeout`` seconds, and what the source raised.
        """
        return self._channel.get(timeout)

    def __iter__(self) -> Iterator[Frame]:
        """The frames until the end; leaving the loop early closes the capture."""
        try:
            while (frame := self.get()) is not None:
                yield frame
        finally:
            self.close()

    def close(self) -> None:
        """End the thread, and with it a live or steered source, whose next frame may never come; twice is once.

        A file stays open to be read again, and is its owner's to close.
        """
        self._channel.close()
        if self._source.info.live or isinstance(self._source, Steered):
            self._source.close()
        self._thread.join(_FAREWELL_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _run(self) -> None:
        try:
            for frame in self._frames:
                if not self._channel.put(frame):
                    return
        except Exception as error:  # handed on to the thread that uses the frames
            self._channel.end(error)
        finally:
            self._channel.end()


def newest_frame(source: Source, frames: Iterable[Frame] | None = None) -> Capture:
    """Keep only the newest frame of ``source``: who asks late gets the latest, never a stale one."""
    return Capture(source, 1, drop_oldest=True, frames=frames)


def read_ahead(source: Source, depth: int = _AHEAD, frames: Iterable[Frame] | None = None) -> Capture:
    """Read up to ``depth`` frames ahead, then wait: nothing is dropped."""
    return Capture(source, depth, drop_oldest=False, frames=frames)


def capture(source: Source, frames: Iterable[Frame] | None = None) -> Capture:
    """Read ``source`` as suits it: the newest frame where it is live, read ahead where it is not."""
    if source.info.live:
        return newest_frame(source, frames)
    return read_ahead(source, 1 if isinstance(source, Steered) else source.info.room(_AHEAD), frames)
