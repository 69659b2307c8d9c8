"""Faces for the tests of this room: made-up detections, and the one real portrait that an installed package ships."""

import math

import cv2
import numpy as np
from matplotlib import cbook
from numpy.typing import NDArray

from realtime.records import Detection

# Right eye, left eye, nose, mouth, right ear, left ear, from the box's centre in shares of its side.
_POINTS = np.array([[-0.21, -0.21], [0.21, -0.21], [0.0, 0.02], [0.0, 0.24], [-0.45, -0.12], [0.45, -0.12]])


def face(x: float, y: float, width: float = 100.0, *, score: float = 0.9, tilt: float = 0.0) -> Detection:
    """A detection with its box's centre at ``x``, ``y``; ``tilt`` (radians) turns the face clockwise on the screen."""
    cos, sin = math.cos(tilt), math.sin(tilt)
    points = np.array([x, y]) + width * _POINTS @ np.array([[cos, sin], [-sin, cos]])
    box = np.array([x - width / 2, y - width / 2, width, width], np.float32)
    return Detection(box, points.astype(np.float32), score)


def portrait() -> NDArray[np.uint8]:
    """Rear Admiral Grace Hopper, uint8 ``[600, 512, 3]`` RGB, public domain."""
    path = cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    assert picture is not None
    return np.asarray(picture, np.uint8)
