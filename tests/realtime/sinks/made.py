"""Frames, readings and video files for the tests of the sinks."""

import contextlib
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from realtime.records import Face, Frame, Reading

CLASSES = ("neutral", "happiness", "pain, mild")
POINTS = np.array([[16, 30], [34, 32], [25.5, 38], [25, 48], [10, 34], [40, 36.125]], np.float32)
EMBEDDING = np.array([0.6, 0.0, -0.8], np.float32)
SOUND_RATE = 48_000
Pair = tuple[Frame, Reading]


def face(face_id: int = 1, *, lead: int = 1) -> Face:
    shares = np.full(len(CLASSES), 0.1, np.float32)
    shares[lead] = 0.8
    box = np.array([10.25, 20.5, 30, 40], np.float32)
    return Face(face_id, box, POINTS, 0.9, shares, 0.123456789, EMBEDDING)


def pair(
    index: int, time: float, faces: Sequence[Face] = (), *, size: tuple[int, int] = (96, 128), color: int = 128
) -> Pair:
    """A frame of one colour and its reading."""
    return pair_of(np.full((*size, 3), color, np.uint8), index, time, faces)


def pair_of(image: NDArray[np.uint8], index: int, time: float, faces: Sequence[Face]) -> Pair:
    """A frame of this picture and its reading."""
    return Frame(image, index, time), Reading(index, time, CLASSES, tuple(faces))


def run(frames: int = 5) -> list[Pair]:
    """Frames at an uneven rate, with a face in all but the second."""
    return [pair(i, i / 25 + (0.013 if i % 3 == 1 else 0), [] if i == 1 else [face()]) for i in range(frames)]


def noise(frames: int, start: float = 0.0) -> list[Pair]:
    """Pictures that take room in a file, 30 a second, with a face in all but the second."""
    chance = np.random.default_rng(0)
    return [
        pair_of(chance.integers(0, 256, (96, 128, 3), np.uint8), i, start + i / 30, [] if i == 1 else [face()])
        for i in range(frames)
    ]


def source_video(path: Path, kind: str, *, sound: str | None, seconds: float = 2.0) -> Path:
    """A video that is black but for a white flash at 1 s, silent but for a beep at 1 s."""
    with av.open(str(path), "w", format=kind) as container:
        picture = container.add_stream("libx264", rate=25)
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        audio = container.add_stream(sound, rate=SOUND_RATE, layout="mono") if sound else None
        for i in range(round(seconds * 25)):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 255 * (i >= 25), np.uint8), "rgb24")
            frame.pts, frame.time_base = i, Fraction(1, 25)
            container.mux(picture.encode(frame.reformat(format="yuv420p")))
        container.mux(picture.encode(None))
        if isinstance(audio, AudioStream):
            _beep(container, audio, seconds)
    return path


def _beep(container: av.container.OutputContainer, stream: AudioStream, seconds: float) -> None:
    size = 960
    for start in range(0, round(seconds * SOUND_RATE), size):
        at = np.arange(start, start + size)
        wave = np.where(at >= SOUND_RATE, np.sin(at * (2 * np.pi * 440 / SOUND_RATE)), 0)
        kind = stream.format.name
        samples = (wave * 20_000).astype(np.int16) if kind.startswith("s16") else (wave * 0.6).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(samples[None], format=kind, layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, start, Fraction(1, SOUND_RATE)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def read_video(path: Path) -> list[Pair]:
    """The frames of a video file at their own times, without faces."""
    with av.open(str(path)) as container:
        return [
            (
                Frame(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8), i, frame.time),
                Reading(i, frame.time, CLASSES, ()),
            )
            for i, frame in enumerate(container.decode(container.streams.video[0]))
        ]


def beep_time(path: Path) -> float:
    """When the beep of a video file begins, in seconds."""
    with av.open(str(path)) as container:
        for frame in container.decode(container.streams.audio[0]):
            samples = np.abs(np.asarray(frame.to_ndarray(), np.float64)).ravel()
            if samples.max() > 0.1:
                return (frame.time or 0) + int(np.argmax(samples > samples.max() / 2)) / frame.sample_rate
    raise AssertionError("no beep")


@contextlib.contextmanager
def full_disk(room: int) -> Iterator[None]:
    """Lets no file of this process grow beyond ``room`` bytes."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
