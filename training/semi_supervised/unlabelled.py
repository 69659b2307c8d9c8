"""Faces without labels, batch after batch."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.errors import DataError
from training.recipe import Recipe
from training.semi_supervised.views import strong, weak


class Views(NamedTuple):
    """The same faces twice, float ``[N, C, S, S]`` in 0..255: easy to read, and hard."""

    weak: Tensor
    strong: Tensor


class UnlabelledFaces:
    """``images`` uint8 ``[N, C, S, S]``: so many a batch as the recipe has to each labelled face."""

    def __init__(self, recipe: Recipe, images: NDArray[np.uint8]) -> None:
        """Raises ``DataError`` if they are too few, or of another size than the recipe's."""
        e = recipe.encoder
        self._seed = recipe.seed
        self._size = round(recipe.semi_supervised.ratio * recipe.optimiser.batch)
        self._images = images
        if images.shape[1:] != (e.channels, e.size, e.size):
            wanted, shape = [e.channels, e.size, e.size], list(images.shape[1:])
            raise DataError(f"The recipe {recipe.name} is for faces {wanted}, the unlabelled ones are {shape}.")
        if not 0 < self._size <= len(images):
            raise DataError(
                f"{len(images)} unlabelled faces do not fill a batch of {self._size}: give more of them, or lower "
                "semi_supervised.ratio or optimiser.batch."
            )

    def __len__(self) -> int:
        return len(self._images)

    def epoch(self, epoch: int, batches: int) -> Iterator[Views]:
        """So many ``batches``, in an order and with a chance that only the seed and ``epoch`` decide."""
        # Another stream of chance than the labelled faces have, whatever the seed.
        generator = torch.Generator().manual_seed((1 << 40) + self._seed * 10_000 + epoch)
        for rows in self._rows(batches, generator):
            faces = torch.from_numpy(self._images[rows.numpy()]).float() / 255
            yield Views(weak(faces, generator) * 255, strong(faces, generator) * 255)

    def _rows(self, batches: int, generator: torch.Generator) -> Iterator[Tensor]:
        """Each face as often as any other, give or take one."""
        order = torch.empty(0, dtype=torch.long)
        for _ in range(batches):
            while len(order) < self._size:
                order = torch.cat([order, torch.randperm(len(self._images), generator=generator)])
            yield order[: self._size]
            order = order[self._size :]
