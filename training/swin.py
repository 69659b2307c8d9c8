"""Swin-T, a transformer that looks through shifted windows (Liu et al., arXiv 2103.14030), as a face encoder."""

from collections.abc import Sequence

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from training.encoders import SeededDropout, standardise

LARGE = 112
"""Pixels a side from which on a patch is 4x4 pixels as in the paper; smaller pictures keep more detail in 2x2."""

_WINDOW = 7
_MLP_RATIO = 4
_INITIAL_STD = 0.02
# Added to the score of a pair that must not meet: its share of the softmax is exactly zero, in half precision also.
_APART = -1e4


def window_of(side: int) -> int:
    """The tokens a side of the window for maps of ``side`` tokens a side: the largest divisor up to 7.

    Raises ``ValueError`` where a map of several tokens has none but 1, in which no token would see another.
    """
    window = max(w for w in range(1, _WINDOW + 1) if side % w == 0)
    if window == 1 < side:
        raise ValueError(
            f"SwinT: no window of 2 to {_WINDOW} tokens divides a map of {side}x{side}: choose another size"
        )
    return window


def _windows(x: Tensor, window: int) -> Tensor:
    """Maps ``[N, H, W, C]`` cut into windows ``[N, windows, tokens, C]``."""
    faces, height, width, channels = x.shape
    cut = x.reshape(faces, height // window, window, width // window, window, channels)
    return cut.transpose(2, 3).reshape(faces, -1, window * window, channels)


def _maps(windows: Tensor, side: int, window: int) -> Tensor:
    """Undo :func:`_windows`, for maps of ``side`` tokens a side."""
    faces, channels, count = windows.shape[0], windows.shape[3], side // window
    cut = windows.reshape(faces, count, count, window, window, channels)
    return cut.transpose(2, 3).reshape(faces, side, side, channels)


def _offsets(window: int) -> Tensor:
    """For each pair of tokens of a window, int64 ``[tokens, tokens]``, which of the (2w - 1)^2 offsets lies between."""
    grid = torch.cartesian_prod(torch.arange(window), torch.arange(window))
    apart = grid[:, None] - grid[None] + window - 1
    return apart[..., 0] * (2 * window - 1) + apart[..., 1]


def _strangers(side: int, window: int, shift: int) -> Tensor:
    """What keeps apart tokens that only the roll around the edge made neighbours: ``[windows, tokens, tokens]``."""
    place = torch.arange(side)
    region = (place >= side - window).long() + (place >= side - shift).long()
    regions = _windows((region[:, None] * 3 + region)[None, :, :, None], window)[0, :, :, 0]
    return torch.where(regions[:, :, None] == regions[:, None, :], 0.0, _APART)


class WindowAttention(nn.Module):
    """Attention within each window of ``window`` x ``window`` tokens, with a learned bias for each relative position.

    With ``shift`` the windows lie ``shift`` tokens further, and those cut by the edge look at each part alone.
    Takes and gives maps float ``[N, side, side, width]``.
    """

    bias_of: Tensor
    apart: Tensor

    def __init__(self, width: int, heads: int, side: int, window: int, shift: int) -> None:
        super().__init__()
        self.heads, self.side, self.window, self.shift = heads, side, window, shift
        self.qkv = nn.Linear(width, 3 * width)
        self.project = nn.Linear(width, width)
        self.position_bias = nn.Parameter(torch.zeros((2 * window - 1) ** 2, heads))
        nn.init.trunc_normal_(self.position_bias, std=_INITIAL_STD)
        self.register_buffer("bias_of", _offsets(window), persistent=False)
        self.register_buffer("apart", _strangers(side, window, shift), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        if self.shift:
            x = x.roll((-self.shift, -self.shift), dims=(1, 2))
        x = _maps(self._attend(_windows(x, self.window)), self.side, self.window)
        if self.shift:
            x = x.roll((self.shift, self.shift), dims=(1, 2))
        return x

    def _attend(self, windows: Tensor) -> Tensor:
        faces, count, tokens, width = windows.shape
        split = self.qkv(windows).reshape(faces, count, tokens, 3, self.heads, width // self.heads)
        # Each head in each window is an attention of its own: the two become one axis [N, windows * heads, ...].
        query, key, value = split.permute(3, 0, 1, 4, 2, 5).flatten(2, 3).unbind(0)
        seen = nnf.scaled_dot_product_attention(query, key, value, attn_mask=self._bias())
        # Each kernel lays its result out in its own way, and contiguous() is not kept in an exported graph.
        seen = seen.clone(memory_format=torch.contiguous_format)
        joined = seen.reshape(faces, count, self.heads, tokens, -1).transpose(2, 3)
        return self.project(joined.reshape(faces, count, tokens, width))  # type: ignore[no-any-return]

    def _bias(self) -> Tensor:
        """What is added to the scores: float ``[1, windows * heads, tokens, tokens]``."""
        bias = self.position_bias[self.bias_of].permute(2, 0, 1)
        return (bias + self.apart[:, None]).flatten(0, 1)[None]


class StochasticDepth(nn.Module):
    """Leaves out a branch for a share of the faces while training (Huang et al., arXiv 1603.09382)."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.dropout = SeededDropout(share)

    def forward(self, branch: Tensor) -> Tensor:
        if not self.training:
            return branch
        kept = self.dropout(branch.new_ones(branch.shape[0], *[1] * (branch.ndim - 1)))
        scaled: Tensor = branch * kept
        return scaled


class SwinBlock(nn.Module):
    """Attention in windows, then a perceptron on each token, each normalised first and beside a shortcut."""

    def __init__(self, width: int, heads: int, side: int, *, shifted: bool, stochastic_depth: float) -> None:
        super().__init__()
        window = window_of(side)
        # One window that holds the whole map has nowhere to go.
        shift = window // 2 if shifted and window < side else 0
        self.attention = nn.Sequential(nn.LayerNorm(width), WindowAttention(width, heads, side, window, shift))
        self.perceptron = nn.Sequential(
            nn.LayerNorm(width),
            nn.Linear(width, _MLP_RATIO * width),
            nn.GELU(),
            nn.Linear(_MLP_RATIO * width, width),
        )
        self.stochastic_depth = StochasticDepth(stochastic_depth)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.stochastic_depth(self.attention(x))
        return x + self.stochastic_depth(self.perceptron(x))  # type: ignore[no-any-return]


class PatchMerging(nn.Module):
    """Each 2x2 tokens become one of twice the width; an odd map gets a row and a column of zeros first."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(4 * width)
        self.reduce = nn.Linear(4 * width, 2 * width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        odd = x.shape[1] % 2
        x = nnf.pad(x, (0, 0, 0, odd, 0, odd)) if odd else x
        faces, side, _, width = x.shape
        merged = _windows(x, 2).reshape(faces, side // 2, side // 2, 4 * width)
        return self.reduce(self.norm(merged))  # type: ignore[no-any-return]


class SwinT(nn.Module):
    """Swin-T, and by ``width``, ``depths`` and ``heads`` its kin.

    Takes faces float ``[N, C, size, size]`` in 0..255 and gives unit-length float32 ``[N, dimensions]``. ``depths`` and
    ``heads`` are the blocks and the heads of attention of each stage; each after the first has maps of half the side
    and twice the ``width`` of the first. ``stochastic_depth`` is the share of faces for which the last block is left
    out in training; it rises to that from 0. Raises ``ValueError`` for a size that patches or windows do not divide,
    and for faces of another size.
    """

    def __init__(
        self,
        channels: int,
        dimensions: int,
        *,
        size: int,
        dropout: float,
        width: int = 96,
        depths: Sequence[int] = (2, 2, 6, 2),
        heads: Sequence[int] = (3, 6, 12, 24),
        stochastic_depth: float = 0.2,
    ) -> None:
        super().__init__()
        patch = 2 if size < LARGE else 4
        if size <= 0 or size % patch:
            raise ValueError(f"SwinT: patches of {patch} pixels do not divide faces of {size}: choose another size")
        self.shape = (channels, size, size)
        self.patches = nn.Conv2d(channels, width, patch, stride=patch)
        self.norm_patches = nn.LayerNorm(width)
        side = size // patch
        shares = torch.linspace(0, stochastic_depth, sum(depths), device="cpu").tolist()
        stages: list[nn.Module] = []
        for stage, (depth, count) in enumerate(zip(depths, heads, strict=True)):
            if stage:
                stages.append(PatchMerging(width))
                side, width = (side + 1) // 2, 2 * width
            for block in range(depth):
                shifted = block % 2 == 1
                stages.append(SwinBlock(width, count, side, shifted=shifted, stochastic_depth=shares.pop(0)))
        self.stages = nn.Sequential(*stages)
        self.norm = nn.LayerNorm(width)
        self.dropout = SeededDropout(dropout)
        self.project = nn.Linear(width, dimensions)
        self.apply(_initialise)

    def forward(self, faces: Tensor) -> Tensor:
        if tuple(faces.shape[1:]) != self.shape:
            raise ValueError(
                f"SwinT: expected faces [N, {self.shape[0]}, {self.shape[1]}, {self.shape[2]}], got {list(faces.shape)}"
            )
        tokens = self.norm_patches(self.patches(standardise(faces)).permute(0, 2, 3, 1))
        features = self.norm(self.stages(tokens)).mean(dim=(1, 2))
        return nnf.normalize(self.project(self.dropout(features)).float(), dim=1)


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear):
        nn.init.trunc_normal_(module.weight, std=_INITIAL_STD)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
