"""What a crash leaves of a recording, and what is made of it."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from engines.errors import OutputError
from realtime.recording import recover, unfinished
from tests.realtime.recording.conftest import MakeRecorder, finished, names
from tests.realtime.sinks.made import Pair, full_disk, noise, read_video, run

_ROOT = Path(__file__).resolve().parents[3]
_RECORD = """
import sys, threading
from pathlib import Path
from realtime.recording import Recorder
from tests.realtime.recording.conftest import INFO
from tests.realtime.sinks.made import CLASSES, noise

recorder = Recorder(Path(sys.argv[1]), INFO, CLASSES, name="talk", about={"engine": "made"})
for frame, reading in noise(150):
    recorder.write(frame, reading)
threading.Event().wait(100)
"""
FILES = ["talk.json", "talk.mp4", "talk.parquet"]
JOURNAL = ".talk.recording"


def killed(folder: Path) -> None:
    """Record five seconds in another program, and kill it before it has finished."""
    process = subprocess.Popen([sys.executable, "-c", _RECORD, str(folder)], cwd=_ROOT)
    try:
        deadline = time.monotonic() + 100
        while not has_reading(folder / JOURNAL, 149):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert unfinished(folder) == []  # not while it is alive
    finally:
        process.kill()
        process.wait()


def has_reading(journal: Path, index: int) -> bool:
    return journal.exists() and f"\n[{index}," in journal.read_text(encoding="utf-8")


def rows(folder: Path) -> list[int]:
    return [row["frame"] for row in pq.read_table(folder / "talk.parquet").to_pylist()]


def cut_off(make: MakeRecorder, folder: Path, pairs: list[Pair], *, video: int = 0) -> Path:
    """The journal of a recording, and ``video`` bytes or more of its video, as a crash leaves them."""
    recording = make()
    for frame, reading in pairs:
        recording.write(frame, reading)
    partial = folder / ".talk.mp4.partial"
    while (pairs and not has_reading(folder / JOURNAL, len(pairs) - 1)) or partial.stat().st_size < video:
        time.sleep(0.01)
    left = {path: path.read_bytes() for path in (folder / JOURNAL, partial)}
    recording.abort()
    assert recording.wait(60)
    for path, content in left.items():
        path.write_bytes(content)
    return folder / JOURNAL


def test_a_killed_program_costs_the_last_seconds_and_no_more(tmp_path: Path) -> None:
    killed(tmp_path)
    assert [name for name in names(tmp_path) if not name.startswith(".")] == []
    (journal,) = unfinished(tmp_path)
    assert recover(journal) == tuple(tmp_path / name for name in ("talk.mp4", "talk.parquet", "talk.json"))
    assert names(tmp_path) == FILES
    frames = [frame.time for frame, _ in read_video(tmp_path / "talk.mp4")]
    assert frames == pytest.approx([i / 30 for i in range(len(frames))], abs=1 / 90_000)
    assert len(frames) >= 150 - 2 * 30
    assert rows(tmp_path) == [0, *range(2, 150)]
    report = json.loads((tmp_path / "talk.json").read_text(encoding="utf-8"))
    assert (report["frames"], report["complete"], report["fps"], report["engine"]) == (150, False, 30, "made")
    assert report["started"]
    assert unfinished(tmp_path) == []


def test_without_room_all_stays_for_another_attempt(make: MakeRecorder, tmp_path: Path) -> None:
    journal = cut_off(make, tmp_path, noise(90), video=200_000)
    with full_disk(100_000), pytest.raises(OutputError, match="Make room"):
        recover(journal)
    assert {"talk.json", "talk.parquet", JOURNAL, ".talk.mp4.partial"} == set(names(tmp_path))
    recover(journal)
    assert names(tmp_path) == FILES


def test_a_recovered_table_is_that_of_a_finished_recording(make: MakeRecorder, tmp_path: Path) -> None:
    recover(cut_off(make, tmp_path, run(5)))
    recovered = pq.read_table(tmp_path / "talk.parquet")
    recording = make(name="whole")
    for frame, reading in run(5):
        recording.write(frame, reading)
    finished(recording)
    assert recovered.equals(pq.read_table(tmp_path / "whole.parquet"))


@pytest.mark.parametrize("torn", [b"[5, 0.2, [[1, [10", b"\xff\xfe\x00", b"[5]\n", b"null\n"])
def test_a_torn_line_ends_it(torn: bytes, make: MakeRecorder, tmp_path: Path) -> None:
    journal = cut_off(make, tmp_path, run(5))
    journal.write_bytes(journal.read_bytes() + torn)
    recover(journal)
    assert rows(tmp_path) == [0, 2, 3, 4]


def test_where_nothing_was_recorded_nothing_is_left(make: MakeRecorder, tmp_path: Path) -> None:
    journal = cut_off(make, tmp_path, [])
    (tmp_path / ".talk.mp4.partial").write_bytes(b"\0" * 88)
    assert recover(journal) == ()
    assert names(tmp_path) == []


def test_a_video_that_cannot_be_read_is_not_thrown_away(make: MakeRecorder, tmp_path: Path) -> None:
    journal = cut_off(make, tmp_path, run(5))
    (tmp_path / ".talk.mp4.partial").write_bytes(b"\1" * 100_000)
    with pytest.raises(OutputError, match=r"talk\.mp4"):
        recover(journal)
    assert (tmp_path / ".talk.mp4.partial").stat().st_size == 100_000
    assert len(rows(tmp_path)) == 4


@pytest.mark.parametrize("content", [b"", b"{}\n", b"[1]\n", b"\xff\n", b'{"journal": 99}\n'])
def test_what_is_no_journal_is_left_alone(content: bytes, tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_bytes(content)
    assert unfinished(tmp_path) == []
    with pytest.raises(OutputError, match="journal"):
        recover(tmp_path / JOURNAL)
    assert (tmp_path / JOURNAL).read_bytes() == content


def test_a_folder_that_is_not_there_has_nothing_unfinished(tmp_path: Path) -> None:
    assert unfinished(tmp_path / "missing") == []
