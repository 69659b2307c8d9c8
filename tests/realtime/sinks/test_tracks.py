"""What a film has beside its pictures: all of it is in the annotated copy, bit by bit and at its own time."""

from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition

from realtime.records import Frame, Reading
from realtime.sinks import RawVideo, suffix_for
from tests.realtime.films import Track, make_film, packets
from tests.realtime.sinks.made import read_video

TIMES = [n / 25 for n in range(30)]
GERMAN = Track("aac", "deu", "Saal", Disposition.comment)
ENGLISH = Track("ac3", "eng", "Booth", Disposition.default)
TEXTS = ((0.2, "Guten Tag"), (0.7, "Wie geht's?"))


def film(path: Path, *tracks: Track) -> Path:
    return make_film(
        path,
        TIMES,
        lambda n: np.full((48, 64, 3), 5 * n, np.uint8),
        codec="mpeg4" if path.suffix == ".avi" else "libx264",
        tracks=tracks,
        chapters=() if path.suffix == ".avi" else [(0, 0.5, "Arrival"), (0.5, 1.2, "Talk")],
        metadata={"title": "Session 7", "creation_time": "2020-02-03T04:05:06.000000Z"},
    )


def copy(source: Path) -> tuple[Path, list[str]]:
    """The copy, and what was told."""
    told: list[str] = []
    path = source.with_name("copy").with_suffix(suffix_for(source))
    with RawVideo(path, source, notify=told.append) as sink:
        for frame, reading in read_video(source):
            sink.write(frame, reading)
    return path, told


def close_packets(before: Path, after: Path, kind: str) -> list[int]:
    """How many packets each stream has, all of them the same in both, and at the same time beside the pictures."""
    shift = read_video(before)[0][0].time - read_video(after)[0][0].time
    pairs = list(zip(packets(before, kind), packets(after, kind), strict=True))
    for old, new in pairs:
        assert [data for data, _ in new] == [data for data, _ in old]
        assert [time + shift for _, time in new] == pytest.approx([time for _, time in old], abs=0.0011)
    return [len(old) for old, _ in pairs]


@pytest.mark.parametrize(
    ("name", "tracks", "suffix"),
    [
        ("film.mp4", (GERMAN, ENGLISH), ".mp4"),
        ("film.mp4", (GERMAN, Track("mov_text", "fra", texts=TEXTS)), ".mp4"),
        ("film.mkv", (ENGLISH, GERMAN), ".mp4"),
        ("film.mkv", (GERMAN, Track("subrip", "fra", texts=TEXTS), Track("subrip", "eng", texts=TEXTS)), ".mkv"),
        ("film.mkv", (Track("flac"), Track("libopus")), ".mp4"),
        ("film.mkv", (Track("wavpack"),), ".mkv"),
        ("film.avi", (Track("pcm_mulaw"), Track("pcm_s16le")), ".mov"),
        ("film.ts", (ENGLISH, Track("mp2", "eng")), ".mp4"),
        ("film.mp4", (), ".mp4"),
    ],
)
def test_every_packet_is_kept(tmp_path: Path, name: str, tracks: tuple[Track, ...], suffix: str) -> None:
    source = film(tmp_path / name, *tracks)
    path, told = copy(source)
    assert told == []
    assert path.suffix == suffix
    sounds = [track for track in tracks if not track.texts]
    assert len(close_packets(source, path, "audio")) == len(sounds)
    assert close_packets(source, path, "subtitle") == [len(track.texts) for track in tracks if track.texts]


def test_languages_titles_dispositions_chapters_and_the_films_own_title_are_kept(tmp_path: Path) -> None:
    for name in ("film.mp4", "film.mkv"):
        path, _ = copy(film(tmp_path / name, GERMAN, ENGLISH))
        with av.open(str(path)) as copied:
            german, english = copied.streams.audio
            assert (german.language, english.language) == ("deu", "eng")
            titles = [s.metadata.get("title") or s.metadata.get("name") for s in (german, english)]
            assert titles == ["Saal", "Booth"]
            assert (german.disposition, english.disposition) == (Disposition.comment, Disposition.default)
            assert copied.metadata["title"] == "Session 7"
            assert copied.metadata["creation_time"].startswith("2020-02-03T04:05:06")
            chapters = [
                (float(c["start"] * (c["time_base"] or 0)), float(c["end"] * (c["time_base"] or 0)), c["metadata"])
                for c in copied.chapters()
            ]
            assert chapters == [(0, 0.5, {"title": "Arrival"}), (0.5, 1.2, {"title": "Talk"})]


@pytest.mark.parametrize("name", ["film.mp4", "film.ts"])  # in the latter each packet bears a header of its own
def test_the_sound_is_the_same_to_the_sample(tmp_path: Path, name: str) -> None:
    def heard(path: Path) -> np.ndarray:
        with av.open(str(path)) as opened:
            return np.concatenate([frame.to_ndarray() for frame in opened.decode(audio=0)], axis=1)

    source = film(tmp_path / name, GERMAN)
    np.testing.assert_array_equal(heard(copy(source)[0]), heard(source))


def test_the_text_of_mp4s_subtitles_goes_into_matroska(tmp_path: Path) -> None:
    source = film(tmp_path / "film.mp4", Track("mov_text", "fra", texts=TEXTS))
    with RawVideo(tmp_path / "copy.mkv", source) as sink:
        for frame, reading in read_video(source):
            sink.write(frame, reading)
    (texts,) = packets(tmp_path / "copy.mkv", "subtitle")
    assert [data.decode() for data, _ in texts] == [text for _, text in TEXTS]
    assert [time for _, time in texts] == pytest.approx([time for time, _ in TEXTS], abs=0.001)


def test_what_cannot_be_copied_is_told_in_one_line(tmp_path: Path) -> None:
    source = film(tmp_path / "film.mkv", Track("subrip", texts=TEXTS), Track("wavpack"))
    told: list[str] = []
    with RawVideo(tmp_path / "copy.mp4", source, notify=told.append) as sink:
        for frame, reading in read_video(source):
            sink.write(frame, reading)
    assert told == [f"{source}: MP4 cannot hold its subtitle (srt) and audio (wavpack): left out."]


def test_fonts_for_the_subtitles_go_with_them(tmp_path: Path) -> None:
    grey = np.full((48, 64, 3), 99, np.uint8)
    source = make_film(
        tmp_path / "film.mkv", TIMES, lambda _: grey, tracks=[Track("subrip", texts=TEXTS)], font=b"letters"
    )
    with av.open(str(copy(source)[0])) as copied:
        assert [attached.data for attached in copied.streams.attachments] == [b"letters"]


def test_sound_whose_times_jump_back_costs_neither_picture_nor_sound(tmp_path: Path) -> None:
    source = film(tmp_path / "film.ts", GERMAN)
    (tmp_path / "twice.ts").write_bytes(source.read_bytes() * 2)  # as of a recorder that was started again
    path, told = copy(tmp_path / "twice.ts")
    assert told == []
    assert len(read_video(path)) == 60
    (sound,) = packets(path, "audio")
    assert len(sound) == len(packets(tmp_path / "twice.ts", "audio")[0])


def test_a_damaged_packet_of_sound_costs_itself_alone(tmp_path: Path) -> None:
    source = film(tmp_path / "film.ts", GERMAN)
    data = bytearray(source.read_bytes())
    start = data.index(b"\xff\xf1", len(data) // 2)  # of one of the packets of AAC
    data[start] = 0
    source.write_bytes(data)
    path, (line,) = copy(source)
    assert "damaged packet" in line
    assert len(read_video(path)) == 30
    lost = len(packets(source, "audio")[0]) - len(packets(path, "audio")[0])
    assert 1 <= lost <= 2


def test_a_pause_that_no_mp4_can_hold_is_shortened_and_told(tmp_path: Path) -> None:
    told: list[str] = []
    with RawVideo(tmp_path / "out.mp4", notify=told.append) as sink:
        for number, time in enumerate((0.0, 0.04, 25_200.0, 25_200.04)):
            sink.write(Frame(np.zeros((48, 64, 3), np.uint8), number, time), Reading(number, time, ("x",), ()))
    assert len(told) == 1
    assert "3 hours" in told[0]
    times = [frame.time for frame, _ in read_video(tmp_path / "out.mp4")]
    assert times[:2] == pytest.approx([0.0, 0.04])
    assert times[3] - times[2] == pytest.approx(0.04, abs=1e-3)


def test_a_source_that_is_gone_by_the_time_it_is_copied_costs_nothing(tmp_path: Path) -> None:
    source = film(tmp_path / "film.mp4", GERMAN)
    pairs, sound = read_video(source), packets(source, "audio")[0]
    with RawVideo(tmp_path / "copy.mp4", source) as sink:
        try:
            source.unlink()
        except PermissionError:
            pytest.skip("here an open file cannot be removed")
        for frame, reading in pairs:
            sink.write(frame, reading)
    assert [data for data, _ in packets(tmp_path / "copy.mp4", "audio")[0]] == [data for data, _ in sound]
