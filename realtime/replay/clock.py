"""From a table's times to those of the video that is shown beside it."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import av

from engines.errors import SourceError
from realtime.replay.recorded import Recorded
from realtime.sources.video import VideoSource

_SAME_S = 0.001
"""Clocks that differ by less are the same: tables and videos round their times."""

_REORDERED = 32
"""Packets by which a frame may come later in the file than it is shown; no codec allows for more than 16."""


@dataclass(frozen=True, slots=True)
class Clock:
    """``offset`` seconds are to be added to a time of the video to get that of the table."""

    offset: float = 0.0

    def to_table(self, video_time: float) -> float:
        """When on the table's clock the video is at ``video_time``, both in seconds."""
        return video_time + self.offset

    @classmethod
    def between(cls, recorded: Recorded, video: Path) -> "Clock":
        """The clock of ``video``, which may be what the table was read from or any copy that has all its frames.

        A table counts as its source does. An annotated copy counts from its own beginning: from the first frame, or
        from the sound, if that began before. But both have the same first frame; and where the summary does not tell
        its time, as many frames before the first one with a face. Pictures have no clock but that of their show.
        Raises ``SourceError`` if ``video`` cannot be read.
        """
        if recorded.still:
            return cls()
        if recorded.first_time is not None:
            return cls(_unless_same(recorded.first_time - _first_time(video)))
        if recorded.first_seen is None:
            return cls()
        number, time = recorded.first_seen
        shown = _time_of(number, video)
        return cls() if shown is None else cls(_unless_same(time - shown))


def _unless_same(offset: float) -> float:
    return 0.0 if abs(offset) < _SAME_S else offset


def _first_time(video: Path) -> float:
    with VideoSource(video) as source:
        return next(iter(source)).time


def _time_of(number: int, video: Path) -> float | None:
    """When frame ``number`` is shown, by the packets alone; None if there are not so many."""
    try:
        with av.open(str(video.absolute()), options={"protocol_whitelist": "file"}) as container:
            stream = container.streams.best("video")
            shown = (
                float(packet.pts * packet.time_base)
                for packet in (container.demux(stream) if stream is not None else ())
                if packet.pts is not None and packet.time_base is not None and not packet.is_discard
            )
            times = sorted(islice(shown, number + 1 + _REORDERED))
    except (av.error.FFmpegError, OSError) as error:
        raise SourceError(f"{video} cannot be read as a video: it is of another kind, cut off or damaged") from error
    return times[number] if number < len(times) else None
