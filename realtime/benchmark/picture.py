"""A picture of the engines: latency and throughput against the number of faces in a batch."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from engines.files import written_whole

_DPI = 150
_SIZE = (9.0, 3.4)  # inches: 1350x510 pixels
_INK, _QUIET, _FAINT = "#1f2937", "#6b7280", "#e5e7eb"
_COLORS = ("#1e3a5f", "#b0413e", "#3f7d58", "#b7791f", "#6b4e8e", "#2f7f8f", "#6b7280")


def draw_engines(engines: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Draw ``engines``, as a report of a benchmark has them, as a PNG 1350 pixels wide.

    On the left the median time of a batch, on the right the faces a second; both axes are logarithmic. The same figures
    give the same bytes. Raises ``ValueError`` where there is no engine, ``OutputError`` if ``path`` cannot be written.
    """
    if not engines:
        raise ValueError("draw_engines: no engines")
    with _style():
        figure = Figure(figsize=_SIZE, layout="constrained")
        latency, throughput = figure.subplots(1, 2)
        _draw(latency, "Time of a batch (ms, median)", engines, "p50_ms")
        _draw(throughput, "Faces a second", engines, "faces_per_s")
        figure.legend(
            *latency.get_legend_handles_labels(), loc="outside lower left", ncols=3, frameon=False, labelcolor=_INK
        )
        FigureCanvasAgg(figure)
        with written_whole(path) as partial:
            # The version of matplotlib in the file would make each version's a different one.
            figure.savefig(partial, format="png", dpi=_DPI, metadata={"Software": None})


@contextmanager
def _style() -> Iterator[None]:
    """What a person has set up for pictures of their own does not change this one."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({
            "font.size": 9,
            "text.parse_math": False,
            "text.color": _INK,
            "axes.edgecolor": _QUIET,
            "axes.labelcolor": _QUIET,
            "xtick.color": _QUIET,
            "ytick.color": _QUIET,
        })  # fmt: skip
        yield


def _draw(axes: Axes, title: str, engines: Sequence[Mapping[str, Any]], name: str) -> None:
    sizes = sorted({int(size) for engine in engines for size in engine["batch"]})
    for number, engine in enumerate(engines):
        points = sorted((int(size), times[name]) for size, times in engine["batch"].items())
        label = f"{engine['engine']} {engine['device']} {engine['precision']}"
        color, style = _COLORS[number % len(_COLORS)], "-" if number < len(_COLORS) else "--"
        axes.plot(*zip(*points, strict=True), style, color=color, label=label, linewidth=1.8, marker="o", markersize=3)
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
    axes.set_xlabel("faces in a batch")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axes.grid(axis="y", color=_FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(length=0)
