"""Pictures for the window: the right size, the right way round, and boxes that stay on their faces."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.scene import compose, fitted
from realtime.records import Frame, Reading
from tests.gui.fakes import CLASSES, face

SIDE = st.integers(1, 4000)


def reading(*faces_at: tuple[float, float, float, float]) -> Reading:
    faces = tuple(face(n, box) for n, box in enumerate(faces_at))
    return Reading(0, 0.0, CLASSES, faces)


@given(SIDE, SIDE, SIDE, SIDE)
def test_a_picture_fills_the_view_and_keeps_its_shape(width: int, height: int, across: int, down: int) -> None:
    w, h = fitted(width, height, (across, down))
    assert w <= across
    assert h <= down
    assert w == across or h == down
    scale = min(across / width, down / height)
    assert abs(w - width * scale) <= 1
    assert abs(h - height * scale) <= 1


def test_colours_and_sides_are_right() -> None:
    image = np.zeros((20, 40, 3), np.uint8)
    image[:, :20] = (200, 100, 50)
    scene = compose(Frame(image, 0, 0.0), reading(), mirrored=False, within=(80, 100))
    assert (scene.image.width(), scene.image.height()) == (80, 40)
    assert scene.image.pixelColor(5, 20).getRgb() == (200, 100, 50, 255)
    assert scene.image.pixelColor(75, 20).getRgb() == (0, 0, 0, 255)
    mirrored = compose(Frame(image, 0, 0.0), reading(), mirrored=True, within=(80, 100))
    assert mirrored.image.pixelColor(75, 20).getRgb() == (200, 100, 50, 255)


@given(st.floats(-50, 600), st.floats(-50, 300), st.floats(1, 300), st.booleans())
def test_a_box_goes_where_its_face_goes(x: float, y: float, side: float, mirrored: bool) -> None:
    image = np.zeros((360, 640, 3), np.uint8)
    scene = compose(Frame(image, 0, 0.0), reading((x, y, side, side)), mirrored=mirrored, within=(64, 36))
    box = scene.faces[0].box
    assert box.width() == pytest.approx(side / 640, abs=1e-4)
    assert box.height() == pytest.approx(side / 360, abs=1e-4)
    assert box.top() == pytest.approx(y / 360, abs=1e-4)
    assert (1 - box.right() if mirrored else box.left()) == pytest.approx(x / 640, abs=1e-4)


def test_a_frame_that_is_a_slice_of_another_is_shown_as_it_is() -> None:
    image = np.zeros((40, 80, 3), np.uint8)
    image[10:30, 20:60] = 255
    scene = compose(Frame(image[10:30, 20:60], 0, 0.0), reading(), mirrored=False, within=(40, 20))
    assert scene.image.pixelColor(0, 0).getRgb() == (255, 255, 255, 255)
    assert scene.image.pixelColor(39, 19).getRgb() == (255, 255, 255, 255)
