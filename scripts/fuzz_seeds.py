"""Small sound media files of many kinds, with a drawn face in them, to be damaged."""

import io
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
import cv2
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

from realtime.sources import SyntheticSource

_RATE = 25
_SOUND_RATE = 48_000
_WORDS = "1\n00:00:00,000 --> 00:00:00,400\nHello\n\n2\n00:00:00,400 --> 00:00:00,800\nGoodbye\n"

_VIDEOS: dict[str, tuple[str, str, str | None, int]] = {
    "h264.mp4": ("libx264", "yuv420p", "aac", 20),
    "hevc.mkv": ("libx265", "yuv420p10le", None, 8),
    "vp9.webm": ("libvpx-vp9", "yuv420p", "libopus", 6),
    "mjpeg.avi": ("mjpeg", "yuvj420p", "pcm_s16le", 8),
    "turned.mov": ("libx264", "yuv420p", None, 8),
    "mpeg2.ts": ("mpeg2video", "yuv420p", "aac", 12),
    "mpeg4.avi": ("mpeg4", "yuv420p", None, 12),
    "flv.flv": ("flv", "yuv420p", None, 8),
    "moving.gif": ("gif", "rgb8", None, 5),
}
"""Of each file: the codec and format of its pictures, the codec of its sound, and how many pictures there are."""


def make_seeds(folder: Path) -> Path:
    """Write the files into ``folder``, and return it."""
    for number, (name, (codec, kind, sound, frames)) in enumerate(_VIDEOS.items()):
        size = (160, 120) if number % 2 else (320, 240)
        _write_video(folder / name, codec, kind, sound, _pictures(frames, *size))
    _write_with_words(folder / "h264.mp4", folder / "words.mkv")
    (picture,) = _pictures(1, 240, 180)
    _write_pictures(folder, picture)
    return folder


def _pictures(frames: int, width: int, height: int) -> list[NDArray[np.uint8]]:
    with SyntheticSource(width=width, height=height, fps=_RATE, frames=frames) as source:
        return [frame.image for frame in source]


def _write_video(path: Path, codec: str, kind: str, sound: str | None, pictures: list[NDArray[np.uint8]]) -> None:
    with av.open(str(path), "w") as container:
        video: VideoStream = container.add_stream(codec, rate=_RATE)  # type: ignore[assignment]
        video.height, video.width = pictures[0].shape[:2]
        video.pix_fmt = kind
        if codec == "libx265":
            video.options = {"x265-params": "log-level=none"}
        if path.stem == "turned":
            video.set_display_rotation(90)
        audio = container.add_stream(sound, rate=_SOUND_RATE, layout="mono") if sound else None
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=kind)
            frame.pts, frame.time_base = number, Fraction(1, _RATE)
            container.mux(video.encode(frame))
        if isinstance(audio, AudioStream):
            _add_sound(container, audio, len(pictures) / _RATE)
        container.mux(video.encode())


def _add_sound(container: OutputContainer, audio: AudioStream, seconds: float) -> None:
    hum = (8000 * np.sin(np.arange(int(seconds * _SOUND_RATE)) / 40)).astype(np.int16)[None]
    frame = av.AudioFrame.from_ndarray(hum, format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = _SOUND_RATE, 0, Fraction(1, _SOUND_RATE)
    container.mux(audio.encode(frame))
    container.mux(audio.encode())


def _write_with_words(source: Path, path: Path) -> None:
    """The video ``source`` with subtitles, nothing encoded anew."""
    with (
        av.open(str(source)) as pictures,
        av.open(io.BytesIO(_WORDS.encode()), "r", format="srt") as words,
        av.open(str(path), "w") as container,
    ):
        given = [stream for file in (pictures, words) for stream in file.streams]
        copies = {stream: container.add_stream_from_template(stream) for stream in given}
        for packet in chain(pictures.demux(), words.demux()):
            if packet.dts is not None:
                packet.stream = copies[packet.stream]
                container.mux(packet)


def _write_pictures(folder: Path, picture: NDArray[np.uint8]) -> None:
    plain = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    clear = cv2.cvtColor(picture, cv2.COLOR_RGB2BGRA)
    clear[:20, :, 3] = 0
    kinds = {
        "plain.jpg": plain,
        "clear.png": clear,
        "deep.png": plain.astype(np.uint16) * 257,
        "grey.png": plain[..., 0],
        "plain.webp": plain,
        "clear.webp": clear,
        "plain.tif": plain,
        "plain.bmp": plain[:60, :80],
    }
    for name, image in kinds.items():
        _, data = cv2.imencode(Path(name).suffix, image)
        data.tofile(folder / name)
