"""What a user can choose, and the pipeline that follows from it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engines import machine
from engines.assets import Assets
from engines.base import EngineName
from engines.errors import AssetError, EngineUnavailable, MienError, ModelError, PromptError, SourceError
from engines.package import ModelPackage
from realtime.opening import open_pipeline
from realtime.options import Options
from realtime.sources import SyntheticSource
from tests.realtime.fakes import Stream
from tests.realtime.sources.helpers import no_thread_left
from tests.tiny import CLASSES

_WITHOUT_CARD = pytest.mark.skipif(bool(machine.nvidia_gpus()), reason="needs a machine without an NVIDIA card")


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    with no_thread_left():
        yield


def test_drawn_faces_are_found_and_read(tiny_package: ModelPackage, assets: Assets) -> None:
    source = SyntheticSource(width=640, height=360, frames=8, faces=2)
    options = Options(model=tiny_package.folder, assets=assets)
    readings = [reading for _, reading in open_pipeline(options, source=source).run()]
    assert [reading.index for reading in readings] == list(range(8))
    assert [len(reading.faces) for reading in readings] == [2] * 8
    assert readings[0].classes == CLASSES


def test_a_choice_of_engine_detector_and_words_is_followed(
    tiny_package: ModelPackage, assets: Assets, tmp_path: Path
) -> None:
    prompts = tmp_path / "words.toml"
    prompts.write_text('[classes]\nboredom = "a bored person"\ninterest = "an interested person"', encoding="utf-8")
    options = Options(
        model=tiny_package.folder, engine=EngineName.ONNXRUNTIME, detector="full", prompts=prompts, assets=assets
    )
    pipeline = open_pipeline(options, source=Stream(0))
    assert pipeline.classes == ("boredom", "interest")
    assert pipeline.engine == "onnxruntime CPU fp32"
    assert pipeline.detector == "full on openvino"
    pipeline.close()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"model": Path("nowhere")}, ModelError),
        ({"prompts": Path("nowhere.toml")}, PromptError),
        pytest.param({"engine": EngineName.TENSORRT}, EngineUnavailable, marks=_WITHOUT_CARD),
    ],
)
def test_a_choice_that_cannot_be_followed_is_said_and_leaves_nothing_open(
    tiny_package: ModelPackage, assets: Assets, wrong: dict[str, object], error: type[MienError]
) -> None:
    source = Stream(3)
    options = Options(**{"model": tiny_package.folder, "assets": assets, **wrong})  # type: ignore[arg-type]
    with pytest.raises(error):
        open_pipeline(options, source=source)
    assert source.closed


def test_missing_model_files_are_said_and_leave_nothing_open(
    tiny_package: ModelPackage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engines.assets.cache_directory", lambda: tmp_path)
    source = Stream(3)
    with pytest.raises(AssetError):
        open_pipeline(Options(model=tiny_package.folder, assets=Assets(offline=True)), source=source)
    assert source.closed


def test_a_wrong_source_is_said_before_any_model_is_loaded() -> None:
    with pytest.raises(SourceError, match="nothing-of-that-name"):
        open_pipeline(Options(source="nothing-of-that-name", model=Path("nowhere")))


@pytest.mark.parametrize("still", [False, True])
def test_first_seconds_are_taken_of_a_stream_and_not_of_pictures(
    tiny_package: ModelPackage, assets: Assets, still: bool
) -> None:
    told: list[str] = []
    options = Options(model=tiny_package.folder, neutral=2.0, assets=assets)
    with open_pipeline(options, source=Stream(0, still=still), notice=told.append) as pipeline:
        assert pipeline.can_take_neutral is not still
    assert len(told) == int(still)
