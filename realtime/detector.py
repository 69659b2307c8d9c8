"""Finds the faces in a frame, with MediaPipe's two face detection models.

*Short range* is quick and sees a face that fills about an eighth of the picture's longer side or more: the desk. *Full
range* takes more than twice as long and sees far smaller ones: the room. *Auto* runs the first on every frame and
the second where it may see more (:class:`AutoDetector`).
"""

from collections.abc import Sequence
from typing import Literal, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from engines.assets import Assets
from realtime.boxes import same_face, without_duplicates
from realtime.mediapipe_faces import FULL, SHORT, FaceModel
from realtime.records import Detection

DetectorKind = Literal["short", "full", "auto"]

CONFIDENCE = 0.3
"""The least score reported unless another is asked for: low, since a tracker that knows a face keeps it at that."""

_SURE = 0.7
"""Short-range score from which full range has nothing to add; below, its boxes are also the worse of the two."""
_NEAR = 0.2
"""Width of a face, in shares of the picture's longer side, from which short range's boxes are true. Of smaller faces it
may be sure and yet draw the box a third too wide (docs/detection.md)."""
_FULL_EVERY = 0.2
"""Seconds of stream after which full range looks again for faces that short range does not see."""


class Detector(Protocol):
    """Finds faces. Serves one stream and one thread."""

    @property
    def name(self) -> str:
        """What ``--detector`` calls it."""

    def detect(self, image: NDArray[np.uint8], time: float) -> list[Detection]:
        """The faces in ``image`` uint8 ``[H, W, 3]`` RGB at ``time`` (seconds), best first, each once.

        Pictures that follow upon each other in no time are taken each for itself. Raises ``ValueError`` for another
        shape or dtype and ``EngineUnavailable`` after :meth:`close`.
        """

    def close(self) -> None:
        """Give back what the detector holds; twice is once."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


def make_detector(kind: DetectorKind, *, confidence: float | None = None, assets: Assets) -> Detector:
    """The detector that ``--detector`` names, reporting faces from ``confidence`` (0..1) up.

    Raises ``AssetError`` where a model file cannot be had, ``ModelError`` where one cannot be loaded and
    ``EngineUnavailable`` where MediaPipe cannot run.
    """
    least = CONFIDENCE if confidence is None else confidence
    if not 0.0 < least < 1.0:
        raise ValueError(f"confidence: expected more than 0 and less than 1, got {least}")
    if kind == "short":
        return RangeDetector(FaceModel(SHORT, least, assets))
    if kind == "full":
        return RangeDetector(FaceModel(FULL, least, assets))
    short = FaceModel(SHORT, least, assets)
    try:
        return AutoDetector(short, FaceModel(FULL, least, assets))
    except BaseException:
        short.close()
        raise


class FaceFinder(Protocol):
    """A model that sees each picture for itself."""

    @property
    def name(self) -> str: ...

    def find(self, image: NDArray[np.uint8]) -> list[Detection]:
        """Every detection in ``image`` uint8 ``[H, W, 3]`` RGB; a face may be there twice."""

    def close(self) -> None: ...


class RangeDetector:
    """One model on every frame."""

    def __init__(self, model: FaceFinder) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """``short`` or ``full``."""
        return self._model.name

    def detect(self, image: NDArray[np.uint8], time: float) -> list[Detection]:  # noqa: ARG002 - each frame for itself
        """See :meth:`Detector.detect`."""
        return without_duplicates(self._model.find(image))

    def close(self) -> None:
        """Give back the model."""
        self._model.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class AutoDetector:
    """Short range on every frame; full range as well where it may see more.

    That is: on the first frame and on pictures for themselves, where short range is not sure of a face that it or the
    frame before shows, and else every 0.2 seconds. How the two are put together: :func:`agree`.
    """

    name = "auto"

    def __init__(self, short: FaceFinder, full: FaceFinder) -> None:
        self._short = short
        self._full = full
        self._before: list[Detection] = []
        self._time = float("inf")
        self._full_time = -float("inf")

    def detect(self, image: NDArray[np.uint8], time: float) -> list[Detection]:
        """See :meth:`Detector.detect`."""
        found = without_duplicates(self._short.find(image))
        if self._needs_full(found, time, _NEAR * max(image.shape)):
            found = agree(found, without_duplicates(self._full.find(image)), _NEAR * max(image.shape))
            self._full_time = time
        self._time = time
        self._before = found
        return found

    def close(self) -> None:
        """Give back both models."""
        self._short.close()
        self._full.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _needs_full(self, found: Sequence[Detection], time: float, near_width: float) -> bool:
        if time <= self._time or time - self._full_time >= _FULL_EVERY:
            return True
        sure = [face for face in found if _is_sure(face, near_width)]
        return not all(any(same_face(face, other) for other in sure) for face in [*self._before, *found])


def _is_sure(face: Detection, near_width: float) -> bool:
    """Whether what short range says of a face can stand alone."""
    return face.score >= _SURE and face.box[2] >= near_width


def agree(short: Sequence[Detection], full: Sequence[Detection], near_width: float = 0.0) -> list[Detection]:
    """What two models found in one frame as one list, best first, each face once.

    Two boxes on one face become one detection that is wrong only where both are: ``1 - (1 - a)(1 - b)``. It has short
    range's box if that is sure and at least ``near_width`` pixels wide, else full range's. Boxes that merely touch, or
    lie in one another, do not vouch for each other.
    """
    merged: list[Detection] = []
    alone = list(full)
    for near in short:
        far = next((face for face in alone if same_face(near, face)), None)
        if far is None:
            merged.append(near)
            continue
        alone = [face for face in alone if face is not far]
        box = near if _is_sure(near, near_width) else far
        merged.append(Detection(box.box, box.keypoints, 1 - (1 - near.score) * (1 - far.score)))
    return without_duplicates([*merged, *alone])
