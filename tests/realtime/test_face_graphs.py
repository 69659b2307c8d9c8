"""MediaPipe's graphs without MediaPipe: each step by itself, and the same faces as the package on every engine."""

import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engines.assets import Assets
from realtime.face_graphs import FaceGraph, Found, anchors, decoded, letterboxed, suppressed
from realtime.mediapipe_faces import FaceModel, FaceModelKind
from realtime.records import Detection
from tests.graphs import graphs_to_test, skip_without
from tests.realtime.faces import portrait

Image = NDArray[np.uint8]
KINDS = (FaceModelKind("short", "detector-short"), FaceModelKind("full", "detector-full"))
"""Both models as they are, in their own framing."""
LEAST = 0.1
PIXELS, SCORE = 2.0, 0.02
"""How far a box and a score may be from the package's."""


@pytest.mark.parametrize(("count", "first", "last"), [(896, 0.5 / 16, 7.5 / 8), (2304, 0.5 / 48, 47.5 / 48)])
def test_anchors_lie_in_the_middles_of_cells_row_by_row(count: int, first: float, last: float) -> None:
    middles = anchors(count)
    assert middles.shape == (count, 2)
    assert middles[0] == pytest.approx([first, first])
    assert middles[-1] == pytest.approx([last, last])
    assert middles[10, 1] == middles[0, 1] < middles[10, 0]


def test_short_range_has_two_anchors_in_a_fine_cell_and_six_in_a_coarse_one() -> None:
    _, repeats = np.unique(anchors(896), axis=0, return_counts=True)
    assert sorted(repeats) == [2] * 256 + [6] * 64


@given(height=st.integers(1, 300), width=st.integers(1, 300), side=st.sampled_from([128, 192]))
def test_a_letterboxed_picture_is_in_the_middle_and_black_lies_around_it(height: int, width: int, side: int) -> None:
    boxed = letterboxed(np.full((height, width, 3), 200, np.uint8), side)
    assert boxed.shape == (side, side, 3)
    longer = max(height, width)
    places = np.arange(side) * longer / side  # in pixels of the picture, and half of what is missing to a square
    shown = [(places >= (longer - n) / 2) & (places <= (longer + n) / 2 - 1) for n in (height, width)]
    beyond = [(places < (longer - n) / 2 - 1) | (places > (longer + n) / 2) for n in (height, width)]
    assert (boxed[np.ix_(*shown)] >= 199).all()
    assert not boxed[beyond[0]].any()
    assert not boxed[:, beyond[1]].any()


def test_a_square_picture_of_the_right_size_stays_as_it_is() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (128, 128, 3), np.uint8)
    assert np.array_equal(letterboxed(picture, 128), picture)


def test_tensors_are_pixels_from_the_middle_of_their_anchor() -> None:
    boxes = np.zeros((3, 16), np.float32)
    boxes[1, :6] = (12.8, -12.8, 25.6, 51.2, 6.4, 0)
    boxes[2, 2:4] = (-1, 1)
    middles = np.full((3, 2), 0.5, np.float32)
    found = decoded(boxes, np.array([-5, 0, 9], np.float32), middles, 128, 0.3)
    assert found.scores == pytest.approx([0.5])
    assert found.corners == pytest.approx(np.array([[0.5, 0.2, 0.7, 0.6]]))
    assert found.keypoints[0, :2] == pytest.approx(np.array([[0.55, 0.5], [0.5, 0.5]]))


def test_scores_far_beyond_all_measure_are_nothing_and_certainty() -> None:
    boxes, middles = np.ones((2, 16), np.float32), np.full((2, 2), 0.5, np.float32)
    assert decoded(boxes, np.array([-1e4, 1e4], np.float32), middles, 128, 0.01).scores.tolist() == [1.0]


def heap(*rows: tuple[float, float, float, float]) -> Found:
    """Boxes with one corner at ``x``, ``y`` and sides of ``size``, each with its score."""
    corners = np.array([(x, y, x + size, y + size) for x, y, size, _ in rows], np.float32).reshape(-1, 4)
    points = np.repeat(corners[:, None, :2], 6, axis=1)
    return Found(corners, points, np.array([score for *_, score in rows], np.float32))


def test_boxes_on_one_face_become_their_mean_by_score_with_the_best_score() -> None:
    found = suppressed(heap((0.1, 0.1, 0.4, 0.3), (0.14, 0.1, 0.4, 0.9), (0.7, 0.7, 0.2, 0.5)))
    assert found.scores == pytest.approx([0.9, 0.5])
    assert found.corners == pytest.approx(np.array([[0.13, 0.1, 0.53, 0.5], [0.7, 0.7, 0.9, 0.9]]))
    assert found.keypoints[0, 0] == pytest.approx([0.13, 0.1])


@given(rows=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.5), st.floats(0.1, 1)), max_size=12))
def test_suppression_invents_nothing_and_loses_no_place(rows: list[tuple[float, float, float, float]]) -> None:
    given_boxes = heap(*rows)
    found = suppressed(given_boxes)
    assert bool(rows) == bool(len(found.scores))
    assert len(found.scores) <= len(rows)
    assert found.scores.tolist() == sorted(found.scores.tolist(), reverse=True)
    if rows:
        assert found.scores[0] == given_boxes.scores.max()
        assert (found.corners >= given_boxes.corners.min(axis=0) - 1e-5).all()
        assert (found.corners <= given_boxes.corners.max(axis=0) + 1e-5).all()


def pushed_in(box: NDArray[np.float32], image: Image) -> NDArray[np.float32]:
    """``box`` as the package returns it: where it reaches beyond the picture, it is moved or cut to lie inside."""
    height, width = image.shape[:2]
    return np.array([max(box[0], 0), max(box[1], 0), min(box[2], width), min(box[3], height)], np.float32)


def agrees(a: list[Detection], b: list[Detection], image: Image) -> bool:
    """Whether ``a``, found by a graph, are the faces ``b`` that the package found, and there are no others."""
    return len(a) == len(b) and all(
        abs(one.score - other.score) <= SCORE
        and np.abs(pushed_in(one.box, image) - other.box).max() <= PIXELS
        and np.abs(one.keypoints - other.keypoints).max() <= PIXELS
        for one, other in zip(a, b, strict=True)
    )


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.name)
def package(request: pytest.FixtureRequest, assets: Assets) -> Iterator[FaceModel]:
    model = FaceModel(request.param, LEAST, assets)
    yield model
    model.close()


@pytest.fixture(scope="module", params=graphs_to_test())
def graph(request: pytest.FixtureRequest, package: FaceModel, assets: Assets) -> Iterator[FaceGraph]:
    kind = next(kind for kind in KINDS if kind.name == package.name)
    skip_without(request.param)
    finder = FaceGraph(kind, LEAST, assets, [request.param])
    yield finder
    finder.close()


def portraits() -> list[Image]:
    """The portrait whole, turned, in parts, enlarged and reduced, in pictures of several shapes."""
    whole = portrait()
    wide = np.full((333, 1000, 3), 90, np.uint8)
    wide[20:320, 600:856] = cv2.resize(whole, (256, 300), interpolation=cv2.INTER_AREA)
    two = np.concatenate([whole, whole[:, ::-1]], axis=1)
    large = np.asarray(cv2.resize(whole, None, fx=2.5, fy=2.5), np.uint8)
    small = np.asarray(cv2.resize(whole, (77, 91), interpolation=cv2.INTER_AREA), np.uint8)
    return [whole, wide, two, large, small, np.ascontiguousarray(whole[:260]), np.ascontiguousarray(whole[:, 250:])]


def test_a_graph_finds_what_the_package_finds(package: FaceModel, graph: FaceGraph) -> None:
    expected = [package.find(image) for image in portraits()]
    assert sum(map(len, expected)) > 7
    for image, faces in zip(portraits(), expected, strict=True):
        assert agrees(graph.find(image), faces, image)


def test_a_batch_finds_what_each_picture_shows_by_itself(graph: FaceGraph) -> None:
    together = graph.find_all(portraits())
    assert len(together) == len(portraits())
    for image, faces in zip(portraits(), together, strict=True):
        alone = graph.find(image)
        assert [each.score for each in faces] == pytest.approx([each.score for each in alone], abs=1e-3)
        assert all(np.allclose(a.box, b.box, atol=0.1) for a, b in zip(faces, alone, strict=True))
    assert graph.find_all([]) == []


def few_frames(clip: Path, count: int) -> list[Image]:
    with av.open(str(clip)) as container:
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    return [np.asarray(pictures[index], np.uint8) for index in np.linspace(0, len(pictures) - 1, count).astype(int)]


def photographs(archive: Path, count: int) -> list[Image]:
    with zipfile.ZipFile(archive) as files:
        names = sorted(name for name in files.namelist() if name.endswith(".jpg"))
        drawn = np.random.default_rng(0).choice(names, count, replace=False)
        data = [np.frombuffer(files.read(str(name)), np.uint8) for name in drawn]
    return [np.asarray(cv2.imdecode(each, cv2.IMREAD_COLOR_RGB), np.uint8) for each in data]


@cache
def real_pictures(data: Path) -> list[Image]:
    """The group, photographs as they are (small enough to be enlarged) and frames of each clip."""
    group = cv2.imread(str(data / "clips" / "multi_face.jpg"), cv2.IMREAD_COLOR_RGB)
    pictures = [np.asarray(group, np.uint8), *photographs(data / "faces_lfw_imfdb.zip", 10)]
    for clip in ("WolfgangLanger_Pexels.mp4", "single_face.mp4", "face_noface.mov", "no_face.mp4"):
        pictures += few_frames(data / "clips" / clip, 4)
    return pictures


@pytest.mark.shared
def test_a_graph_finds_what_the_package_finds_in_real_pictures(
    package: FaceModel, graph: FaceGraph, shared_data: Path
) -> None:
    pictures = real_pictures(shared_data)
    expected = [package.find(image) for image in pictures]
    assert sum(map(len, expected)) > len(pictures)
    for image, faces in zip(pictures, expected, strict=True):
        assert agrees(graph.find(image), faces, image)
