"""Figures against numbers worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.vectors import softmax
from training.metrics import measure, rank_correlation

_PROBABILITIES = np.array([[0.9, 0.1, 0.0], [0.6, 0.4, 0.0], [0.3, 0.7, 0.0], [0.8, 0.2, 0.0]], np.float32)
_LABELS = np.array([0, 0, 1, 1])


def test_accuracy_and_recall_are_counted() -> None:
    m = measure(_PROBABILITIES, _LABELS)
    assert m.n == 4
    assert m.accuracy == 0.75
    assert m.recall[:2].tolist() == [1.0, 0.5]
    assert np.isnan(m.recall[2])
    assert m.macro_recall == 0.75
    assert m.confusion.tolist() == [[2, 0, 0], [1, 1, 0], [0, 0, 0]]


def test_likelihood_is_of_the_right_class() -> None:
    expected = -(math.log(0.9) + math.log(0.6) + math.log(0.7) + math.log(0.2)) / 4
    assert measure(_PROBABILITIES, _LABELS).nll == pytest.approx(expected, rel=1e-5)


def test_calibration_is_the_gap_in_each_bin() -> None:
    # Each confidence is in a bin of its own: sure by 0.9, 0.6, 0.7 and right; by 0.8 and wrong.
    assert measure(_PROBABILITIES, _LABELS).ece == pytest.approx((0.1 + 0.4 + 0.3 + 0.8) / 4, rel=1e-5)


def test_errors_in_one_bin_make_up_for_each_other() -> None:
    sure = np.tile(np.array([[0.75, 0.25]], np.float32), (4, 1))
    assert measure(sure, np.array([0, 0, 0, 1])).ece == pytest.approx(0, abs=1e-6)


def test_a_certain_error_has_a_finite_price() -> None:
    m = measure(np.array([[1, 0]], np.float32), np.array([1]))
    assert math.isfinite(m.nll)
    assert m.ece == pytest.approx(1)


@given(st.integers(1, 40), st.integers(2, 9), st.integers(0, 99))
def test_figures_keep_within_their_bounds(faces: int, classes: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    labels = chance.integers(0, classes, faces)
    m = measure(softmax(chance.normal(size=(faces, classes)).astype(np.float32)), labels)
    assert 0 <= m.ece <= 1
    assert m.nll >= 0
    assert m.confusion.sum() == m.n == faces
    assert m.accuracy == pytest.approx(m.confusion.trace() / faces)
    np.testing.assert_array_equal(m.confusion.sum(axis=1), np.bincount(labels, minlength=classes))


def test_no_faces_have_no_figures() -> None:
    with pytest.raises(ValueError, match="no faces"):
        measure(np.empty((0, 8), np.float32), np.empty(0, int))


def test_rank_correlation_looks_at_order_alone() -> None:
    rising = np.array([1.0, 2.0, 5.0, 9.0])
    assert rank_correlation(rising, np.exp(rising)) == pytest.approx(1)
    assert rank_correlation(rising, -rising) == pytest.approx(-1)
    # By hand: ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4.
    assert rank_correlation(np.array([0.0, 3.0, 3.0, 4.0]), rising) == pytest.approx(0.9486832980505138)
