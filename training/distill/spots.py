"""Spot-adaptive distillation (arXiv 2205.02399): for each face it is decided where the teacher is worth following.

Spots are the ends of the stages, and the answer itself. A policy sees what teacher and student make of a face and
draws, for each spot, whether to distil there (Gumbel choices, arXiv 1611.01144). It learns from grafts: a face goes on
through the teacher's stages, but where the draw is against a spot, from the student's maps; the policy is right where
that reads the face well. Grafts only teach the policy and its adapters, so a policy cannot make a student's task easy
by never distilling. The released code grafts into the student's stages too; one way is enough to judge by.
"""

from typing import NamedTuple

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from training.encoders import Seeded

_TEMPERATURE = 5.0
"""Of the Gumbel choices, as in the released code."""


class SpotPolicy(Seeded):
    """Decides from both embeddings, and fits a student's maps into the teacher's stages.

    ``ours`` and ``theirs`` are the channels at the end of each stage of student and teacher, as many of one as of the
    other. The spots are those ends but the last, and then the answer.
    """

    def __init__(self, dimensions: int, ours: list[int], theirs: list[int]) -> None:
        super().__init__()
        self.decide = nn.Linear(2 * dimensions, 2 * len(ours))
        pairs = zip(ours[:-1], theirs[:-1], strict=True)
        self.adapters = nn.ModuleList(nn.Conv2d(inputs, outputs, 1) for inputs, outputs in pairs)

    def forward(self, ours: Tensor, theirs: Tensor) -> Tensor:
        """For unit embeddings ``[N, D]`` of both: 1 for each face and spot to distil at, else 0, float ``[N, spots]``.

        The gradient is that of the soft choice.
        """
        scores = self.decide(torch.cat([ours, theirs], dim=1)).view(len(ours), -1, 2)
        soft = ((scores + self._gumbel(scores)) / _TEMPERATURE).softmax(dim=2)[..., 0]
        hard = (soft > 0.5).to(soft.dtype)
        choices: Tensor = hard - soft.detach() + soft
        return choices

    def _gumbel(self, scores: Tensor) -> Tensor:
        uniform = torch.rand(scores.shape, generator=self.generator, device=scores.device).to(scores.dtype)
        return -torch.log(-torch.log(uniform.clamp(1e-6, 1 - 1e-6)))


class Graft(NamedTuple):
    """What a policy is judged by: a teacher's ``stages``, of student's ``maps``, by a policy's ``decisions``."""

    stages: list[nn.Sequential]
    maps: tuple[Tensor, ...]
    decisions: Tensor

    def run(self, policy: SpotPolicy, first: Tensor) -> Tensor:
        """The last maps of the teacher, where standardised faces ``first`` ``[N, C, S, S]`` go in: ``[N, W, H, H]``."""
        last = first
        for spot, stage in enumerate(self.stages):
            last = stage(last)
            if spot < len(policy.adapters):
                chosen = self.decisions[:, spot, None, None, None]
                ours = policy.adapters[spot](self.maps[spot].detach())
                last = chosen * last + (1 - chosen) * ours
        return last


def attention(maps: Tensor) -> Tensor:
    """Where ``maps`` ``[N, W, H, H]`` are strong: their mean square over the channels, of unit length, ``[N, H * H]``.

    Attention transfer (Zagoruyko and Komodakis, arXiv 1612.03928), which asks for no equal channels.
    """
    # Half precision has too few digits for squares.
    precise = maps.to(torch.promote_types(maps.dtype, torch.float32))
    return nnf.normalize(precise.square().mean(dim=1).flatten(1), dim=1)


def spot_distances(ours: tuple[Tensor, ...], theirs: tuple[Tensor, ...]) -> Tensor:
    """How far the attention of each face is from the teacher's at the end of each stage: squared, ``[N, stages]``."""
    pairs = zip(ours, theirs, strict=True)
    return torch.stack([(attention(a) - attention(b)).square().sum(dim=1) for a, b in pairs], dim=1)


def chosen_mean(losses: Tensor, decisions: Tensor) -> Tensor:
    """The mean over the faces of the ``losses`` ``[N, spots]`` that were decided for, without a gradient for those."""
    return (losses * decisions.detach()).sum(dim=1).mean()
