"""Where in a video of one size a picture of any size is seen."""

import cv2
import numpy as np
from numpy.typing import NDArray

from realtime.records import Frame


def size_of(frame: Frame) -> tuple[int, int]:
    """Height and width in pixels of a video that begins with ``frame``: even, as encoders want them."""
    return _even(*frame.image.shape[:2])


def place(size: tuple[int, int], into: tuple[int, int]) -> tuple[int, int, int, int]:
    """Where in a video of height and width ``into`` a picture of ``size`` is seen: left, top, width, height in pixels.

    One that is odd and otherwise fits stays as it is, any other is scaled, with black beside it.
    """
    rows, columns = size
    height, width = into
    if _even(rows, columns) == into:
        return 0, 0, columns, rows
    scale = min(height / rows, width / columns)
    inner = max(1, min(width, round(columns * scale))), max(1, min(height, round(rows * scale)))
    return (width - inner[0]) // 2, (height - inner[1]) // 2, *inner


def fitted(picture: NDArray[np.uint8], into: tuple[int, int]) -> NDArray[np.uint8]:
    """``picture`` in a video of height and width ``into``, where :func:`place` says.

    The last row or column of an odd one is repeated; of what fits, nothing is copied.
    """
    rows, columns = picture.shape[:2]
    if (rows, columns) == into:
        return picture
    height, width = into
    left, top, inner_width, inner_height = place((rows, columns), into)
    if (inner_height, inner_width) == (rows, columns):
        repeated = cv2.copyMakeBorder(picture, 0, height - rows, 0, width - columns, cv2.BORDER_REPLICATE)
        return np.asarray(repeated, np.uint8)
    whole = np.zeros((height, width, 3), np.uint8)
    whole[top : top + inner_height, left : left + inner_width] = cv2.resize(
        picture, (inner_width, inner_height), interpolation=cv2.INTER_AREA
    )
    return whole


def _even(rows: int, columns: int) -> tuple[int, int]:
    return rows + rows % 2, columns + columns % 2
