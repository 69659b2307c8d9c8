"""A pipeline that needs no camera, no models and no time: small, but with the behaviour of the real one."""

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.neutral import OwnNeutral
from engines.text_head import TextHead
from realtime.neutral import NeutralState
from realtime.options import Options
from realtime.records import UNKNOWN_POINTS, Face, Frame, Reading
from realtime.sources.base import SourceInfo
from realtime.stats import Percentiles, Snapshot

CLASSES = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")


def do_nothing() -> None:
    pass


def face(
    face_id: int = 1,
    box: tuple[float, float, float, float] = (220, 80, 200, 200),
    best: str = "happiness",
    share: float = 0.86,
    uncertainty: float = 0.2,
) -> Face:
    """A face whose class ``best`` has the probability ``share``; the others divide the rest."""
    probabilities = np.full(len(CLASSES), (1 - share) / (len(CLASSES) - 1), np.float32)
    probabilities[CLASSES.index(best)] = share
    return Face(face_id, np.array(box, np.float32), UNKNOWN_POINTS, 0.9, probabilities, uncertainty)


def grey(width: int = 640, height: int = 360) -> NDArray[np.uint8]:
    return np.full((height, width, 3), 90, np.uint8)


class FakeStatistics:
    newest_latency = 0.02

    def snapshot(self) -> Snapshot:
        latency = Percentiles(23.4, 31.0, 44.0)
        return Snapshot(frames=120, fps=29.97, mean_fps=29.9, latency_ms=latency, stages={})


@dataclass
class FakePipeline:
    """Yields ``faces`` on the same ``image`` over and over until it is closed, or ``frames`` times.

    ``pause`` is the seconds between two frames; ``error`` is raised after the last one.
    """

    faces: Sequence[Face] = ()
    image: NDArray[np.uint8] = field(default_factory=grey)
    frames: float = math.inf
    live: bool = True
    name: str = "camera 0 (Fake)"
    error: Exception | None = None
    pause: float = 0.005
    engine: str = "openvino CPU bf16"
    detector: str = "auto on openvino"
    model: str = "mien-s"
    encoder: str = "sum"
    classes: tuple[str, ...] = CLASSES
    can_take_neutral: bool = False
    source: Any = None
    when_closed: Callable[[], None] = do_nothing

    def __post_init__(self) -> None:
        height, width, _ = self.image.shape
        self.info = SourceInfo(self.name, live=self.live, width=width, height=height)
        self.stats = FakeStatistics()
        self.closed = threading.Event()
        self.yielded = 0
        self.neutrals: dict[int, NeutralState] = {}
        self.heads: list[TextHead] = []

    def run(self) -> Iterator[tuple[Frame, Reading]]:
        while self.yielded < self.frames and not self.closed.is_set():
            index, time = self.yielded, self.yielded / 30
            self.yielded += 1
            yield Frame(self.image, index, time), Reading(index, time, CLASSES, tuple(self.faces))
            self.closed.wait(self.pause)
        if self.error is not None and not self.closed.is_set():
            raise self.error

    def close(self) -> None:
        self.closed.set()
        self.when_closed()

    def take_neutral(self, face_id: int, seconds: float) -> bool:  # noqa: ARG002 - it takes no time
        self.neutrals[face_id] = NeutralState.TAKEN
        return True

    def forget_neutral(self, face_id: int) -> bool:
        return self.neutrals.pop(face_id, None) is not None

    def neutral_state(self, face_id: int) -> NeutralState:
        return self.neutrals.get(face_id, NeutralState.NONE)

    def own_neutral(self, face_id: int) -> OwnNeutral | None:
        return OwnNeutral(np.ones(4, np.float32)) if face_id in self.neutrals else None

    def give_neutral(self, face_id: int, neutral: OwnNeutral) -> bool:
        assert neutral.shift.tolist() == [1, 1, 1, 1]
        self.neutrals[face_id] = NeutralState.TAKEN
        return True

    def set_head(self, head: TextHead) -> None:
        self.heads.append(head)
        self.classes = head.classes


class FakeOpener:
    """Opens ``pipelines`` one after the other, the last one again and again; an exception is raised instead.

    Where ``gate`` is given, opening takes until it is set.
    """

    def __init__(self, *pipelines: FakePipeline | Exception, gate: threading.Event | None = None) -> None:
        self._pipelines = list(pipelines)
        self._gate = gate
        self.notices: Sequence[str] = ()
        self.when_asked: Callable[[], None] = do_nothing
        self.opening = threading.Event()
        self.opened: list[FakePipeline] = []
        self.asked: list[Options] = []

    def __call__(self, options: Options, *, notice: Callable[[str], None]) -> FakePipeline:
        self.asked.append(options)
        self.notice = notice
        self.when_asked()
        for line in self.notices:
            notice(line)
        self.opening.set()
        if self._gate is not None:
            self._gate.wait(10)
        pipeline = self._pipelines.pop(0) if len(self._pipelines) > 1 else self._pipelines[0]
        if isinstance(pipeline, Exception):
            raise pipeline
        if pipeline.closed.is_set():
            pipeline.__post_init__()
        self.opened.append(pipeline)
        return pipeline
