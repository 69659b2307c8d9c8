"""Online distillation with gated branches (arXiv 2108.02092): a student's own branches, read together, teach each one.

The branches share a trunk; a gate weighs what they say of a face, and that is the teacher of the moment. The paper's
branches read poses, and its gate weighs features; for classes the gate weighs answers, as in on-the-fly native
ensembles (Lan et al., arXiv 1806.04606). The encoder itself is one of the branches, and the one that is kept.
"""

from copy import deepcopy

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from engines.errors import DataError
from training.distill.divergence import distillation
from training.distill.stages import stages


class Branches(nn.Module):
    """``count`` further branches of a residual ``encoder``, each with a last stage of its own, and the gate."""

    def __init__(self, encoder: nn.Module, dimensions: int, count: int) -> None:
        """Raises ``DataError`` if the encoder has no stages, or too few of them to share one."""
        super().__init__()
        *trunk, last = stages(encoder)
        if not trunk:
            raise DataError("Branches share all stages but the last: give encoder.widths at least two.")
        width = next(module for module in last.modules() if isinstance(module, nn.Conv2d)).in_channels
        outputs = [module for module in last.modules() if isinstance(module, nn.BatchNorm2d)][-1].num_features
        self.peers = nn.ModuleList(_fresh(last) for _ in range(count))
        self.projects = nn.ModuleList(nn.Linear(outputs, dimensions) for _ in range(count))
        self.gate = nn.Linear(width, count + 1)

    def forward(self, trunk: Tensor) -> tuple[list[Tensor], Tensor]:
        """What the branches make of the ``trunk``'s maps ``[N, W, H, H]``.

        Each one's unit embeddings ``[N, D]``, and the weights of the encoder and of them, ``[N, 1 + count]``.
        """
        features = [peer(trunk).mean(dim=(2, 3)) for peer in self.peers]
        pairs = zip(self.projects, features, strict=True)
        embeddings = [nnf.normalize(project(part).float(), dim=1) for project, part in pairs]
        return embeddings, self.gate(trunk.mean(dim=(2, 3))).float().softmax(dim=1)


def _fresh(stage: nn.Sequential) -> nn.Sequential:
    """A stage of the same shape with a start of its own."""
    copy = deepcopy(stage)
    for module in copy.modules():
        if isinstance(module, nn.Conv2d | nn.BatchNorm2d):
            module.reset_parameters()
    return copy


def gated(answers: list[Tensor], weights: Tensor) -> Tensor:
    """The weighted mean of the branches' logits ``[N, K]`` each, by ``weights`` ``[N, branches]``: ``[N, K]``."""
    return (torch.stack(answers, dim=1) * weights[:, :, None]).sum(dim=1)


def peers_loss(peers: list[Tensor], together: Tensor, targets: Tensor, temperature: float) -> Tensor:
    """What the further branches and the gate learn from: a scalar.

    Of each of ``peers``, logits ``[N, K]``, the cross-entropy with the votes ``targets`` ``[N, K]`` and the divergence
    from what all say ``together`` ``[N, K]``; and the cross-entropy of that. No gradient of a divergence goes into it.
    """
    taught = together.detach()
    losses = [nnf.cross_entropy(each, targets) + distillation(each, taught, temperature) for each in peers]
    return nnf.cross_entropy(together, targets) + torch.stack(losses).sum()
