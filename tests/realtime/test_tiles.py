"""Tiles: they cover the picture, no face lies cut in all of them, and each is found once and in its place."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from realtime.boxes import without_duplicates
from realtime.records import Detection
from realtime.tiles import TiledFinder, tiles_of
from tests.realtime.faces import face

SIZES = st.integers(200, 2500)


class Seeing:
    """Sees the squares of one colour that are painted, also those of which it sees only a part."""

    name = "seeing"
    engine = "arithmetic"

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.closed = False

    def find(self, image: NDArray[np.uint8]) -> list[Detection]:
        found = []
        for colour in set(np.unique(image[..., 0]).tolist()) - {0}:
            rows, columns = np.nonzero(image[..., 0] == colour)
            sides = np.ptp(columns) + 1, np.ptp(rows) + 1
            box = np.array([columns.min(), rows.min(), *sides], np.float32)
            # What is cut may well be seen more surely than what is whole, but small.
            found.append(Detection(box, np.zeros((6, 2), np.float32) + box[:2], 0.9 - 0.0001 * float(max(sides))))
        return found

    def find_all(self, images: Sequence[NDArray[np.uint8]]) -> list[list[Detection]]:
        self.batches.append(len(images))
        return [self.find(image) for image in images]

    def close(self) -> None:
        self.closed = True


@given(height=SIZES, width=SIZES)
def test_tiles_cover_the_picture_and_are_as_large_as_each_other(height: int, width: int) -> None:
    tiles = tiles_of(height, width)
    covered = np.zeros((height, width), bool)
    for tile in tiles:
        covered[tile.top : tile.bottom, tile.left : tile.right] = True
        assert 0 <= tile.left < tile.right <= width
        assert 0 <= tile.top < tile.bottom <= height
    assert covered.all() or not tiles
    assert len({(tile.right - tile.left, tile.bottom - tile.top) for tile in tiles}) <= 1
    assert bool(tiles) == (max(height, width) > 400)


@given(height=SIZES, width=SIZES, data=st.data())
def test_a_small_face_lies_whole_in_a_tile(height: int, width: int, data: st.DataObject) -> None:
    side = data.draw(st.integers(1, int(0.12 * max(height, width))))
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    tiles = tiles_of(height, width)
    right, bottom = min(x + side, width), min(y + side, height)
    whole = [t for t in tiles if t.left <= x and t.top <= y and t.right >= right and t.bottom >= bottom]
    assert whole or not tiles


@pytest.mark.parametrize(("height", "width", "count"), [(720, 1280, 8), (2160, 3840, 8), (360, 640, 2), (240, 320, 0)])
def test_the_cost_of_a_large_picture_does_not_grow_with_its_pixels(height: int, width: int, count: int) -> None:
    assert len(tiles_of(height, width)) == count


@settings(max_examples=25)
@given(x=st.integers(0, 1240), y=st.integers(0, 680), side=st.integers(20, 80))
def test_a_face_is_found_once_where_it_is_and_never_cut(x: int, y: int, side: int) -> None:
    picture = np.zeros((720, 1280, 3), np.uint8)
    picture[y : y + side, x : x + side] = 255
    expected = [x, y, min(side, 1280 - x), min(side, 720 - y)]
    found = TiledFinder(Seeing()).find(picture)
    assert len(found) >= 2
    assert all(each.box.tolist() == expected and each.keypoints[0].tolist() == expected[:2] for each in found)
    assert len(without_duplicates(found)) == 1


def test_the_whole_picture_and_its_tiles_are_one_batch() -> None:
    model = Seeing()
    finder = TiledFinder(model)
    picture = np.zeros((720, 1280, 3), np.uint8)
    finder.find(picture)
    finder.find_all([picture, picture[:300, :300]])
    assert model.batches == [9, 9, 1]
    finder.close()
    assert model.closed


def test_near_a_face_only_its_own_tile_is_looked_at() -> None:
    model = Seeing()
    picture = np.zeros((720, 1280, 3), np.uint8)
    picture[600:640, 1200:1240] = 255
    near = [face(1220, 620, 40), face(1225, 625, 44)]
    assert len(TiledFinder(model).find(picture, near)) == 2
    assert TiledFinder(model).find(np.zeros((300, 300, 3), np.uint8), near) == []
    assert model.batches == [2, 1]
