"""Processes that share the work: one that dies costs a try, and none is left behind."""

import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from realtime.batch.workers import Workers
from realtime.progress import Progress
from tests.realtime.batch.made import Seen, task
from tests.realtime.sources.helpers import no_thread_left

_SAYS = """
import json, os, signal, sys, time
def say(**line): print(json.dumps(line), flush=True)
def end(error=""): say(outcome={"files": [asked["outputs"][1] + ".json"], "error": error, "full": False})
for line in sys.stdin:
    asked = json.loads(line)
    if "stop" in asked:
        break
"""


def read(script: str, tasks: int, count: int = 2) -> Seen:
    """What is seen of processes that are this Python script, given a task in ``asked``."""
    seen = Seen()
    command = (sys.executable, "-c", _SAYS + script)
    Workers(count, command=command).read((task(number) for number in range(tasks)), seen)
    return seen


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    before = set(psutil.Process().children())
    with no_thread_left():
        yield
    assert set(psutil.Process().children()) <= before


def test_every_task_is_done_once_by_as_many_as_were_asked_for() -> None:
    script = """
    say(notice=str(os.getpid()))
    print("a library's own words", flush=True)
    say(progress={"share": 0.5, "rate": 30.0, "left": 1.0})
    end("torn" if asked["number"] == 3 else "")
"""
    seen = read(script, 12, count=3)
    assert sorted(seen.outcomes) == list(range(12))
    assert [number for number, outcome in seen.outcomes.items() if outcome.error] == [3]
    assert seen.outcomes[5].files == (Path("5.json"),)
    assert 1 <= len(set(seen.lines)) <= 3, "a process takes one task after the other"
    assert seen.progress == [Progress(0.5, 30.0, 1.0)] * 12


def test_a_task_whose_process_is_killed_is_tried_once_more(tmp_path: Path) -> None:
    script = f"""
    marker = {str(tmp_path)!r} + "/tried"
    if asked["number"] == 1 and not os.path.exists(marker):
        open(marker, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    end()
"""
    seen = read(script, 4)
    assert sorted(seen.outcomes) == [0, 1, 2, 3]
    assert not any(outcome.error for outcome in seen.outcomes.values())
    assert [line for line in seen.lines if "signal 9" in line] == seen.lines
    assert len(seen.lines) == 1


def test_a_task_that_kills_every_process_fails_and_stops_nothing_else() -> None:
    seen = read("    os.kill(os.getpid(), signal.SIGSEGV) if asked['number'] == 1 else end()\n", 4)
    assert sorted(seen.outcomes) == [0, 1, 2, 3]
    assert [number for number, outcome in seen.outcomes.items() if outcome.error] == [1]
    assert "twice (signal 11)" in seen.outcomes[1].error


def test_ctrl_c_lets_every_process_finish(tmp_path: Path) -> None:
    script = f"""
    say(progress={{"share": 0.1}})
    assert json.loads(sys.stdin.readline()) == {{"stop": True}}
    open({str(tmp_path)!r} + "/finished-" + str(asked["number"]), "w").close()
"""

    class Impatient(Seen):
        def moved(self, task: object, progress: Progress) -> None:
            super().moved(task, progress)  # type: ignore[arg-type]
            if len(self.progress) == 2:
                raise KeyboardInterrupt

    command = (sys.executable, "-c", _SAYS + script)
    with pytest.raises(KeyboardInterrupt):
        Workers(2, command=command).read((task(number) for number in range(9)), Impatient())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["finished-0", "finished-1"]
