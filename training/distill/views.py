"""Privileged views: what a teacher sees of a face, or of its votes, and its student does not.

*resolution*: the faces come large and in colour; a student sees each as its encoder does, small or grey. *votes*: a
teacher has learned from all annotators; a student has one vote of each face, drawn by chance.
"""

import numpy as np
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray
from torch import Tensor

PRIVILEGED = ("", "resolution", "votes")
"""What a recipe's ``data.privileged`` can be."""

_LUMA = (0.299, 0.587, 0.114)
"""Of red, green and blue in grey (ITU-R BT.601), as crops are turned grey where faces are read live."""


def reduced(faces: Tensor, channels: int, size: int) -> Tensor:
    """``faces`` float ``[N, C, S, S]`` as ``[N, channels, size, size]``: grey if need be, each pixel a mean of theirs.

    Raises ``ValueError`` where they have less to see than is asked for.
    """
    if faces.shape[1] < channels or faces.shape[-1] < size:
        raise ValueError(f"reduced: cannot make [{channels}, {size}, {size}] of {list(faces.shape[1:])}")
    if faces.shape[1] > channels:
        faces = (faces * torch.tensor(_LUMA, dtype=faces.dtype, device=faces.device)[:, None, None]).sum(
            1, keepdim=True
        )
    return faces if faces.shape[-1] == size else nnf.interpolate(faces, size, mode="area")


def reduced_pictures(images: NDArray[np.uint8], channels: int, size: int) -> NDArray[np.uint8]:
    """The same of uint8 pictures ``[N, C, S, S]``."""
    parts = [
        reduced(torch.from_numpy(images[first : first + 256]).float(), channels, size).round().to(torch.uint8).numpy()
        for first in range(0, len(images), 256)
    ]
    return np.concatenate(parts) if parts else np.empty((0, channels, size, size), np.uint8)


def single_votes(votes: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    """One annotator's word for all of them: ``votes`` uint8 ``[N, 10]``, of each row one vote drawn, that counts ten.

    It counts ten because one alone would be taken for a slip. A face without votes keeps none.
    """
    totals = votes.sum(axis=1, dtype=np.int64)
    # By face, and not as they come: what a face is labelled does not depend on the faces beside it.
    drawn = np.array([np.random.default_rng([seed, row, 3]).random() for row in range(len(votes))])
    place = (votes.cumsum(axis=1, dtype=np.int64) > (drawn * totals)[:, None]).argmax(axis=1)
    single = np.zeros_like(votes)
    single[np.arange(len(votes)), place] = np.where(totals > 0, 10, 0)
    return single
