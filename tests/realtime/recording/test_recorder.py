"""Recording while looking: whole files, in step with each other, and never at the cost of the view."""

import json
import shutil
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from engines.errors import OutputError
from realtime.recording import Phase, Recorder, backlog, recorder, recover
from realtime.recording.disk import Usage
from realtime.records import UNKNOWN_POINTS, Face, Reading
from tests.realtime.fakes import FPS, Stream, pipeline
from tests.realtime.recording.conftest import INFO, MakeRecorder, finished, names
from tests.realtime.sinks.made import CLASSES, Pair, face, full_disk, noise, pair, read_video, run

TICK = 1 / 90_000
FILES = ["talk.json", "talk.mp4", "talk.parquet"]


def table(folder: Path, name: str = "talk") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder / f"{name}.parquet").to_pylist()
    return rows


def summary(folder: Path, name: str = "talk") -> dict[str, Any]:
    report: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return report


def times(path: Path) -> list[float]:
    return [frame.time for frame, _ in read_video(path)]


def fill(recorder: Recorder, pairs: list[Pair]) -> None:
    for frame, reading in pairs:
        recorder.write(frame, reading)


def until_ended(recorder: Recorder) -> None:
    """Wait for a recording that ends by itself."""
    assert recorder.wait(60)


class SlowDisk:
    """A disk whose answer the recording has to wait for until ``answers`` is set."""

    def __init__(self, free: int = 10**12) -> None:
        self.free = free
        self.asked = threading.Event()
        self.answers = threading.Event()

    def __call__(self, _folder: Path) -> Usage:
        if threading.current_thread().name == "mien-record":
            self.asked.set()
            self.answers.wait(60)
        return SimpleNamespace(total=10**13, free=self.free)


def test_a_running_pipeline_is_recorded(tmp_path: Path) -> None:
    running = pipeline(Stream(12))
    recording = Recorder(tmp_path, running.info, running.classes, name="talk", about={"engine": running.engine})
    for frame, reading in running.run():
        recording.write(frame, reading)
    state = finished(recording)
    assert state.paths == tuple(tmp_path / name for name in ("talk.mp4", "talk.parquet", "talk.json"))
    assert names(tmp_path) == FILES
    assert (state.phase, state.frames, state.dropped, state.reason) == (Phase.FINISHED, 12, 0, "")
    assert times(tmp_path / "talk.mp4") == pytest.approx([i / FPS for i in range(12)], abs=TICK)
    rows = table(tmp_path)
    assert [row["frame"] for row in rows] == list(range(12))
    assert [row["time_s"] for row in rows] == pytest.approx([i / FPS for i in range(12)], abs=1e-6)
    assert [row["x"] for row in rows] == list(range(12))  # the face moves by a pixel a frame
    report = summary(tmp_path)
    assert (report["frames"], report["complete"], report["engine"]) == (12, True, running.engine)
    assert (report["fps"], report["video"], report["annotated"]) == (FPS, "talk.mp4", True)
    assert (report["width"], report["height"]) == (160, 120)


def test_times_count_from_the_first_frame_and_the_summary_knows_when_that_was(
    make: MakeRecorder, tmp_path: Path
) -> None:
    before = datetime.now().astimezone().replace(microsecond=0)
    recording = make()
    fill(recording, [pair(40 + i, 1e9 + i / 4, [face()]) for i in range(5)])
    assert finished(recording).seconds == 1
    assert times(tmp_path / "talk.mp4") == pytest.approx([0, 0.25, 0.5, 0.75, 1], abs=TICK)
    assert [row["time_s"] for row in table(tmp_path)] == [0, 0.25, 0.5, 0.75, 1]
    started = datetime.fromisoformat(summary(tmp_path)["started"])
    assert started.utcoffset() is not None
    assert before <= started <= datetime.now().astimezone()


@pytest.mark.parametrize(("kind", "drawn"), [("annotated", True), ("raw", False)])
def test_the_video_is_annotated_or_raw(kind: str, drawn: bool, make: MakeRecorder, tmp_path: Path) -> None:
    recording = make(video=kind)
    fill(recording, [pair(0, 0, [face()])])
    finished(recording)
    frame, _ = read_video(tmp_path / "talk.mp4")[0]
    assert bool(np.abs(frame.image.astype(int) - 128).max() > 40) is drawn
    assert summary(tmp_path)["annotated"] is drawn


def test_a_table_alone(make: MakeRecorder, tmp_path: Path) -> None:
    recording = make(video=None, table="csv")
    fill(recording, run(5))
    assert finished(recording).dropped == 0
    assert names(tmp_path) == ["talk.csv", "talk.json"]
    assert len((tmp_path / "talk.csv").read_text().splitlines()) == 5
    assert summary(tmp_path)["video"] is None


def test_what_is_too_much_costs_pictures_and_never_readings(make: MakeRecorder, tmp_path: Path) -> None:
    disk = SlowDisk()
    recording = make(room=5 * 96 * 128 * 3, disk_usage=disk)
    assert disk.asked.wait(60)
    fill(recording, noise(20))  # returns though nothing is written
    assert recording.state.dropped == 15
    disk.answers.set()
    state = finished(recording)
    assert (state.frames, state.dropped) == (20, 15)
    assert times(tmp_path / "talk.mp4") == pytest.approx([i / 30 for i in range(5)], abs=TICK)
    assert [row["frame"] for row in table(tmp_path)] == [0, *range(2, 20)]
    assert (summary(tmp_path)["frames"], summary(tmp_path)["pictures_dropped"]) == (20, 15)


def test_in_a_hurry_the_waiting_pictures_are_left_out(make: MakeRecorder, tmp_path: Path) -> None:
    disk = SlowDisk()
    recording = make(disk_usage=disk)
    assert disk.asked.wait(60)
    fill(recording, noise(10))
    recording.stop(hurry=True)
    disk.answers.set()
    assert finished(recording).dropped == 10
    assert len(table(tmp_path)) == 9


def test_frames_that_were_never_read_are_counted(make: MakeRecorder, tmp_path: Path) -> None:
    recording = make()
    fill(recording, [pair(i, i / 30) for i in (7, 8, 11, 12)])
    finished(recording)
    assert (summary(tmp_path)["dropped"], summary(tmp_path)["pictures_dropped"]) == (2, 0)


def test_a_nearly_full_disk_is_said_at_once(make: MakeRecorder, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"nearly full \(300 MB free\)"):
        make(disk_usage=lambda _: SimpleNamespace(total=10**12, free=300_000_000))
    assert names(tmp_path) == []


def test_a_disk_that_fills_up_ends_it_with_whole_files(make: MakeRecorder, tmp_path: Path) -> None:
    disk = SlowDisk(free=600_000_000)
    recording = make(disk_usage=disk)
    assert disk.asked.wait(60)
    fill(recording, run(5))
    disk.free = 400_000_000
    disk.answers.set()
    until_ended(recording)
    fill(recording, run(5))  # the view goes on
    state = recording.state
    assert (state.phase, state.frames) == (Phase.FINISHED, 5)
    assert "nearly full (400 MB free)" in state.reason
    assert names(tmp_path) == FILES
    assert len(times(tmp_path / "talk.mp4")) == 5
    assert summary(tmp_path)["complete"] is False


def test_it_says_how_long_the_disk_will_last(make: MakeRecorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "_RATE_S", 0.0)
    disk = SlowDisk(free=500_000_000 + 10**7)
    recording = make(disk_usage=disk)
    assert recording.state.minutes_left is None
    disk.answers.set()
    fill(recording, noise(90))
    while not recording.state.bytes_written:
        threading.Event().wait(0.01)
    state = recording.state
    assert state.free_bytes == disk.free
    assert state.minutes_left is not None
    assert state.minutes_left > 0
    finished(recording)


@pytest.mark.parametrize("share", [0.3, 0.99])
def test_a_disk_that_is_full_at_once_keeps_what_was_written(share: float, make: MakeRecorder, tmp_path: Path) -> None:
    fill(whole := make(name="whole"), noise(120))
    finished(whole)
    needed = (tmp_path / "whole.mp4").stat().st_size
    recording = make()
    with full_disk(int(share * needed)):
        fill(recording, noise(120))
        recording.stop()
        until_ended(recording)
    assert "File too large" in recording.state.reason
    assert "\n" not in recording.state.reason
    assert (tmp_path / "talk.mp4").exists() or "What was recorded is kept" in recording.state.reason
    if not (tmp_path / "talk.mp4").exists():
        recover(tmp_path / ".talk.recording")
    assert [name for name in names(tmp_path) if not name.startswith("whole")] == FILES
    assert len(times(tmp_path / "talk.mp4")) >= 120 * share - 40
    assert len(table(tmp_path)) >= len(times(tmp_path / "talk.mp4")) - 1
    assert summary(tmp_path)["complete"] is False


def test_a_folder_that_vanishes_ends_it_in_one_line(make: MakeRecorder, tmp_path: Path) -> None:
    disk = SlowDisk()
    folder = tmp_path / "stick"

    def gone(path: Path) -> Usage:
        disk(path)
        return shutil.disk_usage(path)

    recording = make(folder, disk_usage=gone)
    assert disk.asked.wait(60)
    fill(recording, run(5))
    shutil.rmtree(folder)
    disk.answers.set()
    until_ended(recording)
    fill(recording, run(5))
    assert str(folder) in recording.state.reason
    assert "\n" not in recording.state.reason
    assert recording.state.paths == ()


@pytest.mark.parametrize("bad", ["file", "file/below"])
def test_a_folder_that_cannot_be_is_said_at_once(bad: str, make: MakeRecorder, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="Cannot make the folder"):
        make(tmp_path / bad)


def test_other_expressions_end_it(make: MakeRecorder, tmp_path: Path) -> None:
    recording = make()
    fill(recording, run(3))
    frame, _ = pair(3, 1.0)
    recording.write(frame, Reading(3, 1.0, ("calm",), ()))
    until_ended(recording)
    assert "expressions were changed" in recording.state.reason
    assert (recording.state.frames, len(times(tmp_path / "talk.mp4"))) == (3, 3)


def test_a_stream_that_changes_its_size_keeps_boxes_on_the_picture(make: MakeRecorder, tmp_path: Path) -> None:
    shares = np.full(len(CLASSES), 1 / len(CLASSES), np.float32)
    large = Face(1, np.array([64, 48, 128, 96], np.float32), UNKNOWN_POINTS, 0.9, shares, 0.5)
    recording = make(video="raw")
    fill(
        recording, [pair(0, 0, [face()]), pair(1, 0.1, [large], size=(192, 256)), pair(2, 0.2, [large], size=(96, 512))]
    )
    finished(recording)
    _, half, wide = ([row[key] for key in "xywh"] for row in table(tmp_path))
    assert half == [32, 24, 64, 48]
    assert wide == [16, 12 + 36, 32, 24]  # with black above and below
    assert {frame.image.shape for frame, _ in read_video(tmp_path / "talk.mp4")} == {(96, 128, 3)}


def test_a_camera_that_was_gone_leaves_a_gap_and_a_jump_back_none(make: MakeRecorder, tmp_path: Path) -> None:
    recording = make()
    fill(recording, [pair(i, moment, [face()]) for i, moment in enumerate((5, 5.5, 65, 10, 10.5))])
    finished(recording)
    expected = pytest.approx([0, 0.5, 60, 60 + 1 / 30, 60.5 + 1 / 30], abs=TICK)
    assert times(tmp_path / "talk.mp4") == expected
    assert [row["time_s"] for row in table(tmp_path)] == expected


@pytest.mark.parametrize("end", [lambda recording: recording.abort(), lambda recording: recording.stop()])
def test_without_a_frame_nothing_is_left(end: Callable[[Recorder], object], make: MakeRecorder, tmp_path: Path) -> None:
    recording = make()
    end(recording)
    until_ended(recording)
    assert recording.state.phase is Phase.DISCARDED
    assert recording.state.paths == ()
    assert names(tmp_path) == []


def test_a_discarded_recording_leaves_nothing(make: MakeRecorder, tmp_path: Path) -> None:
    recording = make()
    fill(recording, run(5))
    recording.abort()
    recording.stop()
    until_ended(recording)
    assert recording.state.phase is Phase.DISCARDED
    assert names(tmp_path) == []


def test_nothing_is_ever_replaced(make: MakeRecorder, tmp_path: Path) -> None:
    (tmp_path / "talk.csv").write_text("mine")
    first, second = make(), make()
    for recording in (first, second):
        fill(recording, run(2))
        finished(recording)
    assert names(tmp_path) == [
        *(f"talk-{number}.{ending}" for number in (2, 3) for ending in ("json", "mp4", "parquet")),
        "talk.csv",
    ]


def test_a_name_with_folders_is_refused(make: MakeRecorder) -> None:
    with pytest.raises(OutputError, match="without folders"):
        make(name="../talk")


@pytest.mark.parametrize("length", [300, 240])
def test_a_name_that_is_too_long_is_one_line_and_leaves_nothing(
    length: int, make: MakeRecorder, tmp_path: Path
) -> None:
    with pytest.raises(OutputError, match="too long"):
        make(name="o" * length)
    assert names(tmp_path) == []


def test_a_disk_that_answers_no_more_ends_it(
    make: MakeRecorder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(backlog, "_MOST_READINGS", 8)
    disk = SlowDisk()
    recording = make(disk_usage=disk)
    assert disk.asked.wait(60)
    fill(recording, run(12))
    assert "does not answer" in recording.state.reason
    assert (recording.state.phase, recording.state.frames) == (Phase.FINISHING, 8)
    disk.answers.set()
    until_ended(recording)
    assert len(table(tmp_path)) == 7


def test_without_a_name_it_has_its_date_and_time(tmp_path: Path) -> None:
    recording = Recorder(tmp_path, INFO, CLASSES)
    fill(recording, run(2))
    (video, *_) = finished(recording).paths
    assert datetime.strptime(video.stem, "%Y-%m-%d_%H-%M-%S").astimezone() <= datetime.now().astimezone()
