"""The path of a frame: capture, find the faces, cut them out, read them as one batch.

Three threads: one captures, one finds faces, and the one that iterates over :meth:`Pipeline.run` cuts them out and
reads them, so that the detection of a frame overlaps the recognition of the one before. From a live source only the
newest frame is taken, and read by itself; from a file every frame, in order, the faces of several frames as one batch;
from one that is sent elsewhere meanwhile, those that are on their way are left out. Not more than a dozen frames are
held at any time.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from engines.neutral import OwnNeutral
from engines.prompts import Prompts
from engines.text_head import TextHead
from realtime.capture import capture
from realtime.detector import Detector
from realtime.neutral import NeutralState
from realtime.recognizer import Recognizer
from realtime.records import Frame, Reading, Track
from realtime.sources.base import Source, Steered
from realtime.sources.channel import Channel
from realtime.stats import Statistics
from realtime.tracker import face_ids

_TOGETHER = 4
"""Faces, of at most as many frames of a file, that are read as one batch: one of four costs two thirds of one by
itself. More would only take the other core from the detector. Which frames share a batch depends on their faces alone,
since in bf16 its size shows in the last digits: a file reads the same on a busy machine as on an idle one."""


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A frame whose faces are known and wait to be read; ``began`` is when it was captured (monotonic seconds).

    ``boxes`` float32 ``[M, 4]`` are of all that was detected, ``tracks`` of what is believed to be a face.
    """

    frame: Frame
    boxes: NDArray[np.float32]
    tracks: list[Track]
    began: float


Item = tuple[Frame, Reading]
"""A frame and what was read in it."""


class Pipeline:
    """Owns a source, a detector and a recognizer, and closes them."""

    def __init__(
        self, source: Source, detector: Detector, recognizer: Recognizer, confidence: float | None = None
    ) -> None:
        """``confidence`` is the score from which a face is believed, instead of the tracker's own choice."""
        engine = recognizer.engine
        self.info = source.info
        self.model = recognizer.model
        self.encoder = recognizer.encoder
        self.dimensions = recognizer.dimensions
        self.detector = f"{detector.name} on {detector.engine}"
        self.engine = f"{engine.name} {engine.device} {engine.precision}"
        self.stats = Statistics()
        self._source = source
        self._steered = source if isinstance(source, Steered) else None
        self._detector = detector
        self._recognizer = recognizer
        self._identify = face_ids(still=source.info.still, confidence=confidence)
        # Of a live or a played source more than one would only add latency: the slower stage sets the pace.
        self._together = 1 if source.info.live or self._steered else source.info.room(_TOGETHER)
        self._found: Channel[_Found] = Channel(self._together, drop_oldest=False)
        self._lock = threading.Lock()
        self._running = False
        self._released = False

    def run(self) -> Generator[Item, None, None]:
        """Every frame that was read, with its reading, in order. Once only. Times fall or leap as those of the source.

        Raises whatever a stage fails with, on any thread, after the readings made before. All threads have ended and
        all is given back when the iterator is exhausted or closed.
        """
        with self._lock:
            if self._released:
                return
            self._running = True
        finder = threading.Thread(target=self._find_faces, name="mien-find-faces", daemon=True)
        finder.start()
        try:
            while some := self._found.get_some(self._are_enough):
                if wanted := [found for found in some if not self._is_outdated(found.frame)]:
                    yield from self._read(wanted)
        finally:
            self._stop()
            finder.join()
            self._release()

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes that the next frame is read as; a reading carries its own."""
        return self._recognizer.classes

    @property
    def prompts(self) -> Prompts:
        """Those classes with their descriptions."""
        return self._recognizer.prompts

    def set_head(self, head: TextHead) -> None:
        """Read by other classes from the next frame on; from any thread, before, while and after it runs.

        The probabilities of the old classes are not smoothed into the new ones, and faces keep their ids and own
        neutrals. Not while a table or a summary is written: their classes are those of the start, to the end. Raises
        ``ValueError`` if ``head`` was made for another model, with embeddings of another length.
        """
        self._recognizer.set_head(head)

    @property
    def source(self) -> Source:
        """Where the frames come from; a steered one may be steered while the pipeline runs."""
        return self._source

    @property
    def can_take_neutral(self) -> bool:
        """Whether a face's own neutral can be taken here; not of pictures, which stand for themselves."""
        return self._recognizer.neutrals is not None

    def take_neutral(self, face_id: int, seconds: float) -> bool:
        """Take the next ``seconds`` of a face as its neutral, and correct its readings by it from then on.

        Again is anew. From any thread. Returns whether there is such a face, and a neutral can be taken.
        """
        neutrals = self._recognizer.neutrals
        return neutrals is not None and neutrals.take(face_id, seconds)

    def forget_neutral(self, face_id: int) -> bool:
        """Correct a face's readings no more; from any thread. Returns whether there is such a face."""
        neutrals = self._recognizer.neutrals
        return neutrals is not None and neutrals.forget(face_id)

    def own_neutral(self, face_id: int) -> OwnNeutral | None:
        """What was taken as a face's neutral, to be kept and given again; from any thread."""
        neutrals = self._recognizer.neutrals
        return None if neutrals is None else neutrals.own(face_id)

    def give_neutral(self, face_id: int, neutral: OwnNeutral) -> bool:
        """Correct a face's readings by a neutral that was kept; from any thread. Returns whether there is such a face.

        Raises ``ValueError`` for one of another model.
        """
        neutrals = self._recognizer.neutrals
        return neutrals is not None and neutrals.give(face_id, neutral)

    def neutral_state(self, face_id: int) -> NeutralState:
        """How it stands with a face's own neutral; from any thread."""
        neutrals = self._recognizer.neutrals
        return NeutralState.NONE if neutrals is None else neutrals.state(face_id)

    def close(self) -> None:
        """End a run that is under way, which gives everything back as it ends; from any thread, twice is once."""
        self._stop()
        with self._lock:
            if not self._running:
                self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _stop(self) -> None:
        self._found.close()
        self._source.close()

    def _release(self) -> None:
        if not self._released:
            self._released = True
            self._detector.close()
            self._recognizer.close()

    def _find_faces(self) -> None:
        """The second thread: from the captured frames to ``self._found``."""
        try:
            with capture(self._source, self.stats.timed_each("capture", self._source)) as frames:
                for frame in frames:
                    began = frame.time if self.info.live else time.monotonic()
                    self.stats.set_dropped("capture", frames.dropped)
                    if self._is_outdated(frame):
                        continue
                    if not self._found.put(self._find(frame, began)):
                        return
            self._found.end()
        except BaseException as error:  # the thread that reads raises it
            self._found.end(error)

    def _is_outdated(self, frame: Frame) -> bool:
        return self._steered is not None and self._steered.is_outdated(frame)

    def _are_enough(self, some: Sequence[_Found]) -> bool:
        """Whether ``some`` frames are to be read now, without more of them."""
        return len(some) >= self._together or sum(len(found.tracks) for found in some) >= _TOGETHER

    def _find(self, frame: Frame, began: float) -> _Found:
        with self.stats.timed("detection"):
            detections = self._detector.detect(frame.image, frame.time)
            tracks = self._identify(detections, frame.time)
        boxes = np.array([each.box for each in detections], np.float32).reshape(-1, 4)
        return _Found(frame, boxes, tracks, began)

    def _read(self, some: list[_Found]) -> Iterator[Item]:
        """Read the faces of ``some`` frames as one batch; each frame's reading, in order."""
        crops = []
        for found in some:
            with self.stats.timed("crops"):
                crops.append(self._recognizer.crop(found.frame.image, found.tracks))
        with self.stats.timed("recognition", len(some)):
            embeddings = self._recognizer.embed(np.concatenate(crops))
            ends = np.cumsum([len(faces) for faces in crops])
            readings = [
                self._recognizer.read(found.frame.index, found.frame.time, found.tracks, faces, found.boxes)
                for found, faces in zip(some, np.split(embeddings, ends[:-1]), strict=True)
            ]
        for found, reading in zip(some, readings, strict=True):
            self.stats.finished_frame(time.monotonic() - found.began)
            yield found.frame, reading


Follow = Callable[[Pipeline, Iterator[Item]], Iterator[Item]]
"""Sees the readings of a pipeline pass, to show progress."""
