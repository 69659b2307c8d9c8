"""A stream whose every frame says which it is, small enough to follow by eye.

Frame number i is as bright as the i-th class (in turn), and its one face has its left edge at pixel i: so a reading
shows which frame it was made of.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from engines.text_head import TextHead
from realtime.pipeline import Pipeline
from realtime.recognizer import Recognizer
from realtime.records import Detection, Frame, Track
from realtime.smoothing import Smoother
from realtime.sources.base import Closable, Source, SourceInfo
from tests import tiny

WIDTH, HEIGHT, FPS = 160, 120, 30.0
FACE = 40.0
"""Width and height of a face in pixels."""


def frame(index: int) -> NDArray[np.uint8]:
    """Frame number ``index``: its first pixel holds the number."""
    image = np.full((HEIGHT, WIDTH, 3), (index % 8) * 32 + 16, np.uint8)
    image[0, 0, 0] = index
    return image


def detection(left: float, top: float = 30.0, score: float = 0.9) -> Detection:
    """A level face."""
    box = np.array([left, top, FACE, FACE], np.float32)
    points = [(0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.5, 0.8), (0.1, 0.5), (0.9, 0.5)]
    return Detection(box, (box[:2] + np.array(points) * FACE).astype(np.float32), score)


class Stream(Closable):
    """``frames`` numbered frames; live ones come when ``next_frame`` is released, until ``close``.

    With ``error``, that is raised in place of the frame after the last.
    """

    def __init__(
        self,
        frames: int,
        *,
        live: bool = False,
        still: bool = False,
        error: Exception | None = None,
    ) -> None:
        super().__init__()
        self.info = SourceInfo("stream", live, WIDTH, HEIGHT, frames, FPS, frames / FPS, still=still)
        self.next_frame = threading.Semaphore(0)
        self.read = 0
        self._count = frames
        self._one_by_one = live
        self._error = error

    def __iter__(self) -> Iterator[Frame]:
        for index in range(self._count):
            while self._one_by_one and not self.next_frame.acquire(timeout=0.01):
                if self._closed.is_set():
                    return
            if self._closed.is_set():
                return
            self.read = index + 1
            yield Frame(frame(index), index, time.monotonic() if self.info.live else index / FPS)
        if self._error is not None:
            raise self._error

    @property
    def closed(self) -> bool:
        return self._closed.is_set()


class Played(Stream):
    """A stream that is steered, though never elsewhere: its frames come when ``next_frame`` is released."""

    def __init__(self, frames: int) -> None:
        super().__init__(frames)
        self._one_by_one = True

    def is_outdated(self, frame: Frame) -> bool:  # noqa: ARG002 - as the protocol has it
        return False


class Reel(Stream):
    """A stream that can be read from anywhere in it."""

    first_time = 0.0

    def frames(self, start: float = 0.0) -> Iterator[Frame]:
        frames = list(self)
        return (each for each in frames if each.time >= start - 1e-6)


class NumberDetector:
    """Finds the face that each numbered frame has, and fails at frame ``fails_at``."""

    name = "number"
    engine = "arithmetic"

    def __init__(self, *, fails_at: int | None = None, tops: Sequence[float] = (30.0,)) -> None:
        self._fails_at = fails_at
        self._tops = tops
        self.closed = 0
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def detect(self, image: NDArray[np.uint8], time: float) -> list[Detection]:  # noqa: ARG002 - as the protocol has it
        self.may_go_on.wait(10)
        index = int(image[0, 0, 0])
        if index == self._fails_at:
            raise RuntimeError("the detector broke")
        return [detection(index, top) for top in self._tops]

    def close(self) -> None:
        self.closed += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class FailingEngine(tiny.BrightnessEngine):
    """Works for three frames."""

    def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        if len(self.batches) == 3:
            raise RuntimeError("the engine broke")
        return super()._run(faces)


def recognizer(engine: tiny.BrightnessEngine, *, smoothing: float = 0.0) -> Recognizer:
    """Reads how bright a face is."""
    package = tiny.package()
    return Recognizer(package, engine, TextHead(package.words, 14.0), Smoother(smoothing))


def pipeline(
    source: Source,
    detector: NumberDetector | None = None,
    engine: tiny.BrightnessEngine | None = None,
    *,
    smoothing: float = 0.0,
) -> Pipeline:
    """A pipeline on numbered frames."""
    engine = engine or tiny.BrightnessEngine(tiny.package())
    return Pipeline(source, detector or NumberDetector(), recognizer(engine, smoothing=smoothing))


def tracks(*lefts: float) -> list[Track]:
    """Faces 1, 2, ... at these left edges."""
    return [Track(number, detection(left)) for number, left in enumerate(lefts, start=1)]
