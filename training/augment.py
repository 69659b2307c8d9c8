"""What a webcam does to a face, done to training faces; and pictures that are no faces.

All on batches, so that two cores keep up with the encoder. Values are in 0..1.
"""

import math

import torch
import torch.nn.functional as nnf
from torch import Tensor

_ROTATION = math.radians(14)
_SCALE = 0.16
_SHIFT = 0.09  # shares of the half-width
_GAMMA = 0.5
_CONTRAST = 0.35
_BRIGHTNESS = 0.15
_NOISE = 0.04


def augment(faces: Tensor, generator: torch.Generator) -> Tensor:
    """Move, relight, degrade and partly cover ``faces`` float ``[N, C, S, S]``; each in its own way."""
    faces = _move(faces, generator)
    faces = _relight(faces, generator)
    faces = _each(faces, generator, 0.1, _blur)
    faces = _each(faces, generator, 0.1, _coarsen)
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
    aspect = 1 + _uniform(count, -0.06, 0.06, generator).flatten()
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


def _each(faces: Tensor, generator: torch.Generator, share: float, change) -> Tensor:  # type: ignore[no-untyped-def]
    """Apply ``change`` to a random ``share`` of the batch."""
    chosen = torch.rand(len(faces), generator=generator) < share
    if chosen.any():
        faces = faces.clone()
        faces[chosen] = change(faces[chosen])
    return faces


def _blur(faces: Tensor) -> Tensor:
    smooth = nnf.avg_pool2d(nnf.pad(faces, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    return nnf.avg_pool2d(nnf.pad(smooth, (1, 1, 1, 1), mode="replicate"), 3, stride=1)


def _coarsen(faces: Tensor) -> Tensor:
    """A small face far away, enlarged."""
    size = faces.shape[-1]
    small = nnf.interpolate(faces, size // 2, mode="area")
    return nnf.interpolate(small, size, mode="bilinear", align_corners=False)


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
