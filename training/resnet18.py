"""ResNet-18 (He et al., arXiv 1512.03385) as a face encoder."""

import torch.nn.functional as nnf
from torch import Tensor, nn

from training.encoders import SeededDropout, basic_blocks, standardise

LARGE = 112
"""Pixels a side from which on a picture is large enough to be quartered before the first block."""

_WIDTHS = (64, 128, 256, 512)
_DEPTHS = (2, 2, 2, 2)


def _stem(channels: int, outputs: int, size: int) -> nn.Sequential:
    if size < LARGE:
        # As the same paper does for small pictures: a small kernel, and every pixel reaches the first block.
        conv: nn.Module = nn.Conv2d(channels, outputs, 3, padding=1, bias=False)
        return nn.Sequential(conv, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))
    conv = nn.Conv2d(channels, outputs, 7, stride=2, padding=3, bias=False)
    return nn.Sequential(
        conv, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True), nn.MaxPool2d(3, stride=2, padding=1)
    )  # fmt: skip


class ResNet18(nn.Module):
    """Four stages of two basic blocks, each after the first on maps of half the size and with twice the channels.

    Takes faces float ``[N, C, S, S]`` in 0..255 and gives unit-length float32 ``[N, dimensions]``. ``size`` is the S
    that it is for. It differs from the paper in the shortcuts, which average where the paper's skip three pixels of
    four (ResNet-D of He et al., arXiv 1812.01187); that changes no count of parameters.
    """

    def __init__(self, channels: int, dimensions: int, *, size: int, dropout: float) -> None:
        super().__init__()
        self.stem = _stem(channels, _WIDTHS[0], size)
        self.blocks = basic_blocks(_WIDTHS[0], _WIDTHS, _DEPTHS)
        self.dropout = SeededDropout(dropout)
        self.project = nn.Linear(_WIDTHS[-1], dimensions)

    def forward(self, faces: Tensor) -> Tensor:
        features = self.blocks(self.stem(standardise(faces))).mean(dim=(2, 3))
        return nnf.normalize(self.project(self.dropout(features)).float(), dim=1)
