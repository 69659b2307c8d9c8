"""What every engine shares: the check of its input, the splitting of a large one, and one call at a time."""

import threading
from abc import ABC, abstractmethod
from typing import Self

import numpy as np
from numpy.typing import NDArray

from engines.base import MAX_BATCH
from engines.errors import EngineUnavailable, ModelError
from engines.package import ModelPackage


class BatchEngine(ABC):
    """An :class:`engines.base.Engine` that needs to say only how one batch runs and what it holds.

    A lock keeps native code from being closed under a call, and from being called by two threads at once.
    """

    name: str
    device: str
    precision: str
    notes: tuple[str, ...] = ()

    def __init__(self, package: ModelPackage) -> None:
        self._face = (package.card.channels, package.card.size, package.card.size)
        self._dimensions = package.words.vectors.shape[1]
        self._lock = threading.Lock()
        self._open = True

    @abstractmethod
    def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Embed 1 to ``MAX_BATCH`` faces, which lie in one piece.

        A view, as of memory that the next call overwrites, is copied before the caller gets it.
        """

    @abstractmethod
    def _release(self) -> None:
        """Give back what the engine holds."""

    def embed(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See :meth:`engines.base.Engine.embed`."""
        if faces.dtype != np.uint8 or faces.shape[1:] != self._face:
            raise ValueError(f"faces: expected uint8 [N, {self._face}], got {faces.dtype} {list(faces.shape)}")
        faces = np.ascontiguousarray(faces)
        with self._lock:
            if not self._open:
                raise EngineUnavailable(f"The {self.name} engine was closed: open another.")
            if 0 < len(faces) <= MAX_BATCH:
                embeddings = self._checked(self._run(faces), len(faces))
                return embeddings if embeddings.flags.owndata else embeddings.copy()
            embeddings = np.empty((len(faces), self._dimensions), np.float32)
            for start in range(0, len(faces), MAX_BATCH):
                part = faces[start : start + MAX_BATCH]
                embeddings[start : start + MAX_BATCH] = self._checked(self._run(part), len(part))
            return embeddings

    def _checked(self, embeddings: NDArray[np.float32], count: int) -> NDArray[np.float32]:
        if embeddings.shape != (count, self._dimensions) or embeddings.dtype != np.float32:
            given, wanted = f"{embeddings.dtype} {list(embeddings.shape)}", f"float32 {[count, self._dimensions]}"
            raise ModelError(f"The encoder gives {given} where its words are {wanted}: install the model again.")
        return embeddings

    def warm_up(self) -> None:
        """Run once, so that the first face is as fast as the next."""
        self.embed(np.zeros((1, *self._face), np.uint8))

    def close(self) -> None:
        """Give back what the engine holds, once a call under way has ended; twice is once."""
        with self._lock:
            if self._open:
                self._open = False
                self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
