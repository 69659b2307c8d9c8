"""Cuts the faces out of a folder of pictures and videos, to be learned from."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
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


@dataclass(frozen=True, slots=True)
class Cutter:
    """Finds the faces to learn from and cuts them out, framed by ``geometry``, as uint8 ``[N, channels, size, size]``.

    ``notice`` is told what cannot be read, ``told`` how far it is.
    """

    detector: Detector
    geometry: CropGeometry
    size: int
    channels: int
    notice: Notice
    told: Told

    def frames(self, files: Collection[Path], counts: Counter[str]) -> Iterator[tuple[Path, Frame]]:
        """All pictures of ``files``, and a frame a second of the videos.

        What cannot be read is counted as ``unreadable``, and stops nothing.
        """
        for done, file in enumerate(files, 1):
            try:
                for frame in _frames_of(file):
                    yield file, frame
            except SourceError as error:
                counts["unreadable"] += 1
                self.notice(f"{error}. It is left out.")
            self.told(done, len(files))

    def find(self, frame: Frame) -> list[Detection]:
        """The faces in ``frame`` that are sure and large enough to be learned from."""
        faces = self.detector.detect(frame.image, frame.time)
        return [face for face in faces if face.score >= _SURE and float(face.box[2]) >= _LEAST_PX]

    def cut(self, frame: Frame, faces: Sequence[Detection]) -> NDArray[np.uint8]:
        """``faces``, cut out of ``frame``."""
        return crop_faces(frame.image, faces, self.geometry, self.size, self.channels)

    def joined(self, crops: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
        """``crops`` as one array, which may be empty."""
        return np.concatenate([np.empty((0, self.channels, self.size, self.size), np.uint8), *crops])


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


def gather(folder: Path, cutter: Cutter) -> Gathered:
    """The faces in all pictures and videos of ``folder`` and below.

    What cannot be read is counted, named, and stops nothing. Raises ``SourceError`` if ``folder`` cannot be read
    itself, or holds no face.
    """
    files = _files(folder)
    counts: Counter[str] = Counter(files=len(files))
    crops: list[NDArray[np.uint8]] = []
    for _, frame in cutter.frames(files, counts):
        faces = cutter.find(frame)
        counts["pictures"] += 1
        counts["without a face"] += not faces
        crops.append(cutter.cut(frame, faces))
    gathered = Gathered(cutter.joined(crops), counts)
    if not len(gathered.images):
        raise SourceError(f"{folder} shows no face to learn from ({gathered}): give another folder.")
    return gathered


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise SourceError(f"{folder} is no folder: give one with pictures or videos of faces.")
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _frames_of(file: Path) -> Iterator[Frame]:
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
