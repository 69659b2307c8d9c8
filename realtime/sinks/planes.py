"""From a drawn picture to what encoders of video take: brightness in full, colour at half the size (YUV 4:2:0)."""

import av
import cv2
import numpy as np
from numpy.typing import NDArray

_RED, _GREEN, _BLUE = 0.2126, 0.7152, 0.0722
"""Of brightness, after BT.709."""
_BRIGHTNESS, _COLOUR = 219 / 255, 224 / 255
"""What limited range leaves of the values."""
_TO_YUV = np.array([
    [_BRIGHTNESS * _RED, _BRIGHTNESS * _GREEN, _BRIGHTNESS * _BLUE, 16],
    [-_COLOUR * _RED / (2 - 2 * _BLUE), -_COLOUR * _GREEN / (2 - 2 * _BLUE), _COLOUR / 2, 128],
    [_COLOUR / 2, -_COLOUR * _GREEN / (2 - 2 * _RED), -_COLOUR * _BLUE / (2 - 2 * _RED), 128],
], np.float32)  # fmt: skip


class Planes:
    """Makes frames of pictures of one even size, BT.709 in limited range; for one thread.

    In about half of FFmpeg's time. Brightness is its own to within 1 of 255; the colour of four pixels is their mean.
    """

    def __init__(self, height: int, width: int) -> None:
        self._size = height, width
        self._whole = np.empty((height, width, 3), np.uint8)
        self._half = np.empty((height // 2, width // 2, 3), np.uint8)

    def of(self, picture: NDArray[np.uint8]) -> av.VideoFrame:
        """``picture`` uint8 ``[H, W, 3]`` RGB as a frame of its own, ``yuv420p``."""
        height, width = self._size
        frame = av.VideoFrame(width, height, "yuv420p")
        cv2.transform(picture, _TO_YUV, dst=self._whole)
        cv2.resize(self._whole, (width // 2, height // 2), dst=self._half, interpolation=cv2.INTER_AREA)
        for channel, (plane, values) in enumerate(
            zip(frame.planes, (self._whole, self._half, self._half), strict=True)
        ):
            rows = np.asarray(memoryview(plane)).reshape(plane.height, plane.line_size)
            cv2.extractChannel(values, channel, dst=rows[:, : plane.width])
        return frame
