"""From a film to its annotated copy and back: every frame at its time, in its colours, its faces in their place."""

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.errors import OutputError, SourceError
from realtime.overlay import draw
from realtime.records import UNKNOWN_POINTS, Face, Frame, Reading
from realtime.sinks import AnnotatedVideo, Background, RawVideo, Sink, suffix_for
from realtime.sources import VideoSource
from tests.realtime.films import BARS, Image, Track, bars, bars_in, coded, make_film, packets
from tests.realtime.sinks.made import CLASSES, full_disk
from tests.realtime.sources.helpers import no_thread_left

EVEN = [n / 25 for n in range(50)]
UNEVEN = [0.0, 0.033, 0.1, 0.35, 0.36, 0.9, 0.904, 1.5]
SQUARE = 24
"""The side of the white square that plays the face."""


def scene(number: int, *, height: int = 120, width: int = 160) -> Image:
    """A white square before grey, that moves with the frames; as grey as the frame's number modulo 8."""
    image = np.full((height, width, 3), 40 + 10 * (number % 8), np.uint8)
    left, top = 20 + 4 * (number % 16), 50
    image[top : top + SQUARE, left : left + SQUARE] = 255
    return image


def square_in(image: Image) -> NDArray[np.float64]:
    """Left, top, width and height of the white square."""
    rows, columns = np.nonzero(image[:, :, 1] > 200)
    return np.array([columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1], np.float64)


def found(frame: Frame) -> Reading:
    shares = np.array([0.1, 0.8, 0.1], np.float32)
    face = Face(1, square_in(frame.image).astype(np.float32), UNKNOWN_POINTS, 0.9, shares, 0.1)
    return Reading(frame.index, frame.time, CLASSES, (face,))


@dataclass(frozen=True)
class Trip:
    """What was read of a film and of its copy."""

    before: list[Frame]
    after: list[Frame]
    path: Path
    told: list[str]

    def expect_the_same_times(self) -> None:
        assert len(self.after) == len(self.before)
        shift = self.before[0].time - self.after[0].time
        assert [f.time + shift for f in self.after] == pytest.approx([f.time for f in self.before], abs=0.001)

    def difference(self) -> float:
        """Mean absolute, of 255, over all frames."""
        pairs = zip(self.before, self.after, strict=True)
        return float(np.mean([difference(b.image, a.image).mean() for a, b in pairs]))


def difference(copied: Image, image: Image) -> NDArray[np.int64]:
    """Of each colour of each pixel; the row or column that an odd size has twice is left out."""
    return np.asarray(np.abs(copied[: image.shape[0], : image.shape[1]].astype(np.int64) - image), np.int64)


def travel(source: Path, *, annotate: bool = False) -> Trip:
    told: list[str] = []
    path = source.with_name("copy").with_suffix(suffix_for(source))
    kind = AnnotatedVideo if annotate else RawVideo
    before = []
    with no_thread_left(), VideoSource(source) as film, Background(kind(path, source, notify=told.append)) as sink:
        for frame in film:
            before.append(frame)
            sink.write(frame, found(frame) if annotate else Reading(frame.index, frame.time, CLASSES, ()))
    return Trip(before, list(VideoSource(path)), path, told)


KINDS: dict[str, dict[str, Any]] = {
    "constant": {"times": EVEN},
    "uneven": {"times": UNEVEN},
    "late": {"times": [1000.0 + time for time in UNEVEN]},
    "one frame": {"times": [0.0]},
    "turned left": {"times": UNEVEN, "turn": (90, False)},
    "turned over": {"times": UNEVEN, "turn": (180, False)},
    "turned right": {"times": UNEVEN, "turn": (-90, False)},
    "mirrored": {"times": UNEVEN, "turn": (0, True)},
    "wide pixels": {"times": UNEVEN, "sample_aspect_ratio": Fraction(4, 3)},
    "high pixels, turned": {"times": UNEVEN, "sample_aspect_ratio": Fraction(3, 4), "turn": (90, False)},
    "ten bits": {"times": UNEVEN, "codec": "ffv1", "pixels": "yuv420p10le"},
    "no colour is left out": {"times": UNEVEN, "codec": "ffv1", "pixels": "yuv444p"},
    "rgb": {"times": UNEVEN, "codec": "ffv1", "pixels": "bgr0"},
    "grey": {"times": UNEVEN, "codec": "ffv1", "pixels": "gray"},
    "with sound": {"times": EVEN, "tracks": [Track("aac")]},
    "with sound and subtitles": {"times": EVEN, "tracks": [Track("aac"), Track("subrip", texts=[(0.5, "Hi")])]},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_film_comes_back_whole(kind: str, tmp_path: Path) -> None:
    made = dict(KINDS[kind])
    trip = travel(make_film(tmp_path / "film.mkv", made.pop("times"), scene, **made))
    trip.expect_the_same_times()
    assert trip.told == []
    assert trip.difference() < 2
    for before, after in zip(trip.before, trip.after, strict=True):
        assert np.abs(square_in(after.image) - square_in(before.image)).max() <= 1
    for tracks in ("audio", "subtitle"):
        kept = [[data for data, _ in track] for track in packets(trip.path, tracks)]
        assert kept == [[data for data, _ in track] for track in packets(tmp_path / "film.mkv", tracks)]


@pytest.mark.parametrize(("height", "width"), [(121, 161), (120, 161), (121, 160)])
def test_an_odd_size_loses_nothing(tmp_path: Path, height: int, width: int) -> None:
    def draw(number: int) -> Image:
        return scene(number, height=height, width=width)

    trip = travel(make_film(tmp_path / "film.mkv", UNEVEN, draw, codec="ffv1", pixels="yuv444p"))
    trip.expect_the_same_times()
    for before, after in zip(trip.before, trip.after, strict=True):
        assert before.image.shape == (height, width, 3)
        assert after.image.shape == (height + height % 2, width + width % 2, 3)
        assert difference(after.image, before.image).mean() < 2


def test_ten_thousand_frames_come_back(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    times = np.cumsum(chance.integers(2, 60, 10_000)) / 1000
    shades = [np.full((16, 16, 3), shade, np.uint8) for shade in (30, 220)]
    source = make_film(tmp_path / "film.mp4", times.tolist(), lambda n: shades[n % 2], coding={"preset": "ultrafast"})
    path = tmp_path / "copy.mp4"
    with VideoSource(source) as film, RawVideo(path, source) as sink:
        for frame in film:
            sink.write(frame, Reading(frame.index, frame.time, CLASSES, ()))
    read = [(frame.time, frame.image.mean() > 128) for frame in VideoSource(path)]
    assert [light for _, light in read] == [bool(n % 2) for n in range(10_000)]
    assert [time for time, _ in read] == pytest.approx((times - times[0]).tolist(), abs=0.001)


@pytest.mark.parametrize("turn", [0, 90, 180, -90])
@pytest.mark.parametrize("aspect", [Fraction(1), Fraction(16, 11)])
def test_boxes_are_where_the_faces_are_and_all_else_is_as_in_the_film(
    tmp_path: Path, turn: int, aspect: Fraction
) -> None:
    def draw_scene(number: int) -> Image:
        return scene(number, height=240, width=320)

    film = make_film(tmp_path / "film.mp4", UNEVEN, draw_scene, turn=(turn, False), sample_aspect_ratio=aspect)
    trip = travel(film, annotate=True)
    trip.expect_the_same_times()
    for before, after in zip(trip.before, trip.after, strict=True):
        drawn = draw(before.image, found(before))
        assert difference(after.image, drawn).mean() < 3  # thin lines in full colour lose some of it
        untouched = (drawn == before.image).all(axis=2)
        assert 0.3 < untouched.mean() < 0.99
        assert difference(after.image, before.image)[untouched].mean() < 2
        left, top, _, height = square_in(before.image).astype(int)
        edge = difference(after.image, before.image)[top + height // 2, max(0, left - 4) : left + 4]
        assert edge.max() > 40


@pytest.mark.parametrize("codec", ["libx264", "ffv1"])
@pytest.mark.parametrize(("height", "matrix"), [(48, 6), (48, 1), (720, 1)])
def test_colours_are_those_of_the_film_patch_by_patch(tmp_path: Path, codec: str, height: int, matrix: int) -> None:
    coding = {"qp": "0", "preset": "ultrafast"} if codec == "libx264" else {}
    frame = coded(bars(height), "yuv420p", matrix, full=False)
    make = partial(make_film, codec=codec, coding=coding, colorspace=matrix)
    trip = travel(make(tmp_path / "bars.mkv", [0, 0.04], lambda _: frame))
    for before, after in zip(trip.before, trip.after, strict=True):
        assert np.abs(bars_in(after.image) - bars_in(before.image)).max() <= 6
        assert np.abs(bars_in(after.image) - BARS).max() <= 8


def annotate(source: Path, sink: Sink) -> None:
    with VideoSource(source) as film:
        for frame in film:
            sink.write(frame, found(frame))


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_a_disk_that_fills_up_in_the_middle_leaves_nothing(tmp_path: Path, share: float) -> None:
    source = make_film(tmp_path / "film.mp4", EVEN, noisy, tracks=[Track("aac")])
    with no_thread_left():
        with Background(AnnotatedVideo(tmp_path / "whole.mp4", source)) as sink:
            annotate(source, sink)
        room = int(share * (tmp_path / "whole.mp4").stat().st_size)
        with (
            full_disk(room),
            pytest.raises(OutputError, match=r"Cannot write .*copy\.mp4: File too large"),
            Background(AnnotatedVideo(tmp_path / "copy.mp4", source)) as sink,
        ):
            annotate(source, sink)
    assert {path.name for path in tmp_path.iterdir()} == {"film.mp4", "whole.mp4"}


def noisy(number: int) -> Image:
    image = np.random.default_rng(number).integers(0, 180, (120, 160, 3), np.uint8)
    image[50:74, 20:44] = 255
    return image


def test_of_a_film_that_vanishes_in_the_middle_what_was_read_is_kept(tmp_path: Path) -> None:
    source = make_film(tmp_path / "film.mp4", [n / 25 for n in range(200)], noisy, options={"movflags": "faststart"})

    def read(sink: Sink) -> None:
        for frame in VideoSource(source):
            sink.write(frame, found(frame))
            if frame.index == 20:
                source.write_bytes(b"")

    with pytest.raises(SourceError, match="ends at"), AnnotatedVideo(tmp_path / "copy.mp4", source) as sink:
        read(sink)
    kept = list(VideoSource(tmp_path / "copy.mp4"))
    assert 20 < len(kept) < 200
    assert [frame.time for frame in kept] == pytest.approx([n / 25 for n in range(len(kept))], abs=0.001)
