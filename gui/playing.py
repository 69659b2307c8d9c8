"""One wish to see a source, and what the controller asks of the pipeline that fulfils it."""

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from realtime.neutral import NeutralState
from realtime.records import Frame, Reading

if TYPE_CHECKING:  # these rooms load OpenCV and the engines, which the window does not wait for
    from engines.neutral import OwnNeutral
    from engines.text_head import TextHead
    from realtime.options import Options
    from realtime.sources.base import Source, SourceInfo
    from realtime.stats import Snapshot


class StatisticsLike(Protocol):
    """What is asked of a pipeline's statistics."""

    @property
    def newest_latency(self) -> float: ...

    def snapshot(self) -> "Snapshot": ...


class PipelineLike(Protocol):
    """What is asked of a :class:`realtime.pipeline.Pipeline`. All but ``run`` may be called from any thread.

    ``close`` ends ``run``.
    """

    @property
    def info(self) -> "SourceInfo": ...

    @property
    def source(self) -> "Source": ...

    @property
    def classes(self) -> tuple[str, ...]: ...

    @property
    def model(self) -> str: ...

    @property
    def encoder(self) -> str: ...

    @property
    def engine(self) -> str: ...

    @property
    def detector(self) -> str: ...

    @property
    def stats(self) -> StatisticsLike: ...

    @property
    def can_take_neutral(self) -> bool: ...

    def take_neutral(self, face_id: int, seconds: float) -> bool: ...

    def forget_neutral(self, face_id: int) -> bool: ...

    def own_neutral(self, face_id: int) -> "OwnNeutral | None": ...

    def give_neutral(self, face_id: int, neutral: "OwnNeutral") -> bool: ...

    def neutral_state(self, face_id: int) -> NeutralState: ...

    def set_head(self, head: "TextHead") -> None: ...

    def run(self) -> Iterator[tuple[Frame, Reading]]: ...

    def close(self) -> None: ...


class Opener(Protocol):
    """Makes a pipeline; may take long, and raises ``MienError``."""

    def __call__(self, options: "Options", *, notice: Callable[[str], None]) -> PipelineLike: ...


class Run:
    """A source that is wanted, from the start until another takes its place."""

    def __init__(self, options: "Options") -> None:
        self.options = options
        self.cancelled = threading.Event()
        self._lock = threading.Lock()
        self._pipeline: PipelineLike | None = None
        self._closer: threading.Thread | None = None

    @property
    def pipeline(self) -> PipelineLike | None:
        """What shows the source, once it is open and until it is given back."""
        return self._pipeline

    def adopt(self, pipeline: PipelineLike) -> None:
        """From now on :meth:`cancel` closes ``pipeline``."""
        with self._lock:
            self._pipeline = pipeline

    def cancel(self) -> None:
        """End as soon as can be, without waiting for it."""
        with self._lock:
            already = self.cancelled.is_set()
            self.cancelled.set()
            if self._pipeline is not None and not already:
                self._closer = threading.Thread(target=self._pipeline.close, name="mien-close", daemon=True)
                self._closer.start()

    def release(self) -> None:
        """Close the pipeline, unless :meth:`cancel` did, and wait until it is closed."""
        with self._lock:
            pipeline, self._pipeline = self._pipeline, None
        if self._closer is not None:
            self._closer.join()
        elif pipeline is not None:
            pipeline.close()
