"""Stands in for ``tensorrt``: what it builds is the graph that it was given, and ONNX Runtime runs it."""

import ctypes
from enum import IntEnum
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort

from tests.engines.bindings import cuda_runtime

__all__ = [  # noqa: RUF022 - as they are used
    "ILogger",
    "IProgressMonitor",
    "NetworkDefinitionCreationFlag",
    "TensorIOMode",
    "DataType",
    "ExecutionContextAllocationStrategy",
    "Builder",
    "INetworkDefinition",
    "ITensor",
    "OnnxParser",
    "ParserError",
    "IOptimizationProfile",
    "BuilderFlag",
    "IBuilderConfig",
    "ITimingCache",
    "IHostMemory",
    "Runtime",
    "ICudaEngine",
    "IExecutionContext",
]
__version__ = "11.4.0.106"

_PLAN, _TIMINGS = b"a plan of ", b"timings"


class _Severity(IntEnum):
    INTERNAL_ERROR = 0
    ERROR = 1
    WARNING = 2


class ILogger:
    Severity = _Severity

    def log(self, severity: Any, msg: str) -> None:
        raise NotImplementedError


class IProgressMonitor:
    def phase_start(self, phase_name: str, parent_phase: str | None, num_steps: int) -> None:
        raise NotImplementedError

    def step_complete(self, phase_name: str, step: int) -> bool:
        raise NotImplementedError

    def phase_finish(self, phase_name: str) -> None:
        raise NotImplementedError


class NetworkDefinitionCreationFlag(IntEnum):
    STRONGLY_TYPED = 0


class TensorIOMode(IntEnum):
    INPUT = 1
    OUTPUT = 2


class DataType(IntEnum):
    FLOAT = 0
    UINT8 = 5


class ExecutionContextAllocationStrategy(IntEnum):
    USER_MANAGED = 2


class IHostMemory(bytes):
    pass


def _call(name: str) -> bool:
    """Whether it works."""
    cuda_runtime.card.calls.append(name)
    return name not in cuda_runtime.card.failing


class ITensor:
    name = ""
    shape: tuple[int, ...] = ()


class INetworkDefinition:
    def __init__(self) -> None:
        self._graph = b""

    def get_input(self, index: int) -> ITensor:
        value = onnx.load_from_string(self._graph).graph.input[index]
        tensor = ITensor()
        tensor.name = value.name
        tensor.shape = tuple(side.dim_value or -1 for side in value.type.tensor_type.shape.dim)
        return tensor


class ParserError:
    def desc(self) -> str:
        return "not a graph that\nTensorRT knows"


class OnnxParser:
    num_errors = 0

    def __init__(self, network: INetworkDefinition, logger: ILogger) -> None:
        assert isinstance(logger, ILogger)
        self._network = network

    def parse(self, model: bytes) -> bool:
        graph = onnx.load_from_string(model).graph
        pictures = graph.input[0].name if graph.input else ""
        works = all(node.op_type == "Cast" for node in graph.node if pictures in node.input) and _call("parse")
        self.num_errors = 0 if works else 1
        self._network._graph = cuda_runtime.card.graph = model
        return works

    def get_error(self, index: int) -> ParserError:
        assert index < self.num_errors
        return ParserError()


class IOptimizationProfile:
    def __init__(self) -> None:
        self._shapes: tuple[tuple[int, ...], ...] = ()

    def set_shape(self, input: str, min: tuple[int, ...], opt: tuple[int, ...], max: tuple[int, ...]) -> None:  # noqa: A002
        assert input
        assert min[1:] == opt[1:] == max[1:]
        assert -1 not in max
        assert all(low <= usual <= high for low, usual, high in zip(min, opt, max, strict=True))
        self._shapes = (min, opt, max)


class ITimingCache:
    def serialize(self) -> IHostMemory:
        return IHostMemory(_TIMINGS)


class BuilderFlag(IntEnum):
    TF32 = 6


class IBuilderConfig:
    progress_monitor: IProgressMonitor | None = None

    def __init__(self) -> None:
        self._flags = {BuilderFlag.TF32}
        self._profiles: list[IOptimizationProfile] = []
        self._timings: ITimingCache | None = None

    def add_optimization_profile(self, profile: IOptimizationProfile) -> int:
        assert profile._shapes
        self._profiles.append(profile)
        return 0

    def clear_flag(self, flag: BuilderFlag) -> None:
        self._flags.discard(flag)

    def create_timing_cache(self, serialized_timing_cache: bytes) -> ITimingCache | None:
        return ITimingCache() if serialized_timing_cache in {b"", _TIMINGS} else None

    def set_timing_cache(self, cache: ITimingCache, ignore_mismatch: bool) -> bool:
        assert not ignore_mismatch
        self._timings = cache
        return True


class Builder:
    def __init__(self, logger: ILogger) -> None:
        self._logger = logger

    def create_network(self, flags: int = 0) -> INetworkDefinition:
        assert flags == 1 << NetworkDefinitionCreationFlag.STRONGLY_TYPED
        return INetworkDefinition()

    def create_builder_config(self) -> IBuilderConfig:
        return IBuilderConfig()

    def create_optimization_profile(self) -> IOptimizationProfile:
        return IOptimizationProfile()

    def build_serialized_network(self, network: INetworkDefinition, config: IBuilderConfig) -> IHostMemory | None:
        cuda_runtime.card.builds += 1
        assert config._timings
        assert len(config._profiles) == 1
        assert not config._flags, "float32 would not be computed as float32"
        monitor = config.progress_monitor
        assert monitor
        try:
            monitor.phase_start("Building", None, 2)
            goes_on = monitor.step_complete("Building", 0) and monitor.step_complete("Building", 1)
            monitor.phase_finish("Building")
        except BaseException as error:
            raise AssertionError("an error reached TensorRT, where it would end the process") from error
        if not _call("build_serialized_network"):
            self._logger.log(ILogger.Severity.ERROR, "no kernel\nfits")
            return None
        return IHostMemory(_PLAN + network._graph) if goes_on else None


class Runtime:
    def __init__(self, logger: ILogger) -> None:
        self._logger = logger
        if not _call("Runtime"):
            raise TypeError("pybind11::init(): factory function returned nullptr")

    def deserialize_cuda_engine(self, serialized_engine: bytes) -> "ICudaEngine | None":
        if not serialized_engine.startswith(_PLAN) or not _call("deserialize_cuda_engine"):
            self._logger.log(ILogger.Severity.ERROR, "not a plan")
            return None
        engine = ICudaEngine()
        engine._session = ort.InferenceSession(
            serialized_engine.removeprefix(_PLAN), providers=["CPUExecutionProvider"]
        )
        return engine


class ICudaEngine:
    _session: Any
    device_memory_size_v2 = 1000

    @property
    def num_io_tensors(self) -> int:
        return len(_tensors(self._session))

    def get_tensor_name(self, index: int) -> str:
        # Nobody said which comes first.
        return sorted(_tensors(self._session), reverse=True)[index]

    def get_tensor_mode(self, name: str) -> TensorIOMode:
        return TensorIOMode.INPUT if name == _input(self._session) else TensorIOMode.OUTPUT

    def get_tensor_dtype(self, name: str) -> DataType:
        return DataType.UINT8 if _tensors(self._session)[name].type == "tensor(uint8)" else DataType.FLOAT

    def get_tensor_shape(self, name: str) -> list[int]:
        return [-1, *_tensors(self._session)[name].shape[1:]]

    def create_execution_context(self, strategy: Any) -> "IExecutionContext | None":
        assert strategy is ExecutionContextAllocationStrategy.USER_MANAGED
        context = IExecutionContext()
        context._session = self._session
        return context if _call("create_execution_context") else None


def _tensors(session: Any) -> dict[str, Any]:
    """What goes in and what comes out, by name."""
    return {tensor.name: tensor for tensor in (*session.get_inputs(), *session.get_outputs())}


def _input(session: Any) -> str:
    (tensor,) = session.get_inputs()
    return str(tensor.name)


class IExecutionContext:
    """Asserts what the real one leaves undefined."""

    _session: Any

    def __init__(self) -> None:
        self._scratch = self._profile = self._recorded = self._ready = False
        self._shape: tuple[int, ...] = ()
        self._addresses: dict[str, int] = {}

    def set_device_memory(self, memory: int, size: int) -> None:
        cuda_runtime.card.block(memory, size, "device")
        self._scratch = True

    def set_optimization_profile_async(self, profile_index: int, stream_handle: int) -> bool:
        assert (profile_index, stream_handle) == (0, 77)
        self._profile = True
        return _call("set_optimization_profile_async")

    def set_input_shape(self, name: str, shape: tuple[int, ...]) -> bool:
        assert name == _input(self._session)
        assert self._profile
        assert not self._recorded, "the recording's own context was given another shape"
        self._shape, self._ready = shape, False
        return _call("set_input_shape")

    def set_tensor_address(self, name: str, memory: int) -> bool:
        assert self._shape
        self._addresses[name] = memory
        return _call("set_tensor_address")

    def execute_async_v3(self, stream_handle: int) -> bool:
        assert stream_handle == 77
        assert self._scratch
        assert set(self._addresses) == set(_tensors(self._session))
        card, shape = cuda_runtime.card, self._shape
        if card.recording is not None:
            assert self._ready, "a shape must have run once before it is recorded"
            self._recorded = True
        self._ready = True
        card.begin(lambda: self._compute(shape))
        return _call("execute_async_v3")

    def _compute(self, shape: tuple[int, ...]) -> None:
        cuda_runtime.card.batches.append(shape[0])
        size = int(np.prod(shape))
        start = self._addresses[_input(self._session)]
        cuda_runtime.card.block(start, size, "device")
        pictures = np.ctypeslib.as_array((ctypes.c_uint8 * size).from_address(start)).reshape(shape)
        results = self._session.run(None, {_input(self._session): pictures})
        for tensor, result in zip(self._session.get_outputs(), results, strict=True):
            cuda_runtime.card.block(self._addresses[tensor.name], result.nbytes, "device")
            ctypes.memmove(self._addresses[tensor.name], result.ctypes.data, result.nbytes)
