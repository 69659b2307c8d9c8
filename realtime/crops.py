"""Cuts the faces out of a frame, framed as the faces that an encoder was trained on."""

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.package import CropGeometry
from realtime.records import Detection

_RIGHT_EYE, _LEFT_EYE = 0, 1
_FINE = 6
"""Pixels of a face, across and down, for one of its crop, from which on its part of the frame is halved first: what is
averaged over three or more afterwards loses nothing to it, and to turn a face takes as long as it has pixels."""
_LEAST_EYE_DISTANCE = 0.05
"""Share of the box's width under which the eyes lie too close to each other to tell how the head is tilted."""


def crop_faces(
    image: NDArray[np.uint8], detections: Sequence[Detection], geometry: CropGeometry, size: int, channels: int
) -> NDArray[np.uint8]:
    """Cut ``detections`` out of ``image`` uint8 ``[H, W, 3]`` RGB; returns uint8 ``[N, channels, size, size]``.

    Each face is turned about its box's centre until its eyes are level, and its box put where ``geometry`` says. What
    lies beyond the frame repeats the frame's edge: that adds no contour which the encoder could take for a part of
    the face. ``channels`` is 3 for RGB or 1 for luminance. N is the number of detections and may be 0.

    Raises ``ValueError`` for an image of another shape or dtype and for another number of channels.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or 0 in image.shape:
        raise ValueError(f"image: expected uint8 [H, W, 3], got {image.dtype} {list(image.shape)}")
    if channels not in {1, 3}:
        raise ValueError(f"channels: expected 1 or 3, got {channels}")
    crops = np.empty((len(detections), channels, size, size), np.uint8)
    for crop, detection in zip(crops, detections, strict=True):
        part, origin = _around(image, detection, geometry)
        if channels == 1:  # turned grey first: to turn and to scale one channel takes half as long
            grey = np.asarray(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY), np.uint8)
            crop[0] = _cut(grey, origin, detection, geometry, size)
        else:
            crop[:] = _cut(part, origin, detection, geometry, size).transpose(2, 0, 1)
    return crops


def closeup(image: NDArray[np.uint8], detection: Detection, geometry: CropGeometry, size: int) -> NDArray[np.uint8]:
    """``detection`` cut out of ``image`` uint8 ``[H, W, 3]`` as :func:`crop_faces` does, in colour: ``[S, S, 3]``."""
    crop = crop_faces(image, [detection], geometry, size, 3)[0]
    return np.ascontiguousarray(crop.transpose(1, 2, 0))


def out_of_closeup(seen: Detection, detection: Detection, geometry: CropGeometry, size: int) -> Detection:
    """What was ``seen`` in the :func:`closeup` of ``detection``, in the image that this was cut from.

    The box stays upright: as in :func:`crop_faces`, it is only its centre that turns with the head.
    """
    scale = _side(detection, geometry) / size
    angle = tilt(detection)
    turned = scale * np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    origin = np.array([geometry.center_x, geometry.center_y]) * size
    anchor = detection.box[:2] + detection.box[2:] / 2
    sides = seen.box[2:] * scale
    center = (seen.box[:2] + seen.box[2:] / 2 - origin) @ turned + anchor
    points = (seen.keypoints - origin) @ turned + anchor
    box = np.array([*(center - sides / 2), *sides], np.float32)
    return Detection(box, points.astype(np.float32), seen.score)


def tilt(detection: Detection) -> float:
    """The angle in radians by which the line through the eyes falls, on screen, from left to right."""
    across, down = (float(d) for d in detection.keypoints[_LEFT_EYE] - detection.keypoints[_RIGHT_EYE])
    if math.hypot(across, down) < _LEAST_EYE_DISTANCE * float(detection.box[2]):
        return 0.0
    return math.atan2(down, across)


def _side(detection: Detection, geometry: CropGeometry) -> float:
    """Pixels of the image that a crop of ``detection`` spans."""
    return max(float(detection.box[2]) / geometry.box, 1.0)


def _around(
    image: NDArray[np.uint8], detection: Detection, geometry: CropGeometry
) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    """The part of ``image`` that a crop may need however it is turned, and the left and top where that begins."""
    left, top, width, height = (float(value) for value in detection.box)
    farthest = math.hypot(*(max(share, 1 - share) for share in (geometry.center_x, geometry.center_y)))
    reach = _side(detection, geometry) * farthest + 2
    spans = []
    for middle, length in ((left + width / 2, image.shape[1]), (top + height / 2, image.shape[0])):
        start = min(max(math.floor(middle - reach), 0), length - 1)
        spans.append((start, max(min(math.ceil(middle + reach), length), start + 1)))
    (x, right), (y, bottom) = spans
    return image[y:bottom, x:right], (x, y)


def _cut(
    image: NDArray[np.uint8], origin: tuple[int, int], detection: Detection, geometry: CropGeometry, size: int
) -> NDArray[np.uint8]:
    """``detection`` out of ``image``, the part of its frame that begins at ``origin`` and has all of the face."""
    corner_and_sides = detection.box.astype(np.float64) - (*origin, 0, 0)
    side = _side(detection, geometry)
    angle = tilt(detection)
    cos, sin = math.cos(angle), math.sin(angle)
    while (spanned := min(side, max(image.shape[:2]))) >= _FINE * size and min(image.shape[:2]) > 1:
        image, corner_and_sides, side = _halved(image), corner_and_sides / 2, side / 2
    left, top, width, height = corner_and_sides.tolist()
    # Bilinear sampling aliases where it shrinks: sample at about one to one, then average whole blocks of pixels.
    blocks = max(1, math.ceil(spanned / size))
    sampled = size * blocks
    a, b = side / sampled * cos, side / sampled * sin
    # From the middle of the box to where geometry has it; OpenCV counts from the middle of the first pixel.
    x, y = geometry.center_x * sampled - 0.5, geometry.center_y * sampled - 0.5
    to_image = np.array(
        [
            [a, -b, left + width / 2 - 0.5 - a * x + b * y],
            [b, a, top + height / 2 - 0.5 - b * x - a * y],
        ]
    )
    face = cv2.warpAffine(
        image,
        to_image,
        (sampled, sampled),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    if blocks > 1:
        face = cv2.resize(face, (size, size), interpolation=cv2.INTER_AREA)
    return np.asarray(face, np.uint8)


def _halved(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """``image`` at half its size, each pixel the mean of four; a last row or column that is left over goes."""
    height, width = (length // 2 for length in image.shape[:2])
    even = image[: 2 * height, : 2 * width]
    return np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
