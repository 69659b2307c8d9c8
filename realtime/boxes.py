"""How boxes lie to each other, and which of them speak of one face. Boxes are float ``[4]``: x, y, width, height."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from realtime.records import Detection

_SAME_FACE = 0.4
"""Intersection over union from which two boxes are one face seen twice."""
_INSIDE = 0.7
"""Share of the smaller box from which it is taken for a part of the face whose box it lies in."""


def intersection(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """The area that boxes ``a`` and ``b`` share, in square pixels."""
    # Plain numbers: of single elements NumPy's arithmetic takes ten times as long.
    left, top, across, down = a.tolist()
    x, y, width, height = b.tolist()
    shared_width = min(left + across, x + width) - max(left, x)
    shared_height = min(top + down, y + height) - max(top, y)
    return float(max(shared_width, 0.0) * max(shared_height, 0.0))


def iou(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Intersection over union of boxes ``a`` and ``b``, in 0..1."""
    shared = intersection(a, b)
    return shared / max(float(a[2] * a[3] + b[2] * b[3]) - shared, 1e-6)


def same_face(a: Detection, b: Detection) -> bool:
    """Whether the boxes of ``a`` and ``b`` lie on each other as two sightings of one face do."""
    return iou(a.box, b.box) >= _SAME_FACE


def without_duplicates(detections: Sequence[Detection]) -> list[Detection]:
    """The best detection of each face, best first: drops what another one covers, or lies in, or holds."""
    kept: list[Detection] = []
    for detection in sorted(detections, key=lambda each: -each.score):
        if not any(_repeats(detection, better) for better in kept):
            kept.append(detection)
    return kept


def _repeats(a: Detection, b: Detection) -> bool:
    smaller = min(float(each.box[2] * each.box[3]) for each in (a, b))
    return same_face(a, b) or intersection(a.box, b.box) >= _INSIDE * max(smaller, 1e-6)
