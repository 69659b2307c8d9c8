"""What NVIDIA's cards use, as the library tells that comes with their driver (NVML)."""

import ctypes
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any


@cache
def library() -> Any | None:
    """NVML, ready to be asked; None where there is no NVIDIA driver."""
    try:
        found = ctypes.CDLL("nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1")
        return found if found.nvmlInit_v2() == 0 else None
    except (OSError, AttributeError):
        return None


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


def _millijoules(card: ctypes.c_void_p) -> int | None:
    energy = ctypes.c_ulonglong(0)
    nvml = library()
    told = nvml is not None and nvml.nvmlDeviceGetTotalEnergyConsumption(card, ctypes.byref(energy)) == 0
    return energy.value if told else None
