"""Tracks: an id stays with a face, at any frame rate, and nothing is shown that was not seen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from realtime.records import Detection
from realtime.tracker import Tracker, number_faces
from tests.realtime.faces import face

WIDTH = 100.0


def uneven_times(random: np.random.Generator, rate: float, seconds: float) -> list[float]:
    """Times of frames at about ``rate`` a second, each up to a third of a frame off."""
    count = int(seconds * rate)
    return sorted(((np.arange(count) + random.uniform(-0.3, 0.3, count)) / rate).tolist())


def shaken(random: np.random.Generator, x: float, y: float) -> Detection:
    """A face at about ``x``, ``y``, as a detector jitters."""
    dx, dy = random.normal(0, 0.02 * WIDTH, 2)
    return face(x + dx, y + dy, WIDTH * random.uniform(0.96, 1.04), score=random.uniform(0.8, 0.95))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), rate=st.floats(10, 60), speed=st.floats(0.8, 2.0), apart=st.floats(0.1, 0.5))
def test_two_faces_that_cross_keep_their_ids(seed: int, rate: float, speed: float, apart: float) -> None:
    random = np.random.default_rng(seed)
    tracker = Tracker()
    ids: dict[str, set[int]] = {"right": set(), "left": set()}
    seconds = 6 / speed
    for frame, time in enumerate(uneven_times(random, rate, seconds)):
        x = WIDTH * speed * (time - seconds / 2)
        truth = {"right": shaken(random, 500 + x, 300), "left": shaken(random, 500 - x, 300 + apart * WIDTH)}
        hidden = abs(2 * x) < 0.5 * WIDTH
        blinks = random.random(2) < (0.1 if frame else 0.0)
        seen = {name: each for (name, each), blink in zip(truth.items(), blinks, strict=True) if not blink}
        if hidden:
            seen.pop("left", None)
        for track in tracker.update(list(seen.values()), time):
            for name, each in seen.items():
                if each is track.detection:
                    ids[name].add(track.face_id)
    assert ids == {"right": {1}, "left": {2}}


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), rate=st.floats(10, 60), absence=st.floats(0.05, 0.85))
def test_a_face_that_is_back_within_a_second_keeps_its_id(seed: int, rate: float, absence: float) -> None:
    random = np.random.default_rng(seed)
    tracker = Tracker()
    for time in uneven_times(random, rate, 4.0):
        if not 2.0 <= time < 2.0 + absence:
            (track,) = tracker.update([shaken(random, 200 + 40 * time, 200)], time)
            assert track.face_id == 1
        else:
            assert tracker.update([], time) == []


def test_a_face_that_is_back_after_more_than_a_second_is_a_new_one() -> None:
    tracker = Tracker()
    assert [track.face_id for track in tracker.update([face(100, 100)], 0.0)] == [1]
    assert tracker.update([], 0.5) == []
    assert [track.face_id for track in tracker.update([face(100, 100)], 1.01)] == [2]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_the_order_of_the_detections_does_not_matter(seed: int, data: st.DataObject) -> None:
    random = np.random.default_rng(seed)
    one, other = Tracker(), Tracker()
    for frame in range(6):
        faces = [face(random.uniform(0, 600), random.uniform(0, 600), score=random.uniform(0.2, 1)) for _ in range(4)]
        mixed = data.draw(st.permutations(faces))
        expected = [(track.face_id, id(track.detection)) for track in one.update(faces, frame / 10)]
        assert [(track.face_id, id(track.detection)) for track in other.update(mixed, frame / 10)] == expected


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), rate=st.floats(5, 60))
def test_tracks_are_detections_of_the_frame_each_with_its_own_id(seed: int, rate: float) -> None:
    random = np.random.default_rng(seed)
    tracker = Tracker()
    for time in uneven_times(random, rate, 1.0):
        count = random.integers(0, 6)
        faces = [face(random.uniform(0, 400), random.uniform(0, 400), score=random.random()) for _ in range(count)]
        tracks = tracker.update(faces, time)
        assert {id(track.detection) for track in tracks} <= {id(each) for each in faces}
        assert len({track.face_id for track in tracks}) == len(tracks)
        assert [track.face_id for track in tracks] == sorted(track.face_id for track in tracks)


def test_faces_that_appear_together_are_numbered_from_the_left() -> None:
    tracks = Tracker().update([face(500, 100), face(100, 300), face(300, 50)], 0.0)
    assert [(track.face_id, float(track.detection.box[0])) for track in tracks] == [(1, 50), (2, 250), (3, 450)]


def test_a_face_starts_high_and_is_kept_low() -> None:
    tracker = Tracker(start_score=0.75, keep_score=0.3)
    assert tracker.update([face(100, 100, score=0.5)], 0.0) == []
    assert len(tracker.update([face(100, 100, score=0.8)], 0.04)) == 1
    assert len(tracker.update([face(100, 100, score=0.31)], 0.08)) == 1
    assert tracker.update([face(100, 100, score=0.29)], 0.12) == []


@pytest.mark.parametrize("rate", [10, 25, 60])
def test_a_face_seen_steadily_is_believed_below_the_start_score(rate: int) -> None:
    tracker = Tracker()
    shown = [bool(tracker.update([face(100, 100, 40, score=0.7)], frame / rate)) for frame in range(rate)]
    first = shown.index(True) / rate
    assert 0.25 <= first <= 0.4
    assert all(shown[shown.index(True) :])


@pytest.mark.parametrize("rate", [10, 25, 60])
def test_a_weak_face_is_not_believed_however_steady(rate: int) -> None:
    tracker = Tracker()
    assert not any(tracker.update([face(100, 100, 40, score=0.6)], frame / rate) for frame in range(3 * rate))


def test_flickering_false_alarms_are_not_believed() -> None:
    tracker = Tracker()
    assert not any(tracker.update([face(150 * frame, 100, 40, score=0.7)], frame / 25) for frame in range(50))


def test_a_small_false_alarm_does_not_take_over_a_large_face() -> None:
    tracker = Tracker()
    tracker.update([face(300, 300, 200)], 0.0)
    assert tracker.update([face(300, 320, 50, score=0.5)], 0.2) == []


def test_a_false_alarm_beside_a_face_does_not_take_its_id() -> None:
    tracker = Tracker()
    for frame in range(10):
        ghost = face(140, 100, score=0.5)
        (track,) = tracker.update([ghost, face(100, 100)] if frame else [face(100, 100)], frame / 25)
        assert track.detection is not ghost


def test_a_clock_that_goes_back_starts_a_new_stream() -> None:
    tracker = Tracker()
    tracker.update([face(100, 100)], 10.0)
    assert [track.face_id for track in tracker.update([face(100, 100)], 0.0)] == [2]


@given(times=st.lists(st.integers(0, 60), min_size=1, max_size=20))
def test_ids_go_on_counting_wherever_the_time_leaps_to(times: list[int]) -> None:
    tracker, before, expected = Tracker(), -100, 0
    for time in times:
        expected += not 0 <= time - before <= 1
        assert [track.face_id for track in tracker.update([face(100, 100)], float(time))] == [expected]
        before = time


def test_a_repeated_time_is_no_trouble() -> None:
    tracker = Tracker()
    for _ in range(3):
        assert [track.face_id for track in tracker.update([face(100, 100)], 1.0)] == [1]
    assert tracker.update([], 1.0) == []


def test_a_pictures_faces_are_numbered_for_themselves() -> None:
    faces = [face(500, 100), face(100, 100, score=0.59), face(300, 100, score=0.61)]
    for _ in range(2):
        assert [(track.face_id, track.detection) for track in number_faces(faces)] == [(1, faces[2]), (2, faces[0])]
