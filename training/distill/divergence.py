"""Plain distillation: a student is to say of a face what its teacher says (Hinton et al., arXiv 1503.02531)."""

import torch.nn.functional as nnf
from torch import Tensor


def divergences(logits: Tensor, taught: Tensor, temperature: float) -> Tensor:
    """How far softmax(``logits`` / T) is from softmax(``taught`` / T), both ``[N, K]``, face by face: ``[N]`` in nats.

    The Kullback-Leibler divergence, times the temperature T squared so that its gradients keep their size.
    """
    ours, theirs = ((part / temperature).log_softmax(dim=1) for part in (logits, taught))
    return temperature**2 * nnf.kl_div(ours, theirs, reduction="none", log_target=True).sum(dim=1)


def distillation(logits: Tensor, taught: Tensor, temperature: float) -> Tensor:
    """The mean of :func:`divergences`, a scalar."""
    return divergences(logits, taught, temperature).mean()
