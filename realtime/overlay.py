"""Draws a reading onto the picture that it was read from: per face a box, a label and a bar for each class."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray

from realtime.palette import UNSURE_ABOVE, Color, colors
from realtime.records import Face, Reading

MOST_PANELS = 3
"""Faces that get bars when there are many: the largest."""
MOST_BARS = 10
"""Bars of one face; of more classes only the likeliest are shown."""

_INK: Color = (255, 255, 255)
_DIM: Color = (190, 190, 194)
_SHADE: Color = (18, 18, 22)
_SHADE_OPACITY = 0.78
_WEIGHT = 500
_NO_WRAP = (-(1 << 15), 1 << 15)
_SUBPIXEL_BITS = 4
_ARC = np.stack([np.cos(t := np.linspace(0, np.pi / 2, 6)), np.sin(t)], axis=1) - 1
_ROUND = np.concatenate([_ARC, _ARC[::-1] * (-1, 1), _ARC * (-1, -1), _ARC[::-1] * (1, -1)])
"""The round corners of a rectangle, right and bottom first and then clockwise: from where its sides would meet, in
shares of the radius."""
_SHARP = np.repeat([(1, 1), (0, 1), (0, 0), (1, 0)], len(_ARC), axis=0)
"""Those corners, in shares of its width and height from its left and top."""

_font = cv2.FontFace("sans")
# A weight is set on the font itself before the text is drawn, so two threads may not draw at once.
_font_lock = Lock()

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Rect:
    """Pixels: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    def meets(self, other: "_Rect") -> bool:
        return (
            self.x < other.x + other.w
            and other.x < self.x + self.w
            and self.y < other.y + other.h
            and other.y < self.y + self.h
        )

    def inside(self, width: int, height: int) -> "_Rect":
        """The same, moved into a picture of this size (against its left and top edge if it is larger)."""
        return _Rect(max(0, min(self.x, width - self.w)), max(0, min(self.y, height - self.h)), self.w, self.h)


@dataclass(frozen=True, slots=True)
class _Style:
    """Sizes in pixels, from the picture's height (or width, where that is less)."""

    text: int
    small: int
    pad: int
    line: int

    @classmethod
    def of(cls, side: int, faces: int) -> "_Style":
        # Smaller in a crowd; by the count, not by the faces' sizes, or the text would flicker as people move.
        text = max(13, round(side * (0.024 if faces <= MOST_PANELS else 0.02)))
        return cls(text=text, small=max(11, round(text * 0.8)), pad=round(text * 0.45), line=max(1, round(side / 360)))


@dataclass(frozen=True, slots=True)
class _Panel:
    """The bars of one face: where, and which classes."""

    rect: _Rect
    face: Face
    shown: tuple[int, ...]


def draw(
    image: Image,
    reading: Reading,
    *,
    out: Image | None = None,
    bars: bool = True,
    unsure_above: float = UNSURE_ABOVE,
) -> Image:
    """``image`` uint8 ``[H, W, 3]`` RGB with ``reading`` drawn on it, as a picture of the same shape.

    The result is a copy, or ``out`` (same shape, C-contiguous) if that is given; ``out=image`` draws in place. With
    ``bars`` the largest faces get a bar for each class beside them, where there is room.

    Raises ``ValueError`` if ``out`` does not fit.
    """
    picture = _canvas(image, out)
    if not reading.faces:
        return picture
    style = _Style.of(min(picture.shape[:2]), len(reading.faces))
    paint = colors(reading.classes)
    tags = [_tag(picture, face, reading, style, unsure_above) for face in reading.faces]
    for face, (_, _, sure) in zip(reading.faces, tags, strict=True):
        _draw_box(picture, face, paint[face.best] if sure else _DIM, style)
    if bars:
        for panel in _place_panels(picture, reading, [rect for rect, _, _ in tags], style):
            _draw_panel(picture, panel, reading.classes, paint, style)
    for face, (rect, text, sure) in zip(reading.faces, tags, strict=True):
        _draw_tag(picture, rect, text, paint[face.best] if sure else _DIM, style)
    return picture


def _canvas(image: Image, out: Image | None) -> Image:
    if out is None:
        return np.array(image, order="C")
    if out.shape != image.shape or out.dtype != np.uint8 or not out.flags.c_contiguous or not out.flags.writeable:
        raise ValueError(f"draw: out must be writeable, contiguous uint8 {list(image.shape)}, got {list(out.shape)}")
    if out is not image:
        np.copyto(out, image)
    return out


def _box(face: Face) -> _Rect:
    return _Rect(*(float(value) for value in face.box))


def _draw_box(picture: Image, face: Face, color: Color, style: _Style) -> None:
    box = _box(face)
    points = _rounded(box, min(box.w * 0.08, box.h * 0.08, style.text))
    # The dark rim keeps a bright line legible on a bright background.
    for ink, width in ((_SHADE, style.line + 2), (color, style.line)):
        cv2.polylines(picture, [points], True, ink, width, cv2.LINE_AA, _SUBPIXEL_BITS)


def _rounded(rect: _Rect, radius: float) -> NDArray[np.int32]:
    """The outline of ``rect`` with round corners, in cv2's fixed-point pixels."""
    points = (rect.x, rect.y) + (rect.w, rect.h) * _SHARP + radius * _ROUND
    return np.rint(points * (1 << _SUBPIXEL_BITS)).astype(np.int32)


def _tag(picture: Image, face: Face, reading: Reading, style: _Style, unsure_above: float) -> tuple[_Rect, str, bool]:
    """Where the label of a face goes, what it says, and whether that is a class."""
    sure = face.uncertainty <= unsure_above
    text = f"{reading.label(face)} {face.confidence:.0%}".replace("%", " %") if sure else "unsure"
    box = _box(face)
    width = _text_width(text, style.text) + 3 * style.pad + style.text // 2
    height = style.text + 2 * style.pad
    rect = _Rect(box.x - style.line, box.y - height - 2 * style.line, width, height)
    return rect.inside(picture.shape[1], picture.shape[0]), text, sure


def _draw_tag(picture: Image, rect: _Rect, text: str, color: Color, style: _Style) -> None:
    _shade(picture, rect, rect.h * 0.3)
    dot = style.text / 4
    middle = rect.y + rect.h / 2
    one = 1 << _SUBPIXEL_BITS
    center = (round((rect.x + style.pad + dot) * one), round(middle * one))
    cv2.circle(picture, center, round(dot * one), color, -1, cv2.LINE_AA, _SUBPIXEL_BITS)
    left = rect.x + 2 * style.pad + style.text // 2
    _write(picture, text, (left, middle + style.text * 0.35), style.text, _INK)


def _place_panels(picture: Image, reading: Reading, tags: Sequence[_Rect], style: _Style) -> list[_Panel]:
    """The bars of the largest faces, where they hide neither another face nor each other."""
    names = [_shorten(name, style) for name in reading.classes]
    width = max(_text_width(name, style.small) for name in names) + _bar_length(style) + 3 * style.pad
    height = min(len(names), MOST_BARS) * _row(style) + 2 * style.pad
    boxes = [_box(face) for face in reading.faces]
    taken = [*boxes, *tags]
    panels: list[_Panel] = []
    by_size = sorted(reading.faces, key=lambda face: -float(face.box[2] * face.box[3]))
    for face in by_size[:MOST_PANELS]:
        if face.box[3] < height / 2:
            continue
        rect = _beside(_box(face), width, height, picture, taken, alone=len(boxes) == 1, gap=2 * style.line + style.pad)
        if rect:
            taken.append(rect)
            panels.append(_Panel(rect, face, _shown(face)))
    return panels


def _beside(
    box: _Rect, width: float, height: float, picture: Image, taken: Sequence[_Rect], *, alone: bool, gap: float
) -> _Rect | None:
    """Right of the box, else left of it, else (for the only face) at the frame's edge over it, else nowhere."""
    rows, columns = picture.shape[:2]
    sides = [_Rect(box.x + box.w + gap, box.y, width, height), _Rect(box.x - gap - width, box.y, width, height)]
    for side in sides:
        moved = side.inside(columns, rows)
        if moved.x == side.x and height <= rows and not any(moved.meets(other) for other in taken):
            return moved
    fits = alone and width <= columns / 2 and height <= rows
    return sides[0].inside(columns, rows) if fits else None


def _shown(face: Face) -> tuple[int, ...]:
    """The classes to show: all in their own order, or the likeliest first when there are too many."""
    count = len(face.probabilities)
    if count <= MOST_BARS:
        return tuple(range(count))
    return tuple(int(i) for i in np.argsort(-face.probabilities, kind="stable")[:MOST_BARS])


def _draw_panel(picture: Image, panel: _Panel, classes: Sequence[str], paint: Sequence[Color], style: _Style) -> None:
    _shade(picture, panel.rect, style.pad)
    length, row = _bar_length(style), _row(style)
    right = panel.rect.x + panel.rect.w - style.pad
    thick = style.small * 0.45
    for place, i in enumerate(panel.shown):
        middle = panel.rect.y + style.pad + (place + 0.5) * row
        lead = i == panel.face.best
        name = _shorten(classes[i], style)
        left = right - length - style.pad - _text_width(name, style.small)
        _write(picture, name, (left, middle + style.small * 0.35), style.small, _INK if lead else _DIM)
        full = _Rect(right - length, middle - thick / 2, length, thick)
        filled = _Rect(full.x, full.y, length * float(panel.face.probabilities[i]), thick)
        for bar, ink in ((full, (64, 64, 70)), (filled, paint[i])):
            cv2.fillPoly(picture, [_rounded(bar, min(bar.w, bar.h) / 2)], ink, cv2.LINE_AA, _SUBPIXEL_BITS)


def _bar_length(style: _Style) -> float:
    return style.text * 5.0


def _row(style: _Style) -> float:
    return style.small * 1.3


def _shorten(name: str, style: _Style) -> str:
    """``name``, cut with an ellipsis where it would make the panel too wide."""
    limit = style.small * 9
    if _text_width(name, style.small) <= limit:
        return name
    while name and _text_width(name + "…", style.small) > limit:
        name = name[:-1]
    return name + "…"


def _shade(picture: Image, rect: _Rect, radius: float) -> None:
    """Darken ``rect``, round-cornered, so that light text on it is legible whatever is behind."""
    left, top = max(0, int(rect.x)), max(0, int(rect.y))
    region = picture[top : int(rect.y + rect.h) + 2, left : int(rect.x + rect.w) + 2]
    if not region.size:
        return
    dark = region.copy()
    cv2.fillPoly(
        dark,
        [_rounded(_Rect(rect.x - left, rect.y - top, rect.w, rect.h), radius)],
        _SHADE,
        cv2.LINE_AA,
        _SUBPIXEL_BITS,
    )
    cv2.addWeighted(dark, _SHADE_OPACITY, region, 1 - _SHADE_OPACITY, 0, dst=region)


@lru_cache(4096)  # half the time of drawing, and it is asked for the same few words in every frame
def _text_width(text: str, size: int) -> int:
    with _font_lock:
        return cv2.getTextSize((0, 0), text, (0, 0), _font, size, _WEIGHT, cv2.PUT_TEXT_ALIGN_LEFT, _NO_WRAP)[2]


def _write(picture: Image, text: str, at: tuple[float, float], size: int, color: Color) -> None:
    with _font_lock:
        org = (round(at[0]), round(at[1]))
        cv2.putText(picture, text, org, color, _font, size, _WEIGHT, cv2.PUT_TEXT_ALIGN_LEFT, _NO_WRAP)
