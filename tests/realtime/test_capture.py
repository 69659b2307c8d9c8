"""Reading in a thread of its own: a file in order and whole, a live source by its newest frame."""

import threading
from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.errors import SourceError
from realtime.capture import Capture, capture, newest_frame, read_ahead
from realtime.records import Frame
from realtime.sources import SourceInfo, SyntheticSource
from realtime.sources.base import Closable
from tests.realtime.sources.helpers import no_thread_left


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    with no_thread_left():
        yield


class _Scripted(Closable):
    """``frames`` small frames, then ``error``, if any; ``read`` counts those that were asked for.

    A live one waits, after the last one, until it is closed.
    """

    def __init__(self, frames: int, *, error: Exception | None = None, live: bool = False) -> None:
        super().__init__()
        self._frames = frames
        self._error = error
        self.info = SourceInfo("scripted", live=live, width=4, height=2)
        self.read = 0
        self.all_read = threading.Event()

    def __iter__(self) -> Iterator[Frame]:
        for index in range(self._frames):
            self.read += 1
            yield Frame(np.zeros((2, 4, 3), np.uint8), index, index / 10)
        self.all_read.set()
        if self._error is not None:
            raise self._error
        if self.info.live:
            self._closed.wait()


@settings(max_examples=25, deadline=None)
@given(frames=st.integers(0, 60), depth=st.integers(1, 9))
def test_a_file_is_handed_over_whole_and_in_order(frames: int, depth: int) -> None:
    reading = read_ahead(_Scripted(frames), depth)
    assert [frame.index for frame in reading] == list(range(frames))
    assert reading.dropped == 0
    assert reading.get() is None


@settings(max_examples=25, deadline=None)
@given(frames=st.integers(1, 60))
def test_who_comes_late_to_a_live_source_gets_the_newest_frame(frames: int) -> None:
    source = _Scripted(frames, live=True)
    with newest_frame(source) as reading:
        assert source.all_read.wait(10.0)
        newest = reading.get(10.0)
        assert newest is not None
        assert newest.index == frames - 1
        assert reading.dropped == frames - 1
        with pytest.raises(TimeoutError):
            reading.get(0.001)


def test_no_live_frame_comes_twice_or_out_of_order() -> None:
    source = SyntheticSource(width=32, height=24, fps=1000.0, frames=None, live=True)
    with capture(source) as reading:
        seen = [frame.index for frame in islice(reading, 30)]
    assert seen == sorted(set(seen))


def test_a_file_is_read_no_further_ahead_than_asked() -> None:
    source = _Scripted(50)
    with read_ahead(source, depth=3) as reading:
        assert reading.get() is not None
        reading.get()
        assert source.read <= 2 + 3 + 1  # taken, waiting, and the one that waits for room


@pytest.mark.parametrize("how", [newest_frame, read_ahead])
def test_an_error_of_the_source_reaches_who_reads(how: Callable[[_Scripted], Capture]) -> None:
    reading = how(_Scripted(1, error=SourceError("the film tore")))
    frames = iter(reading)
    assert next(frames).index == 0
    with pytest.raises(SourceError, match="the film tore"):
        next(frames)


@pytest.mark.parametrize("live", [False, True])
def test_leaving_the_loop_early_ends_the_thread(live: bool) -> None:
    for frame in capture(_Scripted(1000, live=live)):
        assert frame is not None
        break


@pytest.mark.parametrize("live", [False, True])
def test_closing_twice_is_closing_once_and_nothing_comes_afterwards(live: bool) -> None:
    reading = capture(_Scripted(1000, live=live))
    reading.close()
    reading.close()
    assert reading.get() is None


def test_closing_frees_who_waits_for_a_frame() -> None:
    reading = capture(_Scripted(0, live=True))
    closer = threading.Timer(0.05, reading.close)
    closer.start()
    assert reading.get() is None
    closer.join()


def test_a_file_may_be_captured_again() -> None:
    source = SyntheticSource(width=32, height=24, frames=5)
    for _ in range(2):
        assert len(list(capture(source))) == 5


def test_closing_ends_a_live_source() -> None:
    source = SyntheticSource(width=32, height=24, fps=100.0, frames=None, live=True)
    capture(source).close()
    with pytest.raises(SourceError, match="closed"):
        next(iter(source))
