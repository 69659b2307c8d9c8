"""Measures the engines of this machine against each other, at once or in the background."""

import atexit
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

import numpy as np

from engines import machine, registry
from engines.base import Engine, EngineName
from engines.choice import Measured, remember
from engines.errors import MienError
from engines.package import ModelPackage
from engines.registry import Notice, in_silence

SIZES = (1, 4, 12)
"""Numbers of faces: one alone, a few, a group."""
_SECONDS_A_SIZE = 0.1
"""For each engine, so that one should need about a second with its opening."""
_WARM_UPS = 2
_RUNS = range(4, 40)
"""How often an engine runs each size: at least, and less than."""
_PAUSE_SECONDS = 5.0
"""Before the background measures: until then a camera has opened and its first readings are shown."""
_BUSY = 0.25
"""Share of all processor time that goes to other work from which figures say more of that than of the engines.

Engines that share a batch among threads suffer most: on two busy cores OpenVINO took ten times as long as alone.
"""
_LAST_WAIT_SECONDS = 10.0
"""For a call of native code that is under way when the program ends."""

Going = Callable[[], bool]


def measure(
    package: ModelPackage, *, every: bool = False, going: Going = lambda: True, notice: Notice = in_silence
) -> tuple[Measured, ...]:
    """Measure the installed engines on ``package``, ``every`` one or those that load quickly, and remember.

    They run in turn, so that what else the machine does meanwhile falls on all alike; where that is much, nothing is
    remembered, nor is there a cost to choose by. Returns nothing if ``going`` says no before the end. ``notice`` is
    told of an engine that has to be built first.
    """
    failed: list[Measured] = []
    engines: dict[EngineName, Engine] = {}
    with ExitStack() as opened:
        for entry in registry.ENTRIES:
            if entry.installed and (every or not entry.slow) and going():
                try:
                    engines[entry.name] = opened.enter_context(entry.open(package, notice))
                except MienError as error:
                    failed.append(Measured(entry.name, failure=str(error)))
        load = machine.Load()
        measured = _times(list(engines.values()), package, going)
        busy = load.of_others() > _BUSY
        if not going():
            return ()
        found = tuple(
            _figures(name, engine, times, busy=busy)
            for (name, engine), times in zip(engines.items(), measured, strict=True)
        )
    if found and not busy:
        remember(package, (*found, *failed))
    return (*found, *failed)


def _figures(name: EngineName, engine: Engine, times: dict[int, list[float]], *, busy: bool) -> Measured:
    return Measured(
        name,
        engine.device,
        engine.precision,
        {size: float(np.median(taken)) for size, taken in times.items()},
        None if busy else {size: min(taken) for size, taken in times.items()},
        (*engine.notes, "measured beside other work, so auto does not go by it") if busy else engine.notes,
    )


def _times(engines: Sequence[Engine], package: ModelPackage, going: Going) -> list[dict[int, list[float]]]:
    """Of each engine the times of each of ``SIZES``, in milliseconds."""
    card = package.card
    times: list[dict[int, list[float]]] = [{size: [] for size in SIZES} for _ in engines]
    for size in SIZES:
        faces = np.random.default_rng(0).integers(0, 256, (size, card.channels, card.size, card.size), np.uint8)
        until = time.perf_counter() + _SECONDS_A_SIZE * len(engines)
        for run in range(-_WARM_UPS, _RUNS.stop - 1):
            if not going() or (run >= _RUNS.start and time.perf_counter() > until):
                break
            for engine, taken in zip(engines, times, strict=True):
                began = time.perf_counter()
                engine.embed(faces)
                if run >= 0:
                    taken[size].append((time.perf_counter() - began) * 1000)
    return times


_asked: set[str] = set()


def measure_later(package: ModelPackage) -> None:
    """Measure in a thread of its own some seconds from now, once in a program; the end of the program ends it."""
    if package.card.encoder_sha256 in _asked:
        return
    _asked.add(package.card.encoder_sha256)
    ended = threading.Event()

    def work() -> None:
        if not ended.wait(_PAUSE_SECONDS):
            measure(package, going=lambda: not ended.is_set())

    # Python would wait for a thread that is no daemon before it calls what ends this one.
    thread = threading.Thread(target=work, name="mien-measure-engines", daemon=True)

    def stop() -> None:
        ended.set()
        thread.join(_LAST_WAIT_SECONDS)

    atexit.register(stop)
    thread.start()
