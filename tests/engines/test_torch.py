"""The torch engine: the graph of the package itself, in torch."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from engines.errors import EngineUnavailable, ModelError
from engines.half import halve
from engines.package import ENCODER, ModelPackage
from engines.torch import TorchEngine
from engines.torch_graph import TorchGraph
from tests import tiny
from tests.training.test_published_encoders import _export, _swin

Floats = NDArray[np.float32]
_CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def _without_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


def _reference(model: onnx.ModelProto, inputs: NDArray[np.generic]) -> Floats:
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    outputs: Floats = session.run(None, {model.graph.input[0].name: inputs})[0]
    return outputs


def _in_torch(model: onnx.ModelProto, inputs: NDArray[np.generic]) -> Floats:
    with torch.inference_mode():
        outputs: Floats = TorchGraph(model, _CPU)(torch.from_numpy(inputs)).numpy()
    return outputs


def _worst(one: Floats, other: Floats) -> float:
    return float((one * other).sum(axis=1).min())


@pytest.mark.parametrize("count", [1, 40])
def test_values_are_those_of_onnx_runtime(tiny_package: ModelPackage, count: int) -> None:
    faces = tiny.pictures(np.arange(count) % len(tiny.CLASSES))
    with TorchEngine(tiny_package) as engine:
        assert (engine.name, engine.device, engine.precision) == ("torch", "CPU", "fp32")
        assert _worst(engine.embed(faces), _reference(onnx.load(tiny_package.encoder), faces)) > 0.9999


def test_the_encoder_that_ships_runs() -> None:
    package = ModelPackage.load()
    faces = np.random.default_rng(3).integers(0, 256, (3, 1, 48, 48), dtype=np.uint8)
    with TorchEngine(package) as engine:
        assert _worst(engine.embed(faces), _reference(onnx.load(package.encoder), faces)) > 0.9999


def test_attention_runs_in_full_and_in_half(tmp_path: Path) -> None:
    torch.manual_seed(2)
    _export(_swin(), tmp_path / ENCODER)
    model = onnx.load(tmp_path / ENCODER)
    faces = np.random.default_rng(1).integers(0, 256, (5, 1, 16, 16), dtype=np.uint8)
    expected = _reference(model, faces)
    assert _worst(_in_torch(model, faces), expected) > 0.9999
    halve(model)
    assert _worst(_in_torch(model, faces), expected) > 0.999


_X = np.random.default_rng(5).normal(size=(2, 3, 5, 5)).astype(np.float32)
_KERNEL = np.random.default_rng(6).normal(size=(4, 3, 3, 3)).astype(np.float32)
_UNEVEN = [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("op", "inputs", "attributes"),
    [
        ("Slice", [[-1], [-(2**63)], [3], [-1]], {}),
        ("Slice", [[4], [0], [2], [-2]], {}),
        ("Slice", [[1, 0], [2**62, -1], [-1, 1]], {}),
        ("Slice", [[3], [1], [2]], {}),
        ("Pad", [[0, 0, 0, 1, 0, 0, 2, 1]], {}),
        ("Pad", [[1, 2], np.float32(7), [-1]], {}),
        ("Conv", [_KERNEL], {"pads": _UNEVEN, "strides": [2, 2]}),
        ("Conv", [_KERNEL, np.ones(4, np.float32)], {"pads": [1, 1, 1, 1]}),
        ("MaxPool", [], {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}),
        ("MaxPool", [], {"kernel_shape": [2, 2], "strides": [2, 2], "ceil_mode": 1}),
        ("AveragePool", [], {"kernel_shape": [2, 2], "strides": [2, 2], "ceil_mode": 1, "count_include_pad": 1}),
        ("AveragePool", [], {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}),
        ("ReduceMean", [[2, 3]], {"keepdims": 0}),
        ("ReduceSum", [], {}),
        ("ReduceL2", [[-1]], {"keepdims": 1}),
        ("Reshape", [[0, -1]], {}),
        ("Unsqueeze", [[-1, 0]], {}),
        ("Clip", [np.float32(-0.5)], {}),
        ("Clip", [None, np.float32(0.5)], {}),
        ("Expand", [[3, 1, 1, 1, 1]], {}),
        ("Transpose", [], {"perm": [2, 0, 3, 1]}),
        ("Softmax", [], {"axis": 1}),
    ],
)
def test_each_step_is_what_onnx_means_by_it(op: str, inputs: list[object], attributes: dict[str, Any]) -> None:
    values = {f"i{n}": np.asarray(v) for n, v in enumerate(inputs) if v is not None}
    names = ["x", *("" if value is None else f"i{n}" for n, value in enumerate(inputs))]
    graph = helper.make_graph(
        [helper.make_node(op, names, ["y"], **attributes)],
        "one step",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, _X.shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(value, name) for name, value in values.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    expected = _reference(model, _X)
    ours = _in_torch(model, _X)
    assert ours.shape == expected.shape
    np.testing.assert_allclose(ours, expected, atol=1e-5)


def test_a_step_that_it_does_not_know_is_named(own_package: ModelPackage) -> None:
    model = onnx.load(own_package.encoder)
    next(node for node in model.graph.node if node.op_type == "Relu").op_type = "HardSwish"
    onnx.save(model, own_package.encoder)
    with pytest.raises(ModelError, match="HardSwish"):
        TorchEngine(own_package)


@pytest.mark.parametrize("content", [b"", b"no encoder"])
def test_an_encoder_that_is_none_is_said(own_package: ModelPackage, content: bytes) -> None:
    own_package.encoder.write_bytes(content)
    with pytest.raises(ModelError, match=ENCODER) as caught:
        TorchEngine(own_package)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("missing", ["torch", "onnx"])
def test_a_library_that_is_missing_is_said_with_what_installs_it(
    tiny_package: ModelPackage, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(EngineUnavailable, match=r'pip install "mien\[train\]"'):
        TorchEngine(tiny_package)


def test_faces_that_are_read_only_or_run_backwards_are_read(tiny_package: ModelPackage) -> None:
    faces = tiny.pictures(np.arange(4))
    faces.flags.writeable = False
    with TorchEngine(tiny_package) as engine:
        np.testing.assert_array_equal(engine.embed(faces)[::-1], engine.embed(faces[::-1]))
