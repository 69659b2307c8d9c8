"""Which engine runs."""

import dataclasses
from collections.abc import Callable

import pytest

from engines import select
from engines.base import Engine, EngineName
from engines.errors import EngineUnavailable, ModelError
from engines.package import ModelPackage
from engines.select import installed, open_engine
from tests import tiny


def _missing(reason: str) -> Callable[[ModelPackage], Engine]:
    def build(_: ModelPackage) -> Engine:
        raise EngineUnavailable(reason)

    return build


@pytest.mark.parametrize("name", installed())
def test_the_engine_asked_for_runs(tiny_package: ModelPackage, name: EngineName) -> None:
    with open_engine(tiny_package, name) as engine:
        assert engine.name == name


def test_auto_takes_the_best_that_is_here(tiny_package: ModelPackage) -> None:
    with open_engine(tiny_package) as engine:
        assert engine.name == installed()[0]


def test_an_engine_of_another_version_is_said_with_those_that_are_here(tiny_package: ModelPackage) -> None:
    with pytest.raises(EngineUnavailable) as caught:
        open_engine(tiny_package, EngineName.TORCH)
    assert "torch" in str(caught.value)
    assert "onnxruntime" in str(caught.value)


def test_auto_goes_on_to_the_next_where_one_cannot_run(monkeypatch: pytest.MonkeyPatch) -> None:
    engines = {EngineName.OPENVINO: _missing("no library"), EngineName.ONNXRUNTIME: tiny.BrightnessEngine}
    monkeypatch.setattr(select, "_ENGINES", engines)
    with open_engine(tiny.package()) as engine:
        assert engine.name == "brightness"


def test_auto_says_every_reason_where_none_can_run(monkeypatch: pytest.MonkeyPatch) -> None:
    engines = {EngineName.OPENVINO: _missing("no such."), EngineName.ONNXRUNTIME: _missing("nor such.")}
    monkeypatch.setattr(select, "_ENGINES", engines)
    with pytest.raises(EngineUnavailable, match=r"no such\. nor such\."):
        open_engine(tiny.package())


def test_auto_does_not_hide_a_damaged_model(own_package: ModelPackage) -> None:
    own_package.encoder.write_bytes(b"no encoder")
    with pytest.raises(ModelError):
        open_engine(own_package)


def test_an_engine_is_ready_when_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(select, "_ENGINES", {EngineName.OPENVINO: tiny.BrightnessEngine})
    with open_engine(tiny.package()) as engine:
        assert isinstance(engine, tiny.BrightnessEngine)
        assert engine.batches == [1]


def test_every_engine_is_described_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(select, "find_spec", lambda name: None if name == "openvino" else object())
    states = dict(select.describe())
    assert set(states) == {name for name in EngineName if name is not EngineName.AUTO}
    assert "pip install" in states["openvino"]
    assert states["onnxruntime"].startswith("ready")


@pytest.mark.parametrize("name", installed())
def test_an_encoder_that_does_not_fit_its_card_is_said(own_package: ModelPackage, name: EngineName) -> None:
    other = dataclasses.replace(own_package, card=dataclasses.replace(own_package.card, channels=3))
    with pytest.raises(ModelError, match="does not fit its card") as caught:
        open_engine(other, name)
    assert "\n" not in str(caught.value)
