"""Codecs, their quality, and encoders in hardware that may be there or not."""

from pathlib import Path

import av
import numpy as np
import pytest

from engines.errors import OutputError
from realtime.products import Codec
from realtime.sinks import Coding, RawVideo, encoders
from realtime.sinks.encoders import Encoder
from tests.realtime.films import BARS, bars, bars_in
from tests.realtime.sinks.made import Pair, noise, pair, pair_of, read_video

CODECS: tuple[Codec, ...] = ("h264", "hevc", "av1")


def write(path: Path, pairs: list[Pair], coding: Coding) -> str:
    """The encoder's name."""
    with RawVideo(path, coding=coding) as sink:
        for frame, reading in pairs:
            sink.write(frame, reading)
    return sink.encoder


@pytest.mark.parametrize(
    ("codec", "suffix"),
    [(codec, suffix) for codec in CODECS for suffix in (".mp4", ".mkv", ".mov") if codec != "av1" or suffix != ".mov"],
)
def test_every_codec_keeps_times_and_colours(
    tmp_path: Path, codec: Codec, suffix: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path, times = tmp_path / f"out{suffix}", [0, 0.033, 0.1, 0.35, 0.36, 0.9]
    write(path, [pair_of(bars(), i, time, []) for i, time in enumerate(times)], Coding(codec))
    read = read_video(path)
    assert [frame.time for frame, _ in read] == pytest.approx(times, abs=0.001)
    for frame, _ in read:
        assert np.abs(bars_in(frame.image) - BARS).max() <= 8
    with av.open(str(path)) as video:
        assert video.streams.video[0].codec_context.codec.canonical_name == codec
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("count", [1, 2])
def test_every_codec_bears_films_of_a_frame_or_two(tmp_path: Path, codec: Codec, count: int) -> None:
    write(tmp_path / "out.mp4", noise(count), Coding(codec, hardware=False))
    assert len(read_video(tmp_path / "out.mp4")) == count


@pytest.mark.parametrize("codec", CODECS)
def test_more_quality_is_a_larger_file_closer_to_the_source(tmp_path: Path, codec: Codec) -> None:
    sizes, errors = [], []
    pairs = noise(10)
    for quality in (0, 50, 100):
        path = tmp_path / f"{quality}.mp4"
        write(path, pairs, Coding(codec, quality, hardware=False))
        sizes.append(path.stat().st_size)
        read = read_video(path)
        errors.append(
            np.mean([np.abs(a.image.astype(int) - b.image) for (a, _), (b, _) in zip(read, pairs, strict=True)])
        )
    assert sizes == sorted(sizes)
    assert errors == sorted(errors, reverse=True)


@pytest.mark.parametrize("codec", CODECS)
def test_in_software_the_same_pictures_give_the_same_file(tmp_path: Path, codec: Codec) -> None:
    files = []
    for name in ("a.mp4", "b.mp4"):
        write(tmp_path / name, noise(20), Coding(codec, hardware=False))
        files.append((tmp_path / name).read_bytes())
    assert files[0] == files[1]


def test_the_quality_that_is_not_given_is_sixty(tmp_path: Path) -> None:
    for name, quality in (("a.mp4", None), ("b.mp4", 60)):
        write(tmp_path / name, noise(5), Coding("h264", quality, hardware=False))
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_hardware_that_does_not_work_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "_works", lambda *_: True)  # as a card that others have taken by now
    assert write(tmp_path / "out.mp4", noise(5), Coding("h264")) in av.codecs_available
    assert len(read_video(tmp_path / "out.mp4")) == 5


def test_hardware_is_tried_by_a_real_picture_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    monkeypatch.setattr(encoders, "_HARDWARE", ("nvenc",))

    def works(encoder: Encoder, size: tuple[int, int]) -> bool:
        tried.append(encoder.name)
        return size == (720, 1280)

    monkeypatch.setattr(encoders, "_works", works)
    monkeypatch.setattr(av, "codecs_available", {"h264_nvenc"})
    assert [each.name for each in encoders.encoders(Coding(), (720, 1280))] == ["h264_nvenc", "libx264"]
    assert [each.name for each in encoders.encoders(Coding(), (16, 16))] == ["libx264"]
    assert [each.name for each in encoders.encoders(Coding(hardware=False), (720, 1280))] == ["libx264"]
    assert tried == ["h264_nvenc", "h264_nvenc"]


def test_an_encoder_is_proven_by_reading_what_it_wrote() -> None:
    assert encoders._works(Encoder("libx264", ()), (48, 64))
    assert not encoders._works(Encoder("libx265", (("x265-params", "log-level=none"),)), (2, 2))
    assert not encoders._works(Encoder("no_such_encoder", ()), (48, 64))


def test_pictures_that_a_codec_does_not_take_are_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"no encoder takes pictures of 2x2 here; choose another codec"):
        write(tmp_path / "out.mp4", [pair(0, 0, size=(2, 2))], Coding("hevc", hardware=False))
    assert list(tmp_path.iterdir()) == []
