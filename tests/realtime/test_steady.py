"""Boxes stand still on a face that does, and keep up with one that moves."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from realtime.records import UNKNOWN_POINTS, Face, Reading
from realtime.steady import SteadyBoxes

SIDE = 100.0


def reading(index: int, time: float, *lefts: float, top: float = 50.0) -> Reading:
    faces = tuple(
        Face(number, np.array([left, top, SIDE, SIDE], np.float32), UNKNOWN_POINTS, 0.9, np.ones(1, np.float32), 0.0)
        for number, left in enumerate(lefts, start=1)
    )
    return Reading(index, time, ("neutral",), faces)


def lefts(values: np.ndarray, rate: float = 30.0) -> np.ndarray:
    boxes = SteadyBoxes()
    read = [boxes.steady(reading(i, i / rate, float(left))) for i, left in enumerate(values)]
    return np.array([each.faces[0].box[0] for each in read])


def test_a_detectors_jitter_at_rest_is_at_most_a_third_of_what_it_was() -> None:
    jitter = np.random.default_rng(3).normal(200, 0.5, 300)
    assert lefts(jitter)[60:].std() < jitter[60:].std() / 3


def test_a_face_that_walks_is_followed_within_a_tenth_of_its_width() -> None:
    walk = 200 + SIDE * np.arange(90) / 30  # one width a second
    assert np.abs(lefts(walk)[15:] - walk[15:]).max() < SIDE / 10


def test_a_step_is_made_within_half_a_second() -> None:
    step = np.repeat([100.0, 180.0], 60)
    assert abs(lefts(step)[60 + 15] - 180) < 5


def test_the_frame_rate_does_not_matter() -> None:
    slow = lefts(200 + 40 * np.sin(np.arange(60) / 10), rate=10)
    fast = lefts(200 + 40 * np.sin(np.arange(360) / 60), rate=60)
    assert np.abs(slow[10:] - fast[60::6]).max() < 5


def test_only_boxes_change_and_a_first_one_does_not() -> None:
    boxes = SteadyBoxes()
    first = reading(0, 0.0, 10, 300)
    assert all(
        np.array_equal(now.box, before.box) for now, before in zip(boxes.steady(first).faces, first.faces, strict=True)
    )
    second = reading(1, 0.03, 12, 303)
    steady = boxes.steady(second)
    for now, before in zip(steady.faces, second.faces, strict=True):
        assert (now.face_id, now.score, now.uncertainty) == (before.face_id, before.score, before.uncertainty)
        assert now.probabilities is before.probabilities
    assert (steady.index, steady.time, steady.classes) == (1, 0.03, ("neutral",))


def test_who_comes_back_and_a_time_that_falls_begin_anew() -> None:
    boxes = SteadyBoxes()
    boxes.steady(reading(0, 5.0, 10))
    assert boxes.steady(reading(1, 7.0, 400)).faces[0].box[0] == 400
    assert boxes.steady(reading(2, 1.0, 200)).faces[0].box[0] == 200


@given(st.lists(st.tuples(st.floats(0, 0.2), st.floats(-500, 500)), min_size=1, max_size=30))
def test_a_box_stays_between_where_it_was_and_where_it_is(steps: list[tuple[float, float]]) -> None:
    boxes, time, before = SteadyBoxes(), 0.0, None
    for index, (step, left) in enumerate(steps):
        time += step
        now = float(boxes.steady(replace(reading(index, time, left))).faces[0].box[0])
        bounds = (left, left if before is None else before)
        assert min(bounds) - 0.1 <= now <= max(bounds) + 0.1
        before = now
