"""How long it will take: said from the first seconds on."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.batch.estimate import Amounts, Estimate, announced_frames
from tests.realtime.batch import made
from tests.realtime.sources.helpers import no_thread_left


def test_what_remains_is_known_as_soon_as_anything_has_moved() -> None:
    now = 100.0
    estimate = Estimate(lambda: {0: 100.0, 1: 300.0, 2: 100.0}, lambda: now)
    assert Estimate(lambda: {0: 1.0}, lambda: now).left is None
    estimate.move(0, 0.0)
    now = 102.0
    estimate.move(0, 0.5)
    assert estimate.left == pytest.approx(2.0 * 450 / 50)
    estimate.move(1, 0.5)
    assert estimate.left == pytest.approx(2.0 * 300 / 200)
    for number in range(3):
        estimate.move(number, 1.0)
    assert (estimate.share, estimate.left, estimate.ended) == (1.0, 0.0, 3)


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1)), max_size=20))
def test_a_share_stays_within_bounds(moves: list[tuple[int, float]]) -> None:
    estimate = Estimate(lambda: {0: 1.0, 1: 5.0, 2: 0.5, 3: 1e6}, lambda: 1.0)
    for number, share in moves:
        estimate.move(number, share)
        assert 0 <= estimate.share <= 1 + 1e-9
        assert estimate.left is None or estimate.left >= 0


def test_a_file_that_says_nothing_is_taken_by_its_size(tmp_path: Path) -> None:
    clip, text = made.video(tmp_path / "a.mp4", frames=12), made.file(tmp_path / "b.mp4")
    assert announced_frames([clip]) == 12
    assert announced_frames([text]) is None
    assert announced_frames([tmp_path / "gone.mp4"]) is None
    assert announced_frames([text] * 3) == 3, "pictures are one frame each"
    with no_thread_left():
        with Amounts({0: [clip], 1: [text]}, {0: 1000, 1: 500}) as amounts:
            while amounts.all() == {0: 1.0, 1: 1.0}:
                pass
        assert amounts.all() == {0: 12.0, 1: 6.0}
