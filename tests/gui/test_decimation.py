"""Fewer points, the same picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gui.decimation import GAP_S, Samples, decimate


def a_series(seed: int, length: int, gaps: int = 0) -> Samples:
    random = np.random.default_rng(seed)
    steps = random.uniform(0.02, 0.05, length)
    steps[random.integers(0, length, gaps)] += 1.0
    return Samples.of(np.cumsum(steps), random.random((length, 3), np.float32))


def parts(values: NDArray[np.float32]) -> int:
    """How many lines are drawn: stretches between rows of NaN."""
    missing = np.isnan(values).any(axis=1)
    return int(np.count_nonzero(np.diff(np.append(True, missing).astype(int)) == -1))


@given(st.integers(0, 99), st.integers(1, 3000), st.integers(1, 200), st.floats(0, 1), st.floats(0.01, 1))
def test_every_peak_stays_and_the_points_are_few(
    seed: int, length: int, columns: int, start: float, share: float
) -> None:
    samples = a_series(seed, length)
    span = samples.times[-1] - samples.times[0] + 1
    left = samples.times[0] + start * span
    right = left + share * span
    times, values = decimate(samples, left, right, columns)
    inside = (samples.times >= left) & (samples.times <= right)
    if inside.any():
        assert np.array_equal(np.nanmax(values, axis=0) >= samples.values[inside].max(axis=0), [True] * 3)
        assert np.array_equal(np.nanmin(values, axis=0) <= samples.values[inside].min(axis=0), [True] * 3)
    assert len(times) == len(values) <= 2 * (columns + 4)
    assert np.all(np.diff(times) >= 0)


def test_a_peak_of_one_frame_in_an_hour_is_drawn_where_it_is() -> None:
    times = np.arange(108_000) / 30
    values = np.full((len(times), 8), 0.1, np.float32)
    values[71_234, 5] = 1
    when, drawn = decimate(Samples.of(times, values), 0, 3600, 900)
    assert when[drawn[:, 5].argmax()] == pytest.approx(times[71_234], abs=3600 / 900)
    assert drawn[:, 4].max() == pytest.approx(0.1)


def test_few_samples_are_drawn_as_they_are() -> None:
    samples = a_series(1, 300)
    times, values = decimate(samples, samples.times[0], samples.times[-1], 400)
    assert np.array_equal(times, samples.times)
    assert np.array_equal(values, samples.values)


def test_a_line_goes_on_beyond_the_edges() -> None:
    samples = Samples.of(np.arange(10.0) / 4, np.zeros((10, 1), np.float32))
    times, _ = decimate(samples, 1.1, 1.4, 100)
    assert times[0] < 1.1
    assert times[-1] > 1.4


@given(st.integers(0, 99), st.integers(0, 12), st.sampled_from([30, 5000]))
def test_gaps_wider_than_a_column_are_never_bridged(seed: int, gaps: int, columns: int) -> None:
    samples = a_series(seed, 1000, gaps)
    _, values = decimate(samples, samples.times[0], samples.times[-1], columns)
    assert parts(values) == 1 + np.count_nonzero(np.diff(samples.times) > GAP_S)


def test_missing_rows_break_the_line() -> None:
    values = np.zeros((9, 2), np.float32)
    values[3] = np.nan
    values[6, 1] = np.nan
    samples = Samples.of(np.arange(9) / 30, values)
    assert len(samples.times) == 7
    assert parts(decimate(samples, 0, 0.3, 100)[1]) == 3


def test_points_stay_what_they_are_while_the_view_moves() -> None:
    samples = a_series(7, 5000)
    drawn = [decimate(samples, left, left + 60, 300) for left in (20.0, 20.13)]
    points = [{(t, *row) for t, row in zip(times, values, strict=True) if 22 < t < 78} for times, values in drawn]
    assert points[0] == points[1]


def test_no_samples_are_no_points() -> None:
    times, values = decimate(Samples.of(np.zeros(0), np.zeros((0, 8), np.float32)), 0, 60, 100)
    assert (times.shape, values.shape) == ((0,), (0, 8))


def test_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match=r"\[N, K\]"):
        Samples.of(np.zeros(3), np.zeros((2, 8), np.float32))
