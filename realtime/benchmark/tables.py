"""The figures of a benchmark, for a person."""

from collections.abc import Mapping, Sequence
from typing import Any

from realtime.benchmark.compare import Comparison
from realtime.console import figure, print_table, result


def print_benchmark(document: Mapping[str, Any]) -> None:
    """What :func:`realtime.benchmark.measure` found."""
    machine = document["machine"]
    result(f"{machine['processor']}, {figure(machine['usable_threads'])} threads; load before: {machine['load']}")
    for run in (document["end_to_end"], *document["further_runs"]):
        result("")
        _print_run(run)
    result("")
    rows = [
        (f"{engine['engine']} {engine['device']} {engine['precision']}", size, *(figure(v) for v in times.values()))
        for engine in document["engines"]
        for size, times in engine["batch"].items()
    ]
    print_table("Engines", ("engine", "faces", "p50 ms", "p99 ms", "faces/s"), rows)
    for name, reason in document["unavailable"].items():
        result(f"{name}: {reason}")


def print_comparison(comparison: Comparison) -> None:
    """What :func:`realtime.benchmark.compare.compare` found."""
    for note in comparison.notes:
        result(note)
    titles = list(dict.fromkeys(change.title for change in comparison.changes))
    for title in titles:
        result("")
        rows: list[tuple[str, ...]] = [
            (change.figure, figure(change.before), figure(change.after), f"{change.ratio:.2f}", change.words)
            for change in comparison.changes
            if change.title == title
        ]
        print_table(title, ("", "A", "B", "B/A", ""), rows)


def _print_run(run: Mapping[str, Any]) -> None:
    live = ", in real time" if run["live"] else ""
    title = f"{run['source']}, {run['width']}x{run['height']}{live}: {run['engine']}, detector {run['detector']}"
    rows: list[tuple[str, ...]] = [
        (name, *_figures(stage, ("p50_ms", "p99_ms", "alone_ms")), str(stage["dropped"]))
        for name, stage in run["stages"].items()
    ]
    rows.append(("capture to reading", *_figures(run["latency_ms"], ("p50", "p99")), "", ""))
    print_table(title, ("", "p50 ms", "p99 ms", "alone ms", "dropped"), rows)
    result(
        f"{run['frames']} frames, {figure(run['fps'])} a second, {run['faces_per_frame']} faces a frame; "
        f"latency p95 {figure(run['latency_ms']['p95'])} ms"
    )
    if "efficiency" in run:
        result(f"{run['efficiency']:.0%} of what the slowest stage, {run['slowest_stage']}, allows alone")
    grown = "" if run["rss_growth_mb"] is None else f", {run['rss_growth_mb']:+.1f} MB since the first hundred frames"
    result(f"memory at most {run['peak_rss_mb']:.0f} MB{grown}")
    for name, joules in run["energy_j"].items():
        if joules is not None and run["frames"]:
            result(f"{name} {joules / run['frames']:.3g} J a frame")


def _figures(figures: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    return [figure(figures.get(name)) for name in names]
