"""Crops: a face looks the same wherever, however large and however tilted it was in the frame."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engines.package import CropGeometry
from realtime.crops import closeup, crop_faces, out_of_closeup, tilt
from realtime.records import Detection
from tests.realtime.faces import face

GEOMETRY = CropGeometry(box=0.83, center_x=0.5, center_y=0.57)
BOX = 160.0
SIZE = 48


def drawn(size: int = 600) -> NDArray[np.uint8]:
    """A coloured pattern without fine detail, so that turning it loses nothing."""
    coarse = np.random.default_rng(0).integers(0, 256, (12, 12, 3), np.uint8)
    return np.asarray(cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC), np.uint8)


def moved(
    image: NDArray[np.uint8], x: float, y: float, angle: float, scale: float
) -> tuple[NDArray[np.uint8], Detection]:
    """``image`` with the face in its middle turned clockwise, scaled and brought to ``x``, ``y``; and the face."""
    middle = image.shape[0] / 2
    a, b = scale * math.cos(angle), scale * math.sin(angle)
    # Pixel centres lie at half coordinates, as everywhere in the crops.
    matrix = np.array([[a, -b, x - a * middle + b * middle], [b, a, y - b * middle - a * middle]])
    matrix[:, 2] += matrix[:, :2] @ [0.5, 0.5] - 0.5
    turned = cv2.warpAffine(image, matrix, (800, 800), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8), face(x, y, BOX * scale, tilt=angle)


@settings(max_examples=20, deadline=None)
@given(x=st.floats(300, 500), y=st.floats(300, 500), angle=st.floats(-math.pi, math.pi), scale=st.floats(0.6, 1.4))
def test_moving_turning_and_scaling_a_picture_leaves_its_crop(x: float, y: float, angle: float, scale: float) -> None:
    image = drawn()
    straight = crop_faces(image, [face(300, 300, BOX)], GEOMETRY, SIZE, 3).astype(float)
    picture, detection = moved(image, x, y, angle, scale)
    turned = crop_faces(picture, [detection], GEOMETRY, SIZE, 3).astype(float)
    assert np.abs(turned - straight).mean() < 3.0
    assert np.abs(turned - straight).max() < 25.0


@pytest.mark.parametrize("angle", [0.0, 0.5, -2.0])
def test_the_box_lies_where_the_geometry_says(angle: float) -> None:
    image = np.zeros((400, 400, 3), np.uint8)
    corners = cv2.boxPoints(((199.5, 199.5), (100, 100), math.degrees(angle)))
    cv2.fillConvexPoly(image, corners.round().astype(np.int32), (255, 255, 255))
    geometry = CropGeometry(box=0.5, center_x=0.4, center_y=0.6)
    crop = crop_faces(image, [face(200, 200, 100, tilt=angle)], geometry, 100, 1)[0, 0]
    columns, rows = (np.flatnonzero(crop.mean(axis=axis) > 60) for axis in (0, 1))
    assert (columns[0], columns[-1]) == pytest.approx((15, 64), abs=1.5)
    assert (rows[0], rows[-1]) == pytest.approx((35, 84), abs=1.5)


def test_fine_stripes_of_a_large_face_turn_grey_and_do_not_alias() -> None:
    image = np.zeros((800, 800, 3), np.uint8)
    image[:, ::2] = 255
    crop = crop_faces(image, [face(400, 400, 600)], GEOMETRY, SIZE, 1)
    assert np.abs(crop.astype(int) - 127).max() < 20


def test_a_small_face_is_enlarged_smoothly() -> None:
    crop = crop_faces(drawn(), [face(300, 300, 12)], GEOMETRY, SIZE, 1)[0, 0].astype(int)
    assert np.abs(np.diff(crop, axis=0)).max() < 16


def test_all_faces_of_a_frame_come_in_order_in_one_array() -> None:
    image = drawn()
    faces = [face(150, 150), face(400, 300, 80), face(300, 500, 60, tilt=0.4)]
    crops = crop_faces(image, faces, GEOMETRY, SIZE, 3)
    assert crops.shape == (3, 3, SIZE, SIZE)
    assert crops.dtype == np.uint8
    assert crops.flags.c_contiguous
    for crop, each in zip(crops, faces, strict=True):
        np.testing.assert_array_equal(crop, crop_faces(image, [each], GEOMETRY, SIZE, 3)[0])


@pytest.mark.parametrize("channels", [1, 3])
def test_a_frame_without_faces_gives_an_empty_batch(channels: int) -> None:
    assert crop_faces(drawn(), [], GEOMETRY, 32, channels).shape == (0, channels, 32, 32)


def test_grey_is_luminance() -> None:
    image = np.empty((200, 200, 3), np.uint8)
    image[:] = (200, 100, 50)
    crop = crop_faces(image, [face(100, 100)], GEOMETRY, SIZE, 1)
    np.testing.assert_allclose(crop, 0.299 * 200 + 0.587 * 100 + 0.114 * 50, atol=1)


def test_beyond_the_frame_its_edge_is_repeated() -> None:
    image = np.zeros((200, 200, 3), np.uint8)
    image[:, :40] = 90
    crop = crop_faces(image, [face(0, 100)], CropGeometry(0.5, 0.5, 0.5), SIZE, 1)[0, 0]
    assert (crop[:, : SIZE // 2] == 90).all()


@given(x=st.floats(-1e5, 1e5), y=st.floats(-1e5, 1e5), width=st.floats(0, 1e5), angle=st.floats(-4, 4))
@settings(max_examples=30, deadline=None)
def test_any_box_gives_a_crop_from_the_colours_of_the_frame(x: float, y: float, width: float, angle: float) -> None:
    image = np.random.default_rng(1).integers(80, 120, (90, 120, 3), np.uint8)
    crop = crop_faces(image, [face(x, y, width, tilt=angle)], GEOMETRY, SIZE, 3)
    assert crop.shape == (1, 3, SIZE, SIZE)
    assert crop.min() >= 79
    assert crop.max() <= 120


def test_eyes_on_one_spot_say_nothing_about_the_tilt() -> None:
    profile = face(100, 100)
    points = profile.keypoints.copy()
    points[1] = points[0] + (0.5, -2)
    assert tilt(Detection(profile.box, points, 0.9)) == 0.0


@pytest.mark.parametrize(
    "image",
    [np.zeros((10, 10), np.uint8), np.zeros((10, 10, 4), np.uint8), np.zeros((9, 9, 3)), np.zeros((0, 5, 3), np.uint8)],
)
def test_what_is_no_picture_is_refused(image: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match="image: expected uint8"):
        crop_faces(image, [], GEOMETRY, SIZE, 3)


def test_other_channels_are_refused() -> None:
    with pytest.raises(ValueError, match="channels: expected 1 or 3, got 4"):
        crop_faces(drawn(), [], GEOMETRY, SIZE, 4)


@pytest.mark.parametrize("angle", [0.0, 0.5, -2.0])
def test_what_is_seen_in_a_closeup_is_found_again_in_the_picture(angle: float) -> None:
    geometry = CropGeometry(box=0.4, center_x=0.5, center_y=0.5)
    candidate = face(300, 240, 100, tilt=angle)
    picture = np.zeros((500, 600, 3), np.uint8)
    spot = candidate.keypoints[0].round().astype(int)
    cv2.circle(picture, spot.tolist(), 4, (255, 255, 255), -1)
    near = closeup(picture, candidate, geometry, 200)
    y, x = np.argwhere(near[..., 0] > 128).mean(axis=0) + 0.5
    seen = Detection(np.array([x - 20, y - 20, 40, 40], np.float32), np.full((6, 2), (x, y), np.float32), 0.9)
    back = out_of_closeup(seen, candidate, geometry, 200)
    assert back.keypoints[0] == pytest.approx(spot + 0.5, abs=0.6)
    assert back.box[:2] + back.box[2:] / 2 == pytest.approx(spot + 0.5, abs=0.6)
    assert back.box[2:] == pytest.approx(50)
