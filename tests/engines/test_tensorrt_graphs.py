"""Graphs of pictures on TensorRT, against the stand-ins for NVIDIA's bindings."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper

from engines.assets import Assets
from engines.base import EngineName
from engines.errors import EngineUnavailable
from engines.graphs import MOST_ON_CARD, ON_PROCESSOR, OnnxRuntimeGraph, TensorRtGraph, graph_engines, open_graph
from engines.tflite_onnx import as_onnx
from tests.engines.bindings.cuda_runtime import Card, cudaError_t

DETECTORS = ("detector-short", "detector-full")
PICTURE = (4, 6, 3)
ON_CARD = graph_engines(EngineName.TENSORRT)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A graph with two outputs: the pictures doubled, and the largest number of each."""
    nodes = [
        helper.make_node("Cast", ["pictures"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Add", ["numbers", "numbers"], ["output_0"]),
        helper.make_node("Reshape", ["numbers", "shape"], ["rows"]),
        helper.make_node("ReduceMax", ["rows"], ["output_1"], axes=[1], keepdims=1),
    ]
    values = [
        helper.make_tensor_value_info(name, kind, ["N", *shape])
        for name, kind, shape in (
            ("pictures", TensorProto.UINT8, PICTURE),
            ("output_0", TensorProto.FLOAT, PICTURE),
            ("output_1", TensorProto.FLOAT, (1,)),
        )
    ]
    shape = helper.make_tensor("shape", TensorProto.INT64, [2], [-1, int(np.prod(PICTURE))])
    graph = helper.make_graph(nodes, "two outputs", values[:1], values[1:], [shape])
    path = tmp_path / "graph.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


@pytest.fixture(scope="module")
def detectors(assets: Assets) -> dict[str, Path]:
    """Both detectors as ONNX, by name; from before a test puts another cache in the place of the user's."""
    return {name: as_onnx(assets.path(name)) for name in DETECTORS}


@pytest.fixture
def graph(card: Card, file: Path) -> Iterator[TensorRtGraph]:
    opened = TensorRtGraph(file)
    card.calls.clear()
    card.batches.clear()
    yield opened
    opened.close()


@pytest.fixture
def _converted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are ONNX already."""
    monkeypatch.setattr("engines.graphs.as_onnx", lambda path: path)


def pictures(count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(count).integers(0, 256, (count, *PICTURE), np.uint8)


@pytest.mark.parametrize(
    ("count", "batches"),
    [(1, [1]), (2, [2]), (3, [3]), (MOST_ON_CARD, [MOST_ON_CARD]), (2 * MOST_ON_CARD + 1, [MOST_ON_CARD] * 2 + [1])],
)
def test_each_output_has_each_picture_in_order(
    graph: TensorRtGraph, card: Card, count: int, batches: list[int]
) -> None:
    shown = pictures(count)
    doubled, largest = graph.run(shown)
    assert np.array_equal(doubled, shown * np.float32(2))
    assert np.array_equal(largest[:, 0], shown.reshape(count, -1).max(axis=1))
    assert card.batches == batches


def test_a_frame_by_itself_is_one_launch(graph: TensorRtGraph, card: Card) -> None:
    graph.run(pictures(1))
    assert card.calls == ["cudaGraphLaunch", "cudaStreamSynchronize"]


def test_several_tiles_are_run_in_order(graph: TensorRtGraph, card: Card) -> None:
    graph.run(pictures(9))
    shape, back = ["set_input_shape", *["set_tensor_address"] * 3], ["cudaMemcpyAsync"] * 2
    assert card.calls == [*shape, "cudaMemcpyAsync", "execute_async_v3", *back, "cudaStreamSynchronize"]


@pytest.mark.parametrize("name", DETECTORS)
def test_a_detector_is_built_in_float32_and_gives_what_a_processor_gives(
    detectors: dict[str, Path], card: Card, name: str
) -> None:
    with_card, plain = TensorRtGraph(detectors[name]), OnnxRuntimeGraph(detectors[name])
    try:
        shown = np.random.default_rng(0).integers(0, 256, (2, *plain.picture), np.uint8)
        for ours, theirs in zip(with_card.run(shown), plain.run(shown), strict=True):
            assert np.allclose(ours, theirs, rtol=1e-4, atol=1e-3)
    finally:
        with_card.close()
        plain.close()
    weights = onnx.load_from_string(card.graph).graph.initializer
    assert {weight.data_type for weight in weights} == {TensorProto.FLOAT, TensorProto.INT64}


@pytest.mark.usefixtures("_converted")
def test_it_is_built_once_and_who_waits_is_told(card: Card, file: Path) -> None:
    told: list[tuple[str, int, int]] = []
    for _ in range(2):
        graph = open_graph(file, ON_CARD, notify=lambda *step: told.append(step))
        assert graph.name is EngineName.TENSORRT
        graph.close()
    assert card.builds == 1
    assert [done for _, done, _ in told] == [0, 1, 2, 2]


def test_closing_gives_everything_back_once(card: Card, file: Path) -> None:
    graph = TensorRtGraph(file)
    assert card.held
    graph.close()
    graph.close()
    assert card.held == {}
    with pytest.raises(EngineUnavailable, match="closed"):
        graph.run(pictures(1))


def test_only_who_asks_for_tensorrt_gets_it() -> None:
    assert ON_CARD[0] is EngineName.TENSORRT
    for name in set(EngineName) - {EngineName.TENSORRT}:
        assert graph_engines(name) == ON_PROCESSOR


@pytest.mark.usefixtures("_converted")
@pytest.mark.parametrize("missing", ["tensorrt", "cuda.bindings"])
def test_without_its_libraries_a_processor_does_it(
    card: Card, file: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    _expect_processor(card, file)


@pytest.mark.usefixtures("_converted")
@pytest.mark.parametrize("call", ["cudaGetDeviceCount", "Runtime", "parse", "deserialize_cuda_engine", "cudaMalloc"])
def test_where_a_card_cannot_a_processor_does_it(card: Card, file: Path, call: str) -> None:
    card.failing[call] = cudaError_t.cudaErrorNoDevice
    _expect_processor(card, file)


def _expect_processor(card: Card, file: Path) -> None:
    graph = open_graph(file, ON_CARD)
    assert graph.name in ON_PROCESSOR
    assert card.held == {}
    graph.close()
