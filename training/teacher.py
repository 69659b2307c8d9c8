"""Finished runs, and model packages, that a new run learns from."""

from pathlib import Path

import torch
from torch import Tensor, nn

from engines.errors import DataError
from engines.package import CARD, ModelPackage, package_folder
from engines.prompts import ClassEmbeddings
from training.batches import Batch
from training.checkpoint import Checkpoint
from training.encoders import Map
from training.models import GuidedModel, build_model
from training.objectives import Evidence
from training.precision import mixed_precision
from training.recipe import Recipe
from training.start import load_package


class Teacher:
    """Finished runs or model packages, asked about the very pictures that the student sees.

    Mixed and spoilt as those are, the teachers' word for them is better than the votes for the clean faces (Beyer et
    al., Knowledge distillation: a good teacher is patient and consistent, arXiv 2106.05237).
    """

    def __init__(self, recipe: Recipe, words: ClassEmbeddings, frequencies: Tensor) -> None:
        """``frequencies`` float ``[K]`` are the classes' shares of the votes, on the device where all this happens.

        Raises ``DataError`` if a teacher is not there, not finished, or for other faces than ``recipe``.
        """
        self._lessons: list[tuple[nn.Module, Evidence, Tensor]] = []
        for folder in recipe.distillation.teachers:
            theirs, model = _load(Path(folder), recipe, words)
            model = model.to(frequencies.device).to(memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
            evidence, described = Evidence(theirs, frequencies), model.class_embeddings.detach()
            self._lessons += [(member.encoder, evidence, described) for member in model.members]

    def __call__(self, batch: Batch, each: Map = map) -> Tensor:
        """The mean of the teachers' logits for ``batch``, by their own words for the classes: ``[N, K]``.

        ``each`` maps a function over the encoders, in threads perhaps.
        """

        def ask(lesson: tuple[nn.Module, Evidence, Tensor]) -> Tensor:
            encoder, evidence, described = lesson
            with torch.no_grad(), mixed_precision(batch.images.device):
                embeddings = encoder(batch.images)
            return evidence(embeddings, described, batch.face_share)

        return torch.stack(list(each(ask, self._lessons))).mean(dim=0)


def _load(folder: Path, recipe: Recipe, words: ClassEmbeddings) -> tuple[Recipe, GuidedModel]:
    """Its recipe and model; of a package, which does not tell how it was trained, that recipe which learns from it."""
    package = package_folder(folder)
    if (package / CARD).exists():
        model = build_model(recipe, ModelPackage.load(package).words)
        load_package(model, str(folder))
        return recipe, model
    checkpoint = Checkpoint.load(folder)
    theirs = checkpoint.recipe
    if checkpoint.epoch < theirs.optimiser.epochs:
        raise DataError(f"The teacher {folder} is not finished: go on with train --resume --out {folder}.")
    shapes = [(r.encoder.channels, r.encoder.size, r.data.left_out, r.objective.head) for r in (theirs, recipe)]
    if shapes[0] != shapes[1]:
        raise DataError(f"The teacher {folder} reads other faces or classes than {recipe.name}: choose another one.")
    model = build_model(theirs, words)
    model.load_state_dict(checkpoint.average)
    return theirs, model
