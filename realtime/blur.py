"""Makes faces unknowable in pictures that are handed on.

A face is brought down to a few pixels and those are smoothed: what was between them is gone for good. All that the
detector takes for a face is blurred, also where it is too unsure for it to be read, and what it found a moment ago; a
face that it never finds stays as it is.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from realtime.records import Frame, Reading

_MARGIN = 0.35
"""Of the box on each side: hair, ears and chin are outside of it, and tell who it is as well."""
_CELLS = 6
"""Pixels that are left of a face's width and height."""
_HOLD_S = 0.5
"""So long a face that is not found any more stays blurred where it was: one missed frame would give a person away."""

Box = NDArray[np.float32]


class FaceBlur:
    """Blurs the faces of a run of frames. ``still`` pictures have nothing to do with one another."""

    def __init__(self, *, still: bool) -> None:
        self._hold = -1.0 if still else _HOLD_S
        self._last: dict[int, tuple[float, Box]] = {}
        self._unread: list[tuple[float, Box]] = []

    def __call__(self, frame: Frame, reading: Reading) -> Frame:
        """``frame`` with what was found in it and in the last half second blurred; itself where there is nothing."""
        time = reading.time
        boxes = {face.face_id: (time, face.box) for face in reading.faces}
        self._last = {number: seen for number, seen in self._last.items() if self._holds(seen[0], time)} | boxes
        read = {face.box.tobytes() for face in reading.faces}
        unread = [(time, box) for box in reading.found if box.tobytes() not in read]
        self._unread = [seen for seen in self._unread if self._holds(seen[0], time)] + unread
        if not (self._last or self._unread):
            return frame
        picture = frame.image.copy()
        for _, box in (*self._last.values(), *self._unread):
            blur(picture, box)
        return Frame(picture, frame.index, frame.time, frame.name)

    def _holds(self, then: float, now: float) -> bool:
        return 0 <= now - then <= self._hold


def blur(picture: NDArray[np.uint8], box: Box) -> None:
    """Blur what is in and around ``box`` (left, top, width, height in pixels) of ``picture`` uint8 ``[H, W, 3]``."""
    left, top, right, bottom = _around(box, picture.shape[1], picture.shape[0])
    if right <= left or bottom <= top:
        return
    region = picture[top:bottom, left:right]
    few = cv2.resize(region, (_CELLS, _CELLS), interpolation=cv2.INTER_AREA)
    smooth = cv2.resize(few, region.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    region[:] = smooth


def _around(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    x, y, w, h = (float(value) for value in box)
    return (
        max(0, int(x - _MARGIN * w)),
        max(0, int(y - _MARGIN * h)),
        min(width, int(np.ceil(x + (1 + _MARGIN) * w))),
        min(height, int(np.ceil(y + (1 + _MARGIN) * h))),
    )
