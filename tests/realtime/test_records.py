"""What a face knows of itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.crops import tilt
from realtime.records import UNKNOWN_POINTS, Face
from tests.realtime.faces import face as detected

BOX = np.array([10, 20, 30, 40], np.float32)
SHARES = np.array([0.25, 0.75], np.float32)


def test_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match=r"Face\.keypoints: expected float32 \[6, 2\]"):
        Face(1, BOX, np.zeros((5, 2), np.float32), 0.9, SHARES, 0.1)
    with pytest.raises(ValueError, match=r"Face\.embedding: expected float32 \[any\]"):
        Face(1, BOX, UNKNOWN_POINTS, 0.9, SHARES, 0.1, np.zeros((1, 8), np.float32))
    assert Face(1, BOX, UNKNOWN_POINTS, 0.9, SHARES, 0.1).embedding is None


@given(degrees=st.floats(-179, 179))
def test_the_roll_is_clockwise_in_the_picture(degrees: float) -> None:
    found = detected(100, 100, tilt=np.deg2rad(degrees))
    face = Face(1, found.box, found.keypoints, 0.9, SHARES, 0.1)
    assert face.roll == pytest.approx(degrees, abs=1e-2)
    assert face.roll == pytest.approx(np.rad2deg(tilt(found)))


def test_the_roll_of_unknown_eyes_is_unknown() -> None:
    assert np.isnan(Face(1, BOX, UNKNOWN_POINTS, 0.9, SHARES, 0.1).roll)
