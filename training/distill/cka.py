"""How alike two encoders place the same faces, whatever the axes and the size of their spaces.

Centred kernel alignment (Kornblith et al., arXiv 1905.00414) as an objective beside a classifier that teacher and
student share, after Reprogramming Distillation (arXiv 2407.06504): there the classifier is learned, here it is the
words' embeddings, which both are matched with anyway.
"""

import torch
from torch import Tensor

_LEAST = 1e-12
"""Of a squared norm: faces that an encoder all puts in one place are like nothing, and no division by 0."""


def cka(ours: Tensor, theirs: Tensor) -> Tensor:
    """Linear centred kernel alignment of features ``[N, D]`` and ``[N, E]`` of the same faces: a scalar in 0..1.

    1 where they are alike up to a rotation and one scale, |Y'X|^2 / (|X'X| |Y'Y|) with X and Y centred over the batch.
    """
    x, y = (features - features.mean(dim=0) for features in (ours, theirs))
    # Over faces and not over features: batches are smaller than text space.
    kernel_x, kernel_y = x @ x.T, y @ y.T
    norms = kernel_x.square().sum() * kernel_y.square().sum()
    return (kernel_x * kernel_y).sum() / torch.sqrt(norms.clamp(min=_LEAST**2))


def misalignment(ours: Tensor, theirs: Tensor) -> Tensor:
    """1 - :func:`cka`: what is to be made small."""
    return 1 - cka(ours, theirs)
