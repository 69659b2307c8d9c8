"""One colour for each expression, the same in the window, the overlay and every chart, and when none is shown.

The eight are those of Okabe and Ito ("Color Universal Design", 2008), which stay apart under every common colour
blindness, with grey for neutral in the place of black. Further names get further colours.
"""

import zlib
from collections.abc import Sequence

Color = tuple[int, int, int]
"""Red, green, blue in 0..255."""

UNSURE_ABOVE = 0.75
"""Uncertainty (0..1) beyond which a face is labelled "unsure" instead of by the class that leads."""

_EXPRESSIONS: dict[str, Color] = {
    "neutral": (187, 187, 187),
    "happiness": (240, 228, 66),
    "surprise": (230, 159, 0),
    "sadness": (0, 114, 178),
    "anger": (213, 94, 0),
    "disgust": (0, 158, 115),
    "fear": (204, 121, 167),
    "contempt": (86, 180, 233),
}
# Each as far as can be from all before it, in CIELAB, as seen with normal and with each dichromat's eyes.
_FURTHER: tuple[Color, ...] = (
    (136, 0, 255),
    (170, 255, 136),
    (221, 0, 68),
    (187, 85, 255),
    (102, 255, 255),
    (204, 170, 102),
    (153, 68, 119),
    (153, 204, 153),
)


def color(name: str) -> Color:
    """The colour of class ``name``; one that is not among the eight expressions gets one by its letters alone."""
    return _EXPRESSIONS.get(name) or _FURTHER[_slot(name)]


def colors(classes: Sequence[str]) -> tuple[Color, ...]:
    """The colours of ``classes``, in order: those of :func:`color`, but kept apart for as long as there are enough."""
    known = {name: _EXPRESSIONS[name] for name in classes if name in _EXPRESSIONS}
    free: list[Color] = []
    for name in classes:
        if name not in known:
            free = free or list(_FURTHER)
            wanted = color(name)
            known[name] = free.pop(free.index(wanted) if wanted in free else 0)
    return tuple(known[name] for name in classes)


def _slot(name: str) -> int:
    # Not hash(), which Python seeds anew in every process.
    return zlib.crc32(name.encode()) % len(_FURTHER)
