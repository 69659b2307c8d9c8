"""The objectives of distillation that a recipe can choose, each with the same faces and the same schedule.

Each one says two things of a step: how far the student's answers are from the teacher's, which stands for a part of
the cross-entropy with the votes, and what is asked of its features besides.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

import torch.nn.functional as nnf
from torch import Tensor, nn

from engines.errors import DataError
from engines.text_encoder import DIMENSIONS
from training.distill.branches import Branches, gated, peers_loss
from training.distill.cka import misalignment
from training.distill.divergence import distillation, divergences
from training.distill.hallucination import IMAGINING
from training.distill.spots import Graft, SpotPolicy, chosen_mean, spot_distances
from training.distill.stages import Seen, embed_maps, stages, widths
from training.distill.transport import row_error, transport
from training.encoders import standardise
from training.precision import mixed_precision
from training.recipe import DistillationChoices, Recipe

if TYPE_CHECKING:
    from training.teacher import Teacher


class Taught(NamedTuple):
    """What teachers say of a batch: ``logits`` ``[N, K]``, unit ``embeddings`` ``[N, D]``.

    ``images`` float ``[N, C, S, S]`` in 0..255 are the pictures as they saw them. Of the first one, ``evidence`` turns
    embeddings ``[N, D]`` of these faces into logits, and ``maps`` are the ends of the stages, where they are asked for.
    """

    logits: Tensor
    embeddings: Tensor
    images: Tensor
    evidence: Callable[[Tensor], Tensor]
    maps: tuple[Tensor, ...] = ()


class Step(NamedTuple):
    """What a method judges: what a student has ``seen``, its ``logits`` and the votes ``targets``, ``[N, K]``.

    ``evidence`` turns other embeddings ``[N, D]`` of these faces into logits; ``companion`` is what
    :meth:`Method.companion` made.
    """

    seen: Seen
    logits: Tensor
    targets: Tensor
    taught: Taught | None
    evidence: Callable[[Tensor], Tensor]
    companion: nn.Module | None


class Method(Protocol):
    """A way to distil; ``mapped`` where it needs the ends of the stages."""

    mapped: bool

    def companion(self, encoder: nn.Module) -> nn.Module | None:
        """What is trained beside a student's ``encoder`` and then left behind, nothing in most cases."""

    def __call__(self, step: Step) -> tuple[Tensor, Tensor]:
        """Two scalars: on the answers, and on the features."""


class _Taught:
    """What the methods with a teacher share: the answers' divergence."""

    mapped = False

    def __init__(self, choices: DistillationChoices, teacher: "Teacher | None") -> None:
        self._choices = choices
        self._teacher = teacher

    def companion(self, encoder: nn.Module) -> nn.Module | None:  # noqa: ARG002 - others need it
        return None

    def __call__(self, step: Step) -> tuple[Tensor, Tensor]:
        """Nothing is asked of the features where there is no teacher."""
        if step.taught is None:
            nothing = step.logits.new_zeros(())
            return nothing, nothing
        answers = distillation(step.logits, step.taught.logits, self._choices.temperature)
        return answers, self._features(step, step.taught)

    def _features(self, step: Step, taught: Taught) -> Tensor:  # noqa: ARG002 - others need it
        return step.logits.new_zeros(())


class Plain(_Taught):
    """The answers alone (arXiv 1503.02531)."""


class Aligned(_Taught):
    """The answers by the words that both share, and embeddings that lie alike (arXiv 2407.06504)."""

    def _features(self, step: Step, taught: Taught) -> Tensor:
        return misalignment(step.seen.embeddings, taught.embeddings)


class Transported(_Taught):
    """What is hallucinated has the structure of what the teacher sees, by optimal transport (arXiv 2401.15489)."""

    def _features(self, step: Step, taught: Taught) -> Tensor:
        return transport(_hallucinated(step), taught.embeddings, self._choices.anchors, self._choices.blur)


class RowByRow(_Taught):
    """The same, each face against itself: what transport is to be compared with."""

    def _features(self, step: Step, taught: Taught) -> Tensor:
        return row_error(_hallucinated(step), taught.embeddings, self._choices.anchors)


def _hallucinated(step: Step) -> Tensor:
    assert step.seen.hallucinated is not None  # noqa: S101 - the model of these objectives has it
    return step.seen.hallucinated


class SpotAdaptive:
    """Where to follow the teacher is decided face by face (arXiv 2205.02399); of several, the first one's stages."""

    mapped = True

    def __init__(self, choices: DistillationChoices, teacher: "Teacher") -> None:
        self._choices = choices
        self._encoder = teacher.encoders[0]
        self._widths = widths(teacher.encoders[0])

    def companion(self, encoder: nn.Module) -> SpotPolicy:
        ours = widths(encoder)
        if len(ours) != len(self._widths):
            raise DataError(
                f"The student has {len(ours)} stages and the teacher {len(self._widths)}: spots are the ends of the "
                "same stages in both, so give encoder.widths as many entries."
            )
        return SpotPolicy(DIMENSIONS, ours, self._widths)

    def __call__(self, step: Step) -> tuple[Tensor, Tensor]:
        taught, policy = step.taught, step.companion
        assert taught is not None  # noqa: S101 - a sound recipe has a teacher
        assert isinstance(policy, SpotPolicy)  # noqa: S101 - companion() made it
        decisions = policy(step.seen.embeddings.detach(), taught.embeddings)
        answers = divergences(step.logits, taught.logits, self._choices.temperature)
        distances = spot_distances(step.seen.maps[:-1], taught.maps[:-1])
        features = chosen_mean(distances, decisions[:, :-1])
        grafted = self._graft(step, taught, policy, decisions)
        return chosen_mean(answers[:, None], decisions[:, -1:]), features + nnf.cross_entropy(grafted, step.targets)

    def _graft(self, step: Step, taught: Taught, policy: SpotPolicy, decisions: Tensor) -> Tensor:
        """The logits of the graft, the student's own where the last spot is decided against: ``[N, K]``."""
        graft = Graft(stages(self._encoder), step.seen.maps, decisions)
        with mixed_precision(step.logits.device):
            last = graft.run(policy, standardise(taught.images))
            embeddings = embed_maps(self._encoder, last)
        theirs = taught.evidence(embeddings)
        chosen = decisions[:, -1:]
        return chosen * theirs + (1 - chosen) * step.logits.detach()


class Online:
    """A student's branches teach each other (arXiv 2108.02092); there is no teacher."""

    mapped = True

    def __init__(self, choices: DistillationChoices) -> None:
        self._choices = choices

    def companion(self, encoder: nn.Module) -> Branches:
        return Branches(encoder, DIMENSIONS, self._choices.branches)

    def __call__(self, step: Step) -> tuple[Tensor, Tensor]:
        assert isinstance(step.companion, Branches)  # noqa: S101 - companion() made it
        with mixed_precision(step.logits.device):
            embeddings, weights = step.companion(step.seen.maps[-2])
        peers = [step.evidence(each) for each in embeddings]
        together = gated([step.logits, *peers], weights)
        answers = distillation(step.logits, together.detach(), self._choices.temperature)
        return answers, peers_loss(peers, together, step.targets, self._choices.temperature)


METHODS = ("plain", "cka", "spots", "online", "transport", "rows")
"""The objectives that a recipe can name."""
_TAUGHT = {"plain": Plain, "cka": Aligned, "transport": Transported, "rows": RowByRow}


def distillation_method(recipe: Recipe, teacher: "Teacher | None") -> Method | None:
    """What the recipe's ``distillation`` says, which :func:`check` found sound; none where it learns from nobody.

    Raises ``DataError`` if the teacher's encoder does not suit the method.
    """
    choices = recipe.distillation
    if choices.weight == choices.features == 0:
        return None
    if choices.objective == "online":
        return Online(choices)
    if choices.objective == "spots":
        assert teacher is not None  # noqa: S101 - checked
        return SpotAdaptive(choices, teacher)
    return _TAUGHT[choices.objective](choices, teacher)


def check(recipe: Recipe) -> None:
    """Raises ``DataError`` if the choices of the recipe's ``distillation`` contradict each other."""
    d = recipe.distillation
    learns = d.weight > 0 or d.features > 0
    wrong = [
        (d.objective not in METHODS, f"objective is {d.objective!r}: choose one of {', '.join(METHODS)}"),
        (not 0 <= d.weight <= 1, f"weight is {d.weight}: it is a share of the loss, from 0 to 1"),
        (d.features < 0, f"features is {d.features}: a weight is not below 0"),
        (d.temperature <= 0, f"temperature is {d.temperature}: set it above 0"),
        (
            d.objective == "plain" and d.features > 0,
            "objective is plain, which asks nothing of features: set them to 0",
        ),
        (d.objective == "online" and bool(d.teachers), "objective is online, where branches teach: name no teachers"),
        (d.objective == "online" and d.branches < 1, f"branches is {d.branches}: online needs one at least"),
        (learns and d.objective != "online" and not d.teachers, "teachers are missing: name one, or set weights to 0"),
        (not learns and bool(d.teachers), "teachers have no say: set weight or features above 0, or name none"),
        (d.objective == "online" and d.features == 0, "features is 0: it is what online's branches learn by"),
        (d.objective == "spots" and d.features == 0, "features is 0: it is what the spots' policy learns by"),
        (
            d.objective in IMAGINING and not 0 < d.anchors <= recipe.optimiser.batch,
            f"anchors is {d.anchors}: choose them among the {recipe.optimiser.batch} faces of a batch",
        ),
        (d.objective == "transport" and d.blur <= 0, f"blur is {d.blur}: set it above 0"),
    ]
    for is_wrong, why in wrong:
        if is_wrong:
            raise DataError(f"The recipe {recipe.name} cannot be distilled by: distillation.{why}.")
