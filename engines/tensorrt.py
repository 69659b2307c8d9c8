"""The encoder on TensorRT: the fastest engine where there is an NVIDIA card."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from engines.base import MAX_BATCH
from engines.batches import BatchEngine
from engines.cuda import Cuda
from engines.errors import EngineUnavailable, ModelError
from engines.package import ModelPackage
from engines.quantised import quantised_encoder

if TYPE_CHECKING:
    from engines.tensorrt_build import Notify

RECORDED = (1, 2, 4, 8, 16, 32)
"""Batches that are run from a recording; others of at most 32 faces are filled up to the next of these."""


def _silent(_phase: str, _done: int, _steps: int) -> None:
    pass


class TensorRtEngine(BatchEngine):
    """Runs on the first NVIDIA card, in float16 or with its products in int8.

    The first time on a machine the encoder is built, which takes a minute or more, and ``notify`` is told how far that
    is. Raises ``EngineUnavailable`` if TensorRT, cuda-python, the driver or the card is missing or fails, and
    ``ModelError`` if TensorRT cannot run the encoder, or there is none in int8.
    """

    name = "tensorrt"

    def __init__(
        self, package: ModelPackage, *, precision: Literal["fp16", "int8"] = "fp16", notify: "Notify" = _silent
    ) -> None:
        super().__init__(package)
        self.precision = precision
        self._cuda = Cuda()
        try:
            self._start(package, notify)
        except BaseException:
            self._release()
            raise

    def _start(self, package: ModelPackage, notify: "Notify") -> None:
        try:
            from engines.tensorrt_build import load  # noqa: PLC0415 - only machines with a card have TensorRT
        except (ImportError, OSError) as error:
            raise EngineUnavailable(f'TensorRT cannot be loaded ({error}): pip install "mien[tensorrt]".') from error
        encoder = package.encoder if self.precision == "fp16" else quantised_encoder(package)
        card = self._cuda.device()
        self.device = card.name
        self._engine, self._log = load(encoder, self._face, card, notify)
        self._input, self._output = self._tensors(package)
        self._host_in = self._cuda.pinned((MAX_BATCH, *self._face), np.uint8)
        self._host_out = self._cuda.pinned((MAX_BATCH, self._dimensions), np.float32)
        self._card_in = self._cuda.memory(self._host_in.nbytes)
        self._card_out = self._cuda.memory(self._host_out.nbytes)
        self._scratch = self._cuda.memory(self._engine.device_memory_size_v2)
        self._any = self._context()
        self._recorded: dict[int, tuple[Any, Callable[[], None]]] = {batch: self._record(batch) for batch in RECORDED}

    def _tensors(self, package: ModelPackage) -> tuple[str, str]:
        """The names of what goes in and what comes out. Raises ``ModelError`` if that is not what the card says."""
        import tensorrt as trt  # noqa: PLC0415 - as above

        engine = self._engine
        names = [engine.get_tensor_name(index) for index in range(engine.num_io_tensors)]
        names.sort(key=lambda name: engine.get_tensor_mode(name) != trt.TensorIOMode.INPUT)
        found = [(tuple(engine.get_tensor_shape(name))[1:], engine.get_tensor_dtype(name)) for name in names]
        if found != [(self._face, trt.DataType.UINT8), ((self._dimensions,), trt.DataType.FLOAT)]:
            raise ModelError(f"{package.encoder} does not fit its card: install the model again.")
        return names[0], names[1]

    def _context(self) -> Any:
        """A context that runs; all share their scratch memory, since they run one after the other."""
        import tensorrt as trt  # noqa: PLC0415 - as above

        context = self._engine.create_execution_context(trt.ExecutionContextAllocationStrategy.USER_MANAGED)
        if context is None:
            raise EngineUnavailable(f"TensorRT cannot start ({self._log.last}): use --engine openvino.")
        context.set_device_memory(self._scratch, self._engine.device_memory_size_v2)
        self._check(context.set_optimization_profile_async(0, self._cuda.stream))
        return context

    def _record(self, batch: int) -> tuple[Any, Callable[[], None]]:
        """What runs ``batch`` faces in one launch. Its context belongs to it and may never be given another shape."""
        context = self._context()
        self._shape(context, batch)
        self._enqueue(context, batch)  # TensorRT does once what is not to be recorded
        self._cuda.synchronise()
        return context, self._cuda.record(lambda: self._enqueue(context, batch))

    def _shape(self, context: Any, count: int) -> None:
        self._check(context.set_input_shape(self._input, (count, *self._face)))
        self._check(context.set_tensor_address(self._input, self._card_in))
        self._check(context.set_tensor_address(self._output, self._card_out))

    def _enqueue(self, context: Any, count: int) -> None:
        self._cuda.copy_in(self._card_in, self._host_in[:count])
        self._check(context.execute_async_v3(self._cuda.stream))
        self._cuda.copy_out(self._host_out[:count], self._card_out)

    def _check(self, worked: bool) -> None:
        if not worked:
            raise EngineUnavailable(f"TensorRT cannot go on ({self._log.last}): use --engine openvino.")

    def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        count = len(faces)
        self._host_in[:count] = faces
        batch = next((batch for batch in RECORDED if batch >= count), None)
        if batch is None:
            self._shape(self._any, count)
            self._enqueue(self._any, count)
        else:
            # What an earlier batch left behind fills it up; no face has to do with another.
            self._recorded[batch][1]()
        self._cuda.synchronise()
        embeddings: NDArray[np.float32] = self._host_out[:count]
        return embeddings

    def _release(self) -> None:
        # Contexts go before their engine, and both before the memory that they work in.
        self._recorded, self._any, self._engine = {}, None, None
        self._cuda.close()
