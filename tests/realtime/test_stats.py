"""Counts and times of a run, by a clock that the test winds."""

import math
import threading

import numpy as np
import pytest

from realtime.stats import Statistics


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    wound = _Clock()
    monkeypatch.setattr("realtime.stats.time.perf_counter", wound)
    return wound


def test_nothing_was_measured_at_first() -> None:
    seen = Statistics().snapshot()
    assert (seen.frames, seen.fps, seen.mean_fps, seen.dropped, seen.stages) == (0, 0.0, 0.0, 0, {})
    assert math.isnan(seen.latency_ms.p50)


def test_percentiles_are_of_the_times_that_were_taken(clock: _Clock) -> None:
    stats = Statistics()
    for milliseconds in range(1, 102):
        with stats.timed("detection"):
            clock.now += milliseconds / 1000
    stage = stats.snapshot().stages["detection"]
    assert stage.count == 101
    assert (stage.ms.p50, stage.ms.p95, stage.ms.p99) == pytest.approx((51, 96, 100))


def test_the_mean_is_of_the_whole_run(clock: _Clock) -> None:
    stats = Statistics()
    for milliseconds in [1] * 5_000 + [4] * 5_000:
        with stats.timed("detection"):
            clock.now += milliseconds / 1000
    assert stats.snapshot().stages["detection"].mean_ms == pytest.approx(2.5)


def test_latency_is_what_was_said(clock: _Clock) -> None:
    stats = Statistics()
    for latency in (0.010, 0.020, 0.030):
        stats.finished_frame(latency)
        clock.now += 0.1
    assert stats.snapshot().latency_ms.p50 == pytest.approx(20)


def test_a_long_run_is_judged_by_its_latest_frames() -> None:
    stats = Statistics()
    for latency in np.repeat([1.0, 0.005], [10_000, 5_000]):
        stats.finished_frame(float(latency))
    seen = stats.snapshot()
    assert seen.frames == 15_000
    assert seen.latency_ms.p99 == pytest.approx(5)


@pytest.mark.parametrize("seconds", [0.5, 2.0, 3.0, 10.0])
def test_the_rate_is_that_of_the_frames(clock: _Clock, seconds: float) -> None:
    stats = Statistics()
    for index in range(round(seconds * 32) + 1):
        clock.now = 100.0 + index / 32
        stats.finished_frame(0.01)
    seen = stats.snapshot()
    assert seen.fps == pytest.approx(32)
    assert seen.mean_fps == pytest.approx(32)


def test_the_rate_follows_a_change_and_the_mean_remembers(clock: _Clock) -> None:
    stats = Statistics()
    for step in [1 / 32] * 320 + [1 / 8] * 80:
        stats.finished_frame(0.01)
        clock.now += step
    seen = stats.snapshot()
    assert seen.fps == pytest.approx(8, rel=0.1)
    assert seen.mean_fps == pytest.approx(20, rel=0.02)


def test_each_stage_counts_for_itself() -> None:
    stats = Statistics()
    with stats.timed("crops"):
        pass
    stats.set_dropped("capture", 3)
    stats.set_dropped("capture", 5)
    stats.set_dropped("table", 1)
    seen = stats.snapshot()
    assert {name: (stage.count, stage.dropped) for name, stage in seen.stages.items()} == {
        "crops": (1, 0), "capture": (0, 5), "table": (0, 1)
    }  # fmt: skip
    assert seen.dropped == 6


def test_what_passes_is_counted_and_passed_on() -> None:
    stats = Statistics()
    assert list(stats.timed_each("capture", "abc")) == ["a", "b", "c"]
    assert stats.snapshot().stages["capture"].count == 3


def test_a_snapshot_stays_as_it_was() -> None:
    stats = Statistics()
    before = stats.snapshot()
    stats.finished_frame(0.01)
    assert before.frames == 0


def test_several_threads_lose_no_count() -> None:
    stats = Statistics()

    def work() -> None:
        for _ in range(500):
            with stats.timed("shared"):
                pass
            stats.finished_frame(0.001)
            stats.snapshot()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen = stats.snapshot()
    assert (seen.frames, seen.stages["shared"].count) == (2000, 2000)
