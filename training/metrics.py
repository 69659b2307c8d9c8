"""How good probabilities are: accuracy, recall, calibration."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Labels = NDArray[np.intp]

CALIBRATION_BINS = 15


@dataclass(frozen=True, slots=True, eq=False)
class Metrics:
    """Figures over ``n`` faces.

    ``recall`` is float64 ``[K]`` (nan for a class without faces), ``confusion`` int64 ``[K, K]`` with the truth in
    rows; ``ece`` is the expected calibration error in 0..1 (Guo et al., arXiv 1706.04599; 15 equal bins); ``nll`` is
    in nats.
    """

    n: int
    accuracy: float
    macro_recall: float
    recall: NDArray[np.float64]
    ece: float
    nll: float
    confusion: NDArray[np.int64]


def measure(probabilities: Floats, labels: Labels) -> Metrics:
    """Compare ``probabilities`` float ``[N, K]`` with ``labels`` int ``[N]``. Raises ``ValueError`` where N is 0."""
    if len(labels) == 0:
        raise ValueError("measure: no faces")
    classes = probabilities.shape[1]
    guesses = probabilities.argmax(axis=1)
    confusion = np.zeros((classes, classes), np.int64)
    np.add.at(confusion, (labels, guesses), 1)
    totals = confusion.sum(axis=1)
    recall = np.full(classes, np.nan)
    np.divide(confusion.diagonal(), totals, out=recall, where=totals > 0)
    return Metrics(
        n=len(labels),
        accuracy=float((guesses == labels).mean()),
        macro_recall=float(np.nanmean(recall)),
        recall=recall,
        ece=_calibration_error(probabilities.max(axis=1), guesses == labels),
        nll=_negative_log_likelihood(probabilities, labels),
        confusion=confusion,
    )


def _negative_log_likelihood(probabilities: Floats, labels: Labels) -> float:
    picked = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(picked, 1e-12)).mean())


def _calibration_error(confidence: Floats, right: NDArray[np.bool_]) -> float:
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    counts = np.bincount(bins, minlength=CALIBRATION_BINS)
    gaps = np.bincount(bins, weights=confidence - right, minlength=CALIBRATION_BINS)
    return float(np.abs(gaps).sum() / counts.sum())


def rank_correlation(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Spearman's rho of two series float ``[N]``: 1 where one rises with the other, 0 where they are strangers."""
    return float(np.corrcoef(_ranks(one), _ranks(other))[0, 1])


def _ranks(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Places in order; equal values share the mean of theirs."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: NDArray[np.float64] = (counts.cumsum() - (counts - 1) / 2)[which]
    return ranks
