"""Finished runs, and model packages, that a new run learns from."""

import dataclasses
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, cast

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from engines.errors import DataError
from engines.package import CARD, ModelPackage, package_folder
from engines.prompts import ClassEmbeddings
from training.batches import Batch, trained_classes
from training.checkpoint import Checkpoint
from training.distill.method import Taught
from training.distill.stages import Seen, look
from training.encoders import Map
from training.models import GuidedModel, build_model, placed
from training.objectives import Evidence
from training.precision import mixed_precision
from training.recipe import DistillationChoices, Recipe, SemiSupervisedChoices
from training.start import encoder_of, load_package


class Teacher:
    """Finished runs or model packages, asked about the very pictures that the student sees.

    Mixed and spoilt as those are, the teachers' word for them is better than the votes for the clean faces (Beyer et
    al., Knowledge distillation: a good teacher is patient and consistent, arXiv 2106.05237).
    """

    def __init__(
        self, recipe: Recipe, words: ClassEmbeddings, frequencies: Tensor, shape: tuple[int, ...] | None = None
    ) -> None:
        """``frequencies`` float ``[K]`` are the classes' shares of the votes, on the device where all this happens.

        ``shape`` ``(C, S, S)`` is that of the faces which it is shown, the student's without. Raises ``DataError`` if a
        teacher is not there, not finished, or for other faces than those.
        """
        e = recipe.encoder
        shape = shape or (e.channels, e.size, e.size)
        self._lessons: list[tuple[nn.Module, Evidence, Tensor]] = []
        self.sound_norms = True
        """Whether all normalisations know what faces bring about there: a package has forgotten it."""
        for folder in recipe.distillation.teachers:
            theirs, model, is_package = _load(Path(folder), recipe, words, shape)
            self.sound_norms &= not is_package
            model = placed(model, frequencies.device).eval()
            model.requires_grad_(requires_grad=False)
            evidence, described = Evidence(theirs, frequencies), model.class_embeddings
            self._lessons += [(member.encoder, evidence, described) for member in model.members]

    @property
    def encoders(self) -> list[nn.Module]:
        """All that are asked, at rest."""
        return [encoder for encoder, _, _ in self._lessons]

    def __call__(self, batch: Batch, each: Map = map, *, mapped: bool = False) -> Taught:
        """What the teachers say of ``batch``, by their own words for the classes: their means.

        ``each`` maps a function over the encoders, in threads perhaps. With ``mapped``, the ends of the first one's
        stages are told, too.
        """

        def ask(encoder: nn.Module) -> Any:
            with torch.no_grad():
                return self._ask(encoder, batch.images, mapped=mapped and encoder is self.encoders[0])

        return self._together(list(cast(Iterable[Seen], each(ask, self.encoders))), batch)

    def learnably(self, batch: Batch) -> Taught:
        """The same with a gradient to the faces."""
        return self._together([self._ask(encoder, batch.images, mapped=False) for encoder in self.encoders], batch)

    @staticmethod
    def _ask(encoder: nn.Module, images: Tensor, *, mapped: bool) -> Seen:
        with mixed_precision(images.device):
            return look(encoder, images, mapped=mapped)

    def _together(self, seen: list[Seen], batch: Batch) -> Taught:
        evidences = [
            partial(_evidence, evidence, described, batch.face_share) for _, evidence, described in self._lessons
        ]
        logits = [evidence(each.embeddings) for evidence, each in zip(evidences, seen, strict=True)]
        embeddings = nnf.normalize(torch.stack([each.embeddings for each in seen]).sum(dim=0), dim=1)
        return Taught(torch.stack(logits).mean(dim=0), embeddings, batch.images, evidences[0], seen[0].maps)


def _evidence(evidence: Evidence, described: Tensor, face_share: Tensor, embeddings: Tensor) -> Tensor:
    return evidence(embeddings, described, face_share)


def _load(
    folder: Path, recipe: Recipe, words: ClassEmbeddings, shape: tuple[int, ...]
) -> tuple[Recipe, GuidedModel, bool]:
    """Its recipe and model, and whether it is a package: which does not tell how it was trained, but what it is."""
    package = package_folder(folder)
    if (package / CARD).exists():
        theirs, model = _load_package(folder, recipe, shape)
        return theirs, model, True
    checkpoint = Checkpoint.load(folder)
    theirs = checkpoint.recipe
    if checkpoint.epoch < theirs.optimiser.epochs:
        raise DataError(f"The teacher {folder} is not finished: go on with train --resume --out {folder}.")
    e = theirs.encoder
    if (theirs.data.left_out, theirs.objective.head) != (recipe.data.left_out, recipe.objective.head):
        raise _other(folder, recipe)
    if (e.channels, e.size, e.size) != shape:
        raise _other(folder, recipe)
    model = build_model(theirs, words)
    model.load_state_dict(checkpoint.average)
    return theirs, model, False


def _load_package(folder: Path, recipe: Recipe, shape: tuple[int, ...]) -> tuple[Recipe, GuidedModel]:
    package = ModelPackage.load(folder)
    card = package.card
    if (card.channels, card.size, card.size) != shape or package.words.classes != trained_classes(recipe):
        raise _other(folder, recipe)
    theirs = dataclasses.replace(
        recipe,
        encoder=encoder_of(package) or recipe.encoder,
        objective=dataclasses.replace(recipe.objective, scale=card.scale, head="text"),
        distillation=DistillationChoices(),
        semi_supervised=SemiSupervisedChoices(),
    )
    model = build_model(theirs, package.words)
    load_package(model, str(folder))
    return theirs, model


def _other(folder: Path, recipe: Recipe) -> DataError:
    return DataError(f"The teacher {folder} reads other faces or classes than {recipe.name}: choose another one.")
