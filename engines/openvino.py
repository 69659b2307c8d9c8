"""The encoder on OpenVINO: the default on a CPU, in the precision that the processor does natively."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines import network
from engines.batches import BatchEngine
from engines.errors import ModelError
from engines.package import ModelPackage

_HINTS = {"bf16": "bf16", "fp16": "f16", "fp32": "f32"}
_PRECISIONS = {hint: precision for precision, hint in _HINTS.items()}


class OpenVinoEngine(BatchEngine):
    """Runs on ``threads`` CPU threads (0: as many as OpenVINO finds best).

    ``precision`` is ``bf16``, ``fp16`` or ``fp32``, and otherwise OpenVINO's own choice: bf16 where the processor has
    it (AMX or AVX-512 BF16), else fp32. ``streams`` of them share the threads, and a batch is split among them.
    ``sizes`` are numbers of faces that an encoder of that fixed shape is compiled for: a batch is filled up to the
    next of them, and one that is larger than all goes to the encoder that takes any number.
    """

    name = "openvino"
    device = "CPU"

    def __init__(
        self,
        package: ModelPackage,
        *,
        threads: int = 0,
        streams: int = 1,
        precision: str | None = None,
        sizes: tuple[int, ...] = (),
    ) -> None:
        super().__init__(package)
        network.silence()
        import openvino as ov  # noqa: PLC0415 - costs 0.2 s, which other engines need not pay

        options: dict[str, object] = {"PERFORMANCE_HINT": "LATENCY"}
        if threads:
            options["INFERENCE_NUM_THREADS"] = threads
        if precision:
            options["INFERENCE_PRECISION_HINT"] = _HINTS[precision]
        core = ov.Core()
        try:
            compiled = core.compile_model(core.read_model(package.encoder), "CPU", {**options, "NUM_STREAMS": streams})
            self._fixed = {}
            for size in sorted(sizes):
                model = core.read_model(package.encoder)
                model.reshape([size, *self._face])
                self._fixed[size] = core.compile_model(model, "CPU", options).create_infer_request()
        except RuntimeError as error:
            reason = str(error).strip().splitlines()[-1]
            raise ModelError(f"OpenVINO cannot run {package.encoder}: {reason}.") from error
        self._requests = [compiled.create_infer_request() for _ in range(streams)]
        kind = str(compiled.get_property("INFERENCE_PRECISION_HINT").to_string())
        self.precision = _PRECISIONS.get(kind, kind)

    def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        count = len(faces)
        for size, request in self._fixed.items():
            if count <= size:
                return _infer(request, _filled(faces, size))[:count]
        if count < len(self._requests) or len(self._requests) == 1:
            return _infer(self._requests[0], faces)
        parts = np.array_split(faces, len(self._requests))
        for request, part in zip(self._requests, parts, strict=True):
            request.start_async([part], share_inputs=True)
        for request in self._requests:
            request.wait()
        return np.concatenate([request.get_output_tensor(0).data for request in self._requests])

    def _release(self) -> None:
        self._requests.clear()
        self._fixed.clear()


def _filled(faces: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    if len(faces) == size:
        return faces
    filled = np.zeros((size, *faces.shape[1:]), np.uint8)
    filled[: len(faces)] = faces
    return filled


def _infer(request: Any, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
    """OpenVINO reads ``faces`` where they lie (it would copy those that may not be written), and copies its output."""
    embeddings: NDArray[np.float32] = request.infer([faces], share_inputs=True)[0]
    return embeddings
