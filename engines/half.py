"""An encoder's graph in half precision: float16 where the work is, float32 where the numbers are delicate.

A package holds one graph, in float32. The engines that want half precision make it from that when they open, so any
package will do and none is twice as large. The graph then says the precision of each step itself, which is how
TensorRT wants it. Needs the ``onnx`` package: to be imported where it is needed.
"""

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper, shape_inference

_PRODUCTS = frozenset({"Conv", "Gemm", "MatMul"})
# What turns int8 back belongs to the product that it feeds: with a cast in between TensorRT would not compute in int8.
_FIRST = _PRODUCTS | {"DequantizeLinear"}
_FULL, _HALF = int(TensorProto.FLOAT), int(TensorProto.FLOAT16)
_LARGEST = float(np.finfo(np.float16).max)


def halve(model: ModelProto) -> None:
    """Turn ``model`` to float16 from its first product of matrices to its last; what it takes and gives stays.

    The standardisation before and the normalisation after remain float32: the squares of the latter may be too large
    and its epsilon is too small for float16, and neither costs time. Products of int8 stay int8. Raises ``ValueError``
    if the graph has no valid form in half precision.
    """
    try:
        inferred = shape_inference.infer_shapes(model, strict_mode=True).graph
        _Halving(model.graph, _types(inferred)).run()
        checker.check_model(model, full_check=True)
    except (shape_inference.InferenceError, checker.ValidationError) as error:
        raise ValueError(str(error).strip().splitlines()[0]) from error


def _types(graph: GraphProto) -> dict[str, int]:
    """The element type of each tensor."""
    values = [*graph.input, *graph.value_info, *graph.output]
    types = {value.name: value.type.tensor_type.elem_type for value in values}
    return types | {weight.name: weight.data_type for weight in graph.initializer}


def _between_products(nodes: list[NodeProto]) -> list[bool]:
    """Of each node whether it is a product of matrices, or lies on a way from one to another."""
    after: list[bool] = []
    reached: set[str] = set()
    for node in nodes:
        after.append(node.op_type in _FIRST or not reached.isdisjoint(node.input))
        if after[-1]:
            reached.update(node.output)
    before: list[bool] = []
    needed: set[str] = set()
    for node in reversed(nodes):
        before.append(node.op_type in _PRODUCTS or not needed.isdisjoint(node.output))
        if before[-1]:
            needed.update(node.input)
    return [a and b for a, b in zip(after, reversed(before), strict=True)]


class _Halving:
    """Works through ``graph``, which it changes; ``types`` are its tensors' own."""

    def __init__(self, graph: GraphProto, types: dict[str, int]) -> None:
        self._graph, self._types = graph, types
        self._weights = {weight.name: weight for weight in graph.initializer}
        self._nodes: list[NodeProto] = []

    def run(self) -> None:
        nodes = list(self._graph.node)
        for node, halved in zip(nodes, _between_products(nodes), strict=True):
            for place, name in enumerate(node.input):
                node.input[place] = self._as(name, _HALF if halved else _FULL)
            if halved:
                self._halve_outputs(node)
            self._nodes.append(node)
        used = {name for node in self._nodes for name in node.input}
        weights = [weight for name, weight in self._weights.items() if name in used]
        del self._graph.node[:], self._graph.initializer[:]
        self._graph.node.extend(self._nodes)
        self._graph.initializer.extend(weights)
        del self._graph.value_info[:]  # it tells of types that are no more

    def _halve_outputs(self, node: NodeProto) -> None:
        self._types.update({name: _HALF for name in node.output if self._types.get(name) == _FULL})
        for attribute in node.attribute:
            if node.op_type == "Cast" and attribute.i == _FULL:
                attribute.i = _HALF

    def _as(self, name: str, wanted: int) -> str:
        """The name that the tensor ``name`` has in the float type ``wanted``; one that is no float keeps its own."""
        here = self._types.get(name)
        if here == wanted or here not in {_FULL, _HALF}:
            return name
        other = f"{name}.{'half' if wanted == _HALF else 'full'}"
        if other not in self._types:
            self._types[other] = wanted
            if name in self._weights:
                self._weights[other] = _half_weight(self._weights[name], other)
            else:
                self._nodes.append(helper.make_node("Cast", [name], [other], to=wanted))
        return other


def _half_weight(weight: TensorProto, name: str) -> TensorProto:
    values = numpy_helper.to_array(weight).clip(-_LARGEST, _LARGEST)
    return numpy_helper.from_array(values.astype(np.float16), name)
