"""Pictures of a training run: how it went, and what it takes for what."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from realtime.palette import colors
from realtime.plots import COLORS, INK, QUIET, bare, plot_style, write_plot

_WIDTH = 6.0  # inches: 900 pixels
_SHARES = LinearSegmentedColormap.from_list("shares", ["#ffffff", "#c9d9ea", "#6f9bc4", "#2b5f93", "#12304f"])
# Line ends nearer to each other than this share of the axis would write over each other.
_LABEL_GAP = 0.075


def draw_curves(log: list[dict[str, Any]], path: Path) -> None:
    """Draw how a run went as a PNG 1350 pixels wide: losses on the left, accuracy and mean recall on the right.

    ``log`` has a line an epoch: ``epoch``, ``loss`` and ``held_out_nll`` in nats, ``held_out_accuracy`` and
    ``held_out_macro_recall`` in 0..1 (nan where there is none). The same log gives the same bytes. Raises
    ``ValueError`` for an empty log and ``OutputError`` if ``path`` cannot be written.
    """
    if not log:
        raise ValueError("draw_curves: no epochs")
    with plot_style():
        figure = Figure(figsize=(1.5 * _WIDTH, 3.0), layout="constrained")
        losses, shares = figure.subplots(1, 2)
        epochs = [int(line["epoch"]) for line in log]
        _draw_lines(losses, "Loss (nats)", epochs, {
            "training": _column(log, "loss"),
            "held out": _column(log, "held_out_nll"),
        })  # fmt: skip
        _draw_lines(shares, "On held-out faces", epochs, {
            "accuracy": _column(log, "held_out_accuracy"),
            "mean recall": _column(log, "held_out_macro_recall"),
        }, per_cent=True)  # fmt: skip
        write_plot(figure, path)


def draw_confusion(confusion: NDArray[np.int64], classes: Sequence[str], path: Path, *, title: str) -> None:
    """Draw ``confusion`` int64 ``[K, K]``, the truth in rows, as a PNG 900 pixels wide.

    Each cell says what per cent of its row it holds; beside each row stands its count of faces. The same figures give
    the same bytes. Raises ``ValueError`` if there is not a name for each class, and ``OutputError`` if ``path`` cannot
    be written.
    """
    count = len(classes)
    if confusion.shape != (count, count):
        raise ValueError(f"draw_confusion: expected shape [{count}, {count}], got {list(confusion.shape)}")
    totals = confusion.sum(axis=1)
    shares = np.full(confusion.shape, np.nan)
    np.divide(confusion, totals[:, None], out=shares, where=totals[:, None] > 0)
    with plot_style():
        figure = Figure(figsize=(_WIDTH, 1.7 + 0.46 * min(count, 8) + 0.3 * max(0, count - 8)), layout="constrained")
        axes = figure.subplots()
        axes.imshow(shares, cmap=_SHARES, vmin=0, vmax=1, aspect="auto")
        _write_cells(axes, confusion, shares)
        _name_classes(axes, classes, totals)
        figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold", color=INK)
        write_plot(figure, path)


def _column(log: list[dict[str, Any]], name: str) -> NDArray[np.float64]:
    return np.array([line[name] for line in log], np.float64)


def _draw_lines(
    axes: Axes, title: str, epochs: list[int], lines: dict[str, NDArray[np.float64]], *, per_cent: bool = False
) -> None:
    for values, color in zip(lines.values(), COLORS, strict=False):
        axes.plot(epochs, values, color=color, linewidth=1.8, solid_capstyle="round")
    bare(axes, title)
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True, min_n_ticks=1))
    if per_cent:
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=None))
    _label_ends(axes, epochs, lines, per_cent)


def _label_ends(axes: Axes, epochs: list[int], lines: dict[str, NDArray[np.float64]], per_cent: bool) -> None:
    """Write its name and last figure at the end of each line that has any."""
    low, high = axes.get_ylim()
    ends = []
    for (name, values), color in zip(lines.items(), COLORS, strict=False):
        known = np.flatnonzero(np.isfinite(values))
        if len(known):
            ends.append((float(values[known[-1]]), epochs[known[-1]], name, color))
    ends.sort()
    heights = _spread([(value - low) / (high - low) for value, *_ in ends])
    for (value, epoch, name, color), height in zip(ends, heights, strict=True):
        axes.plot(epoch, value, "o", color=color, markersize=4.5)
        text = f"{name} {value:.1%}" if per_cent else f"{name} {value:.2f}"
        axes.text(1.02, height, text, transform=axes.transAxes, color=color, va="center")


def _spread(heights: list[float]) -> list[float]:
    """Two heights, rising, moved apart as far as labels need."""
    if len(heights) == 2 and heights[1] - heights[0] < _LABEL_GAP:
        middle = sum(heights) / 2
        return [middle - _LABEL_GAP / 2, middle + _LABEL_GAP / 2]
    return heights


def _write_cells(axes: Axes, confusion: NDArray[np.int64], shares: NDArray[np.float64]) -> None:
    size = 9 if len(confusion) <= 10 else 6.5
    for (row, column), share in np.ndenumerate(shares):
        right = row == column
        color = "white" if share > 0.45 else INK if share >= 0.005 else QUIET
        axes.text(column, row, _cell(share), ha="center", va="center", fontsize=size, color=color,
                  fontweight="bold" if right else "normal")  # fmt: skip


def _cell(share: float) -> str:
    if np.isnan(share):
        return "–"  # noqa: RUF001
    if share == 0:
        return ""
    return "<1" if share < 0.005 else f"{100 * share:.0f}"


def _name_classes(axes: Axes, classes: Sequence[str], totals: NDArray[np.int64]) -> None:
    places = np.arange(len(classes))
    axes.set_xticks(places, classes, rotation=35, ha="left", rotation_mode="anchor")
    axes.set_yticks(places, classes)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("read as (% of the row)")
    axes.set_ylabel("truth")
    axes.tick_params(length=0, labelcolor=INK, pad=11)
    axes.spines[:].set_visible(False)
    axes.set_xticks(places[:-1] + 0.5, minor=True)
    axes.set_yticks(places[:-1] + 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=1.5)
    axes.tick_params(which="minor", length=0)
    for place, color, total in zip(places, colors(classes), totals, strict=True):
        swatch = (place + 0.5) / len(classes)
        face = tuple(part / 255 for part in color)
        for corner, width, height in (
            ((-0.017, 1 - swatch - 0.3 / len(classes)), 0.011, 0.6 / len(classes)),
            ((swatch - 0.3 / len(classes), 1.012), 0.6 / len(classes), 0.014),
        ):
            axes.add_patch(Rectangle(corner, width, height, transform=axes.transAxes, color=face, clip_on=False, lw=0))
        axes.text(1.02, 1 - swatch, f"{total:,}", transform=axes.transAxes, va="center", color=QUIET)
    axes.text(1.02, 1.02, "faces", transform=axes.transAxes, va="bottom", color=QUIET)
