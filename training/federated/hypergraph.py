"""A hypergraph over the faces of a batch, and what faces tell each other along it (arXiv 2501.01816).

A hyperedge is a face and its nearest neighbours, so that there are as many hyperedges as faces. ``x`` are features
float ``[B, D]``; the convolution is that of Feng et al. (Hypergraph Neural Networks, arXiv 1809.09401).
"""

import torch
from torch import Tensor, nn


@torch.no_grad()
def incidence(x: Tensor, neighbours: int, bandwidth: float) -> tuple[Tensor, Tensor]:
    """Which face is in which hyperedge, and what that weighs: H float ``[B, B]``, hyperedges in columns, and ``[B]``.

    A hyperedge weighs the mean of exp(-|x_i - x_j|^2 / s^2) over its members, x_i being the face that it was made for;
    s is ``bandwidth`` times the root of the mean squared distance of neighbours in this batch. In a batch of fewer
    faces than ``neighbours`` each is a neighbour of all.
    """
    squares = torch.cdist(x, x, compute_mode="donot_use_mm_for_euclid_dist").square()
    # A face is the first member of its own hyperedge, even where another one is the same picture.
    squares.fill_diagonal_(-1)
    nearest, members = squares.topk(min(neighbours + 1, len(x)), dim=1, largest=False)
    nearest = nearest.clamp(min=0)
    width = bandwidth**2 * nearest[:, 1:].mean() if nearest.shape[1] > 1 else nearest.new_ones(())
    weights = torch.exp(-nearest / width.clamp(min=torch.finfo(x.dtype).tiny)).mean(dim=1)
    edges = torch.zeros_like(squares).scatter_(0, members.T, 1.0)
    return edges, weights


def operator(edges: Tensor, weights: Tensor) -> Tensor:
    """G = Dv^-1/2 H W De^-1 H' Dv^-1/2, float ``[B, B]``: symmetric, none of its eigenvalues above 1 or below 0.

    ``edges`` are H ``[B, B]`` and ``weights`` the diagonal of W ``[B]``, as :func:`incidence` gives them. Dv and De are
    the degrees of faces, by weight, and of hyperedges.
    """
    of_face = (edges @ weights).clamp(min=torch.finfo(edges.dtype).tiny).rsqrt()
    scaled = of_face[:, None] * edges
    return (scaled * (weights / edges.sum(dim=0))) @ scaled.T


class HypergraphConvolution(nn.Module):
    """U = ReLU(G X Theta), float ``[B, D]`` to ``[B, width]``."""

    def __init__(self, dimensions: int, width: int) -> None:
        super().__init__()
        self.theta = nn.Linear(dimensions, width, bias=False)

    def forward(self, x: Tensor, graph: Tensor) -> Tensor:
        """``graph`` is G ``[B, B]``."""
        return torch.relu(graph @ self.theta(x))
