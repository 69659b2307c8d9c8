"""From a recipe to the model that it describes."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from engines.errors import DataError
from engines.prompts import ClassEmbeddings
from engines.text_encoder import DIMENSIONS
from training.distill.hallucination import IMAGINING, HallucinatingEncoder
from training.encoders import Ensemble, Map, Member, ResidualEncoder, Seeded
from training.precision import mixed_precision
from training.recipe import EncoderChoices, Recipe
from training.resnet18 import ResNet18
from training.swin import SwinT
from training.words import directions

M = TypeVar("M", bound=nn.Module)


def placed(model: M, device: torch.device) -> M:
    """``model`` on ``device``, its kernels channels last, in which convolutions are quicker."""
    return model.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def _residual(e: EncoderChoices) -> nn.Module:
    if e.crop and (len(e.crop) != 2 or not all(1 <= side <= e.size for side in e.crop)):
        raise DataError(f"encoder.crop is {e.crop}: give rows and columns, each from 1 to {e.size}, or leave it out.")
    return ResidualEncoder(
        e.channels, DIMENSIONS, stem=e.stem, widths=e.widths, depths=e.depths, crop=e.crop, dropout=e.dropout
    )


def _resnet18(e: EncoderChoices) -> nn.Module:
    return ResNet18(e.channels, DIMENSIONS, size=e.size, dropout=e.dropout)


def _swin_t(e: EncoderChoices) -> nn.Module:
    try:
        return SwinT(e.channels, DIMENSIONS, size=e.size, dropout=e.dropout)
    except ValueError as error:
        raise DataError(f"encoder.size does not suit swin-t: {error}") from error


KINDS: dict[str, Callable[[EncoderChoices], nn.Module]] = {
    "residual": _residual,
    "resnet18": _resnet18,
    "swin-t": _swin_t,
}
"""The encoders that a recipe can name."""


class FaceModel(nn.Module):
    """An encoder, whatever its embeddings are then read for."""

    def __init__(self, encoder: Ensemble) -> None:
        super().__init__()
        self.encoder = encoder

    @property
    def members(self) -> Iterable[Member]:
        """Those of the encoder."""
        return cast(Iterable[Member], self.encoder.members)

    def embed_at_rest(self, faces: Tensor, each: Map = map) -> Tensor:
        """The same without gradients and without chance, in the midst of training; ``each`` maps over the members."""

        def at_rest(embed: Callable[[Any], Tensor], members: Iterable[Any]) -> Iterable[Tensor]:
            def embedded(member: Any) -> Tensor:
                with torch.no_grad(), mixed_precision(faces.device):  # both are of a thread alone
                    return embed(member)

            return each(embedded, members)

        was_training = self.training
        self.eval()
        with torch.no_grad():
            embeddings = self.encoder(faces, at_rest)
        self.train(was_training)
        return cast(Tensor, embeddings)


class GuidedModel(FaceModel):
    """An encoder and the class embeddings that it is trained towards, ``words`` float ``[K, D]``: learned or fixed.

    With ``semantic`` there is a linear layer beside the words, which knows the classes from labelled faces alone.
    """

    def __init__(self, encoder: Ensemble, words: ClassEmbeddings, *, learned: bool, semantic: bool = False) -> None:
        super().__init__(encoder)
        self.words = nn.Parameter(torch.from_numpy(words.vectors.copy()), requires_grad=learned)
        self.semantic_logits = nn.Linear(*reversed(words.vectors.shape)) if semantic else nn.Identity()

    @property
    def class_embeddings(self) -> Tensor:
        """``words``, of unit length even while they are learned."""
        return nnf.normalize(self.words, dim=1) if self.words.requires_grad else self.words

    def forward(self, faces: Tensor) -> Tensor:
        """What the encoder makes of ``faces``."""
        return cast(Tensor, self.encoder(faces))


def build_encoder(choices: EncoderChoices, *, imagining: bool = False) -> Ensemble:
    """A fresh encoder, with the nets that imagine what a teacher sees where it is ``imagining``.

    Raises ``DataError`` if the choices describe none.
    """
    build = KINDS.get(choices.kind)
    if build is None:
        raise DataError(f"encoder.kind is {choices.kind!r}: choose one of {', '.join(KINDS)}.")
    if choices.members < 1:
        raise DataError(f"encoder.members is {choices.members}: train at least one.")

    def member() -> Member:
        encoder = build(choices)
        return Member(HallucinatingEncoder(encoder, DIMENSIONS) if imagining else encoder, DIMENSIONS)

    return Ensemble([member() for _ in range(choices.members)], mirrored=choices.mirrored)


def build_model(recipe: Recipe, words: ClassEmbeddings) -> GuidedModel:
    """A fresh model of ``recipe`` for the classes of ``words``. Raises ``DataError`` if the recipe describes none."""
    objective = recipe.objective
    if recipe.task.name:
        raise DataError(f"{recipe.name} is for {recipe.task.name}, not for expressions: take another recipe or run.")
    if objective.head == "linear" and recipe.encoder.members > 1:
        raise DataError("Members that learn their own classes cannot be added: set encoder.members to 1.")
    classes = directions(objective.head, words, recipe.seed)
    encoder = build_encoder(recipe.encoder, imagining=recipe.distillation.objective in IMAGINING)
    semantic = recipe.semi_supervised.semantic > 0
    return GuidedModel(encoder, classes, learned=objective.head == "linear", semantic=semantic)


def reseed(model: nn.Module, seed: int, device: torch.device) -> None:
    """Begin the chance of each seeded part of ``model`` again: each its own, all from ``seed``."""
    parts = [module for module in model.modules() if isinstance(module, Seeded)]
    for index, part in enumerate(parts):
        part.reseed(seed * 1000 + index, device)
