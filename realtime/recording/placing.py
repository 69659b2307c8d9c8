"""Brings what a stream shows into a recording's own measures: its numbers, its time, and the pixels of its video."""

from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic

import numpy as np

from realtime.records import Frame, Reading
from realtime.sinks.fitting import place

_STEP_S = 1 / 30
"""What follows a jump back comes so much later."""
_LATE_S = 60.0
"""A live frame that claims to be older than this goes by another clock."""

Size = tuple[int, int]
"""Height and width in pixels."""


class Timeline:
    """Numbers frames from 0 and counts their seconds from the first one's.

    A gap stays a gap: the camera was gone. Where the stream jumps back (somebody seeks), the recording goes on.
    """

    def __init__(self) -> None:
        self.frames = 0
        self.seconds = 0.0
        self._origin = 0.0

    def place(self, frame: Frame, reading: Reading) -> tuple[Frame, Reading]:
        """The same, with the index and the time that they have in the recording."""
        if not self.frames:
            self._origin = frame.time
        elif frame.time - self._origin < self.seconds:
            self._origin = frame.time - self.seconds - _STEP_S
        index, self.frames, self.seconds = self.frames, self.frames + 1, frame.time - self._origin
        return replace(frame, index=index, time=self.seconds), replace(reading, index=index, time=self.seconds)


def in_pixels_of(size: Size, frame: Size, reading: Reading) -> Reading:
    """``reading`` of a frame of one size with its boxes in the pixels of a video of another, ``size``."""
    left, top, width, height = place(frame, size)
    if (height, width) == frame:
        return reading
    scale = np.array([width / frame[1], height / frame[0]] * 2, np.float32)
    shift = np.array([left, top, 0, 0], np.float32)
    return replace(reading, faces=tuple(replace(face, box=face.box * scale + shift) for face in reading.faces))


def wall_clock(frame: Frame, *, live: bool) -> str:
    """When ``frame`` was taken, or of a file is shown, by the clock on the wall: ISO 8601, with its zone."""
    late = monotonic() - frame.time if live else 0.0
    taken = datetime.now().astimezone() - timedelta(seconds=late if 0 <= late < _LATE_S else 0.0)
    return taken.isoformat(timespec="milliseconds")
