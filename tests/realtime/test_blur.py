"""Blurred faces cannot be told, and nothing else is touched."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from realtime.blur import FaceBlur, blur
from realtime.records import KEYPOINTS, Face, Frame, Reading


def _noise(seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (200, 240, 3), np.uint8)


def _face(x: float, y: float, side: float, face_id: int = 1) -> Face:
    box = np.array([x, y, side, side], np.float32)
    return Face(face_id, box, np.zeros((KEYPOINTS, 2), np.float32), 0.9, np.ones(1, np.float32), 0.0)


def _read(time: float, *faces: Face) -> tuple[Frame, Reading]:
    return Frame(_noise(), 0, time, "a.png"), Reading(0, time, ("x",), faces)


def test_within_a_face_nothing_fine_is_left_and_around_it_all_is() -> None:
    picture = _noise()
    blur(picture, np.array([80, 60, 60, 60], np.float32))
    inside = picture[60:120, 80:140].astype(float)
    assert np.abs(np.diff(inside, axis=0)).mean() < 5  # of 85 in the noise
    assert np.abs(np.diff(inside, axis=1)).mean() < 5
    untouched = np.ones((200, 240), bool)
    untouched[39:141, 59:161] = False
    assert np.array_equal(picture[untouched], _noise()[untouched])


def test_two_faces_that_differ_finely_look_the_same() -> None:
    """Black and white rows, or white and black ones, are one grey."""
    rows = np.zeros((200, 240, 3), np.uint8)
    rows[::2] = 255
    other = np.ascontiguousarray(255 - rows)
    for picture in (rows, other):
        blur(picture, np.array([80, 60, 60, 60], np.float32))
    assert np.abs(rows[60:120, 80:140].astype(int) - other[60:120, 80:140]).max() <= 16


@settings(max_examples=50, deadline=None)
@given(st.floats(-300, 500), st.floats(-300, 500), st.floats(0.5, 600))
def test_a_face_anywhere_is_borne(x: float, y: float, side: float) -> None:
    picture = _noise()
    blur(picture, np.array([x, y, side, side], np.float32))
    assert picture.shape == (200, 240, 3)


def test_a_face_that_is_lost_stays_blurred_for_a_moment() -> None:
    blurred = FaceBlur(still=False)
    blurred(*_read(1.0, _face(80, 60, 60)))
    frame, reading = _read(1.3)
    assert not np.array_equal(blurred(frame, reading).image, frame.image)
    frame, reading = _read(1.6)
    assert blurred(frame, reading) is frame


@pytest.mark.parametrize("still", [True, False])
def test_what_is_too_unsure_to_be_read_is_blurred_too(still: bool) -> None:
    blurred = FaceBlur(still=still)
    frame, _ = _read(1.0)
    found = np.array([[80, 60, 60, 60], [10, 10, 20, 20]], np.float32)
    made = blurred(frame, Reading(0, 1.0, ("x",), (_face(10, 10, 20),), found)).image
    for left, top, side in ((80, 60, 60), (10, 10, 20)):
        inside = made[top : top + side, left : left + side].astype(float)
        assert np.abs(np.diff(inside, axis=0)).mean() < 20  # of 85 in the noise
    frame, reading = _read(1.2)
    assert (blurred(frame, reading) is frame) == still


def test_pictures_have_nothing_to_do_with_one_another() -> None:
    blurred = FaceBlur(still=True)
    blurred(*_read(0.0, _face(80, 60, 60)))
    frame, reading = _read(0.0)
    assert blurred(frame, reading) is frame


def test_the_frame_that_was_given_is_left_alone() -> None:
    frame, reading = _read(0.0, _face(80, 60, 60))
    made = FaceBlur(still=False)(frame, reading)
    assert np.array_equal(frame.image, _noise())
    assert not np.array_equal(made.image, frame.image)
    assert (made.index, made.time, made.name) == (0, 0.0, "a.png")


@pytest.mark.parametrize("time", [0.5, 3.0])
def test_a_time_that_falls_holds_nothing(time: float) -> None:
    blurred = FaceBlur(still=False)
    blurred(*_read(5.0, _face(80, 60, 60)))
    frame, reading = _read(time)
    assert blurred(frame, reading) is frame
