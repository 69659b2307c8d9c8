"""The published encoders are what their papers say, and keep the contract of every encoder here."""

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
import torch
from torch import Tensor, nn

from training.encoders import ExportedEncoder
from training.resnet18 import ResNet18
from training.swin import SwinBlock, SwinT, window_of

_DIMENSIONS = 12
_SIZE = 16
_SHIFT = torch.linspace(-0.1, 0.1, _DIMENSIONS)


def _resnet() -> ResNet18:
    return ResNet18(1, _DIMENSIONS, size=_SIZE, dropout=0.1)


def _swin() -> SwinT:
    # Maps of 8 and 4 tokens a side: the windows of the first lie apart, 4x4 and shifted; the second is one window.
    return SwinT(1, _DIMENSIONS, size=_SIZE, dropout=0.1, width=8, depths=(2, 1), heads=(2, 4))


def _faces(count: int, size: int = _SIZE, channels: int = 1) -> Tensor:
    return torch.randint(0, 256, (count, channels, size, size), generator=torch.Generator().manual_seed(5)).float()


either = pytest.mark.parametrize("make", [_resnet, _swin])


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(2)


def _parameters(encoder: nn.Module) -> int:
    return sum(p.numel() for name, p in encoder.named_parameters() if not name.startswith("project."))


def test_parameters_are_those_of_the_papers() -> None:
    # Of ResNet-18's 11,689,512 the paper's last layer has 513,000; of Swin-T's 28,288,354 it has 769,000.
    with torch.device("meta"):
        assert _parameters(ResNet18(3, _DIMENSIONS, size=224, dropout=0)) == 11_176_512
        assert _parameters(SwinT(3, _DIMENSIONS, size=224, dropout=0)) == 27_519_354


@pytest.mark.parametrize(("size", "side"), [(48, 6), (112, 4), (224, 7)])
def test_the_stem_fits_the_size_of_the_face(size: int, side: int) -> None:
    with torch.device("meta"):
        encoder = ResNet18(1, _DIMENSIONS, size=size, dropout=0)
        maps = encoder.blocks(encoder.stem(torch.zeros(1, 1, size, size)))
    assert maps.shape == (1, 512, side, side)


@either
def test_embeddings_have_unit_length(make: Callable[[], nn.Module]) -> None:
    encoder = make()
    with torch.autocast("cpu", torch.bfloat16):
        embeddings = encoder(_faces(3))
    assert embeddings.shape == (3, _DIMENSIONS)
    assert embeddings.dtype == torch.float32
    torch.testing.assert_close(embeddings.norm(dim=1), torch.ones(3))


@either
def test_every_parameter_learns(make: Callable[[], nn.Module]) -> None:
    encoder = make()
    (encoder(_faces(4)) * torch.randn(4, _DIMENSIONS)).sum().backward()
    still = [name for name, p in encoder.named_parameters() if p.grad is None or not p.grad.abs().max() > 0]
    assert still == []


@either
def test_a_face_is_read_alike_in_any_batch(make: Callable[[], nn.Module]) -> None:
    encoder, faces = make().eval(), _faces(5)
    with torch.no_grad():
        whole = encoder(faces)
        parts = torch.cat([encoder(part) for part in (faces[:1], faces[1:4], faces[4:])])
    assert (whole - whole[0]).norm(dim=1)[1:].min() > 1e-3
    torch.testing.assert_close(parts, whole, atol=1e-5, rtol=1e-4)


def _export(encoder: nn.Module, path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            ExportedEncoder(encoder, _SHIFT).eval(),
            (torch.zeros(2, 1, _SIZE, _SIZE, dtype=torch.uint8),),
            path,
            input_names=["faces"],
            output_names=["embeddings"],
            dynamic_shapes=({0: torch.export.Dim("faces_in_batch", min=1)},),
            opset_version=18,
            external_data=False,
            verbose=False,
        )


def test_the_exported_graph_reads_as_the_encoder(tmp_path: Path) -> None:
    encoder = _swin().eval()
    _export(encoder, tmp_path / "encoder.onnx")
    session = ort.InferenceSession(tmp_path / "encoder.onnx", providers=["CPUExecutionProvider"])
    for count in (1, 5):
        faces = _faces(count).to(torch.uint8)
        with torch.no_grad():
            ours = ExportedEncoder(encoder, _SHIFT)(faces).numpy()
        (theirs,) = session.run(None, {"faces": faces.numpy()})
        assert theirs.shape == ours.shape
        assert (np.asarray(theirs) * ours).sum(axis=1).min() > 0.9999


@pytest.mark.parametrize(("side", "window"), [(56, 7), (24, 6), (12, 6), (6, 6), (3, 3), (40, 5), (1, 1)])
def test_windows_divide_the_map(side: int, window: int) -> None:
    assert window_of(side) == window


@pytest.mark.parametrize("size", [48, 64, 112, 224])
def test_swin_takes_the_usual_sizes(size: int) -> None:
    with torch.device("meta"):
        encoder = SwinT(1, _DIMENSIONS, size=size, dropout=0, width=24)
        assert encoder.eval()(torch.zeros(2, 1, size, size)).shape == (2, _DIMENSIONS)


@pytest.mark.parametrize(
    ("size", "why"), [(0, "faces of 0"), (47, "patches of 2"), (114, "patches of 4"), (44, "11x11")]
)
def test_a_size_that_does_not_divide_is_said(size: int, why: str) -> None:
    with pytest.raises(ValueError, match=rf"{why}.*choose another size"):
        SwinT(1, _DIMENSIONS, size=size, dropout=0)


def test_faces_of_another_size_are_said() -> None:
    with pytest.raises(ValueError, match=r"expected faces \[N, 1, 16, 16\], got \[2, 1, 24, 24\]"):
        _swin()(_faces(2, size=24))


def _reached(block: SwinBlock, row: int, column: int) -> Tensor:
    """Which tokens of an 8x8 map change, bool ``[8, 8]``, when the one at ``row``, ``column`` does."""
    x = torch.randn(1, 8, 8, 8)
    changed = x.clone()
    changed[0, row, column] += torch.randn(8)
    with torch.no_grad():
        reached: Tensor = (block(x) != block(changed))[0].any(dim=-1)
    return reached


def _area(rows: slice, columns: slice) -> Tensor:
    area = torch.zeros(8, 8, dtype=torch.bool)
    area[rows, columns] = True
    return area


_WHOLE_WINDOWS = [(0, 0, slice(0, 4), slice(0, 4)), (3, 4, slice(0, 4), slice(4, 8)), (7, 7, slice(4, 8), slice(4, 8))]
# The windows begin at 2 and at 6; rolled around the edge, rows 6 to 7 share theirs with 0 to 1 but must not see them.
_SHIFTED_WINDOWS = [
    (3, 4, slice(2, 6), slice(2, 6)),
    (0, 0, slice(0, 2), slice(0, 2)),
    (7, 7, slice(6, 8), slice(6, 8)),
    (0, 3, slice(0, 2), slice(2, 6)),
    (4, 7, slice(2, 6), slice(6, 8)),
]


@pytest.mark.parametrize(("row", "column", "rows", "columns"), _WHOLE_WINDOWS)
def test_a_token_is_seen_in_its_window_alone(row: int, column: int, rows: slice, columns: slice) -> None:
    block = SwinBlock(8, 2, 8, shifted=False, stochastic_depth=0).eval()
    assert torch.equal(_reached(block, row, column), _area(rows, columns))


@pytest.mark.parametrize(("row", "column", "rows", "columns"), _SHIFTED_WINDOWS)
def test_a_token_is_not_seen_across_the_edge(row: int, column: int, rows: slice, columns: slice) -> None:
    block = SwinBlock(8, 2, 8, shifted=True, stochastic_depth=0).eval()
    assert torch.equal(_reached(block, row, column), _area(rows, columns))


def test_attention_depends_on_where_tokens_lie() -> None:
    block = SwinBlock(8, 2, 4, shifted=False, stochastic_depth=0).eval()
    x = torch.randn(1, 4, 4, 8)
    with torch.no_grad():
        turned = block(x.flip(2)).flip(2)
        assert not torch.allclose(turned, block(x), atol=1e-5)
        for name, parameter in block.named_parameters():
            if name.endswith("position_bias"):
                parameter.zero_()
        torch.testing.assert_close(block(x.flip(2)).flip(2), block(x))


def test_branches_are_left_out_of_whole_faces_while_training() -> None:
    block = SwinBlock(8, 2, 4, shifted=False, stochastic_depth=0.5)
    x = torch.randn(64, 4, 4, 8)
    with torch.no_grad():
        kept = (block(x) != x).flatten(1)
        untouched = ~kept.any(dim=1)
        assert 4 < untouched.sum() < 32  # a quarter of 64 are left out of both branches
        assert kept[~untouched].all()
        assert (block.eval()(x) != x).flatten(1).any(dim=1).all()
