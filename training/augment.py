"""What a webcam does to a face, done to training faces; and pictures that are no faces.

All on batches, so that two cores keep up with the encoder. Values are in 0..1.
"""

import math
from collections.abc import Callable

import torch
import torch.nn.functional as nnf
from torch import Tensor

_ROTATION = math.radians(12)
_SCALE = 0.13
_ASPECT = 0.05
_SHIFT = 0.07  # shares of the half-width
_GAMMA = 0.4
_CONTRAST = 0.3
_BRIGHTNESS = 0.12
_NOISE = 0.03
_TINT = 0.2
_RARE = 0.08
"""Share of the faces that each of the heavy changes is made to: a webcam has one of them at times, seldom all."""

_BLOCK = 8
_LUMINANCE = torch.tensor([
    [16, 11, 10, 16, 24, 40, 51, 61],
    [12, 12, 14, 19, 26, 58, 60, 55],
    [14, 13, 16, 24, 40, 57, 69, 56],
    [14, 17, 22, 29, 51, 87, 80, 62],
    [18, 22, 37, 56, 68, 109, 103, 77],
    [24, 35, 55, 64, 81, 104, 113, 92],
    [49, 64, 78, 87, 103, 121, 120, 101],
    [72, 92, 95, 98, 112, 100, 103, 99],
]).float()  # fmt: skip
"""Quantisation of the brightness at quality 50 (JPEG, ITU-T T.81, table K.1)."""


def augment(faces: Tensor, generator: torch.Generator) -> Tensor:
    """Move, relight, degrade and partly cover ``faces`` float ``[N, C, S, S]``; each in its own way."""
    faces = _move(faces, generator)
    if faces.shape[1] == 3:
        faces = _recolour(faces, generator)
    faces = _relight(faces, generator)
    for change in (_dim, _blur, _coarsen, compress):
        faces = _some(faces, generator, change)
    faces = _noise(faces, generator)
    return _cover(faces, generator)


def non_faces(faces: Tensor, generator: torch.Generator) -> Tensor:
    """As many pictures without a face as there are ``faces`` ``[N, C, S, S]``, with a face's light and texture.

    A third are a face's own tiles in random order, a third a small piece of a face blown up, a third clouds and
    strokes.
    """
    kinds = torch.randint(0, 3, (len(faces),), generator=generator)
    made = [
        (_shuffle_tiles, _blow_up, _clouds)[int(kind)](face[None], generator)
        for kind, face in zip(kinds, faces, strict=True)
    ]
    return torch.cat(made)


def _uniform(count: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    return low + (high - low) * torch.rand(count, 1, 1, 1, generator=generator)


def _move(faces: Tensor, generator: torch.Generator) -> Tensor:
    """Mirror, turn, scale (each axis a little by itself), and shift."""
    count = len(faces)
    angle = _uniform(count, -_ROTATION, _ROTATION, generator).flatten()
    scale = 1 + _uniform(count, -_SCALE, _SCALE, generator).flatten()
    aspect = 1 + _uniform(count, -_ASPECT, _ASPECT, generator).flatten()
    mirror = torch.where(torch.rand(count, generator=generator) < 0.5, -1.0, 1.0)
    shift = _uniform(2 * count, -_SHIFT, _SHIFT, generator).view(count, 2)
    cos, sin = angle.cos() * scale, angle.sin() * scale
    rows = [cos * mirror * aspect, -sin, shift[:, 0], sin * mirror * aspect, cos, shift[:, 1]]
    grid = nnf.affine_grid(torch.stack(rows, 1).view(count, 2, 3), list(faces.shape), align_corners=False)
    # Live crops that reach beyond the frame repeat its edge; so do these.
    return nnf.grid_sample(faces, grid, mode="bilinear", padding_mode="border", align_corners=False)


def _relight(faces: Tensor, generator: torch.Generator) -> Tensor:
    """Gamma, contrast, brightness, and a light from one side."""
    count, size = len(faces), faces.shape[-1]
    faces = faces.clamp(1e-3, 1) ** torch.exp(_uniform(count, -_GAMMA, _GAMMA, generator))
    mean = faces.mean(dim=(1, 2, 3), keepdim=True)
    faces = (faces - mean) * (1 + _uniform(count, -_CONTRAST, _CONTRAST, generator)) + mean
    ramp = torch.linspace(-1, 1, size)
    side = _uniform(count, -_BRIGHTNESS, _BRIGHTNESS, generator) * ramp.view(1, 1, 1, size)
    faces = faces + _uniform(count, -_BRIGHTNESS, _BRIGHTNESS, generator) + side
    return faces.clamp(0, 1)


def _recolour(faces: Tensor, generator: torch.Generator) -> Tensor:
    """The colour of the light; one face in five turns grey."""
    count = len(faces)
    tint = 1 + _TINT * (2 * torch.rand(count, 3, 1, 1, generator=generator) - 1)
    grey = torch.rand(count, 1, 1, 1, generator=generator) < 0.2
    return torch.where(grey, faces.mean(dim=1, keepdim=True), faces * tint).clamp(0, 1)


Change = Callable[[Tensor, torch.Generator], Tensor]


def _some(faces: Tensor, generator: torch.Generator, change: Change) -> Tensor:
    """Make ``change`` to a few faces of the batch."""
    chosen = torch.rand(len(faces), generator=generator) < _RARE
    if chosen.any():
        faces = faces.clone()
        faces[chosen] = change(faces[chosen], generator)
    return faces


def _dim(faces: Tensor, generator: torch.Generator) -> Tensor:
    """A dark room: little light, and the sensor's noise in it."""
    dark = faces * _uniform(len(faces), 0.15, 0.5, generator)
    return (dark + 0.03 * torch.randn(faces.shape, generator=generator)).clamp(0, 1)


def _blur(faces: Tensor, _: torch.Generator) -> Tensor:
    smooth = nnf.avg_pool2d(nnf.pad(faces, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    return nnf.avg_pool2d(nnf.pad(smooth, (1, 1, 1, 1), mode="replicate"), 3, stride=1)


def _coarsen(faces: Tensor, _: torch.Generator) -> Tensor:
    """A small face far away, enlarged."""
    size = faces.shape[-1]
    small = nnf.interpolate(faces, size // 2, mode="area")
    return nnf.interpolate(small, size, mode="bilinear", align_corners=False)


def compress(faces: Tensor, generator: torch.Generator) -> Tensor:
    """What JPEG leaves of each channel at a quality of 30 to 90: blocks of 8x8 cosines, rounded."""
    size = faces.shape[-1]
    rest = -size % _BLOCK
    wide = nnf.pad(faces, (0, rest, 0, rest), mode="replicate") * 255 - 128
    count, channels, height, width = wide.shape
    blocks = wide.view(count, channels, height // _BLOCK, _BLOCK, width // _BLOCK, _BLOCK).transpose(3, 4)
    quality = _uniform(len(faces), 30, 90, generator)
    coarse = torch.where(quality < 50, 50 / quality, 2 - quality / 50)[..., None, None] * _LUMINANCE
    cosines = _cosines()
    rounded = torch.round(cosines @ blocks @ cosines.T / coarse) * coarse
    whole = (cosines.T @ rounded @ cosines).transpose(3, 4).reshape(wide.shape)
    return ((whole[..., :size, :size] + 128) / 255).clamp(0, 1)


def _cosines() -> Tensor:
    """The orthonormal cosine transform ``[8, 8]``."""
    place = torch.arange(_BLOCK)
    waves = torch.cos(math.pi * (place + 0.5) * place[:, None] / _BLOCK)
    return waves * torch.where(place == 0, 1 / _BLOCK, 2 / _BLOCK).sqrt()[:, None]


def _noise(faces: Tensor, generator: torch.Generator) -> Tensor:
    level = _uniform(len(faces), -_NOISE, _NOISE, generator).clamp(min=0)
    return (faces + level * torch.randn(faces.shape, generator=generator)).clamp(0, 1)


def _cover(faces: Tensor, generator: torch.Generator) -> Tensor:
    """Cover a rectangle of a third of the faces with one grey (Zhong et al., Random Erasing, arXiv 1708.04896)."""
    count, size = len(faces), faces.shape[-1]
    centre = torch.rand(count, 2, generator=generator) * size
    half = (0.06 + 0.16 * torch.rand(count, 2, generator=generator)) * size
    half[torch.rand(count, generator=generator) > 1 / 3] = 0
    axis = torch.arange(size) + 0.5
    inside = (axis - centre[:, :, None]).abs() < half[:, :, None]
    mask = inside[:, 0, :, None] & inside[:, 1, None, :]
    return torch.where(mask[:, None], _uniform(count, 0, 1, generator), faces)


def _shuffle_tiles(face: Tensor, generator: torch.Generator) -> Tensor:
    size = face.shape[-1] // 4
    tiles = nnf.unfold(face, size, stride=size)
    order = torch.randperm(tiles.shape[-1], generator=generator)
    return nnf.fold(tiles[..., order], face.shape[-1], size, stride=size)


def _blow_up(face: Tensor, generator: torch.Generator) -> Tensor:
    size = face.shape[-1]
    piece = size // 5
    top, left = (int(torch.randint(0, size - piece, (), generator=generator)) for _ in range(2))
    crop = face[..., top : top + piece, left : left + piece]
    return nnf.interpolate(crop, size, mode="bilinear", align_corners=False)


def _clouds(face: Tensor, generator: torch.Generator) -> Tensor:
    """Smooth noise of a random grain, with a few straight edges such as walls and letters have."""
    size = face.shape[-1]
    grain = int(torch.randint(2, 16, (), generator=generator))
    noise = torch.rand(1, 1, grain, grain, generator=generator)
    picture = nnf.interpolate(noise, size, mode="bilinear", align_corners=False).expand_as(face).clone()
    for _ in range(int(torch.randint(0, 5, (), generator=generator))):
        top, left, height, width = (int(n) for n in torch.randint(2, size - 2, (4,), generator=generator))
        picture[..., top : top + height // 2, left : left + width // 2] = float(torch.rand((), generator=generator))
    return picture
