"""Makes pictures from noise, for a student to be taught on."""

import torch.nn.functional as nnf
from torch import Tensor, nn

_WIDTH = 32
_HALVINGS = 4
"""A picture is begun at a quarter of its side."""


class Generator(nn.Module):
    """Noise float ``[N, noise]`` to pictures float ``[N, channels, size, size]`` in 0..255.

    Twice as large by two steps of nearest neighbours and a convolution, as in data-free adversarial distillation
    (arXiv 1912.11006). Raises ``ValueError`` for a size that 4 does not divide.
    """

    def __init__(self, noise: int, channels: int, size: int) -> None:
        super().__init__()
        if size % _HALVINGS:
            raise ValueError(f"Generator: 4 does not divide the size {size}")
        self._side = size // _HALVINGS
        self.begin = nn.Linear(noise, 2 * _WIDTH * self._side**2)
        self.norm = nn.BatchNorm2d(2 * _WIDTH)
        self.first = nn.Sequential(
            nn.Conv2d(2 * _WIDTH, 2 * _WIDTH, 3, padding=1), nn.BatchNorm2d(2 * _WIDTH), nn.LeakyReLU(0.2)
        )
        self.second = nn.Sequential(
            nn.Conv2d(2 * _WIDTH, _WIDTH, 3, padding=1), nn.BatchNorm2d(_WIDTH), nn.LeakyReLU(0.2)
        )
        self.paint = nn.Conv2d(_WIDTH, channels, 3, padding=1)

    def forward(self, noise: Tensor) -> Tensor:
        maps = self.norm(self.begin(noise).view(len(noise), 2 * _WIDTH, self._side, self._side))
        for stage in (self.first, self.second):
            maps = stage(nnf.interpolate(maps, scale_factor=2.0, mode="nearest"))
        pictures: Tensor = 255 * self.paint(maps).sigmoid()
        return pictures
