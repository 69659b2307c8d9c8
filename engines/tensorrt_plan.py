"""What TensorRT is asked to build. Imports nothing of it, so that it can be said where there is no TensorRT."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Notify = Callable[[str, int, int], None]
"""Is told of a phase of the building: its name, how many of its steps are done, how many it has."""


def silent(_phase: str, _done: int, _steps: int) -> None:
    """A :data:`Notify` that nobody gets."""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The graph of the ONNX file at ``path``, for batches of 1 to ``most``, best at ``usual``.

    It takes uint8 ``[N, ...]`` and gives float32 ``[N, ...]``, once or several times. ``half``: its products are to be
    computed in float16 (:mod:`engines.half`), and else as the file says, in float32 to the last bit.
    """

    path: Path
    half: bool
    usual: int
    most: int
