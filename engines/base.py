"""The one thing that every engine does: faces in, unit embeddings out."""

from enum import StrEnum
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

MAX_BATCH = 256
"""Faces an engine runs at once; a larger array is split."""


class EngineName(StrEnum):
    """What ``--engine`` takes."""

    AUTO = "auto"
    OPENVINO = "openvino"
    ONNXRUNTIME = "onnxruntime"
    TENSORRT = "tensorrt"
    TORCH = "torch"


class Engine(Protocol):
    """Runs a face encoder. Any thread may call it at any time; calls run one after the other."""

    @property
    def name(self) -> str:
        """What ``--engine`` calls it, e.g. ``openvino``."""

    @property
    def device(self) -> str:
        """Where it runs, e.g. ``CPU``."""

    @property
    def precision(self) -> str:
        """The arithmetic that it really uses, e.g. ``bf16``."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of it, each in one line, e.g. why the GPU was passed over; mostly nothing."""

    def embed(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Embed ``faces`` uint8 ``[N, C, S, S]`` as unit-length float32 ``[N, D]``, in the same order; N may be 0.

        The embeddings are the caller's own. Raises ``ValueError`` for another shape or dtype and ``EngineUnavailable``
        after :meth:`close`.
        """

    def warm_up(self) -> None:
        """Run once, so that the first face is as fast as the next."""

    def close(self) -> None:
        """Give back what the engine holds, once a call under way has ended; twice is once."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...
