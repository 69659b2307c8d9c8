"""The encoder on TensorRT: the fastest engine where there is an NVIDIA card."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engines.base import MAX_BATCH
from engines.batches import BatchEngine
from engines.errors import ModelError
from engines.package import ModelPackage
from engines.quantised import quantised_encoder
from engines.tensorrt_plan import Blueprint, Notify, silent
from engines.tensorrt_runner import TensorRtRunner

RECORDED = (1, 2, 4, 8, 16, 32)
"""Batches that are run from a recording; others of at most 32 faces are filled up to the next of these."""
_USUAL_BATCH = 16


class TensorRtEngine(BatchEngine):
    """Runs on the first NVIDIA card, in float16 or with its products in int8.

    The first time on a machine the encoder is built, which takes a minute or more, and ``notify`` is told how far that
    is. Raises ``EngineUnavailable`` if TensorRT, cuda-python, the driver or the card is missing or fails, and
    ``ModelError`` if TensorRT cannot run the encoder, or there is none in int8.
    """

    name = "tensorrt"

    def __init__(
        self, package: ModelPackage, *, precision: Literal["fp16", "int8"] = "fp16", notify: Notify = silent
    ) -> None:
        super().__init__(package)
        self.precision = precision
        encoder = package.encoder if precision == "fp16" else quantised_encoder(package)
        self._runner = TensorRtRunner(Blueprint(encoder, True, _USUAL_BATCH, MAX_BATCH), RECORDED, notify)
        self.device = self._runner.device
        if (self._runner.input, self._runner.outputs) != (self._face, ((self._dimensions,),)):
            self._release()
            raise ModelError(f"{encoder} does not fit its card: install the model again.")

    def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        (embeddings,) = self._runner.run(faces)
        return embeddings

    def _release(self) -> None:
        self._runner.close()
