"""What the window shows of one frame, made ready away from the Qt thread: the picture at its size on screen and, per
face, where it is and what to call it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage

from gui import theme
from gui.language import class_name, tr
from realtime.neutral import NeutralState
from realtime.palette import UNSURE_ABOVE, colors
from realtime.records import Face, Frame, Reading


@dataclass(frozen=True, slots=True)
class ShownFace:
    """One face as the window shows it.

    ``box`` is in shares of the picture as shown (mirrored or not). ``name`` is what the leading class is called
    in the user's language, or "unsure" where the reading is too uncertain to name one, and ``color`` goes with it;
    ``percent`` is that of the leading class, whose place among the classes is ``best``. ``neutral`` says whether it is
    read against its own. ``called`` is how the face itself is spoken of, where it has a name.
    """

    face_id: int
    box: QRectF
    name: str
    percent: int
    unsure: bool
    color: QColor
    best: int
    probabilities: tuple[float, ...]
    uncertainty: float
    neutral: NeutralState = NeutralState.NONE
    called: str = ""

    @property
    def label(self) -> str:
        """The few words beside the face."""
        return self.name if self.unsure else f"{self.name} {self.percent} %"


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture, its faces in the order of their ids, and the classes that were looked for.

    ``captured`` is when a live picture was captured (``time.monotonic()``), None for others.
    """

    image: QImage
    classes: tuple[str, ...]
    colors: tuple[QColor, ...]
    faces: tuple[ShownFace, ...]
    pixels: NDArray[np.uint8] = field(repr=False)
    """The memory that ``image`` points into."""
    captured: float | None = None

    def face(self, face_id: int | None) -> ShownFace | None:
        """The face with this id, if it is in the picture."""
        return next((face for face in self.faces if face.face_id == face_id), None)


def fitted(width: int, height: int, within: tuple[int, int]) -> tuple[int, int]:
    """The largest size with the shape of ``width`` x ``height`` that fits ``within``, at least 1 x 1."""
    scale = min(within[0] / width, within[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _none_taken(_face_id: int) -> NeutralState:
    return NeutralState.NONE


def compose(
    frame: Frame,
    reading: Reading,
    *,
    mirrored: bool,
    within: tuple[int, int],
    captured: float | None = None,
    neutral: Callable[[int], NeutralState] = _none_taken,
) -> Scene:
    """Make ``frame`` and its ``reading`` ready for a view of ``within`` device pixels (width, height).

    ``neutral`` tells how it stands with a face's own neutral, by the face's id.
    """
    height, width = frame.image.shape[:2]
    pixels = _pixels(frame.image, fitted(width, height, within), mirrored=mirrored)
    rows, columns = pixels.shape[:2]
    image = QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGB32)
    paint = tuple(QColor(*rgb) for rgb in colors(reading.classes))
    faces = sorted(reading.faces, key=lambda face: face.face_id)
    ordered = tuple(
        replace(_shown(face, reading, paint, (width, height), mirrored=mirrored), neutral=neutral(face.face_id))
        for face in faces
    )
    return Scene(image, reading.classes, paint, ordered, pixels, captured)


def _pixels(image: NDArray[np.uint8], size: tuple[int, int], *, mirrored: bool) -> NDArray[np.uint8]:
    """``image`` at ``size`` (width, height) as uint8 ``[H, W, 4]`` in the order of Qt's RGB32."""
    import cv2  # noqa: PLC0415 - slow to load: not before the window is on the screen

    # Averaging over areas would shrink more finely, at ten times the cost for a size between 1/2 and 1.
    scaled = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)
    pixels = cv2.cvtColor(scaled, cv2.COLOR_RGB2BGRA)
    return np.asarray(cv2.flip(pixels, 1) if mirrored else pixels, dtype=np.uint8)


def _shown(
    face: Face, reading: Reading, paint: tuple[QColor, ...], size: tuple[int, int], *, mirrored: bool
) -> ShownFace:
    x, y, w, h = (float(value) for value in face.box / np.tile(size, 2))
    unsure = face.uncertainty > UNSURE_ABOVE
    return ShownFace(
        face_id=face.face_id,
        box=QRectF(1 - x - w if mirrored else x, y, w, h),
        name=tr("unsure") if unsure else class_name(reading.label(face)),
        percent=round(100 * face.confidence),
        unsure=unsure,
        color=theme.look().unsure if unsure else paint[face.best],
        best=face.best,
        probabilities=tuple(float(p) for p in face.probabilities),
        uncertainty=face.uncertainty,
    )
