"""Video files, with the times that they were recorded with."""

import math
from bisect import insort
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
import av.logging
from av.stream import Disposition

from engines.errors import SourceError
from realtime.records import Frame
from realtime.sources.base import LONGEST_SIDE, Closable, SourceInfo
from realtime.sources.upright import Turn, Upright, squared, turn_of

av.logging.set_level(None)  # FFmpeg writes nothing of its own to the terminal

_MISSING_TAIL_S = 0.25
"""A file that ends this much earlier than it announces is cut off; the last frame's length alone may be unknown."""

_ANNOUNCING = frozenset({"mov", "matroska", "flv", "avi"})
"""Formats that say how long they are. The others (transport streams, raw streams) may be cut anywhere."""

_NOT_VIDEO = frozenset({"tty"})
"""FFmpeg would draw a text file's letters."""

_MOST_PIXELS = 8192 * 4320
"""Of a frame. A damaged header can announce pictures that fill the memory before the first is there."""
_LIMITS = {"max_pixels": str(_MOST_PIXELS)}

_WITH_ALPHA = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
"""What decodes the transparency as well, which FFmpeg's own decoders leave out."""

_GIVEN_UP = 100
"""Failures to find a packet, one right after the other, from which the rest of a file is taken for unreadable."""

_NAMED = 100
"""Damaged packets whose times are kept: there may be as many as there are packets."""

_RESTARTED_S = 1.0
"""A clock that falls by more than this was set back; one that falls by less wavers."""

_WILD_S = 60.0
"""Between when a picture is decoded and when it is shown lie some frames; more than this, and 32 frames, is damage."""

_SAME_S = 1e-6
"""Times that differ by less are one: shorter than the tick of any file, longer than what sums of seconds are off by."""


@dataclass(slots=True)
class Damage:
    """The packets of a reading that could not be decoded, or only in part.

    ``times_s`` are the first of them, in seconds of the file's clock.
    """

    packets: int = 0
    times_s: list[float] = field(default_factory=list)

    def add(self, time: float) -> None:
        self.packets += 1
        if len(self.times_s) < _NAMED:
            insort(self.times_s, round(time, 6))  # packets come in the order in which they are decoded


@dataclass(frozen=True, slots=True, eq=False)
class _Timed:
    """A decoded picture, shown from ``time`` to ``end`` (seconds of the file's clock)."""

    picture: av.VideoFrame
    time: float
    end: float


class VideoSource(Closable):
    """The frames of the first video stream of a file as a person sees them: upright, in square pixels.

    ``Frame.time`` is the presentation timestamp in seconds on the file's own clock, which may start anywhere:
    ``first_time`` is that of the first frame. Packets that cannot be decoded are skipped, and counted in ``damage`` as
    are those whose pictures the decoder could only patch. A file that ends before it should, or can be read no further,
    gives all its readable frames first and then raises ``SourceError``. The file is open only while it is iterated.
    Runs no thread.
    """

    def __init__(self, path: Path | str) -> None:
        super().__init__()
        self.path = Path(path)
        self.damage = Damage()
        self.first_time = 0.0
        self._torn = False
        self._failure = ""
        self._restarted = False
        with self._opened() as (container, stream):
            first = next(self._decoded(container, stream), None)
            if first is None:
                raise SourceError(f"{self.path} holds no readable picture: it is cut off or damaged, copy it again")
            self._size = squared(first.width, first.height, stream.sample_aspect_ratio)
            _expect_size(self.path, *self._size)
            self._turn = turn_of(first) or Turn(0, mirrored=False)
            width, height = reversed(self._size) if self._turn.on_its_side else self._size
            self.first_time = first.time or 0.0
            rate = stream.average_rate or stream.guessed_rate
            self._info = SourceInfo(
                name=self.path.name,
                live=False,
                width=width,
                height=height,
                frames=stream.frames or None,
                fps=float(rate) if rate else None,
                duration=_duration(container, stream, self.first_time),
            )

    @property
    def info(self) -> SourceInfo:
        return self._info

    def __iter__(self) -> Iterator[Frame]:
        return self.frames()

    def frames(self, start: float = 0.0) -> Iterator[Frame]:
        """The frames from the first one at ``start`` or after it, in seconds from the file's first frame.

        Where there is none so late, the last one. ``Frame.time`` is what it is in a reading of the whole;
        ``Frame.index`` counts the frames of this reading, from 0 wherever it starts, and ``damage`` the packets that it
        met. What lies between is not read: a seek goes to the key frame before ``start``, and only from there to
        ``start`` is everything decoded.
        """
        self._expect_open(str(self.path))
        reached = 0.0
        with self._opened_at(start) as (container, stream, pictures):
            upright = Upright(self._size, self._turn)  # a stream that changes its size is scaled to what was announced
            for index, each in enumerate(_from(pictures, self.first_time + start - _SAME_S)):
                if self._closed.is_set():
                    return
                reached = each.end
                yield Frame(upright.see(each.picture), index, each.time)
            if not self._closed.is_set():
                self._expect_whole(reached, _announced_end(container, stream), container.format.name)

    @contextmanager
    def _opened_at(
        self, start: float
    ) -> Iterator[tuple[av.container.InputContainer, av.VideoStream, Iterator[_Timed]]]:
        """The open file, and its pictures from a key frame before ``start`` on; from the first where it has to be."""
        if start > 0:
            with self._opened() as (container, stream):
                pictures = self._sought(container, stream, self.first_time + start)
                if pictures is not None:
                    yield container, stream, pictures
                    return
        with self._opened() as (container, stream):
            yield container, stream, self._timed(container, stream)

    def _sought(
        self, container: av.container.InputContainer, stream: av.VideoStream, wanted: float
    ) -> Iterator[_Timed] | None:
        """The pictures from a key frame at ``wanted`` (seconds of the file's clock) or before; None if none is found.

        Not every format knows where its key frames are, and some count them by the time of decoding: what a seek has
        led to is looked at, and if it lies behind ``wanted``, the next one aims earlier.
        """
        if self._restarted:
            return None  # one time stands for several moments
        back = 0.0
        while stream.time_base is not None and wanted - back > self.first_time:
            try:
                container.seek(math.floor((wanted - back) / stream.time_base), stream=stream)
            except av.error.FFmpegError:
                return None
            pictures = self._timed(container, stream, sought=True)
            first = next(pictures, None)
            if self._closed.is_set() or (first is not None and first.picture.time is None):
                return None
            if first is not None and first.time <= wanted + _SAME_S:
                return chain([first], pictures)
            back = max(1.0, 2 * back)
        return None

    def _timed(
        self, container: av.container.InputContainer, stream: av.VideoStream, *, sought: bool = False
    ) -> Iterator[_Timed]:
        """What can be decoded, with times that never fall.

        Where the file's clock is set back, as where two recordings were joined, its times go on from those before.
        """
        self.damage = Damage()
        step = 1.0 / (self._info.fps or 25.0)  # for the rare frame without a timestamp or a length
        time, reached, ahead = -math.inf, 0.0, 0.0
        for picture in self._decoded(container, stream, sought=sought):
            shown = None if _is_wild(picture, step) else picture.time
            if shown is not None and shown + ahead < time - _RESTARTED_S:
                ahead, self._restarted = reached - shown, True
            time = max(time, reached if shown is None else shown + ahead)
            reached = time + _seconds(picture.duration, picture.time_base, step)
            yield _Timed(picture, time, reached)

    @contextmanager
    def _opened(self) -> Iterator[tuple[av.container.InputContainer, av.VideoStream]]:
        try:
            # Only files: a playlist must not make this program fetch what it names.
            container = av.open(
                str(self.path.absolute()), metadata_errors="replace", options={"protocol_whitelist": "file", **_LIMITS}
            )
        except (av.error.FFmpegError, OSError) as error:
            raise SourceError(_why_not(self.path, error)) from error
        with container:
            streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
            if not streams or container.format.name in _NOT_VIDEO:
                raise SourceError(f"{self.path} has no video in it: give a video, a picture or a folder of pictures")
            _expect_readable(self.path, streams[0])
            streams[0].codec_context.options = _LIMITS
            # One frame after the other: measured as fast as FFmpeg's own threads, and it keeps the other cores free.
            streams[0].thread_type = "NONE"
            yield container, streams[0]

    def _decoded(
        self, container: av.container.InputContainer, stream: av.VideoStream, *, sought: bool = False
    ) -> Iterator[av.VideoFrame]:
        """What can be decoded until the source is closed.

        Where a seek has led, some formats start anywhere: with ``sought``, what comes before a key frame is left out.
        """
        decode = _decoder(stream)
        for packet in self._packets(container, stream):
            if sought and packet.size and not packet.is_keyframe:
                continue
            sought = False
            try:
                pictures = decode(packet)
            except av.error.FFmpegError:
                self.damage.add(_time_of(packet))
                continue
            if packet.is_corrupt or any(picture.is_corrupt for picture in pictures):
                self.damage.add(_time_of(packet))
            yield from pictures

    def _packets(
        self, container: av.container.InputContainer, stream: av.VideoStream
    ) -> "Iterator[av.Packet[av.VideoStream]]":
        """The packets, the last one empty, until the source is closed.

        ``_torn`` then says whether the file ended within one, and ``_failure`` why it could not be read further.
        """
        self._torn, self._failure = False, ""
        packets, failures, time = container.demux(stream), 0, self.first_time
        while not self._closed.is_set():
            try:
                packet = next(packets, None)
            except IndexError:  # PyAV's way to end where a stream has begun after the file was opened
                return
            except av.error.FFmpegError as error:
                self.damage.add(time)
                self._torn = True
                failures += 1
                if not isinstance(error, av.error.InvalidDataError):
                    self._failure = error.strerror or type(error).__name__
                    return
                if failures == _GIVEN_UP:
                    return
                packets = container.demux(stream)  # what comes after it may be whole
                continue
            if packet is None:
                return
            if packet.size:  # the empty one after the last only flushes the decoder
                self._torn, failures, time = packet.is_corrupt, 0, _time_of(packet, time)
            yield packet

    def _expect_whole(self, reached: float, announced: float | None, kind: str) -> None:
        if self._failure:
            raise SourceError(
                f"{self.path} cannot be read beyond {reached:.1f} s ({self._failure}): check its disk and try again"
            )
        if _ANNOUNCING.isdisjoint(kind.split(",")):
            return
        short = announced is not None and reached < announced - _MISSING_TAIL_S
        if self._torn or short:
            of = "" if announced is None else f" of {announced:.1f} s"
            raise SourceError(f"{self.path} ends at {reached:.1f} s{of}: the file is cut off or damaged, copy it again")


def _expect_readable(path: Path, stream: av.VideoStream) -> None:
    if stream.codec_context is None:  # PyAV's types deny it
        raise SourceError(
            f"{path} has video in a format that Mien does not know: convert it to H.264, or copy it again"
        )
    _expect_size(path, stream.width, stream.height)


def _expect_size(path: Path, width: int, height: int) -> None:
    if width * height > _MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        size = f"{width}x{height}"
        raise SourceError(f"{path} announces pictures of {size}, more than Mien reads: scale it down, or copy it again")


def _from(pictures: Iterator[_Timed], start: float) -> Iterator[_Timed]:
    """The ``pictures`` from ``start`` (seconds of the file's clock) on; the last one where there is none."""
    last: _Timed | None = None
    for each in pictures:
        if each.time >= start:
            yield each
            break
        last = each
    else:
        if last is not None:
            yield last
    yield from pictures


def _is_wild(picture: av.VideoFrame, step: float) -> bool:
    """Whether the time of ``picture`` cannot be true; ``step`` is the usual length of a frame in seconds."""
    if picture.time is None or picture.dts is None or picture.time_base is None:
        return False
    return picture.time - float(picture.dts * picture.time_base) > max(_WILD_S, 32 * step)


def _seconds(ticks: int, time_base: Fraction | None, otherwise: float) -> float:
    return float(ticks * time_base) if ticks and time_base else otherwise


def _time_of(packet: "av.Packet[av.VideoStream]", otherwise: float = 0.0) -> float:
    """Seconds of the file's clock."""
    ticks = packet.dts if packet.pts is None else packet.pts
    return otherwise if ticks is None else float(ticks * packet.time_base)


def _decoder(stream: av.VideoStream) -> "Callable[[av.Packet[av.VideoStream]], list[av.VideoFrame]]":
    marks = {name.lower(): value for name, value in stream.metadata.items()}
    name = _WITH_ALPHA.get(stream.codec_context.name)
    if marks.get("alpha_mode") == "1" and name in av.codecs_available:
        decoder = av.CodecContext.create(name, "r")
        if isinstance(decoder, av.VideoCodecContext):
            decoder.thread_type = "NONE"
            return lambda packet: decoder.decode(packet if packet.size else None)
    return lambda packet: packet.decode()


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


def _duration(container: av.container.InputContainer, stream: av.VideoStream, first: float) -> float | None:
    """Seconds from the ``first`` frame's time to the end, as far as the file says."""
    if _ANNOUNCING.isdisjoint(container.format.name.split(",")):  # no end is announced: reckoned from what there is
        if stream.duration is not None and stream.time_base is not None:
            return float(stream.duration * stream.time_base)
        return None if container.duration is None else container.duration / av.time_base
    end = _announced_end(container, stream)
    if end is None and container.duration is not None:
        end = container.duration / av.time_base
    return end - first if end is not None and end > first else None


def _clock_seconds(tag: str) -> float | None:
    """Seconds of a Matroska ``hh:mm:ss.fraction``; None where it is something else."""
    try:
        hours, minutes, seconds = tag.split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    except ValueError:
        return None
