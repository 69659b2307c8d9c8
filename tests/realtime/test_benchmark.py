"""A source read over and over, for as long as a benchmark is to last."""

from collections.abc import Iterator
from itertools import islice, pairwise

from realtime.benchmark import Loop
from realtime.records import Frame
from realtime.sources import SourceInfo, SyntheticSource
from realtime.sources.base import Closable


class _Nothing(Closable):
    """A source without a frame."""

    info = SourceInfo("nothing", live=False, width=8, height=8, frames=0)

    def __iter__(self) -> Iterator[Frame]:
        return iter(())


def test_indices_and_times_count_on_from_round_to_round() -> None:
    with Loop(SyntheticSource(width=64, height=48, frames=3, faces=0), seconds=600) as loop:
        frames = list(islice(loop, 8))
    assert [frame.index for frame in frames] == list(range(8))
    times = [frame.time for frame in frames]
    assert all(before < after for before, after in pairwise(times))


def test_a_source_without_a_frame_comes_to_an_end() -> None:
    with Loop(_Nothing(), seconds=0.05) as loop:
        assert list(loop) == []
