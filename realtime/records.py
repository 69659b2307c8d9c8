"""What flows through the pipeline: frozen records that check their own shapes.

``Frame -> Detection* -> Face* -> Reading``. Boxes and points are in pixels of the frame, times in seconds of the
stream's own clock.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

KEYPOINTS = 6
"""Points of a detection: right eye, left eye (the person's own), nose tip, mouth centre, right ear, left ear."""
NO_BOXES = np.empty((0, 4), np.float32)
UNKNOWN_POINTS = np.full((KEYPOINTS, 2), np.nan, np.float32)
"""The keypoints of a face that was read from where there are none."""
_RIGHT_EYE, _LEFT_EYE = 0, 1


def _expect(name: str, array: NDArray[np.generic], shape: tuple[int | None, ...], dtype: type[np.generic]) -> None:
    fits = len(array.shape) == len(shape) and all(
        want in (None, got) for got, want in zip(array.shape, shape, strict=True)
    )
    if not fits or array.dtype != dtype:
        wanted = ", ".join("any" if n is None else str(n) for n in shape)
        raise ValueError(
            f"{name}: expected {np.dtype(dtype).name} [{wanted}], got {array.dtype.name} {list(array.shape)}"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a stream.

    ``image`` is uint8 ``[H, W, 3]`` RGB; ``index`` counts the frames read from 0; ``time`` is in seconds: the
    presentation timestamp of a file, ``time.monotonic()`` at capture for a camera. ``name`` is that of the file which
    is this picture alone.
    """

    image: NDArray[np.uint8]
    index: int
    time: float
    name: str | None = None

    def __post_init__(self) -> None:
        _expect("Frame.image", self.image, (None, None, 3), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """A face found in one frame.

    ``box`` is float32 ``[4]``: x, y of the top left corner, width, height. ``keypoints`` is float32 ``[6, 2]`` (see
    :data:`KEYPOINTS`). Both may reach beyond the frame. ``score`` is the detector's confidence in 0..1.
    """

    box: NDArray[np.float32]
    keypoints: NDArray[np.float32]
    score: float

    def __post_init__(self) -> None:
        _expect("Detection.box", self.box, (4,), np.float32)
        _expect("Detection.keypoints", self.keypoints, (KEYPOINTS, 2), np.float32)
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"Detection.score: expected 0..1, got {self.score}")


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A detection that has been given the id of the face that it belongs to."""

    face_id: int
    detection: Detection


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """What was read in one face of one frame.

    ``box``, ``keypoints`` float32 ``[6, 2]`` and ``score`` are those of its detection; points that are not known, as in
    what was read from a table, are NaN. ``probabilities`` is float32 ``[K]``, one for each of the reading's classes,
    adding up to 1; ``uncertainty`` is in 0..1 (0 sure, 1 could be anything). ``embedding`` is the unit-length float32
    ``[D]`` that was classified, or None where it was not kept.
    """

    face_id: int
    box: NDArray[np.float32]
    keypoints: NDArray[np.float32]
    score: float
    probabilities: NDArray[np.float32]
    uncertainty: float
    embedding: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        _expect("Face.box", self.box, (4,), np.float32)
        _expect("Face.keypoints", self.keypoints, (KEYPOINTS, 2), np.float32)
        _expect("Face.probabilities", self.probabilities, (None,), np.float32)
        if self.embedding is not None:
            _expect("Face.embedding", self.embedding, (None,), np.float32)

    @property
    def best(self) -> int:
        """The class that leads."""
        return int(self.probabilities.argmax())

    @property
    def confidence(self) -> float:
        """The probability of the class that leads."""
        return float(self.probabilities.max())

    @property
    def roll(self) -> float:
        """How far the head is tilted to a side, in degrees, by the line through the eyes; 0 upright.

        Positive is clockwise in the picture: towards the person's own left shoulder. NaN where the eyes are not known.
        """
        across, down = (float(d) for d in self.keypoints[_LEFT_EYE] - self.keypoints[_RIGHT_EYE])
        return math.degrees(math.atan2(down, across))


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """All faces of one frame, with the names of the ``classes`` that their probabilities speak of.

    ``found`` float32 ``[M, 4]`` are the boxes of all that the detector reported, also of what was not believed to be a
    face; none where that is not known.
    """

    index: int
    time: float
    classes: tuple[str, ...]
    faces: tuple[Face, ...]
    found: NDArray[np.float32] = field(default_factory=lambda: NO_BOXES)

    def __post_init__(self) -> None:
        _expect("Reading.found", self.found, (None, 4), np.float32)
        for face in self.faces:
            _expect("Reading.faces[].probabilities", face.probabilities, (len(self.classes),), np.float32)

    def label(self, face: Face) -> str:
        """The name of the class that leads in ``face``."""
        return self.classes[face.best]
