"""What every source promises, checked on each of them. Every one shows red on the left and blue on the right."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from engines.errors import SourceError
from realtime.sources import CameraSource, PictureSource, Source, SyntheticSource, VideoSource, open_stream
from tests.realtime.sources.helpers import UNEVEN, FakeCamera, mjpeg_server, red_and_blue, write_picture, write_video

Make = Callable[[], AbstractContextManager[Source]]


@contextmanager
def _synthetic(_: Path) -> Iterator[Source]:
    with SyntheticSource(width=160, height=120, frames=5, portrait=red_and_blue()) as source:
        yield source


@contextmanager
def _live_synthetic(_: Path) -> Iterator[Source]:
    with SyntheticSource(width=160, height=120, fps=200.0, frames=None, portrait=red_and_blue(), live=True) as source:
        yield source


@contextmanager
def _video(folder: Path) -> Iterator[Source]:
    with VideoSource(write_video(folder / "uneven.mp4", UNEVEN)) as source:
        yield source


@contextmanager
def _turned_video(folder: Path) -> Iterator[Source]:
    lying = np.ascontiguousarray(np.rot90(red_and_blue(), -1))
    with VideoSource(write_video(folder / "turned.mov", UNEVEN, draw=lambda _: lying, turn=90)) as source:
        yield source


@contextmanager
def _picture(folder: Path) -> Iterator[Source]:
    with PictureSource(write_picture(folder / "one.png", red_and_blue())) as source:
        yield source


@contextmanager
def _folder(folder: Path) -> Iterator[Source]:
    for name in ("a.png", "b.bmp", "c.webp", "d.jpg", "e.tif"):
        write_picture(folder / name, red_and_blue())
    with PictureSource(folder) as source:
        yield source


@contextmanager
def _camera(_: Path) -> Iterator[Source]:
    camera = FakeCamera()
    with CameraSource("the camera", camera.open, clock=camera.clock) as source:
        yield source


@contextmanager
def _stream(_: Path) -> Iterator[Source]:
    with mjpeg_server() as url, open_stream(url) as source:
        yield source


KINDS = (_synthetic, _live_synthetic, _video, _turned_video, _picture, _folder, _camera, _stream)


@pytest.fixture(params=KINDS, ids=[kind.__name__.strip("_") for kind in KINDS])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    kind: Callable[[Path], AbstractContextManager[Source]] = request.param
    return lambda: kind(tmp_path)


@pytest.fixture
def source(make: Make) -> Iterator[Source]:
    with make() as opened:
        yield opened


def test_frames_are_numbered_from_0_and_time_never_falls(source: Source) -> None:
    frames = list(islice(source, 5))
    assert [frame.index for frame in frames] == list(range(len(frames)))
    times = [frame.time for frame in frames]
    assert times == sorted(times)


def test_every_frame_is_as_large_as_the_source_says_and_contiguous(source: Source) -> None:
    for frame in islice(source, 5):
        assert frame.image.shape == (source.info.height, source.info.width, 3)
        assert frame.image.dtype == np.uint8
        assert frame.image.flags.c_contiguous


def test_colours_are_red_green_blue_and_the_picture_is_upright(source: Source) -> None:
    frame = next(iter(source))
    height, width, _ = frame.image.shape
    assert (width, height) == (160, 120)
    left, right = frame.image[height // 2, width // 2 - 16], frame.image[height // 2, width // 2 + 16]
    np.testing.assert_allclose(left, (255, 0, 0), atol=12)
    np.testing.assert_allclose(right, (0, 0, 255), atol=12)


def test_drawing_on_a_frame_changes_no_other(source: Source) -> None:
    frames = list(islice(source, 2))
    frames[0].image[:] = 7
    assert all((frame.image != 7).any() for frame in frames[1:])


def test_as_many_frames_come_as_are_announced_and_a_live_source_goes_on(source: Source) -> None:
    wanted = 20 if source.info.live else source.info.frames
    assert wanted is not None
    assert len(list(islice(source, wanted + 1 - source.info.live))) == wanted


def test_a_second_reading_starts_over_or_goes_on_counting_where_the_source_is_live(source: Source) -> None:
    first = list(islice(source, 4))
    second = next(iter(source))
    if source.info.live:
        assert second.index == len(first)
        assert second.time >= first[-1].time
    else:
        assert (second.index, second.time) == (0, first[0].time)
        np.testing.assert_array_equal(second.image, first[0].image)


def test_closing_ends_the_reading_that_is_under_way(source: Source) -> None:
    frames = iter(source)
    next(frames)
    source.close()
    assert list(frames) == []


def test_closing_twice_is_closing_once_and_nothing_is_read_afterwards(source: Source) -> None:
    with closing(source):
        source.close()
    with pytest.raises(SourceError, match="closed"):
        next(iter(source))


def test_leaving_the_with_block_closes(make: Make) -> None:
    with make() as source, source as entered:
        assert entered is source
        next(iter(entered))
    with pytest.raises(SourceError, match="closed"):
        next(iter(source))
