"""Finds small faces in large pictures: looks at the whole and, in the same batch, at overlapping square tiles of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from realtime.records import Detection

if TYPE_CHECKING:
    from realtime.detector import FaceFinder

_SIDE = 0.375
"""Side of a tile in shares of the picture's longer side: a face is seen 2.7 times as large as in the whole."""
_LEAST_SIDE = 400
"""The least side of a tile in pixels: what is only found in smaller ones has too few pixels to be read."""
_OVERLAP = 0.15
"""Shares of the picture's longer side in which neighbours overlap: what is larger, the whole picture shows well."""
_EDGE = 0.02
"""Share of a tile's side within which a box at an inner edge is taken for a face that the edge cuts."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a picture in pixels: from ``left``, ``top`` to before ``right``, ``bottom``."""

    left: int
    top: int
    right: int
    bottom: int

    def distance(self, face: Detection) -> float:
        """How far the middle of ``face`` is from the tile's own, in pixels, across or down."""
        away = face.box[:2] + face.box[2:] / 2 - ((self.left + self.right) / 2, (self.top + self.bottom) / 2)
        return float(np.abs(away).max())


def tiles_of(height: int, width: int) -> list[Tile]:
    """The tiles of a picture, row by row, which cover it; none where a tile would be all of it.

    Neighbours overlap by at least 0.15 of the picture's longer side, so that each face that is smaller lies whole in
    one of them.
    """
    longer = max(height, width)
    side = max(round(_SIDE * longer), _LEAST_SIDE)
    if side >= longer:
        return []
    tops, lefts = (_starts(length, side, _OVERLAP * longer) for length in (height, width))
    return [Tile(x, y, min(x + side, width), min(y + side, height)) for y in tops for x in lefts]


class TiledFinder:
    """``model`` on a picture and on its tiles, in one batch. A :class:`realtime.detector.FaceFinder`."""

    name = "tiled"

    def __init__(self, model: "FaceFinder") -> None:
        self._model = model
        self.engine = model.engine

    def find(self, image: NDArray[np.uint8], near: Sequence[Detection] | None = None) -> list[Detection]:
        """Every detection in ``image`` uint8 ``[H, W, 3]`` RGB; a face may be there several times, but never cut.

        With ``near``, only the tiles in the middle of which these faces lie best are looked at besides the whole.
        """
        height, width = image.shape[:2]
        tiles = tiles_of(height, width)
        if near is not None:
            chosen = {min(tiles, key=lambda tile: tile.distance(face)) for face in near if tiles}
            tiles = [tile for tile in tiles if tile in chosen]
        parts = [image[tile.top : tile.bottom, tile.left : tile.right] for tile in tiles]
        found, *in_tiles = self._model.find_all([image, *parts])
        for tile, detections in zip(tiles, in_tiles, strict=True):
            moved = [_moved(each, tile) for each in detections]
            found += [each for each in moved if not _is_cut(each, tile, height, width)]
        return found

    def find_all(self, images: Sequence[NDArray[np.uint8]]) -> list[list[Detection]]:
        """What :meth:`find` finds in each of ``images``, one after the other: each is a batch by itself."""
        return [self.find(image) for image in images]

    def close(self) -> None:
        """Give back the model."""
        self._model.close()


def _starts(length: int, side: int, overlap: float) -> list[int]:
    """Where tiles of ``side`` pixels begin that cover ``length``, evenly."""
    if length <= side:
        return [0]
    count = math.ceil((length - overlap) / (side - overlap))
    return [int(start) for start in np.linspace(0, length - side, count)]


def _moved(detection: Detection, tile: Tile) -> Detection:
    """``detection`` in ``tile``, in the picture that this is a part of."""
    corner = np.array([tile.left, tile.top], np.float32)
    box = np.concatenate([detection.box[:2] + corner, detection.box[2:]])
    return Detection(box, detection.keypoints + corner, detection.score)


def _is_cut(detection: Detection, tile: Tile, height: int, width: int) -> bool:
    """Whether the box reaches an edge of ``tile`` beyond which the picture goes on: another tile has all of it."""
    margin = _EDGE * (tile.right - tile.left)
    left, top, *sides = detection.box.tolist()
    right, bottom = left + sides[0], top + sides[1]
    return (
        (tile.left > 0 and left < tile.left + margin)
        or (tile.top > 0 and top < tile.top + margin)
        or (tile.right < width and right > tile.right - margin)
        or (tile.bottom < height and bottom > tile.bottom - margin)
    )
