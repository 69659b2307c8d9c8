"""Which encoder writes a video: one of this machine's hardware where it really works, else software."""

import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import av
import av.error
import av.logging
from av.container import InputContainer, OutputContainer
from av.video.stream import VideoStream

from realtime.products import Codec

av.logging.set_level(None)  # FFmpeg writes nothing of its own to the terminal
os.environ.setdefault("SVT_LOG", "0")  # nor does the AV1 encoder, which has no other way to be told so

TICKS = 90_000
"""Ticks a second: what MPEG uses, a multiple of every common frame rate."""
NOMINAL_RATE = 30
"""Frames a second that the encoder plans with where none are known; the true times are those of the frames."""
_RATES = (1, 120)
"""Frames a second that every encoder takes."""

_USUAL_QUALITY = 60
"""At which H.264 in software has its constant rate factor of 20: what is lost cannot be seen."""

# Of 60 frames of a clip at 1280x720, CPU time a frame: 9.3 ms (H.264, veryfast), 17 (HEVC), 6.2 (AV1); the files of the
# two are less than half as large. H.264's superfast with the macroblock tree of veryfast takes 5.9 ms where that takes
# 9.6, for a file a sixth larger and half a decibel worse; pictures that are reordered take a third more time, and the
# file is no smaller. Ultrafast takes 3.8 ms, and its file is three times as large.
_SOFTWARE: Mapping[Codec, str] = {"h264": "libx264", "hevc": "libx265", "av1": "libsvtav1"}
# By how quick they are to say that they are not there.
_HARDWARE = ("videotoolbox", "nvenc", "qsv", "amf", "mf")
"""FFmpeg's families of encoders. Those without a way to ask for a quality (v4l2m2m) are left out."""

_BT709 = 1
"""As FFmpeg numbers it. Written into the file, or players guess the colours by the picture's size."""
_LIMITED_RANGE = 1
_VIDEOTOOLBOX_SCALE = 118
"""What FFmpeg multiplies a quality with that is given as an option."""


@dataclass(frozen=True, slots=True)
class Coding:
    """How a video is to be coded: ``quality`` is 0..100, higher is better, None as measured to serve.

    ``hardware`` allows for an encoder of this machine's; without, the same input gives the same file.
    """

    codec: Codec = "h264"
    quality: int | None = None
    hardware: bool = True


@dataclass(frozen=True, slots=True)
class Encoder:
    """One of FFmpeg's encoders and how it is set."""

    name: str
    options: tuple[tuple[str, str], ...]
    pixels: str = "yuv420p"

    @property
    def in_hardware(self) -> bool:
        return self.name.rpartition("_")[2] in _HARDWARE


@dataclass(frozen=True, slots=True)
class Colours:
    """What a picture's RGB values stand for, as FFmpeg numbers primaries and transfer: those of BT.709 unless named."""

    primaries: int = _BT709
    transfer: int = _BT709


def encoders(coding: Coding, size: tuple[int, int]) -> Iterator[Encoder]:
    """What can be tried for pictures of height and width ``size``, the best first, software last."""
    quality = _USUAL_QUALITY if coding.quality is None else coding.quality
    if coding.hardware:
        for family in _HARDWARE:
            name = f"{coding.codec}_{family}"
            encoder = Encoder(name, _hardware_options(family, coding.codec, quality), _pixels_for(family))
            if name in av.codecs_available and _works(encoder, size):
                yield encoder
    yield Encoder(_SOFTWARE[coding.codec], _software_options(coding.codec, quality))


def add_video(
    container: OutputContainer,
    encoder: Encoder,
    size: tuple[int, int],
    colours: Colours | None = None,
    rate: Fraction | None = None,
) -> VideoStream:
    """The first stream of ``container``, its encoder open. Raises FFmpeg's error, or an ``OSError``, if it cannot be.

    Its pictures are BT.709 in limited range.
    """
    planned = rate if rate and _RATES[0] <= rate <= _RATES[1] else NOMINAL_RATE
    stream = container.add_stream(encoder.name, rate=planned, options=dict(encoder.options))
    if not isinstance(stream, VideoStream):
        raise TypeError(f"{encoder.name} encodes no video")
    colours = colours or Colours()
    stream.height, stream.width = size
    coder = stream.codec_context
    coder.pix_fmt = encoder.pixels
    # The stream's own time base is only a wish to the muxer; without this one times snap to the nominal rate.
    coder.time_base = Fraction(1, TICKS)
    coder.colorspace, coder.color_range = _BT709, _LIMITED_RANGE
    coder.color_primaries, coder.color_trc = colours.primaries, colours.transfer
    if coder.codec.canonical_name == "hevc" and container.format.name != "matroska":
        coder.codec_tag = "hvc1"  # as Apple's players want it
    coder.open()
    return stream


def _software_options(codec: Codec, quality: int) -> tuple[tuple[str, str], ...]:
    if codec == "h264":
        tree = "mbtree=1:rc-lookahead=10"
        return ("preset", "superfast"), ("crf", f"{40 - quality / 3:g}"), ("bf", "0"), ("x264-params", tree)
    if codec == "hevc":
        # Without reordered pictures: of one or two frames x265 makes up the times at which those are decoded.
        return ("preset", "ultrafast"), ("crf", f"{42 - quality / 3:g}"), ("x265-params", "log-level=none:bframes=0")
    return ("preset", "11"), ("crf", str(round(51 - 0.4 * quality)))


def _hardware_options(family: str, codec: Codec, quality: int) -> tuple[tuple[str, str], ...]:
    """Without reordered pictures, which some drivers give wrong times."""
    step = round(42 - quality / 3)
    if family == "videotoolbox":
        return ("flags", "+qscale"), ("global_quality", str(_VIDEOTOOLBOX_SCALE * max(1, quality))), ("bf", "0")
    if family == "nvenc":
        return ("rc", "vbr"), ("cq", str(step)), ("b", "0"), ("bf", "0")
    if family == "qsv":
        return ("preset", "veryfast"), ("global_quality", str(step)), ("bf", "0")
    if family == "amf":
        parameter = str(step * 5 if codec == "av1" else step)  # AV1 counts to 255 where the others count to 51
        return ("rc", "cqp"), ("qp_i", parameter), ("qp_p", parameter), ("bf", "0")
    return ("hw_encoding", "1"), ("rate_control", "quality"), ("quality", str(quality))


def _pixels_for(family: str) -> str:
    return "nv12" if family in ("qsv", "amf", "mf") else "yuv420p"


@cache
def _works(encoder: Encoder, size: tuple[int, int]) -> bool:
    """Whether ``encoder`` makes a video of one picture that can be read again: a driver may be there and not work."""
    height, width = size
    picture = av.VideoFrame(width, height, encoder.pixels)
    for plane in picture.planes:
        plane.update(bytes(plane.buffer_size))
    picture.pts, picture.time_base = 0, Fraction(1, TICKS)
    file = io.BytesIO()
    try:
        with av.open(file, "w", format="mp4") as made:
            stream = add_video(made, encoder, size)
            made.mux(stream.encode(picture))
            made.mux(stream.encode(None))
        file.seek(0)
        with av.open(file, "r") as read:
            return _first_size(read) == size
    except (av.error.FFmpegError, OSError, ValueError):
        return False


def _first_size(video: InputContainer) -> tuple[int, int] | None:
    return next(((picture.height, picture.width) for picture in video.decode(video=0)), None)
