"""The encoder on torch: the reference on a CPU, and fast on an NVIDIA card where torch was built for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engines.base import MAX_BATCH
from engines.batches import BatchEngine
from engines.errors import EngineUnavailable, MienError, ModelError
from engines.package import ModelPackage

if TYPE_CHECKING:
    import torch

    from engines.torch_graph import TorchGraph

RECORDED = (1, 2, 4, 8, 16, 32)
"""Batches that a card runs from a recording; others of at most 32 faces are filled up to the next of these."""
_WARM_UPS = 3


class TorchEngine(BatchEngine):
    """Runs the package's own graph: in float32 on the CPU, in float16 on the first NVIDIA card if torch can use one.

    Raises ``EngineUnavailable`` if torch or onnx is missing, or the card fails; ``ModelError`` if the graph is none
    that it can run.
    """

    name = "torch"

    def __init__(self, package: ModelPackage) -> None:
        super().__init__(package)
        try:
            import onnx  # noqa: F401, PLC0415 - the graph's file is in its format
            import torch  # noqa: PLC0415 - costs two seconds, which other engines need not pay
        except ImportError as error:
            raise EngineUnavailable(f'torch cannot be loaded ({error}): pip install "mien[train]".') from error
        on_card = torch.cuda.is_available()
        self.device = torch.cuda.get_device_name(0) if on_card else "CPU"
        self.precision = "fp16" if on_card else "fp32"
        graph = _read(package, torch.device("cuda", 0) if on_card else torch.device("cpu"))
        self._runner: _CpuRunner | _CudaRunner | None = (
            _CudaRunner(graph, self._face, self._dimensions) if on_card else _CpuRunner(graph)
        )

    def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        assert self._runner is not None  # noqa: S101 - for the type checker: a closed engine is not run
        return self._runner(faces)

    def _release(self) -> None:
        self._runner = None


def _read(package: ModelPackage, device: "torch.device") -> "TorchGraph":
    import onnx  # noqa: PLC0415 - as above

    from engines.half import halve  # noqa: PLC0415 - needs onnx
    from engines.torch_graph import TorchGraph  # noqa: PLC0415 - needs torch

    try:
        model = onnx.load(package.encoder)
        if device.type == "cuda":
            halve(model)
        return TorchGraph(model, device)
    except MienError:
        raise
    except Exception as error:  # those of onnx and of the format below it share no base class but this
        reason = str(error).strip().splitlines()[0]
        raise ModelError(f"torch cannot run {package.encoder}: {reason}.") from error


class _CpuRunner:
    def __init__(self, graph: "TorchGraph") -> None:
        self._graph = graph

    def __call__(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        import torch  # noqa: PLC0415 - as above

        with torch.inference_mode():
            # A copy, since torch takes no array that is read-only or runs backwards.
            embeddings: NDArray[np.float32] = self._graph(torch.from_numpy(faces.copy())).numpy()
        return embeddings


@contextmanager
def _card_errors() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:  # torch's errors of CUDA, of its memory too
        reason = str(error).strip().splitlines()[0]
        raise EngineUnavailable(f"torch failed on the card ({reason}): use --engine openvino.") from error


class _CudaRunner:
    """Runs on a stream of its own, between pinned host memory and fixed places on the card; small batches recorded."""

    def __init__(self, graph: "TorchGraph", face: tuple[int, int, int], dimensions: int) -> None:
        import torch  # noqa: PLC0415 - as above

        self._graph, self._torch = graph, torch
        with _card_errors():
            self._stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
            self._host_in = torch.empty((MAX_BATCH, *face), dtype=torch.uint8, pin_memory=True)
            self._host_out = torch.empty((MAX_BATCH, dimensions), dtype=torch.float32, pin_memory=True)
            self._faces = torch.zeros((MAX_BATCH, *face), dtype=torch.uint8, device="cuda")
            torch.cuda.synchronize()  # the stream does not wait for what others began
            self._recordings = {batch: self._record(batch) for batch in reversed(RECORDED)}

    def _record(self, batch: int) -> "tuple[torch.cuda.CUDAGraph, torch.Tensor]":
        """The work for ``batch`` faces as one launch, and where it leaves what it made."""
        torch, faces = self._torch, self._faces[:batch]
        with torch.inference_mode(), torch.backends.cudnn.flags(enabled=True, benchmark=True):
            with torch.cuda.stream(self._stream):
                for _ in range(_WARM_UPS):
                    self._graph(faces)
            self._stream.synchronize()
            recording = torch.cuda.CUDAGraph()
            with torch.cuda.graph(recording, stream=self._stream, capture_error_mode="thread_local"):
                embeddings = self._graph(faces)
        return recording, embeddings

    def __call__(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        torch, count = self._torch, len(faces)
        self._host_in.numpy()[:count] = faces
        with _card_errors(), torch.inference_mode(), torch.cuda.stream(self._stream):
            self._faces[:count].copy_(self._host_in[:count], non_blocking=True)
            batch = next((batch for batch in RECORDED if batch >= count), None)
            if batch is None:
                embeddings = self._graph(self._faces[:count])
            else:
                recording, embeddings = self._recordings[batch]
                recording.replay()
            self._host_out[:count].copy_(embeddings[:count], non_blocking=True)
            self._stream.synchronize()
        return self._host_out[:count].numpy()
