"""A camera or stream that may go away and come back."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engines.errors import SourceError
from realtime.records import Frame
from realtime.sources.base import Closable, Notice, SourceInfo, say
from realtime.sources.channel import Channel
from realtime.sources.devices import Device, Opener

SILENCE_S = 2.0
"""A camera that gave no picture for this long is said to be gone, and opened anew."""

_PATIENCE_S = 15.0
"""How long a camera may take for its first picture, and a reader that hangs to come back before another is tried."""

_RETRY_S = 1.0
"""Between two attempts to open a camera that is gone."""

_LOOK_S = 0.05
"""How often a wait looks up: at the clock, and whether the source has been closed."""

_FAREWELL_S = 0.5
"""How long closing waits for a reader. One that hangs in its driver is left behind; it dies with the program."""

Clock = Callable[[], float]


class _Reader(threading.Thread):
    """Opens a device and reads it in a thread of its own, since both may block, and keeps only the newest picture.

    ``pictures`` gives each picture with the second at which it was captured, and ends where the device does not open.
    """

    def __init__(self, name: str, opener: Opener, clock: Clock) -> None:
        super().__init__(name=f"read {name}", daemon=True)
        self._opener = opener
        self._clock = clock
        self.pictures: Channel[tuple[NDArray[np.uint8], float]] = Channel(1, drop_oldest=True)
        self.fps: float | None = None
        self.stopped = threading.Event()
        self.start()

    def run(self) -> None:
        try:
            device = self._opener()
            if device is not None:
                try:
                    self.fps = device.fps
                    self._read(device)
                finally:
                    device.release()
        except Exception as error:  # handed on to the thread that reads the source
            self.pictures.end(error)
        finally:
            self.pictures.end()

    def _read(self, device: Device) -> None:
        while not self.stopped.is_set():
            picture = device.read()
            if picture is None:
                self.stopped.wait(_LOOK_S)  # unplugged, most backends fail at once, and would keep a core busy
            else:
                self.pictures.put((picture, self._clock()))

    def stop(self) -> None:
        self.stopped.set()
        self.pictures.close()


class CameraSource(Closable):
    """The live pictures of a device, as long as the source is open, whatever happens to the device.

    ``Frame.time`` is ``clock()`` (``time.monotonic``) at capture. Only the newest picture is kept for who is late. A
    device that gives no picture for two seconds (unplugged, asleep, off the network) is said through ``notice`` and
    opened anew, once a second, until it is back; its size may be another then, and ``info`` with it.

    One daemon thread reads the device. Raises ``SourceError`` where the device cannot be opened at first; ``missing``
    adds to that line what the person can do.
    """

    def __init__(
        self,
        name: str,
        opener: Opener,
        *,
        notice: Notice = say,
        missing: Callable[[], str] = lambda: "check that it is on and that no other program uses it",
        clock: Clock = time.monotonic,
    ) -> None:
        super().__init__()
        self._name = name
        self._opener = opener
        self._notice = notice
        self._clock = clock
        self._next_index = 0
        self._changing = threading.Lock()
        self._reader = _Reader(name, opener, clock)
        try:
            first = self._picture(_PATIENCE_S)
        except TimeoutError:
            self.close()
            raise SourceError(f"{name} gives no picture: {missing()}") from None
        if first is None:
            self.close()
            raise SourceError(f"{name} cannot be opened: {missing()}")
        height, width, _ = first[0].shape
        self._info = SourceInfo(name=name, live=True, width=width, height=height, fps=self._reader.fps)

    @property
    def info(self) -> SourceInfo:
        return self._info

    def __iter__(self) -> Iterator[Frame]:
        self._expect_open(self._name)
        while not self._closed.is_set():
            try:
                taken = self._picture(SILENCE_S)
            except TimeoutError:
                taken = None
            if taken is None:
                taken = self._wait_until_back()
            if taken is not None:
                yield self._frame(*taken)

    def close(self) -> None:
        """End the iteration that is under way and give the device back, within a second; twice is once."""
        with self._changing:
            super().close()
        self._reader.stop()
        self._reader.join(_FAREWELL_S)

    def _frame(self, image: NDArray[np.uint8], taken_at: float) -> Frame:
        height, width, _ = image.shape
        if (width, height) != (self._info.width, self._info.height):
            self._info = replace(self._info, width=width, height=height)
        index, self._next_index = self._next_index, self._next_index + 1
        return Frame(image, index, taken_at)

    def _picture(self, patience: float) -> tuple[NDArray[np.uint8], float] | None:
        """The newest picture; None once the reader has ended or the source is closed, ``TimeoutError`` for silence."""
        since = self._clock()
        while True:
            try:
                return self._reader.pictures.get(_LOOK_S)
            except TimeoutError:
                if self._closed.is_set():
                    return None
                if self._clock() - since > patience:
                    raise

    def _wait_until_back(self) -> tuple[NDArray[np.uint8], float] | None:
        """Open the device again and again; its first picture, or None once the source is closed."""
        if self._closed.is_set():
            return None
        self._notice(f"{self._name} gives no picture: waiting until it is back")
        while not self._closed.is_set():
            self._retire_reader()
            if self._closed.wait(_RETRY_S):
                return None
            with self._changing:
                if self._closed.is_set():
                    return None
                self._reader = _Reader(self._name, self._opener, self._clock)
            try:
                taken = self._picture(_PATIENCE_S)
            except TimeoutError:
                continue
            if taken is not None:
                self._notice(f"{self._name} is back")
                return taken
        return None

    def _retire_reader(self) -> None:
        """Let the reader give its device back, or the next one would find it busy; one that hangs is given up."""
        self._reader.stop()
        since = self._clock()
        while self._reader.is_alive() and not self._closed.is_set() and self._clock() - since < _PATIENCE_S:
            self._reader.join(_LOOK_S)
