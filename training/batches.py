"""What a training run is fed: faces of a recipe, moved, relit, mixed, and pictures that are no faces."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.errors import DataError
from training.augment import augment, non_faces
from training.data import CLASSES, Faces, hold_out, select, vote_targets
from training.distill.views import PRIVILEGED, reduced, reduced_pictures, single_votes
from training.recipe import Recipe

Rows = NDArray[np.intp]


def trained_classes(recipe: Recipe) -> tuple[str, ...]:
    """The expressions less the one that is left out. Raises ``DataError`` if that is none of them."""
    left_out = recipe.data.left_out
    if left_out and left_out not in CLASSES:
        raise DataError(f"data.left_out is {left_out!r}: choose one of {', '.join(CLASSES)}.")
    return tuple(name for name in CLASSES if name != left_out)


def split(recipe: Recipe, count: int) -> tuple[Rows, Rows, Rows]:
    """Rows of ``count`` faces: to train on, left over where the recipe wants only some of them, and held out.

    By chance alone, whatever the faces show.
    """
    kept, held = hold_out(count, recipe.data.held_out, recipe.seed)
    wanted = recipe.data.faces
    if not wanted:
        return kept, kept[:0], held
    order = np.random.default_rng([recipe.seed, 2]).permutation(kept)
    return order[:wanted], order[wanted:], held


def shuffled(count: int, size: int, batches: int, generator: torch.Generator) -> Tensor:
    """Rows of ``count`` in a random order, anew where they are through, int ``[batches, size]``."""
    wanted = batches * size
    passes = [torch.randperm(count, generator=generator) for _ in range(0, wanted, count)]
    return torch.cat(passes)[:wanted].view(-1, size)


class Batch(NamedTuple):
    """Faces float ``[N, C, S, S]`` in 0..255, what they show ``[N, K]``, and how much of each is a face ``[N, 1]``."""

    images: Tensor
    targets: Tensor
    face_share: Tensor


class TrainingFaces:
    """The faces that ``recipe`` trains on and those that it holds out.

    ``held`` uint8 ``[M, C, S, S]`` and ``held_labels`` int ``[M]`` are the held-out faces of the argmax protocol;
    columns and labels run over ``classes``, the expressions less the one that is left out. Where the recipe keeps the
    resolution to the teachers, batches are of the faces in full, and :meth:`reduced` makes of them what the encoder
    sees; what is held out is always of that.
    """

    def __init__(self, recipe: Recipe, faces: Faces) -> None:
        """Raises ``DataError`` if the faces do not fit the recipe."""
        self._recipe = recipe
        data = recipe.data
        self._check_shape(faces.images.shape[1:])
        self.shape = faces.images.shape[1:]
        """Of the faces in the batches: ``(C, S, S)``."""
        self.classes = trained_classes(recipe)
        self._columns = np.array([name in self.classes for name in CLASSES])
        kept, _, held = split(recipe, len(faces))
        train, self.held, self.held_labels = self._select(faces, kept, held)
        if len(train) < recipe.optimiser.batch:
            raise DataError(
                f"{len(train)} faces to train on do not fill one batch of {recipe.optimiser.batch}: "
                "lower optimiser.batch."
            )
        if not len(self.held):
            raise DataError(f"data.held_out of {data.held_out} leaves no face to measure on: raise it.")
        self._images = train.images
        votes = single_votes(train.votes, recipe.seed) if data.privileged == "votes" else train.votes
        targets = vote_targets(votes)[:, self._columns]
        self._targets = torch.from_numpy(targets / targets.sum(axis=1, keepdims=True))
        self.frequencies = self._targets.mean(dim=0)
        """How much of the votes each class has, float ``[K]``."""

    def _select(self, faces: Faces, kept: Rows, held: Rows) -> tuple[Faces, NDArray[np.uint8], Rows]:
        """The faces to train on, and pictures and labels of those held out; none that mostly shows what is left out."""
        measured, labels = select(faces.votes, "argmax")
        hidden = ~np.append(self._columns, [True, True])[labels]
        held = held[(measured & ~hidden)[held]]
        renumbered = np.cumsum(self._columns) - 1
        e = self._recipe.encoder
        pictures = reduced_pictures(faces.images[held], e.channels, e.size)
        return faces[kept[~hidden[kept]]], pictures, renumbered[labels[held]]

    def _check_shape(self, shape: tuple[int, ...]) -> None:
        e, privileged = self._recipe.encoder, self._recipe.data.privileged
        if privileged not in PRIVILEGED:
            raise DataError(f"data.privileged is {privileged!r}: choose one of {', '.join(filter(None, PRIVILEGED))}.")
        fits = shape == (e.channels, e.size, e.size)
        if privileged == "resolution":
            fits = not fits and shape[0] in {e.channels, 3} and shape[1] >= e.size
        if not fits:
            wanted = "more than " * (privileged == "resolution") + str([e.channels, e.size, e.size])
            raise DataError(f"The recipe {self._recipe.name} is for faces {wanted}, the data has {list(shape)}.")

    def reduced(self, images: Tensor) -> Tensor:
        """Faces of a batch as the encoder sees them, float ``[N, C, S, S]``: smaller and grey perhaps."""
        return reduced(images, self._recipe.encoder.channels, self._recipe.encoder.size)

    @property
    def batches_per_epoch(self) -> int:
        return self._recipe.data.batches or len(self._images) // self._recipe.optimiser.batch

    def epoch(self, epoch: int) -> Iterator[Batch]:
        """The batches of one pass, in an order and with a chance that only the seed and ``epoch`` decide."""
        seed, size, data = self._recipe.seed, self._recipe.optimiser.batch, self._recipe.data
        generator = torch.Generator().manual_seed(seed * 10_000 + epoch)
        chance = np.random.default_rng([seed, epoch])
        mixes = data.mixup > 0 and epoch < self._recipe.optimiser.epochs - data.plain_epochs
        for rows in shuffled(len(self._images), size, self.batches_per_epoch, generator):
            batch = self._augmented(rows, generator)
            if mixes:
                share = float(chance.beta(data.mixup, data.mixup))
                batch = Batch(*(share * part + (1 - share) * part.flip(0) for part in batch))
            yield batch

    def _augmented(self, rows: Tensor, generator: torch.Generator) -> Batch:
        images = torch.from_numpy(self._images[rows.numpy()]).float() / 255
        targets, face_share = self._targets[rows], torch.ones(len(rows), 1)
        outliers = round(len(rows) * self._recipe.data.non_faces)
        if outliers:
            # Outlier exposure (Hendrycks et al., arXiv 1812.04606): what is no face is to be like no word.
            images[:outliers] = non_faces(images[:outliers], generator)
            targets[:outliers] = 1 / targets.shape[1]
            face_share[:outliers] = 0
        return Batch(augment(images, generator) * 255, targets, face_share)
