"""A film that is stopped, slowed down and sent to and fro: what is wanted is shown, once, and nothing hangs."""

import threading
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from engines.errors import SourceError
from realtime.capture import capture
from realtime.playback import Playback
from realtime.records import Frame
from realtime.sources import PictureSource, SourceInfo, VideoSource
from realtime.sources.base import Closable
from realtime.sources.pictures import STILL_S
from tests.realtime.fakes import Stream
from tests.realtime.sources.helpers import no_thread_left, red_and_blue, write_picture, write_video

HOUR = 3600.0


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    with no_thread_left():
        yield


class Film(Closable):
    """A seekable source with a frame at each of ``times``; ``error`` comes after the last one."""

    def __init__(self, *times: float, error: Exception | None = None, announced: bool = True) -> None:
        super().__init__()
        self._times = times
        self._error = error
        length = times[-1] - times[0] + 0.04 if announced else None
        self.info = SourceInfo("film", live=False, width=4, height=2, fps=25.0, duration=length)
        self.first_time = times[0]

    def __iter__(self) -> Iterator[Frame]:
        return self.frames()

    def frames(self, start: float = 0.0) -> Iterator[Frame]:
        self._expect_open("film")
        later = [time for time in self._times if time - self.first_time >= start - 1e-6]
        for index, time in enumerate(later or self._times[-1:]):
            if self._closed.is_set():
                return
            yield Frame(np.zeros((2, 4, 3), np.uint8), index, time)
        if self._error is not None:
            raise self._error


class Viewer:
    """Takes the frames of a playback in a thread, as a pipeline does, and says what came."""

    def __init__(self, playback: Playback) -> None:
        self._capture = capture(playback)

    def next(self) -> Frame:
        frame = self._capture.get(30.0)
        assert frame is not None
        return frame

    def times(self, count: int) -> list[float]:
        return [self.next().time for _ in range(count)]

    def sees_no_more(self) -> bool:
        try:
            self._capture.get(0.05)
        except TimeoutError:
            return True
        return False

    def close(self) -> None:
        self._capture.close()


Watch = Callable[..., tuple[Playback, Viewer]]


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Plays a source to a viewer."""
    playing: list[tuple[Playback, Viewer]] = []

    def start(source: Film | Stream | VideoSource | PictureSource, *, paused: bool = False) -> tuple[Playback, Viewer]:
        playback = Playback(source)
        if paused:
            playback.pause()
        playing.append((playback, Viewer(playback)))
        return playing[-1]

    yield start
    for playback, viewer in playing:
        playback.close()
        viewer.close()


def at_end(playback: Playback) -> bool:
    patience = threading.Event()
    for _ in range(3000):
        if playback.ended:
            return True
        patience.wait(0.01)
    return False


def test_it_plays_to_its_end_and_waits_there(watch: Watch) -> None:
    playback, viewer = watch(Film(5.0, 5.01, 5.02))
    assert viewer.times(3) == [5.0, 5.01, 5.02]
    assert at_end(playback)
    assert playback.paused
    assert playback.position == pytest.approx(0.06)
    assert viewer.sees_no_more()


def test_it_runs_hardly_ahead_of_who_reads_it(watch: Watch) -> None:
    playback, _ = watch(Film(*[n / 1000 for n in range(50)]))
    assert not threading.Event().wait(0.2)
    assert playback.position <= 0.001  # one frame waits, and one for its place


def test_resumed_at_the_end_it_starts_over_and_frames_go_on_counting(watch: Watch) -> None:
    playback, viewer = watch(Film(5.0, 5.01))
    seen = [viewer.next(), viewer.next()]
    assert at_end(playback)
    playback.resume()
    seen += [viewer.next(), viewer.next()]
    assert [(frame.index, frame.time) for frame in seen] == [(0, 5.0), (1, 5.01), (2, 5.0), (3, 5.01)]


def test_a_second_reading_starts_over() -> None:
    with Playback(Film(5.0, 5.01)) as playback:
        for _ in range(2):
            assert [(frame.index, frame.time) for frame in islice(playback, 2)] == [(0, 5.0), (1, 5.01)]


def test_paused_it_shows_the_first_picture_and_no_other(watch: Watch) -> None:
    playback, viewer = watch(Film(0.0, 0.01, 0.02), paused=True)
    assert viewer.next().time == 0.0
    assert viewer.sees_no_more()
    assert not playback.ended
    playback.resume()
    assert viewer.times(2) == [0.01, 0.02]


def test_a_seek_while_paused_shows_one_picture(watch: Watch) -> None:
    playback, viewer = watch(Film(*[10 + n / 25 for n in range(100)]), paused=True)
    viewer.next()
    for seconds in (2.0, 0.52, 3.96):
        playback.seek(seconds)
        assert playback.position == pytest.approx(seconds)
        assert viewer.next().time == pytest.approx(10 + seconds)
        assert viewer.sees_no_more()
        assert playback.position == pytest.approx(seconds)


@pytest.mark.parametrize(("seconds", "shown"), [(-3.0, 0.0), (1e6, 0.2)])
def test_a_seek_beyond_either_end_shows_the_picture_there(watch: Watch, seconds: float, shown: float) -> None:
    playback, viewer = watch(Film(0.0, 0.1, 0.2), paused=True)
    viewer.next()
    playback.seek(seconds)
    assert viewer.next().time == shown
    assert not playback.ended


def test_a_seek_ends_the_waiting_for_the_next_picture_and_it_plays_on_from_there(watch: Watch) -> None:
    playback, viewer = watch(Film(0.0, HOUR, HOUR + 0.01))
    viewer.next()
    playback.seek(HOUR)
    assert viewer.times(2) == [HOUR, HOUR + 0.01]
    assert at_end(playback)


def test_a_place_may_be_wanted_before_it_is_read() -> None:
    with Playback(Film(0.0, 0.01, 0.02)) as playback:
        playback.seek(0.02)
        assert next(iter(playback)).time == 0.02


def test_of_many_seeks_the_last_one_counts(watch: Watch) -> None:
    playback, viewer = watch(Film(*[n / 25 for n in range(100)]), paused=True)
    for number in range(90):
        playback.seek(number / 25)
    shown = viewer.next()
    while shown.time < 89 / 25 - 1e-6:
        shown = viewer.next()
    assert viewer.sees_no_more()


def test_frames_on_the_way_are_outdated_by_a_seek_and_those_that_were_asked_for_are_not() -> None:
    with Playback(Film(*[n / 100 for n in range(50)])) as playback:
        frames = iter(playback)
        on_the_way = list(islice(frames, 4))[1:]
        playback.seek(0.3)
        asked_for = [next(frames)]
        playback.step(1)
        asked_for.append(next(frames))
        playback.step(-1)
        asked_for.append(next(frames))
        assert [frame.time for frame in asked_for] == [0.3, 0.31, 0.3]
        playback.seek(0.1)
        assert all(playback.is_outdated(frame) for frame in on_the_way)
        assert not any(playback.is_outdated(frame) for frame in [*asked_for, next(frames)])


def test_it_steps_picture_by_picture_there_and_back(watch: Watch) -> None:
    playback, viewer = watch(Film(5.0, 5.01, 5.5, 5.51, 65.0), paused=True)
    viewer.next()
    shown = []
    for way in (1, 1, 1, 1, -1, -1, 1, -1, -1, -1):
        playback.step(way)
        shown.append(viewer.next().time)
    assert shown == [5.01, 5.5, 5.51, 65.0, 5.51, 5.5, 5.51, 5.5, 5.01, 5.0]
    assert playback.paused


def test_steps_beyond_either_end_stay_there(watch: Watch) -> None:
    playback, viewer = watch(Film(0.0, 0.01), paused=True)
    viewer.next()
    playback.step(-1)
    assert viewer.sees_no_more()
    playback.step(3)
    assert viewer.next().time == 0.01
    assert at_end(playback)
    playback.step(-1)
    assert viewer.next().time == 0.0
    assert not playback.ended


def test_a_step_pauses(watch: Watch) -> None:
    playback, viewer = watch(Film(0.0, HOUR, 2 * HOUR))
    viewer.next()
    playback.step(1)
    assert viewer.next().time == HOUR
    assert playback.paused
    assert viewer.sees_no_more()


def test_going_on_after_a_step_back_it_leaves_nothing_out(watch: Watch) -> None:
    playback, viewer = watch(Film(*[n / 100 for n in range(6)]), paused=True)
    viewer.next()
    playback.seek(0.03)
    assert viewer.next().time == 0.03
    playback.step(-1)
    assert viewer.next().time == 0.02
    playback.resume()
    assert viewer.times(3) == [0.03, 0.04, 0.05]


def test_a_speed_counts_at_once(watch: Watch) -> None:
    playback, viewer = watch(Film(0.0, 0.01, 3.0))
    playback.speed = 0.25
    assert playback.speed == 0.25
    viewer.times(2)
    playback.speed = 4.0
    assert viewer.next().time == 3.0


@pytest.mark.parametrize("speed", [0.0, -1.0, 0.2, 5.0, float("nan")])
def test_a_speed_that_is_none_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match=r"expected 0\.25 to 4"):
        Playback(Film(0.0)).speed = speed


def test_what_is_no_place_is_refused() -> None:
    with pytest.raises(ValueError, match="expected seconds"):
        Playback(Film(0.0)).seek(float("nan"))


def test_a_damaged_end_is_said_after_what_comes_before_it(watch: Watch) -> None:
    _, viewer = watch(Film(0.0, 0.01, error=SourceError("the film tore")))
    assert viewer.times(2) == [0.0, 0.01]
    with pytest.raises(SourceError, match="the film tore"):
        viewer.next()


def test_a_damaged_end_disturbs_nobody_who_stands_before_it(watch: Watch) -> None:
    playback, viewer = watch(Film(0.0, 0.01, error=SourceError("the film tore")), paused=True)
    viewer.next()
    playback.step(1)
    assert viewer.next().time == 0.01
    assert viewer.sees_no_more()
    playback.step(-1)
    assert viewer.next().time == 0.0


@pytest.mark.parametrize("paused", [False, True])
def test_closing_ends_all_waiting_and_closes_the_source(paused: bool) -> None:
    film = Film(0.0, HOUR)
    playback = Playback(film)
    viewer = Viewer(playback)
    viewer.next()
    if paused:
        playback.pause()
    playback.close()
    playback.close()
    viewer.close()
    for each in (film, playback):
        with pytest.raises(SourceError, match="closed"):
            next(iter(each))


def test_who_reads_no_more_ends_it_though_it_be_paused() -> None:
    playback = Playback(Film(0.0, HOUR))
    viewer = Viewer(playback)
    viewer.next()
    playback.pause()
    viewer.close()
    with pytest.raises(SourceError, match="closed"):
        next(iter(playback))


def test_a_length_that_is_not_announced_is_known_at_the_end(watch: Watch) -> None:
    playback, viewer = watch(Film(5.0, 5.01, announced=False))
    assert playback.duration is None
    viewer.times(2)
    assert at_end(playback)
    assert playback.duration == pytest.approx(0.05)


def test_a_source_that_cannot_seek_is_played_paused_and_started_over(watch: Watch) -> None:
    playback, viewer = watch(Stream(3), paused=True)
    assert not playback.can_seek
    assert viewer.next().time == 0.0
    playback.seek(1.0)
    playback.step(-1)
    assert viewer.sees_no_more()
    playback.step(1)
    assert viewer.next().time == pytest.approx(1 / 30)
    playback.resume()
    assert viewer.next().time == pytest.approx(2 / 30)
    assert at_end(playback)
    playback.resume()
    assert viewer.next().time == 0.0


def test_pictures_are_shown_one_after_the_other(watch: Watch, tmp_path: Path) -> None:
    for name in ("a.png", "b.png", "c.png"):
        write_picture(tmp_path / name, red_and_blue(16, 9))
    playback, viewer = watch(PictureSource(tmp_path), paused=True)
    viewer.next()
    assert playback.duration == 3 * STILL_S
    for order, position in ((1, 1), (1, 2), (-1, 1)):
        playback.step(order)
        viewer.next()
        assert playback.position == position * STILL_S
    playback.seek(2.5 * STILL_S)
    viewer.next()
    assert playback.position == 2 * STILL_S


def test_a_video_is_played_from_anywhere(watch: Watch, tmp_path: Path) -> None:
    times = [40 + n / 25 for n in range(50)]
    playback, viewer = watch(VideoSource(write_video(tmp_path / "film.mkv", times)), paused=True)
    viewer.next()
    assert playback.duration == pytest.approx(2.0)
    playback.seek(1.0)
    assert viewer.next().time == pytest.approx(41.0)
    playback.step(-1)
    assert viewer.next().time == pytest.approx(40.96)
    playback.seek(2.0)
    assert viewer.next().time == pytest.approx(times[-1])
