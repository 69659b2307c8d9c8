"""A file in the window is played at its own speed."""

import threading
from collections.abc import Iterator
from typing import Self

import pytest

from gui.pace import STILL_S, Paced
from realtime.records import Frame
from realtime.sources.base import SourceInfo
from tests.gui.fakes import grey


class Film:
    """A source with a frame at each of ``times``."""

    def __init__(self, *times: float, still: bool = False) -> None:
        self._times = times
        self.info = SourceInfo("film", live=False, width=64, height=36, still=still)
        self.closed = False

    def __iter__(self) -> Iterator[Frame]:
        image = grey(64, 36)
        return iter([Frame(image, index, time) for index, time in enumerate(self._times)])

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def delays(film: Film, *now: float) -> list[float]:
    """The wait before each frame, where the frames are asked for at ``now``, in seconds from the first."""
    clock = Clock()
    paced = Paced(film, clock=clock)
    waits = []
    for frame, at in zip(film, now, strict=True):
        clock.now = 100.0 + at
        waits.append(paced.delay(frame))
    return waits


def test_uneven_frames_come_at_their_own_times() -> None:
    assert delays(Film(5.0, 5.04, 5.1), 0, 0.01, 0.05) == pytest.approx([0, 0.03, 0.05])


def test_a_little_time_lost_is_made_up_for() -> None:
    assert delays(Film(0, 0.1, 0.2, 0.3), 0, 0.25, 0.25, 0.25) == pytest.approx([0, 0, 0, 0.05])


def test_after_a_long_halt_it_goes_on_at_its_own_speed() -> None:
    assert delays(Film(0, 0.1, 0.2), 0, 3.1, 3.1) == pytest.approx([0, 0, 0.1])


def test_pictures_are_shown_one_after_the_other() -> None:
    assert delays(Film(0, 0, 0, still=True), 0, 0, STILL_S) == pytest.approx([0, STILL_S, STILL_S])


def test_closing_ends_the_waiting_and_closes_the_source() -> None:
    film = Film(0, 3600)
    with Paced(film) as paced:
        frames = iter(paced)
        assert next(frames).index == 0
        closer = threading.Timer(0.05, paced.close)
        closer.start()
        assert next(frames).index == 1
        closer.join()
    assert film.closed
