"""Pictures, one, some or a folder of them, as a source without time."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.errors import SourceError
from realtime.records import Frame
from realtime.sources.base import LONGEST_SIDE, Closable, Notice, SourceInfo, say
from realtime.sources.quiet import hush_opencv

PICTURE_SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
FOREIGN_SUFFIXES = frozenset({".heic", ".heif"})
"""Pictures too, which OpenCV cannot read: nobody shall believe that they were."""

STILL_S = 2.0
"""How long each picture stays, where pictures are played one after the other."""
_SAME = 1e-6
"""A sum of seconds may be off by less, and still means the next picture."""
_NAMED = 1000
"""So many of a folder's unreadable pictures are kept by name."""


def read_picture(path: Path) -> NDArray[np.uint8]:
    """The picture as uint8 ``[H, W, 3]`` RGB, turned upright as its EXIF says; raises ``SourceError``.

    What is transparent is seen on white; 16 bits a colour become 8, and grey becomes RGB.
    """
    if path.suffix.lower() in FOREIGN_SUFFIXES:
        raise SourceError(f"{path} is a HEIC picture, which Mien cannot read: save it as JPEG or PNG")
    try:
        data = np.fromfile(path, np.uint8)  # cv2.imread itself cannot open every name on every system
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror}): check the name and its permissions") from error
    hush_opencv()
    try:
        image = _decoded(data) if data.size else None
        is_too_large = image is not None and max(image.shape) > LONGEST_SIDE
    except cv2.error as error:
        image, is_too_large = None, "MAX_IMAGE" in str(error)
    if is_too_large:
        raise SourceError(f"{path} announces more pixels than Mien reads: scale it down, or copy it again")
    if image is None:
        raise SourceError(f"{path} is not a readable picture: it is empty, damaged or of another kind")
    return np.ascontiguousarray(image, dtype=np.uint8)


def _decoded(data: NDArray[np.uint8]) -> NDArray[np.generic] | None:
    image = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB)
    if image is None or not _may_be_transparent(data[:32].tobytes()):
        return image
    whole = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    if whole is None or whole.shape != (*image.shape[:2], 4):
        return image
    opacity = whole[..., 3:] / np.float32(65535 if whole.dtype == np.uint16 else 255)
    return np.asarray((255 + opacity * (image - np.float32(255))).round(), np.uint8)


def _may_be_transparent(head: bytes) -> bool:
    """Whether the picture that begins with ``head`` is of a kind with opacity; to find out costs a second decoding."""
    if head.startswith(b"\x89PNG"):
        return head[25:26] in (b"\x04", b"\x06")
    return head[8:12] == b"WEBP" and head[12:16] in (b"VP8X", b"VP8L")


class PictureSource(Closable):
    """One picture, or the pictures of a folder in natural order (2 before 10), subfolders left alone.

    Pictures have no time: every frame's is 0.0. Those of a folder may differ in size; ``info`` tells the first one's.
    ``paths[frame.index]`` is the file that a frame was read from, and ``frame.name`` its name.

    One among several that cannot be read is left out and said through ``notice``; ``skipped`` has the ``file`` and
    ``why`` of the first thousand. Raises ``SourceError`` where none of them can be read.
    """

    first_time = 0.0

    def __init__(self, path: Path | str, paths: Sequence[Path] | None = None, *, notice: Notice = say) -> None:
        """``paths`` are the pictures if not those of ``path``, which then is what they are called together."""
        super().__init__()
        self.path = Path(path)
        self._whole_names = paths is not None
        self.paths: Sequence[Path] = paths or (pictures_in(self.path) if self.path.is_dir() else (self.path,))
        self.skipped: list[dict[str, str]] = []
        self._notice = notice
        height, width, _ = self._first_readable().shape
        self._info = SourceInfo(
            name=self.path.name, live=False, width=width, height=height, frames=len(self.paths), still=True
        )

    @property
    def info(self) -> SourceInfo:
        return self._info

    def __iter__(self) -> Iterator[Frame]:
        return self.frames()

    def frames(self, start: float = 0.0) -> Iterator[Frame]:
        """The pictures from the one that is shown at ``start`` on, in seconds of a show with ``STILL_S`` for each.

        Where none of these can be read, the last before them that can.
        """
        self._expect_open(str(self.path))
        self.skipped.clear()
        first = min(max(0, int(start / STILL_S + _SAME)), len(self.paths) - 1)
        given = 0
        for index in range(first, len(self.paths)):
            if self._closed.is_set():
                return
            frame = self._frame(index)
            if frame is not None:
                given += 1
                yield frame
        if not given:
            before = map(self._frame, range(first - 1, -1, -1))
            yield from islice(filter(None, before), 1)

    def _frame(self, index: int) -> Frame | None:
        path = self.paths[index]
        try:
            image = read_picture(path)
        except SourceError as error:
            if len(self.paths) == 1:
                raise
            self._notice(f"{error}; it is left out")
            if len(self.skipped) < _NAMED:
                self.skipped.append({"file": self._name(path), "why": str(error).removeprefix(f"{path} ")})
            return None
        return Frame(image, index, 0.0, self._name(path))

    def _name(self, path: Path) -> str:
        return str(path) if self._whole_names else path.name

    def _first_readable(self) -> NDArray[np.uint8]:
        first: SourceError | None = None
        for path in self.paths:
            try:
                return read_picture(path)
            except SourceError as error:
                first = first or error
        if len(self.paths) == 1 and first is not None:
            raise first
        raise SourceError(f"none of the {len(self.paths)} pictures in {self.path} can be read: {first}")


def pictures_in(folder: Path) -> Sequence[Path]:
    """The pictures of ``folder``, at least one, in natural order. Raises ``SourceError`` where there is none."""
    kinds = PICTURE_SUFFIXES | FOREIGN_SUFFIXES
    try:
        found = [p for p in folder.iterdir() if p.suffix.lower() in kinds and p.is_file()]
    except OSError as error:
        raise SourceError(f"{folder} cannot be read ({error.strerror}): check its permissions") from error
    if not found:
        readable = ", ".join(sorted(s[1:] for s in PICTURE_SUFFIXES))
        raise SourceError(f"{folder} holds no pictures: give a folder with files of these kinds: {readable}")
    return sorted(found, key=lambda p: natural_order(p.name))


def natural_order(name: str) -> tuple[list[tuple[int, str]], str]:
    """A key that sorts the numbers in a name by their size, and equal ones by the name itself."""
    parts = re.findall(r"([0-9]+)|([^0-9]+)", name.casefold())
    return [(int(number or -1), text) for number, text in parts], name
