"""Runs on the first NVIDIA card what TensorRT has built for it: uint8 in, float32 out, one batch after the other."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.cuda import Cuda
from engines.errors import EngineUnavailable, ModelError
from engines.tensorrt_plan import Blueprint, Notify


class TensorRtRunner:
    """What ``blueprint`` says, from the cache or built now, which takes a minute or more and tells ``notify``.

    Batches of the sizes ``recorded``, which rise, run in one launch; smaller ones are filled up to the next of these.
    ``input`` and ``outputs`` are the shapes of one picture and of what is made of it, these in the order of their
    names. Serves one thread. Raises ``EngineUnavailable`` if TensorRT, cuda-python, the driver or the card is missing
    or fails, and ``ModelError`` if TensorRT cannot run the graph.
    """

    input: tuple[int, ...]
    outputs: tuple[tuple[int, ...], ...]
    _engine: Any
    _any: Any
    _recorded: dict[int, tuple[Any, Callable[[], None]]]

    def __init__(self, blueprint: Blueprint, recorded: Sequence[int], notify: Notify) -> None:
        self._cuda = Cuda()
        try:
            self._start(blueprint, recorded, notify)
        except BaseException:
            self.close()
            raise

    def run(self, pictures: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """What each output has for ``pictures`` uint8 ``[N, ...]``, 1 to the blueprint's most; until the next run."""
        count = len(pictures)
        self._host_in[:count] = pictures
        batch = next((batch for batch in self._recorded if batch >= count), None)
        if batch is None:
            self._shape(self._any, count)
            self._enqueue(self._any, count)
        else:
            # What an earlier batch left behind fills it up; no picture has to do with another.
            self._recorded[batch][1]()
        self._cuda.synchronise()
        return [host[:count] for host in self._host_out]

    def close(self) -> None:
        """Give everything back; twice is once."""
        # Contexts go before their engine, and both before the memory that they work in.
        self._recorded, self._any, self._engine = {}, None, None
        self._cuda.close()

    def _start(self, blueprint: Blueprint, recorded: Sequence[int], notify: Notify) -> None:
        try:
            from engines.tensorrt_build import load  # noqa: PLC0415 - only machines with a card have TensorRT
        except (ImportError, OSError) as error:
            raise EngineUnavailable(f'TensorRT cannot be loaded ({error}): pip install "mien[tensorrt]".') from error
        card = self._cuda.device()
        self.device = card.name
        self._engine, self._log = load(blueprint, card, notify)
        self._name_tensors(blueprint)
        self._host_in = self._cuda.pinned((blueprint.most, *self.input), np.uint8)
        self._host_out = [self._cuda.pinned((blueprint.most, *shape), np.float32) for shape in self.outputs]
        self._card_in = self._cuda.memory(self._host_in.nbytes)
        self._card_out = [self._cuda.memory(host.nbytes) for host in self._host_out]
        self._scratch = self._cuda.memory(self._engine.device_memory_size_v2)
        self._any = self._context()
        self._recorded = {batch: self._record(batch) for batch in recorded}

    def _name_tensors(self, blueprint: Blueprint) -> None:
        """Find out what goes in and what comes out. Raises ``ModelError`` if that is not uint8 and float32."""
        import tensorrt as trt  # noqa: PLC0415 - as above

        engine = self._engine
        names = [engine.get_tensor_name(index) for index in range(engine.num_io_tensors)]
        names.sort(key=lambda name: (engine.get_tensor_mode(name) != trt.TensorIOMode.INPUT, name))
        types = [engine.get_tensor_dtype(name) for name in names]
        if types != [trt.DataType.UINT8, *[trt.DataType.FLOAT] * (len(names) - 1)]:
            raise ModelError(f"{blueprint.path} does not make float32 of uint8: install the model again.")
        self._names = names
        self.input, *outputs = (tuple(engine.get_tensor_shape(name))[1:] for name in names)
        self.outputs = tuple(outputs)

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
        """What runs ``batch`` pictures in one launch. Its context belongs to it and never gets another shape."""
        context = self._context()
        self._shape(context, batch)
        self._enqueue(context, batch)  # TensorRT does once what is not to be recorded
        self._cuda.synchronise()
        return context, self._cuda.record(lambda: self._enqueue(context, batch))

    def _shape(self, context: Any, count: int) -> None:
        self._check(context.set_input_shape(self._names[0], (count, *self.input)))
        for name, address in zip(self._names, [self._card_in, *self._card_out], strict=True):
            self._check(context.set_tensor_address(name, address))

    def _enqueue(self, context: Any, count: int) -> None:
        self._cuda.copy_in(self._card_in, self._host_in[:count])
        self._check(context.execute_async_v3(self._cuda.stream))
        for host, address in zip(self._host_out, self._card_out, strict=True):
            self._cuda.copy_out(host[:count], address)

    def _check(self, worked: bool) -> None:
        if not worked:
            raise EngineUnavailable(f"TensorRT cannot go on ({self._log.last}): use --engine openvino.")
