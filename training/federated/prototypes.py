"""The mean embedding of each class over all clients, which every client's faces are pulled to (arXiv 2501.01816)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Prototypes:
    """``means`` float32 ``[K, D]``, and of how many faces each is, ``counts`` float32 ``[K]``: 0 for none."""

    means: NDArray[np.float32]
    counts: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.means.ndim != 2 or self.counts.shape != self.means.shape[:1]:
            raise ValueError(
                f"prototypes: expected means [K, D] and counts [K], got {self.means.shape}, {self.counts.shape}"
            )

    @classmethod
    def none(cls, classes: int, dimensions: int) -> Self:
        """Before the first round."""
        return cls(np.zeros((classes, dimensions), np.float32), np.zeros(classes, np.float32))

    @classmethod
    def of(cls, embeddings: NDArray[np.float32], labels: NDArray[np.float32]) -> Self:
        """Those of ``embeddings`` ``[N, D]``, which count for their shares of each label: ``labels`` ``[N, K]``."""
        counts = labels.sum(axis=0, dtype=np.float64)
        sums = labels.T.astype(np.float64) @ embeddings
        means = np.divide(sums, counts[:, None], out=np.zeros_like(sums), where=counts[:, None] > 0)
        return cls(means.astype(np.float32), counts.astype(np.float32))

    def merged(self, those: Sequence["Prototypes"]) -> "Prototypes":
        """The common means of ``those``, by their counts; a class that none of them knows stays as it is here."""
        shares = np.stack([each.counts for each in those]).astype(np.float64)
        counts = shares.sum(axis=0)
        sums = (shares[:, :, None] * np.stack([each.means for each in those])).sum(axis=0)
        known = counts > 0
        means = np.where(known[:, None], sums / np.where(known, counts, 1)[:, None], self.means)
        return Prototypes(means.astype(np.float32), np.where(known, counts, self.counts).astype(np.float32))


def pull(x: Tensor, targets: Tensor, means: Tensor, known: Tensor) -> Tensor:
    """The mean of |x - p_y|^2 over embeddings ``x`` ``[B, D]``: how far faces are from what is common to their class.

    ``targets`` ``[B, K]`` weigh the classes, ``means`` ``[K, D]`` are the prototypes and ``known`` ``[K]`` is 1 where
    there is one. Whoever shows an unknown class is pulled nowhere.
    """
    weights = targets * known
    squares = (x[:, None] - means).square().sum(dim=2)
    return (weights * squares).sum(dim=1).mean()
