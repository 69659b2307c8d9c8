"""The timeline of one face, as a drawing in SVG."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from realtime.palette import colors
from realtime.report.bins import Bin

_WIDTH, _HEIGHT = 900.0, 150.0
_PLOT, _STRIP = 112.0, 118.0
"""The height of the areas, and where the strip of what is unsure begins, which is 6 high."""
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400)
_MOST_TICKS = 10
_TOUCHING_S = 1e-6


def minutes(seconds: float) -> str:
    """``seconds`` as a person says them: m:ss, or h:mm:ss."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def draw_timeline(bins: Iterable[Bin], classes: Sequence[str], first: float, last: float, title: str) -> str:
    """Stacked probabilities from ``first`` to ``last`` (seconds); where there is nothing, the face was not seen.

    ``title`` is for those who cannot see it, and must be fit for HTML.
    """
    seen = list(bins)
    span = max(last - first, max((each.end for each in seen), default=last) - first, 0.1)

    def x(time: float) -> float:
        return _WIDTH * (time - first) / span

    paint = ["#{:02x}{:02x}{:02x}".format(*color) for color in colors(classes)]
    parts = [f'<rect class="none" x="0" y="0.5" width="{_WIDTH:.0f}" height="{_PLOT - 1:.0f}"/>']
    for stretch in _stretches(seen):
        times = np.array([x(time) for each in stretch for time in (each.start, each.end)])
        values = np.repeat([each.probabilities for each in stretch], 2, axis=0)
        edges = np.concatenate([np.zeros((len(values), 1)), values.cumsum(axis=1)], axis=1).clip(0, 1)
        parts += [
            f'<path fill="{ink}" d="{_area(times, edges[:, k], edges[:, k + 1])}"/>'
            for k, ink in enumerate(paint)
            if values[:, k].max() >= 0.004
        ]
    for each in seen:
        if each.unsure > 0:
            width = max(0.6, x(each.end) - x(each.start))
            parts.append(
                f'<rect class="unsure" x="{x(each.start):.1f}" y="{_STRIP:.0f}" width="{width:.1f}" height="6" '
                f'opacity="{each.unsure:.2f}"/>'
            )
    parts += _axis(span, x, first)
    box = f"0 0 {_WIDTH:.0f} {_HEIGHT:.0f}"
    return f'<svg viewBox="{box}" role="img" aria-label="{title}"><title>{title}</title>{"".join(parts)}</svg>'


def _stretches(bins: Sequence[Bin]) -> Iterator[list[Bin]]:
    """The bins in which the face was seen without a break."""
    if not bins:
        return
    stretch = [bins[0]]
    for before, each in pairwise(bins):
        if each.start - before.end > _TOUCHING_S:
            yield stretch
            stretch = []
        stretch.append(each)
    yield stretch


def _area(times: NDArray[np.float64], below: NDArray[np.float64], above: NDArray[np.float64]) -> str:
    top = zip(times, above, strict=True)
    back = zip(times[::-1], below[::-1], strict=True)
    points = [f"{time:.1f} {_PLOT * (1 - value):.1f}" for edge in (top, back) for time, value in edge]
    return f"M{'L'.join(points)}Z"


def _axis(span: float, x: Callable[[float], float], first: float) -> Iterator[str]:
    step = next((s for s in _STEPS_S if span / s <= _MOST_TICKS), _STEPS_S[-1])
    for i in range(math.floor(span / step) + 1):
        at = x(first + i * step)
        anchor = "start" if i == 0 else "end" if at > _WIDTH - 20 else "middle"
        yield f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="{_PLOT:.0f}" y2="{_STRIP + 10:.0f}"/>'
        yield f'<text x="{at:.1f}" y="{_HEIGHT - 6:.0f}" text-anchor="{anchor}">{minutes(i * step)}</text>'
