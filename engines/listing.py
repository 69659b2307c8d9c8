"""What there is to say about the engines of this machine: what ``mien engines`` prints."""

from dataclasses import dataclass
from typing import Any, Literal

from engines import machine, registry
from engines.base import EngineName
from engines.choice import Measured, recall
from engines.measuring import measure
from engines.package import ModelPackage
from engines.registry import Entry
from engines.select import ranked

NEEDS_NVIDIA = "it needs an NVIDIA card, and none is here"


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why an engine cannot run here: it lacks a ``card``, a ``library`` that ``detail`` installs, or has failed."""

    lacks: Literal["card", "library", "health"]
    detail: str = ""


def unavailable(package: ModelPackage) -> dict[EngineName, Unavailable]:
    """The engines that cannot run ``package`` here, as far as is known without loading or measuring any."""
    failures = {each.engine: each.failure for each in recall(package) if each.failure}
    gpu = bool(machine.nvidia_gpus())
    reasons = {}
    for entry in registry.ENTRIES:
        if not entry.installed:
            no_card = entry.name is EngineName.TENSORRT and not gpu
            reasons[entry.name] = Unavailable("card") if no_card else Unavailable("library", entry.command)
        elif entry.name in failures:
            reasons[entry.name] = Unavailable("health", failures[entry.name])
    return reasons


def describe(package: ModelPackage, *, anew: bool = False) -> dict[str, Any]:
    """Every engine that ``--engine`` knows, and how quick each is on ``package``; for JSON.

    Measures those that load quickly if nothing is remembered of this machine and model, and all of them if ``anew``.
    """
    known = () if anew else recall(package)
    measured = {each.engine: each for each in known or measure(package, every=anew)}
    gpus = machine.nvidia_gpus()
    working = [entry for entry in registry.ENTRIES if entry.installed and not _failed(measured.get(entry.name))]
    first = next((entry.name for entry in ranked(working, list(measured.values()))), None)
    return {
        "model": package.card.name,
        "processor": machine.processor(),
        "cores": machine.cores(),
        "gpus": list(gpus),
        "engines": [
            _about(entry, measured.get(entry.name), gpu=bool(gpus)) | {"auto": entry.name == first}
            for entry in registry.ENTRIES
        ],
    }


def _about(entry: Entry, measured: Measured | None, *, gpu: bool) -> dict[str, Any]:
    found = measured or Measured(entry.name)
    return {
        "engine": str(entry.name),
        "installed": entry.installed,
        "version": entry.version if entry.installed else None,
        "device": found.device or None,
        "precision": found.precision or None,
        "p50_ms": found.p50_ms and {str(size): round(ms, 3) for size, ms in found.p50_ms.items()},
        "notes": [*([found.failure] if found.failure else []), *found.notes, *_hints(entry, gpu=gpu)],
        "add": None if entry.installed else entry.command,
    }


def _hints(entry: Entry, *, gpu: bool) -> list[str]:
    if entry.name is EngineName.TENSORRT and not gpu and not entry.installed:
        return [NEEDS_NVIDIA]
    if entry.name is EngineName.ONNXRUNTIME and gpu and entry.installed and "onnxruntime-gpu" not in entry.version:
        return ["for the card, in the place of onnxruntime: pip install onnxruntime-gpu"]
    return []


def _failed(measured: Measured | None) -> bool:
    return measured is not None and bool(measured.failure)
