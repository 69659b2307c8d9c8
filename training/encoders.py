"""Face encoders in plain torch: uint8 faces in, unit-length embeddings in text space out."""

from collections.abc import Sequence

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

# Grey FER+ training faces, in 0..1.
_MEAN = 0.508
_STD = 0.255


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


class ResidualEncoder(nn.Module):
    """A small residual net shaped for a CPU: a stride-2 stem, and most of its width where the maps are small.

    Takes faces float ``[N, C, S, S]`` in 0..255 and gives unit-length float ``[N, dimensions]``. ``widths`` and
    ``depths`` are the channels and the blocks of each stage; each stage after the first halves the maps.
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
    ) -> None:
        super().__init__()
        self.stem = nn.Sequential(_conv(channels, stem, 3, 2), nn.BatchNorm2d(stem), nn.ReLU(inplace=True))
        blocks: list[nn.Module] = []
        inputs = stem
        for stage, (width, depth) in enumerate(zip(widths, depths, strict=True)):
            for block in range(depth):
                blocks.append(BasicBlock(inputs, width, 2 if stage and block == 0 else 1))
                inputs = width
        self.blocks = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(dropout)
        self.project = nn.Linear(inputs, dimensions, bias=True)

    def forward(self, faces: Tensor) -> Tensor:
        x = (faces / 255 - _MEAN) / _STD
        features = self.blocks(self.stem(x)).mean(dim=(2, 3))
        return nnf.normalize(self.project(self.dropout(features)).float(), dim=1)


class ExportedEncoder(nn.Module):
    """An encoder as it is shipped: uint8 faces in, so that no engine can prepare them differently from another."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, faces: Tensor) -> Tensor:
        return self.encoder(faces.to(torch.float32))  # type: ignore[no-any-return]
