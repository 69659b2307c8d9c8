"""What an encoder is trained for: the three objectives of text guidance (arXiv 2409.08598).

f are unit embeddings ``[N, D]``, n those of the same faces' neutrals, T the unit class embeddings ``[K, D]``, and
``targets`` ``[N, K]`` distributions over the classes. The paper has one label a face; where annotators disagree, each
of their votes counts here for its share. The paper says what the last two objectives are to do; their form is ours.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from engines.errors import DataError
from engines.neutral import NEUTRAL
from training.batches import Batch
from training.distill.method import Step, Taught, distillation_method
from training.distill.stages import Seen
from training.recipe import Recipe

if TYPE_CHECKING:
    from training.teacher import Teacher  # which asks by Evidence


_LEAST = 1e-6
"""Of a class's frequency: one that no face shows is expected nowhere, but its logits stay finite."""


def similarity(logits: Tensor, targets: Tensor) -> Tensor:
    """L_s: cross-entropy between the votes and the softmax of ``logits`` ``[N, K]``, which are scaled f T'."""
    return nnf.cross_entropy(logits, targets)


def transformation(
    embeddings: Tensor, neutrals: Tensor, targets: Tensor, class_embeddings: Tensor, *, neutral: int
) -> Tensor:
    """L_t: 1 - cos(n - f, t_neutral - t_y), the way from an expression to its neutral runs as the words' does.

    ``neutral`` is the row of the neutral class, whose faces have no way to go.
    """
    ways = class_embeddings[neutral] - class_embeddings
    cosines = nnf.normalize(neutrals - embeddings, dim=1) @ nnf.normalize(ways, dim=1).T
    return _mean_over_expressions(1 - cosines, targets, neutral)


def self_contrast(
    embeddings: Tensor, neutrals: Tensor, targets: Tensor, class_embeddings: Tensor, *, neutral: int, scale: float
) -> Tensor:
    """L_c: a face is nearer to its words than to its own neutral, -log(e^{s f.t_y} / (e^{s f.t_y} + e^{s f.n}))."""
    towards = embeddings @ class_embeddings.T
    away = (embeddings * neutrals).sum(dim=1, keepdim=True)
    return _mean_over_expressions(nnf.softplus(scale * (away - towards)), targets, neutral)


def _mean_over_expressions(losses: Tensor, targets: Tensor, neutral: int) -> Tensor:
    """The mean of ``losses`` ``[N, K]``, weighted by the votes for expressions other than neutral."""
    weights = targets.clone()
    weights[:, neutral] = 0
    return (losses * weights).sum() / torch.clamp(weights.sum(), min=1e-6)


class Objective:
    """The objectives of a recipe, weighed as it says."""

    def __init__(
        self, recipe: Recipe, classes: Sequence[str], frequencies: Tensor, teacher: "Teacher | None" = None
    ) -> None:
        """``frequencies`` float ``[K]`` are of ``classes``.

        Raises ``DataError`` if neutral is needed and not there, or if the ``teacher`` does not suit the distillation.
        """
        self._choices, self._distillation = recipe.objective, recipe.distillation
        self.method = distillation_method(recipe, teacher)
        self._evidence = Evidence(recipe, frequencies)
        self._guided = recipe.objective.transformation > 0 or recipe.objective.contrast > 0
        if self._guided and NEUTRAL not in classes:
            raise DataError("Without neutral among the classes, objective.transformation and contrast must be 0.")
        self._neutral = classes.index(NEUTRAL) if self._guided else -1

    def __call__(  # noqa: PLR0917 - each is of one step
        self,
        seen: Seen,
        to_neutral: nn.Module,
        batch: Batch,
        words: Tensor,
        taught: Taught | None = None,
        companion: nn.Module | None = None,
    ) -> Tensor:
        """The loss of what is ``seen`` of ``batch``, unit embeddings ``[N, D]`` among it.

        ``words`` ``[K, D]`` are the classes', ``taught`` what the teachers say of the same pictures, and ``companion``
        what the method trains beside the encoder.
        """
        o, t, targets, embeddings = self._choices, self._distillation, batch.targets, seen.embeddings

        def evidence(of: Tensor) -> Tensor:
            return self._evidence(of, words, batch.face_share)

        logits = evidence(embeddings)
        loss = o.similarity * similarity(logits, targets)
        if self.method is not None:
            step = Step(seen, logits, targets, taught, evidence, companion)
            answers, features = self.method(step)
            loss = (1 - t.weight) * loss + t.weight * answers + t.features * features
        if self._guided:
            given = embeddings, to_neutral(embeddings), targets, words
            loss = loss + o.transformation * transformation(*given, neutral=self._neutral)
            loss = loss + o.contrast * self_contrast(*given, neutral=self._neutral, scale=o.scale)
        return loss


class Evidence:
    """The logits of a recipe in training: scaled cosines, and a share of how frequent each class is.

    What is added while training, the encoder need not learn: without it afterwards, rare classes are named more often
    (Menon et al., arXiv 2007.07314). Pictures that are no faces have no such expectation.
    """

    def __init__(self, recipe: Recipe, frequencies: Tensor) -> None:
        """``frequencies`` float ``[K]`` are the classes' shares of the votes."""
        self._scale = recipe.objective.scale
        self._expected = recipe.objective.prior * frequencies.clamp(min=_LEAST).log()

    def __call__(self, embeddings: Tensor, words: Tensor, face_share: Tensor) -> Tensor:
        """``embeddings`` ``[N, D]`` against ``words`` ``[K, D]``, ``face_share`` ``[N, 1]``: ``[N, K]``."""
        return self._scale * embeddings @ words.T + face_share * self._expected
