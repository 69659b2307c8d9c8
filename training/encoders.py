"""Face encoders in plain torch: faces in, unit-length embeddings in text space out."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

Map = Callable[[Callable[[Any], Tensor], Iterable[Any]], Iterable[Tensor]]
"""How something is asked of several encoders: one after the other, or in threads."""

# Grey FER+ training faces, in 0..1.
_MEAN = 0.508
_STD = 0.255


def standardise(faces: Tensor) -> Tensor:
    """Faces float in 0..255 as every encoder here wants them: of about zero mean and unit variance."""
    return (faces / 255 - _MEAN) / _STD


class Seeded(nn.Module):
    """A part whose chance is its own, so that encoders trained side by side do not depend on who is faster."""

    def __init__(self) -> None:
        super().__init__()
        self.generator = torch.Generator()

    def reseed(self, seed: int, device: torch.device) -> None:
        """Begin again from ``seed``, on the device of what comes."""
        self.generator = torch.Generator(device).manual_seed(seed)


class SeededDropout(Seeded):
    """Dropout of a ``share`` with its own chance."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.share == 0:
            return x
        kept = torch.rand(x.shape, generator=self.generator, device=x.device) >= self.share
        return x * kept / (1 - self.share)


def _conv(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)


class BasicBlock(nn.Module):
    """Two 3x3 convolutions beside a shortcut (He et al., arXiv 1512.03385), averaging where the size is halved."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.convs = nn.Sequential(
            _conv(inputs, outputs, 3, stride),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            _conv(outputs, outputs, 3),
            nn.BatchNorm2d(outputs),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride > 1 or inputs != outputs:
            pool = nn.AvgPool2d(stride, ceil_mode=True) if stride > 1 else nn.Identity()
            self.shortcut = nn.Sequential(pool, _conv(inputs, outputs, 1), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        return nnf.relu(self.convs(x) + self.shortcut(x))


def basic_blocks(inputs: int, widths: Sequence[int], depths: Sequence[int]) -> nn.Sequential:
    """Stages of ``depths`` blocks with ``widths`` channels; each stage after the first halves the maps."""
    blocks: list[nn.Module] = []
    for stage, (width, depth) in enumerate(zip(widths, depths, strict=True)):
        for block in range(depth):
            blocks.append(BasicBlock(inputs, width, 2 if stage and block == 0 else 1))
            inputs = width
    return nn.Sequential(*blocks)


class Crop(nn.Module):
    """The middle of pictures ``[N, C, H, W]``: as many ``rows`` and ``columns``."""

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__()
        self.rows, self.columns = rows, columns

    def forward(self, x: Tensor) -> Tensor:
        top, left = (x.shape[2] - self.rows) // 2, (x.shape[3] - self.columns) // 2
        return x[:, :, top : top + self.rows, left : left + self.columns]


class ResidualEncoder(nn.Module):
    """A small residual net shaped for a CPU: a stride-2 stem, and most of its width where the maps are small.

    Takes faces float ``[N, C, S, S]`` in 0..255 and gives unit-length float ``[N, dimensions]``. ``widths`` and
    ``depths`` are the channels and the blocks of each stage; each stage after the first halves the maps. Multiples of
    32 fill the tiles of a processor's matrix unit: 48 channels take as long as 64. With ``crop``, rows and columns, it
    looks at the middle of a face alone: what surrounds it takes as long and says little.
    """

    def __init__(
        self,
        channels: int,
        dimensions: int,
        *,
        stem: int,
        widths: Sequence[int],
        depths: Sequence[int],
        dropout: float,
        crop: Sequence[int] = (),
    ) -> None:
        super().__init__()
        self.stem = nn.Sequential(_conv(channels, stem, 3, 2), nn.BatchNorm2d(stem), nn.ReLU(inplace=True))
        if crop:  # beside the stem's parts, whose numbers are the names of its weights
            self.stem = nn.Sequential(OrderedDict([("crop", Crop(*crop)), *self.stem.named_children()]))
        self.blocks = basic_blocks(stem, widths, depths)
        self.dropout = SeededDropout(dropout)
        self.project = nn.Linear(widths[-1], dimensions)

    def forward(self, faces: Tensor) -> Tensor:
        features = self.blocks(self.stem(standardise(faces))).mean(dim=(2, 3))
        return nnf.normalize(self.project(self.dropout(features)).float(), dim=1)


class ToNeutral(nn.Module):
    """Where the neutral of a face lies: n = unit(f + phi(f)), float ``[N, D]`` to ``[N, D]`` (arXiv 2409.08598)."""

    def __init__(self, dimensions: int, hidden: int = 128) -> None:
        super().__init__()
        self.inner = nn.Linear(dimensions, hidden)
        self.outer = nn.Linear(hidden, dimensions)

    def forward(self, embeddings: Tensor) -> Tensor:
        return nnf.normalize(embeddings + self.outer(nnf.relu(self.inner(embeddings))), dim=1)


class Member(nn.Module):
    """An encoder and its way from an expression to the neutral: what the objectives are put on."""

    def __init__(self, encoder: nn.Module, dimensions: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.to_neutral = ToNeutral(dimensions)

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Embeddings of ``faces`` and of their neutrals, both unit-length float32 ``[N, D]``."""
        embeddings = self.encoder(faces)
        return embeddings, self.to_neutral(embeddings)


class Ensemble(nn.Module):
    """Encoders that were trained alike from different starts, read as one: the direction of their sum.

    All of them place a face in the same text space, so their embeddings can simply be added. With ``mirrored`` each
    reads the face and its mirror image. Takes and gives what each encoder does.
    """

    def __init__(self, members: Sequence[Member], *, mirrored: bool) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self.mirrored = mirrored

    def forward(self, faces: Tensor, each: Map = map) -> Tensor:
        """``each`` maps a function over the members."""
        views = torch.cat([faces, faces.flip(-1)]) if self.mirrored else faces
        total = torch.stack(list(each(lambda member: member.encoder(views), self.members))).sum(dim=0)
        if self.mirrored:
            total = total.view(2, faces.shape[0], total.shape[1]).sum(dim=0)
        return nnf.normalize(total, dim=1)


class ExportedEncoder(nn.Module):
    """An encoder as it is shipped: uint8 faces in, so that no engine can prepare them differently from another.

    ``shift`` float32 ``[D]`` is added to each embedding, as :mod:`training.calibration` found it.
    """

    shift: Tensor

    def __init__(self, encoder: nn.Module, shift: Tensor) -> None:
        super().__init__()
        self.encoder = encoder
        self.register_buffer("shift", shift)

    def forward(self, faces: Tensor) -> Tensor:
        return nnf.normalize(self.encoder(faces.to(torch.float32)) + self.shift, dim=1)
