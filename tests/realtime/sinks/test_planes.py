"""The planes of a picture are what FFmpeg makes of it."""

import av
import cv2
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from realtime.sinks.planes import Planes


def _by_ffmpeg(picture: NDArray[np.uint8]) -> NDArray[np.int64]:
    frame = av.VideoFrame.from_ndarray(picture, "rgb24")
    made = frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG)
    return np.asarray(made.to_ndarray(), np.int64)


@given(color=arrays(np.uint8, 3), height=st.integers(1, 20), width=st.integers(1, 20))
def test_of_one_colour(color: NDArray[np.uint8], height: int, width: int) -> None:
    picture = np.broadcast_to(color, (2 * height, 2 * width, 3)).copy()
    made = Planes(2 * height, 2 * width).of(picture).to_ndarray().astype(np.int64)
    assert np.abs(made - _by_ffmpeg(picture)).max() <= 1


@pytest.mark.parametrize("size", [(90, 134), (120, 160)])
def test_of_a_picture_and_the_next_one(size: tuple[int, int]) -> None:
    planes, chance = Planes(*size), np.random.default_rng(4)
    first, second = (
        np.asarray(cv2.resize(chance.integers(0, 256, (6, 8, 3), np.uint8), size[::-1]), np.uint8) for _ in range(2)
    )
    one, other = planes.of(first), planes.of(second)
    for made, picture in ((one, first), (other, second)):
        away = np.abs(made.to_ndarray().astype(np.int64) - _by_ffmpeg(picture))
        assert away[: size[0]].max() <= 1  # brightness
        assert away[size[0] :].mean() < 1.5  # colour, where it changes from pixel to pixel
