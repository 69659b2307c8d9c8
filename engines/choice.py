"""What the engines of this machine were found to take, kept in the user's cache.

A record holds for one encoder on one machine with the engines that it had: another processor, number of cores, GPU,
driver or version of a library, and it counts no more. A file that is damaged or cannot be written is as good as none.
"""

import json
import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engines import machine, registry
from engines.base import EngineName
from engines.errors import OutputError
from engines.files import write_json
from engines.package import ModelPackage

_SCHEMA = 2
"""To be raised when the engines or the way of measuring change, so that what was measured before counts no more."""
_RECORDS = 16
"""Kept at most, the oldest go: a person has few models, but training makes many."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What an engine was found to be; ``p50_ms`` and ``least_ms`` are its times for each number of faces.

    ``failure`` says why it cannot run; it has no figures then.
    """

    engine: EngineName
    device: str = ""
    precision: str = ""
    p50_ms: Mapping[int, float] | None = None
    least_ms: Mapping[int, float] | None = None
    notes: tuple[str, ...] = ()
    failure: str = ""

    @property
    def cost(self) -> float:
        """What ``auto`` goes by, the less the better: one face and a few count alike.

        Their least times are compared: whatever else the machine was doing can only have made a time longer.
        """
        return math.inf if self.least_ms is None else self.least_ms[1] * self.least_ms[4]


def memory_file() -> Path:
    """Where the records are kept."""
    return machine.cache_directory() / "engines.json"


def recall(package: ModelPackage) -> tuple[Measured, ...]:
    """What was measured of ``package`` on this machine as it is now; empty if nothing was."""
    key = _key(package)
    try:
        found = next(record for record in _read() if record.get("of") == key)
        return tuple(_measured(entry) for entry in found["engines"])
    except (StopIteration, KeyError, TypeError, ValueError, AttributeError):
        return ()


def remember(package: ModelPackage, measured: tuple[Measured, ...]) -> None:
    """Keep what was measured of ``package`` in the place of what was known before, if it can be kept."""
    key = _key(package)
    others = [record for record in _read() if record.get("of") != key]
    records = [*others, {"of": key, "engines": [asdict(each) for each in measured]}]
    path = memory_file()
    with suppress(OSError, OutputError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, {"schema": _SCHEMA, "records": records[-_RECORDS:]})


def _read() -> list[dict[str, Any]]:
    try:
        document = json.loads(memory_file().read_text(encoding="utf-8"))
        records = document["records"] if document["schema"] == _SCHEMA else []
        return [record for record in records if isinstance(record, dict)]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _key(package: ModelPackage) -> dict[str, Any]:
    return {
        "encoder": package.card.encoder_sha256,
        "versions": {str(entry.name): entry.version for entry in registry.ENTRIES if entry.installed},
        "processor": machine.processor(),
        "cores": machine.cores(),
        "gpus": list(machine.nvidia_gpus()),
    }


def _measured(entry: dict[str, Any]) -> Measured:
    figures = {
        name: entry[name] and {int(size): float(ms) for size, ms in entry[name].items()}
        for name in ("p50_ms", "least_ms")
    }
    found = Measured(**{**entry, **figures, "engine": EngineName(entry["engine"]), "notes": (*entry["notes"],)})
    if not found.cost > 0:
        raise ValueError(f"{found.engine} in no time")
    return found
