"""Trains a face encoder by a recipe. Killed at any moment, it goes on from the last whole epoch."""

import itertools
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engines.errors import DataError
from engines.files import write_json_lines
from engines.prompts import ClassEmbeddings
from engines.text_encoder import DIMENSIONS
from engines.vectors import softmax
from training.batches import Batch, TrainingFaces
from training.checkpoint import FILE, Checkpoint
from training.data import Faces
from training.distill.data_free import ImaginedFaces, check_data_free
from training.distill.method import Taught, check
from training.distill.stages import look
from training.metrics import Metrics, measure
from training.models import build_model, placed, reseed
from training.objectives import Objective, similarity
from training.optimiser import descent, follow, learning_rate, momentum, set_momentum, set_rate
from training.pictures import draw_confusion, draw_curves
from training.precision import mixed_precision
from training.recipe import Recipe
from training.semi_supervised.method import Lesson, SemiSupervised
from training.semi_supervised.unlabelled import Views
from training.start import begin_with, go_back
from training.teacher import Teacher

Progress = Callable[[int, int, str], None]
"""Told after every step: the steps done, the steps in all, and a line on how it goes."""
_LOG = "log.jsonl"
EXAMPLES = 8
"""Batches that show the normalisations of a package what comes."""


def train(
    recipe: Recipe,
    faces: Faces,
    words: ClassEmbeddings,
    folder: Path,
    *,
    resume: bool,
    progress: Progress,
    unlabelled: NDArray[np.uint8] | None = None,
) -> None:
    """Train into ``folder``: a checkpoint, ``log.jsonl`` (a line an epoch) and, at the end, two pictures.

    ``curves.png`` shows how the run went, ``confusion.png`` what it takes for what among the faces that it held out.
    ``unlabelled`` uint8 ``[N, C, S, S]`` are faces to learn from as the recipe's ``semi_supervised`` says.

    Raises ``DataError`` if the faces do not fit the recipe, or if ``folder`` holds a run and ``resume`` is not set, and
    ``OutputError`` if it cannot be written to.
    """
    check_folder(recipe, folder, resume=resume)
    with Run(recipe, faces, words, unlabelled) as run:
        finish(run, folder, progress)
        run.draw(folder)


class Resumable(Protocol):
    """What is trained by epochs, and goes on from a checkpoint as if it never had ended."""

    recipe: Recipe
    epoch: int
    log: list[dict[str, Any]]

    def restore(self, checkpoint: Checkpoint) -> None: ...

    def checkpoint(self) -> Checkpoint: ...

    def train_epoch(self, progress: Progress) -> None: ...


def finish(run: Resumable, folder: Path, progress: Progress) -> None:
    """Train ``run`` to its end, from where the checkpoint in ``folder`` stands, if there is one.

    Each epoch leaves a checkpoint and a line of ``log.jsonl``. Raises ``OutputError`` if they cannot be written.
    """
    if (folder / FILE).exists():
        run.restore(Checkpoint.load(folder))
        write_json_lines(folder / _LOG, run.log)
    while run.epoch < run.recipe.optimiser.epochs:
        run.train_epoch(progress)
        run.checkpoint().save(folder)
        write_json_lines(folder / _LOG, run.log)


def check_folder(recipe: Recipe, folder: Path, *, resume: bool) -> None:
    """Raises ``DataError`` if ``folder`` holds a run and ``resume`` is not set, or that of another recipe."""
    if not resume and (folder / FILE).exists():
        raise DataError(f"{folder} already holds a training run: go on with --resume, or choose another --out.")
    if resume and (folder / FILE).exists() and Checkpoint.load(folder).recipe != recipe:
        raise DataError(f"The run in {folder} was begun with another recipe: choose another --out.")


class Run:
    """A training run in memory. The members of an ensemble take each step side by side, a thread each."""

    def __init__(
        self, recipe: Recipe, faces: Faces, words: ClassEmbeddings, unlabelled: NDArray[np.uint8] | None = None
    ) -> None:
        """Raises ``DataError`` if the recipe is not sound, or the faces do not fit it."""
        self.recipe = recipe
        self.epoch = 0
        self.log: list[dict[str, Any]] = []
        self.faces = TrainingFaces(recipe, faces)
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        frequencies = self.faces.frequencies.to(self._device)
        check(recipe)
        if recipe.data_free.generator:
            check_data_free(recipe)
            frequencies = torch.ones_like(frequencies)  # nobody knows them, whatever a teacher was told: log 1 is 0
        teaches = bool(recipe.distillation.teachers)
        self._teacher = Teacher(recipe, words, frequencies, self.faces.shape) if teaches else None
        self._objective = Objective(recipe, self.faces.classes, frequencies, self._teacher)
        self.unlabelled = self._open_unlabelled(unlabelled)
        torch.manual_seed(recipe.seed)
        self._model = placed(build_model(recipe, words), self._device)
        if recipe.start:
            begin_with(self._model, recipe.start, self._examples())
        self.average = placed(build_model(recipe, words), self._device)
        self.average.load_state_dict(self._model.state_dict())
        if recipe.kept > 0 and not recipe.start:
            raise DataError(f"The recipe {recipe.name} keeps a share of a start that it does not have: set start.")
        kept = self.average.state_dict() if recipe.kept > 0 else {}
        self._start = {name: tensor.clone() for name, tensor in kept.items()}
        self._imagined = self._imagine()
        self._companions = self._accompany().to(self._device)
        self._optimiser = descent(recipe.optimiser, self._parameters())
        members = recipe.encoder.members
        # On a GPU the members' kernels queue up behind each other anyway.
        side_by_side = self._device.type == "cpu" and members > 1
        threads = max(1, torch.get_num_threads() // members) if side_by_side else torch.get_num_threads()
        torch.set_num_threads(threads)
        self._threads = ThreadPoolExecutor(members, "mien-member", torch.set_num_threads, (threads,))
        self._map = self._threads.map if side_by_side else map

    def _accompany(self) -> nn.ModuleList:
        """What the distillation trains beside each member, and leaves behind: nothing in most cases."""
        method = self._objective.method
        made = [method.companion(member.encoder) for member in self._model.members] if method else []
        return nn.ModuleList(companion for companion in made if companion is not None)

    def _imagine(self) -> ImaginedFaces | None:
        """What makes pictures to teach on, where there are no faces for that."""
        if not self.recipe.data_free.generator:
            return None
        assert self._teacher is not None  # noqa: S101 - checked
        return ImaginedFaces(self.recipe, self._teacher, len(self.faces.classes), self._device)

    def _parameters(self) -> Iterator[tuple[str, nn.Parameter]]:
        """All that takes steps, by the names that a checkpoint has for them."""
        yield from self._model.named_parameters()
        yield from self._companions.named_parameters(prefix="companions")

    def _open_unlabelled(self, images: NDArray[np.uint8] | None) -> SemiSupervised | None:
        if self.recipe.semi_supervised.weight <= 0:
            if images is not None:
                raise DataError(
                    f"The recipe {self.recipe.name} learns nothing from unlabelled faces: set semi_supervised.weight, "
                    "or leave out --unlabelled."
                )
            return None
        if images is None:
            raise DataError(f"The recipe {self.recipe.name} learns from unlabelled faces too: give --unlabelled DIR.")
        return SemiSupervised(self.recipe, images, self.faces.classes, DIMENSIONS, self._device)

    def _examples(self) -> Tensor:
        """Some batches of what is trained on, float ``[N, C, S, S]``."""
        batches = itertools.islice(self.faces.epoch(0), EXAMPLES)
        return self._on_device(self.faces.reduced(torch.cat([batch.images for batch in batches])))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._threads.shutdown()

    def restore(self, checkpoint: Checkpoint) -> None:
        self.epoch, self.log = checkpoint.epoch, list(checkpoint.log)
        self._model.load_state_dict(checkpoint.weights)
        self.average.load_state_dict(checkpoint.average)
        self._companions.load_state_dict(checkpoint.companions)
        if self._imagined:
            self._imagined.restore(checkpoint.imagined)
        set_momentum(self._optimiser, self._parameters(), checkpoint.momentum)
        if self.unlabelled:
            self.unlabelled.restore(checkpoint.unlabelled)

    def checkpoint(self) -> Checkpoint:
        return Checkpoint(
            self.recipe,
            self.epoch,
            weights=self._model.state_dict(),
            average=self.average.state_dict(),
            momentum=momentum(self._optimiser, self._parameters()),
            log=self.log,
            unlabelled=self.unlabelled.state() if self.unlabelled else {},
            companions=self._companions.state_dict(),
            imagined=self._imagined.state() if self._imagined else {},
        )

    def train_epoch(self, progress: Progress) -> None:
        """One pass over the faces. All chance comes from the seed and the epoch, so a resumed run is the same run."""
        for place, model in enumerate((self._model, self._companions)):
            reseed(model, (place << 32) + self.recipe.seed * 10_000 + self.epoch, self._device)
        epochs, steps = self.recipe.optimiser.epochs, self.faces.batches_per_epoch
        started, total = time.monotonic(), steps * epochs
        losses: list[float] = []
        self._model.train()
        for step, (batch, views) in enumerate(self._batches(), self.epoch * steps):
            losses.append(self._step(batch, views, step))
            recent = float(np.mean(losses[-50:]))
            progress(step + 1, total, f"epoch {self.epoch + 1}/{epochs}  loss {recent:.3f}{self._believed()}")
        self.epoch += 1
        if self.epoch == epochs and self.recipe.kept > 0:
            go_back(self.average, self._start, self.recipe.kept, self._examples())
        held = self.measure_held_out()
        self.log.append({
            "epoch": self.epoch,
            "loss": round(float(np.mean(losses)), 4),
            "held_out_accuracy": round(held.accuracy, 4),
            "held_out_macro_recall": round(held.macro_recall, 4),
            "held_out_nll": round(held.nll, 4),
            **(self.unlabelled.figures if self.unlabelled else {}),
            "seconds": round(time.monotonic() - started, 1),
        })  # fmt: skip

    def _batches(self) -> Iterator[tuple[Batch, Views | None]]:
        """The batches of an epoch, each with views of unlabelled faces where there are any."""
        batches = self.faces.epoch(self.epoch)
        if self._imagined:
            batches = self._imagined.epoch(self.epoch, self.faces.batches_per_epoch, self._model)
        if self.unlabelled is None:
            return zip(batches, itertools.repeat(None), strict=False)
        return zip(batches, self.unlabelled.epoch(self.epoch, self.faces.batches_per_epoch), strict=True)

    def _believed(self) -> str:
        """How much of the unlabelled is learned from, and as what, for a person who waits."""
        return f"  {self.unlabelled}" if self.unlabelled else ""

    def _step(self, batch: Batch, views: Views | None, step: int) -> float:
        """One step of every member; the mean of their losses."""
        set_rate(self._optimiser, learning_rate(self.recipe.optimiser, self.faces.batches_per_epoch, step))
        batch = Batch(self._on_device(batch.images), batch.targets.to(self._device), batch.face_share.to(self._device))
        mapped = self._objective.method is not None and self._objective.method.mapped
        taught = self._teacher(batch, self._map, mapped=mapped) if self._teacher else None
        batch = batch._replace(images=self.faces.reduced(batch.images))
        lesson = self._lesson(batch, views)
        self._optimiser.zero_grad(set_to_none=True)

        def learn(place: int) -> float:
            loss = self._loss(place, batch, taught, lesson)
            loss.backward()  # type: ignore[no-untyped-call]
            return float(loss.detach())

        losses = list(self._map(learn, range(self.recipe.encoder.members)))
        self._optimiser.step()
        follow(self.average, self._model, self.recipe.optimiser.average, step)
        return sum(losses) / len(losses)

    def _on_device(self, images: Tensor) -> Tensor:
        return images.to(self._device, memory_format=torch.channels_last)

    def _lesson(self, batch: Batch, views: Views | None) -> Lesson | None:
        if self.unlabelled is None or views is None:
            return None
        teacher = self.average if self.recipe.semi_supervised.averaged else self._model
        views = Views(*(self._on_device(view) for view in views))
        return self.unlabelled.lesson(teacher, views, batch, self.epoch, self._map)

    def _loss(self, place: int, batch: Batch, taught: Taught | None, lesson: Lesson | None) -> Tensor:
        """What labelled and unlabelled faces, seen in one batch, say against a member."""
        member, method = list(self._model.members)[place], self._objective.method
        companion = self._companions[place] if len(self._companions) else None
        images = batch.images if lesson is None else torch.cat([batch.images, lesson.strong])
        with mixed_precision(self._device):
            seen = look(member.encoder, images, mapped=method is not None and method.mapped)
        first = seen.first(len(batch.images))
        labelled, rest = first.embeddings, seen.embeddings[len(batch.images) :]
        words, choices = self._model.class_embeddings, self.recipe.semi_supervised
        loss = self._objective(first, member.to_neutral, batch, words, taught, companion)
        if choices.semantic > 0:
            logits = self._model.semantic_logits(self.recipe.objective.scale * labelled)
            loss = loss + choices.semantic * similarity(logits, batch.targets)
        if self.unlabelled and lesson is not None:
            loss = loss + choices.weight * self.unlabelled.loss(rest, lesson, self._model)
        return loss

    def draw(self, folder: Path) -> None:
        """Draw the run into ``folder``. Raises ``OutputError`` if it cannot be written to."""
        draw_curves(self.log, folder / "curves.png")
        title = f"{self.recipe.name}: {len(self.faces.held):,} faces held out"
        draw_confusion(self.measure_held_out().confusion, self.faces.classes, folder / "confusion.png", title=title)

    def measure_held_out(self) -> Metrics:
        """The averaged weights on the faces that are held out, at the recipe's own scale."""
        with mixed_precision(self._device):
            embeddings = embed(self.average, self.faces.held)
        logits = self.recipe.objective.scale * embeddings @ self.average.class_embeddings.detach().cpu().numpy().T
        return measure(softmax(logits), self.faces.held_labels)


@torch.no_grad()
def embed(
    model: nn.Module, images: np.ndarray[Any, np.dtype[np.uint8]], batch: int = 256
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Embed faces uint8 ``[N, C, S, S]`` as float32 ``[N, D]`` with the weights at rest."""
    model.eval()
    device = next(model.parameters()).device
    parts = [
        model(torch.from_numpy(images[i : i + batch]).float().to(device)).cpu() for i in range(0, len(images), batch)
    ]
    return torch.cat(parts).numpy() if parts else np.empty((0, DIMENSIONS), np.float32)
