"""Video files of every kind that a lab may have, made of known pictures, sound and subtitles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.stream import Disposition
from av.video.stream import VideoStream
from numpy.typing import NDArray

Image = NDArray[np.uint8]
MS = Fraction(1, 1000)
SOUND_RATE = 48_000

BARS = np.array(
    [
        *((255, 255, 255), (191, 191, 0), (0, 191, 191), (0, 191, 0), (191, 0, 191), (191, 0, 0), (0, 0, 191)),
        *((16, 16, 16), (235, 200, 170), (120, 80, 60), (0, 0, 0), (250, 0, 0)),
    ],
    np.uint8,
)
"""Television's colour bars, skin, and the ends."""
_BAR = 16
_WEIGHTS = {1: (0.2126, 0.0722), 5: (0.299, 0.114), 6: (0.299, 0.114), 9: (0.2627, 0.0593)}
"""Of red and blue in the luminance, by FFmpeg's number of the matrix."""


def bars(height: int = 48, width: int = _BAR * len(BARS)) -> Image:
    """The bars side by side, the last one as far as it goes."""
    across = np.minimum(np.arange(width) // _BAR, len(BARS) - 1)
    return np.ascontiguousarray(np.broadcast_to(BARS[across], (height, width, 3)))


def bars_in(image: Image) -> NDArray[np.int64]:
    """The colour in the middle of each bar, ``[12, 3]``."""
    return image[image.shape[0] // 2, _BAR // 2 : _BAR * len(BARS) : _BAR].astype(np.int64)


def coded(image: Image, pixels: str, matrix: int, *, full: bool) -> av.VideoFrame:
    """``image`` as planar ``pixels`` by the book (ITU-R BT.601, 709, 2020), not by the library under test."""
    deep = 4 if "10" in pixels else 1
    red, blue = _WEIGHTS[matrix]
    r, g, b = np.moveaxis(image.astype(np.float64) / 255, 2, 0)
    y = red * r + (1 - red - blue) * g + blue * b
    planes = [y, (b - y) / (2 - 2 * blue), (r - y) / (2 - 2 * red)]
    scales = ((0, 255), (128, 255), (128, 255)) if full else ((16, 219), (128, 224), (128, 224))
    frame = av.VideoFrame(image.shape[1], image.shape[0], pixels)
    kind = np.uint16 if deep > 1 else np.uint8
    for plane, values, (offset, scale) in zip(frame.planes, planes, scales, strict=True):
        down, right = image.shape[0] // plane.height, image.shape[1] // plane.width
        whole = np.clip(np.rint((offset + scale * values[::down, ::right]) * deep), 0, 256 * deep - 1)
        rows = np.zeros((plane.height, plane.line_size // kind().itemsize), kind)
        rows[:, : plane.width] = whole[: plane.height, : plane.width]
        plane.update(rows.tobytes())
    return frame


@dataclass(frozen=True)
class Track:
    """Sound, or subtitles where ``texts`` are given."""

    codec: str
    language: str = "und"
    title: str = ""
    disposition: Disposition = Disposition.default
    texts: Sequence[tuple[float, str]] = ()


def make_film(
    path: Path,
    times: Sequence[float],
    draw: Callable[[int], Image | av.VideoFrame],
    *,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    coding: dict[str, str] | None = None,
    tracks: Sequence[Track] = (),
    chapters: Sequence[tuple[float, float, str]] = (),
    metadata: dict[str, str] | None = None,
    turn: tuple[float, bool] = (0, False),
    options: dict[str, str] | None = None,
    font: bytes = b"",
    **coder: Any,
) -> Path:
    """A film of what ``draw`` gives for 0, 1, ... at ``times`` (seconds), to be turned left by degrees, then mirrored.

    ``coder`` are attributes of the encoder: ``sample_aspect_ratio``, ``colorspace``, ``color_range`` and the like.
    """
    first = draw(0)
    height, width = (first.height, first.width) if isinstance(first, av.VideoFrame) else first.shape[:2]
    with av.open(str(path), "w", options=options or {}) as film:
        stream = film.add_stream(codec, rate=25, options=coding or {}, width=width, height=height)
        assert isinstance(stream, VideoStream)
        stream.codec_context.pix_fmt = pixels
        stream.codec_context.time_base = MS if path.suffix != ".avi" else Fraction(1, 25)
        for name, value in coder.items():
            setattr(stream.codec_context, name, value)
        if turn != (0, False):
            stream.set_display_rotation(turn[0], hflip=turn[1])
        added = [_add(film, track) for track in tracks]
        film.metadata.update(metadata or {})
        if font:
            film.add_attachment("letters.ttf", "font/ttf", font)
        if chapters:
            film.set_chapters([_chapter(number, *each) for number, each in enumerate(chapters, 1)])
        for number, time in enumerate(times):
            drawn = draw(number)
            frame = drawn if isinstance(drawn, av.VideoFrame) else av.VideoFrame.from_ndarray(drawn, "rgb24")
            if not isinstance(drawn, av.VideoFrame):
                frame = frame.reformat(format=pixels, dst_colorspace=5 if "rgb" not in pixels else None)
            frame.pts, frame.time_base = round(time * 1000), MS
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
        for track, target in zip(tracks, added, strict=True):
            _fill(film, track, target, max(times, default=0) + 0.04)
    return path


def _chapter(number: int, start: float, end: float, title: str) -> Any:
    times = {"start": round(start * 1000), "end": round(end * 1000), "time_base": MS}
    return {"id": number, **times, "metadata": {"title": title}}


def _add(film: av.container.OutputContainer, track: Track) -> Any:
    if track.texts:
        stream = film.add_mux_stream(track.codec, time_base=MS)
    else:
        stream = film.add_stream(track.codec, rate=SOUND_RATE, layout="mono")
    stream.metadata["language"] = track.language
    stream.metadata["title"] = track.title
    stream.disposition = track.disposition
    return stream


def _fill(film: av.container.OutputContainer, track: Track, stream: Any, seconds: float) -> None:
    for time, text in track.texts:
        data = text.encode()
        packet = av.Packet(len(data).to_bytes(2, "big") + data if track.codec == "mov_text" else data)
        packet.stream, packet.time_base = stream, MS
        packet.pts = packet.dts = round(time * 1000)
        packet.duration = 200
        film.mux(packet)
    if isinstance(stream, AudioStream):
        chance = np.random.default_rng(0)
        for start in range(0, round(seconds * SOUND_RATE), 1024):
            wave = chance.integers(-9000, 9000, (1, 1024), np.int16)
            sound = av.AudioFrame.from_ndarray(wave, format="s16", layout="mono")
            sound.sample_rate, sound.pts, sound.time_base = SOUND_RATE, start, Fraction(1, SOUND_RATE)
            film.mux(stream.encode(sound))
        film.mux(stream.encode(None))


def packets(path: Path, kind: str) -> list[list[tuple[bytes, float]]]:
    """Of each stream of ``kind`` ("audio", "subtitle") its packets, and when they come; pauses left out."""
    with av.open(str(path)) as film:
        streams = [stream for stream in film.streams if stream.type == kind]
        found: dict[int, list[tuple[bytes, float]]] = {stream.index: [] for stream in streams}
        for packet in film.demux(*streams) if streams else ():
            if packet.pts is not None and bytes(packet) != b"\0\0":
                found[packet.stream_index].append((bytes(packet), float(packet.pts * packet.time_base)))
        return list(found.values())
