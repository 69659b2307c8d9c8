"""SIT-FER (arXiv 2503.18463): faces that nobody labelled are learned as what three levels agree that they show.

For a weakly changed face the levels are asked (:mod:`training.semi_supervised.levels`); where their mean is sure
enough, a strongly changed view of the same face is trained towards it. Who is asked is the moving average of the
weights, and what it answers carries no gradient. With the text level alone, one's own weights and hard answers it is
FixMatch (Sohn et al., arXiv 2001.07685).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray
from torch import Tensor

from engines.errors import DataError
from training.batches import Batch
from training.encoders import Map
from training.models import GuidedModel
from training.recipe import Recipe
from training.semi_supervised.bank import MemoryBank
from training.semi_supervised.levels import Reduction, aggregate, instance, semantic, text
from training.semi_supervised.threshold import Adaptive, Fixed, Threshold
from training.semi_supervised.unlabelled import UnlabelledFaces, Views

LEVELS = ("semantic", "text", "instance")
_SCHEDULE = ((15, (0.6, 0.4, 0.0)), (None, (0.3, 0.2, 0.5)))
"""The weights of the levels in the released code: up to an epoch, and from there on."""
_CLEAR = 0.5
"""A labelled face goes into the bank if more of its votes than this are for one expression."""
_TOLD = 3
"""Classes of the believed faces that a line on the progress has room for."""


class Lesson(NamedTuple):
    """What is learned from unlabelled faces in one step.

    ``strong`` float ``[M, C, S, S]`` in 0..255, ``targets`` ``[M, K]``, and ``accepted`` ``[M]`` 1 where they count.
    """

    strong: Tensor
    targets: Tensor
    accepted: Tensor


class SemiSupervised:
    """The unlabelled faces of a run, the bank and the threshold."""

    def __init__(
        self, recipe: Recipe, images: NDArray[np.uint8], classes: Sequence[str], dimensions: int, device: torch.device
    ) -> None:
        """Raises ``DataError`` if the recipe's choices are not sound, or the faces do not fit them."""
        self._choices = choices = recipe.semi_supervised
        self._scale = recipe.objective.scale
        self._classes = tuple(classes)
        unknown = set(choices.levels) - set(LEVELS)
        if "semantic" in choices.levels and choices.semantic <= 0:
            raise DataError(
                "Without semi_supervised.semantic there is no linear layer to ask: take it from the levels."
            )
        if unknown or not choices.levels:
            raise DataError(f"semi_supervised.levels are {choices.levels}: choose some of {', '.join(LEVELS)}.")
        if choices.aggregation not in {"thirds", "schedule"} or choices.instance not in {"max", "mean"}:
            raise DataError("semi_supervised.aggregation is thirds or schedule, and instance is max or mean.")
        self._faces = UnlabelledFaces(recipe, images)
        self._bank = MemoryBank(len(classes), choices.room, dimensions, device)
        self._threshold: Threshold = (
            Adaptive(len(classes), choices.threshold, device=device) if choices.adaptive else Fixed(choices.threshold)
        )
        self._accepted = torch.zeros(len(classes), dtype=torch.long, device=device)
        self._asked = 0

    def epoch(self, epoch: int, batches: int) -> Iterator[Views]:
        """The views of one epoch; what was counted in the last one is forgotten."""
        self._accepted.zero_()
        self._asked = 0
        return self._faces.epoch(epoch, batches)

    @torch.no_grad()
    def lesson(self, teacher: GuidedModel, views: Views, batch: Batch, epoch: int, each: Map = map) -> Lesson:
        """Ask ``teacher`` about the weak view, and keep in mind what is sure.

        ``batch`` are the labelled faces of the step. Of these, at most as many as of the unlabelled ones go into the
        bank: that keeps it fresh, and to look at all would cost more than the rest where the unlabelled are few.
        ``each`` maps over the teacher's members.
        """
        known = Batch(*(part[-len(views.weak) :] for part in batch))
        embeddings = teacher.embed_at_rest(torch.cat([known.images, views.weak]), each)
        labelled, unlabelled = embeddings[: len(known.images)], embeddings[len(known.images) :]
        # Votes, also those of pictures that are no faces: these are spread evenly, and clear to nobody.
        share, label = known.targets.max(dim=1)
        self._bank.add(labelled[share > _CLEAR], label[share > _CLEAR])
        answers = self.ask(teacher, unlabelled, epoch)
        accepted, best = self._threshold.accept(answers), answers.argmax(dim=1)
        self._bank.add(unlabelled[accepted], best[accepted])
        self._accepted += best[accepted].bincount(minlength=len(self._classes))
        self._asked += len(answers)
        targets = nnf.one_hot(best, answers.shape[1]).float() if self._choices.hard else answers
        return Lesson(views.strong, targets, accepted.float())

    @torch.no_grad()
    def ask(self, teacher: GuidedModel, embeddings: Tensor, epoch: int) -> Tensor:
        """What the levels together say of ``embeddings`` ``[M, D]`` of the teacher's: ``[M, K]``."""
        weights = dict(zip(LEVELS, self._weights(epoch), strict=True))
        asked = [name for name in self._choices.levels if weights[name] > 0]
        # With the instances alone, the schedule's beginning has nobody to ask but them.
        asked = asked or list(self._choices.levels)
        answers = [self.answer(name, teacher, embeddings) for name in asked]
        return aggregate(answers, [weights[name] or 1.0 for name in asked])

    @torch.no_grad()
    def answer(self, level: str, teacher: GuidedModel, embeddings: Tensor) -> Tensor:
        """What one of ``LEVELS`` says of ``embeddings`` ``[M, D]`` of the teacher's: ``[M, K]``."""
        if level == "semantic":
            return semantic(teacher.semantic_logits(self._scale * embeddings))
        if level == "text":
            return text(embeddings, teacher.class_embeddings, self._scale)
        reduction: Reduction = "mean" if self._choices.instance == "mean" else "max"
        return instance(embeddings, self._bank.features, self._bank.filled, self._choices.instance_scale, reduction)

    def believed(self, answers: Tensor) -> Tensor:
        """Which of ``answers`` ``[M, K]`` would be learned from now, bool ``[M]``; nothing is learned by asking."""
        return self._threshold.passes(answers)

    def loss(self, embeddings: Tensor, lesson: Lesson, model: GuidedModel) -> Tensor:
        """How far ``embeddings`` ``[M, D]`` of the strong views are from the lesson, by the heads that there are.

        What was not accepted counts as no distance, so that a sure few do not outweigh the labelled faces.
        """
        heads = [self._scale * embeddings @ model.class_embeddings.T]
        if self._choices.semantic > 0:
            heads.append(model.semantic_logits(self._scale * embeddings))
        distances = [nnf.cross_entropy(logits, lesson.targets, reduction="none") for logits in heads]
        return (torch.stack(distances).mean(dim=0) * lesson.accepted).mean()

    @property
    def accepted(self) -> float:
        """The share of the answers of this epoch that were believed."""
        return int(self._accepted.sum()) / max(1, self._asked)

    @property
    def figures(self) -> dict[str, object]:
        """That share, and how the believed ones are spread over the classes."""
        total = max(1, int(self._accepted.sum()))
        spread = [round(count / total, 4) for count in self._accepted.tolist()]
        return {
            "accepted": round(self.accepted, 4),
            "accepted_classes": dict(zip(self._classes, spread, strict=True)),
        }

    def __str__(self) -> str:
        """The same for a person who waits: the share, and the percentage of each class that most of it shows."""
        total = max(1, int(self._accepted.sum()))
        counts = sorted(zip(self._accepted.tolist(), self._classes, strict=True), reverse=True)
        spread = ", ".join(f"{name} {100 * count / total:.0f}" for count, name in counts[:_TOLD] if count)
        return f"unlabelled {self.accepted:.0%}" + (f" ({spread})" if spread else "")

    def state(self) -> dict[str, Tensor]:
        """What is to be kept with the weights."""
        parts = {"bank": self._bank.state(), "threshold": self._threshold.state()}
        return {f"{part}.{name}": tensor for part, state in parts.items() for name, tensor in state.items()}

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """The inverse of :meth:`state`."""
        for part, keeper in (("bank", self._bank), ("threshold", self._threshold)):
            keeper.restore({name.split(".", 1)[1]: t for name, t in state.items() if name.startswith(f"{part}.")})

    def _weights(self, epoch: int) -> tuple[float, ...]:
        if self._choices.aggregation == "thirds":
            return (1.0, 1.0, 1.0)
        return next(weights for until, weights in _SCHEDULE if until is None or epoch < until)
