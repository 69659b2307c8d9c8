"""Pictures, one or a folder of them, as a source without time."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.errors import SourceError
from realtime.records import Frame
from realtime.sources.base import Closable, SourceInfo
from realtime.sources.quiet import hush_opencv

PICTURE_SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})

STILL_S = 2.0
"""How long each picture stays, where pictures are played one after the other."""
_SAME = 1e-6
"""A sum of seconds may be off by less, and still means the next picture."""


def read_picture(path: Path) -> NDArray[np.uint8]:
    """The picture as uint8 ``[H, W, 3]`` RGB, turned upright as its EXIF says; raises ``SourceError``."""
    try:
        data = np.fromfile(path, np.uint8)  # cv2.imread itself cannot open every name on every system
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror}): check the name and its permissions") from error
    hush_opencv()
    try:
        image = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB) if data.size else None
    except cv2.error:  # a header that promises more than OpenCV is willing to hold
        image = None
    if image is None:
        raise SourceError(f"{path} is not a readable picture: it is empty, damaged or of another kind")
    return np.ascontiguousarray(image, dtype=np.uint8)


class PictureSource(Closable):
    """One picture, or the pictures of a folder in natural order (2 before 10), subfolders left alone.

    Pictures have no time: every frame's is 0.0. Those of a folder may differ in size; ``info`` tells the first one's.
    ``paths[frame.index]`` is the file that a frame was read from.
    """

    first_time = 0.0

    def __init__(self, path: Path | str) -> None:
        super().__init__()
        self.path = Path(path)
        self.paths: Sequence[Path] = pictures_in(self.path) if self.path.is_dir() else (self.path,)
        height, width, _ = read_picture(self.paths[0]).shape
        self._info = SourceInfo(
            name=self.path.name, live=False, width=width, height=height, frames=len(self.paths), still=True
        )

    @property
    def info(self) -> SourceInfo:
        return self._info

    def __iter__(self) -> Iterator[Frame]:
        return self.frames()

    def frames(self, start: float = 0.0) -> Iterator[Frame]:
        """The pictures from the one that is shown at ``start`` on, in seconds of a show with ``STILL_S`` for each."""
        self._expect_open(str(self.path))
        first = min(max(0, int(start / STILL_S + _SAME)), len(self.paths) - 1)
        for index in range(first, len(self.paths)):
            if self._closed.is_set():
                return
            yield Frame(read_picture(self.paths[index]), index, 0.0)


def pictures_in(folder: Path) -> Sequence[Path]:
    """The pictures of ``folder``, at least one, in natural order. Raises ``SourceError`` where there is none."""
    try:
        found = [p for p in folder.iterdir() if p.suffix.lower() in PICTURE_SUFFIXES and p.is_file()]
    except OSError as error:
        raise SourceError(f"{folder} cannot be read ({error.strerror}): check its permissions") from error
    if not found:
        kinds = ", ".join(sorted(s[1:] for s in PICTURE_SUFFIXES))
        raise SourceError(f"{folder} holds no pictures: give a folder with files of these kinds: {kinds}")
    return sorted(found, key=lambda p: natural_order(p.name))


def natural_order(name: str) -> tuple[list[tuple[int, str]], str]:
    """A key that sorts the numbers in a name by their size, and equal ones by the name itself."""
    parts = re.findall(r"([0-9]+)|([^0-9]+)", name.casefold())
    return [(int(number or -1), text) for number, text in parts], name
