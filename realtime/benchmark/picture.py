"""A picture of the engines: latency and throughput against the number of faces in a batch."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from realtime.plots import COLORS, INK, bare, plot_style, write_plot

_SIZE = (9.0, 3.4)  # inches: 1350x510 pixels


def draw_engines(engines: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Draw ``engines``, as a report of a benchmark has them, as a PNG 1350 pixels wide.

    On the left the median time of a batch, on the right the faces a second; both axes are logarithmic. The same figures
    give the same bytes. Raises ``ValueError`` where there is no engine, ``OutputError`` if ``path`` cannot be written.
    """
    if not engines:
        raise ValueError("draw_engines: no engines")
    with plot_style():
        figure = Figure(figsize=_SIZE, layout="constrained")
        latency, throughput = figure.subplots(1, 2)
        _draw(latency, "Time of a batch (ms, median)", engines, "p50_ms")
        _draw(throughput, "Faces a second", engines, "faces_per_s")
        figure.legend(
            *latency.get_legend_handles_labels(), loc="outside lower left", ncols=3, frameon=False, labelcolor=INK
        )
        write_plot(figure, path)


def _draw(axes: Axes, title: str, engines: Sequence[Mapping[str, Any]], name: str) -> None:
    sizes = sorted({int(size) for engine in engines for size in engine["batch"]})
    for number, engine in enumerate(engines):
        points = sorted((int(size), times[name]) for size, times in engine["batch"].items())
        label = f"{engine['engine']} {engine['device']} {engine['precision']}"
        color, style = COLORS[number % len(COLORS)], "-" if number < len(COLORS) else "--"
        axes.plot(*zip(*points, strict=True), style, color=color, label=label, linewidth=1.8, marker="o", markersize=3)
    bare(axes, title)
    axes.set_xlabel("faces in a batch")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
