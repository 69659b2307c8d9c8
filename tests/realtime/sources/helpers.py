"""Small real things that sources read: videos, a camera that can be pulled out, a stream on loopback."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from realtime.sources.devices import Device

Image = NDArray[np.uint8]

WIDTH, HEIGHT = 160, 120
UNEVEN = (0.0, 0.033, 0.1, 0.35, 0.36, 0.9)
"""Seconds, as milliseconds can tell them."""


def red_and_blue(width: int = WIDTH, height: int = HEIGHT) -> Image:
    """Red on the left, blue on the right."""
    image = np.zeros((height, width, 3), np.uint8)
    image[:, : width // 2, 0] = 255
    image[:, width // 2 :, 2] = 255
    return image


def noise(seed: int) -> Image:
    """A picture that compresses badly, so that a file's length is spread over its frames."""
    return np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)


def write_video(
    path: Path,
    times: Sequence[float],
    *,
    draw: Callable[[int], Image] | None = None,
    turn: int = 0,
    options: dict[str, str] | None = None,
    coding: dict[str, str] | None = None,
) -> Path:
    """A video of what ``draw`` gives for 0, 1, ... at ``times`` (seconds), to be shown turned left by ``turn`` degrees.

    ``options`` are those of the file, ``coding`` those of the pictures in it, where that is H.264. An AVI knows only an
    even rate: 25 frames a second.
    """
    draw = draw or (lambda _: red_and_blue())
    tick = Fraction(1, 25 if path.suffix == ".avi" else 1000)
    with av.open(str(path), "w", options=options or {}) as container:
        if path.suffix == ".avi":
            stream = container.add_stream("mpeg4", rate=25)
        else:
            stream = container.add_stream("libx264", rate=25, options={"preset": "ultrafast", **(coding or {})})
        stream.height, stream.width = draw(0).shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = tick
        stream.bit_rate = 2_000_000
        if turn:
            stream.set_display_rotation(turn)
        for number, seconds in enumerate(times):
            frame = av.VideoFrame.from_ndarray(draw(number), format="rgb24")
            frame.pts = round(seconds / tick)
            frame.time_base = tick
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def write_picture(path: Path, image: Image) -> Path:
    _, data = cv2.imencode(path.suffix, cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    data.tofile(path)
    return path


class FakeCamera:
    """A camera on a cable: it can be unplugged, fall silent (its read then hangs), and come back.

    ``clock`` stands still while the camera is well, and runs at every look at it while it is not: so two seconds of
    silence are over at once, and a slow machine never takes a healthy camera for a silent one.
    """

    def __init__(self, image: Image | None = None) -> None:
        self.image = red_and_blue() if image is None else image
        self.plugged = True
        self.opened = 0
        self.released = 0
        self._awake = threading.Event()
        self._awake.set()
        self._now = 100.0

    def open(self) -> Device | None:
        if not self.plugged:
            return None
        self.opened += 1
        return _FakeDevice(self)

    def fall_silent(self) -> None:
        self._awake.clear()

    def wake(self) -> None:
        self._awake.set()

    def clock(self) -> float:
        if not (self.plugged and self._awake.is_set()):
            self._now += 0.5
        return self._now

    def take(self) -> Image | None:
        self._awake.wait()
        if not self.plugged:
            return None
        time.sleep(0.002)
        self._now += 0.01
        return self.image.copy()


class _FakeDevice:
    fps = 30.0

    def __init__(self, camera: FakeCamera) -> None:
        self._camera = camera

    def read(self) -> Image | None:
        return self._camera.take()

    def release(self) -> None:
        self._camera.released += 1


class _Stream(BaseHTTPRequestHandler):
    server: "_StreamServer"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        try:
            while not self.server.stopped.wait(0.01):
                head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(self.server.picture)}\r\n\r\n"
                self.wfile.write(head.encode() + self.server.picture + b"\r\n")
        except ConnectionError:
            return  # the reader has gone

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name that the base class gave it)
        """Say nothing."""


class _StreamServer(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self, picture: bytes, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Stream)
        self.picture = picture
        self.stopped = threading.Event()


@contextmanager
def mjpeg_server(port: int = 0) -> Iterator[str]:
    """The address of a Motion JPEG stream on loopback."""
    _, data = cv2.imencode(".jpg", cv2.cvtColor(red_and_blue(), cv2.COLOR_RGB2BGR))
    with _StreamServer(data.tobytes(), port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/stream"
        finally:
            server.stopped.set()
            server.shutdown()
            thread.join()


@contextmanager
def no_thread_left() -> Iterator[None]:
    """Fails where a thread that was started inside outlives it."""
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before]
    for thread in left:
        thread.join(5.0)
    assert not [t.name for t in left if t.is_alive()], "threads left behind"
