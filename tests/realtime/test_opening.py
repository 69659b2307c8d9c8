"""A camera is not kept waiting by what a file can wait for, and detection follows the engine that was asked for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engines.assets import Assets
from engines.base import EngineName
from engines.choice import Measured
from engines.errors import EngineUnavailable
from engines.graphs import GRAPHS, PictureGraph
from engines.package import ModelPackage
from realtime.opening import open_pipeline
from realtime.options import Options
from tests import tiny
from tests.realtime.fakes import Stream


@pytest.mark.parametrize("live", [True, False])
def test_the_engines_are_measured_before_a_file_and_while_a_camera_runs(
    tiny_package: ModelPackage, assets: Assets, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, live: bool
) -> None:
    asked = []

    def measure(_: ModelPackage, **__: object) -> tuple[Measured, ...]:
        asked.append("before")
        return ()

    monkeypatch.setattr("engines.choice.memory_file", lambda: tmp_path / "engines.json")
    monkeypatch.setattr("engines.select.measure", measure)
    monkeypatch.setattr("engines.select.measure_later", lambda _: asked.append("meanwhile"))
    with open_pipeline(Options(model=tiny_package.folder, assets=assets), source=Stream(0, live=live)):
        assert asked == ["meanwhile" if live else "before"]


@pytest.mark.parametrize("asked", list(EngineName))
def test_only_who_asks_for_tensorrt_has_faces_found_on_it(
    tiny_package: ModelPackage, assets: Assets, monkeypatch: pytest.MonkeyPatch, asked: EngineName
) -> None:
    tried: list[EngineName] = []

    def opener(name: EngineName) -> Callable[..., PictureGraph]:
        def cannot(*_: object) -> PictureGraph:
            tried.append(name)
            raise EngineUnavailable(f"No {name} here.")

        return cannot

    monkeypatch.setattr("engines.graphs.GRAPHS", {name: opener(name) for name in GRAPHS})
    monkeypatch.setattr("realtime.opening.open_engine", lambda *_, **__: tiny.BrightnessEngine(tiny_package))
    lines: list[str] = []
    options = Options(model=tiny_package.folder, assets=assets, engine=asked, detector="short")
    with open_pipeline(options, source=Stream(0), notice=lines.append) as pipeline:
        assert pipeline.detector == "short on mediapipe"
    first = [EngineName.TENSORRT] if asked is EngineName.TENSORRT else []
    assert tried == [*first, EngineName.OPENVINO, EngineName.ONNXRUNTIME]
    (line,) = lines
    assert all(f"No {name} here." in line for name in tried)
