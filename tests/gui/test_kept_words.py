"""What is analysed later is read by the expressions that it was added with."""

import os
from functools import partial
from pathlib import Path

import pytest

from engines.prompts import Prompts
from gui.kept_words import clear_words, keep_words
from gui.rail import Page
from gui.window import Window
from realtime.library import AnalysisQueue, JobState
from realtime.wording import Draft, DraftClass
from tests.gui.conftest import MakeWindow, Until
from tests.gui.fakes import FakePipeline, face
from tests.realtime.library.analysts import FakeAnalyst

DAYS = 2 * 24 * 3600.0


@pytest.fixture
def analyst(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeAnalyst:
    """Who reads the videos that are queued in a window."""
    analyst = FakeAnalyst()
    monkeypatch.setattr(
        "realtime.library.AnalysisQueue", partial(AnalysisQueue, folder=tmp_path / "out", analyst=analyst)
    )
    return analyst


def analyse(window: Window, video: Path, *names: str) -> None:
    """Write other expressions, and add a video."""
    window.prompts.preset(Draft(tuple(DraftClass(name, (f"a {name} face",)) for name in names)))
    window.archive.take([video])


def jobs_of(window: Window) -> list[JobState]:
    queue = window.archive._queue
    return [] if queue is None else [job.state for job in queue.jobs]


def test_a_video_that_waits_is_read_by_the_words_it_was_added_with(
    until: Until, make_window: MakeWindow, analyst: FakeAnalyst, tmp_path: Path
) -> None:
    window = make_window(FakePipeline([face()]))
    analyse(window, tmp_path / "1.mp4", "bored", "keen")
    analyse(window, tmp_path / "2.mp4", "bored", "keen")
    until(lambda: len(jobs_of(window)) == 2)
    analyse(window, tmp_path / "3.mp4", "tired", "awake")
    analyst.gate.set()
    until(lambda: jobs_of(window) == [JobState.DONE] * 3)
    words = [Prompts.load(request.options.prompts).classes for request in analyst.asked if request.options.prompts]
    assert words == [("bored", "keen"), ("bored", "keen"), ("tired", "awake")]
    window.close()


def test_words_that_nothing_waits_for_are_cleared_away_after_a_day(
    until: Until, make_window: MakeWindow, analyst: FakeAnalyst, tmp_path: Path
) -> None:
    folder = tmp_path / "expressions"
    window = make_window(FakePipeline([face()]), words=folder)
    analyse(window, tmp_path / "1.mp4", "bored", "keen")
    until(analyst.begun.is_set)
    (kept,) = folder.iterdir()
    window.close()
    aged(kept)
    again = make_window(FakePipeline([face()]), words=folder)
    open_library(again, until)
    assert kept.exists(), "the video still waits for it"
    queue = again.archive._queue
    assert queue is not None
    queue.forget()
    again.close()
    open_library(last := make_window(FakePipeline([face()]), words=folder), until)
    assert not kept.exists()
    last.close()


def open_library(window: Window, until: Until) -> None:
    window.show_page(Page.LIBRARY)
    until(lambda: window.archive.library is not None)


def aged(file: Path) -> None:
    before = file.stat().st_mtime - DAYS
    os.utime(file, (before, before))


def test_words_that_are_used_again_stay(tmp_path: Path) -> None:
    file, other = keep_words("a", tmp_path), keep_words("b", tmp_path)
    for each in (file, other):
        aged(each)
    assert keep_words("a", tmp_path) == file
    clear_words(tmp_path)
    assert list(tmp_path.iterdir()) == [file]
    assert file.read_text() == "a"
