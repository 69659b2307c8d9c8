"""Writes a TensorFlow Lite graph as ONNX, which every engine reads, with a batch of any size.

The graph takes pictures as they are, uint8 ``[N, H, W, 3]``, and scales them to -1..1 itself, so that no engine can do
it in another way. Inside, tensors are NCHW.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engines.assets import sha256_of
from engines.errors import EngineUnavailable, ModelError
from engines.files import written_whole
from engines.machine import cache_directory
from engines.tflite import LiteGraph, Op, Operation, read_tflite

if TYPE_CHECKING:
    import onnx

_OPSET, _IR_VERSION = 17, 8
_VERSION = 1
"""Counts changes of what is written here, so that a cached graph of another version is not taken."""
_TO_NCHW, _TO_NHWC = (0, 3, 1, 2), (0, 2, 3, 1)
_SAME = 0
_NO_ACTIVATION, _RELU = 0, 1


def as_onnx(path: Path) -> Path:
    """The graph of the .tflite file at ``path`` as an ONNX file in the user's cache, written there the first time.

    Its input is ``pictures``; its outputs are ``output_0``, ``output_1`` ... in the file's order, float32 ``[N, ...]``.
    Raises ``ModelError`` if the file is not a graph that can be read, ``EngineUnavailable`` without the package
    ``onnx`` and ``OutputError`` if the cache cannot be written.
    """
    target = cache_directory() / "graphs" / f"{path.stem}-{sha256_of(path)[:16]}-{_VERSION}.onnx"
    if not target.exists():
        model = _Writer(read_tflite(path), path).model()
        with written_whole(target) as partial:
            target.parent.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(model.SerializeToString())
    return target


class _Writer:
    """Turns one operation after the other into nodes."""

    def __init__(self, graph: LiteGraph, path: Path) -> None:
        try:
            import onnx  # noqa: PLC0415 - costs 0.2 s, and is needed only the first time
        except ImportError as error:
            raise EngineUnavailable(f"The package onnx cannot be loaded ({error}): pip install onnx.") from error
        self._onnx = onnx
        self._graph = graph
        self._path = path
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._write: dict[Op, Callable[[Operation], None]] = {
            Op.ADD: self._add,
            Op.CONCATENATION: self._concatenate,
            Op.CONV_2D: self._convolve,
            Op.DEPTHWISE_CONV_2D: self._convolve_depthwise,
            Op.DEPTH_TO_SPACE: self._depth_to_space,
            Op.MAX_POOL_2D: self._pool,
            Op.PAD: self._pad,
            Op.RELU: lambda step: self._node("Relu", [_name(step.inputs[0])], step),
            Op.RESHAPE: self._reshape,
            Op.RESIZE_BILINEAR: self._resize,
        }

    def model(self) -> "onnx.ModelProto":
        """The whole graph, checked."""
        helper, types = self._onnx.helper, self._onnx.TensorProto
        (source,) = self._graph.inputs
        _, height, width, channels = self._graph.shapes[source]
        self._scale_pictures(source)
        for step in self._graph.operations:
            if step.op not in self._write:
                raise ModelError(f"{self._path} has a {step.op.name} that Mien cannot convert.")
            self._write[step.op](step)
        outputs = []
        for place, number in enumerate(self._graph.outputs):
            self._nodes.append(helper.make_node("Identity", [_name(number)], [f"output_{place}"]))
            shape = ["N", *self._graph.shapes[number][1:]]
            outputs.append(helper.make_tensor_value_info(f"output_{place}", types.FLOAT, shape))
        pictures = helper.make_tensor_value_info("pictures", types.UINT8, ["N", height, width, channels])
        graph = helper.make_graph(self._nodes, self._path.stem, [pictures], outputs, self._constants)
        opset = helper.make_opsetid("", _OPSET)
        model: onnx.ModelProto = helper.make_model(
            graph, opset_imports=[opset], ir_version=_IR_VERSION, producer_name="mien"
        )
        self._onnx.checker.check_model(model, full_check=True)
        return model

    def _scale_pictures(self, source: int) -> None:
        make = self._onnx.helper.make_node
        scale, offset = self._constant(np.float32(2 / 255)), self._constant(np.float32(-1))
        self._nodes += [
            make("Cast", ["pictures"], ["pixels"], to=self._onnx.TensorProto.FLOAT),
            make("Mul", ["pixels", scale], ["scaled"]),
            make("Add", ["scaled", offset], ["centred"]),
            make("Transpose", ["centred"], [_name(source)], perm=_TO_NCHW),
        ]

    def _node(self, kind: str, inputs: Sequence[str], step: Operation, activation: int = 0, **attributes: Any) -> None:
        """Add a node that makes the output of ``step``, and the activation that is to follow it."""
        (output,) = map(_name, step.outputs)
        if activation not in {_NO_ACTIVATION, _RELU}:
            raise ModelError(f"{self._path} has an activation that Mien cannot convert: {activation}.")
        result = f"{output}_linear" if activation == _RELU else output
        self._nodes.append(self._onnx.helper.make_node(kind, inputs, [result], **attributes))
        if activation == _RELU:
            self._nodes.append(self._onnx.helper.make_node("Relu", [result], [output]))

    def _constant(self, values: NDArray[Any] | np.generic) -> str:
        name = f"constant_{len(self._constants)}"
        self._constants.append(self._onnx.numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _add(self, step: Operation) -> None:
        self._node("Add", [_name(each) for each in step.inputs], step, step.options.number(0, "b"))

    def _concatenate(self, step: Operation) -> None:
        # Of what is reshaped already: in four dimensions the axis would be another one.
        if len(self._graph.shapes[step.outputs[0]]) == 4:
            raise ModelError(f"{self._path} puts pictures together, which Mien cannot convert.")
        self._node("Concat", [_name(each) for each in step.inputs], step, axis=step.options.number(0))

    def _convolve(self, step: Operation) -> None:
        weights = self._graph.constants[step.inputs[1]].transpose(0, 3, 1, 2)
        self._weighted(step, weights, step.options.number(3, "b"), group=1)

    def _convolve_depthwise(self, step: Operation) -> None:
        weights = self._graph.constants[step.inputs[1]].transpose(3, 0, 1, 2)
        self._weighted(step, weights, step.options.number(4, "b"), group=self._graph.shapes[step.inputs[0]][3])

    def _weighted(self, step: Operation, weights: NDArray[Any], activation: int, group: int) -> None:
        inputs = [_name(step.inputs[0]), self._constant(weights), self._constant(self._graph.constants[step.inputs[2]])]
        self._node("Conv", inputs, step, activation, group=group, **self._window(step, weights.shape[2:]))

    def _pool(self, step: Operation) -> None:
        window = step.options.number(4), step.options.number(3)
        self._node("MaxPool", [_name(step.inputs[0])], step, kernel_shape=window, **self._window(step, window))

    def _window(self, step: Operation, size: Sequence[int]) -> dict[str, Any]:
        """How a window of ``size`` (height, width) moves over the input of ``step``."""
        strides = step.options.number(2), step.options.number(1)
        pads = [(0, 0), (0, 0)]
        if step.options.number(0, "b") == _SAME:
            sides = self._graph.shapes[step.inputs[0]][1:3]
            pads = [_same(*each) for each in zip(sides, size, strides, strict=True)]
        return {"strides": strides, "pads": [before for before, _ in pads] + [after for _, after in pads]}

    def _pad(self, step: Operation) -> None:
        pads = self._graph.constants[step.inputs[1]][list(_TO_NCHW)]
        self._node("Pad", [_name(step.inputs[0]), self._constant(pads.T.reshape(-1).astype(np.int64))], step)

    def _reshape(self, step: Operation) -> None:
        (source,) = step.inputs[:1]
        _, *shape = self._graph.shapes[step.outputs[0]]
        name = _name(source)
        if len(self._graph.shapes[source]) == 4:
            name = f"{name}_as_stored_for_{step.outputs[0]}"
            self._nodes.append(self._onnx.helper.make_node("Transpose", [_name(source)], [name], perm=_TO_NHWC))
        self._node("Reshape", [name, self._constant(np.array([-1, *shape], np.int64))], step)

    def _resize(self, step: Operation) -> None:
        before, after = (self._graph.shapes[each] for each in (step.inputs[0], step.outputs[0]))
        if step.options.number(2, "b") or not step.options.number(3, "b"):
            raise ModelError(f"{self._path} resizes from corner to corner, which Mien cannot convert.")
        scales = self._constant(np.array([1, 1, after[1] / before[1], after[2] / before[2]], np.float32))
        self._node("Resize", [_name(step.inputs[0]), "", scales], step, mode="linear")

    def _depth_to_space(self, step: Operation) -> None:
        self._node("DepthToSpace", [_name(step.inputs[0])], step, blocksize=step.options.number(0), mode="DCR")


def _name(tensor: int) -> str:
    return f"tensor_{tensor}"


def _same(side: int, window: int, stride: int) -> tuple[int, int]:
    """TensorFlow's padding that keeps the size: the odd pixel comes after."""
    total = max((-(-side // stride) - 1) * stride + window - side, 0)
    return total // 2, total - total // 2
