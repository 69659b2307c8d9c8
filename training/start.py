"""The weights of a model package back in torch: to begin a training run with, or to learn from."""

import re
from collections.abc import Iterator, Mapping

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper, shape_inference
from torch import Tensor, nn

from engines.errors import DataError
from engines.neutral import NeutralMap
from engines.package import ModelPackage
from training.models import FaceModel
from training.recipe import EncoderChoices

_LEAST_DEVIATION = 1e-3
"""Of a channel that hardly ever speaks: its kernel is not blown up further than to this."""
_STEM = "encoder.members.{}.encoder.stem.0.weight"
"""Where a package keeps the first kernels of a residual encoder."""
_SETTLING = 128
"""Faces at a time from which normalisations learn what to expect."""


def load_package(model: FaceModel, name: str) -> None:
    """Give ``model`` the encoder, and where there is one the map to neutral, of a package: a folder, or one that ships.

    At rest it reads as the package does, the shift of its calibration apart; it cannot be trained like this. Raises
    ``ModelError`` if there is no sound package, ``DataError`` if its encoder is another one than ``model``'s.
    """
    package = ModelPackage.load(name)
    weights = {each.name: numpy_helper.to_array(each) for each in onnx.load(package.encoder).graph.initializer}
    try:
        with torch.no_grad():
            _fill(model.encoder, weights)
            if package.neutral_map is not None:
                _fill_neutral(model, package.neutral_map)
    except KeyError as error:
        raise DataError(
            f"The encoder of {name} is of another kind or shape than the recipe's ({error}): take over its encoder "
            "in the recipe, or do without it."
        ) from error


def encoder_of(package: ModelPackage) -> EncoderChoices | None:
    """The recipe's words for the residual encoder of ``package``, none for encoders of other kinds."""
    graph = shape_inference.infer_shapes(onnx.load(package.encoder)).graph
    shapes = {each.name: tuple(each.dims) for each in graph.initializer}
    stem = next((node for node in graph.node if node.op_type == "Conv"), None)
    strides = [list(a.ints) for a in stem.attribute if a.name == "strides"] if stem is not None else []
    first = shapes.get(_STEM.format(0))
    if stem is None or first is None or first[2:] != (3, 3) or strides != [[2, 2]]:
        return None
    seen = next(_sides(value) for value in graph.value_info if value.name == stem.input[0])
    steps = {each.name: numpy_helper.to_array(each) for each in graph.initializer if list(each.dims) == [1]}
    blocks = [
        name for name in shapes if re.fullmatch(r"encoder\.members\.0\.encoder\.blocks\.\d+\.convs\.0\.weight", name)
    ]
    outputs = [shapes[name][0] for name in sorted(blocks, key=lambda name: int(name.split(".")[5]))]
    # Each stage has a width of its own in the packages that there are, and one block at least.
    widths = list(dict.fromkeys(outputs))
    return EncoderChoices(
        kind="residual",
        size=package.card.size,
        channels=first[1],
        members=sum(_STEM.format(number) in shapes for number in range(len(shapes))),
        mirrored=any(node.op_type == "Slice" and steps[node.input[4]] < 0 for node in graph.node),
        dropout=0.0,
        stem=first[0],
        widths=widths,
        depths=[outputs.count(width) for width in widths],
        crop=seen if seen != [package.card.size] * 2 else [],
    )


def _sides(maps: onnx.ValueInfoProto) -> list[int]:
    """Their rows and columns."""
    return [side.dim_value for side in maps.type.tensor_type.shape.dim[2:]]


def begin_with(model: FaceModel, name: str, faces: Tensor) -> None:
    """The same, for a training that goes on from there.

    A package's normalisations are folded into its convolutions. They are unfolded so that the encoder reads the same at
    rest and in training: each gets the mean and the variance of what ``faces`` float ``[N, C, S, S]`` in 0..255, which
    should be like those of the training, bring about there.
    """
    load_package(model, name)
    with torch.no_grad():
        _unfold(model, faces)


def go_back(model: FaceModel, start: Mapping[str, Tensor], share: float, faces: Tensor) -> None:
    """Take ``model`` a ``share`` of the way back to the weights ``start``, which its training began with.

    What was learned of other faces stays for the most part, and less is forgotten of the first ones (Wortsman et al.,
    Robust fine-tuning of zero-shot models, arXiv 2109.01903). The normalisations then expect what ``faces`` float
    ``[N, C, S, S]`` in 0..255 bring about.
    """
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    momenta = [norm.momentum for norm in norms]
    was_training = model.training
    with torch.no_grad():
        for name, values in model.state_dict().items():
            if values.is_floating_point():
                values.lerp_(start[name], share)
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # the plain mean of what follows
        model.train()
        for first in range(0, len(faces), _SETTLING):
            for member in model.members:
                member.encoder(faces[first : first + _SETTLING])
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
    model.train(was_training)


def _folded(encoder: nn.Module) -> Iterator[tuple[str, nn.Conv2d, nn.BatchNorm2d]]:
    """Each convolution that a normalisation follows, by name."""
    last: tuple[str, nn.Conv2d] | None = None
    for name, module in encoder.named_modules():
        if isinstance(module, nn.Conv2d):
            last = name, module
        elif isinstance(module, nn.BatchNorm2d) and last is not None:
            yield (*last, module)


def _fill(encoder: nn.Module, weights: dict[str, NDArray[np.float32]]) -> None:
    """Put a package's ``weights`` in their places; normalisations do nothing but add."""
    folded = list(_folded(encoder))
    norms = {id(parameter) for _, _, norm in folded for parameter in norm.parameters()}
    for name, parameter in encoder.named_parameters():
        if id(parameter) not in norms and ".to_neutral." not in name:
            _put(parameter, weights[f"encoder.{name}"])
    for name, _, norm in folded:
        _put(norm.bias, weights[f"encoder.{name}.weight_bias"])
        norm.weight.fill_((1 + norm.eps) ** 0.5)
        norm.reset_running_stats()


def _put(parameter: Tensor, values: NDArray[np.float32]) -> None:
    if parameter.shape != values.shape:
        raise KeyError(f"{list(values.shape)} where {list(parameter.shape)} was expected")
    parameter.copy_(torch.from_numpy(values.copy()))


def _unfold(model: FaceModel, faces: Tensor) -> None:
    """Let each normalisation expect what ``faces`` bring about there, and undo that in what it does with it."""
    folded = list(_folded(model.encoder))
    seen: dict[nn.Module, tuple[Tensor, Tensor]] = {}

    def look(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        var, mean = torch.var_mean(inputs[0].float(), dim=(0, 2, 3), correction=0)
        seen[norm] = mean, var.sqrt().clamp(min=_LEAST_DEVIATION)

    hooks = [norm.register_forward_pre_hook(look) for _, _, norm in folded]
    model.embed_at_rest(faces)
    for hook in hooks:
        hook.remove()
    for _, conv, norm in folded:
        mean, deviation = seen[norm]
        conv.weight.div_(deviation[:, None, None, None])
        assert norm.running_mean is not None  # noqa: S101 - for the type checker: it follows the batches
        norm.running_mean.copy_(mean / deviation)
        norm.weight.mul_(deviation)
        norm.bias.add_(mean)


def _fill_neutral(model: FaceModel, neutral_map: NeutralMap) -> None:
    """The package's map is the mean of its members' side by side: give each of them its part."""
    members = list(model.members)
    parts = len(neutral_map.b1) // len(members)
    for number, member in enumerate(members):
        part = slice(number * parts, (number + 1) * parts)
        way = member.to_neutral
        _put(way.inner.weight, neutral_map.w1[part])
        _put(way.inner.bias, neutral_map.b1[part])
        _put(way.outer.weight, neutral_map.w2[:, part] * np.float32(len(members)))
        _put(way.outer.bias, neutral_map.b2)
