"""The machine that Mien runs on, as far as it matters to the engines; found out within milliseconds."""

import os
import platform
from pathlib import Path

import platformdirs

_CPU_INFO = Path("/proc/cpuinfo")
_NVIDIA = Path("/proc/driver/nvidia")
_DRIVER_LIBRARIES = (Path("/usr/lib/wsl/lib/libcuda.so.1"), Path(r"C:\Windows\System32\nvcuda.dll"))


def cache_directory() -> Path:
    """Where Mien keeps what it can make again: the user's cache, by the customs of the system."""
    return Path(platformdirs.user_cache_dir("mien", appauthor=False))


def processor() -> str:
    """What tells this processor from others, e.g. its name, model and stepping."""
    wanted = ("model name", "model", "stepping")
    found: dict[str, str] = {}
    try:
        with _CPU_INFO.open(encoding="utf-8") as lines:
            for line in lines:
                name, _, value = (part.strip() for part in line.partition(":"))
                if not name:  # the end of the first core's entry
                    break
                found[name] = value
    except (OSError, UnicodeDecodeError):
        pass  # not on Linux
    return " ".join(found[name] for name in wanted if name in found) or platform.processor() or platform.machine()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def nvidia_driver() -> str:
    """The driver of NVIDIA's cards as its kernel module tells it, with its version; "" where that tells nothing.

    Without what some add in brackets, who built it on which machine: that is often this one, and reports name none.
    """
    try:
        first = (_NVIDIA / "version").read_text(encoding="utf-8").partition("\n")[0]
        return first.partition("(")[0].rstrip()
    except (OSError, UnicodeDecodeError):
        return ""


def nvidia_gpus() -> tuple[str, ...]:
    """The NVIDIA cards whose driver is here, by name as far as that tells, and with its version."""
    driver = nvidia_driver()
    if not driver:
        return ("NVIDIA",) if any(library.exists() for library in _DRIVER_LIBRARIES) else ()
    cards = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(_NVIDIA.glob("gpus/*/information"))]
    names = [line.partition(":")[2].strip() for card in cards for line in card.splitlines() if "Model:" in line]
    return tuple(f"{name}, {driver}" for name in names)


class Load:
    """What the processors do from when it is made."""

    def __init__(self) -> None:
        self._began = _processor_seconds()

    def of_others(self) -> float:
        """The share of all processors' time, 0..1, that went to anything but this process."""
        busy, idle, own = (now - then for now, then in zip(_processor_seconds(), self._began, strict=True))
        return max(0.0, busy - own) / max(busy + idle, 1e-9)


def _processor_seconds() -> tuple[float, float, float]:
    """Seconds that all processors together were at work and were idle, and that this process was at work."""
    import psutil  # noqa: PLC0415 - most starts do without

    every, mine = psutil.cpu_times(), psutil.Process().cpu_times()
    idle = every.idle + getattr(every, "iowait", 0.0)
    return sum(every) - idle, idle, mine.user + mine.system
