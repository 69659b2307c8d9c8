"""MediaPipe's face detection graphs without MediaPipe: its pictures, anchors, decoding and suppression.

What MediaPipe's Tasks do around its two graphs, step by step and with the same settings, after its sources (BlazeFace:
Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs", 2019). The same boxes and scores
come out, a good deal faster, and MediaPipe need not be imported.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.assets import Assets
from engines.base import EngineName
from engines.graphs import ON_PROCESSOR, open_graph
from engines.registry import BuildLines, Notice, in_silence
from realtime.mediapipe_faces import FaceModelKind, framed
from realtime.records import KEYPOINTS, Detection

_SAME = 0.3
"""Intersection over union above which boxes are taken together, MediaPipe's own."""
_LAYERS = {896: ((16, 2), (8, 6)), 2304: ((48, 1),)}
"""Cells along a side and anchors in a cell, layer by layer, of short range and of full range, by their anchors."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a graph found in one letterboxed picture, in shares of its side.

    ``corners`` float32 ``[N, 4]`` left, top, right, bottom; ``keypoints`` float32 ``[N, 6, 2]``; ``scores`` ``[N]``.
    """

    corners: NDArray[np.float32]
    keypoints: NDArray[np.float32]
    scores: NDArray[np.float32]

    def __getitem__(self, which: NDArray[np.generic]) -> "Found":
        return Found(self.corners[which], self.keypoints[which], self.scores[which])


class FaceGraph:
    """One face detection model on one of the engines ``names``, the first that runs here.

    A :class:`realtime.detector.FaceFinder`. ``notice`` is told of a long build. Raises as
    :func:`engines.graphs.open_graph`.
    """

    def __init__(
        self,
        kind: FaceModelKind,
        confidence: float,
        assets: Assets,
        names: Sequence[EngineName] = ON_PROCESSOR,
        *,
        threads: int = 1,
        notice: Notice = in_silence,
    ) -> None:
        self.name = kind.name
        self._kind = kind
        self._least = confidence
        told = BuildLines(notice, f"{kind.name}-range face detector")
        self._graph = open_graph(assets.path(kind.asset), names, threads=threads, notify=told)
        self.engine: str = self._graph.name
        self._side = self._graph.picture[0]

    def find(self, image: NDArray[np.uint8]) -> list[Detection]:
        """Every detection in ``image`` uint8 ``[H, W, 3]`` RGB, boxes in the framing of the short-range model."""
        return self.find_all([image])[0]

    def find_all(self, images: Sequence[NDArray[np.uint8]]) -> list[list[Detection]]:
        """What :meth:`find` finds in each of ``images``, which may differ in size, in one batch."""
        if not images:
            return []
        boxes, scores = self._graph.run(np.stack([letterboxed(image, self._side) for image in images]))
        return [self._faces(*each) for each in zip(images, boxes, scores[..., 0], strict=True)]

    def close(self) -> None:
        """Give back the graph; twice is once."""
        self._graph.close()

    def _faces(
        self, image: NDArray[np.uint8], boxes: NDArray[np.float32], scores: NDArray[np.float32]
    ) -> list[Detection]:
        found = suppressed(decoded(boxes, scores, anchors(len(boxes)), self._side, self._least))
        height, width = image.shape[:2]
        side = max(height, width)
        origin = np.array([width - side, height - side]) / 2
        detections = []
        for corners, points, score in zip(found.corners, found.keypoints, found.scores, strict=True):
            left, top, right, bottom = (corners * side + np.tile(origin, 2)).tolist()
            box = (left, top, right - left, bottom - top)
            detections.append(
                Detection(framed(box, self._kind), (points * side + origin).astype(np.float32), float(score))
            )
        return detections


def letterboxed(image: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """``image`` uint8 ``[H, W, 3]`` in the middle of a black square of ``side`` pixels, touching two of its edges.

    Sampled as MediaPipe does: from the corner of each pixel, and without smoothing. Raises ``ValueError`` for another
    shape or dtype.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or 0 in image.shape:
        raise ValueError(f"image: expected uint8 [H, W, 3], got {image.dtype} {list(image.shape)}")
    return np.asarray(cv2.remap(image, *_sampling(*image.shape[:2], side), cv2.INTER_LINEAR), np.uint8)


@lru_cache(maxsize=32)
def _sampling(height: int, width: int, side: int) -> tuple[NDArray[np.int16], NDArray[np.uint16]]:
    """Where each pixel of the square lies in the image, to a 32nd of a pixel as in the OpenCV that MediaPipe has.

    Exact places would move scores by up to 0.03 where a picture is enlarged.
    """
    longer = max(height, width)
    places = np.arange(side) * longer / side
    x, y = np.meshgrid(places + (width - longer) / 2, places + (height - longer) / 2)
    whole, part = cv2.convertMaps(x.astype(np.float32), y.astype(np.float32), cv2.CV_16SC2)
    return np.asarray(whole, np.int16), np.asarray(part, np.uint16)


@cache
def anchors(count: int) -> NDArray[np.float32]:
    """Where the ``count`` (896 or 2304) anchors of a graph lie: x, y ``[N, 2]`` in shares of the side, row by row."""
    grids = []
    for cells, repeats in _LAYERS[count]:
        middles = (np.arange(cells) + 0.5) / cells
        x, y = np.meshgrid(middles, middles)
        grids.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), repeats, axis=0))
    return np.concatenate(grids).astype(np.float32)


def decoded(
    boxes: NDArray[np.float32], scores: NDArray[np.float32], middles: NDArray[np.float32], side: int, least: float
) -> Found:
    """What the tensors of a graph say, of the anchors whose score is at least ``least`` (more than 0).

    ``boxes`` float32 ``[N, 16]`` are pixels of a square of ``side``: centre, width, height and six points; centre and
    points from the anchor's middle ``middles`` ``[N, 2]``. ``scores`` float32 ``[N]`` are logits.
    """
    # Few anchors are over the least score, so it is the logits that are compared.
    chosen = scores >= np.log(least / (1 - least))
    numbers = boxes[chosen] / np.float32(side)
    center = numbers[:, :2] + middles[chosen]
    half = numbers[:, 2:4] / 2
    corners = np.concatenate([center - half, center + half], axis=1)
    points = numbers[:, 4:].reshape(-1, KEYPOINTS, 2) + middles[chosen][:, None]
    found = Found(corners, points, 1 / (1 + np.exp(-scores[chosen])))
    return found[np.flatnonzero((half >= 0).all(axis=1))]


def suppressed(found: Found) -> Found:
    """One detection for each heap of boxes, best first: where their mean, weighted by score, is; with the best score.

    MediaPipe's weighted non-maximum suppression: what overlaps the best box by more than 0.3 goes into one with it.
    """
    if not len(found.scores):
        return found
    found = found[np.argsort(-found.scores, kind="stable")]
    overlaps = _overlaps(found.corners) > _SAME
    left = np.ones(len(found.scores), np.bool_)
    best, weights = [], []
    for index in range(len(left)):
        if left[index]:
            heap = left & overlaps[index]
            heap[index] = True  # a box without area overlaps nothing, not even itself
            left &= ~heap
            best.append(index)
            weights.append(np.where(heap, found.scores, 0) / found.scores[heap].sum())
    mean = np.array(weights, np.float32)
    points = mean @ found.keypoints.reshape(len(left), -1)
    return Found(mean @ found.corners, points.reshape(-1, KEYPOINTS, 2), found.scores[best])


def _overlaps(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of each box with each: ``[N, 4]``, by their corners, to ``[N, N]``."""
    shared = np.minimum(corners[:, None, 2:], corners[:, 2:]) - np.maximum(corners[:, None, :2], corners[:, :2])
    area = np.prod(np.maximum(shared, 0), axis=2)
    own = np.prod(corners[:, 2:] - corners[:, :2], axis=1)
    overlaps: NDArray[np.float32] = area / np.maximum(own[:, None] + own - area, np.float32(1e-12))
    return overlaps
