"""Cameras and streams as OpenCV gives them: found, opened and read, one picture at a time."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from realtime.options import CameraFormat
from realtime.sources.quiet import hush_opencv

# One backend a system, so that a camera has one number; the first one is what OpenCV itself knows best there.
_BACKENDS = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION, "win32": cv2.CAP_DSHOW}

_URL_TIMEOUT_MS = 5000
"""How long a stream may take to open, or to give its next picture, before OpenCV gives up on it."""

_FIRST_PICTURE_S = 1.0
"""How long a camera that fails to read is asked again before it is held to be busy."""


@dataclass(frozen=True, slots=True)
class CameraDescription:
    """A camera of this machine: the ``number`` that opens it and the ``name`` that its maker gave it."""

    number: int
    name: str


class Device(Protocol):
    """An opened camera. Every method may block, and is called from one thread."""

    @property
    def fps(self) -> float | None:
        """Nominal frames a second, None where unknown."""

    def read(self) -> NDArray[np.uint8] | None:
        """The next picture, uint8 ``[H, W, 3]`` RGB; None where there is none just now."""

    def release(self) -> None: ...


Opener = Callable[[], Device | None]
"""Opens a device, or gives None where it is missing or busy."""


class CvDevice:
    """A device opened by OpenCV."""

    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture

    @property
    def fps(self) -> float | None:
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        return rate if 1.0 <= rate <= 1000.0 else None

    def read(self) -> NDArray[np.uint8] | None:
        try:
            got, image = self._capture.read()
        except cv2.error:  # what some backends do when the camera is unplugged
            return None
        return cv2.cvtColor(image, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False) if got else None

    def release(self) -> None:
        self._capture.release()


def list_cameras() -> list[CameraDescription]:
    """The cameras of this machine, by number; empty where there are none or the system does not tell."""
    try:
        from cv2_enumerate_cameras import enumerate_cameras  # noqa: PLC0415 (fails to import on systems it does not know)

        found = enumerate_cameras(_backend())
    except (ImportError, NotImplementedError, OSError):
        return []
    return sorted((CameraDescription(int(c.index), str(c.name)) for c in found), key=lambda c: c.number)


def open_number(number: int, wish: CameraFormat) -> Device | None:
    """Open the camera ``number`` and ask it for ``wish``, which it may refuse."""
    hush_opencv()
    capture = cv2.VideoCapture(number, _backend())
    if not capture.isOpened():
        capture.release()
        return None
    # Motion JPEG first: uncompressed, most cameras manage 720p at 10 frames a second or fewer.
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    if wish.size is not None:
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, wish.size[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, wish.size[1])
    capture.set(cv2.CAP_PROP_FPS, wish.fps)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    device = CvDevice(capture)
    if not _reads(device):
        device.release()
        return None
    return device


def open_url(url: str) -> Device | None:
    """Open the stream at ``url`` (rtsp, http or https)."""
    hush_opencv()
    timeouts = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _URL_TIMEOUT_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, _URL_TIMEOUT_MS]
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG, timeouts)
    if not capture.isOpened():
        capture.release()
        return None
    return CvDevice(capture)


def _reads(device: Device) -> bool:
    """Whether ``device`` gives a picture: one that another program uses opens all the same, and fails only then."""
    until = time.monotonic() + _FIRST_PICTURE_S
    while device.read() is None:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _backend() -> int:
    return _BACKENDS.get(sys.platform, cv2.CAP_ANY)
