"""Video files, with the times that they were recorded with."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import av.logging
import numpy as np
from av.stream import Disposition
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from engines.errors import SourceError
from realtime.records import Frame
from realtime.sources.base import Closable, SourceInfo

av.logging.set_level(None)  # FFmpeg writes nothing of its own to the terminal

_MISSING_TAIL_S = 0.25
"""A file that ends this much earlier than it announces is cut off; the last frame's length alone may be unknown."""

_ANNOUNCING = frozenset({"mov", "matroska", "flv", "avi"})
"""Formats that say how long they are. The others (transport streams, raw streams) may be cut anywhere."""

_NOT_VIDEO = frozenset({"tty"})
"""FFmpeg would draw a text file's letters."""


class VideoSource(Closable):
    """The frames of the first video stream of a file, turned upright as its metadata say.

    ``Frame.time`` is the presentation timestamp in seconds on the file's own clock, which may start anywhere. Packets
    that cannot be decoded are skipped and counted in ``damaged``. A file that ends before it should gives all its
    readable frames first and then raises ``SourceError``. The file is open only while it is iterated. Runs no thread.
    """

    def __init__(self, path: Path | str) -> None:
        super().__init__()
        self.path = Path(path)
        self.damaged = 0
        self._torn = False
        with self._opened() as (container, stream):
            first = next(self._decoded(container, stream), None)
            if first is None:
                raise SourceError(f"{self.path} holds no readable picture: it is cut off or damaged, copy it again")
            turned = _quarter_turns(first) % 2 == 1
            self._size = (first.width, first.height)
            rate = stream.average_rate or stream.guessed_rate
            self._info = SourceInfo(
                name=self.path.name,
                live=False,
                width=first.height if turned else first.width,
                height=first.width if turned else first.height,
                frames=stream.frames or None,
                fps=float(rate) if rate else None,
                duration=_duration(container, stream),
            )

    @property
    def info(self) -> SourceInfo:
        return self._info

    def __iter__(self) -> Iterator[Frame]:
        self._expect_open(str(self.path))
        self.damaged = 0
        step = 1.0 / (self._info.fps or 25.0)  # for the rare frame without a timestamp or a length
        with self._opened() as (container, stream):
            time, reached = -math.inf, 0.0
            convert = VideoReformatter()  # one for all: to make it takes half as long as to use it
            for index, picture in enumerate(self._decoded(container, stream)):
                if self._closed.is_set():
                    return
                time = max(time, reached if picture.time is None else picture.time)
                reached = time + _seconds(picture.duration, picture.time_base, step)
                yield Frame(self._upright(picture, convert), index, time)
            self._expect_whole(reached, _announced_end(container, stream), container.format.name)

    @contextmanager
    def _opened(self) -> Iterator[tuple[av.container.InputContainer, av.VideoStream]]:
        try:
            # Only files: a playlist must not make this program fetch what it names.
            container = av.open(
                str(self.path.absolute()), metadata_errors="replace", options={"protocol_whitelist": "file"}
            )
        except (av.error.FFmpegError, OSError) as error:
            raise SourceError(_why_not(self.path, error)) from error
        with container:
            streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
            if not streams or container.format.name in _NOT_VIDEO:
                raise SourceError(f"{self.path} has no video in it: give a video, a picture or a folder of pictures")
            # One frame after the other: measured as fast as FFmpeg's own threads, and it keeps the other cores free.
            streams[0].thread_type = "NONE"
            yield container, streams[0]

    def _decoded(self, container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.VideoFrame]:
        """What can be decoded; afterwards ``_torn`` says whether the file ended within a packet."""
        self._torn = False
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
            except av.error.FFmpegError:
                self.damaged += 1
                self._torn = True
                return
            if packet is None:
                return
            if packet.size:  # the empty one after the last only flushes the decoder
                self._torn = packet.is_corrupt
            try:
                pictures = packet.decode()
            except av.error.FFmpegError:
                self.damaged += 1
                continue
            yield from pictures

    def _upright(self, picture: av.VideoFrame, convert: VideoReformatter) -> NDArray[np.uint8]:
        width, height = self._size  # a stream that changes its size is scaled to what was announced
        image = convert.reformat(picture, width, height, "rgb24", threads=1).to_ndarray()
        if picture.format.name == "rgb24":
            image = image.copy()  # it was not converted, and is still the decoder's own memory
        return np.ascontiguousarray(np.rot90(image, _quarter_turns(picture)), dtype=np.uint8)

    def _expect_whole(self, reached: float, announced: float | None, kind: str) -> None:
        if _ANNOUNCING.isdisjoint(kind.split(",")):
            return
        short = announced is not None and reached < announced - _MISSING_TAIL_S
        if self._torn or short:
            of = "" if announced is None else f" of {announced:.1f} s"
            raise SourceError(f"{self.path} ends at {reached:.1f} s{of}: the file is cut off or damaged, copy it again")


def _seconds(ticks: int, time_base: Fraction | None, otherwise: float) -> float:
    return float(ticks * time_base) if ticks and time_base else otherwise


def _quarter_turns(picture: av.VideoFrame) -> int:
    """Turns to the left that put ``picture`` upright."""
    return round(picture.rotation / 90)


def _why_not(path: Path, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{path} does not exist: check the name"
    if isinstance(error, IsADirectoryError):
        return f"{path} is a folder: give a video file"
    if isinstance(error, OSError):
        return f"{path} cannot be read ({error.strerror}): check its permissions"
    if path.stat().st_size == 0:
        return f"{path} is empty: copy it again"
    return f"{path} cannot be read as a video: it is of another kind, cut off or damaged"


def _announced_end(container: av.container.InputContainer, stream: av.VideoStream) -> float | None:
    """When the last frame should end, in the file's own seconds, as far as the file says.

    Where only the whole file's duration is known, it speaks of the video only if there is no sound that may be longer.
    """
    if stream.duration is not None and stream.time_base is not None:
        # Only here is the duration known to be counted from the first frame on; elsewhere it may be from 0.
        start = stream.start_time or 0 if "mov" in container.format.name.split(",") else 0
        return float((start + stream.duration) * stream.time_base)
    tag = stream.metadata.get("DURATION")
    if tag is not None:
        return _clock_seconds(tag)
    if container.duration is not None and len(container.streams) == 1:
        return container.duration / av.time_base
    return None


def _duration(container: av.container.InputContainer, stream: av.VideoStream) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return None if container.duration is None else container.duration / av.time_base


def _clock_seconds(tag: str) -> float | None:
    """Seconds of a Matroska ``hh:mm:ss.fraction``; None where it is something else."""
    try:
        hours, minutes, seconds = tag.split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    except ValueError:
        return None
