"""An encoder's ONNX graph in torch, step by step. Imports torch and onnx: to be imported where it is needed."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as nnf
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from torch import Tensor

from engines.errors import ModelError

Attributes = dict[str, Any]
_TYPES = {
    TensorProto.FLOAT: torch.float32,
    TensorProto.FLOAT16: torch.float16,
    TensorProto.INT64: torch.int64,
    TensorProto.INT32: torch.int32,
    TensorProto.UINT8: torch.uint8,
    TensorProto.BOOL: torch.bool,
}


class _Step(NamedTuple):
    """A node: what it does, to which tensors (None: left out), which it makes, and which nobody needs after it."""

    run: Callable[..., Tensor]
    attributes: Attributes
    inputs: tuple[str | None, ...]
    output: str
    done_with: tuple[str, ...]


class TorchGraph:
    """Calls like a function: uint8 faces ``[N, C, S, S]`` on ``device`` in, float32 ``[N, D]`` out.

    Sizes are worked out on the CPU, so that a GPU is told only what it has to compute and a CUDA graph can record it.
    """

    def __init__(self, model: ModelProto, device: torch.device) -> None:
        """Raises ``ModelError`` if a step of the graph is unknown here."""
        graph = model.graph
        self._weights = {weight.name: _weight(weight, device) for weight in graph.initializer}
        self._input, self._output = graph.input[0].name, graph.output[0].name
        self._steps = tuple(_steps(graph.node, keep={*self._weights, self._output}))

    def __call__(self, faces: Tensor) -> Tensor:
        values: dict[str | None, Tensor | None] = {None: None, **self._weights, self._input: faces}
        for step in self._steps:
            values[step.output] = step.run(step.attributes, *[values[name] for name in step.inputs])
            for name in step.done_with:
                del values[name]
        result = values[self._output]
        assert result is not None  # noqa: S101 - for the type checker: every step gives a tensor
        return result


def _weight(weight: TensorProto, device: torch.device) -> Tensor:
    values = torch.from_numpy(numpy_helper.to_array(weight).copy())
    if not values.is_floating_point():
        return values  # a size or an axis
    if device.type == "cuda" and values.ndim == 4:
        return values.to(device, memory_format=torch.channels_last)  # what its matrix units want
    return values.to(device)


def _steps(nodes: Sequence[NodeProto], keep: set[str]) -> Iterable[_Step]:
    last_use = {name: index for index, node in enumerate(nodes) for name in node.input}
    for index, node in enumerate(nodes):
        attributes = {a.name: _plain(helper.get_attribute_value(a)) for a in node.attribute}
        if node.op_type not in _OPS or attributes.get("auto_pad", "NOTSET") != "NOTSET":
            raise ModelError(f"The torch engine does not know the step {node.op_type}: use --engine onnxruntime.")
        done_with = {name for name in node.input if name and last_use[name] == index} - keep
        inputs = tuple(name or None for name in node.input)
        yield _Step(_OPS[node.op_type], attributes, inputs, node.output[0], tuple(done_with))


def _plain(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


# What ONNX calls each step; see its operators' own pages for what the attributes and the inputs mean.


def _shape(a: Attributes, x: Tensor) -> Tensor:
    return torch.tensor(x.shape[a.get("start", 0) : a.get("end")])


def _slice(
    _: Attributes, x: Tensor, starts: Tensor, ends: Tensor, axes: Tensor | None = None, steps: Tensor | None = None
) -> Tensor:
    along = range(len(starts)) if axes is None else axes.tolist()
    by = itertools.repeat(1) if steps is None else steps.tolist()
    for start, end, axis, step in zip(starts.tolist(), ends.tolist(), along, by, strict=False):
        size = x.shape[axis]
        taken = range(*slice(start, end, step).indices(size))
        if step < 0:  # torch has no such slices
            x = x.flip(axis)
            taken = range(size - 1 - taken.start, size - 1 - taken.stop, -step)
        part = slice(taken.start, max(taken.start, taken.stop), taken.step)
        x = x[(slice(None),) * (axis % x.ndim) + (part,)]
    return x


def _unsqueeze(_: Attributes, x: Tensor, axes: Tensor) -> Tensor:
    rank = x.ndim + len(axes)
    for axis in sorted(axis % rank for axis in axes.tolist()):
        x = x.unsqueeze(axis)
    return x


def _squeeze(_: Attributes, x: Tensor, axes: Tensor | None = None) -> Tensor:
    return x.squeeze() if axes is None else x.squeeze(tuple(axes.tolist()))


def _div(_: Attributes, x: Tensor, y: Tensor) -> Tensor:
    return x / y if x.is_floating_point() else torch.div(x, y, rounding_mode="trunc")


def _reshape(a: Attributes, x: Tensor, shape: Tensor) -> Tensor:
    sizes = shape.tolist()
    if not a.get("allowzero", 0):
        sizes = [size or x.shape[axis] for axis, size in enumerate(sizes)]
    return x.reshape(sizes)


def _expand(_: Attributes, x: Tensor, shape: Tensor) -> Tensor:
    return x.expand(np.broadcast_shapes(tuple(x.shape), tuple(shape.tolist())))


def _padded(a: Attributes, x: Tensor, value: float) -> Tensor:
    pads = a.get("pads", [0, 0, 0, 0])
    return nnf.pad(x, _torch_pads(pads), value=value) if any(pads) else x


def _torch_pads(pads: Sequence[int]) -> list[int]:
    """ONNX names all beginnings and then all ends, torch both of the last axis first."""
    half = len(pads) // 2
    return [side for pair in zip(pads[:half][::-1], pads[half:][::-1], strict=True) for side in pair]


def _pad(_: Attributes, x: Tensor, pads: Tensor, value: Tensor | None = None, axes: Tensor | None = None) -> Tensor:
    sides, rank = pads.tolist(), x.ndim
    along = range(rank) if axes is None else [axis % rank for axis in axes.tolist()]
    every = [0] * (2 * rank)
    for place, axis in enumerate(along):
        every[axis], every[rank + axis] = sides[place], sides[len(sides) // 2 + place]
    return nnf.pad(x, _torch_pads(every), value=0.0 if value is None else float(value))


def _conv(a: Attributes, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    top, left, bottom, right = a.get("pads", [0, 0, 0, 0])
    even = (top, left) == (bottom, right)
    x = x if even else _padded(a, x, 0.0)
    padding = (top, left) if even else 0
    return nnf.conv2d(x, weight, bias, a.get("strides", 1), padding, a.get("dilations", 1), a.get("group", 1))


def _average_pool(a: Attributes, x: Tensor) -> Tensor:
    top, left, bottom, right = a.get("pads", [0, 0, 0, 0])
    if (top, left) != (bottom, right):
        raise ModelError("The torch engine does not know uneven edges of AveragePool: use --engine onnxruntime.")
    ceil, edges = bool(a.get("ceil_mode", 0)), bool(a.get("count_include_pad", 0))
    return nnf.avg_pool2d(x, a["kernel_shape"], a.get("strides", 1), (top, left), ceil, edges)


def _max_pool(a: Attributes, x: Tensor) -> Tensor:
    x = _padded(a, x, -torch.inf)
    ceil = bool(a.get("ceil_mode", 0))
    return nnf.max_pool2d(x, a["kernel_shape"], a.get("strides", 1), 0, a.get("dilations", 1), ceil)


def _gemm(a: Attributes, x: Tensor, y: Tensor, bias: Tensor | None = None) -> Tensor:
    left, right = x.T if a.get("transA", 0) else x, y.T if a.get("transB", 0) else y
    product: Tensor = left @ right * a.get("alpha", 1.0)
    return product if bias is None else product + bias * a.get("beta", 1.0)


def _reduce(function: Callable[[Tensor, list[int], bool], Tensor]) -> Callable[..., Tensor]:
    def run(a: Attributes, x: Tensor, axes: Tensor | None = None) -> Tensor:
        along = axes.tolist() if axes is not None else []
        if not along and a.get("noop_with_empty_axes", 0):
            return x
        return function(x, along or list(range(x.ndim)), bool(a.get("keepdims", 1)))

    return run


def _clip(_: Attributes, x: Tensor, low: Tensor | None = None, high: Tensor | None = None) -> Tensor:
    return torch.clamp(x, low, high)


def _layer_norm(a: Attributes, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    return nnf.layer_norm(x, x.shape[a.get("axis", -1) :], weight, bias, a.get("epsilon", 1e-5))


_OPS: dict[str, Callable[..., Tensor]] = {
    "Add": lambda _, x, y: x + y,
    "AveragePool": _average_pool,
    "Cast": lambda a, x: x.to(_TYPES[a["to"]]),
    "Clip": _clip,
    "Concat": lambda a, *parts: torch.cat(parts, a["axis"]),
    "Conv": _conv,
    "Div": _div,
    "Erf": lambda _, x: torch.erf(x),
    "Expand": _expand,
    "Gemm": _gemm,
    "LayerNormalization": _layer_norm,
    "MatMul": lambda _, x, y: x @ y,
    "MaxPool": _max_pool,
    "Mul": lambda _, x, y: x * y,
    "Pad": _pad,
    "ReduceL2": _reduce(lambda x, axes, keep: torch.linalg.vector_norm(x, dim=axes, keepdim=keep)),
    "ReduceMean": _reduce(lambda x, axes, keep: x.mean(axes, keep)),
    "ReduceSum": _reduce(lambda x, axes, keep: x.sum(axes, keep)),
    "Relu": lambda _, x: nnf.relu(x),
    "Reshape": _reshape,
    "Shape": _shape,
    "Slice": _slice,
    "Softmax": lambda a, x: x.softmax(a.get("axis", -1)),
    "Squeeze": _squeeze,
    "Sub": lambda _, x, y: x - y,
    "Transpose": lambda a, x: x.permute(a["perm"]),
    "Unsqueeze": _unsqueeze,
}
