"""Times as a person reads them."""

import pytest

from gui.clock import clock, round_times


@pytest.mark.parametrize(
    ("seconds", "step", "text"),
    [
        (0, 1, "0:00"),
        (59.9, 1, "1:00"),
        (83, 5, "1:23"),
        (3600, 60, "1:00:00"),
        (5.25, 0.2, "0:05.2"),
        (-30, 15, "\N{MINUS SIGN}0:30"),
        (-0.2, 1, "0:00"),
    ],
)
def test_times_are_written_short(seconds: float, step: float, text: str) -> None:
    assert clock(seconds, step) == text


@pytest.mark.parametrize(
    ("low", "high", "most", "times"),
    [
        (0, 60, 10, [0, 10, 20, 30, 40, 50, 60]),
        (-60, 0, 5, [-60, -45, -30, -15, 0]),
        (61, 3600, 3, [1800, 3600]),
        (1.05, 1.35, 6, [1.1, 1.2, 1.3]),
    ],
)
def test_round_times_are_few_and_in_range(low: float, high: float, most: float, times: list[float]) -> None:
    assert round_times(low, high, most)[1] == pytest.approx(times)
