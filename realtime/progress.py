"""How far the reading of one source is, for whoever looks on from elsewhere."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a window that shows progress need not wait for what reads videos
    from realtime.pipeline import Follow, Item, Pipeline

_TELL_S = 0.2
"""Between two words on the progress."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an analysis is: ``share`` in 0..1, ``rate`` in frames a second, ``left`` in seconds; None if unknown."""

    share: float | None = None
    rate: float | None = None
    left: float | None = None


def following(tell: Callable[[Progress], None], look: Callable[[], None]) -> "Follow":
    """Tells the progress some times a second; before each frame ``look`` may raise what ends the run."""

    def follow(pipeline: "Pipeline", readings: "Iterator[Item]") -> "Iterator[Item]":
        began, first, told = 0.0, 0.0, 0.0
        for done, (frame, reading) in enumerate(readings, start=1):
            look()
            if done == 1:
                began, first = time.monotonic(), frame.time  # what loads before it tells nothing of the rest
            elif time.monotonic() - told >= _TELL_S:
                told = time.monotonic()
                share = _share(pipeline, done, frame.time - first)
                left = (told - began) * (1 - share) / share if share else None
                tell(Progress(share, pipeline.stats.snapshot().fps or None, left))
            yield frame, reading

    return follow


def _share(pipeline: "Pipeline", done: int, seconds: float) -> float | None:
    """0..1, by the frames or else by the time that the source announced."""
    for reached, announced in ((done, pipeline.info.frames), (seconds, pipeline.info.duration)):
        if announced:
            return min(1.0, reached / announced)
    return None
