"""What only an NVIDIA card can tell: ``python -m pytest -m gpu``."""

import importlib
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.base import MAX_BATCH, Engine
from engines.cuda import Cuda
from engines.errors import EngineUnavailable
from engines.package import ModelPackage
from engines.tensorrt import TensorRtEngine
from engines.torch import TorchEngine
from tests import tiny
from tests.engines.bindings import FAKES, invented, vocabulary

Embed = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
pytestmark = pytest.mark.gpu


@pytest.fixture(autouse=True)
def _card() -> None:
    try:
        Cuda().close()
    except EngineUnavailable as error:
        pytest.skip(str(error))


@pytest.fixture(params=[TensorRtEngine, TorchEngine])
def engine(
    request: pytest.FixtureRequest, tiny_package: ModelPackage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(tmp_path))
    try:
        opened = request.param(tiny_package)
    except EngineUnavailable as error:
        pytest.skip(str(error))
    with opened:
        if opened.device == "CPU":
            pytest.skip("torch was not built for a card")
        yield opened


def _faces(count: int) -> NDArray[np.uint8]:
    return tiny.pictures(np.arange(count) % len(tiny.CLASSES))


@pytest.mark.parametrize("count", [1, 2, 3, 17, 32, 33, 100, MAX_BATCH, MAX_BATCH + 1])
def test_values_are_those_of_the_trained_encoder(engine: Engine, trained_embeddings: Embed, count: int) -> None:
    faces = _faces(count)
    assert engine.precision == "fp16"
    assert (engine.embed(faces) * trained_embeddings(faces)).sum(axis=1).min() > 0.999


def test_sizes_can_follow_each_other_in_any_order(engine: Engine) -> None:
    faces = _faces(64)
    whole = engine.embed(faces)
    for count in (64, 1, 33, 7, 48, 1, 16, 64):
        np.testing.assert_allclose(engine.embed(faces[:count]), whole[:count], atol=5e-3)


def test_the_encoder_that_ships_reads_as_on_a_cpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from engines.onnxruntime import OnnxRuntimeEngine  # noqa: PLC0415 - this test alone

    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(tmp_path))
    package = ModelPackage.load()
    faces = np.random.default_rng(3).integers(0, 256, (40, 1, 48, 48), dtype=np.uint8)
    with TensorRtEngine(package) as card, OnnxRuntimeEngine(package) as cpu:
        assert (card.embed(faces) * cpu.embed(faces)).sum(axis=1).min() > 0.999


def test_a_second_start_builds_nothing(
    tiny_package: ModelPackage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(tmp_path))
    first: list[str] = []
    second: list[str] = []
    for told in (first, second):
        TensorRtEngine(tiny_package, notify=lambda phase, *_, told=told: told.append(phase)).close()
    assert first
    assert not second


@pytest.mark.parametrize("module", FAKES)
def test_the_installed_bindings_know_every_word_of_the_stand_ins(module: str) -> None:
    if find_spec(module.partition(".")[0]) is None:
        pytest.skip(f"{module} is not installed")
    fake = FAKES[module]
    assert invented(fake, vocabulary(importlib.import_module(module), list(fake.__all__))) == []
