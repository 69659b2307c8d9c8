"""Finds the faces in a frame, with MediaPipe's two face detection models.

*Short range* is quick and sees a face that fills about an eighth of the picture's longer side or more: the desk. *Full
range* takes more than twice as long and sees far smaller ones: the room. *Auto* runs the first on every frame and the
second where it may see more; in a picture for itself it looks closer at what may be a face (:class:`AutoDetector`).
*Tiled* is auto with full range looking at overlapping parts of the picture as well (:mod:`realtime.tiles`).
"""

from collections.abc import Sequence
from functools import cache, partial
from typing import Literal, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from engines.assets import Assets
from engines.base import EngineName
from engines.errors import EngineUnavailable, ModelError, OutputError
from engines.graphs import ON_PROCESSOR
from engines.package import CropGeometry
from engines.registry import Notice, in_silence
from realtime.boxes import same_face, without_duplicates
from realtime.crops import closeup, out_of_closeup
from realtime.face_graphs import FaceGraph
from realtime.mediapipe_faces import FULL, SHORT, FaceModel, FaceModelKind
from realtime.records import Detection
from realtime.tiles import TiledFinder

DetectorKind = Literal["short", "full", "auto", "tiled"]

CONFIDENCE = 0.3
"""The least score reported unless another is asked for: low, since a tracker that knows a face keeps it at that."""

_SURE = 0.7
"""Short-range score from which full range has nothing to add; below, its boxes are also the worse of the two."""
_NEAR = 0.2
"""Width of a face, in shares of the picture's longer side, from which short range's boxes are true. Of smaller faces it
may be sure and yet draw the box a third too wide (docs/detection.md)."""
_FULL_EVERY = 0.2
"""Seconds of stream after which full range looks again for faces that short range does not see."""

_APART = 1.0
"""Seconds of stream after which the frame before vouches for no face any more: as long as a tracker waits for one."""

_CANDIDATE = 0.1
"""The least score of what is looked at closer: 99 of 100 photographs that were 200 pixels wide reached it."""
_CONFIRMED = 0.72
"""The least score of a face in closeups that counts: what shows no face seldom reaches it (docs/detection.md)."""
_CLOSEUP = CropGeometry(box=0.4, center_x=0.5, center_y=0.5)
"""How a closeup frames a candidate: about as a face at the desk, which short range is made for."""
_CLOSEUP_SIZE = 256
"""Side of a closeup in pixels: twice what short range sees of it."""


class Detector(Protocol):
    """Finds faces. Serves one stream and one thread."""

    @property
    def name(self) -> str:
        """What ``--detector`` calls it."""

    @property
    def engine(self) -> str:
        """What its models run on, e.g. ``openvino``; ``mediapipe`` where that is MediaPipe's own package."""

    def detect(self, image: NDArray[np.uint8], time: float) -> list[Detection]:
        """The faces in ``image`` uint8 ``[H, W, 3]`` RGB at ``time`` (seconds), best first, each once.

        Pictures that follow upon each other in no time are taken each for itself. Raises ``ValueError`` for another
        shape or dtype and ``EngineUnavailable`` after :meth:`close`.
        """

    def close(self) -> None:
        """Give back what the detector holds; twice is once."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


def make_detector(
    kind: DetectorKind,
    *,
    confidence: float | None = None,
    assets: Assets,
    threads: int = 1,
    engines: Sequence[EngineName] = ON_PROCESSOR,
    notice: Notice = in_silence,
) -> Detector:
    """The detector that ``--detector`` names, reporting faces from ``confidence`` (0..1) up.

    Its models run on the first of ``engines`` that can, and each computes on ``threads`` CPU threads (0: as many as its
    engine finds best). ``notice`` is told of what takes long, and why where only MediaPipe's package runs them.

    Raises ``AssetError`` where a model file cannot be had, ``ModelError`` where one cannot be loaded and
    ``EngineUnavailable`` where nothing can run it.
    """
    least = CONFIDENCE if confidence is None else confidence
    if not 0.0 < least < 1.0:
        raise ValueError(f"confidence: expected more than 0 and less than 1, got {least}")
    # What both models have to say is said once.
    opened = partial(open_finder, assets=assets, threads=threads, engines=engines, notice=cache(notice))
    if kind == "short":
        return RangeDetector(opened(SHORT, least))
    if kind == "full":
        return RangeDetector(opened(FULL, least))
    candidate = min(_CANDIDATE, least)
    short = opened(SHORT, candidate)
    try:
        full = opened(FULL, candidate)
    except BaseException:
        short.close()
        raise
    return (TiledDetector if kind == "tiled" else AutoDetector)(short, full, least)


def open_finder(
    kind: FaceModelKind,
    confidence: float,
    assets: Assets,
    *,
    threads: int = 1,
    engines: Sequence[EngineName] = ON_PROCESSOR,
    notice: Notice = in_silence,
) -> "FaceFinder":
    """The model ``kind`` on the first of ``engines`` that runs it, or in MediaPipe's package where none does.

    Raises as :func:`make_detector`.
    """
    try:
        return FaceGraph(kind, confidence, assets, engines, threads=threads, notice=notice)
    except (EngineUnavailable, ModelError, OutputError) as error:
        # Whatever it was, MediaPipe needs none of it; what is wrong with the file itself, it says.
        model = FaceModel(kind, confidence, assets)
        notice(f"Faces are found by MediaPipe's package, which takes longer: {error}")
        return model


class FaceFinder(Protocol):
    """A model that sees each picture for itself. Serves one thread."""

    @property
    def name(self) -> str: ...

    @property
    def engine(self) -> str: ...

    def find(self, image: NDArray[np.uint8]) -> list[Detection]:
        """Every detection in ``image`` uint8 ``[H, W, 3]`` RGB; a face may be there twice."""

    def find_all(self, images: Sequence[NDArray[np.uint8]]) -> list[list[Detection]]:
        """What :meth:`find` finds in each of ``images``, which may differ in size, in one batch where there is one."""

    def close(self) -> None: ...


class RangeDetector:
    """One model on every frame."""

    def __init__(self, model: FaceFinder) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """``short`` or ``full``."""
        return self._model.name

    @property
    def engine(self) -> str:
        """See :attr:`Detector.engine`."""
        return self._model.engine

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

    That is: on the first frame, also after a leap of the time, and on pictures for themselves, where short range is not
    sure of a face that it or the frame before shows, and else every 0.2 seconds. How the two are put together:
    :func:`agree`.

    Where there is no frame before, and so none that could vouch for a face, both also report what may be one, and short
    range looks at that closer: :meth:`_looked_at_closer`. The models report from ``_CANDIDATE`` up, the detector from
    ``least``.
    """

    name = "auto"

    def __init__(self, short: FaceFinder, full: FaceFinder, least: float = CONFIDENCE) -> None:
        self._short = short
        self._full = full
        self._least = least
        self._before: list[Detection] = []
        self._time = -float("inf")
        self._full_time = -float("inf")

    @property
    def engine(self) -> str:
        """See :attr:`Detector.engine`; both, should they differ."""
        return " and ".join(dict.fromkeys((self._short.engine, self._full.engine)))

    def detect(self, image: NDArray[np.uint8], time: float) -> list[Detection]:
        """See :meth:`Detector.detect`."""
        if not 0 < time - self._time <= _APART:
            found = self._detect_all(image, 0.0)
            self._full_time = time
        else:
            found = self._detect_next(image, time)
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

    def _detect_next(self, image: NDArray[np.uint8], time: float) -> list[Detection]:
        near_width = _NEAR * max(image.shape)
        found = self._reported(self._short.find(image), self._least)
        unsure = self._unsure(found, near_width)
        if unsure or self._is_due(time):
            found = agree(found, self._reported(self._find_far(image, time, unsure), self._least), near_width)
        return found

    def _is_due(self, time: float) -> bool:
        return time - self._full_time >= _FULL_EVERY

    def _find_far(self, image: NDArray[np.uint8], time: float, unsure: Sequence[Detection]) -> list[Detection]:  # noqa: ARG002
        """What full range sees in a frame of a stream, which is due or has faces that short range is ``unsure`` of."""
        self._full_time = time
        return self._full.find(image)

    def _detect_all(
        self, image: NDArray[np.uint8], candidate: float, known: Sequence[Detection] = ()
    ) -> list[Detection]:
        """What both models see from ``candidate`` up, looked at closer; no ``known`` face is less sure after it."""
        near_width = _NEAR * max(image.shape)
        short, full = (self._reported(model.find(image), candidate) for model in (self._short, self._full))
        looked = []
        for face in agree(short, full, near_width):
            closer = face if _is_sure(face, near_width) else self._looked_at_closer(image, face)
            kept = closer.score < face.score and any(same_face(face, other) for other in known)
            looked.append(face if kept else closer)
        return self._reported(looked, self._least)

    def _looked_at_closer(self, image: NDArray[np.uint8], face: Detection) -> Detection:
        """``face`` as short range sees it when it is as large as at the desk; where that shows none, less sure.

        Twice, since the box of what is hardly seen may be half as wide again as the face, or lie beside its middle. The
        mean of both scores counts: it tells faces from other things better than either.
        """
        first = self._in_closeup(image, face)
        second = first and self._in_closeup(image, first)
        score = (first.score + second.score) / 2 if first and second else 0.0
        if second is None or score < _CONFIRMED:
            return Detection(face.box, face.keypoints, min(score, face.score))
        return Detection(second.box, second.keypoints, max(score, face.score))

    def _in_closeup(self, image: NDArray[np.uint8], face: Detection) -> Detection | None:
        """The best that short range sees centred in the box of ``face``, in a picture of little else."""
        seen = self._short.find(closeup(image, face, _CLOSEUP, _CLOSEUP_SIZE))
        reach = _CLOSEUP.box * _CLOSEUP_SIZE / 2
        here = [each for each in seen if abs(each.box[:2] + each.box[2:] / 2 - _CLOSEUP_SIZE / 2).max() < reach]
        best = max(here, key=lambda each: each.score, default=None)
        return best and out_of_closeup(best, face, _CLOSEUP, _CLOSEUP_SIZE)

    @staticmethod
    def _reported(found: Sequence[Detection], least: float) -> list[Detection]:
        return without_duplicates([each for each in found if each.score >= least])

    def _unsure(self, found: Sequence[Detection], near_width: float) -> list[Detection]:
        """The faces, in this frame or the one before, of which short range is not sure now."""
        sure = [face for face in found if _is_sure(face, near_width)]
        return [face for face in (*self._before, *found) if not any(same_face(face, other) for other in sure)]


class TiledDetector(AutoDetector):
    """As :class:`AutoDetector`, with full range looking at tiles of the picture as well: :class:`TiledFinder`.

    Every 0.2 seconds of a stream it looks at all of them, and closer at what may be a face, as in a picture for itself:
    small faces hardly ever score high enough without. In between it looks at the tiles that have a face to be followed.
    """

    name = "tiled"

    def __init__(self, short: FaceFinder, full: FaceFinder, least: float = CONFIDENCE) -> None:
        self._tiled = TiledFinder(full)
        super().__init__(short, self._tiled, least)

    def _detect_next(self, image: NDArray[np.uint8], time: float) -> list[Detection]:
        if not self._is_due(time):
            return super()._detect_next(image, time)
        self._full_time = time
        return self._detect_all(image, self._least, self._before)

    def _find_far(self, image: NDArray[np.uint8], time: float, unsure: Sequence[Detection]) -> list[Detection]:  # noqa: ARG002
        return self._tiled.find(image, unsure)


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
