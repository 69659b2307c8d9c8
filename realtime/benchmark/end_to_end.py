"""The whole path of a frame: rate, latency, the time of each stage with the others and alone, memory and energy."""

import math
import statistics
from dataclasses import dataclass, field
from typing import Any, Protocol

import psutil

from realtime.benchmark.energy import EnergyMeter
from realtime.benchmark.rounding import rounded
from realtime.benchmark.sources import OneByOne
from realtime.opening import open_pipeline
from realtime.options import Options
from realtime.pipeline import Follow, Pipeline
from realtime.records import Reading
from realtime.sources import Source

_ALONE_SECONDS = 10.0
"""How long the stages are measured alone, of a source that is read over and over."""
_SETTLING_FRAMES = 100
"""Frames after which memory is taken as settled: models are warm, queues and buffers filled."""
_LOOK_EVERY = 25
"""Frames between two looks at the memory."""


class Opener(Protocol):
    """Opens a source; one that is read over and over, for ``at_most`` so many seconds."""

    def __call__(self, at_most: float = math.inf) -> Source: ...


@dataclass(slots=True)
class _Tally:
    """What a run has come to: frames, faces, resident memory in MB."""

    frames: int = 0
    faces: int = 0
    settled: float = math.nan
    memory: float = 0.0
    peak: float = 0.0
    _process: psutil.Process = field(default_factory=psutil.Process)

    def add(self, reading: Reading) -> None:
        self.frames += 1
        self.faces += len(reading.faces)
        if self.frames % _LOOK_EVERY == 0:
            self.look()

    def look(self) -> None:
        self.memory = self._process.memory_info().rss / 1e6
        self.peak = max(self.peak, self.memory)
        if self.frames == _SETTLING_FRAMES:
            self.settled = self.memory

    def report(self) -> dict[str, Any]:
        return {
            "frames": self.frames,
            "faces_per_frame": round(self.faces / max(1, self.frames), 2),
            "peak_rss_mb": rounded(self.peak),
            "rss_growth_mb": rounded(self.memory - self.settled),
        }


def measure_end_to_end(options: Options, opener: Opener, follow: Follow) -> dict[str, Any]:
    """Read the source that ``opener`` opens to its end without writing anything.

    A source that is not live is then read once more, one frame at a time, for what each stage takes alone.
    """
    tally = _Tally()
    with open_pipeline(options, source=opener()) as pipeline:
        energy = EnergyMeter()
        for _, reading in follow(pipeline, pipeline.run()):
            tally.add(reading)
        spent = energy.spent()
        tally.look()
    report = {
        **_about(pipeline),
        **tally.report(),
        **_times(pipeline),
        "energy_j": {name: rounded(joules) for name, joules in spent.items()},
    }
    if not pipeline.info.live:
        _add_alone(report, measure_alone(options, opener, follow))
    return report


def measure_alone(options: Options, opener: Opener, follow: Follow) -> dict[str, float]:
    """What each stage takes of a frame in the mean, in milliseconds, where it has the machine for itself."""
    source = OneByOne(opener(_ALONE_SECONDS))
    with open_pipeline(options, source=source) as pipeline:
        for _ in follow(pipeline, pipeline.run()):
            source.go_on()
        stages = pipeline.stats.snapshot().stages
    means = {name: stage.mean_ms for name, stage in stages.items()}
    if source.seconds:
        means["capture"] = 1000 * statistics.fmean(source.seconds)  # the pipeline's own has the waiting in it
    return means


def _about(pipeline: Pipeline) -> dict[str, Any]:
    info = pipeline.info
    return {
        "source": info.name,
        "width": info.width,
        "height": info.height,
        "live": info.live,
        "engine": pipeline.engine,
        "detector": pipeline.detector,
    }


def _times(pipeline: Pipeline) -> dict[str, Any]:
    stats = pipeline.stats.snapshot()
    latency = stats.latency_ms
    return {
        "fps": rounded(stats.mean_fps),
        "latency_ms": {"p50": rounded(latency.p50), "p95": rounded(latency.p95), "p99": rounded(latency.p99)},
        "stages": {
            name: {"p50_ms": rounded(stage.ms.p50), "p99_ms": rounded(stage.ms.p99), "dropped": stage.dropped}
            for name, stage in stats.stages.items()
        },
    }


def _add_alone(report: dict[str, Any], alone: dict[str, float]) -> None:
    """Say of each stage what it takes alone, and how near the whole comes to what the slowest alone would allow."""
    for name, stage in report["stages"].items():
        stage["alone_ms"] = rounded(alone.get(name, math.nan))
    if alone:
        slowest = max(alone, key=lambda name: alone[name])
        report["slowest_stage"] = slowest
        report["efficiency"] = rounded(report["fps"] * alone[slowest] / 1000)
