"""The encoder on ONNX Runtime: the portable engine, there wherever Python is, and on whatever it was built for."""

from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engines.base import MAX_BATCH
from engines.batches import BatchEngine
from engines.errors import EngineUnavailable, ModelError
from engines.machine import cache_directory, cores
from engines.package import ModelPackage

_LOG_NOTHING = 4
_FEW = 4
"""Faces in a batch that leaves a core to the thread that finds faces meanwhile."""
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

    ``threads`` are the CPU's. Without them a batch of more than four faces has one for each core, and a smaller one
    leaves a core to the thread that finds faces meanwhile. None of them spins while it waits for the next piece of
    work: on two cores that cost a stream a third of its processor time.
    """

    name = "onnxruntime"

    def __init__(self, package: ModelPackage, *, threads: int = 0) -> None:
        super().__init__(package)
        import onnxruntime as ort  # noqa: PLC0415 - costs 0.1 s, which other engines need not pay

        ort.set_default_logger_severity(_LOG_NOTHING)
        ort.disable_telemetry_events()  # on Windows it would report its use
        self._session_on = partial(_session, ort, package)
        self._few = threads or max(1, cores() - 1)
        self._many = threads or cores()
        available = ort.get_available_providers()
        for provider in _PROVIDERS[:-1]:
            if provider.name in available:
                try:
                    self._start(provider)
                except Exception as error:  # ONNX Runtime's errors share no base class but this
                    self.notes += (f"{provider.device} did not start: {_line(error)}",)
                else:
                    return
        try:
            self._start(_CPU)
        except Exception as error:  # as above
            raise ModelError(f"ONNX Runtime cannot run {package.encoder}: {_line(error)}.") from error

    def _start(self, provider: _Provider) -> None:
        """Make the session, and see that it runs on ``provider``: it may have taken the CPU without a word."""
        self._session = self._session_on(provider, self._options(provider), self._few)
        self._for_many: Any = None if provider == _CPU and self._few != self._many else self._session
        self.device, self.precision = provider.device, provider.precision
        if self._session.get_providers()[0] != provider.name:
            raise EngineUnavailable("its libraries or its driver are missing")
        self._input = self._session.get_inputs()[0].name
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
        session = self._session
        if len(faces) > _FEW:
            if self._for_many is None:
                self._for_many = self._session_on(_CPU, {}, self._many)
            session = self._for_many
        embeddings: NDArray[np.float32] = session.run(None, {self._input: faces})[0]
        return embeddings

    def _release(self) -> None:
        del self._session, self._for_many


def _session(ort: Any, package: ModelPackage, provider: _Provider, chosen: dict[str, str], threads: int) -> Any:
    """One on ``provider`` with its options as ``chosen``, and on the CPU where that cannot."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_mem_pattern = provider != _DIRECTML  # which cannot have it
    providers = list({provider.name: chosen, _CPU.name: {}}.items())
    return ort.InferenceSession(package.encoder, options, providers=providers, enable_fallback=0)


def _line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
