"""Distillation without faces: what the student is taught on is made from noise, with the teacher's help.

*adversarial* (arXiv 1912.11006): a generator makes what the student answers least like its teacher, the student learns
just that, and so they go on. *fast* (arXiv 2112.06253): pictures are found for answers that are wished for, a few steps
at a time, from a start that all of them share; the start moves towards where the steps end (a meta-learner, as in
Reptile, arXiv 1803.02999), so that few steps do. The pictures are kept, and the student learns from all of them.
"""

import itertools
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from engines.errors import DataError
from training.batches import Batch
from training.distill.divergence import divergences
from training.distill.generator import Generator
from training.models import GuidedModel, placed
from training.recipe import Recipe

if TYPE_CHECKING:
    from training.teacher import Teacher

GENERATORS = ("adversarial", "fast")
"""What a recipe's ``data_free.generator`` can be."""
_META_RATE = 0.3
"""How far the shared start goes towards where a search ended."""


def check_data_free(recipe: Recipe) -> None:
    """Raises ``DataError`` if the recipe cannot be trained without faces."""
    d, choices = recipe.data_free, recipe.distillation
    wrong = [
        (d.generator not in GENERATORS, f"generator is {d.generator!r}: choose one of {', '.join(GENERATORS)}"),
        (not choices.teachers, "generator asks a teacher: name one in distillation.teachers"),
        (choices.weight < 1, "generator leaves no votes to learn from: set distillation.weight to 1"),
        (recipe.objective.prior > 0, "generator must not know how frequent each class is: set objective.prior to 0"),
        (recipe.semi_supervised.weight > 0, "generator goes with no faces at all: set semi_supervised.weight to 0"),
        (bool(recipe.start), "generator has no faces to begin a package with: leave out start"),
        (bool(recipe.data.privileged), "generator makes no privileged view: leave out data.privileged"),
        (recipe.encoder.size % 4 > 0, f"generator makes faces of a size that 4 divides: {recipe.encoder.size} is not"),
        (min(d.noise, d.every, d.steps, d.kept) < 1, "noise, every, steps and kept are counts: set them above 0"),
        (d.rate <= 0, f"rate is {d.rate}: set it above 0"),
    ]
    for is_wrong, why in wrong:
        if is_wrong:
            raise DataError(f"The recipe {recipe.name} cannot be trained without faces: data_free.{why}.")


def disagreement(ours: Tensor, theirs: Tensor) -> Tensor:
    """The mean absolute difference of logits ``[N, K]``: what the adversarial generator makes large."""
    return (ours - theirs).abs().mean()


def wished_for(ours: Tensor, theirs: Tensor, labels: Tensor) -> Tensor:
    """What a picture of the fast variant is searched by, of logits ``[N, K]`` and the wished ``labels`` int ``[N]``.

    The teacher is to read it as wished, and where the student reads the same, as differently as can be.
    """
    same = (ours.argmax(dim=1) == theirs.argmax(dim=1)).to(ours.dtype)
    return nnf.cross_entropy(theirs, labels) - (same * divergences(ours, theirs, 1.0)).mean()


class NormMoments:
    """While in use, notes how far what reaches a teacher's normalisations is from what faces brought about there."""

    def __init__(self, encoders: list[nn.Module]) -> None:
        self._norms = [m for encoder in encoders for m in encoder.modules() if isinstance(m, nn.BatchNorm2d)]
        self._hooks: list[torch.utils.hooks.RemovableHandle] = []
        self._distances: list[Tensor] = []

    def __enter__(self) -> "NormMoments":
        self._distances = []
        self._hooks = [norm.register_forward_pre_hook(self._look) for norm in self._norms]
        return self

    def __exit__(self, *exc: object) -> None:
        for hook in self._hooks:
            hook.remove()

    def _look(self, norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        assert isinstance(norm, nn.BatchNorm2d)  # noqa: S101 - chosen by that
        assert norm.running_mean is not None  # noqa: S101 - for the type checker: it follows the batches
        assert norm.running_var is not None  # noqa: S101
        var, mean = torch.var_mean(inputs[0].float(), dim=(0, 2, 3), correction=0)
        self._distances.append((mean - norm.running_mean).square().mean() + (var - norm.running_var).square().mean())

    @property
    def distance(self) -> Tensor:
        """The mean over the normalisations that were reached: a scalar."""
        return torch.stack(self._distances).mean()


class ImaginedFaces:
    """The pictures that a student is taught on, in place of faces."""

    def __init__(self, recipe: Recipe, teacher: "Teacher", classes: int, device: torch.device) -> None:
        """``recipe`` is one that :func:`check_data_free` found sound."""
        e, self._choices = recipe.encoder, recipe.data_free
        self._recipe, self._teacher, self._classes, self._device = recipe, teacher, classes, device
        self._generator = placed(Generator(self._choices.noise, e.channels, e.size), device)
        self._search = torch.optim.Adam(self._generator.parameters(), lr=self._choices.rate)
        self._pictures = torch.zeros(0, e.channels, e.size, e.size, device=device)
        self._chance = torch.Generator()

    def epoch(self, epoch: int, batches: int, student: GuidedModel) -> Iterator[Batch]:
        """So many ``batches``, made against what ``student`` has become meanwhile; chance is of seed and ``epoch``."""
        self._chance.manual_seed((2 << 40) + self._recipe.seed * 10_000 + epoch)
        make = self._adversarial if self._choices.generator == "adversarial" else self._fast
        yield from itertools.islice(make(student), batches)

    def _adversarial(self, student: GuidedModel) -> Iterator[Batch]:
        while True:
            pictures = self._generator(self._noise())
            loss = -disagreement(self._read(student, pictures), self._teacher.learnably(self._batch(pictures)).logits)
            _step(self._search, loss, list(self._generator.parameters()))
            for _ in range(self._choices.every):
                with torch.no_grad():
                    made = self._generator(self._noise())
                yield self._taught(made)

    def _fast(self, student: GuidedModel) -> Iterator[Batch]:
        while True:
            self._pictures = torch.cat([self._pictures, self._found(student)])[-self._choices.kept :]
            for _ in range(self._choices.every):
                size = self._recipe.optimiser.batch
                rows = torch.randint(len(self._pictures), (size,), generator=self._chance).to(self._device)
                yield self._taught(self._pictures[rows])

    def _found(self, student: GuidedModel) -> Tensor:
        """A batch of pictures for answers drawn by chance, from the shared start, which learns from the search."""
        own, noise = deepcopy(self._generator), self._noise().requires_grad_()
        labels = torch.randint(self._classes, (len(noise),), generator=self._chance).to(self._device)
        learned = [*own.parameters(), noise]
        search = torch.optim.Adam(learned, lr=self._choices.rate)
        for _ in range(self._choices.steps):
            pictures = own(noise)
            with NormMoments(self._teacher.encoders) as moments:
                theirs = self._teacher.learnably(self._batch(pictures)).logits
            loss = wished_for(self._read(student, pictures), theirs, labels)
            if self._teacher.sound_norms:
                loss = loss + moments.distance
            _step(search, loss, learned)
        with torch.no_grad():
            for start, end in zip(self._generator.parameters(), own.parameters(), strict=True):
                start.lerp_(end, _META_RATE)
            found: Tensor = own(noise)
        return found

    def _noise(self) -> Tensor:
        shape = self._recipe.optimiser.batch, self._choices.noise
        return torch.randn(shape, generator=self._chance).to(self._device)

    def _batch(self, pictures: Tensor) -> Batch:
        ones = torch.ones(len(pictures), 1, device=self._device)
        return Batch(pictures, torch.empty(0, device=self._device), ones)

    def _taught(self, pictures: Tensor) -> Batch:
        """``pictures`` as a batch whose votes are the teacher's answers."""
        batch = self._batch(pictures)
        return batch._replace(targets=self._teacher(batch).logits.softmax(dim=1))

    def _read(self, student: GuidedModel, pictures: Tensor) -> Tensor:
        """The student's logits, at rest, with a gradient to the pictures."""
        was_training = student.training
        student.eval()
        logits: Tensor = self._recipe.objective.scale * student(pictures) @ student.class_embeddings.T
        student.train(was_training)
        return logits

    def state(self) -> dict[str, Tensor]:
        """What is to be kept with the weights."""
        search = self._search.state_dict()["state"]
        return {
            **{f"generator.{name}": tensor for name, tensor in self._generator.state_dict().items()},
            **{f"search.{place}.{name}": t for place, part in search.items() for name, t in part.items()},
            "pictures": self._pictures,
        }

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """The inverse of :meth:`state`."""
        begin = "generator."
        weights = {name.removeprefix(begin): tensor for name, tensor in state.items() if name.startswith(begin)}
        self._generator.load_state_dict(weights)
        found: dict[int, dict[str, Tensor]] = {}
        for name, tensor in state.items():
            if name.startswith("search."):
                _, place, what = name.split(".")
                found.setdefault(int(place), {})[what] = tensor.clone()
        self._search.load_state_dict({**self._search.state_dict(), "state": found})
        self._pictures = state["pictures"].to(self._device)


def _step(search: torch.optim.Optimizer, loss: Tensor, parameters: list[nn.Parameter | Tensor]) -> None:
    """One step that leaves no gradient with the teacher or the student, which the loss goes through."""
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        parameter.grad = gradient
    search.step()
