"""The synthetic source: the same every time, smooth, within the picture."""

from itertools import islice

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.assets import Assets
from realtime.detector import make_detector
from realtime.sources import SyntheticSource


def _where(image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Rows and columns of the portrait's own colour, which the room has nowhere."""
    rows, columns = ((image[..., 0] > 240) & (image[..., 1] < 20)).nonzero()
    return np.stack([rows, columns], 1)


def test_the_same_arguments_give_the_same_pictures() -> None:
    first, second = (SyntheticSource(width=200, height=100, faces=3) for _ in range(2))
    for one, other in zip(islice(first, 5), islice(second, 5), strict=True):
        np.testing.assert_array_equal(one.image, other.image)
        assert one.time == other.time


def test_times_are_those_of_an_even_camera() -> None:
    source = SyntheticSource(width=64, height=48, fps=25.0, frames=4)
    assert [frame.time for frame in source] == pytest.approx([0.0, 0.04, 0.08, 0.12])
    assert source.info.duration == pytest.approx(0.16)


def test_each_face_changes_its_own_part_of_the_room() -> None:
    room, *seen = (SyntheticSource(width=320, height=180, faces=n).image_at(0.0) for n in range(4))
    covered = [int((image != room).any(-1).sum()) for image in seen]
    assert covered[0] > 1000
    assert all(count > 1000 for count in covered)


@settings(max_examples=40, deadline=None)
@given(seconds=st.floats(0, 3600), size=st.sampled_from([(60, 50), (40, 90), (90, 30)]))
def test_a_portrait_stays_whole_and_moves_smoothly(seconds: float, size: tuple[int, int]) -> None:
    portrait = np.full((*size, 3), (255, 0, 255), np.uint8)
    source = SyntheticSource(width=240, height=160, portrait=portrait)
    now, soon = (_where(source.image_at(t)) for t in (seconds, seconds + 1 / 30))
    assert now.min() > 0
    assert now[:, 0].max() < 159
    assert now[:, 1].max() < 239
    assert np.abs(now.mean(0) - soon.mean(0)).max() < 2.0


def test_a_live_one_goes_on_for_ever_until_it_is_closed() -> None:
    source = SyntheticSource(width=32, height=24, fps=500.0, frames=None, live=True)
    frames = iter(source)
    assert [frame.index for frame in islice(frames, 3)] == [0, 1, 2]
    source.close()
    assert list(frames) == []


@pytest.mark.parametrize("faces", [1, 4, 12, 40])
def test_a_detector_finds_nearly_all_of_the_drawn_faces(faces: int, assets: Assets) -> None:
    source = SyntheticSource(faces=faces)
    with make_detector("auto", assets=assets) as detector:
        found = [len(detector.detect(source.image_at(seconds), seconds)) for seconds in (0.0, 1.0, 2.0)]
    assert np.mean(found) >= 0.9 * faces


@pytest.mark.parametrize("faces", [2, 5, 40])
def test_however_many_there_are_each_face_has_room_of_its_own(faces: int) -> None:
    portrait = np.full((60, 50, 3), (255, 0, 255), np.uint8)
    source = SyntheticSource(width=640, height=360, faces=faces, portrait=portrait)
    room = SyntheticSource(width=640, height=360, faces=0).image_at(0.0)
    for seconds in (0.0, 1.7, 5.3):
        covered = (source.image_at(seconds) != room).any(-1).astype(np.uint8)
        assert cv2.connectedComponents(covered)[0] == faces + 1
