"""A small picture that a person knows an entry by: a frame with a face, about a third into it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.errors import MienError
from realtime.library.records import Entry
from realtime.sources.pictures import PICTURE_SUFFIXES, PictureSource, read_picture
from realtime.sources.quiet import hush_opencv

WIDTH, HEIGHT = 320, 180
"""Pixels into which a thumbnail fits: twice what a list shows, for screens with small pixels."""
_JPEG_QUALITY = 82
_AT = 1 / 3
"""Where a picture is taken: beginnings are empty, and ends give things away."""


def thumbnail_of(entry: Entry) -> bytes | None:
    """A JPEG of at most 320 x 180 pixels; None where no picture of the entry can be read.

    From what was read rather than from what was drawn on, where that is still there.
    """
    for path in (entry.source_file, entry.video):
        if path is not None and (picture := _picture(path, entry)) is not None:
            return _jpeg(picture)
    return None


def _picture(path: Path, entry: Entry) -> NDArray[np.uint8] | None:
    """uint8 ``[H, W, 3]`` RGB."""
    with suppress(MienError):
        if path.is_dir():
            paths = PictureSource(path).paths
            return read_picture(paths[int(len(paths) * _AT)])
        if path.suffix.lower() in PICTURE_SUFFIXES:
            return read_picture(path)
        if path.is_file():
            return next((picture for time in _moments(entry) if (picture := _frame(path, time)) is not None), None)
    return None


def _moments(entry: Entry) -> Iterator[float]:
    """When to look, in seconds from the beginning: at a face, else at a third, else at the very first frame."""
    begin = min((face.first for face in entry.faces), default=0.0)
    wanted = begin + entry.duration * _AT
    if entry.table is not None:
        from realtime.library.export import times_with_faces  # noqa: PLC0415 - pictures do without tables

        with suppress(MienError):
            times = times_with_faces(entry.table)
            if len(times):
                yield float(times[np.abs(times - wanted).argmin()])
    yield entry.duration * _AT
    yield 0.0


def _frame(path: Path, time: float) -> NDArray[np.uint8] | None:
    hush_opencv()
    video = cv2.VideoCapture(str(path))
    try:
        video.set(cv2.CAP_PROP_POS_MSEC, 1000 * time)
        there, picture = video.read()
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8) if there else None
    except cv2.error:
        return None
    finally:
        video.release()


def _jpeg(picture: NDArray[np.uint8]) -> bytes:
    height, width = picture.shape[:2]
    scale = min(1.0, WIDTH / width, HEIGHT / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    bgr = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1].tobytes()
