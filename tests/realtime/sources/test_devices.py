"""What is made of what OpenCV gives."""

from typing import ClassVar

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from realtime.options import CameraFormat
from realtime.sources import devices

BLUE_FIRST = np.full((4, 6, 3), (255, 0, 0), np.uint8)


class _Capture:
    """Stands in for ``cv2.VideoCapture``: ``there`` or not, failing its first ``failures`` reads."""

    there = True
    failures = 0.0
    asked: tuple[object, ...] = ()
    wished: ClassVar[dict[int, float]] = {}
    released = 0

    def __init__(self, *asked: object) -> None:
        type(self).asked = asked
        self._reads = 0

    def isOpened(self) -> bool:  # noqa: N802 (OpenCV's name)
        return self.there

    def set(self, what: int, value: float) -> bool:
        self.wished[what] = value
        return False

    def get(self, _: int) -> float:
        return 0.0

    def read(self) -> tuple[bool, NDArray[np.uint8] | None]:
        self._reads += 1
        return (False, None) if self._reads <= self.failures else (True, BLUE_FIRST)

    def release(self) -> None:
        type(self).released += 1


@pytest.fixture
def capture(monkeypatch: pytest.MonkeyPatch) -> type[_Capture]:
    kind = type("_Fresh", (_Capture,), {"wished": {}})
    monkeypatch.setattr(cv2, "VideoCapture", kind)
    monkeypatch.setattr(devices, "_FIRST_PICTURE_S", 0.2)
    return kind


def test_pictures_come_as_red_green_blue_even_if_the_first_reads_fail(capture: type[_Capture]) -> None:
    capture.failures = 1
    device = devices.open_number(3, CameraFormat())
    assert device is not None
    assert capture.asked[0] == 3
    np.testing.assert_array_equal(device.read(), BLUE_FIRST[..., ::-1])
    assert device.fps is None


def test_a_camera_that_opens_but_never_reads_is_taken_for_busy_and_given_back(capture: type[_Capture]) -> None:
    capture.failures = np.inf
    assert devices.open_number(0, CameraFormat()) is None
    assert capture.released == 1


def test_a_camera_that_is_not_there_is_given_back(capture: type[_Capture]) -> None:
    capture.there = False
    assert devices.open_number(0, CameraFormat()) is None
    assert devices.open_url("rtsp://127.0.0.1:9/x") is None
    assert capture.released == 2


def size_and_rate(capture: type[_Capture]) -> list[float | None]:
    wishes = (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT, cv2.CAP_PROP_FPS)
    return [capture.wished.get(wish) for wish in wishes]


def test_a_camera_is_asked_for_the_size_and_the_rate_that_are_wished(capture: type[_Capture]) -> None:
    assert devices.open_number(0, CameraFormat((1920, 1080), 60)) is not None
    assert size_and_rate(capture) == [1920, 1080, 60]


def test_a_camera_may_keep_its_own_size(capture: type[_Capture]) -> None:
    assert devices.open_number(0, CameraFormat(None)) is not None
    assert size_and_rate(capture) == [None, None, 30]


@pytest.mark.parametrize(("size", "fps"), [((0, 720), 30), ((1280, -1), 30), (None, 0)])
def test_a_format_without_pixels_or_pictures_is_refused(size: tuple[int, int] | None, fps: int) -> None:
    with pytest.raises(ValueError, match="camera format"):
        CameraFormat(size, fps)
