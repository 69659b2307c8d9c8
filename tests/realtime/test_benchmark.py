"""Sources made for measuring: over and over, in real time, one frame at a time, drawn beforehand."""

import itertools
import time
from collections.abc import Iterator
from itertools import islice, pairwise

import numpy as np
import pytest

from realtime.benchmark import Loop
from realtime.benchmark.sources import OneByOne, RealTime, Scene
from realtime.capture import capture
from realtime.records import Frame
from realtime.sources import SourceInfo, SyntheticSource
from realtime.sources.base import Closable


class _Nothing(Closable):
    """A source without a frame."""

    info = SourceInfo("nothing", live=False, width=8, height=8, frames=0)

    def __iter__(self) -> Iterator[Frame]:
        return iter(())


def _small(frames: int | None, *, live: bool = False, fps: float = 30.0) -> SyntheticSource:
    return SyntheticSource(width=64, height=48, frames=frames, faces=0, live=live, fps=fps)


def test_indices_and_times_count_on_from_round_to_round() -> None:
    with Loop(_small(3), seconds=600) as loop:
        frames = list(islice(loop, 8))
    assert [frame.index for frame in frames] == list(range(8))
    times = [frame.time for frame in frames]
    assert all(before < after for before, after in pairwise(times))


def test_a_source_without_a_frame_comes_to_an_end() -> None:
    with Loop(_Nothing(), seconds=0.05) as loop:
        assert list(loop) == []


def test_a_cameras_times_stay_the_clocks_own() -> None:
    began = time.monotonic()
    with Loop(_small(None, live=True, fps=500.0), seconds=600) as loop:
        frames = list(islice(loop, 3))
    assert began <= frames[0].time < frames[1].time < frames[2].time <= time.monotonic()


class _Clock:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.now = 100.0

    def wait(self, seconds: float) -> bool:
        self.now += seconds
        return False


def test_a_file_in_real_time_comes_at_an_even_pace_also_after_it_was_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = _Clock()
    monkeypatch.setattr("realtime.benchmark.sources.time.monotonic", lambda: clock.now)
    source = RealTime(_small(6, fps=24.0), rate=10.0)
    monkeypatch.setattr(source._closed, "wait", clock.wait)
    assert source.info.live
    times = []
    for frame in source:
        times.append(frame.time - 100.0)
        clock.now += 0.25 if frame.index == 2 else 0.01
    assert times == pytest.approx([0.0, 0.1, 0.2, 0.45, 0.5, 0.6])


def test_a_file_in_real_time_ends_when_it_is_closed() -> None:
    source = RealTime(_small(None), rate=0.001)
    frames = iter(source)
    assert next(frames).index == 0
    source.close()
    assert list(frames) == []


def test_one_by_one_gives_a_frame_only_when_the_one_before_was_read() -> None:
    with OneByOne(_small(3)) as source, capture(source) as frames:
        for index in range(3):
            frame = frames.get(10)
            assert frame is not None
            assert frame.index == index
            with pytest.raises(TimeoutError):
                frames.get(0.02)
            source.go_on()
        assert frames.get(10) is None
        assert len(source.seconds) == 3


def test_one_by_one_ends_when_it_is_closed_while_a_frame_is_waited_for() -> None:
    source = OneByOne(_small(None))
    with capture(source) as frames:
        assert frames.get(10) is not None
        source.close()
        assert frames.get(10) is None


def test_a_scene_moves_smoothly_for_as_long_as_it_lasts() -> None:
    with Scene(160, 90, faces=2, frames=150) as scene:
        frames = list(scene)
    assert [frame.index for frame in frames] == list(range(150))
    assert frames[30].time == pytest.approx(1.0)
    assert "2 faces" in scene.info.name
    room = SyntheticSource(width=160, height=90, faces=0).image_at(0.0)
    changed = [np.abs(one.image.astype(int) - other.image).mean() for one, other in itertools.pairwise(frames)]
    assert 0 < max(changed) < np.abs(frames[0].image.astype(int) - room).mean() / 4
