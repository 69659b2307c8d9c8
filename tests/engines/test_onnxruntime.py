"""ONNX Runtime takes the best provider that really starts, and says what became of the others."""

import numpy as np
import onnxruntime
import pytest

from engines.onnxruntime import OnnxRuntimeEngine
from engines.package import ModelPackage
from tests import tiny

CPU = "CPUExecutionProvider"


def test_a_machine_without_more_has_nothing_to_say(tiny_package: ModelPackage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["AzureExecutionProvider", CPU])
    with OnnxRuntimeEngine(tiny_package) as engine:
        assert (engine.device, engine.precision, engine.notes) == ("CPU", "fp32", ())


def _without(kind: str) -> None:
    if kind in onnxruntime.get_available_providers():
        pytest.skip(f"{kind} is here")


@pytest.mark.parametrize(
    ("provider", "device"),
    [
        ("TensorrtExecutionProvider", "GPU (TensorRT)"),
        ("CUDAExecutionProvider", "GPU (CUDA)"),
        ("CoreMLExecutionProvider", "CoreML"),
        ("DmlExecutionProvider", "GPU (DirectML)"),
    ],
)
def test_a_provider_that_does_not_start_is_passed_over_and_said(
    tiny_package: ModelPackage,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    provider: str,
    device: str,
) -> None:
    _without(provider)
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [CPU, provider])
    with OnnxRuntimeEngine(tiny_package) as engine:
        assert (engine.device, engine.precision) == ("CPU", "fp32")
        assert len(engine.notes) == 1
        assert engine.notes[0].startswith(f"{device} did not start: ")
        assert "\n" not in engine.notes[0]
        assert engine.embed(tiny.pictures(np.arange(3))).shape == (3, tiny_package.words.vectors.shape[1])
    assert capfd.readouterr() == ("", "")


class _Session:
    """What ONNX Runtime's session does where a GPU is, on the CPU: notes what it was asked for."""

    asked: list[tuple[list[tuple[str, dict[str, str]]], dict[str, object]]]
    real = onnxruntime.InferenceSession

    def __init__(self, path: object, options: object, *, providers: list[tuple[str, dict[str, str]]], **more: object):
        self.asked.append((providers, more))
        self._providers = [name for name, _ in providers]
        self._session = self.real(path, options, providers=[CPU])

    def get_providers(self) -> list[str]:
        return self._providers

    def __getattr__(self, name: str) -> object:
        return getattr(self._session, name)


def test_the_best_provider_comes_first_and_serves_any_number_of_faces_with_one_build(
    tiny_package: ModelPackage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Session, "asked", [], raising=False)
    monkeypatch.setattr(onnxruntime, "InferenceSession", _Session)
    here = [CPU, "CUDAExecutionProvider", "TensorrtExecutionProvider"]
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: here)
    with OnnxRuntimeEngine(tiny_package) as engine:
        assert (engine.device, engine.precision, engine.notes) == ("GPU (TensorRT)", "tf32", ())
    [(providers, more)] = _Session.asked
    assert [name for name, _ in providers] == ["TensorrtExecutionProvider", CPU]
    options = providers[0][1]
    assert options["trt_profile_min_shapes"] == f"faces:1x1x{tiny.SIZE}x{tiny.SIZE}"
    assert options["trt_profile_max_shapes"] == f"faces:256x1x{tiny.SIZE}x{tiny.SIZE}"
    assert not more["enable_fallback"], "it would print to standard output"
