"""What a person sees on an annotated picture."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from realtime.overlay import MOST_PANELS, draw
from realtime.palette import UNSURE_ABOVE, color
from realtime.records import UNKNOWN_POINTS, Face, Reading

CLASSES = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
HAPPY = CLASSES.index("happiness")


def face(*box: float, lead: int = HAPPY, confidence: float = 0.9, uncertainty: float = 0.1, classes: int = 8) -> Face:
    shares = np.full(classes, (1 - confidence) / max(1, classes - 1), np.float32)
    shares[lead] = confidence
    return Face(1, np.array(box, np.float32), UNKNOWN_POINTS, 0.9, shares, uncertainty)


def reading(*faces: Face, classes: tuple[str, ...] = CLASSES) -> Reading:
    return Reading(0, 0.0, classes, faces)


def picture(height: int = 720, width: int = 1280, grey: int = 128) -> NDArray[np.uint8]:
    return np.full((height, width, 3), grey, np.uint8)


def bars(image: NDArray[np.uint8], what: Reading) -> NDArray[np.bool_]:
    """Where the bars are."""
    changed: NDArray[np.bool_] = (draw(image, what) != draw(image, what, bars=False)).any(axis=2)
    return changed


def test_the_picture_itself_stays_as_it_was() -> None:
    image = picture()
    drawn = draw(image, reading(face(500, 200, 200, 200)))
    assert (image == 128).all()
    assert drawn.shape == image.shape
    assert (drawn != image).any()


def test_a_picture_without_faces_is_left_alone() -> None:
    image = picture()
    assert (draw(image, reading()) == image).all()


def test_it_draws_into_a_given_buffer_and_in_place() -> None:
    image, what = picture(), reading(face(500, 200, 200, 200))
    expected, buffer = draw(image, what), picture(grey=0)
    assert draw(image, what, out=buffer) is buffer
    assert draw(image, what, out=image) is image
    assert (buffer == expected).all()
    assert (image == expected).all()


def test_a_buffer_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"out must be .* \[720, 1280, 3\], got \[10, 10, 3\]"):
        draw(picture(), reading(), out=picture(10, 10))


def test_a_mirrored_view_can_be_drawn_on() -> None:
    what = reading(face(500, 200, 200, 200))
    assert (draw(picture()[:, ::-1], what) == draw(picture(), what)).all()


def test_the_box_has_the_colour_of_the_class_that_leads() -> None:
    drawn = draw(picture(), reading(face(500, 200, 200, 200)))
    assert tuple(drawn[300, 500]) == color("happiness")


def test_an_unsure_face_has_no_class() -> None:
    drawn = draw(picture(), reading(face(500, 200, 200, 200, uncertainty=UNSURE_ABOVE + 0.01)), bars=False)
    red, green, blue = (int(value) for value in drawn[300, 500])
    assert max(red, green, blue) - min(red, green, blue) < 8
    sure_as_asked = draw(picture(), reading(face(500, 200, 200, 200, uncertainty=0.9)), unsure_above=1.0)
    assert tuple(sure_as_asked[300, 500]) == color("happiness")


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_the_label_is_light_on_dark_whatever_is_behind(grey: int) -> None:
    drawn = draw(picture(grey=grey), reading(face(500, 200, 200, 200)), bars=False)
    label = drawn[170:194, 505:600].min(axis=2)
    assert label.max() > 230
    assert np.median(label) < 90


def test_the_bars_stand_right_of_the_face_and_left_of_it_at_the_right_edge() -> None:
    for x, right in ((500, True), (1070, False)):
        columns = np.flatnonzero(bars(picture(), reading(face(x, 200, 200, 200))).any(axis=0))
        assert columns.size
        assert columns.min() > x + 200 if right else columns.max() < x


def test_a_longer_bar_is_a_likelier_class() -> None:
    def lit(confidence: float) -> int:
        drawn = draw(picture(), reading(face(500, 200, 200, 200, confidence=confidence)))
        return int((drawn[:, 705:] == color("happiness")).all(axis=2).sum())

    assert lit(0.3) < lit(0.6) < lit(0.95)


def test_a_small_face_has_no_bars() -> None:
    assert not bars(picture(), reading(face(500, 200, 40, 40))).any()


def test_in_a_crowd_only_the_largest_have_bars() -> None:
    sides = [100, 104, 108, 140, 144, 148]
    faces = [face(20 + 420 * (i % 3), 60 + 330 * (i // 3), side, side) for i, side in enumerate(sides)]
    where = bars(picture(), reading(*faces))
    assert cv2.connectedComponents(cv2.dilate(where.astype(np.uint8), np.ones((9, 9))))[0] - 1 == MOST_PANELS
    assert not where[:330].any()


def test_bars_hide_no_other_face() -> None:
    where = bars(picture(), reading(face(400, 200, 200, 200), face(620, 210, 200, 200)))
    assert where.any()
    assert not where[200:400, 400:600].any()
    assert not where[210:410, 620:820].any()


def test_a_face_that_fills_the_frame_still_has_bars() -> None:
    assert bars(picture(), reading(face(20, 20, 1240, 680))).any()


def test_names_of_any_length_and_many_classes_fit() -> None:
    classes = tuple(f"a feeling that takes very many words to describe, number {i}" for i in range(40))
    what = reading(face(500, 200, 200, 200, lead=39, classes=40), classes=classes)
    where = bars(picture(), what)
    assert 0 < np.ptp(np.flatnonzero(where.any(axis=0))) < 320
    assert np.ptp(np.flatnonzero(where.any(axis=1))) < 240


@settings(max_examples=60, deadline=None)
@given(
    size=st.tuples(st.integers(1, 300), st.integers(1, 300)),
    boxes=st.lists(st.tuples(*[st.floats(-400, 400)] * 2, *[st.floats(0, 600)] * 2), max_size=5),
)
def test_any_box_on_any_picture_can_be_drawn(size: tuple[int, int], boxes: list[tuple[float, ...]]) -> None:
    drawn = draw(picture(*size), reading(*(face(*box) for box in boxes)))
    assert drawn.shape == (*size, 3)
