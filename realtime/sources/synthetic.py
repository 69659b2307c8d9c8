"""Faces that move about a textured room, drawn or pasted, the same at every run."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from realtime.records import Frame
from realtime.sources.base import Closable, SourceInfo

Image = NDArray[np.uint8]

_PATCH = (192, 248)
"""Width and height of a drawn face in pixels, before it is scaled."""

_REACH = 0.07
"""How far a lone face moves from the middle of its cell, as a share of the cell's width and height."""

_GROWTH = 0.2
"""How much larger or smaller than its nominal size a lone face becomes."""

_TILT_DEGREES = 12.0
"""How far a lone face turns to either side."""


@dataclass(frozen=True, slots=True)
class _Motion:
    """How far faces move: in shares of a cell, of a face's size, and in degrees."""

    reach: float
    growth: float
    tilt: float

    @classmethod
    def of(cls, faces: int) -> "_Motion":
        """The more faces, the less each moves: room to move in would be taken from what a detector can see."""
        share = 1 / math.sqrt(max(1, faces))
        return cls(_REACH * share, _GROWTH * share, _TILT_DEGREES * share)


@dataclass(frozen=True, slots=True)
class _Cell:
    """The part of the picture that a face moves in: its middle and its size, in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Path:
    """Where a face is at a time: about the middle of its own cell, with periods in seconds."""

    cell: _Cell
    motion: _Motion
    phase: float

    def at(self, seconds: float, patch: Image) -> NDArray[np.float64]:
        """The ``[2, 3]`` matrix from the patch to the picture: scaled, turned and moved."""

        def swing(period: float) -> float:
            return math.sin(2 * math.pi * seconds / period + self.phase)

        height, width = patch.shape[:2]
        cell, motion = self.cell, self.motion
        matrix = cv2.getRotationMatrix2D(
            (width / 2, height / 2), motion.tilt * swing(5.0), 1.0 + motion.growth * swing(7.0)
        )
        matrix[0, 2] += cell.x + motion.reach * cell.width * swing(11.0) - width / 2
        matrix[1, 2] += cell.y + motion.reach * cell.height * swing(8.0) - height / 2
        return np.asarray(matrix, np.float64)


class SyntheticSource(Closable):
    """``faces`` faces, each moving smoothly in a cell of its own, in a picture of ``height`` x ``width`` pixels.

    The faces are drawn (a face detector finds them), or are ``portrait`` (uint8 ``[h, w, 3]`` RGB), pasted. The same
    arguments give the same pictures: what is seen depends on the time alone (see :meth:`image_at`). ``frames`` None
    goes on for ever.

    With ``live``, frames come in real time, ``fps`` a second, and carry ``time.monotonic()``; without, as fast as they
    are read, at index / fps seconds. Runs no thread.
    """

    def __init__(
        self,
        *,
        width: int = 1280,
        height: int = 720,
        fps: float = 30.0,
        frames: int | None = 300,
        faces: int = 1,
        portrait: Image | None = None,
        live: bool = False,
    ) -> None:
        super().__init__()
        self._room = _texture(width, height)
        picture, mask = _drawn_face() if portrait is None else (portrait, np.full(portrait.shape[:2], 255, np.uint8))
        cells, motion = _cells(width, height, faces, picture), _Motion.of(faces)
        self._paths = tuple(_Path(cell, motion, phase=2.4 * number) for number, cell in enumerate(cells))
        if cells:
            picture, mask = _fitted(picture, mask, cells[0], motion)
        self._patch, self._mask = picture, mask
        self._next_index = 0
        self._info = SourceInfo(
            name="synthetic",
            live=live,
            width=width,
            height=height,
            frames=frames,
            fps=fps,
            duration=None if frames is None else frames / fps,
        )

    @property
    def info(self) -> SourceInfo:
        return self._info

    def image_at(self, seconds: float) -> Image:
        """What is seen ``seconds`` after the start: uint8 ``[H, W, 3]`` RGB, an array of the caller's own."""
        image = self._room.copy()
        for path in self._paths:
            _paste(image, self._patch, self._mask, path.at(seconds, self._patch))
        return image

    def __iter__(self) -> Iterator[Frame]:
        self._expect_open("the synthetic source")
        return self._in_real_time() if self._info.live else self._at_once()

    def _at_once(self) -> Iterator[Frame]:
        rate = self._info.fps or 1.0
        index = 0
        while index != self._info.frames and not self._closed.is_set():
            yield Frame(self.image_at(index / rate), index, index / rate)
            index += 1

    def _in_real_time(self) -> Iterator[Frame]:
        start = due = time.monotonic()
        while self._next_index != self._info.frames:
            if self._closed.wait(max(0.0, due - time.monotonic())):
                return
            now = time.monotonic()
            index, self._next_index = self._next_index, self._next_index + 1
            yield Frame(self.image_at(now - start), index, now)
            due = max(due + 1.0 / (self._info.fps or 1.0), time.monotonic())  # late is late: no burst to catch up


def _texture(width: int, height: int) -> Image:
    """A warm grey wall with soft spots of several sizes."""
    random = np.random.default_rng(7)
    spots = np.zeros((height, width), np.float32)
    for step in (8, 24, 80):
        grid = random.normal(0.0, 6.0, (height // step + 2, width // step + 2)).astype(np.float32)
        spots += cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
    wall = np.array((128.0, 122.0, 114.0), np.float32) + spots[..., None]
    return wall.clip(0, 255).astype(np.uint8)


def _cells(width: int, height: int, faces: int, picture: Image) -> list[_Cell]:
    """Each face's cell, in the grid that leaves ``picture`` largest."""
    if faces == 0:
        return []
    tall, broad = picture.shape[:2]
    columns = max(range(1, faces + 1), key=lambda n: min(width / n / broad, height / math.ceil(faces / n) / tall))
    wide, high = width / columns, height / math.ceil(faces / columns)
    return [_Cell((n % columns + 0.5) * wide, (n // columns + 0.5) * high, wide, high) for n in range(faces)]


def _fitted(picture: Image, mask: Image, cell: _Cell, motion: _Motion) -> tuple[Image, Image]:
    """``picture`` at its nominal size: such that, at its largest, turned and moved, it stays within the cell."""
    height, width = picture.shape[:2]
    lean = math.sin(math.radians(motion.tilt))
    room = min(cell.height / (height + lean * width), cell.width / (width + lean * height))
    scale = (1 - 2 * motion.reach) / (1 + motion.growth) * room
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    smaller = (cv2.resize(picture, size, interpolation=way), cv2.resize(mask, size, interpolation=way))
    return smaller[0].astype(np.uint8), smaller[1].astype(np.uint8)


def _paste(image: Image, patch: Image, mask: Image, matrix: NDArray[np.float64]) -> None:
    """Draw ``patch`` where ``mask`` is set, moved by ``matrix``; works only on the part of ``image`` that it covers."""
    height, width = patch.shape[:2]
    corners = matrix @ np.array([[0, width, 0, width], [0, 0, height, height], [1, 1, 1, 1]], np.float64)
    low = np.maximum(np.floor(corners.min(1)).astype(int), 0)
    high = np.minimum(np.ceil(corners.max(1)).astype(int) + 1, image.shape[1::-1])
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    if min(size) <= 0:
        return
    moved = matrix.copy()
    moved[:, 2] -= low
    part = image[low[1] : high[1], low[0] : high[0]]
    cover = (cv2.warpAffine(mask, moved, size) > 127).astype(np.uint8)
    cv2.copyTo(cv2.warpAffine(patch, moved, size), cover, part)


def _drawn_face() -> tuple[Image, Image]:
    """A face in simple strokes, and where it is: light hair and wide eyes are found when it is small, others less."""
    width, height = _PATCH
    face = np.full((height, width, 3), (120, 92, 60), np.uint8)  # hair
    mask = np.zeros((height, width), np.uint8)
    skin, shade, dark, lip = (222, 178, 150), (190, 140, 115), (50, 32, 26), (176, 84, 80)
    cv2.ellipse(mask, (96, 124), (94, 123), 0, 0, 360, 255, -1)
    cv2.ellipse(face, (96, 144), (84, 100), 0, 0, 360, skin, -1, cv2.LINE_AA)
    for x in (54, 138):
        cv2.ellipse(face, (x, 100), (22, 8), 0, 180, 360, dark, 6, cv2.LINE_AA)
        cv2.ellipse(face, (x, 122), (19, 10), 0, 0, 360, (245, 245, 242), -1, cv2.LINE_AA)
        cv2.circle(face, (x, 122), 9, dark, -1, cv2.LINE_AA)
    cv2.ellipse(face, (96, 156), (10, 22), 0, 0, 360, shade, -1, cv2.LINE_AA)
    cv2.ellipse(face, (96, 172), (17, 7), 0, 0, 360, shade, -1, cv2.LINE_AA)
    cv2.ellipse(face, (96, 204), (34, 11), 0, 0, 360, lip, -1, cv2.LINE_AA)
    cv2.line(face, (64, 203), (128, 203), dark, 3, cv2.LINE_AA)
    return cv2.GaussianBlur(face, (5, 5), 0).astype(np.uint8), mask
