"""The encoder on OpenVINO: the default on a CPU, in the precision that the processor does natively."""

import numpy as np
from numpy.typing import NDArray

from engines import network
from engines.batches import BatchEngine
from engines.errors import EngineUnavailable, ModelError
from engines.package import ModelPackage

_PRECISIONS = {"bf16": "bf16", "bfloat16": "bf16", "f16": "fp16", "float16": "fp16", "f32": "fp32", "float32": "fp32"}


class OpenVinoEngine(BatchEngine):
    """Runs on ``threads`` CPU threads (0: as many as OpenVINO finds best)."""

    name = "openvino"

    def __init__(self, package: ModelPackage, *, threads: int = 0) -> None:
        super().__init__(package)
        network.silence()
        try:
            import openvino as ov  # noqa: PLC0415 - costs 0.2 s, which other engines need not pay
        except ImportError as error:
            raise EngineUnavailable(f"OpenVINO cannot be loaded ({error}): use --engine onnxruntime.") from error
        options: dict[str, object] = {"PERFORMANCE_HINT": "LATENCY"}
        if threads:
            options["INFERENCE_NUM_THREADS"] = threads
        core = ov.Core()
        try:
            self._compiled = core.compile_model(core.read_model(package.encoder), "CPU", options)
        except RuntimeError as error:
            reason = str(error).strip().splitlines()[-1]
            raise ModelError(f"OpenVINO cannot run {package.encoder}: {reason}.") from error
        kind = str(self._compiled.get_property("INFERENCE_PRECISION_HINT").to_string())
        self.device, self.precision = "CPU", _PRECISIONS.get(kind, kind)
        self._request = self._compiled.create_infer_request()

    def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        outputs = self._request.infer([np.ascontiguousarray(faces)], share_inputs=True, share_outputs=True)
        embeddings: NDArray[np.float32] = outputs[0]
        return embeddings

    def _release(self) -> None:
        del self._request, self._compiled
