"""The encoder on ONNX Runtime: the portable engine, there wherever Python is, and on whatever it was built for."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engines.base import MAX_BATCH
from engines.batches import BatchEngine
from engines.errors import EngineUnavailable, ModelError
from engines.machine import cache_directory
from engines.package import ModelPackage

_LOG_NOTHING = 4
_TUNED_FOR = 4
"""Faces in the batch that TensorRT tunes for; it takes the others too."""


class _Provider(NamedTuple):
    """What ONNX Runtime calls one of its back ends, where that runs and in which arithmetic."""

    name: str
    device: str
    precision: str


_CPU = _Provider("CPUExecutionProvider", "CPU", "fp32")
_TENSORRT = _Provider("TensorrtExecutionProvider", "GPU (TensorRT)", "tf32")
_COREML = _Provider("CoreMLExecutionProvider", "CoreML", "fp32")
_DIRECTML = _Provider("DmlExecutionProvider", "GPU (DirectML)", "fp32")
# The best first. NVIDIA's two round to tf32 unless told otherwise; CoreML keeps fp32 in an ML program (see below).
_PROVIDERS = (_TENSORRT, _Provider("CUDAExecutionProvider", "GPU (CUDA)", "tf32"), _COREML, _DIRECTML, _CPU)


class OnnxRuntimeEngine(BatchEngine):
    """Runs on the best provider that starts; ``notes`` says why a better one did not.

    ``threads`` are the CPU's (0: one for each core).
    """

    name = "onnxruntime"

    def __init__(self, package: ModelPackage, *, threads: int = 0) -> None:
        super().__init__(package)
        import onnxruntime as ort  # noqa: PLC0415 - costs 0.1 s, which other engines need not pay

        ort.set_default_logger_severity(_LOG_NOTHING)
        ort.disable_telemetry_events()  # on Windows it would report its use
        self._threads = threads
        available = ort.get_available_providers()
        for provider in _PROVIDERS[:-1]:
            if provider.name in available:
                try:
                    self._start(ort, package, provider)
                except Exception as error:  # ONNX Runtime's errors share no base class but this
                    self.notes += (f"{provider.device} did not start: {_line(error)}",)
                else:
                    return
        try:
            self._start(ort, package, _CPU)
        except Exception as error:  # as above
            raise ModelError(f"ONNX Runtime cannot run {package.encoder}: {_line(error)}.") from error

    def _start(self, ort: Any, package: ModelPackage, provider: _Provider) -> None:
        """Make the session, and see that it runs on ``provider``: it may have taken the CPU without a word."""
        options = ort.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.enable_mem_pattern = provider != _DIRECTML  # which cannot have it
        chosen = {provider.name: self._options(provider), _CPU.name: {}}
        session = ort.InferenceSession(package.encoder, options, providers=list(chosen.items()), enable_fallback=0)
        self.device, self.precision = provider.device, provider.precision
        if session.get_providers()[0] != provider.name:
            raise EngineUnavailable("its libraries or its driver are missing")
        self._session = session
        self._input = session.get_inputs()[0].name
        if provider != _CPU:
            self._run(np.zeros((1, *self._face), np.uint8))  # loads the rest of a GPU's libraries

    def _options(self, provider: _Provider) -> dict[str, str]:
        if provider == _COREML:
            return {"ModelFormat": "MLProgram"}
        if provider != _TENSORRT:
            return {}
        # Else it would build anew at every start, and for every other number of faces.
        shape = "x".join(map(str, self._face))
        return {
            "trt_profile_min_shapes": f"faces:1x{shape}",
            "trt_profile_opt_shapes": f"faces:{_TUNED_FOR}x{shape}",
            "trt_profile_max_shapes": f"faces:{MAX_BATCH}x{shape}",
            "trt_engine_cache_enable": "1",
            "trt_engine_cache_path": str(cache_directory() / "onnxruntime"),
        }

    def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        embeddings: NDArray[np.float32] = self._session.run(None, {self._input: faces})[0]
        return embeddings

    def _release(self) -> None:
        del self._session


def _line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
