"""The model package: a folder with an encoder, its card and the words that its classes were described with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CropGeometry:
    """How the faces that an encoder was trained on are framed, in shares of the square crop's side.

    ``box`` is the width of the detector's (square) box; ``center_x`` and ``center_y`` are where its centre lies, from the
    left and from the top.
    """

    box: float
    center_x: float
    center_y: float
