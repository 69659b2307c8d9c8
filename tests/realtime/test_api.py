"""Mien from a program of one's own: the examples of the handbook run, and what it promises holds."""

import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

import realtime
from engines.assets import Assets
from engines.base import EngineName
from engines.errors import EngineUnavailable, MienError, OutputError, PromptError, SourceError
from realtime import Analysis, analyze_camera, analyze_pictures, analyze_video
from realtime.analysis import analyze
from realtime.options import Options
from realtime.products import Outputs, Products
from realtime.records import Reading
from realtime.sinks import AnnotatedVideo
from realtime.sources import CameraSource, SyntheticSource
from tests.realtime import fakes
from tests.realtime.faces import portrait
from tests.realtime.sources.helpers import FakeCamera, no_thread_left, write_picture

_ROOT = Path(__file__).resolve().parents[2]
_EXAMPLES = re.findall(r"```python\n(.*?)```", (_ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.DOTALL)
_HEAVY = {"av", "cv2", "numpy", "pyarrow", "onnxruntime", "openvino", "mediapipe"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, assets: Assets) -> Path:  # noqa: ARG001 - it is to be read
    """A folder with a clip of a real portrait and a folder of photographs, one of them broken."""
    folder = tmp_path_factory.mktemp("made")
    source = SyntheticSource(width=640, height=360, frames=20, portrait=portrait())
    with source, AnnotatedVideo(folder / "talk.mp4") as video:
        for frame in source:
            video.write(frame, Reading(frame.index, frame.time, (), ()))
    (folder / "photos").mkdir()
    for name in ("a.jpg", "b.jpg"):
        write_picture(folder / "photos" / name, portrait())
    (folder / "photos" / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    return folder


@pytest.fixture
def place(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That folder, and the program runs in it."""
    monkeypatch.chdir(made)
    return made


@pytest.fixture(autouse=True)
def _all_threads_end() -> Iterator[None]:
    with no_thread_left():
        yield


def analysis(frames: int = 6, seconds: float | None = None) -> Analysis:
    """Of numbered frames with a face each."""
    return Analysis(fakes.pipeline(fakes.Stream(frames)), seconds)


@pytest.mark.parametrize("code", _EXAMPLES, ids=range(len(_EXAMPLES)))
def test_the_examples_run(code: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: ARG001
    exec(compile(code, "docs/api.md", "exec"), {})  # noqa: S102 - our own handbook
    assert capsys.readouterr().out.strip()


def test_every_keyword_is_in_the_handbook() -> None:
    from realtime.api import Choices  # noqa: PLC0415 - the names that one imports are those above

    text = (_ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert not [name for name in Choices.__annotations__ if f"| `{name}` |" not in text]


def test_the_package_costs_nothing_until_it_is_asked_for_something() -> None:
    code = "import sys, realtime; print(*sys.modules); assert all(getattr(realtime, name) for name in realtime.__all__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True)
    assert not _HEAVY & set(done.stdout.split())
    with pytest.raises(AttributeError, match="analyse_video"):
        realtime.analyse_video  # noqa: B018


def test_readings_come_one_by_one_in_order() -> None:
    with analysis() as readings:
        assert next(readings).index == 0
        assert [reading.index for reading in readings] == [1, 2, 3, 4, 5]
        assert list(readings) == []


def test_the_pictures_can_be_had_with_the_readings() -> None:
    with analysis() as readings:
        assert [(frame.index, reading.index) for frame, reading in readings.frames()] == [(i, i) for i in range(6)]


def test_leaving_midway_ends_everything() -> None:
    before = set(threading.enumerate())
    with analysis(200) as readings:
        next(readings)
        assert set(threading.enumerate()) - before
    assert not set(threading.enumerate()) - before
    assert list(readings) == []
    analysis().close()  # before the first reading, too


def test_a_table_has_what_was_not_taken_yet() -> None:
    with analysis() as readings:
        next(readings)
        assert readings.table()["frame"].to_pylist() == [1, 2, 3, 4, 5]
        assert readings.table().num_rows == 0


def test_a_table_is_that_of_the_command_line(place: Path, tmp_path: Path) -> None:
    options = Options("talk.mp4", engine=EngineName.ONNXRUNTIME)
    outputs, products = Outputs(tmp_path, "talk"), Products(annotate=False, report=False)
    analyze(options, outputs, products, notice=lambda _: None, follow=lambda _, items: items)
    table = analyze_video(place / "talk.mp4", engine="onnxruntime").table()
    assert table.num_rows == 20
    assert table.equals(pq.read_table(outputs.table(products)))


def test_a_table_is_saved_in_the_format_that_its_ending_names(tmp_path: Path) -> None:
    saved = analysis().save(tmp_path / "talk.csv")
    assert pyarrow.csv.read_csv(saved)["frame"].to_pylist() == list(range(6))
    with analysis() as readings, pytest.raises(OutputError, match=r"\.parquet, \.csv, \.jsonl"):
        readings.save(tmp_path / "talk.xlsx")


def test_what_was_read_of_a_source_that_fails_is_saved(tmp_path: Path) -> None:
    failing = Analysis(fakes.pipeline(fakes.Stream(3, error=SourceError("the film tore"))))
    with pytest.raises(SourceError, match="the film tore"):
        failing.save(tmp_path / "talk.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["talk.parquet"]
    assert pq.read_table(tmp_path / "talk.parquet")["frame"].to_pylist() == [0, 1, 2]


def test_seconds_end_it_and_everything_that_runs() -> None:
    before = set(threading.enumerate())
    readings = analysis(200, seconds=0.5)
    assert [reading.index for reading in readings] == list(range(15))
    assert not set(threading.enumerate()) - before


def test_a_camera_is_read_for_some_seconds(assets: Assets, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    camera = FakeCamera()
    monkeypatch.setattr(
        "realtime.api.open_source", lambda *_, **__: CameraSource("it", camera.open, clock=camera.clock)
    )
    with analyze_camera("it", seconds=0.2, engine="onnxruntime") as readings:
        assert readings.info.live
        times = [reading.time for reading in readings]
    assert times
    assert times[-1] - times[0] < 0.2
    assert camera.released == camera.opened


def test_words_may_be_given_as_a_mapping(place: Path) -> None:  # noqa: ARG001 - the program runs in it
    words = {"glad": "a glad person", "sad": ["a sad person", "a crying person"]}
    with analyze_video("talk.mp4", prompts=words, engine="onnxruntime") as readings:
        assert readings.classes == ("glad", "sad")
        assert len(next(readings).faces[0].probabilities) == 2


def test_pictures_may_be_files_or_arrays(place: Path) -> None:
    lines: list[str] = []
    chosen = [place / "photos" / name for name in ("b.jpg", "broken.jpg", "a.jpg")]
    table = analyze_pictures(chosen, engine="onnxruntime", notice=lines.append).table()
    assert table["file"].to_pylist() == [str(chosen[0]), str(chosen[2])]
    assert table["time_s"].to_pylist() == [0.0, 0.0]
    (line,) = lines
    assert "broken.jpg" in line
    arrays = analyze_pictures([portrait(), np.zeros((90, 70, 3), np.uint8), portrait()], engine="onnxruntime").table()
    assert arrays["frame"].to_pylist() == [0, 2]
    assert arrays["label"][0] == arrays["label"][1]
    one_by_one = analyze_pictures((path for path in chosen), engine="onnxruntime", notice=lines.append).table()
    assert one_by_one.equals(table)


WRONG: dict[str, tuple[Callable[[], Analysis], type[MienError], str]] = {
    "no file": (lambda: analyze_video("no.mp4"), SourceError, "no.mp4 does not exist"),
    "no engine": (lambda: analyze_camera("synthetic", engine="steam"), EngineUnavailable, "choose one of auto"),
    "no detector": (lambda: analyze_camera("synthetic", detector="x"), MienError, "one of short"),  # type: ignore[arg-type]
    "one class": (lambda: analyze_camera("synthetic", prompts={"a": "b"}), PromptError, "at least two"),
    "no camera": (lambda: analyze_camera("no such camera"), SourceError, "no such camera"),
    "no pictures": (lambda: analyze_pictures([]), SourceError, "at least one"),
    "no picture": (lambda: analyze_pictures([np.zeros((4, 4, 3))]), SourceError, "picture 0 is no array uint8"),  # type: ignore[arg-type]
    "no score": (lambda: analyze_camera("synthetic", confidence=7), MienError, "confidence cannot be 7"),
    "no score at all": (lambda: analyze_camera("synthetic", confidence=0), MienError, "more than 0 and less than 1"),
    "time backwards": (lambda: analyze_camera("synthetic", smoothing=-1), MienError, "smoothing cannot be -1"),
    "no time": (lambda: analyze_camera("synthetic", smoothing=float("nan")), MienError, "smoothing cannot be nan"),
    "no first seconds": (lambda: analyze_camera("synthetic", neutral=0), MienError, "neutral cannot be 0"),
    "a word": (lambda: analyze_camera("synthetic", smoothing="long"), MienError, "smoothing cannot be 'long'"),  # type: ignore[arg-type]
    "nobody's file": (lambda: analyze_video("~nobody-of-this-name/a.mp4"), SourceError, "does not exist"),
    "a number of pictures": (lambda: analyze_pictures(3), SourceError, "3 is no picture"),  # type: ignore[arg-type]
    "no array": (lambda: analyze_pictures([3]), SourceError, "but int"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_in_a_line(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    call, kind, words = WRONG[case]
    with pytest.raises(kind, match=words):
        call()
