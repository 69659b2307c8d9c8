"""Videos whose clocks or whose streams are not what one would expect: every frame comes, at a time that makes sense."""

from pathlib import Path

import av
import numpy as np
import pytest
from av.bitstream import BitStreamFilterContext

from realtime.sources import VideoSource
from tests.realtime.films import Track, make_film

_TIMES = [n / 25 for n in range(25)]
_FLAGS = 4
"""Where an FLV file says whether there is sound and whether there are pictures."""


def _film(path: Path, times: list[float] = _TIMES, *tracks: Track) -> Path:
    return make_film(path, times, lambda n: np.full((48, 64, 3), 5 * (n % 50), np.uint8), tracks=tracks)


def _read(path: Path, start: float = 0.0) -> list[float]:
    with VideoSource(path) as source:
        return [frame.time for frame in source.frames(start)]


def test_where_the_clock_is_set_back_times_go_on(tmp_path: Path) -> None:
    long = [n / 25 for n in range(50)]
    path = _film(tmp_path / "one.ts", long, Track("aac"))
    (tmp_path / "two.ts").write_bytes(path.read_bytes() * 2)
    times = _read(tmp_path / "two.ts")
    assert len(times) == 100
    assert np.diff(times) == pytest.approx(np.full(99, 0.04), abs=1e-3)
    with VideoSource(tmp_path / "two.ts") as source:
        assert [frame.time for frame in source] == times
        assert [frame.time for frame in source.frames(3.0)] == times[75:], "no seek where a time stands for two moments"


def test_a_stream_that_begins_after_the_file_was_opened_is_no_end(tmp_path: Path) -> None:
    """As of live streams: the header promises pictures alone."""
    path = _film(tmp_path / "live.flv", [n / 25 for n in range(400)], Track("aac"))
    _late_sound(path, tmp_path / "late.flv")
    assert len(_read(tmp_path / "late.flv")) == 400


def _late_sound(source: Path, path: Path) -> None:
    """``source`` with its sound after all of its pictures, and nothing said of it."""
    data = bytearray(source.read_bytes())
    data[_FLAGS] = 1
    parts: dict[bool, list[bytes]] = {False: [], True: []}
    place = 13
    while place < len(data):
        size = 11 + int.from_bytes(data[place + 1 : place + 4], "big") + 4
        parts[data[place] == 8].append(bytes(data[place : place + size]))
        place += size
    path.write_bytes(bytes(data[:13]) + b"".join(parts[False] + parts[True]))


def test_a_wild_time_spoils_no_other(tmp_path: Path) -> None:
    path = _film(tmp_path / "wild.flv")
    data = bytearray(path.read_bytes())
    place, seen = 13, 0
    while seen < 12:  # pictures, after the one with the coder's parameters
        size = 11 + int.from_bytes(data[place + 1 : place + 4], "big") + 4
        seen += data[place] == 9
        place += size if seen < 12 else 0
    data[place + 13] |= 0x80  # by how much later this one is shown than it is decoded
    path.write_bytes(data)
    times = _read(path)
    assert len(times) == 25
    assert max(times) < 1.1


def test_a_stream_that_tells_its_turn_only_once_is_turned_throughout(tmp_path: Path) -> None:
    source = _film(tmp_path / "plain.mp4")
    with av.open(str(source)) as read, av.open(str(tmp_path / "turned.mkv"), "w") as written:
        stream = written.add_stream_from_template(read.streams.video[0])
        turn = BitStreamFilterContext("h264_metadata=display_orientation=insert:rotate=90", read.streams.video[0])
        for packet in (*(each for each in read.demux(video=0) if each.size), None):
            for turned in turn.filter(packet):
                turned.stream = stream
                written.mux(turned)
    with VideoSource(tmp_path / "turned.mkv") as video:
        assert (video.info.width, video.info.height) == (48, 64)
        assert {frame.image.shape for frame in video} == {(64, 48, 3)}
