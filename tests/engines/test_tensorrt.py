"""The TensorRT engine against stand-ins for NVIDIA's bindings, which speak only words that the real ones have."""

import dataclasses
import sys
from collections.abc import Callable, Iterator
from enum import IntEnum
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from engines.base import MAX_BATCH
from engines.errors import EngineUnavailable, MienError, ModelError
from engines.package import ModelPackage
from engines.tensorrt import TensorRtEngine
from tests import tiny
from tests.engines.bindings import VOCABULARIES, invented, read, tensorrt
from tests.engines.bindings.cuda_runtime import Card, cudaError_t

Embed = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


class _Flags10(IntEnum):
    """What TensorRT 10 has, where 11 counts otherwise."""

    EXPLICIT_BATCH = 0
    STRONGLY_TYPED = 1


@pytest.fixture
def engine(card: Card, tiny_package: ModelPackage) -> Iterator[TensorRtEngine]:
    with TensorRtEngine(tiny_package) as opened:
        card.calls.clear()
        card.batches.clear()
        yield opened


def _faces(count: int) -> NDArray[np.uint8]:
    return tiny.pictures(np.arange(count) % len(tiny.CLASSES))


def _plans(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache").rglob("*.plan"))


@pytest.mark.parametrize("path", VOCABULARIES, ids=lambda path: path.stem)
def test_the_stand_ins_say_nothing_that_the_real_bindings_do_not(path: Path) -> None:
    assert invented(*read(path)) == []


@pytest.mark.parametrize("version", ["10.12.0.36", "11.4.0.106"])
def test_values_are_those_of_the_trained_encoder(
    card: Card,
    tiny_package: ModelPackage,
    trained_embeddings: Embed,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
) -> None:
    monkeypatch.setattr(tensorrt, "__version__", version)
    if version.startswith("10"):
        monkeypatch.setattr(tensorrt, "NetworkDefinitionCreationFlag", _Flags10)
    with TensorRtEngine(tiny_package) as engine:
        assert (engine.name, engine.device, engine.precision) == ("tensorrt", "Fake 9000", "fp16")
        for count in (1, 3, 32, 33, MAX_BATCH + 1):
            faces = _faces(count)
            cosines = (engine.embed(faces) * trained_embeddings(faces)).sum(axis=1)
            assert cosines.min() > 0.999
    assert card.builds == 1


@pytest.mark.parametrize(
    ("faces", "batches"), [(0, []), (1, [1]), (3, [4]), (17, [32]), (33, [33]), (MAX_BATCH + 1, [MAX_BATCH, 1])]
)
def test_batches_are_filled_up_or_split(engine: TensorRtEngine, card: Card, faces: int, batches: list[int]) -> None:
    engine.embed(_faces(faces))
    assert card.batches == batches


def test_a_large_batch_is_run_in_order(engine: TensorRtEngine, card: Card) -> None:
    engine.embed(_faces(40))
    shape, run = ["set_input_shape", "set_tensor_address", "set_tensor_address"], ["cudaMemcpyAsync"]
    assert card.calls == [*shape, *run, "execute_async_v3", *run, "cudaStreamSynchronize"]


def test_a_small_batch_is_one_launch(engine: TensorRtEngine, card: Card) -> None:
    engine.embed(_faces(5))
    assert card.calls == ["cudaGraphLaunch", "cudaStreamSynchronize"]


def test_the_work_is_half_and_the_ends_are_not(engine: TensorRtEngine, card: Card) -> None:
    assert engine.precision == "fp16"
    graph = onnx.load_from_string(card.graph).graph
    types = {weight.name: weight.data_type for weight in graph.initializer}
    kernels = [types[node.input[1]] for node in graph.node if node.op_type in {"Conv", "Gemm"}]
    assert set(kernels) == {onnx.TensorProto.FLOAT16}
    assert graph.input[0].type.tensor_type.elem_type == onnx.TensorProto.UINT8
    assert graph.output[0].type.tensor_type.elem_type == onnx.TensorProto.FLOAT


def test_a_pool_without_edges_counts_none(card: Card, own_package: ModelPackage) -> None:
    with TensorRtEngine(own_package):
        pools = [node for node in onnx.load_from_string(card.graph).graph.node if node.op_type == "AveragePool"]
    counted = [a.i for node in pools for a in node.attribute if a.name == "count_include_pad"]
    assert counted == [0]


def test_what_was_built_is_built_once(card: Card, tiny_package: ModelPackage) -> None:
    for _ in range(2):
        with TensorRtEngine(tiny_package) as engine:
            embeddings = engine.embed(_faces(2))
    assert embeddings.shape[0] == 2
    assert card.builds == 1


@pytest.mark.parametrize("differs", ["name", "major", "driver", "tensorrt", "encoder"])
def test_it_is_built_again_where_anything_differs(
    card: Card, own_package: ModelPackage, monkeypatch: pytest.MonkeyPatch, differs: str
) -> None:
    TensorRtEngine(own_package).close()
    match differs:
        case "name":
            card.properties.name = b"Other"
        case "major":
            card.properties.major = 10
        case "driver":
            card.driver += 10
        case "tensorrt":
            monkeypatch.setattr(tensorrt, "__version__", "11.5.0.1")
        case "encoder":
            model = onnx.load(own_package.encoder)
            model.producer_name = "another"
            onnx.save(model, own_package.encoder)
    TensorRtEngine(own_package).close()
    assert card.builds == 2


@pytest.mark.parametrize("damage", [lambda plan: plan[:-9], lambda _: b"", lambda plan: plan[:99] + b"?" + plan[100:]])
def test_a_damaged_plan_is_built_again(
    card: Card, tiny_package: ModelPackage, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    TensorRtEngine(tiny_package).close()
    (plan,) = _plans(tmp_path)
    whole = plan.read_bytes()
    plan.write_bytes(damage(whole))
    TensorRtEngine(tiny_package).close()
    assert card.builds == 2
    assert plan.read_bytes() == whole


def test_a_plan_that_tensorrt_refuses_is_built_again_and_then_said(
    card: Card, tiny_package: ModelPackage, tmp_path: Path
) -> None:
    TensorRtEngine(tiny_package).close()
    card.failing["deserialize_cuda_engine"] = cudaError_t.cudaErrorMemoryAllocation
    with pytest.raises(ModelError, match="cannot load what it built"):
        TensorRtEngine(tiny_package)
    assert card.builds == 2
    assert len(_plans(tmp_path)) == 1


def test_timings_that_do_not_fit_are_measured_anew(card: Card, own_package: ModelPackage, tmp_path: Path) -> None:
    TensorRtEngine(own_package).close()
    (timings,) = (tmp_path / "cache").rglob("*.timings")
    timings.write_bytes(b"of another time")
    _plans(tmp_path)[0].unlink()
    TensorRtEngine(own_package).close()
    assert card.builds == 2
    assert timings.read_bytes() != b"of another time"


def test_without_a_cache_it_runs_all_the_same(card: Card, tiny_package: ModelPackage, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with TensorRtEngine(tiny_package) as engine:
        assert engine.embed(_faces(1)).shape[0] == 1
    assert card.builds == 1


def test_building_tells_how_far_it_is(card: Card, tiny_package: ModelPackage) -> None:
    told: list[tuple[str, int, int]] = []
    TensorRtEngine(tiny_package, notify=lambda *step: told.append(step)).close()
    assert told == [("Building", done, 2) for done in (0, 1, 2, 2)]
    told.clear()
    TensorRtEngine(tiny_package, notify=lambda *step: told.append(step)).close()
    assert (told, card.builds) == ([], 1)


def test_building_can_be_broken_off(card: Card, tiny_package: ModelPackage, tmp_path: Path) -> None:
    def stop(_phase: str, done: int, _steps: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        TensorRtEngine(tiny_package, notify=stop)
    assert _plans(tmp_path) == []
    assert card.held == {}


@pytest.mark.parametrize("missing", ["tensorrt", "cuda.bindings"])
def test_a_library_that_is_missing_is_said_with_what_installs_it(
    card: Card, tiny_package: ModelPackage, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(EngineUnavailable, match=r'pip install "mien\[tensorrt\]"'):
        TensorRtEngine(tiny_package)
    assert card.held == {}


@pytest.mark.parametrize(
    ("call", "wrong", "said"),
    [
        ("cudaGetDeviceCount", RuntimeError("Failed to dlopen libcuda.so.1"), "no NVIDIA driver here"),
        ("cudaGetDeviceCount", cudaError_t.cudaErrorInsufficientDriver, "InsufficientDriver"),
        ("cudaGetDeviceCount", cudaError_t.cudaErrorNoDevice, "NoDevice"),
        ("cudaMalloc", cudaError_t.cudaErrorMemoryAllocation, "cudaMalloc: MemoryAllocation"),
        ("cudaGraphInstantiate", cudaError_t.cudaErrorMemoryAllocation, "cudaGraphInstantiate"),
        ("Runtime", cudaError_t.cudaErrorInsufficientDriver, "update the NVIDIA driver"),
        ("create_execution_context", cudaError_t.cudaErrorMemoryAllocation, "cannot start"),
        ("execute_async_v3", cudaError_t.cudaErrorMemoryAllocation, "cannot go on"),
    ],
)
def test_what_fails_while_opening_is_said_and_nothing_is_kept(
    card: Card, tiny_package: ModelPackage, call: str, wrong: cudaError_t | Exception, said: str
) -> None:
    card.failing[call] = wrong
    with pytest.raises(EngineUnavailable, match=said) as caught:
        TensorRtEngine(tiny_package)
    assert "\n" not in str(caught.value)
    assert card.held == {}


@pytest.mark.parametrize("call", ["cudaMemcpyAsync", "execute_async_v3", "set_input_shape", "cudaStreamSynchronize"])
def test_what_fails_while_running_is_said(engine: TensorRtEngine, card: Card, call: str) -> None:
    card.failing[call] = cudaError_t.cudaErrorMemoryAllocation
    with pytest.raises(EngineUnavailable, match="use --engine openvino"):
        engine.embed(_faces(40))


@pytest.mark.parametrize("call", ["parse", "build_serialized_network"])
def test_an_encoder_that_tensorrt_cannot_run_is_said(card: Card, tiny_package: ModelPackage, call: str) -> None:
    card.failing[call] = cudaError_t.cudaErrorMemoryAllocation
    with pytest.raises(ModelError, match=r"TensorRT cannot .*encoder\.onnx: n") as caught:
        TensorRtEngine(tiny_package)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"no encoder", onnx.ModelProto().SerializeToString()])
def test_an_encoder_that_is_none_is_said(card: Card, own_package: ModelPackage, content: bytes) -> None:
    own_package.encoder.write_bytes(content)
    with pytest.raises(ModelError, match=r"encoder\.onnx"):
        TensorRtEngine(own_package)
    assert card.held == {}


def test_an_encoder_that_does_not_fit_its_card_is_said(card: Card, tiny_package: ModelPackage) -> None:
    other = dataclasses.replace(tiny_package, card=dataclasses.replace(tiny_package.card, channels=3))
    with pytest.raises(ModelError, match="does not fit its card"):
        TensorRtEngine(other)
    assert card.held == {}


def test_an_old_tensorrt_is_said(card: Card, tiny_package: ModelPackage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensorrt, "__version__", "10.9.0.34")
    with pytest.raises(EngineUnavailable, match="too old"):
        TensorRtEngine(tiny_package)
    assert card.held == {}


def test_closing_gives_everything_back_once(card: Card, tiny_package: ModelPackage) -> None:
    engine = TensorRtEngine(tiny_package)
    assert card.held
    engine.close()
    engine.close()
    assert card.held == {}
    with pytest.raises(EngineUnavailable, match="closed"):
        engine.embed(_faces(1))


def test_int8_that_was_never_made_is_said(card: Card, tiny_package: ModelPackage) -> None:
    with pytest.raises(MienError, match=r"has no encoder\.int8\.onnx.*--int8"):
        TensorRtEngine(tiny_package, precision="int8")
    assert card.held == {}


def test_int8_runs_where_it_was_made(card: Card, own_package: ModelPackage, trained_embeddings: Embed) -> None:
    from training.quantise import quantise  # noqa: PLC0415 - slow, and the other tests need none

    quantise(own_package, tiny.RECIPE, tiny.faces(320))
    with TensorRtEngine(own_package) as half, TensorRtEngine(own_package, precision="int8") as engine:
        assert (half.precision, engine.precision) == ("fp16", "int8")
        faces = _faces(16)
        assert (engine.embed(faces) * trained_embeddings(faces)).sum(axis=1).mean() > 0.99
    assert card.builds == 2
