"""Videos, annotated or as they came: H.264 in MP4, every frame at its own time, with the sound of the source."""

import math
from abc import abstractmethod
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import av.error
import cv2
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from engines.errors import OutputError
from realtime.overlay import draw
from realtime.records import Frame, Reading
from realtime.sinks.base import FileSink

_TICKS = 90_000
"""Ticks a second: what MPEG uses, a multiple of every common frame rate."""
_NOMINAL_RATE = 30
"""Frames a second that the encoder plans with; the true times are those of the frames."""
# Measured on 150 frames of 1280x720: ultrafast is 1.4 times as fast, and its file 6 times as large.
_ENCODER = {"preset": "veryfast", "crf": "20"}
_FINISHED = {"movflags": "faststart"}
# In pieces of a second, each readable by itself, and made one file of when it is finished. Pictures are not reordered,
# or the pieces would not start at 0; a jump to any moment decodes two seconds at most.
_RECOVERABLE = {"movflags": "hybrid_fragmented", "frag_duration": "1000000", "flush_packets": "1"}
_RECOVERABLE_ENCODER = {**_ENCODER, "bf": "0", "g": str(2 * _NOMINAL_RATE)}
# As FFmpeg numbers them. Written into the file, or players guess the colours by the picture's size.
_BT709 = 1
_LIMITED_RANGE = 1


def _tell_nobody(_line: str) -> None:
    pass


class Video(FileSink):
    """Makes a picture of each frame and encodes it, in the caller's thread; a subclass says which picture.

    The frames' times are kept, counted from the first one's; with the sound of ``source`` (a video file whose times the
    frames bear) copied beside them, both are counted from whichever starts first. Without a frame there is no file.

    H.264 wants even sizes: the last row or column of an odd one is cut off. The first frame sets the size; others are
    scaled into it, to where :func:`place` says. ``notify`` is told, in one line, when the source has sound that could
    not be copied.

    A ``recoverable`` video can be read, all but its last second or two, while it is being written and after the program
    was killed, and a failure leaves it so; its index then comes at the end.
    """

    failures = (OSError, av.error.FFmpegError)

    def __init__(
        self,
        path: Path,
        source: Path | None = None,
        *,
        notify: Callable[[str], None] = _tell_nobody,
        recoverable: bool = False,
    ) -> None:
        """Raises ``OutputError`` if ``path`` cannot be written to or is the source itself."""
        super().__init__(path)
        self.recoverable = recoverable
        if source and source.exists() and path.exists() and path.samefile(source):
            self.abort()
            raise OutputError(f"Cannot write {path}: it is the video that is read; choose another folder.")
        self._source = source
        self._notify = notify
        self._container: OutputContainer | None = None
        self._stream: VideoStream
        self._sound: _Sound | None = None
        self._convert = VideoReformatter()  # one for all: to make it takes three times as long as to use it
        self._origin = 0.0
        self._last_tick = -1

    def _put(self, frame: Frame, reading: Reading) -> None:
        container = self._container or self._begin(frame)
        picture = _fitted(self._picture(frame, reading), self._stream.width, self._stream.height)
        encoded = self._convert.reformat(
            av.VideoFrame.from_numpy_buffer(picture, "rgb24"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        self._last_tick = max(self._last_tick + 1, round((frame.time - self._origin) * _TICKS))
        encoded.pts, encoded.time_base = self._last_tick, Fraction(1, _TICKS)
        container.mux(self._stream.encode(encoded))
        if self._sound:
            self._sound.copy(until=frame.time)

    @abstractmethod
    def _picture(self, frame: Frame, reading: Reading) -> NDArray[np.uint8]:
        """What is seen of a frame, uint8 ``[H, W, 3]`` RGB."""

    def _finish(self, *, complete: bool) -> bool:
        if self._container is None:
            return False
        self._container.mux(self._stream.encode(None))
        if self._sound and complete:
            self._sound.copy()
        return True

    def _begin(self, frame: Frame) -> OutputContainer:
        height, width = size_of(frame)
        if not height or not width:
            raise OutputError(f"Cannot write {self.path}: a video needs pictures of at least 2x2 pixels.")
        options = {**(_RECOVERABLE if self.recoverable else _FINISHED), "video_track_timescale": str(_TICKS)}
        encoder = _RECOVERABLE_ENCODER if self.recoverable else _ENCODER
        container = av.open(str(self._partial), "w", format="mp4", options=options)
        self._resources.callback(container.close)
        stream = container.add_stream("libx264", rate=_NOMINAL_RATE, options=encoder)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        coder = stream.codec_context
        # The stream's own time base is only a wish to the muxer; without this one times snap to the nominal rate.
        coder.time_base = Fraction(1, _TICKS)
        coder.colorspace = coder.color_primaries = coder.color_trc = _BT709
        coder.color_range = _LIMITED_RANGE
        self._origin = frame.time
        if self._source:
            self._sound = self._open_sound(self._source, container)
        if self._sound:
            self._origin = min(frame.time, max(0.0, self._sound.start))
            self._sound.origin = self._origin
        self._container, self._stream = container, stream
        return container

    def _open_sound(self, source: Path, container: OutputContainer) -> "_Sound | None":
        try:
            opened = self._resources.enter_context(av.open(str(source), metadata_errors="replace"))
        except (OSError, av.error.FFmpegError):
            self._notify(f"{source} could not be opened for its sound: the video has none.")
            return None
        stream = opened.streams.best("audio")
        if not isinstance(stream, AudioStream):
            return None
        kind = stream.codec_context.name if stream.codec_context else "of no known kind"  # PyAV's types deny it
        if kind not in container.supported_codecs:
            self._notify(f"The sound of {source} ({kind}) does not fit into MP4: the video has none.")
            return None
        return _Sound(opened, stream, container, self._notify)


class AnnotatedVideo(Video):
    """Each frame with its reading drawn onto it."""

    def _picture(self, frame: Frame, reading: Reading) -> NDArray[np.uint8]:
        return draw(frame.image, reading)


class RawVideo(Video):
    """The frames as they came."""

    def _picture(self, frame: Frame, reading: Reading) -> NDArray[np.uint8]:  # noqa: ARG002
        return frame.image


class _Sound:
    """Copies a source's sound, packet by packet, into the video beside the pictures."""

    def __init__(
        self, source: InputContainer, stream: AudioStream, target: OutputContainer, notify: Callable[[str], None]
    ) -> None:
        self._tick = stream.time_base or Fraction(1, _TICKS)
        self.start = float((stream.start_time or 0) * self._tick)
        self.origin = 0.0
        self._target = target
        self._copied = target.add_stream_from_template(stream)
        self._notify = notify
        self._packets = self._demux(source, stream)
        self._next = next(self._packets, None)

    def copy(self, until: float = math.inf) -> None:
        """Copy what starts no later than ``until``, in seconds of the source."""
        shift = round(self.origin / self._tick)
        while self._next is not None and self._next[0] * self._tick <= until:
            dts, pts, packet = self._next
            self._next = next(self._packets, None)
            packet.dts, packet.pts, packet.stream = dts - shift, pts - shift, self._copied
            self._target.mux(packet)

    def _demux(
        self, source: InputContainer, stream: AudioStream
    ) -> "Iterator[tuple[int, int, av.Packet[AudioStream]]]":
        try:
            for packet in source.demux(stream):
                if packet.dts is not None and packet.pts is not None:
                    yield packet.dts, packet.pts, packet
        except av.error.FFmpegError as error:
            self._notify(f"The sound breaks off: {error.strerror}.")


def size_of(frame: Frame) -> tuple[int, int]:
    """Height and width in pixels of a video that begins with ``frame``."""
    height, width = frame.image.shape[:2]
    return height // 2 * 2, width // 2 * 2


def place(size: tuple[int, int], into: tuple[int, int]) -> tuple[int, int, int, int]:
    """Where in a video of height and width ``into`` a picture of ``size`` is seen: left, top, width, height in pixels.

    One that is odd and otherwise fits is cut by a pixel, any other scaled, with black beside it.
    """
    rows, columns = size
    height, width = into
    if (rows // 2 * 2, columns // 2 * 2) == (height, width):
        return 0, 0, columns, rows
    scale = min(height / rows, width / columns)
    inner = max(1, min(width, round(columns * scale))), max(1, min(height, round(rows * scale)))
    return (width - inner[0]) // 2, (height - inner[1]) // 2, *inner


def _fitted(picture: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    rows, columns = picture.shape[:2]
    left, top, inner_width, inner_height = place((rows, columns), (height, width))
    if (inner_height, inner_width) != (rows, columns):
        scaled = cv2.resize(picture, (inner_width, inner_height), interpolation=cv2.INTER_AREA)
        picture = np.zeros((height, width, 3), np.uint8)
        picture[top : top + inner_height, left : left + inner_width] = scaled
    return picture[:height, :width]
