"""The engines by themselves: the time of a batch, and the faces a second."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from engines.base import Engine
from engines.errors import EngineUnavailable
from engines.package import ModelPackage
from realtime.benchmark.energy import EnergyMeter
from realtime.benchmark.rounding import rounded

BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_WARM_UP_RUNS = 5
_SECONDS_A_BATCH = 0.5
_LEAST_RUNS = 10

EngineOpener = Callable[[], Engine]
Progress = Callable[[int, int, str], None]
"""Is told how many of how many parts are done, and what comes next."""


def measure_engines(
    openers: Mapping[str, EngineOpener], package: ModelPackage, batches: Sequence[int], progress: Progress
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Of each engine the time of a batch, in milliseconds, and the faces a second, for each of the ``batches``.

    One that turns out to be another over again, as on a processor with one precision, is measured once. Second come
    those of ``openers`` that cannot run here, with the reason. Raises ``EngineUnavailable`` where that is all of them,
    and ``ModelError`` where one does not take the package's encoder.
    """
    reports: dict[tuple[str, str, str], dict[str, Any]] = {}
    unavailable: dict[str, str] = {}
    for number, (name, opener) in enumerate(openers.items()):
        progress(number, len(openers), name)
        try:
            with opener() as engine:
                about = (engine.name, engine.device, engine.precision)
                if about not in reports:
                    reports[about] = _measure(engine, package, batches)
        except EngineUnavailable as error:
            unavailable[name] = str(error)
    progress(len(openers), len(openers), "")
    if not reports:
        raise EngineUnavailable(" ".join(unavailable.values()))
    return list(reports.values()), unavailable


def _measure(engine: Engine, package: ModelPackage, batches: Sequence[int]) -> dict[str, Any]:
    measured = {str(size): _time_batch(engine, package, size) for size in batches}
    return {
        "engine": engine.name,
        "device": engine.device,
        "precision": engine.precision,
        "batch": {size: times for size, (times, _) in measured.items()},
        "mj_per_face": {size: energy for size, (_, energy) in measured.items()},
    }


def _time_batch(engine: Engine, package: ModelPackage, size: int) -> tuple[dict[str, float | None], float | None]:
    """The times of a batch of ``size`` faces, and the energy of a face in millijoules."""
    card = package.card
    shape = (size, card.channels, card.size, card.size)
    faces = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    for _ in range(_WARM_UP_RUNS):
        engine.embed(faces)
    times: list[float] = []
    energy = EnergyMeter()
    while sum(times) < _SECONDS_A_BATCH or len(times) < _LEAST_RUNS:
        began = time.perf_counter()
        engine.embed(faces)
        times.append(time.perf_counter() - began)
    told = [joules for joules in energy.spent().values() if joules is not None]
    p50, p99 = np.percentile(times, [50, 99])
    figures = {
        "p50_ms": rounded(p50 * 1000),
        "p99_ms": rounded(p99 * 1000),
        "faces_per_s": rounded(size * len(times) / sum(times)),
    }
    return figures, rounded(1000 * sum(told) / (size * len(times))) if told else None
