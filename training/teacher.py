"""Finished runs that a new one learns from."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from engines.errors import DataError
from engines.prompts import ClassEmbeddings
from training.checkpoint import Checkpoint
from training.models import GuidedModel, build_model
from training.recipe import Recipe

Map = Callable[[Callable[[Any], Tensor], Iterable[Any]], Iterable[Tensor]]


class Teacher:
    """The encoders of finished runs, read as one on the very pictures that the student sees.

    Mixed and spoilt as those are, the teachers' word for them is better than the votes for the clean faces (Beyer et
    al., Knowledge distillation: a good teacher is patient and consistent, arXiv 2106.05237).
    """

    def __init__(self, recipe: Recipe, words: ClassEmbeddings, device: torch.device) -> None:
        """Raises ``DataError`` if a teacher is not there, not finished, or for other faces than ``recipe``."""
        models = [_load(Path(folder), recipe, words) for folder in recipe.distillation.teachers]
        self._encoders = [
            member.encoder.to(device).to(memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
            for model in models
            for member in model.members
        ]

    @torch.no_grad()
    def __call__(self, images: Tensor, each: Map = map) -> Tensor:
        """The direction of all their embeddings of ``images`` float ``[N, C, S, S]``: ``[N, D]``.

        ``each`` maps a function over the encoders, in threads perhaps.
        """

        def embed(encoder: nn.Module) -> Tensor:
            with torch.no_grad(), torch.autocast(images.device.type, torch.bfloat16):
                return encoder(images)  # type: ignore[no-any-return]

        return nnf.normalize(torch.stack(list(each(embed, self._encoders))).sum(dim=0), dim=1)


def _load(folder: Path, recipe: Recipe, words: ClassEmbeddings) -> GuidedModel:
    checkpoint = Checkpoint.load(folder)
    theirs = checkpoint.recipe
    if checkpoint.epoch < theirs.optimiser.epochs:
        raise DataError(f"The teacher {folder} is not finished: go on with train --resume --out {folder}.")
    shapes = [(r.encoder.channels, r.encoder.size, r.data.left_out, r.objective.head) for r in (theirs, recipe)]
    if shapes[0] != shapes[1]:
        raise DataError(f"The teacher {folder} reads other faces or classes than {recipe.name}: choose another one.")
    model = build_model(theirs, words)
    model.load_state_dict(checkpoint.average)
    return model
