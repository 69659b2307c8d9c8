"""Labels refined by what the nearest faces are labelled as: label propagation in closed form (arXiv 2501.01816)."""

import torch
from torch import Tensor


def propagate(graph: Tensor, confidence: Tensor, labels: Tensor, alpha: float) -> Tensor:
    """F = (1 - a)(I - a G)^-1 diag(s) Y with rows that add up to 1, float ``[B, K]``.

    ``graph`` is the operator G ``[B, B]``, ``labels`` Y ``[B, K]`` distributions, of which the faces with a high
    ``confidence`` s ``[B]``, above 0, say more. ``alpha`` a in 0..1, 1 left out, is how much of its label a face takes
    from others (Zhou et al., Learning with Local and Global Consistency, NIPS 2003).
    """
    system = torch.eye(len(graph), dtype=graph.dtype, device=graph.device) - alpha * graph
    spread: Tensor = (1 - alpha) * torch.linalg.solve(system, confidence[:, None] * labels)
    # The inverse is a sum of powers of a matrix without negative entries; rounding alone takes one below 0.
    spread = spread.clamp(min=0)
    return spread / spread.sum(dim=1, keepdim=True).clamp(min=torch.finfo(spread.dtype).tiny)


def relabel(graph: Tensor, confidence: Tensor, labels: Tensor, alpha: float) -> Tensor:
    """``labels`` ``[B, K]``, refined by what is propagated along ``graph``; the rest is as in :func:`propagate`."""
    return refine(labels, propagate(graph, confidence, labels, alpha), confidence)


def refine(labels: Tensor, propagated: Tensor, confidence: Tensor) -> Tensor:
    """s y + (1 - s) F: the label ``[B, K]`` as far as it is believed, and for the rest what was ``propagated``."""
    share = confidence[:, None]
    return share * labels + (1 - share) * propagated
