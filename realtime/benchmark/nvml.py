"""What NVIDIA's driver tells of its cards, through the library that comes with it (NVML)."""

import ctypes
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

_NAME_BYTES = 96


@cache
def library() -> Any | None:
    """NVML, ready to be asked; None where there is no NVIDIA driver."""
    try:
        found = ctypes.CDLL("nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1")
        return found if found.nvmlInit_v2() == 0 else None
    except (OSError, AttributeError):
        return None


def names() -> list[str]:
    """The cards of this machine."""
    return [_name(card) for card in _cards()]


def joules() -> float | None:
    """The energy that all cards have used since the driver was loaded; None where one does not tell."""
    told = [_millijoules(card) for card in _cards()]
    known = [each for each in told if each is not None]
    return sum(known) / 1000 if known and len(known) == len(told) else None


def _cards() -> Iterator[ctypes.c_void_p]:
    nvml = library()
    count = ctypes.c_uint(0)
    if nvml is None or nvml.nvmlDeviceGetCount_v2(ctypes.byref(count)) != 0:
        return
    for index in range(count.value):
        card = ctypes.c_void_p()
        if nvml.nvmlDeviceGetHandleByIndex_v2(index, ctypes.byref(card)) == 0:
            yield card


def _name(card: ctypes.c_void_p) -> str:
    text = ctypes.create_string_buffer(_NAME_BYTES)
    nvml = library()
    told = nvml is not None and nvml.nvmlDeviceGetName(card, text, _NAME_BYTES) == 0
    return text.value.decode(errors="replace") if told else "unknown"


def _millijoules(card: ctypes.c_void_p) -> int | None:
    energy = ctypes.c_ulonglong(0)
    nvml = library()
    told = nvml is not None and nvml.nvmlDeviceGetTotalEnergyConsumption(card, ctypes.byref(energy)) == 0
    return energy.value if told else None
