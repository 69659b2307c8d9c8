"""An encoder with the head of a task, which may read what the body did beside the face."""

from itertools import pairwise
from pathlib import Path
from typing import cast

import torch.nn.functional as nnf
from torch import Tensor, nn

from engines.errors import DataError
from engines.text_encoder import DIMENSIONS
from training.checkpoint import Checkpoint
from training.distill.biovid import SIGNALS
from training.distill.hallucination import IMAGINING, HallucinatingEncoder
from training.distill.tasks import TASKS
from training.encoders import Ensemble
from training.models import FaceModel, build_encoder
from training.recipe import Recipe
from training.start import begin_with

_WIDTHS = (32, 64, 128)
_KERNEL = 7


class SignalEncoder(nn.Module):
    """Reads signals of the body float ``[N, channels, T]``, in their own units, as unit float ``[N, dimensions]``."""

    def __init__(self, channels: int, dimensions: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.BatchNorm1d(channels)]  # microsiemens and microvolts become alike
        for inputs, outputs in pairwise((channels, *_WIDTHS)):
            conv = nn.Conv1d(inputs, outputs, _KERNEL, 2, _KERNEL // 2, bias=False)
            layers += [conv, nn.BatchNorm1d(outputs), nn.ReLU(inplace=True)]
        self.layers = nn.Sequential(*layers)
        self.project = nn.Linear(_WIDTHS[-1], dimensions)

    def forward(self, signals: Tensor) -> Tensor:
        return nnf.normalize(self.project(self.layers(signals).mean(dim=2)).float(), dim=1)


class TaskModel(FaceModel):
    """Embeds faces, with ``signals`` as the direction of the sum of face and body; the ``head`` reads that."""

    def __init__(self, encoder: Ensemble, head: nn.Module, signals: SignalEncoder | None) -> None:
        super().__init__(encoder)
        self.head = head
        self.signals = signals

    def join(self, embeddings: Tensor, signals: Tensor | None) -> Tensor:
        """Unit ``embeddings`` of faces ``[N, D]`` with what ``signals`` ``[N, 3, T]`` say, where they are read."""
        if self.signals is None:
            return embeddings
        return nnf.normalize(embeddings + self.signals(signals), dim=1)

    def forward(self, faces: Tensor, signals: Tensor | None) -> Tensor:
        """Unit embeddings float ``[N, D]`` of ``faces`` float ``[N, C, S, S]`` in 0..255."""
        return self.join(cast(Tensor, self.encoder(faces)), signals)


def build_task_model(recipe: Recipe, faces: Tensor | None = None) -> TaskModel:
    """A fresh model of ``recipe``, or with ``faces`` float ``[N, C, S, S]`` one that begins with the recipe's start.

    They are like those of the training, as :func:`training.start.begin_with` wants them. Raises ``DataError`` if the
    recipe describes no encoder, or another one than its start has.
    """
    encoder = build_encoder(recipe.encoder)
    if faces is not None:
        begin_with(FaceModel(encoder), recipe.start, faces)
    if recipe.distillation.objective in IMAGINING:  # only now: a package has no such net
        for member in FaceModel(encoder).members:
            member.encoder = HallucinatingEncoder(member.encoder, DIMENSIONS)
    signals = SignalEncoder(len(SIGNALS), DIMENSIONS) if recipe.task.signals else None
    return TaskModel(encoder, TASKS[recipe.task.name].head(DIMENSIONS), signals)


def load_task_teacher(recipe: Recipe) -> tuple[Recipe, TaskModel] | None:
    """The finished run that ``recipe`` learns from, its recipe and its model at rest; ``None`` without one.

    Raises ``DataError`` if there is no such run, if it is not finished or for another task, or sees less than the
    student.
    """
    if not recipe.distillation.teachers:
        return None
    (folder,) = recipe.distillation.teachers
    checkpoint = Checkpoint.load(Path(folder))
    theirs, ours = checkpoint.recipe.encoder, recipe.encoder
    if checkpoint.recipe.task.name != recipe.task.name:
        raise DataError(f"The teacher {folder} is not for {recipe.task.name}: choose another one.")
    if checkpoint.epoch < checkpoint.recipe.optimiser.epochs:
        raise DataError(f"The teacher {folder} is not finished: go on with train --resume --out {folder}.")
    if theirs.size < ours.size or theirs.channels < ours.channels:
        raise DataError(f"The teacher {folder} sees less than the student: choose a smaller encoder.size or channels.")
    model = build_task_model(checkpoint.recipe)
    model.load_state_dict(checkpoint.average)
    return checkpoint.recipe, model.eval().requires_grad_(requires_grad=False)
