"""What is made of what OpenCV gives."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from realtime.sources import devices

BLUE_FIRST = np.full((4, 6, 3), (255, 0, 0), np.uint8)


class _Capture:
    """Stands in for ``cv2.VideoCapture``: ``there`` or not, failing its first ``failures`` reads."""

    there = True
    failures = 0.0
    asked: tuple[object, ...] = ()
    released = 0

    def __init__(self, *asked: object) -> None:
        type(self).asked = asked
        self._reads = 0

    def isOpened(self) -> bool:  # noqa: N802 (OpenCV's name)
        return self.there

    def set(self, _: int, __: float) -> bool:
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
    kind = type("_Fresh", (_Capture,), {})
    monkeypatch.setattr(cv2, "VideoCapture", kind)
    monkeypatch.setattr(devices, "_FIRST_PICTURE_S", 0.2)
    return kind


def test_pictures_come_as_red_green_blue_even_if_the_first_reads_fail(capture: type[_Capture]) -> None:
    capture.failures = 1
    device = devices.open_number(3)
    assert device is not None
    assert capture.asked[0] == 3
    np.testing.assert_array_equal(device.read(), BLUE_FIRST[..., ::-1])
    assert device.fps is None


def test_a_camera_that_opens_but_never_reads_is_taken_for_busy_and_given_back(capture: type[_Capture]) -> None:
    capture.failures = np.inf
    assert devices.open_number(0) is None
    assert capture.released == 1


def test_a_camera_that_is_not_there_is_given_back(capture: type[_Capture]) -> None:
    capture.there = False
    assert devices.open_number(0) is None
    assert devices.open_url("rtsp://127.0.0.1:9/x") is None
    assert capture.released == 2
