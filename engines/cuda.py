"""What an engine needs of an NVIDIA card, through NVIDIA's own ``cuda-python``: memory, a stream, recordings."""

import ctypes
import math
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines import machine
from engines.errors import EngineUnavailable


@dataclass(frozen=True, slots=True)
class Device:
    """A card and its driver: ``capability`` as in ``9.0``; ``driver`` as exactly as the system tells it."""

    name: str
    capability: str
    driver: str


class Cuda:
    """The first card, with one stream on which everything here happens in order.

    What is taken from the card belongs to this object until :meth:`close`. Every method raises ``EngineUnavailable``
    with CUDA's own reason if the card or its driver fails.
    """

    def __init__(self) -> None:
        """Raises ``EngineUnavailable`` if there is no cuda-python, no driver or no card."""
        try:
            from cuda.bindings import runtime  # noqa: PLC0415 - only machines with a card have it
        except ImportError as error:
            raise EngineUnavailable(f'cuda-python cannot be loaded ({error}): pip install "mien[tensorrt]".') from error
        self._runtime = runtime
        self._held = ExitStack()
        if not self._call(runtime.cudaGetDeviceCount):
            raise EngineUnavailable("There is no NVIDIA card here: use --engine openvino.")
        self._call(runtime.cudaSetDevice, 0)
        self._stream = self._call(runtime.cudaStreamCreateWithFlags, runtime.cudaStreamNonBlocking)
        self._held.callback(runtime.cudaStreamDestroy, self._stream)

    @property
    def stream(self) -> int:
        """The stream's handle."""
        return int(self._stream)

    def device(self) -> Device:
        """Which card this is."""
        properties = self._call(self._runtime.cudaGetDeviceProperties, 0)
        name = bytes(properties.name).rstrip(b"\0").decode(errors="replace")
        return Device(name, f"{properties.major}.{properties.minor}", self._driver())

    def _driver(self) -> str:
        """CUDA tells only the newest CUDA that the driver can do; the exact version is the kernel's to tell."""
        return f"{self._call(self._runtime.cudaDriverGetVersion)} {machine.nvidia_driver()}".rstrip()

    def memory(self, size: int) -> int:
        """The address of ``size`` bytes on the card."""
        address: int = self._call(self._runtime.cudaMalloc, max(size, 1))
        self._held.callback(self._runtime.cudaFree, address)
        return address

    def pinned(self, shape: tuple[int, ...], dtype: type[np.generic]) -> NDArray[Any]:
        """An array in host memory that the card can reach at full speed; not to be used after :meth:`close`."""
        size = math.prod(shape) * np.dtype(dtype).itemsize
        address = self._call(self._runtime.cudaHostAlloc, size, self._runtime.cudaHostAllocDefault)
        self._held.callback(self._runtime.cudaFreeHost, address)
        return np.ctypeslib.as_array((ctypes.c_uint8 * size).from_address(address)).view(dtype).reshape(shape)

    def copy_in(self, address: int, array: NDArray[Any]) -> None:
        """Begin to copy ``array``, which is pinned and in one piece, to ``address``."""
        kind = self._runtime.cudaMemcpyKind.cudaMemcpyHostToDevice
        self._call(self._runtime.cudaMemcpyAsync, address, array.ctypes.data, array.nbytes, kind, self._stream)

    def copy_out(self, array: NDArray[Any], address: int) -> None:
        """Begin to copy what is at ``address`` into ``array``, which is pinned and in one piece."""
        kind = self._runtime.cudaMemcpyKind.cudaMemcpyDeviceToHost
        self._call(self._runtime.cudaMemcpyAsync, array.ctypes.data, address, array.nbytes, kind, self._stream)

    def synchronise(self) -> None:
        """Wait until the stream has done all that was begun."""
        self._call(self._runtime.cudaStreamSynchronize, self._stream)

    def record(self, work: Callable[[], None]) -> Callable[[], None]:
        """What begins all that ``work`` would begin on the stream, in one launch. ``work`` itself is not done."""
        runtime = self._runtime
        # Other threads may go on with cards of their own meanwhile.
        self._call(
            runtime.cudaStreamBeginCapture, self._stream, runtime.cudaStreamCaptureMode.cudaStreamCaptureModeThreadLocal
        )
        try:
            work()
        except BaseException:
            runtime.cudaStreamEndCapture(self._stream)
            raise
        graph = self._call(runtime.cudaStreamEndCapture, self._stream)
        try:
            recording = self._call(runtime.cudaGraphInstantiate, graph, 0)
        finally:
            runtime.cudaGraphDestroy(graph)
        self._held.callback(runtime.cudaGraphExecDestroy, recording)
        return lambda: self._call(runtime.cudaGraphLaunch, recording, self._stream)

    def close(self) -> None:
        """Give everything back, the last first; twice is once. What cannot be given back is lost already."""
        self._held.close()

    def _call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        try:
            status, *results = function(*arguments)
        except RuntimeError as error:  # where there is no driver at all
            raise EngineUnavailable(f"There is no NVIDIA driver here ({error}): use --engine openvino.") from error
        if status != self._runtime.cudaError_t.cudaSuccess:
            reason = self._runtime.cudaGetErrorString(status)[1].decode()
            raise EngineUnavailable(f"CUDA cannot go on ({function.__name__}: {reason}): use --engine openvino.")
        return results[0] if results else None
