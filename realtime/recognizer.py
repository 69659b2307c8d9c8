"""From the crops of a frame to the probabilities of each face's expression."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engines.base import Engine
from engines.package import ModelPackage
from engines.prompts import Prompts
from engines.text_head import TextHead, uncertainty
from realtime.crops import crop_faces
from realtime.neutral import OwnNeutrals
from realtime.records import NO_BOXES, Face, Reading, Track
from realtime.smoothing import Smoother


class Recognizer:
    """A model package on an engine, with the words of the classes and the smoothing of one stream.

    ``neutrals`` are the faces' own; None where no neutral can be taken.
    """

    def __init__(
        self,
        package: ModelPackage,
        engine: Engine,
        head: TextHead,
        smoother: Smoother,
        neutrals: OwnNeutrals | None = None,
    ) -> None:
        self.engine = engine
        self.neutrals = neutrals
        self.model = package.card.name
        self.encoder = package.card.encoder_sha256
        self._card = package.card
        self._dimensions: int = package.words.vectors.shape[1]
        self._head = head
        self._last_head = head
        self._smoother = smoother

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes that the next faces are read as."""
        return self._head.classes

    @property
    def prompts(self) -> Prompts:
        """Those classes with their descriptions."""
        return self._head.prompts

    @property
    def dimensions(self) -> int:
        """How many numbers an embedding has."""
        return self._dimensions

    def set_head(self, head: TextHead) -> None:
        """Read by other classes from the next :meth:`read` on; from any thread.

        Nothing of the old ones is smoothed into the new. Own neutrals stay: an embedding that they correct is right for
        all classes. Raises ``ValueError`` if ``head`` is for another encoder's embeddings.
        """
        if head.dimensions != self._dimensions:
            raise ValueError(f"head: expected embeddings of {self._dimensions} numbers, got {head.dimensions}")
        self._head = head

    def crop(self, image: NDArray[np.uint8], tracks: Sequence[Track]) -> NDArray[np.uint8]:
        """The faces of ``tracks`` in ``image`` uint8 ``[H, W, 3]``, framed as in training: uint8 ``[N, C, S, S]``."""
        detections = [track.detection for track in tracks]
        return crop_faces(image, detections, self._card.crop, self._card.size, self._card.channels)

    def embed(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The embeddings float32 ``[N, D]`` of ``crops`` uint8 ``[N, C, S, S]``, of one frame or of several."""
        return self.engine.embed(crops)

    def read(
        self,
        index: int,
        time: float,
        tracks: Sequence[Track],
        embeddings: NDArray[np.float32],
        found: NDArray[np.float32] = NO_BOXES,
    ) -> Reading:
        """Read the frame ``index`` at ``time`` by the ``embeddings`` float32 ``[N, D]``, one of each track.

        ``found`` are the boxes of all that was detected, float32 ``[M, 4]``.

        Frame after frame: what was read before is smoothed into it.
        """
        ids = [track.face_id for track in tracks]
        head = self._head  # one and the same through a reading, though another be set meanwhile
        if head is not self._last_head:
            self._last_head = head
            self._smoother.forget()
        if self.neutrals is not None:
            embeddings = self.neutrals.correct(ids, embeddings, time)
        probabilities = self._smoother.smooth(ids, head.probabilities(embeddings), time)
        unsure = uncertainty(probabilities)
        faces = tuple(
            _face(track, row, float(doubt), embedding)
            for track, row, doubt, embedding in zip(tracks, probabilities, unsure, embeddings, strict=True)
        )
        return Reading(index, time, head.classes, faces, found)

    def close(self) -> None:
        """Give back the engine."""
        self.engine.close()


def _face(track: Track, probabilities: NDArray[np.float32], doubt: float, embedding: NDArray[np.float32]) -> Face:
    found = track.detection
    return Face(track.face_id, found.box, found.keypoints, found.score, probabilities, doubt, embedding)
