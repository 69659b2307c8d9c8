"""What the figures were measured on: nothing that names the machine, its user or a folder."""

import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

from realtime.benchmark import nvml

_CPUINFO = Path("/proc/cpuinfo")
_PACKAGES = ("mien", "numpy", "openvino", "onnxruntime", "tensorrt", "torch", "mediapipe", "opencv-python", "av")


def facts() -> dict[str, Any]:
    """The processor, its cores, the cards, the versions; ``load`` is the mean of the last minute (processes).

    A load above 0 before anything is measured says that the machine had something else to do.
    """
    return {
        "processor": _processor(),
        "cores": psutil.cpu_count(logical=False),
        "threads": psutil.cpu_count(),
        "usable_threads": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else psutil.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "gpus": nvml.names(),
        "load": round(psutil.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: version for name in _PACKAGES if (version := _version(name)) is not None},
    }


def _processor() -> str:
    if _CPUINFO.exists():
        for line in _CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
