"""Steadying over time: by seconds, not by frames."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from realtime.smoothing import Smoother

_SAD = np.array([[1, 0, 0]], np.float32)
_HAPPY = np.array([[0, 1, 0]], np.float32)


def _after(seconds: float, fps: float, constant: float) -> NDArray[np.float32]:
    """Sad at first, happy for ``seconds`` since, seen ``fps`` times a second."""
    smoother = Smoother(constant)
    smoothed = smoother.smooth([1], _SAD, 0.0)
    frames = max(1, round(seconds * fps))
    for index in range(1, frames + 1):
        smoothed = smoother.smooth([1], _HAPPY, seconds * index / frames)
    last: NDArray[np.float32] = smoothed[0]
    return last


@given(st.floats(0.05, 2), st.sampled_from([5.0, 12.5, 24.0, 60.0, 240.0]), st.floats(0.1, 1))
def test_the_frame_rate_makes_no_difference(seconds: float, fps: float, constant: float) -> None:
    np.testing.assert_allclose(_after(seconds, fps, constant), _after(seconds, 30.0, constant), atol=1e-4)


@given(st.floats(0.1, 5))
def test_after_the_time_constant_the_past_counts_for_one_in_e(constant: float) -> None:
    assert _after(constant, 30.0, constant)[0] == pytest.approx(1 / math.e, abs=1e-3)


@given(st.lists(st.tuples(st.floats(0, 3), st.lists(st.floats(0.01, 1), min_size=4, max_size=4)), min_size=1))
def test_shares_still_add_up_to_one(steps: list[tuple[float, list[float]]]) -> None:
    smoother, now = Smoother(0.3), 0.0
    for wait, weights in steps:
        now += wait
        shares = np.array([weights], np.float32)
        smoothed = smoother.smooth([1], shares / shares.sum(), now)
        assert smoothed.dtype == np.float32
        assert smoothed.min() >= 0
        np.testing.assert_allclose(smoothed.sum(axis=1), 1, atol=1e-4)


def test_none_leaves_everything_as_it_is() -> None:
    smoother = Smoother(0)
    for index in range(4):
        fresh = _SAD if index % 2 else _HAPPY
        np.testing.assert_array_equal(smoother.smooth([1], fresh, index / 30), fresh)


def test_the_first_reading_of_a_face_is_taken_as_it_is() -> None:
    np.testing.assert_array_equal(Smoother(0.3).smooth([4], _SAD, 17.0), _SAD)


def test_faces_have_nothing_to_do_with_each_other() -> None:
    together, alone = Smoother(0.3), Smoother(0.3)
    together.smooth([1, 2], np.concatenate([_SAD, _HAPPY]), 0.0)
    alone.smooth([1], _SAD, 0.0)
    both = together.smooth([2, 1], np.concatenate([_SAD, _HAPPY]), 0.1)
    np.testing.assert_array_equal(both[1:], alone.smooth([1], _HAPPY, 0.1))
    assert both[0, 1] > both[0, 0]


def test_a_face_that_was_away_for_long_starts_afresh() -> None:
    smoother = Smoother(0.3)
    smoother.smooth([1], _SAD, 0.0)
    smoother.smooth([], np.empty((0, 3), np.float32), 60.0)
    np.testing.assert_array_equal(smoother.smooth([1], _HAPPY, 60.1), _HAPPY)


def test_a_face_that_blinks_out_goes_on_where_it_was() -> None:
    smoother = Smoother(0.3)
    smoother.smooth([1], _SAD, 0.0)
    smoother.smooth([], np.empty((0, 3), np.float32), 0.05)
    assert smoother.smooth([1], _HAPPY, 0.1)[0, 0] == pytest.approx(math.exp(-1 / 3), abs=1e-4)


def test_a_frame_of_the_same_moment_changes_nothing() -> None:
    smoother = Smoother(0.3)
    smoother.smooth([1], _SAD, 1.0)
    np.testing.assert_array_equal(smoother.smooth([1], _HAPPY, 1.0), _SAD)


def test_a_time_that_falls_starts_afresh() -> None:
    smoother = Smoother(0.3)
    smoother.smooth([1, 2], np.concatenate([_SAD, _SAD]), 10.0)
    np.testing.assert_array_equal(smoother.smooth([1], _HAPPY, 2.0), _HAPPY)
    np.testing.assert_array_equal(smoother.smooth([2], _HAPPY, 10.0), _HAPPY)


def test_less_than_no_smoothing_is_refused() -> None:
    with pytest.raises(ValueError, match="0 seconds or more"):
        Smoother(-0.1)
