"""Graphs of the face detectors: what is written as ONNX is what the file says, and each engine runs it alike."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines import network
from engines.assets import Assets, sha256_of
from engines.base import EngineName
from engines.errors import EngineUnavailable, ModelError
from engines.graphs import GRAPHS, ON_PROCESSOR, PictureGraph, open_graph
from engines.tflite import read_tflite
from engines.tflite_onnx import as_onnx
from tests.graphs import graphs_to_test, skip_without

MODELS = {"detector-short": (128, 896), "detector-full": (192, 2304)}


@pytest.fixture(scope="module", params=MODELS)
def file(request: pytest.FixtureRequest, assets: Assets) -> Path:
    return assets.path(request.param)


@pytest.fixture(scope="module", params=graphs_to_test())
def graph(request: pytest.FixtureRequest, file: Path) -> Iterator[PictureGraph]:
    skip_without(request.param)
    opened = open_graph(file, [request.param])
    yield opened
    opened.close()


def pictures(graph: PictureGraph, count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (count, *graph.picture), np.uint8)


def test_the_tensors_are_those_of_the_file_as_openvino_reads_it(graph: PictureGraph, file: Path) -> None:
    network.silence()
    ov = pytest.importorskip("openvino")
    core = ov.Core()
    read = core.compile_model(core.read_model(file), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    shown = pictures(graph, 2)
    ours = [np.array(tensor) for tensor in graph.run(shown)]
    for index, picture in enumerate(shown):
        theirs = read([picture[None].astype(np.float32) * np.float32(2 / 255) - 1]).values()
        for a, b in zip(ours, theirs, strict=True):
            assert np.allclose(a[index], b[0], rtol=1e-3, atol=1e-2)


def test_a_batch_of_any_size_gives_what_each_picture_gives_alone(graph: PictureGraph) -> None:
    shown = pictures(graph, 5)
    together = [np.array(tensor) for tensor in graph.run(shown)]
    assert [tensor.shape[2] for tensor in together] == [16, 1]
    for index in range(5):
        alone = graph.run(shown[index : index + 1])
        assert all(np.allclose(a[index], b[0], rtol=1e-3, atol=1e-2) for a, b in zip(together, alone, strict=True))


def test_pictures_need_not_be_contiguous(graph: PictureGraph) -> None:
    shown = pictures(graph, 2)[:, :, ::-1]
    expected = [np.array(tensor) for tensor in graph.run(np.ascontiguousarray(shown))]
    assert all(np.array_equal(a, b) for a, b in zip(graph.run(shown), expected, strict=True))


def test_what_are_no_pictures_for_it_is_refused(graph: PictureGraph) -> None:
    shown = pictures(graph, 1)
    wrongs: list[NDArray[Any]] = [shown.astype(np.float32), shown[:, 1:], shown[0], shown[:0]]
    for wrong in wrongs:
        with pytest.raises(ValueError, match="pictures: expected uint8"):
            graph.run(wrong)


@pytest.mark.parametrize("name", graphs_to_test())
def test_a_closed_graph_says_so(file: Path, name: EngineName) -> None:
    skip_without(name)
    graph = open_graph(file, [name])
    graph.close()
    graph.close()
    with pytest.raises(EngineUnavailable, match="closed"):
        graph.run(pictures(graph, 1))


def test_the_graph_is_written_once(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engines.tflite_onnx.cache_directory", lambda: tmp_path / "assets")
    written = as_onnx(file)
    assert written.is_relative_to(tmp_path)
    before = written.stat().st_mtime_ns, sha256_of(written)
    assert as_onnx(file) == written
    assert (written.stat().st_mtime_ns, sha256_of(written)) == before


@pytest.mark.parametrize("name", MODELS)
def test_the_shapes_are_those_that_mediapipe_names(name: str, assets: Assets) -> None:
    side, anchors = MODELS[name]
    graph = read_tflite(assets.path(name))
    assert [graph.shapes[each] for each in graph.inputs] == [(1, side, side, 3)]
    assert [graph.shapes[each] for each in graph.outputs] == [(1, anchors, 16), (1, anchors, 1)]


@pytest.mark.parametrize("content", [b"", b"not a graph", bytes(400), b"\xff" * 400])
def test_a_file_that_is_no_graph_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "damaged.tflite"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"damaged\.tflite is not a graph"):
        as_onnx(path)


def test_a_file_that_is_cut_off_is_named(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.tflite"
    whole = file.read_bytes()
    for share in (0.1, 0.5, 0.9, 0.99):
        path.write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(ModelError, match=r"cut\.tflite is not a graph"):
            read_tflite(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        read_tflite(tmp_path / "nowhere.tflite")


def test_without_any_engine_each_says_why(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ON_PROCESSOR:
        monkeypatch.setitem(sys.modules, str(name), None)
    with pytest.raises(EngineUnavailable, match=r"OpenVINO cannot .* ONNX Runtime cannot"):
        open_graph(file)


def test_graphs_go_by_the_names_of_engines() -> None:
    assert set(GRAPHS) <= set(EngineName)
