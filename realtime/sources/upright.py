"""From a decoded picture to what a person sees of it: RGB, in square pixels, upright, opaque."""

import struct
from fractions import Fraction
from typing import NamedTuple

import av
import cv2
import numpy as np
from av.sidedata.sidedata import SideData, SideDataContainer
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

_PLAUSIBLE_ASPECT = 5
"""A pixel that claims to be this many times as wide as high, or as high as wide, does so by mistake."""
_SQUARE_ENOUGH = 0.005
"""Of a side: what an encoder that rounds its sizes makes of square pixels, not worth the sharpness of a picture."""

_MATRICES = frozenset({1, 4, 5, 6, 7, 9})
"""The colour matrices that can be undone, as FFmpeg numbers them."""
_HD_WIDTH, _HD_HEIGHT = 1280, 577
"""From here on a video that does not name its colour matrix has that of high definition (BT.709), as in any player."""

_GREY_IN_RANGE = np.clip(np.rint((np.arange(256) - 16) * (255 / 219)), 0, 255).astype(np.uint8)
"""Limited range spread over the full one, which FFmpeg does for colours only."""


def squared(width: int, height: int, aspect: Fraction | None) -> tuple[int, int]:
    """Width and height in square pixels of a picture whose pixels are ``aspect`` times as wide as high.

    One side grows and none shrinks. An ``aspect`` that cannot be true is taken for 1.
    """
    if aspect is None or not Fraction(1, _PLAUSIBLE_ASPECT) <= aspect <= _PLAUSIBLE_ASPECT:
        return width, height
    if abs(aspect - 1) < _SQUARE_ENOUGH:
        return width, height
    return (round(width * aspect), height) if aspect > 1 else (width, round(height / aspect))


class Turn(NamedTuple):
    """What puts a picture upright: quarter turns to the left, and then perhaps a mirror."""

    quarters: int
    mirrored: bool

    @property
    def on_its_side(self) -> bool:
        """Whether width and height change places."""
        return self.quarters % 2 == 1


class Upright:
    """Converts the pictures of one stream; for one thread.

    The colour matrix and the range are those that the picture names, or else those that players assume for its size.
    What is transparent is seen before black. Pictures of high dynamic range (PQ, HLG) keep their values as coded.
    """

    def __init__(self, size: tuple[int, int], turn: Turn) -> None:
        """``size`` is the width and height, before it is turned, that every picture is scaled to.

        ``turn`` is that of the first picture: some streams say it only there.
        """
        self._size = size
        self._turn = turn
        # One of each for all pictures: to make one takes half as long as to use it.
        self._simplify = VideoReformatter()
        self._convert = VideoReformatter()

    def see(self, picture: av.VideoFrame) -> NDArray[np.uint8]:
        """``picture`` as uint8 ``[H, W, 3]`` RGB, contiguous and not shared with the decoder."""
        self._turn = turn_of(picture) or self._turn
        image = np.rot90(self._rgb(picture), self._turn.quarters)
        return np.ascontiguousarray(image[:, ::-1] if self._turn.mirrored else image, dtype=np.uint8)

    def _rgb(self, picture: av.VideoFrame) -> NDArray[np.uint8]:
        kind = picture.format
        if kind.has_palette or any(part.is_alpha for part in kind.components):
            return _before_black(self._reformatted(picture, "rgba"))
        image = self._reformatted(picture, "rgb24")
        if kind.name == "rgb24":
            image = image.copy()  # it may not have been converted, and still be the decoder's own memory
        if kind.name.startswith("gray") and picture.color_range == ColorRange.MPEG:
            return np.asarray(_GREY_IN_RANGE[image], np.uint8)
        return image

    def _reformatted(self, picture: av.VideoFrame, kind: str) -> NDArray[np.uint8]:
        width, height = self._size
        matrix = _matrix(picture)
        plain = _plain(picture.format)
        if plain and (plain != picture.format.name or (picture.width, picture.height) != self._size):
            # From here to RGB FFmpeg has a way of its own: both steps take half as long as one from elsewhere, which
            # besides leaves all darker by 2 of 255.
            picture = self._simplify.reformat(
                picture,
                width,
                height,
                plain,
                src_colorspace=matrix,
                dst_colorspace=matrix,
                interpolation=Interpolation.BICUBIC,
                threads=1,
            )
        converted = self._convert.reformat(picture, width, height, kind, src_colorspace=matrix, threads=1)
        return np.asarray(converted.to_ndarray(), np.uint8)


def _plain(kind: av.VideoFormat) -> str | None:
    """The common format of 8 bits that is closest to ``kind``; None where ``kind`` had better be converted as it is."""
    if kind.is_rgb or len(kind.components) != 3 or kind.chroma_width(4) != 2 or kind.name.startswith("yuvj"):
        return None
    return {4: "yuv422p", 2: "yuv420p"}.get(kind.chroma_height(4))


def _matrix(picture: av.VideoFrame) -> int | None:
    """What to undo, None for what ``picture`` names itself."""
    if picture.format.is_rgb or picture.colorspace in _MATRICES:
        return None
    high = picture.width >= _HD_WIDTH or picture.height >= _HD_HEIGHT
    return Colorspace.ITU709 if high else Colorspace.ITU601


def _before_black(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """``rgba`` uint8 ``[H, W, 4]`` as it is seen before black, uint8 ``[H, W, 3]``."""
    alpha = cv2.cvtColor(rgba[:, :, 3], cv2.COLOR_GRAY2RGB)
    return np.asarray(cv2.multiply(cv2.cvtColor(rgba, cv2.COLOR_RGBA2RGB), alpha, scale=1 / 255), np.uint8)


def turn_of(picture: av.VideoFrame) -> Turn | None:
    """What puts ``picture`` upright, or None where it does not say."""
    try:
        # Not picture.side_data: the picture would hold that, and that the picture, until the garbage is collected.
        matrix = SideDataContainer(picture).get("DISPLAYMATRIX")  # type: ignore[call-arg] # its stub forgets it
    except ValueError:  # something else comes with the picture that PyAV has no name for, and then it gives nothing
        return None
    if not isinstance(matrix, SideData):
        return None
    a, b, _, c, d, *_ = struct.unpack("=9i", matrix)
    mirrored = a * d - b * c < 0
    angle = np.arctan2(b, -a if mirrored else a)
    return Turn(round(-angle / (np.pi / 2)) % 4, mirrored)
