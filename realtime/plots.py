"""How plots of figures look, and how they are written: calm, and the same bytes for the same figures."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from engines.files import written_whole

INK, QUIET, FAINT = "#1f2937", "#6b7280", "#e5e7eb"
COLORS = ("#1e3a5f", "#b0413e", "#3f7d58", "#b7791f", "#6b4e8e", "#2f7f8f", "#6b7280")
"""Of lines, one after the other. None of the expressions' colours, which mean something else."""
_DPI = 150


@contextmanager
def plot_style() -> Iterator[None]:
    """What a person has set up for pictures of their own does not change what is drawn in the block."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({
            "font.size": 9,
            "text.parse_math": False,  # a class may be called "$"
            "text.color": INK,
            "axes.edgecolor": QUIET,
            "axes.labelcolor": QUIET,
            "xtick.color": QUIET,
            "ytick.color": QUIET,
        })  # fmt: skip
        yield


def bare(axes: Axes, title: str) -> None:
    """Title ``axes``, and leave of their frame no more than lines need."""
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
    axes.grid(axis="y", color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(length=0)


def write_plot(figure: Figure, path: Path) -> None:
    """Write ``figure`` as a PNG of 150 pixels an inch. Raises ``OutputError`` if ``path`` cannot be written."""
    FigureCanvasAgg(figure)
    with written_whole(path) as partial:
        # The version of matplotlib in the file would make each version's a different one.
        figure.savefig(partial, format="png", dpi=_DPI, metadata={"Software": None})
