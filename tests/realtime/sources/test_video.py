"""Video files: their own times, upright, whole or said to be cut."""

import io
import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.errors import SourceError
from realtime.records import Frame
from realtime.sources import VideoSource
from tests.realtime.sources.helpers import HEIGHT, UNEVEN, WIDTH, noise, red_and_blue, write_picture, write_video

TWO_SECONDS = tuple(n / 25 for n in range(50))
FAST_START = {"movflags": "faststart"}
"""The index before the pictures, as in a file made for the web: cut off, it can still be opened."""


def _cut(path: Path, share: float) -> Path:
    data = path.read_bytes()
    cut = path.with_stem("cut")
    cut.write_bytes(data[: int(len(data) * share)])
    return cut


def _read(source: VideoSource) -> tuple[list[Frame], str]:
    """The frames that could be read and the error after them, if any."""
    frames: list[Frame] = []
    try:
        frames.extend(source)
    except SourceError as error:
        return frames, str(error)
    return frames, ""


@settings(max_examples=15, deadline=None)
@given(gaps=st.lists(st.integers(1, 900), min_size=1, max_size=12), start=st.integers(0, 5000))
def test_times_are_those_that_the_frames_were_recorded_with(
    gaps: list[int], start: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    times = np.cumsum([start, *gaps]) / 1000
    path = write_video(tmp_path_factory.mktemp("video") / "uneven.mkv", times.tolist())
    np.testing.assert_allclose([frame.time for frame in VideoSource(path)], times, atol=1e-6)


@pytest.mark.parametrize("turn", [0, 90, 180, -90])
def test_a_video_filmed_with_a_turned_phone_comes_upright(tmp_path: Path, turn: int) -> None:
    lying = np.ascontiguousarray(np.rot90(red_and_blue(), -turn // 90))
    source = VideoSource(write_video(tmp_path / "phone.mp4", UNEVEN, draw=lambda _: lying, turn=turn))
    assert (source.info.width, source.info.height) == (WIDTH, HEIGHT)
    for frame in source:
        np.testing.assert_allclose(frame.image[HEIGHT // 2, 20], (255, 0, 0), atol=12)


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".avi", ".ts"])
@pytest.mark.parametrize("start", [0, 40])
def test_a_whole_file_is_read_to_its_end(tmp_path: Path, suffix: str, start: int) -> None:
    source = VideoSource(write_video(tmp_path / f"whole{suffix}", [start + time for time in TWO_SECONDS]))
    assert len(list(source)) == len(TWO_SECONDS)
    assert source.damage.packets == 0


def test_a_file_in_fragments_is_read_to_its_end(tmp_path: Path) -> None:
    path = write_video(tmp_path / "fragments.mp4", TWO_SECONDS, options={"movflags": "frag_keyframe+empty_moov"})
    assert len(list(VideoSource(path))) == len(TWO_SECONDS)


def test_a_file_whose_beginning_was_trimmed_away_is_read_to_its_end(tmp_path: Path) -> None:
    path = write_video(tmp_path / "long.mp4", TWO_SECONDS)
    trimmed = tmp_path / "trimmed.mp4"
    with av.open(str(path)) as source, av.open(str(trimmed), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None and packet.pts is not None and packet.size:
                packet.pts -= round(1 / packet.time_base)  # the player is told to leave out what lies before 0
                packet.dts -= round(1 / packet.time_base)
                packet.stream = stream
                target.mux(packet)
    assert len(list(VideoSource(trimmed))) == len(TWO_SECONDS) // 2


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi"])
def test_a_video_cut_in_half_gives_its_readable_part_and_then_one_clear_line(
    tmp_path: Path, suffix: str, share: float
) -> None:
    times = [n / 25 for n in range(100)]
    options = FAST_START if suffix == ".mp4" else {}
    path = _cut(write_video(tmp_path / f"half{suffix}", times, draw=noise, options=options), share)
    source = VideoSource(path)
    frames, said = _read(source)
    assert [frame.index for frame in frames] == list(range(len(frames)))
    assert 0 < len(frames) < len(times)
    assert said.startswith(f"{path} ends at ")
    assert "copy it again" in said
    assert "\n" not in said


def test_a_video_cut_before_its_index_cannot_be_opened(tmp_path: Path) -> None:
    path = _cut(write_video(tmp_path / "half.mp4", TWO_SECONDS, draw=noise), 0.5)
    with pytest.raises(SourceError, match=r"cut\.mp4 cannot be read as a video"):
        VideoSource(path)


def _scratched(path: Path, numbers: range, scratch: Callable[[bytes], bytes]) -> Path:
    """``path`` with these of its packets changed by ``scratch``."""
    with av.open(str(path)) as container:
        packets = [(p.pos, p.size) for p in container.demux(video=0) if p.pos is not None and p.size]
    data = bytearray(path.read_bytes())
    for start, size in packets[numbers.start : numbers.stop]:
        data[start : start + size] = scratch(bytes(data[start : start + size]))
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("suffix", [".avi", ".mp4"])
def test_damage_in_the_middle_is_skipped_counted_and_named(tmp_path: Path, suffix: str) -> None:
    path = write_video(
        tmp_path / f"scratched{suffix}", TWO_SECONDS, draw=noise, options=FAST_START if suffix == ".mp4" else {}
    )
    source = VideoSource(_scratched(path, range(20, 24), lambda whole: bytes(len(whole))))
    frames, said = _read(source)
    assert said == ""
    assert source.damage.packets == 4
    assert source.damage.times_s == pytest.approx([0.8, 0.84, 0.88, 0.92], abs=0.05)
    assert len(frames) == len(TWO_SECONDS) - 4
    lost = {20, 21, 22, 23}
    if suffix == ".mp4":  # the times of an AVI are counted by its packets
        left = [time for number, time in enumerate(TWO_SECONDS) if number not in lost]
        assert [frame.time for frame in frames] == pytest.approx(left, abs=0.001)


def test_a_picture_that_the_decoder_had_to_patch_counts_as_damaged(tmp_path: Path) -> None:
    def flip(whole: bytes) -> bytes:
        return whole[: len(whole) // 2] + bytes(255 - byte for byte in whole[len(whole) // 2 :])

    path = write_video(tmp_path / "scratched.mp4", TWO_SECONDS, draw=noise, options=FAST_START)
    source = VideoSource(_scratched(path, range(30, 31), flip))
    frames, said = _read(source)
    assert said == ""
    assert source.damage.packets == 1
    assert len(frames) >= len(TWO_SECONDS) - 1


def test_of_much_damage_the_first_hundred_times_are_kept(tmp_path: Path) -> None:
    path = write_video(tmp_path / "scratched.avi", [n / 25 for n in range(150)], draw=noise)
    source = VideoSource(_scratched(path, range(20, 140), lambda whole: bytes(len(whole))))
    _read(source)
    assert source.damage.packets == 120
    assert len(source.damage.times_s) == 100
    assert source.damage.times_s == sorted(source.damage.times_s)
    _read(source)
    assert source.damage.packets == 120  # of one reading, not of both


def test_a_file_that_is_emptied_while_it_is_read_gives_what_was_read_and_then_one_line(tmp_path: Path) -> None:
    path = write_video(tmp_path / "gone.mp4", [n / 25 for n in range(200)], draw=noise, options=FAST_START)
    frames: list[Frame] = []

    def read() -> None:
        for frame in VideoSource(path):
            frames.append(frame)
            if len(frames) == 20:
                path.write_bytes(b"")

    with pytest.raises(SourceError, match=r"gone\.mp4 ends at .* of 8\.0 s"):
        read()
    assert 20 <= len(frames) < 200


@pytest.mark.parametrize("suffix", [".mp4", ".ts"])
def test_a_disk_that_fails_is_named_with_what_it_said(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_video(tmp_path / f"clip{suffix}", TWO_SECONDS)
    opened = av.open

    class Failing(io.BytesIO):
        """A file on a disk that gives half of it."""

        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > path.stat().st_size // 2 and frames:
                raise av.error.OSError(5, "Input/output error")
            return super().read(size)

    frames: list[Frame] = []
    source = VideoSource(path)
    monkeypatch.setattr(av, "open", lambda *_, **__: opened(Failing(path.read_bytes()), buffer_size=512))
    with pytest.raises(SourceError, match=r"cannot be read beyond \d\.\d s \(Input/output error\): check its disk"):
        frames.extend(source)


def test_damage_up_to_the_end_is_said(tmp_path: Path) -> None:
    path = write_video(tmp_path / "scratched.mp4", TWO_SECONDS, draw=noise, options=FAST_START)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + bytes(len(data) - len(data) // 2))
    frames, said = _read(VideoSource(path))
    assert 0 < len(frames) < len(TWO_SECONDS)
    assert "of 2.0 s" in said


def test_drawing_on_a_frame_does_not_reach_the_decoder(tmp_path: Path) -> None:
    path = tmp_path / "screen.mov"
    image = red_and_blue(640, 48)  # as wide as FFmpeg's rows, so that no copy is needed to make them contiguous
    with av.open(str(path), "w") as container:
        stream = container.add_stream("qtrle", rate=25)  # decodes to RGB, and each frame on top of the one before
        stream.width, stream.height, stream.pix_fmt = 640, 48, "rgb24"
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode())
    for frame in VideoSource(path):
        np.testing.assert_array_equal(frame.image, image)
        frame.image[:] = 0


def test_what_is_no_video_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("A letter.\n" * 200)
    (tmp_path / "notes.txt").write_text("A letter.\n" * 200)
    (tmp_path / "list.m3u8").write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n")
    with wave.open(str(tmp_path / "sound.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(8000))
    with av.open(str(tmp_path / "pictureless.mp4"), "w") as container:
        container.add_stream("mpeg4", rate=25)
        container.start_encoding()
    expected = {
        "empty.mp4": "is empty",
        "text.mp4": "cannot be read as a video",
        "notes.txt": "has no video in it",
        "list.m3u8": "cannot be read as a video",
        "sound.wav": "has no video in it",
        "pictureless.mp4": "has no video in it",
        "missing.mp4": "does not exist",
        "": "is a folder",
    }
    for name, reason in expected.items():
        with pytest.raises(SourceError, match=reason) as caught:
            VideoSource(tmp_path / name)
        assert "\n" not in str(caught.value)


def test_nothing_is_written_to_the_terminal_about_a_damaged_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = _cut(write_video(tmp_path / "half.mp4", TWO_SECONDS, draw=noise, options=FAST_START), 0.5)
    _read(VideoSource(path))
    assert capfd.readouterr() == ("", "")


def test_a_song_with_a_cover_has_no_video(tmp_path: Path) -> None:
    cover = write_picture(tmp_path / "cover.png", red_and_blue())
    path = tmp_path / "song.mp4"
    with av.open(str(cover)) as picture, av.open(str(path), "w") as container:
        sound = container.add_stream("aac", rate=44100)
        image = container.add_stream_from_template(picture.streams.video[0])
        image.disposition = av.stream.Disposition.attached_pic
        for packet in picture.demux(video=0):
            if packet.size:
                packet.stream = image
                container.mux(packet)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024 * 2), np.int16), format="s16", layout="stereo")
        silence.sample_rate, silence.time_base, silence.pts = 44100, Fraction(1, 44100), 0
        container.mux(sound.encode(silence))
        container.mux(sound.encode())
    with pytest.raises(SourceError, match="has no video"):
        VideoSource(path)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "count"),
    [("WolfgangLanger_Pexels.mp4", 472), ("face_noface.mov", 169), ("no_face.mp4", 95), ("single_face.mp4", 72)],
)
def test_real_clips_are_read_whole(shared_data: Path, name: str, count: int) -> None:
    gaps = np.diff([frame.time for frame in VideoSource(shared_data / "clips" / name)])
    assert len(gaps) == count - 1
    assert np.all(gaps > 0)
    if name == "face_noface.mov":  # filmed with an uneven rate
        assert gaps.max() > 1.5 * gaps.min()
