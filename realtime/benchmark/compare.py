"""Two benchmarks against each other, as ratios."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engines.errors import ReportError

NOISE = 0.05
"""The share by which a figure may change from run to run without meaning anything."""

_FIGURE_WORDS = {
    "p50_ms": "p50 ms",
    "p99_ms": "p99 ms",
    "alone_ms": "alone, ms",
    "faces_per_s": "faces a second",
    "fps": "frames a second",
    "peak_rss_mb": "memory, MB",
    "efficiency": "share of the slowest stage",
}
_ABOUT = ("machine", "model")
_MORE_IS_BETTER = frozenset({"faces_per_s", "fps", "efficiency"})
_WORDS = {"peak_rss_mb": ("smaller", "larger"), "efficiency": ("better", "worse")}


@dataclass(frozen=True, slots=True)
class Change:
    """One figure, ``before`` and ``after``; ``title`` says of what, ``name`` is what the report calls it."""

    title: str
    figure: str
    name: str
    before: float
    after: float

    @property
    def ratio(self) -> float:
        """``after`` / ``before``."""
        return self.after / self.before

    @property
    def words(self) -> str:
        """Whether it became better or worse, or is within the noise."""
        if abs(math.log(self.ratio)) < math.log1p(NOISE):
            return "~ the same"
        better, worse = _WORDS.get(self.name, ("faster", "slower"))
        return better if (self.ratio > 1) == (self.name in _MORE_IS_BETTER) else worse


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every figure that both reports have, and ``notes`` on what else differs between them."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...]


def compare(before: Path, after: Path) -> Comparison:
    """Compare the reports in two files that ``mien benchmark --json`` wrote.

    Raises ``ReportError`` if one is damaged or something else, or if they have no figure in common.
    """
    one, other = _load(before), _load(after)
    ones, others = _all_figures(one, before), _all_figures(other, after)
    changes = tuple(
        Change(title, _words(figure), figure[-1], value, others[title, figure])
        for (title, figure), value in ones.items()
        if (title, figure) in others
    )
    if not changes:
        raise ReportError(f"{before} and {after} have no figure in common: measure the same source or engine in both.")
    return Comparison(changes, tuple(_differences(one, other)))


_Key = tuple[str, tuple[str, ...]]
"""Of what a figure is, and which one: the last part is what the report calls it."""


def _load(path: Path) -> Mapping[str, Any]:
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReportError(f"Cannot read the report {path}: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{path} is not JSON: name a file that mien benchmark --json wrote.") from error
    parts = (document, *(document.get(name, {}) for name in _ABOUT)) if isinstance(document, dict) else (document,)
    if not all(isinstance(part, dict) for part in parts):
        raise _foreign(path)
    found: Mapping[str, Any] = document
    return found


def _all_figures(document: Mapping[str, Any], path: Path) -> dict[_Key, float]:
    """Every figure that a ratio can be made of. Raises ``ReportError`` for a document of another make."""
    try:
        found = [*_engine_figures(document), *_run_figures(document)]
        return {key: float(value) for key, value in found if value is not None and 0 < value < math.inf}
    except (KeyError, TypeError, AttributeError) as error:
        raise _foreign(path) from error


def _engine_figures(document: Mapping[str, Any]) -> Iterator[tuple[_Key, Any]]:
    for engine in document["engines"]:
        title = f"{engine['engine']} {engine['device']} {engine['precision']}"
        for size, times in engine["batch"].items():
            faces = "1 face" if size == "1" else f"{size} faces"
            for name in ("p50_ms", "p99_ms", "faces_per_s"):
                yield (title, (faces, name)), times[name]


def _runs(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The runs and what each was on, by which two are known to be comparable."""
    for run in (document["end_to_end"], *document.get("further_runs", ())):
        size = f", {run['width']}x{run['height']}" if "width" in run else ""
        yield f"{run['source']}{size}{', in real time' if run.get('live') else ''}", run


def _run_figures(document: Mapping[str, Any]) -> Iterator[tuple[_Key, Any]]:
    for title, run in _runs(document):
        yield (title, ("fps",)), run["fps"]
        for name, value in run["latency_ms"].items():
            yield (title, ("latency", f"{name}_ms")), value
        for stage, times in run["stages"].items():
            for name in ("p50_ms", "p99_ms", "alone_ms"):
                yield (title, (stage, name)), times.get(name)
        for name in ("efficiency", "peak_rss_mb"):
            yield (title, (name,)), run.get(name)


def _words(figure: tuple[str, ...]) -> str:
    *of, name = figure
    return " ".join((*(f"{part}," for part in of), _FIGURE_WORDS.get(name, name.replace("_", " "))))


def _differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[str]:
    """What makes the figures of two reports tell of more than one change."""
    for name in _ABOUT:
        first, second = one.get(name, {}), other.get(name, {})
        for fact in sorted(first.keys() & second.keys() - {"load"}):
            if first[fact] != second[fact]:
                yield f"{name}, {fact}: {first[fact]} in A, {second[fact]} in B"
    runs = dict(_runs(other))
    for title, run in _runs(one):
        for fact in ("engine", "detector", "faces_per_frame"):
            if title in runs and run.get(fact) != runs[title].get(fact):
                yield f"{title}, {fact.replace('_', ' ')}: {run.get(fact)} in A, {runs[title].get(fact)} in B"


def _foreign(path: Path) -> ReportError:
    return ReportError(f"{path} is no report of a benchmark: name a file that mien benchmark --json wrote.")
