"""Which engine runs: the one asked for, or the one that does best on this machine.

``auto`` measures once for each machine and model, and remembers (:mod:`engines.choice`). It does so before the engine
opens where a moment more does not count, as for a file. A camera is not kept waiting: there ``auto`` takes the first
engine that opens and need not be built, and measures in the background, once the picture stands, for the next start.
"""

import math
from collections.abc import Sequence

from engines import registry
from engines.base import Engine, EngineName
from engines.choice import Measured, recall
from engines.errors import EngineUnavailable
from engines.measuring import measure, measure_later
from engines.package import ModelPackage
from engines.registry import Entry, Notice, in_silence, installed

__all__ = ["installed", "open_engine", "ranked"]


def open_engine(
    package: ModelPackage,
    name: EngineName = EngineName.AUTO,
    *,
    hurry: bool = False,
    notice: Notice = in_silence,
    precision: str | None = None,
) -> Engine:
    """Open the engine called ``name`` on ``package``, warmed up; ``notice`` is told what takes long.

    ``precision`` is one that its entry in the registry has, or its own choice; ``auto`` has none.

    ``auto`` is the quickest that this machine was found to have; in a ``hurry``, and while nothing was measured, the
    first that opens without being built. Raises ``EngineUnavailable`` if it cannot run here, ``ModelError`` if the
    encoder is not one that it can run.
    """
    if name is not EngineName.AUTO:
        return registry.entry_of(name).open(package, notice, precision)
    entries = [entry for entry in registry.ENTRIES if entry.installed]
    known = recall(package)
    if not known and sum(not entry.slow for entry in entries) > 1:
        if hurry:
            entries.sort(key=lambda entry: entry.builds)
            measure_later(package)
        else:
            known = measure(package, notice=notice)
    reasons = []
    for entry in ranked(entries, known):
        try:
            return entry.open(package, notice)
        except EngineUnavailable as error:
            reasons.append(str(error))
    raise EngineUnavailable(" ".join(reasons) or "No engine is installed: pip install openvino.")


def ranked(entries: Sequence[Entry], known: Sequence[Measured]) -> list[Entry]:
    """``entries`` in the order that ``auto`` takes them: the quickest first, then those without figures as they are."""
    costs = {measured.engine: measured.cost for measured in known}
    return sorted(entries, key=lambda entry: costs.get(entry.name, math.inf))
