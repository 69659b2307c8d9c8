"""A camera is not kept waiting by what a file can wait for."""

from pathlib import Path

import pytest

from engines.assets import Assets
from engines.choice import Measured
from engines.package import ModelPackage
from realtime.opening import open_pipeline
from realtime.options import Options
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
