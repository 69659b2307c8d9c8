"""Recording beside a running pipeline, as the window does it."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from PySide6.QtCore import QObject

from gui.recorder import LiveRecorder
from gui.settings import Settings, recordings_folder
from realtime.pipeline import Pipeline
from realtime.recording import Phase, Recorder, RecorderState
from tests.gui.conftest import Until
from tests.realtime.fakes import NumberDetector, Stream, pipeline
from tests.realtime.sinks.made import read_video

ABOUT = {"engine": "brightness"}


class Diary(QObject):
    """Writes down what a recorder tells."""

    def __init__(self, recorder: LiveRecorder) -> None:
        super().__init__()
        self.states: list[RecorderState] = []
        self.ended: list[RecorderState] = []
        self.kept: list[Path] = []
        self.recovered: list[Path] = []
        self.failed: list[str] = []
        self.available: list[bool] = []
        recorder.changed.connect(self.states.append)
        recorder.ended.connect(self.ended.append)
        recorder.kept.connect(self.kept.append)
        recorder.recovered.connect(self.recovered.append)
        recorder.failed.connect(self.failed.append)
        recorder.available_changed.connect(self.available.append)


class Camera:
    """A live pipeline on numbered frames, read by a thread that hands everything to ``recorder``."""

    def __init__(self, recorder: LiveRecorder) -> None:
        self.stream = Stream(200, live=True)
        self.pipeline: Pipeline = pipeline(self.stream, NumberDetector())
        self.read = 0
        recorder.source_started(self.pipeline.info, ABOUT)
        self._thread = threading.Thread(target=self._play, args=(recorder.take,), name="mien-play")
        self._thread.start()

    def show(self, until: Until, frames: int = 1) -> None:
        """Let ``frames`` more come, one after the other."""
        for _ in range(frames):
            wanted = self.read + 1
            self.stream.next_frame.release()
            until(partial(self._has_read, wanted))

    def close(self) -> None:
        self.pipeline.close()
        self._thread.join()

    def _has_read(self, frames: int) -> bool:
        return self.read >= frames

    def _play(self, take: Callable[..., None]) -> None:
        for frame, reading in self.pipeline.run():
            take(frame, reading)
            self.read += 1


@pytest.fixture
def recorder(qapp: object, tmp_path: Path) -> Iterator[LiveRecorder]:  # noqa: ARG001 - signals need an application
    recorder = LiveRecorder(tmp_path)
    yield recorder
    assert recorder.shutdown(60)


@pytest.fixture
def diary(recorder: LiveRecorder) -> Diary:
    return Diary(recorder)


@pytest.fixture
def camera(recorder: LiveRecorder) -> Iterator[Camera]:
    camera = Camera(recorder)
    yield camera
    camera.close()


def start(until: Until, recorder: LiveRecorder, diary: Diary, camera: Camera) -> None:
    camera.show(until)
    recorder.toggle()
    until(lambda: diary.states)


def test_a_recording_from_start_to_stop(
    until: Until, recorder: LiveRecorder, diary: Diary, camera: Camera, tmp_path: Path
) -> None:
    start(until, recorder, diary, camera)
    assert recorder.recording
    camera.show(until, 5)
    recorder.toggle()
    until(lambda: diary.ended)
    assert not recorder.recording
    (state,) = diary.ended
    assert (state.phase, state.frames, state.dropped) == (Phase.FINISHED, 5, 0)
    video, table, summary = state.paths
    assert {video.parent, table.parent, summary.parent} == {tmp_path}
    times = [frame.time for frame, _ in read_video(video)]
    assert [row["time_s"] for row in pq.read_table(table).to_pylist()] == pytest.approx(times, abs=1e-4)
    assert '"engine": "brightness"' in summary.read_text(encoding="utf-8")
    camera.show(until)  # the view goes on


def test_there_is_something_to_record_from_the_first_reading_on(
    until: Until, recorder: LiveRecorder, diary: Diary, camera: Camera, tmp_path: Path
) -> None:
    recorder.toggle()
    recorder.snapshot()
    assert not recorder.recording
    camera.show(until)
    until(lambda: diary.available[-1])
    recorder.source_ended()
    assert not diary.available[-1]
    assert list(tmp_path.iterdir()) == []


def test_the_end_of_the_source_is_the_end_of_the_recording(
    until: Until, recorder: LiveRecorder, diary: Diary, camera: Camera
) -> None:
    start(until, recorder, diary, camera)
    camera.show(until, 3)
    camera.close()
    recorder.source_ended()
    until(lambda: diary.ended)
    assert diary.ended[0].frames == 3
    assert all(path.exists() for path in diary.ended[0].paths)


def test_closing_while_it_records_leaves_whole_files(
    until: Until, recorder: LiveRecorder, diary: Diary, camera: Camera, tmp_path: Path
) -> None:
    start(until, recorder, diary, camera)
    camera.show(until, 3)
    assert recorder.shutdown(60)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".mp4", ".parquet"]
    assert not any(path.name.startswith(".") for path in tmp_path.iterdir())


def test_closing_while_it_opens_leaves_nothing(
    until: Until,
    recorder: LiveRecorder,
    camera: Camera,
    tmp_path: Path,
) -> None:
    camera.show(until)
    recorder.toggle()
    assert recorder.shutdown(60)
    assert list(tmp_path.iterdir()) == []


def test_stopping_while_it_opens_leaves_nothing(
    until: Until, recorder: LiveRecorder, diary: Diary, camera: Camera, tmp_path: Path
) -> None:
    camera.show(until)
    recorder.toggle()
    recorder.toggle()
    until(lambda: diary.ended)
    assert diary.ended[0].phase is Phase.DISCARDED
    assert list(tmp_path.iterdir()) == []


def test_a_table_alone_into_another_folder(
    until: Until, recorder: LiveRecorder, diary: Diary, camera: Camera, tmp_path: Path
) -> None:
    recorder.set_kind("table")
    recorder.set_folder(tmp_path / "else" / "where")
    start(until, recorder, diary, camera)
    camera.show(until, 2)
    recorder.toggle()
    until(lambda: diary.ended)
    assert sorted(path.suffix for path in (tmp_path / "else" / "where").iterdir()) == [".json", ".parquet"]


def test_a_folder_that_cannot_be_is_one_line(
    until: Until, recorder: LiveRecorder, diary: Diary, camera: Camera, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    recorder.set_folder(tmp_path / "file")
    camera.show(until)
    recorder.toggle()
    until(lambda: diary.failed)
    assert "Cannot make the folder" in diary.failed[0]
    assert not recorder.recording
    recorder.snapshot()
    until(lambda: len(diary.failed) == 2)
    recorder.set_folder(tmp_path)
    recorder.toggle()
    until(lambda: diary.states)


def test_a_snapshot_is_kept(until: Until, recorder: LiveRecorder, diary: Diary, camera: Camera, tmp_path: Path) -> None:
    camera.show(until)
    recorder.snapshot()
    until(lambda: diary.kept)
    assert list(tmp_path.iterdir()) == diary.kept


def test_what_a_crash_left_is_finished(
    until: Until, recorder: LiveRecorder, diary: Diary, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    crashed = Recorder(tmp_path, Stream(1).info, ("calm",), name="talk", video=None)
    journal = tmp_path / ".talk.recording"
    left = journal.read_text(encoding="utf-8")
    crashed.abort()
    assert crashed.wait(60)
    journal.write_text(left + "[0, 0.0, [[1, [1, 2, 3, 4], 0.9, 0.1, [1.0]]]]\n", encoding="utf-8")
    (tmp_path / ".damaged.recording").write_text("no journal")
    monkeypatch.setattr("realtime.recording.journal.Past.under_way", False)
    recorder.recover_unfinished()
    until(lambda: diary.recovered)
    assert diary.recovered == [tmp_path / "talk.parquet"]


def test_recordings_go_to_the_users_videos() -> None:
    assert recordings_folder(Settings()).name == "Mien"
