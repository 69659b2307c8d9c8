"""Pictures that a program has in memory, as a source without time."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from engines.errors import SourceError
from realtime.records import Frame
from realtime.sources.base import Closable, SourceInfo


class ArraySource(Closable):
    """The pictures of ``arrays``, each uint8 ``[H, W, 3]`` RGB, in order; nothing of them is copied or changed.

    Pictures have no time: every frame's is 0.0. Raises ``SourceError`` for none, and for an array that is no picture.
    """

    def __init__(self, arrays: Sequence[NDArray[np.uint8]]) -> None:
        super().__init__()
        self._images = [_picture(number, array) for number, array in enumerate(arrays)]
        if not self._images:
            raise SourceError("there are no pictures: give at least one")
        height, width, _ = self._images[0].shape
        self._info = SourceInfo("pictures", live=False, width=width, height=height, frames=len(arrays), still=True)

    @property
    def info(self) -> SourceInfo:
        return self._info

    def __iter__(self) -> Iterator[Frame]:
        self._expect_open("the pictures")
        for index, image in enumerate(self._images):
            if self._closed.is_set():
                return
            yield Frame(np.ascontiguousarray(image), index, 0.0)


def _picture(number: int, array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if not isinstance(array, np.ndarray):
        got = type(array).__name__
    elif array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3 or not array.size:
        got = f"{array.dtype} {list(array.shape)}"
    else:
        return array
    raise SourceError(f"picture {number} is no array uint8 [H, W, 3] (RGB) but {got}: convert it first")
