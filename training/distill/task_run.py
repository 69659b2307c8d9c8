"""Trains an encoder for valence and arousal, or for pain, perhaps with a teacher that sees more (PKDOT's own tasks)."""

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from engines.errors import DataError
from training.augment import augment
from training.batches import shuffled
from training.checkpoint import Checkpoint
from training.distill.hallucination import IMAGINING
from training.distill.method import check
from training.distill.stages import look
from training.distill.task_examples import Cut, Examples, View, load_examples, remembered
from training.distill.task_model import TaskModel, build_task_model, load_task_teacher
from training.distill.tasks import AFFECT, PAIN, TASKS
from training.distill.transport import row_error, transport
from training.distill.views import reduced
from training.models import placed, reseed
from training.optimiser import descent, follow, learning_rate, momentum, set_momentum, set_rate
from training.precision import mixed_precision
from training.recipe import (
    UNGUIDED,
    DataChoices,
    DataFreeChoices,
    FederatedChoices,
    Recipe,
    SemiSupervisedChoices,
)
from training.train import EXAMPLES, Progress, check_folder

_AT_ONCE = 256
"""Faces that are measured at a time."""


class TaskBatch(NamedTuple):
    """Faces float ``[N, C, S, S]`` in 0..255 and signals ``[N, 3, T]`` as the teacher sees them, and the truth."""

    images: Tensor
    signals: Tensor | None
    truth: Tensor


def open_task(recipe: Recipe, data: Path, folder: Path, *, resume: bool, cut: Cut) -> "TaskRun":
    """The run of ``recipe`` on the ``data`` of its task, a folder; what is cut out of films is kept in ``folder``.

    Raises ``DataError`` if the recipe is not sound, if its teacher does not suit it, if the data is not there or laid
    out otherwise, or if ``folder`` holds a run and ``resume`` is not set.
    """
    check_task(recipe)
    check_folder(recipe, folder, resume=resume)
    taught = load_task_teacher(recipe)
    view = View.of(taught[0] if taught else recipe)
    train, measured = load_examples(recipe, data, view, remembered(cut, folder / "faces.npz"))
    return TaskRun(recipe, train, measured, taught[1] if taught else None)


class TaskRun:
    """A training run in memory; of an ensemble, each member learns by the one head."""

    def __init__(self, recipe: Recipe, train: Examples, measured: Examples, teacher: TaskModel | None) -> None:
        """``train`` shows faces as the ``teacher`` sees them, where there is one.

        Raises ``DataError`` if they do not fill a batch, or if the recipe describes no encoder.
        """
        if len(train) < recipe.optimiser.batch:
            raise DataError(f"{len(train)} faces to train on do not fill one batch: lower optimiser.batch.")
        self.recipe = recipe
        self.epoch = 0
        self.log: list[dict[str, Any]] = []
        self._train, self._measured = train, measured
        self._task = TASKS[recipe.task.name]
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._steps = recipe.data.batches or len(train) // recipe.optimiser.batch
        torch.manual_seed(recipe.seed)
        self._model = placed(build_task_model(recipe, self._examples() if recipe.start else None), self._device)
        self._average = placed(build_task_model(recipe), self._device)
        self._average.load_state_dict(self._model.state_dict())
        self._teacher = None if teacher is None else placed(teacher, self._device)
        self._optimiser = descent(recipe.optimiser, self._model.named_parameters())

    def _examples(self) -> Tensor:
        batches = itertools.islice(self._batches(), EXAMPLES)
        return torch.cat([self._reduced(batch.images) for batch in batches])

    def _reduced(self, images: Tensor) -> Tensor:
        """Faces as the student sees them."""
        return reduced(images, self.recipe.encoder.channels, self.recipe.encoder.size)

    def restore(self, checkpoint: Checkpoint) -> None:
        self.epoch, self.log = checkpoint.epoch, list(checkpoint.log)
        self._model.load_state_dict(checkpoint.weights)
        self._average.load_state_dict(checkpoint.average)
        set_momentum(self._optimiser, self._model.named_parameters(), checkpoint.momentum)

    def checkpoint(self) -> Checkpoint:
        return Checkpoint(
            self.recipe,
            self.epoch,
            weights=self._model.state_dict(),
            average=self._average.state_dict(),
            momentum=momentum(self._optimiser, self._model.named_parameters()),
            log=self.log,
        )

    def train_epoch(self, progress: Progress) -> None:
        """One pass over the faces. All chance comes from the seed and the epoch, so a resumed run is the same run."""
        reseed(self._model, self.recipe.seed * 10_000 + self.epoch, self._device)
        epochs, started = self.recipe.optimiser.epochs, time.monotonic()
        losses: list[float] = []
        self._model.train()
        for step, batch in enumerate(self._batches(), self.epoch * self._steps):
            losses.append(self._step(batch, step))
            recent = float(np.mean(losses[-50:]))
            progress(step + 1, self._steps * epochs, f"epoch {self.epoch + 1}/{epochs}  loss {recent:.3f}")
        self.epoch += 1
        self.log.append({
            "epoch": self.epoch,
            "loss": round(float(np.mean(losses)), 4),
            **{f"held_out_{name}": round(value, 4) for name, value in self.measure().items()},
            "seconds": round(time.monotonic() - started, 1),
        })  # fmt: skip

    def _batches(self) -> Iterator[TaskBatch]:
        generator = torch.Generator().manual_seed(self.recipe.seed * 10_000 + self.epoch)
        train = self._train
        for rows in shuffled(len(train), self.recipe.optimiser.batch, self._steps, generator).numpy():
            images = augment(torch.from_numpy(train.pictures(rows)).float() / 255, generator) * 255
            yield TaskBatch(images, train.signals_of(rows), train.truth[train.samples[rows]])

    def _step(self, batch: TaskBatch, step: int) -> float:
        """One step of every member; the mean of their losses."""
        set_rate(self._optimiser, learning_rate(self.recipe.optimiser, self._steps, step))
        images = batch.images.to(self._device, memory_format=torch.channels_last)
        signals = None if batch.signals is None else batch.signals.to(self._device)
        batch = TaskBatch(images, signals, batch.truth.to(self._device))
        theirs = None
        if self._teacher is not None:
            with torch.no_grad(), mixed_precision(self._device):
                theirs = self._teacher(batch.images, batch.signals)
        batch = batch._replace(images=self._reduced(batch.images))
        self._optimiser.zero_grad(set_to_none=True)
        losses = torch.stack([self._loss(member.encoder, batch, theirs) for member in self._model.members])
        losses.sum().backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()
        follow(self._average, self._model, self.recipe.optimiser.average, step)
        return float(losses.detach().mean())

    def _loss(self, encoder: nn.Module, batch: TaskBatch, theirs: Tensor | None) -> Tensor:
        """The task's, and that of what is hallucinated against the teacher's embeddings ``[N, D]``."""
        d = self.recipe.distillation
        with mixed_precision(self._device):
            seen = look(encoder, batch.images)
            embeddings = self._model.join(seen.embeddings, batch.signals)
        loss = self._task.loss(self._model.head(embeddings), batch.truth)
        if theirs is None or seen.hallucinated is None:
            return loss
        if d.objective == "rows":
            return loss + d.features * row_error(seen.hallucinated, theirs, d.anchors)
        return loss + d.features * transport(seen.hallucinated, theirs, d.anchors, d.blur)

    @torch.no_grad()
    def measure(self) -> dict[str, float]:
        """The figures of the field, of the averaged weights; a sample is read as the mean of its faces."""
        self._average.eval()
        measured, parts = self._measured, []
        for rows in np.split(np.arange(len(measured)), range(_AT_ONCE, len(measured), _AT_ONCE)):
            faces = self._reduced(torch.from_numpy(measured.pictures(rows)).float().to(self._device))
            signals = measured.signals_of(rows)
            with mixed_precision(self._device):
                embeddings = self._average(faces, None if signals is None else signals.to(self._device))
            parts.append(self._average.head(embeddings).cpu())
        said, samples = torch.cat(parts), torch.from_numpy(measured.samples)
        sums = said.new_zeros(len(measured.truth), said.shape[1]).index_add_(0, samples, said)
        return self._task.figures(sums / samples.bincount()[:, None], measured.truth)


def check_task(recipe: Recipe) -> None:
    """Raises ``DataError`` if the choices of a recipe for a task contradict it, or each other."""
    check(recipe)
    task, d, data = recipe.task, recipe.distillation, recipe.data
    plain = DataChoices(data.held_out, 0.0, data.plain_epochs, 0.0, batches=data.batches)
    rooms = DataFreeChoices(), SemiSupervisedChoices(), FederatedChoices()
    wrong = [
        (task.name not in TASKS, f"task.name is {task.name!r}: choose one of {', '.join(TASKS)}"),
        (recipe.objective != UNGUIDED, "no words describe what is read: leave out [objective]"),
        (data != plain, "data.mixup and data.non_faces must be 0, and faces, left_out and privileged left out"),
        (
            (recipe.data_free, recipe.semi_supervised, recipe.federated) != rooms,
            "[data_free], [semi_supervised] and [federated] are for expressions: leave them out",
        ),
        (recipe.kept > 0, "nothing goes back to the start: leave out kept"),
        (task.name == AFFECT and data.held_out > 0, "the Validation_Set measures: set data.held_out to 0"),
        (task.name == PAIN and not 0 < data.held_out < 1, "data.held_out is a share of the subjects: set it in 0..1"),
        (task.signals and task.name != PAIN, "task.signals are BioVid's: leave them out"),
        (task.signals and bool(d.teachers), "task.signals are for a teacher, and a student sees faces: leave them out"),
        (len(d.teachers) > 1, "distillation.teachers are several: name one"),
        (d.weight > 0, "a teacher's answers are not asked for: set distillation.weight to 0 and features above"),
        (
            d.objective not in IMAGINING and (d.objective != "plain" or bool(d.teachers)),
            f"distillation.objective is {d.objective}: choose one of {', '.join(IMAGINING)}",
        ),
    ]
    for is_wrong, why in wrong:
        if is_wrong:
            raise DataError(f"The recipe {recipe.name} cannot be trained for a task: {why}.")
