"""The process that analyses: what it says is heard, and it ends when it should, however it fares."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from engines.assets import Assets
from engines.errors import MienError
from realtime.library import AnalysisQueue, JobState, Library, Progress
from realtime.library.process import analyse_apart
from realtime.library.requests import Cancelled, Request
from realtime.options import Options
from tests.realtime.faces import portrait
from tests.realtime.library import made
from tests.realtime.sources.helpers import noise, write_video

ROOT = Path(__file__).parents[3]


def run(script: str, cancelled: threading.Event | None = None) -> list[Progress | str]:
    """What is told by a process that is this Python script."""
    told: list[Progress | str] = []
    command = (sys.executable, "-c", f"import json, os, sys, time\n{script}")
    request = Request(Options(source=Path("/videos/talk.mp4")))
    analyse_apart(request, Path("/out/talk"), cancelled or threading.Event(), told.append, command=command)
    return told


def test_what_the_process_says_is_passed_on() -> None:
    told = run("""
asked = json.loads(sys.stdin.readline())
print(json.dumps({"notice": asked["folder"] + json.loads(asked["request"])["source"]}))
print("a library's own words")
print(json.dumps({"progress": {"share": 0.5, "rate": 30.0, "left": None}}))
print(json.dumps({"done": True}))
""")
    assert told == [f"{Path('/out/talk')}{Path('/videos/talk.mp4')}", Progress(0.5, 30.0, None)]


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ('print(json.dumps({"failed": "talk.mp4 is damaged: copy it again"}))', "talk.mp4 is damaged: copy it again"),
        ("sys.exit(3)", "broke off (exit code 3)"),
        ("os.kill(os.getpid(), 11)", "broke off (signal 11)"),
        ('print(json.dumps({"progress": {"share": 0.9}}))', "broke off (exit code 0)"),
    ],
)
def test_a_process_that_fails_or_dies_is_an_error_of_one_line(script: str, line: str) -> None:
    with pytest.raises(MienError) as error:
        run(script)
    assert line in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("script", ["sys.stdin.read()", "time.sleep(600)"], ids=["obeys", "is stuck"])
def test_a_cancelled_process_ends_whether_it_listens_or_not(script: str) -> None:
    cancelled = threading.Event()
    ended = threading.Event()

    def ask() -> None:
        with pytest.raises(Cancelled):
            run(f"sys.stdin.readline()\n{script}", cancelled)
        ended.set()

    thread = threading.Thread(target=ask)
    thread.start()
    cancelled.set()
    assert ended.wait(60)
    thread.join()


def video_of_a_face(path: Path) -> Path:
    small = np.asarray(cv2.resize(portrait(), (256, 300)), np.uint8)
    return write_video(path, [index / 10 for index in range(12)], draw=lambda _: small)


def test_a_real_video_goes_from_the_queue_into_the_library(assets: Assets, library: Library, tmp_path: Path) -> None:
    assert not assets.missing()
    video = video_of_a_face(tmp_path / "portrait.mp4")
    queue = AnalysisQueue(library, tmp_path / "out")
    queue.add([video, made.video(tmp_path / "empty.mp4").with_name("missing.mp4")], Options(detector="short"))
    deadline = time.monotonic() + 100
    while not all(job.state.ended for job in queue.jobs):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    done, failed = queue.jobs
    assert queue.close(30)

    assert (done.state, failed.state) == (JobState.DONE, JobState.FAILED)
    assert "does not exist" in failed.line
    (entry,) = library.entries()
    assert (entry.source_file, len(entry.faces), entry.faces[0].frames) == (video, 1, 12)
    assert sorted(path.name for path in (tmp_path / "out" / "portrait").iterdir()) == [
        "portrait.json",
        "portrait.parquet",
    ]
    assert library.thumbnail(entry.id) is not None


def test_when_its_owner_dies_the_process_ends_and_leaves_nothing(assets: Assets, tmp_path: Path) -> None:
    assert not assets.missing()
    pictures = [noise(seed) for seed in range(8)]
    video = write_video(tmp_path / "long.mp4", [i / 25 for i in range(1200)], draw=lambda i: pictures[i % 8])
    folder = tmp_path / "long"
    folder.mkdir()
    request = Request(Options(source=video, detector="short"), annotate=True)
    with subprocess.Popen(
        [sys.executable, "-m", "realtime.library.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"request": request.to_json(), "folder": str(folder)}) + "\n")
        process.stdin.flush()
        assert "progress" in json.loads(process.stdout.readline())
        assert list(folder.iterdir())
        process.stdin.close()
        assert "done" not in process.stdout.read()
    assert list(folder.iterdir()) == []
