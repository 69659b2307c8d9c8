"""An encoder in half precision reads faces as it does in full."""

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from engines.half import halve
from engines.package import ModelPackage
from tests import tiny


def _run(model: onnx.ModelProto, inputs: NDArray[np.generic]) -> NDArray[np.float32]:
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    outputs: NDArray[np.float32] = session.run(None, {model.graph.input[0].name: inputs})[0]
    return outputs


def _model(nodes: list[onnx.NodeProto], weights: dict[str, NDArray[np.float32]], width: int) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes,
        "a graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", width])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", width])],
        [numpy_helper.from_array(values, name) for name, values in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def test_faces_are_read_alike(tiny_package: ModelPackage) -> None:
    faces = tiny.pictures(np.arange(32) % len(tiny.CLASSES))
    model = onnx.load(tiny_package.encoder)
    full, size = _run(model, faces), model.ByteSize()
    halve(model)
    half = _run(model, faces)
    assert half.dtype == np.float32
    assert (full * half).sum(axis=1).min() > 0.999
    np.testing.assert_allclose(np.linalg.norm(half, axis=1), 1, atol=1e-6)
    assert model.ByteSize() < 0.8 * size


def test_what_comes_before_the_first_product_and_after_the_last_stays_full() -> None:
    """1e5 and 1e-6 are no numbers of half precision."""
    eye = np.eye(2, dtype=np.float32)
    nodes = [
        helper.make_node("Mul", ["x", "large"], ["a"]),
        helper.make_node("Div", ["a", "large"], ["b"]),
        helper.make_node("MatMul", ["b", "eye"], ["c"]),
        helper.make_node("Add", ["c", "half"], ["d"]),
        helper.make_node("MatMul", ["d", "eye"], ["e"]),
        helper.make_node("Mul", ["e", "small"], ["y"]),
    ]
    scalars = {"large": np.float32(1e5), "half": np.float32(0.5), "small": np.float32(1e-6)}
    weights = {"eye": eye} | {name: np.asarray(value) for name, value in scalars.items()}
    model = _model(nodes, weights, 2)
    halve(model)
    types = {weight.name: weight.data_type for weight in model.graph.initializer}
    assert types == {"large": 1, "eye.half": 10, "half.half": 10, "small": 1}
    np.testing.assert_allclose(_run(model, np.ones((3, 2), np.float32)), 1.5e-6)


def test_a_weight_that_is_too_large_for_half_becomes_the_largest() -> None:
    nodes = [
        helper.make_node("Add", ["x", "far"], ["a"]),
        helper.make_node("MatMul", ["a", "eye"], ["b"]),
        helper.make_node("Add", ["b", "far"], ["c"]),
        helper.make_node("MatMul", ["c", "eye"], ["y0"]),
        helper.make_node("Identity", ["y0"], ["y"]),
    ]
    model = _model(nodes, {"eye": np.eye(1, dtype=np.float32), "far": np.asarray(-1e6, np.float32)}, 1)
    halve(model)
    values = {weight.name: numpy_helper.to_array(weight) for weight in model.graph.initializer}
    assert values["far.half"] == np.finfo(np.float16).min
    assert values["far"] == np.float32(-1e6)


def test_a_graph_that_has_no_half_is_said() -> None:
    nodes = [helper.make_node("MatMul", ["x", "eye"], ["y"])]
    with pytest.raises(ValueError, match=r"\S"):
        halve(_model(nodes, {"eye": np.eye(2, dtype=np.float32)}, 2))
