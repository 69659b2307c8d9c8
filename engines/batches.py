"""What every engine shares: the check of its input, and the splitting of a large one."""

from abc import ABC, abstractmethod
from typing import Self

import numpy as np
from numpy.typing import NDArray

from engines.base import MAX_BATCH
from engines.errors import EngineUnavailable
from engines.package import ModelPackage


class BatchEngine(ABC):
    """An :class:`engines.base.Engine` that needs to say only how one batch runs and what it holds."""

    name: str
    device: str
    precision: str

    def __init__(self, package: ModelPackage) -> None:
        self._face = (package.card.channels, package.card.size, package.card.size)
        self._dimensions = package.words.vectors.shape[1]
        self._open = True

    @abstractmethod
    def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Embed 1 to ``MAX_BATCH`` faces."""

    @abstractmethod
    def _release(self) -> None:
        """Give back what the engine holds."""

    def embed(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See :meth:`engines.base.Engine.embed`."""
        if not self._open:
            raise EngineUnavailable(f"The {self.name} engine was closed: open another.")
        if faces.dtype != np.uint8 or faces.shape[1:] != self._face:
            raise ValueError(f"faces: expected uint8 [N, {self._face}], got {faces.dtype} {list(faces.shape)}")
        embeddings = np.empty((len(faces), self._dimensions), np.float32)
        for start in range(0, len(faces), MAX_BATCH):
            part = slice(start, start + MAX_BATCH)
            embeddings[part] = self._run(faces[part])
        return embeddings

    def warm_up(self) -> None:
        """Run once, so that the first face is as fast as the next."""
        self.embed(np.zeros((1, *self._face), np.uint8))

    def close(self) -> None:
        """Give back what the engine holds; twice is once."""
        if self._open:
            self._open = False
            self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
