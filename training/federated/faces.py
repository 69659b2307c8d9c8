"""The faces of one client: those it trains on, and those that it measures itself on."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.errors import DataError
from training.augment import augment
from training.batches import trained_classes
from training.data import Faces, hold_out, select, vote_targets
from training.recipe import Recipe

LEAST = 8
"""Faces to train on that a client needs: normalisations learn nothing from fewer."""


class Labelled(NamedTuple):
    """Faces float ``[B, C, S, S]`` in 0..255 and distributions over the classes ``[B, K]``."""

    images: Tensor
    targets: Tensor


class ClientFaces:
    """``faces`` of a client, split by the recipe's ``data.held_out`` and seed.

    ``images`` uint8 ``[N, C, S, S]`` with ``targets`` float32 ``[N, K]`` are trained on; ``held`` uint8
    ``[M, C, S, S]`` with ``held_labels`` int ``[M]`` are those held out, by the argmax protocol.
    """

    def __init__(self, recipe: Recipe, faces: Faces, owner: str) -> None:
        """Raises ``DataError``, which names the ``owner``, if they do not fit the recipe or are too few."""
        e = recipe.encoder
        if faces.images.shape[1:] != (e.channels, e.size, e.size):
            wanted, shape = [e.channels, e.size, e.size], list(faces.images.shape[1:])
            raise DataError(f"The recipe {recipe.name} is for faces {wanted}, those of {owner} are {shape}.")
        self.classes = trained_classes(recipe)
        kept, held = hold_out(len(faces), recipe.data.held_out, recipe.seed)
        measured, labels = select(faces.votes, "argmax")
        if len(kept) < LEAST:
            raise DataError(f"{owner} has {len(kept)} faces to train on: give it {LEAST} or more, or leave it out.")
        if len(np.unique(labels[kept][measured[kept]])) < 2:
            raise DataError(
                f"{owner} has faces of one class alone, which teach no difference: add another class, or leave it out."
            )
        held = held[measured[held]]
        if not len(held):
            raise DataError(f"{owner} has no face left to measure itself on: add faces, or raise data.held_out.")
        self.images, self.targets = faces.images[kept], vote_targets(faces.votes[kept])
        self.held, self.held_labels, self.held_votes = faces.images[held], labels[held], faces.votes[held]
        self._batch = min(recipe.optimiser.batch, len(kept))

    def __len__(self) -> int:
        return len(self.images)

    def epoch(self, seed: int) -> Iterator[Labelled]:
        """The batches of one pass, in an order and with changes that ``seed`` alone decides.

        What does not fill a last batch has its turn in another pass.
        """
        generator = torch.Generator().manual_seed(seed)
        order = torch.randperm(len(self), generator=generator)
        for rows in order[: len(self) // self._batch * self._batch].view(-1, self._batch):
            images = torch.from_numpy(self.images[rows.numpy()]).float() / 255
            yield Labelled(augment(images, generator) * 255, torch.from_numpy(self.targets[rows.numpy()]))


def entropy(votes: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How much annotators disagree on each face, in nats: float64 ``[N]`` of ``votes`` ``[N, 10]``."""
    shares = votes / np.maximum(votes.sum(axis=1, keepdims=True), 1)
    logarithms = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    result: NDArray[np.float64] = -(shares * logarithms).sum(axis=1)
    return result
