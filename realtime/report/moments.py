"""The moments in which an expression is strongest, with a small picture of each."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from realtime.palette import UNSURE_ABOVE
from realtime.records import Face, Frame, Reading

EACH = 2
"""Moments of each expression."""
_APART_S = 2.0
"""Between two moments of one expression and face: its neighbours look the same."""
_STRONGER = 0.02
"""What a moment has to have over one that is kept, to be worth a picture."""
_SIDE = 160
_WIDER = 1.7
_QUALITY = 85


@dataclass(frozen=True, slots=True)
class Moment:
    """``picture`` is a JPEG of the face; ``name`` that of the file it is from, where that is a picture."""

    label: str
    probability: float
    time: float
    face_id: int
    picture: bytes
    name: str | None = None


class Moments:
    """Keeps the strongest of each class. A picture is only made of what is kept."""

    def __init__(self, *, still: bool) -> None:
        self._apart = 0.0 if still else _APART_S
        self._kept: dict[str, list[Moment]] = {}

    def add(self, frame: Frame, reading: Reading) -> None:
        """Look at the faces of a frame."""
        for face in reading.faces:
            if face.uncertainty <= UNSURE_ABOVE:
                self._consider(frame, reading, face)

    def __iter__(self) -> Iterator[Moment]:
        """In the order of time."""
        every = [moment for kept in self._kept.values() for moment in kept]
        return iter(sorted(every, key=lambda moment: (moment.time, -moment.probability)))

    def _consider(self, frame: Frame, reading: Reading, face: Face) -> None:
        kept = self._kept.setdefault(reading.label(face), [])
        rival = self._rival(kept, reading.time, face.face_id)
        if rival is not None and face.confidence <= rival.probability + _STRONGER:
            return
        if rival is not None:
            kept.remove(rival)
        picture = thumbnail(frame.image, face)
        kept.append(Moment(reading.label(face), face.confidence, reading.time, face.face_id, picture, frame.name))

    def _rival(self, kept: list[Moment], time: float, face_id: int) -> Moment | None:
        """What a moment at ``time`` would take the place of: its neighbour, or else the weakest where all are taken."""
        for moment in kept:
            if moment.face_id == face_id and abs(moment.time - time) < self._apart:
                return moment
        return min(kept, key=lambda moment: moment.probability) if len(kept) >= EACH else None


def thumbnail(image: NDArray[np.uint8], face: Face) -> bytes:
    """A JPEG of the square around ``face`` in ``image`` uint8 ``[H, W, 3]`` RGB."""
    x, y, w, h = (float(value) for value in face.box)
    half = max(1.0, _WIDER * max(w, h) / 2)
    middle = x + w / 2, y + h / 2
    left, top = (max(0, round(centre - half)) for centre in middle)
    right, bottom = (max(at + 1, round(centre + half)) for at, centre in zip((left, top), middle, strict=True))
    part = image[top:bottom, left:right]
    if not part.size:
        part = image
    scale = _SIDE / max(part.shape[:2])
    size = max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale))
    small = cv2.resize(part, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    _, encoded = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return encoded.tobytes()
