"""When a frame is due: by the film's own times, at any speed, and not rushing after time that was lost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.playback import FilmClock


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def delays(positions: list[float], asked: list[float], speed: float = 1.0) -> list[float]:
    """The wait before each frame, where the frames are asked for at ``asked``, in seconds from the first."""
    hands = Hands()
    clock = FilmClock(hands)
    clock.speed = speed
    waits = []
    for position, now in zip(positions, asked, strict=True):
        hands.now = 100.0 + now
        waits.append(clock.delay(position))
    return waits


def test_uneven_frames_are_due_at_their_own_times() -> None:
    assert delays([0, 0.04, 0.1], [0, 0.01, 0.05]) == pytest.approx([0, 0.03, 0.05])


def test_a_little_time_lost_is_made_up_for() -> None:
    assert delays([0, 0.1, 0.2, 0.3], [0, 0.25, 0.25, 0.25]) == pytest.approx([0, 0, 0, 0.05])


def test_after_a_long_halt_it_goes_on_at_its_own_speed() -> None:
    assert delays([0, 0.1, 0.2], [0, 3.1, 3.1]) == pytest.approx([0, 0, 0.1])


@given(st.floats(0.25, 4), st.lists(st.floats(0.001, 3), min_size=1, max_size=8))
def test_the_speed_is_seconds_of_the_film_a_second(speed: float, gaps: list[float]) -> None:
    positions = np.cumsum([0.0, *gaps]).tolist()
    assert delays(positions, [0.0] * len(positions), speed) == pytest.approx([each / speed for each in positions])


@given(st.lists(st.tuples(st.floats(0, 5), st.sampled_from(["run", "halt", 0.25, 1.0, 4.0])), max_size=12))
def test_a_clock_goes_on_from_where_it_is_whatever_is_done_to_it(steps: list[tuple[float, str | float]]) -> None:
    hands = Hands()
    clock, expected, running, speed = FilmClock(hands), 0.0, True, 1.0
    for wait, order in steps:
        hands.now += wait
        expected += wait * speed * running
        if isinstance(order, float):
            clock.speed = speed = order
        else:
            getattr(clock, order)()
            running = order == "run"
        assert clock.position == pytest.approx(expected)
