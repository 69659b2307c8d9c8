"""What else a face can be read for: how pleasant and how excited it is, and how much pain it shows."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from training.distill.biovid import LEVELS

_LEAST = 1e-8
"""Of a variance: rows that never change agree with nothing."""


def concordance(ours: Tensor, truth: Tensor) -> Tensor:
    """Lin's concordance correlation of float ``[N]`` or, column by column, ``[N, M]``: a scalar or ``[M]``, -1..1.

    2 cov / (var + var + (mean - mean)^2): unlike a correlation it asks for the same scale and place, too (Lin, A
    concordance correlation coefficient to evaluate reproducibility, Biometrics 45, 1989).
    """
    mine, theirs = ours.mean(dim=0), truth.mean(dim=0)
    shared = ((ours - mine) * (truth - theirs)).mean(dim=0)
    spread = ours.var(dim=0, correction=0) + truth.var(dim=0, correction=0) + (mine - theirs).square()
    return 2 * shared / spread.clamp(min=_LEAST)


def concordance_loss(ours: Tensor, truth: Tensor) -> Tensor:
    """1 - :func:`concordance`, the mean over the columns."""
    return (1 - concordance(ours, truth)).mean()


class ValenceArousal(nn.Module):
    """Reads unit embeddings ``[N, D]`` as valence and arousal, float ``[N, 2]`` in -1..1."""

    def __init__(self, dimensions: int) -> None:
        super().__init__()
        self.read = nn.Linear(dimensions, 2)

    def forward(self, embeddings: Tensor) -> Tensor:
        return torch.tanh(self.read(embeddings))


class OrdinalLevels(nn.Module):
    """Reads unit embeddings ``[N, D]`` as one of ``levels`` that rise, such as those of pain.

    One direction and a threshold for each step, so that the answers cannot contradict each other (CORAL, Cao et al.,
    arXiv 1901.07884).
    """

    def __init__(self, dimensions: int, levels: int) -> None:
        super().__init__()
        self.read = nn.Linear(dimensions, 1, bias=False)
        self.thresholds = nn.Parameter(torch.zeros(levels - 1))

    def forward(self, embeddings: Tensor) -> Tensor:
        """The logits of "more than level k", float ``[N, levels - 1]``."""
        logits: Tensor = self.read(embeddings) + self.thresholds
        return logits


def ordinal_loss(logits: Tensor, levels: Tensor) -> Tensor:
    """The cross-entropy of all steps, a scalar, for ``logits`` float ``[N, L - 1]`` and true ``levels`` int ``[N]``."""
    steps = torch.arange(logits.shape[1], device=logits.device)
    above = (levels[:, None] > steps).to(logits.dtype)
    return nnf.binary_cross_entropy_with_logits(logits, above, reduction="none").sum(dim=1).mean()


def read_levels(logits: Tensor) -> Tensor:
    """The level that ``logits`` ``[N, L - 1]`` of an ordinal head speak for: how many steps are likelier than not."""
    return (logits > 0).sum(dim=1)


class Task(NamedTuple):
    """What faces are read for.

    The ``head`` takes embeddings of so many dimensions. Its ``loss`` and the ``figures`` of the field take what it
    says, a row a sample, and the truth: float ``[N, 2]`` valence and arousal, or int ``[N]`` levels.
    """

    head: Callable[[int], nn.Module]
    loss: Callable[[Tensor, Tensor], Tensor]
    figures: Callable[[Tensor, Tensor], dict[str, float]]


def _concordances(ours: Tensor, truth: Tensor) -> dict[str, float]:
    valence, arousal = concordance(ours.double(), truth.double()).tolist()
    return {"ccc": (valence + arousal) / 2, "ccc_valence": valence, "ccc_arousal": arousal}


def _level_errors(logits: Tensor, levels: Tensor) -> dict[str, float]:
    away = (read_levels(logits) - levels).abs().double()
    return {"accuracy": float((away == 0).double().mean()), "mean_absolute_error": float(away.mean())}


AFFECT, PAIN = "valence-arousal", "pain"
TASKS = {
    AFFECT: Task(ValenceArousal, concordance_loss, _concordances),
    PAIN: Task(partial(OrdinalLevels, levels=LEVELS), ordinal_loss, _level_errors),
}
"""What a recipe's ``task.name`` can be, of Aff-Wild2 and of BioVid."""
