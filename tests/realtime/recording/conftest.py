"""Recorders that look at the disk often, and the promise that no thread outlives a test."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from realtime.recording import Recorder, RecorderState, recorder
from realtime.sources.base import SourceInfo
from tests.realtime.sinks.made import CLASSES

INFO = SourceInfo("camera 0 (Made)", live=True, width=128, height=96)

MakeRecorder = Callable[..., Recorder]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(recorder, "_LOOK_S", 0.02)
    yield
    assert [thread.name for thread in threading.enumerate() if thread.name == "mien-record"] == []


@pytest.fixture
def make(tmp_path: Path) -> Iterator[MakeRecorder]:
    """Makes recorders into the test's folder, and ends them."""
    made: list[Recorder] = []

    def make_one(folder: Path = tmp_path, info: SourceInfo = INFO, **choices: Any) -> Recorder:
        choices = {"name": "talk", **choices}
        made.append(Recorder(folder, info, CLASSES, **choices))
        return made[-1]

    yield make_one
    for each in made:
        each.stop(hurry=True)
        assert each.wait(60)


def finished(recorder: Recorder) -> RecorderState:
    """Stop, and wait for the end."""
    recorder.stop()
    assert recorder.wait(60)
    assert recorder.state.ended
    return recorder.state


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
