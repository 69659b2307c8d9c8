"""What the figures were measured on: nothing that names the machine, its user or a folder."""

import platform
from importlib import metadata
from typing import Any

import psutil

from engines import machine

_PACKAGES = ("mien", "numpy", "openvino", "onnxruntime", "tensorrt", "torch", "mediapipe", "opencv-python", "av")


def facts() -> dict[str, Any]:
    """The processor, its cores, the cards, the versions; ``load`` is the mean of the last minute (processes).

    A load above 0 before anything is measured says that the machine had something else to do.
    """
    return {
        "processor": machine.processor(),
        "cores": psutil.cpu_count(logical=False),
        "threads": psutil.cpu_count(),
        "usable_threads": machine.cores(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "gpus": list(machine.nvidia_gpus()),
        "load": round(psutil.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: version for name in _PACKAGES if (version := _version(name)) is not None},
    }


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
