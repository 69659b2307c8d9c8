"""What can be marked on a time axis."""

from dataclasses import dataclass

from PySide6.QtGui import QColor


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment, shown as an upright line with a head; ``tip`` is told when the mouse rests on it."""

    time: float
    color: QColor
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, shown as an area; ``height`` is its share of the plot's, from the bottom, in 0..1."""

    start: float
    end: float
    color: QColor
    tip: str = ""
    height: float = 1.0
