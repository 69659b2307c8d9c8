"""The encoder on ONNX Runtime: the portable engine, there wherever Python is."""

import numpy as np
from numpy.typing import NDArray

from engines.batches import BatchEngine
from engines.errors import EngineUnavailable, ModelError
from engines.package import ModelPackage

_LOG_FATAL_ONLY = 4


class OnnxRuntimeEngine(BatchEngine):
    """Runs on ``threads`` CPU threads (0: one for each core)."""

    name = "onnxruntime"
    device = "CPU"
    precision = "fp32"

    def __init__(self, package: ModelPackage, *, threads: int = 0) -> None:
        super().__init__(package)
        try:
            import onnxruntime as ort  # noqa: PLC0415 - costs 0.1 s, which other engines need not pay
        except ImportError as error:
            raise EngineUnavailable(f"ONNX Runtime cannot be loaded ({error}): use --engine openvino.") from error
        ort.set_default_logger_severity(_LOG_FATAL_ONLY)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        try:
            self._session = ort.InferenceSession(package.encoder, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its errors share no base class but this
            raise ModelError(f"ONNX Runtime cannot run {package.encoder}: {str(error).splitlines()[0]}.") from error
        self._input = self._session.get_inputs()[0].name

    def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        embeddings: NDArray[np.float32] = self._session.run(None, {self._input: np.ascontiguousarray(faces)})[0]
        return embeddings

    def _release(self) -> None:
        del self._session
