"""Cuts the faces out of a folder of pictures and videos, to be learned from."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engines.errors import SourceError
from engines.package import CropGeometry
from realtime.crops import crop_faces
from realtime.detector import Detector
from realtime.records import Detection, Frame
from realtime.sources import VideoSource
from realtime.sources.base import Notice
from realtime.sources.pictures import PICTURE_SUFFIXES, read_picture

EVERY_S = 1.0
"""Of a video, one frame in so many seconds: its neighbours show the same."""
_SURE = 0.6
"""Score from which a face is worth learning from; what is no face would teach nonsense."""
_LEAST_PX = 40.0
"""Width from which a face's box has about as much in it as a crop of 48 pixels shows."""

Told = Callable[[int, int], None]
"""Told after each file: how many are done, and how many there are."""


@dataclass(slots=True)
class Gathered:
    """``images`` uint8 ``[N, C, S, S]``, and what they came from.

    ``counts`` has ``files``, ``unreadable`` ones, ``pictures`` that were looked at (frames of videos among them), and
    those ``without a face``.
    """

    images: NDArray[np.uint8]
    counts: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        c = self.counts
        return (
            f"{len(self.images)} unlabelled faces from {c['pictures']} pictures of {c['files']} files: "
            f"{c['without a face']} pictures without a face, {c['unreadable']} unreadable files."
        )


def gather(
    folder: Path, detector: Detector, geometry: CropGeometry, size: int, channels: int, *, notice: Notice, told: Told
) -> Gathered:
    """The faces in all pictures and videos of ``folder`` and below, framed as an encoder wants them.

    What cannot be read is counted, named to ``notice``, and stops nothing. Raises ``SourceError`` if ``folder`` cannot
    be read itself, or holds no face.
    """
    files = _files(folder)
    counts: Counter[str] = Counter(files=len(files))
    crops: list[NDArray[np.uint8]] = []
    for done, file in enumerate(files, 1):
        try:
            for frame in frames_of(file):
                faces = [face for face in detector.detect(frame.image, frame.time) if is_worth_it(face)]
                counts["pictures"] += 1
                counts["without a face"] += not faces
                crops.append(crop_faces(frame.image, faces, geometry, size, channels))
        except SourceError as error:
            counts["unreadable"] += 1
            notice(f"{error}. It is left out.")
        told(done, len(files))
    gathered = Gathered(np.concatenate(crops) if crops else np.empty((0, channels, size, size), np.uint8), counts)
    if not len(gathered.images):
        raise SourceError(f"{folder} shows no face to learn from ({gathered}): give another folder.")
    return gathered


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise SourceError(f"{folder} is no folder: give one with pictures or videos of faces.")
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def frames_of(file: Path) -> Iterator[Frame]:
    """The picture, or one frame a second of the video. Raises ``SourceError`` if it cannot be read."""
    if file.suffix.lower() in PICTURE_SUFFIXES:
        yield Frame(read_picture(file), 0, 0.0)
        return
    due = -np.inf
    with VideoSource(file) as source, closing(iter(source)) as frames:  # type: ignore[type-var]
        for frame in frames:
            if frame.time >= due:
                due = frame.time + EVERY_S
                yield frame


def is_worth_it(face: Detection) -> bool:
    """Whether a face is sure and large enough to be learned from."""
    return face.score >= _SURE and float(face.box[2]) >= _LEAST_PX
