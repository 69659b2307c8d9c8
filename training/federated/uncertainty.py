"""How far a label may be believed: a client's own estimator, and what teaches it (arXiv 2501.01816).

``confidence`` float ``[B]`` is in 0..1, 1 for a face whose label is beyond doubt.
"""

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from training.federated.hypergraph import HypergraphConvolution

_WIDTH = 64


class PersonalEstimator(nn.Module):
    """Confidences float ``[B]`` of faces with features ``[B, D]``, seen together with their neighbours.

    Annotators and cameras differ from client to client, and so does what makes a face hard to label: each client keeps
    its own.
    """

    def __init__(self, dimensions: int, width: int = _WIDTH) -> None:
        super().__init__()
        self.convolution = HypergraphConvolution(dimensions, width)
        self.decide = nn.Sequential(nn.Linear(width, width // 2), nn.ReLU(), nn.Linear(width // 2, 1))

    def forward(self, x: Tensor, graph: Tensor) -> Tensor:
        """``graph`` is the operator G ``[B, B]`` of the same faces."""
        decided: Tensor = self.decide(self.convolution(x, graph))
        return decided.squeeze(1).sigmoid()


def weighted_cross_entropy(logits: Tensor, targets: Tensor, confidence: Tensor) -> Tensor:
    """Cross-entropy of softmax(s * ``logits``) ``[B, K]`` against ``targets`` ``[B, K]``; s is the ``confidence``.

    A label that the logits contradict costs less with a low s, one that they bear out with a high s (Wang et al.,
    Suppressing Uncertainties for Large-Scale Facial Expression Recognition, arXiv 2002.10392).
    """
    return nnf.cross_entropy(confidence[:, None] * logits, targets)


def rank_loss(confidence: Tensor, sure: float, margin: float) -> Tensor:
    """max(0, ``margin`` - (mean of the high group - mean of the low group)): some labels are to be doubted.

    The high group is the ``sure`` share of the batch that has the highest ``confidence``, and at least one face; 0
    where that leaves no low group.
    """
    high = max(1, round(sure * len(confidence)))
    if high >= len(confidence):
        return confidence.sum() * 0
    ordered = confidence.sort(descending=True).values
    return torch.relu(margin - (ordered[:high].mean() - ordered[high:].mean()))
