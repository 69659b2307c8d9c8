"""Stands in for ``cuda.bindings.runtime``: a card of host memory, whose stream does nothing until it is waited for."""
# ruff: noqa: N801, N802, N803, N815, N816 - the names are NVIDIA's

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

__all__ = [  # noqa: RUF022 - as they are used
    "cudaError_t",
    "cudaMemcpyKind",
    "cudaStreamCaptureMode",
    "cudaDeviceProp",
    "cudaStream_t",
    "cudaStreamNonBlocking",
    "cudaHostAllocDefault",
    "cudaGetErrorString",
    "cudaGetDeviceCount",
    "cudaSetDevice",
    "cudaGetDeviceProperties",
    "cudaDriverGetVersion",
    "cudaStreamCreateWithFlags",
    "cudaStreamSynchronize",
    "cudaStreamDestroy",
    "cudaMalloc",
    "cudaFree",
    "cudaHostAlloc",
    "cudaFreeHost",
    "cudaMemcpyAsync",
    "cudaStreamBeginCapture",
    "cudaStreamEndCapture",
    "cudaGraphInstantiate",
    "cudaGraphDestroy",
    "cudaGraphLaunch",
    "cudaGraphExecDestroy",
]


class cudaError_t(IntEnum):
    cudaSuccess = 0
    cudaErrorMemoryAllocation = 2
    cudaErrorInsufficientDriver = 35
    cudaErrorNoDevice = 100


class cudaMemcpyKind(IntEnum):
    cudaMemcpyHostToDevice = 1
    cudaMemcpyDeviceToHost = 2


class cudaStreamCaptureMode(IntEnum):
    cudaStreamCaptureModeThreadLocal = 1


@dataclass
class cudaDeviceProp:
    name: bytes = b"Fake 9000\0\0"
    major: int = 9
    minor: int = 0


class cudaStream_t:
    def __int__(self) -> int:
        return 77


cudaStreamNonBlocking = 1
cudaHostAllocDefault = 0

Work = Callable[[], object]


@dataclass
class Card:
    """What the bindings of one test speak to.

    ``calls`` are the functions called, in order; ``failing`` maps one to what is wrong with it; ``held`` is what was
    taken and not given back, ``memory`` the blocks among it by their address; ``batches`` how many faces each run had;
    ``builds`` how many engines were built, and ``graph`` what the last was built from.
    """

    properties: cudaDeviceProp = field(default_factory=cudaDeviceProp)
    driver: int = 13000
    calls: list[str] = field(default_factory=list)
    failing: dict[str, cudaError_t | Exception] = field(default_factory=dict)
    held: dict[object, Any] = field(default_factory=dict)
    memory: dict[int, tuple[str, int]] = field(default_factory=dict)
    waiting: list[Work] = field(default_factory=list)
    recording: list[Work] | None = None
    batches: list[int] = field(default_factory=list)
    builds: int = 0
    graph: bytes = b""

    def begin(self, work: Work) -> None:
        """Put ``work`` on the stream."""
        (self.waiting if self.recording is None else self.recording).append(work)

    def block(self, address: int, size: int, kind: str) -> None:
        """Check that ``size`` bytes at ``address`` were taken as ``kind``."""
        for start, (its_kind, its_size) in self.memory.items():
            if start in self.held and start <= address and address + size <= start + its_size:
                assert its_kind == kind
                return
        raise AssertionError(f"no {kind} memory at {address}")


card = Card()


def _call(name: str, *results: Any) -> tuple[Any, ...]:
    card.calls.append(name)
    wrong = card.failing.get(name, cudaError_t.cudaSuccess)
    if isinstance(wrong, Exception):
        raise wrong
    return (wrong, *(results if wrong is cudaError_t.cudaSuccess else [None] * len(results)))


def _take(name: str, key: object, what: Any) -> tuple[Any, ...]:
    answer = _call(name, key)
    if answer[0] is cudaError_t.cudaSuccess:
        card.held[key] = what
    return answer


def _give_back(name: str, key: object) -> tuple[Any, ...]:
    assert key in card.held, f"{name} of what is not held"
    del card.held[key]
    return _call(name)


def cudaGetErrorString(error: cudaError_t) -> tuple[Any, ...]:
    return cudaError_t.cudaSuccess, error.name.removeprefix("cudaError").encode()


def cudaGetDeviceCount() -> tuple[Any, ...]:
    return _call("cudaGetDeviceCount", 1)


def cudaSetDevice(device: int) -> tuple[Any, ...]:
    assert device == 0
    return _call("cudaSetDevice")


def cudaGetDeviceProperties(device: int) -> tuple[Any, ...]:
    assert device == 0
    return _call("cudaGetDeviceProperties", card.properties)


def cudaDriverGetVersion() -> tuple[Any, ...]:
    return _call("cudaDriverGetVersion", card.driver)


def cudaStreamCreateWithFlags(flags: int) -> tuple[Any, ...]:
    assert flags == cudaStreamNonBlocking
    return _take("cudaStreamCreateWithFlags", cudaStream_t(), "stream")


def cudaStreamDestroy(stream: cudaStream_t) -> tuple[Any, ...]:
    return _give_back("cudaStreamDestroy", stream)


def cudaStreamSynchronize(stream: cudaStream_t) -> tuple[Any, ...]:
    assert stream in card.held
    assert card.recording is None, "waiting is not to be recorded"
    answer = _call("cudaStreamSynchronize")
    while card.waiting:
        card.waiting.pop(0)()
    return answer


def _memory(name: str, size: int, kind: str) -> tuple[Any, ...]:
    block = (ctypes.c_uint8 * size)()
    address = ctypes.addressof(block)
    card.memory[address] = (kind, size)
    return _take(name, address, block)


def cudaMalloc(size: int) -> tuple[Any, ...]:
    return _memory("cudaMalloc", size, "device")


def cudaFree(devPtr: int) -> tuple[Any, ...]:
    return _give_back("cudaFree", devPtr)


def cudaHostAlloc(size: int, flags: int) -> tuple[Any, ...]:
    assert flags == cudaHostAllocDefault
    return _memory("cudaHostAlloc", size, "host")


def cudaFreeHost(ptr: int) -> tuple[Any, ...]:
    return _give_back("cudaFreeHost", ptr)


def cudaMemcpyAsync(dst: int, src: int, count: int, kind: cudaMemcpyKind, stream: cudaStream_t) -> tuple[Any, ...]:
    assert stream in card.held
    inwards = kind is cudaMemcpyKind.cudaMemcpyHostToDevice
    card.block(src, count, "host" if inwards else "device")
    card.block(dst, count, "device" if inwards else "host")
    answer = _call("cudaMemcpyAsync")
    card.begin(lambda: ctypes.memmove(dst, src, count))
    return answer


def cudaStreamBeginCapture(stream: cudaStream_t, mode: cudaStreamCaptureMode) -> tuple[Any, ...]:
    assert stream in card.held
    assert mode is cudaStreamCaptureMode.cudaStreamCaptureModeThreadLocal
    card.recording = []
    return _call("cudaStreamBeginCapture")


def cudaStreamEndCapture(stream: cudaStream_t) -> tuple[Any, ...]:
    assert stream in card.held
    work, card.recording = card.recording, None
    return _take("cudaStreamEndCapture", object(), work)


def cudaGraphInstantiate(graph: object, flags: int) -> tuple[Any, ...]:
    assert flags == 0
    return _take("cudaGraphInstantiate", object(), card.held[graph])


def cudaGraphDestroy(graph: object) -> tuple[Any, ...]:
    return _give_back("cudaGraphDestroy", graph)


def cudaGraphLaunch(graphExec: object, stream: cudaStream_t) -> tuple[Any, ...]:
    assert stream in card.held
    for work in card.held[graphExec]:
        card.begin(work)
    return _call("cudaGraphLaunch")


def cudaGraphExecDestroy(graphExec: object) -> tuple[Any, ...]:
    return _give_back("cudaGraphExecDestroy", graphExec)
