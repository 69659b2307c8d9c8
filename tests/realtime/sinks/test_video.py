"""The annotated video: true times, true colours, sound in step."""

from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.errors import OutputError
from realtime.palette import color
from realtime.records import Frame
from realtime.sinks import AnnotatedVideo, RawVideo
from realtime.sinks.base import partial_of
from tests.realtime.sinks.made import (
    Pair,
    beep_time,
    face,
    full_disk,
    noise,
    pair,
    pair_of,
    read_video,
    run,
    source_video,
)

TICK = 1 / 90_000


def write(path: Path, pairs: list[Pair], source: Path | None = None) -> list[str]:
    told: list[str] = []
    with AnnotatedVideo(path, source, notify=told.append) as sink:
        for frame, reading in pairs:
            sink.write(frame, reading)
    return told


def times(path: Path) -> list[float]:
    return [frame.time for frame, _ in read_video(path)]


@settings(max_examples=15, deadline=None)
@given(start=st.floats(0, 1e6), steps=st.lists(st.floats(0.001, 3), max_size=12))
def test_every_frame_keeps_its_time(start: float, steps: list[float], tmp_path_factory: pytest.TempPathFactory) -> None:
    since_start = [0.0, *np.cumsum(steps)]
    path = tmp_path_factory.mktemp("video") / "out.mp4"
    write(path, [pair(i, start + moment) for i, moment in enumerate(since_start)])
    assert times(path) == pytest.approx(since_start, abs=TICK)


def test_times_that_stand_still_or_go_back_lose_no_frame(tmp_path: Path) -> None:
    write(tmp_path / "out.mp4", [pair(i, moment) for i, moment in enumerate((0, 0.1, 0.1, 0.05, 0.2))])
    assert times(tmp_path / "out.mp4") == pytest.approx([0, 0.1, 0.1, 0.1, 0.2], abs=3 * TICK)


def test_it_is_h264_in_yuv420p_and_its_index_comes_first(tmp_path: Path) -> None:
    write(tmp_path / "out.mp4", run())
    with av.open(str(tmp_path / "out.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
    content = (tmp_path / "out.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.parametrize("size", [(97, 129), (96, 129), (97, 128), (3, 3), (2, 2), (1, 40), (1, 1)])
def test_an_odd_size_has_its_last_row_or_column_twice(size: tuple[int, int], tmp_path: Path) -> None:
    rows, columns = size
    image = np.full((*size, 3), 128, np.uint8)
    image[-1], image[:, -1] = 220, 40
    write(tmp_path / "out.mp4", [pair_of(image, 0, 0, [])])
    frame, _ = read_video(tmp_path / "out.mp4")[0]
    assert frame.image.shape[:2] == (rows + rows % 2, columns + columns % 2)
    whole = np.pad(image, ((0, rows % 2), (0, columns % 2), (0, 0)), mode="edge")
    assert np.abs(frame.image[..., 1].astype(int) - whole[..., 1]).mean() < 12  # H.264 blurs single lines


def test_an_empty_picture_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="the pictures are empty"):
        write(tmp_path / "out.mp4", [pair(0, 0, size=(0, 40))])
    assert list(tmp_path.iterdir()) == []


def test_colours_are_kept(tmp_path: Path) -> None:
    frame, reading = pair(0, 0)
    image = frame.image.copy()
    shades = [(200, 40, 40), (40, 160, 60), (50, 60, 200), (235, 200, 170)]
    for i, shade in enumerate(shades):
        image[:, i * 32 : (i + 1) * 32] = shade
    write(tmp_path / "out.mp4", [(Frame(image, 0, 0.0), reading)])
    got, _ = read_video(tmp_path / "out.mp4")[0]
    for i, shade in enumerate(shades):
        assert np.abs(got.image[48, i * 32 + 16].astype(int) - shade).max() < 6


def test_the_reading_is_drawn_on_its_own_frame(tmp_path: Path) -> None:
    write(tmp_path / "out.mp4", [pair(i, i / 10, [face()] if i == 2 else [], size=(96, 128)) for i in range(4)])
    drawn = [bool((frame.image != 128).any(axis=2).mean() > 0.05) for frame, _ in read_video(tmp_path / "out.mp4")]
    assert drawn == [False, False, True, False]


def test_the_box_of_a_face_is_seen(tmp_path: Path) -> None:
    write(tmp_path / "out.mp4", [pair(0, 0, [face()])])
    frame, _ = read_video(tmp_path / "out.mp4")[0]
    edge = frame.image[40, 8:13].astype(int)
    assert np.abs(edge - color("happiness")).max(axis=1).min() < 90


def test_a_frame_of_another_size_is_scaled_into_the_first(tmp_path: Path) -> None:
    write(tmp_path / "out.mp4", [pair(0, 0), pair(1, 0.1, size=(192, 128), color=250)])
    _, (second, _) = read_video(tmp_path / "out.mp4")
    assert second.image.shape == (96, 128, 3)
    assert second.image[48, 64].min() > 240
    assert second.image[48, 5].max() < 15


def test_without_a_frame_there_is_no_file(tmp_path: Path) -> None:
    write(tmp_path / "out.mp4", [])
    assert list(tmp_path.iterdir()) == []


def test_the_source_is_not_overwritten(tmp_path: Path) -> None:
    source = source_video(tmp_path / "clip.mp4", "mp4", sound=None)
    before = source.read_bytes()
    with pytest.raises(OutputError, match="it is the video that is read"):
        AnnotatedVideo(tmp_path / "." / "clip.mp4", source)
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    ("kind", "sound"), [("mp4", "aac"), ("mpegts", "aac"), ("matroska", "libopus"), ("matroska", "pcm_s16le")]
)
def test_the_sound_is_copied_and_stays_in_step(kind: str, sound: str, tmp_path: Path) -> None:
    source = source_video(tmp_path / "clip", kind, sound=sound)
    pairs = read_video(source)
    assert write(tmp_path / "out.mp4", pairs, source) == []
    flash = next(frame.time for frame, _ in read_video(tmp_path / "out.mp4") if frame.image.mean() > 128)
    flash_before = next(frame.time for frame, _ in pairs if frame.image.mean() > 128)
    assert beep_time(tmp_path / "out.mp4") - flash == pytest.approx(beep_time(source) - flash_before, abs=0.002)
    with av.open(str(source)) as before, av.open(str(tmp_path / "out.mp4")) as after:
        assert after.streams.audio[0].codec_context.name == before.streams.audio[0].codec_context.name


def test_a_sound_cut_short_by_ctrl_c_ends_with_the_picture(tmp_path: Path) -> None:
    source = source_video(tmp_path / "clip.mp4", "mp4", sound="aac")
    sink = AnnotatedVideo(tmp_path / "out.mp4", source)
    for frame, reading in read_video(source)[:30]:
        sink.write(frame, reading)
    sink.close(complete=False)
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert float(container.duration or 0) / av.time_base == pytest.approx(1.2, abs=0.05)


def test_a_source_without_sound_gives_a_video_without(tmp_path: Path) -> None:
    source = source_video(tmp_path / "clip.mp4", "mp4", sound=None)
    assert write(tmp_path / "out.mp4", read_video(source), source) == []
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert not container.streams.audio


def test_sound_that_mp4_cannot_hold_is_left_out_and_said(tmp_path: Path) -> None:
    source = source_video(tmp_path / "clip.avi", "avi", sound="pcm_mulaw")
    (line,) = write(tmp_path / "out.mp4", run(), source)
    assert line == f"{source}: MP4 cannot hold its audio (pcm_mulaw): left out."
    assert len(times(tmp_path / "out.mp4")) == 5


def test_a_source_that_cannot_be_opened_costs_only_the_sound(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_text("not a video")
    (line,) = write(tmp_path / "out.mp4", run(), tmp_path / "clip.mp4")
    assert "the video has none" in line
    assert len(times(tmp_path / "out.mp4")) == 5


def fill(sink: RawVideo, pairs: list[Pair]) -> None:
    for frame, reading in pairs:
        sink.write(frame, reading)


def readable_times(path: Path) -> list[float]:
    """The times of the packets of a file that may end in the middle of one."""
    with av.open(str(path)) as container:
        packets = container.demux(container.streams.video[0])
        return [float(p.pts * p.time_base) for p in packets if p.pts is not None and p.time_base and not p.is_corrupt]


def test_a_raw_video_shows_no_reading(tmp_path: Path) -> None:
    with RawVideo(tmp_path / "out.mp4") as sink:
        sink.write(*pair(0, 0, [face()]))
    frame, _ = read_video(tmp_path / "out.mp4")[0]
    assert np.abs(frame.image.astype(int) - 128).max() < 6


def test_a_recoverable_video_is_the_same_when_it_is_finished(tmp_path: Path) -> None:
    with RawVideo(tmp_path / "out.mp4", recoverable=True) as sink:
        fill(sink, noise(90, start=7.0))
    assert times(tmp_path / "out.mp4") == pytest.approx([i / 30 for i in range(90)], abs=TICK)
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert container.streams.video[0].frames == 90
        assert float(container.duration or 0) / av.time_base == pytest.approx(3, abs=0.05)


def test_a_recoverable_video_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    sink = RawVideo(tmp_path / "out.mp4", recoverable=True)
    fill(sink, noise(150))
    read = readable_times(partial_of(sink.path))
    assert read == pytest.approx([i / 30 for i in range(len(read))], abs=TICK)
    assert len(read) >= 90
    sink.abort()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("share", [0.5, 0.99, 0.9999])
def test_a_full_disk_leaves_a_recoverable_video_readable(share: float, tmp_path: Path) -> None:
    def write_all() -> None:
        with RawVideo(tmp_path / "out.mp4", recoverable=True) as sink:
            fill(sink, noise(90))

    write_all()
    needed = (tmp_path / "out.mp4").stat().st_size
    (tmp_path / "out.mp4").unlink()
    with full_disk(int(share * needed)), pytest.raises(OutputError, match="File too large"):
        write_all()
    assert not (tmp_path / "out.mp4").exists()
    assert len(readable_times(partial_of(tmp_path / "out.mp4"))) >= 90 * share - 5


def test_it_says_how_large_it_is_by_now(tmp_path: Path) -> None:
    sink = RawVideo(tmp_path / "out.mp4", recoverable=True)
    assert sink.bytes_written == 0
    fill(sink, noise(150))
    sink.sync()
    assert sink.bytes_written == partial_of(sink.path).stat().st_size > 0
    sink.close()
    assert sink.bytes_written == (tmp_path / "out.mp4").stat().st_size
