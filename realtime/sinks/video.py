"""Videos, annotated or as they came: every frame at its own time, with the sound and the subtitles of the source."""

from abc import abstractmethod
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import av.error
import numpy as np
from av.container import OutputContainer
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from engines.errors import OutputError
from realtime.overlay import draw
from realtime.records import Frame, Reading
from realtime.sinks.base import FileSink
from realtime.sinks.encoders import NOMINAL_RATE, TICKS, Coding, Encoder, add_video, encoders
from realtime.sinks.fitting import fitted, size_of
from realtime.sinks.planes import Planes
from realtime.sinks.tracks import Tracks, kind_of

_MATROSKA_TICKS = 1000
"""Matroska counts milliseconds, and two pictures may not have one time."""
_LONGEST_TICKS = 3 * 3600 * TICKS
"""Of one picture in MP4 and QuickTime: they count to 2^31 ticks, of which an encoder that looks ahead may need two."""
_FINISHED = {"movflags": "faststart"}
# In pieces of a second, each readable by itself, and made one file of when it is finished. Pictures are not reordered,
# or the pieces would not start at 0; a jump to any moment decodes two seconds at most.
_RECOVERABLE = {"movflags": "hybrid_fragmented", "frag_duration": "1000000", "flush_packets": "1"}
_RECOVERABLE_ENCODER = Encoder(
    "libx264", (("preset", "veryfast"), ("crf", "20"), ("bf", "0"), ("g", str(2 * NOMINAL_RATE)))
)


def _tell_nobody(_line: str) -> None:
    pass


class Video(FileSink):
    """Makes a picture of each frame and encodes it, in the caller's thread; a subclass says which picture.

    It is MP4; Matroska or QuickTime where ``path`` ends so (.mkv, .mov). The frames' times are kept, counted from the
    first one's; with what ``source`` (a video file whose times the frames bear) has beside its pictures copied, all are
    counted from whichever of sound and pictures starts first. Without a frame there is no file.

    Encoders want even sizes: the last row or column of an odd one is repeated. The first frame sets the size; others
    are scaled into it, to where :func:`realtime.sinks.fitting.place` says. ``notify`` is told, in one line, when the
    source has sound or subtitles that could not be copied.

    A ``recoverable`` video can be read, all but its last second or two, while it is being written and after the program
    was killed, and a failure leaves it so; its index then comes at the end, and it is always coded alike, as H.264 in
    software.
    """

    failures = (OSError, av.error.FFmpegError)

    def __init__(
        self,
        path: Path,
        source: Path | None = None,
        *,
        notify: Callable[[str], None] = _tell_nobody,
        coding: Coding | None = None,
        recoverable: bool = False,
    ) -> None:
        """Raises ``OutputError`` if ``path`` cannot be written to or is the source itself."""
        super().__init__(path)
        self.recoverable = recoverable
        self.encoder = ""
        """The name of what encodes, once the first frame is written."""
        if source and source.exists() and path.exists() and path.samefile(source):
            self.abort()
            raise OutputError(f"Cannot write {path}: it is the video that is read; choose another folder.")
        self._kind = kind_of(path)
        self._ticks = _MATROSKA_TICKS if self._kind == "matroska" else TICKS
        self._coding = coding or Coding()
        self._notify = notify
        self._tracks = self._open_tracks(source, notify) if source else None
        self._planes: Planes
        self._convert = VideoReformatter()
        self._container: OutputContainer | None = None
        self._stream: VideoStream
        self._origin = 0.0
        self._last_tick = -1

    def _put(self, frame: Frame, reading: Reading) -> None:
        container = self._container or self._begin(frame)
        picture = fitted(self._picture(frame, reading), (self._stream.height, self._stream.width))
        encoded = self._planes.of(picture)
        if self._stream.pix_fmt != encoded.format.name:
            encoded = self._convert.reformat(encoded, format=self._stream.pix_fmt, threads=1)
        self._last_tick = self._tick(frame)
        encoded.pts, encoded.time_base = self._last_tick, Fraction(1, self._ticks)
        container.mux(self._stream.encode(encoded))
        if self._tracks:
            self._tracks.copy(until=frame.time)

    def _tick(self, frame: Frame) -> int:
        """When ``frame`` is shown, after all that were before."""
        tick = max(self._last_tick + 1, round((frame.time - self._origin) * self._ticks))
        beyond = tick - self._last_tick - _LONGEST_TICKS
        if self._kind == "matroska" or beyond <= 0:
            return tick
        self._notify(f"{self.path}: a pause that is longer than the file can hold is shortened to 3 hours.")
        self._origin += beyond / self._ticks
        return tick - beyond

    @abstractmethod
    def _picture(self, frame: Frame, reading: Reading) -> NDArray[np.uint8]:
        """What is seen of a frame, uint8 ``[H, W, 3]`` RGB."""

    def _finish(self, *, complete: bool) -> bool:
        if self._container is None:
            return False
        self._container.mux(self._stream.encode(None))
        if self._tracks and complete:
            self._tracks.copy()
        return True

    def _begin(self, frame: Frame) -> OutputContainer:
        size = size_of(frame)
        if not all(size):
            raise OutputError(f"Cannot write {self.path}: the pictures are empty.")
        container, stream, self.encoder = self._new_file(size)
        self._resources.callback(container.close)
        self._origin = self._tracks.attach(container, frame.time) if self._tracks else frame.time
        self._container, self._stream, self._planes = container, stream, Planes(*size)
        return container

    def _new_file(self, size: tuple[int, int]) -> tuple[OutputContainer, VideoStream, str]:
        """A file with a stream for pictures of height and width ``size``, and the name of what encodes them."""
        options = {}
        if self._kind != "matroska":
            options = {**(_RECOVERABLE if self.recoverable else _FINISHED), "video_track_timescale": str(TICKS)}
        colours, rate = (self._tracks.colours, self._tracks.rate) if self._tracks else (None, None)
        failure: Exception | None = None
        for encoder in [_RECOVERABLE_ENCODER] if self.recoverable else encoders(self._coding, size):
            container = av.open(str(self._partial), "w", format=self._kind, options=options)
            try:
                return container, add_video(container, encoder, size, colours, rate), encoder.name
            except self.failures as error:  # one in hardware may be taken by others
                failure = error
        height, width = size
        raise OutputError(
            f"Cannot write {self.path}: no encoder takes pictures of {width}x{height} here; choose another codec."
        ) from failure

    def _open_tracks(self, source: Path, notify: Callable[[str], None]) -> Tracks | None:
        try:
            tracks = Tracks(source, notify)
        except self.failures:
            notify(f"{source} could not be opened for its sound: the video has none.")
            return None
        self._resources.callback(tracks.close)
        return tracks


class AnnotatedVideo(Video):
    """Each frame with its reading drawn onto it."""

    _canvas: NDArray[np.uint8] | None = None

    def _picture(self, frame: Frame, reading: Reading) -> NDArray[np.uint8]:
        # Always the same: memory that is new to the program takes longer to come by than to draw on.
        if self._canvas is None or self._canvas.shape != frame.image.shape:
            self._canvas = np.empty(frame.image.shape, np.uint8)
        return draw(frame.image, reading, out=self._canvas)


class RawVideo(Video):
    """The frames as they came."""

    def _picture(self, frame: Frame, reading: Reading) -> NDArray[np.uint8]:  # noqa: ARG002
        return frame.image
