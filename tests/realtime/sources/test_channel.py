"""The hand-over between two threads."""

import threading
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from realtime.sources.channel import Channel


@settings(max_examples=30, deadline=None)
@given(items=st.lists(st.integers(), max_size=40), depth=st.integers(1, 5))
def test_everything_arrives_in_order_where_nothing_may_be_dropped(items: list[int], depth: int) -> None:
    channel: Channel[int] = Channel(depth, drop_oldest=False)

    def make() -> None:
        assert all(channel.put(item) for item in items)
        channel.end()

    maker = threading.Thread(target=make)
    maker.start()
    taken = []
    while (item := channel.get(5.0)) is not None:
        taken.append(item)
    maker.join()
    assert taken == items
    assert channel.dropped == 0


@given(items=st.lists(st.integers(), min_size=1, max_size=40), depth=st.integers(1, 5))
def test_the_newest_win_where_old_ones_are_dropped(items: list[int], depth: int) -> None:
    channel: Channel[int] = Channel(depth, drop_oldest=True)
    for item in items:
        channel.put(item)
    channel.end()
    kept = items[-depth:]
    assert [channel.get() for _ in kept] == kept
    assert channel.get() is None
    assert channel.dropped == len(items) - len(kept)


def test_an_error_comes_after_what_was_put_before_it() -> None:
    channel: Channel[int] = Channel(2, drop_oldest=False)
    channel.put(1)
    channel.end(ValueError("broken"))
    channel.end()
    assert channel.get() == 1
    for _ in range(2):
        with pytest.raises(ValueError, match="broken"):
            channel.get()


def test_silence_is_told_from_the_end() -> None:
    channel: Channel[int] = Channel(1, drop_oldest=True)
    with pytest.raises(TimeoutError):
        channel.get(0.001)
    channel.end()
    assert channel.get(0.001) is None


def test_closing_frees_a_maker_that_waits_for_room() -> None:
    channel: Channel[int] = Channel(1, drop_oldest=False)
    channel.put(1)
    results: list[bool] = []
    maker = threading.Thread(target=lambda: results.append(channel.put(2)))
    maker.start()
    channel.close()
    maker.join(5.0)
    assert results == [False]
    assert channel.get() is None


def three(items: Sequence[int]) -> bool:
    return len(items) == 3


def test_several_items_are_taken_at_once_in_order() -> None:
    channel: Channel[int] = Channel(8, drop_oldest=False)
    for item in range(5):
        channel.put(item)
    assert channel.get_some(three) == [0, 1, 2], "enough are there: none is waited for"
    channel.end()
    assert channel.get_some(three) == [3, 4], "no more will come"
    assert channel.get_some(three) == []


def test_an_error_comes_after_the_items_that_are_taken_at_once() -> None:
    channel: Channel[int] = Channel(8, drop_oldest=False)
    channel.put(1)
    channel.end(ValueError("broken"))
    assert channel.get_some(three) == [1]
    with pytest.raises(ValueError, match="broken"):
        channel.get_some(three)
