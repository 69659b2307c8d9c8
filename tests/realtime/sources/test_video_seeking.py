"""Reading a video from a time on: what comes is what a reading of the whole gives from there."""

from bisect import bisect_left
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.errors import SourceError
from realtime.records import Frame
from realtime.sources import VideoSource
from tests.realtime.sources.helpers import UNEVEN, Image, noise, write_video

KEY_FRAMES = {
    "often": {"x264-params": "threads=1:keyint=5"},
    "once": {"x264-params": "threads=1:keyint=1000"},
    "with frames that are decoded out of order": {"preset": "veryfast", "x264-params": "threads=1:keyint=9:bframes=3"},
    "with frames that lean on the next key frame": {
        "preset": "veryfast",
        "x264-params": "threads=1:keyint=9:min-keyint=9:bframes=3:open-gop=1",
    },
}


def numbered(number: int) -> Image:
    """A picture that is unlike any other."""
    image = np.full((64, 96, 3), 40, np.uint8)
    image[:, number % 12 * 8 : number % 12 * 8 + 8] = 220
    image[number // 12 * 4 : number // 12 * 4 + 4] = 140
    return image


def expect_rest(whole: list[Frame], rest: list[Frame], start: float) -> None:
    """``rest`` is what ``whole`` gives from ``start`` seconds on, and at least its last frame."""
    first = bisect_left([frame.time for frame in whole], whole[0].time + start - 1e-6)
    expected = whole[min(first, len(whole) - 1) :]
    assert [frame.time for frame in rest] == [frame.time for frame in expected]
    assert [frame.index for frame in rest] == list(range(len(rest)))
    for frame, other in zip(rest, expected, strict=True):
        np.testing.assert_array_equal(frame.image, other.image)


@pytest.mark.parametrize("coding", KEY_FRAMES.values(), ids=KEY_FRAMES)
@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
@settings(max_examples=3)
@given(
    gaps=st.lists(st.integers(5, 900), min_size=12, max_size=30),
    begins=st.sampled_from([0, 40, 5003]),
    wanted=st.lists(st.floats(-1, 40), min_size=1, max_size=3),
)
def test_a_reading_goes_on_as_the_whole_does_from_there(
    coding: dict[str, str],
    suffix: str,
    gaps: list[int],
    begins: int,
    wanted: list[float],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    times = begins / 10 + np.cumsum([0, *gaps]) / 1000
    path = tmp_path_factory.mktemp("video") / f"uneven{suffix}"
    source = VideoSource(write_video(path, times.tolist(), draw=numbered, coding=coding))
    whole = list(source)
    assert source.first_time == whole[0].time
    for start in wanted:
        expect_rest(whole, list(source.frames(start)), start)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi", ".ts"])
def test_every_frame_is_found_at_its_own_time(tmp_path: Path, suffix: str) -> None:
    times = [2 + n / 25 for n in range(30)]
    coding = KEY_FRAMES["with frames that are decoded out of order"]
    source = VideoSource(write_video(tmp_path / f"film{suffix}", times, draw=numbered, coding=coding))
    whole = list(source)
    for frame in whole:
        found = next(iter(source.frames(frame.time - source.first_time)))
        assert found.time == frame.time
        np.testing.assert_array_equal(found.image, frame.image)


def test_a_stream_without_times_is_read_from_its_beginning(tmp_path: Path) -> None:
    source = VideoSource(write_video(tmp_path / "raw.h264", [n / 25 for n in range(30)], draw=numbered))
    whole = list(source)
    expect_rest(whole, list(source.frames(0.5)), 0.5)


@pytest.mark.parametrize("start", [0.0, 0.5, 100.0])
def test_a_video_of_one_frame_gives_it_wherever_it_is_read_from(tmp_path: Path, start: float) -> None:
    source = VideoSource(write_video(tmp_path / "one.mp4", [3.0]))
    assert [frame.time for frame in source.frames(start)] == [3.0]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi", ".ts"])
@pytest.mark.parametrize("begins", [0, 30])
def test_its_length_is_counted_from_its_first_frame(tmp_path: Path, suffix: str, begins: int) -> None:
    source = VideoSource(write_video(tmp_path / f"film{suffix}", [begins + n / 25 for n in range(50)]))
    last = max(frame.time for frame in source)
    assert source.info.duration == pytest.approx(last + 1 / 25 - source.first_time, abs=1e-3)


@pytest.mark.parametrize("start", [0.1, 100.0])
def test_a_file_that_was_cut_off_says_so_wherever_it_is_read_from(tmp_path: Path, start: float) -> None:
    options = {"movflags": "faststart"}
    path = write_video(tmp_path / "half.mp4", [n / 25 for n in range(100)], draw=noise, options=options)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    source = VideoSource(path)
    frames = iter(source.frames(start))
    assert next(frames).time > 0
    with pytest.raises(SourceError, match="copy it again"):
        list(frames)


def test_damage_is_counted_where_it_is_met(tmp_path: Path) -> None:
    path = write_video(tmp_path / "scratched.avi", [n / 25 for n in range(50)], draw=noise)
    with av.open(str(path)) as container:
        packets = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.pos is not None]
    data = bytearray(path.read_bytes())
    for begin, size in packets[5:9]:
        data[begin : begin + size] = bytes(size)
    path.write_bytes(data)
    source = VideoSource(path)
    list(source)
    assert source.damage.packets > 0
    list(source.frames(1.5))
    assert source.damage.packets == 0


def test_closing_ends_a_search_that_is_under_way(tmp_path: Path) -> None:
    source = VideoSource(write_video(tmp_path / "film.mp4", UNEVEN))
    frames = source.frames(0.2)
    assert next(frames).time == pytest.approx(0.35)
    source.close()
    assert list(frames) == []
    with pytest.raises(SourceError, match="closed"):
        next(source.frames(0.2))


@pytest.mark.shared
@pytest.mark.parametrize("name", ["face_noface.mov", "single_face.mp4"])
def test_frames_of_real_clips_are_found_at_their_own_times(shared_data: Path, name: str) -> None:
    source = VideoSource(shared_data / "clips" / name)
    times = [frame.time for frame in source]
    for number in (1, len(times) // 2, len(times) - 1):
        assert next(source.frames(times[number] - source.first_time)).time == times[number]
