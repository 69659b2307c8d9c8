"""A residual encoder's maps on the way to an embedding: where a student can be held against its teacher."""

from typing import NamedTuple

import torch.nn.functional as nnf
from torch import Tensor, nn

from engines.errors import DataError
from training.distill.hallucination import HallucinatingEncoder
from training.encoders import BasicBlock, ResidualEncoder, standardise
from training.resnet18 import ResNet18


class Seen(NamedTuple):
    """What an encoder makes of faces: unit ``embeddings`` float ``[N, D]``, and what it was asked for besides.

    ``maps`` are the ends of its stages, float ``[N, W, H, H]`` each; ``hallucinated`` unit float ``[N, D]`` what it
    takes a teacher to see that sees more.
    """

    embeddings: Tensor
    maps: tuple[Tensor, ...] = ()
    hallucinated: Tensor | None = None

    def first(self, count: int) -> "Seen":
        """The same of the first ``count`` faces."""
        hallucinated = None if self.hallucinated is None else self.hallucinated[:count]
        return Seen(self.embeddings[:count], tuple(each[:count] for each in self.maps), hallucinated)


def look(encoder: nn.Module, faces: Tensor, *, mapped: bool = False) -> Seen:
    """Embed ``faces`` float ``[N, C, S, S]`` in 0..255; with ``mapped``, keep the ends of the stages.

    Raises ``DataError`` if maps are asked of an encoder that has no stages.
    """
    if isinstance(encoder, HallucinatingEncoder):
        embeddings, hallucinated = encoder.both(faces)
        return Seen(embeddings, hallucinated=hallucinated)
    if not mapped:
        return Seen(encoder(faces))
    maps, last = [], standardise(faces)
    for stage in stages(encoder):
        last = stage(last)
        maps.append(last)
    return Seen(embed_maps(encoder, last), tuple(maps))


def stages(encoder: nn.Module) -> list[nn.Sequential]:
    """The parts of a residual ``encoder``, which share its weights; each after the first halves the maps.

    The first one has the stem. Raises ``DataError`` for encoders of other kinds.
    """
    if not isinstance(encoder, ResidualEncoder | ResNet18):
        raise DataError(
            f"A {type(encoder).__name__} has no stages that halve its maps: choose an encoder.kind of residual or "
            "resnet18, or another distillation.objective."
        )
    parts: list[list[nn.Module]] = [[encoder.stem]]
    for block in encoder.blocks:
        if halves(block):
            parts.append([])
        parts[-1].append(block)
    return [nn.Sequential(*part) for part in parts]


def halves(block: nn.Module) -> bool:
    """Whether a basic block gives maps of half the size."""
    first = block.shortcut[0] if isinstance(block, BasicBlock) and isinstance(block.shortcut, nn.Sequential) else None
    return isinstance(first, nn.AvgPool2d)


def embed_maps(encoder: nn.Module, last: Tensor) -> Tensor:
    """The unit embeddings ``[N, D]`` of the ``last`` maps ``[N, W, H, H]`` of a residual ``encoder``."""
    assert isinstance(encoder, ResidualEncoder | ResNet18)  # noqa: S101 - stages() has said so
    features = encoder.dropout(last.mean(dim=(2, 3)))
    return nnf.normalize(encoder.project(features).float(), dim=1)


def widths(encoder: nn.Module) -> list[int]:
    """The channels at the end of each of its :func:`stages`."""
    found = []
    for stage in stages(encoder):
        convs = [module for module in stage.modules() if isinstance(module, nn.Conv2d) and module.kernel_size != (1, 1)]
        found.append(convs[-1].out_channels)
    return found
