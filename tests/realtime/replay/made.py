"""A short film with a white square in the place of a face, and what was read from it."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from realtime.records import UNKNOWN_POINTS, Face, Frame, Reading
from realtime.sinks import AnnotatedVideo, Sink, Summary, TableFormat, open_table

CLASSES = ("neutral", "happiness", "surprise")
SIZE = (96, 160)
"""Height and width of the film in pixels."""
SQUARE = 40
DARK_FRAMES = 5
"""So many frames come before there is a face."""
_SOUND_RATE = 48_000


def face(face_id: int, shares: Sequence[float], left: float = 20.0) -> Face:
    """A face of the square's size with these probabilities."""
    box = np.array([left, 30, SQUARE, SQUARE], np.float32)
    return Face(face_id, box, UNKNOWN_POINTS, 0.9, np.array(shares, np.float32), 0.25)


def reading(index: int, time: float, *faces: Face) -> Reading:
    return Reading(index, time, CLASSES, faces)


def film(times: Iterable[float]) -> list[tuple[Frame, Reading]]:
    """Dark frames, then a white square that moves by two pixels a frame."""
    pairs = []
    for i, time in enumerate(times):
        image = np.full((*SIZE, 3), 20, np.uint8)
        left = 10 + 2 * i
        if i >= DARK_FRAMES:
            image[30 : 30 + SQUARE, left : left + SQUARE] = 255
        seen = [face(1, (0.2, 0.7, 0.1), left)] if i >= DARK_FRAMES else []
        pairs.append((Frame(image, i, time), reading(i, time, *seen)))
    return pairs


def inside(image: NDArray[np.uint8], box: NDArray[np.float32]) -> float:
    """How bright the middle half of ``box`` is, 0..255: the rest may be drawn over."""
    x, y, w, h = (round(float(value)) for value in box)
    return float(np.median(image[y + h // 4 : y + 3 * h // 4, x + w // 4 : x + 3 * w // 4]))


def write_table(path: Path, readings: Iterable[Reading], *, classes: Sequence[str] = CLASSES) -> Path:
    """A table with its summary beside it, as a run leaves them."""
    image = np.zeros((2, 2, 3), np.uint8)
    kind: TableFormat = path.suffix[1:]  # type: ignore[assignment]
    sinks: list[Sink] = [
        open_table(path, classes, kind),
        Summary(path.with_suffix(".json"), classes, {"source": "made"}),
    ]
    for each in readings:
        for sink in sinks:
            sink.write(Frame(image, each.index, each.time), each)
    for sink in sinks:
        sink.close()
    return path


def write_annotated(path: Path, pairs: Iterable[tuple[Frame, Reading]], source: Path) -> Path:
    with AnnotatedVideo(path, source) as sink:
        for frame, each in pairs:
            sink.write(frame, each)
    return path


def write_film(path: Path, pairs: Sequence[tuple[Frame, Reading]], *, sound: bool = False) -> Path:
    """The film as a file whose clock is that of the frames; ``sound`` begins at 0, whenever the picture does."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "12", "g": "6"})
        stream.width, stream.height, stream.pix_fmt = SIZE[1], SIZE[0], "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        audio = container.add_stream("aac", rate=_SOUND_RATE, layout="mono") if sound else None
        if isinstance(audio, AudioStream):
            _silence(container, audio, pairs[-1][0].time)
        for frame, _ in pairs:
            picture = av.VideoFrame.from_ndarray(frame.image, "rgb24").reformat(format="yuv420p")
            picture.pts, picture.time_base = round(frame.time * 1000), Fraction(1, 1000)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def _silence(container: av.container.OutputContainer, stream: AudioStream, seconds: float) -> None:
    for start in range(0, round(seconds * _SOUND_RATE), 1024):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = _SOUND_RATE, start, Fraction(1, _SOUND_RATE)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
