"""Two views of an unlabelled face: one that is easy to read, and one that is hard.

Values are in 0..1, ``faces`` float ``[N, C, S, S]``.
"""

import torch
import torch.nn.functional as nnf
from torch import Tensor

from training.augment import augment

_PADDING = 1 / 12
"""Of the width: a face is moved by up to so much."""
_CUTOUT = 0.5
"""The widest side of the hole, as a share of the face's."""


def weak(faces: Tensor, generator: torch.Generator) -> Tensor:
    """Mirrored or not, and moved by some pixels."""
    count, size = len(faces), faces.shape[-1]
    pad = max(1, round(size * _PADDING))
    mirrored = torch.rand(count, 1, 1, 1, generator=generator) < 0.5
    padded = nnf.pad(torch.where(mirrored, faces.flip(-1), faces), (pad, pad, pad, pad), mode="replicate")
    starts = torch.randint(0, 2 * pad + 1, (2, count), generator=generator)
    rows, columns = (start[:, None] + torch.arange(size) for start in starts)
    which = torch.arange(count)[:, None, None]
    return padded.permute(0, 2, 3, 1)[which, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def strong(faces: Tensor, generator: torch.Generator) -> Tensor:
    """All that a webcam does to a face, as for labelled ones, and a hole of up to half of its width."""
    changed = augment(faces, generator)
    count, size = len(faces), faces.shape[-1]
    side = _CUTOUT * size * torch.rand(count, generator=generator)
    centre = size * torch.rand(count, 2, generator=generator)
    axis = torch.arange(size) + 0.5
    inside = (axis - centre[:, :, None]).abs() <= side[:, None, None] / 2
    hole = inside[:, 0, :, None] & inside[:, 1, None, :]
    return torch.where(hole[:, None], 0.5, changed)
