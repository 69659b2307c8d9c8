"""What an unlabelled face may show, asked three ways, and one answer made of them (SIT-FER, arXiv 2503.18463).

Each level gives probabilities float ``[N, K]``. ``embeddings`` are unit length, float ``[N, D]``.
"""

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor

Reduction = Literal["max", "mean"]


def semantic(logits: Tensor) -> Tensor:
    """By a linear layer that learned the classes from labelled faces: its ``logits`` ``[N, K]``."""
    return logits.softmax(dim=1)


def text(embeddings: Tensor, words: Tensor, scale: float) -> Tensor:
    """By the words ``[K, D]`` that describe the classes; ``scale`` is 1 / tau."""
    return (scale * embeddings @ words.T).softmax(dim=1)


def instance(embeddings: Tensor, bank: Tensor, filled: Tensor, scale: float, reduction: Reduction) -> Tensor:
    """By likeness to faces that are known: cosines to ``bank`` ``[K, R, D]``, of each class the largest or the mean.

    ``filled`` int ``[K]`` says how many places of a class are taken. A class with none is as likely as a face that has
    nothing to do with this one, at a cosine of 0.
    """
    cosines = torch.einsum("nd,krd->nkr", embeddings, bank)
    taken = torch.arange(bank.shape[1], device=bank.device) < filled[:, None]
    if reduction == "max":
        nearest = cosines.masked_fill(~taken, -1).amax(dim=2)
    else:
        nearest = (cosines * taken).sum(dim=2) / filled.clamp(min=1)
    return (scale * torch.where(filled > 0, nearest, 0)).softmax(dim=1)


def aggregate(levels: Sequence[Tensor], weights: Sequence[float]) -> Tensor:
    """Their mean by ``weights``, which need not add up to 1. Raises ``ValueError`` where all are 0 or one is less."""
    total = sum(weights)
    if min(weights) < 0 or total <= 0:
        raise ValueError(f"weights: expected some above 0 and none below, got {list(weights)}")
    return torch.stack([level * (weight / total) for level, weight in zip(levels, weights, strict=True)]).sum(dim=0)
