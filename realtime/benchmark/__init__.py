"""Measures the whole path of a frame, and the engines by themselves. Needs no display and no network.

What each figure means, and how to measure: docs/performance.md.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any

from engines.base import EngineName
from engines.package import ModelPackage
from engines.quantised import QUANTISED
from engines.registry import entry_of
from engines.select import installed, open_engine
from realtime.benchmark.end_to_end import Opener, measure_end_to_end
from realtime.benchmark.engines import BATCHES, EngineOpener, Progress, measure_engines
from realtime.benchmark.machine import facts
from realtime.benchmark.sources import Loop, RealTime, Scene
from realtime.options import Options
from realtime.pipeline import Follow
from realtime.sources import Source, open_source

__all__ = ["BATCHES", "Loop", "Plan", "Report", "measure"]

SYNTHETIC = "synthetic"
_CAMERA_SECONDS = 10.0
"""How long a camera is read, which has no end of its own."""

Report = dict[str, Any]
Bar = Callable[[str], AbstractContextManager[Progress]]
"""Shows how far the part with this title is."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured.

    ``sources`` are as :func:`realtime.sources.open_source` takes them, or ``synthetic``: then a scene of each number of
    ``faces``, in pictures of ``size`` (width, height in pixels). With ``seconds`` each is read over and over for so
    long, else once. ``live`` gives the frames in real time, as a camera does. ``batches`` are the numbers of faces that
    the engine (or ``every_engine``) is given at once.
    """

    sources: tuple[str, ...] = (SYNTHETIC,)
    faces: tuple[int, ...] = (1,)
    size: tuple[int, int] = (1280, 720)
    seconds: float | None = None
    live: bool = False
    every_engine: bool = False
    batches: tuple[int, ...] = BATCHES


def measure(options: Options, plan: Plan, follow: Follow, progress: Bar) -> Report:
    """Measure what ``plan`` says with the detector, model and engine of ``options``; their source does not count.

    The whole path comes first, while the memory of the process is its own. Raises ``MienError`` of the kind that fits
    if a source, the model or an engine cannot be opened.
    """
    package = ModelPackage.load(options.model)
    machine = facts()
    first, *further = [measure_end_to_end(options, opener, follow) for opener in _openers(plan)]
    names = installed() if plan.every_engine else [options.engine]
    with progress("engines") as advance:
        engines, unavailable = measure_engines(_engines(package, names), package, plan.batches, advance)
    return {
        "machine": machine,
        "model": {"name": package.card.name, "sha256": package.card.encoder_sha256},
        "engines": engines,
        "unavailable": unavailable,
        "end_to_end": first,
        "further_runs": further,
    }


def _engines(package: ModelPackage, names: Iterable[EngineName]) -> dict[str, EngineOpener]:
    """Each engine as it is, and in each other precision that it has for ``package``."""
    openers: dict[str, EngineOpener] = {}
    for name in names:
        openers[str(name)] = partial(open_engine, package, name)
        for precision in () if name is EngineName.AUTO else entry_of(name).precisions:
            if precision != "int8" or (package.folder / QUANTISED).exists():
                openers[f"{name} {precision}"] = partial(open_engine, package, name, precision=precision)
    return openers


def _openers(plan: Plan) -> Iterator[Opener]:
    for spec in plan.sources:
        if spec == SYNTHETIC:
            yield from (partial(_open, plan, partial(Scene, *plan.size, faces)) for faces in plan.faces)
        else:
            yield partial(_open, plan, partial(open_source, spec))


def _open(plan: Plan, opener: Callable[[], Source], at_most: float = math.inf) -> Source:
    source = opener()
    seconds = plan.seconds or (_CAMERA_SECONDS if source.info.live else None)
    if seconds is not None:
        source = Loop(source, min(seconds, at_most))
    return RealTime(source) if plan.live and not source.info.live else source
