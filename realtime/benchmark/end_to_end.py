"""Measures the engines by themselves and the whole path of a frame. Needs no display and no network."""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import psutil

from engines.base import Engine, EngineName
from engines.package import ModelPackage
from engines.select import installed, open_engine
from realtime.opening import open_pipeline
from realtime.options import Options
from realtime.pipeline import Follow, Pipeline
from realtime.records import Frame
from realtime.sources import Source, SourceInfo, SyntheticSource, open_source
from realtime.sources.base import Closable
from realtime.stats import Snapshot

BATCHES = (1, 4, 16, 64)
_WARM_UP_RUNS = 5
_SECONDS_A_BATCH = 0.5
_WIDTH, _HEIGHT = 1280, 720
_SETTLING_FRAMES = 100
"""Frames after which memory is taken as settled: models are warm, queues and buffers filled."""

Report = dict[str, Any]


class Loop(Closable):
    """``source`` again and again for ``seconds`` of the clock, indices and times counting on. Owns ``source``."""

    def __init__(self, source: Source, seconds: float) -> None:
        super().__init__()
        self._source = source
        self._seconds = seconds
        self.info: SourceInfo = replace(source.info, frames=None, duration=None)

    def __iter__(self) -> Iterator[Frame]:
        until = time.monotonic() + self._seconds
        index, offset, last, step = 0, 0.0, 0.0, 1 / (self.info.fps or 30)
        # Asked here as well, or a source without a frame would be opened for ever.
        while time.monotonic() < until and not self._closed.is_set():
            first: float | None = None
            for frame in self._source:
                if time.monotonic() >= until or self._closed.is_set():
                    return
                first = frame.time if first is None else first
                last = offset + frame.time - first
                yield Frame(frame.image, index, last)
                index += 1
            offset = last + step

    def close(self) -> None:
        super().close()
        self._source.close()


@dataclass(slots=True)
class _Memory:
    """Resident memory of this process, in MB, while a run goes on."""

    settled: float = math.nan
    last: float = 0.0
    peak: float = 0.0

    def look(self, frames: int) -> None:
        self.last = psutil.Process().memory_info().rss / 1e6
        self.peak = max(self.peak, self.last)
        if frames == _SETTLING_FRAMES:
            self.settled = self.last


def measure(options: Options, *, every_engine: bool, faces: int, seconds: float | None, follow: Follow) -> Report:
    """Measure the engines by themselves, then the whole path over ``options.source``.

    Raises ``MienError`` of the kind that fits if the source, the model or an engine cannot be opened.
    """
    source = _open(str(options.source), faces, seconds)
    package = ModelPackage.load(options.model)
    engines = measure_engines(package, installed() if every_engine else [options.engine])
    return {"engines": engines, "end_to_end": measure_end_to_end(options, source, follow)}


def _open(spec: str, faces: int, seconds: float | None) -> Source:
    """``synthetic`` with so many drawn ``faces``, or what ``spec`` names; over and over for ``seconds``, if given."""
    source = SyntheticSource(width=_WIDTH, height=_HEIGHT, faces=faces) if spec == "synthetic" else open_source(spec)
    return source if seconds is None else Loop(source, seconds)


def measure_engines(package: ModelPackage, names: Sequence[EngineName]) -> list[Report]:
    """Of each engine the time of a batch, in milliseconds, and the faces a second, over several batch sizes."""
    reports = []
    for name in names:
        with open_engine(package, name) as engine:
            batches = {str(size): _time_batch(engine, package, size) for size in BATCHES}
            about = {"engine": engine.name, "device": engine.device, "precision": engine.precision}
            reports.append({**about, "batch": batches})
    return reports


def _time_batch(engine: Engine, package: ModelPackage, size: int) -> dict[str, float | None]:
    card = package.card
    shape = (size, card.channels, card.size, card.size)
    faces = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    for _ in range(_WARM_UP_RUNS):
        engine.embed(faces)
    times: list[float] = []
    while sum(times) < _SECONDS_A_BATCH:
        began = time.perf_counter()
        engine.embed(faces)
        times.append(time.perf_counter() - began)
    p50, p99 = np.percentile(times, [50, 99])
    return {
        "p50_ms": _round(p50 * 1000),
        "p99_ms": _round(p99 * 1000),
        "faces_per_s": _round(size * len(times) / sum(times)),
    }


def measure_end_to_end(options: Options, source: Source, follow: Follow) -> Report:
    """Read ``source`` to its end without writing anything: rate, latency, stages and memory."""
    memory = _Memory()
    with open_pipeline(options, source=source) as pipeline:
        faces = 0
        for frames, (_, reading) in enumerate(follow(pipeline, pipeline.run()), start=1):
            faces += len(reading.faces)
            if frames % 25 == 0:
                memory.look(frames)
        memory.look(0)
        return _report(pipeline, pipeline.stats.snapshot(), faces, memory)


def _report(pipeline: Pipeline, stats: Snapshot, faces: int, memory: _Memory) -> Report:
    latency = stats.latency_ms
    return {
        "source": pipeline.info.name,
        "engine": pipeline.engine,
        "detector": pipeline.detector,
        "frames": stats.frames,
        "faces_per_frame": round(faces / max(1, stats.frames), 2),
        "fps": _round(stats.mean_fps),
        "latency_ms": {"p50": _round(latency.p50), "p95": _round(latency.p95), "p99": _round(latency.p99)},
        "stages": {
            name: {"p50_ms": _round(stage.ms.p50), "p99_ms": _round(stage.ms.p99), "dropped": stage.dropped}
            for name, stage in stats.stages.items()
        },
        "peak_rss_mb": _round(memory.peak),
        "rss_growth_mb": _round(memory.last - memory.settled),
    }


def _round(value: float) -> float | None:
    """Three decimals; None, as JSON has no nan, for what was not measured."""
    return None if math.isnan(value) else round(float(value), 3)
