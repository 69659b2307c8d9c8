"""Writing in the background: the same frames in the same order, and no error is lost."""

import threading
from collections.abc import Iterator

import pytest

from realtime.records import Frame, Reading
from realtime.sinks import Background, Sink
from tests.realtime.sinks.made import run


class Memory(Sink):
    """Remembers what it was told; fails at frame ``bad``."""

    def __init__(self, bad: int | None = None) -> None:
        self.seen: list[int] = []
        self.ending = ""
        self._bad = bad

    def write(self, frame: Frame, reading: Reading) -> None:  # noqa: ARG002
        if frame.index == self._bad:
            raise ValueError("a frame that does not fit")
        self.seen.append(frame.index)

    def close(self, *, complete: bool = True) -> None:
        self.ending = "complete" if complete else "incomplete"

    def abort(self) -> None:
        self.ending = "aborted"


@pytest.fixture(autouse=True)
def _no_thread_stays() -> Iterator[None]:
    yield
    assert [thread.name for thread in threading.enumerate() if thread.name == "mien-sink"] == []


@pytest.mark.parametrize("complete", [True, False])
def test_all_frames_arrive_in_order(complete: bool) -> None:
    memory = Memory()
    sink = Background(memory, room=2)
    for frame, reading in run(50):
        sink.write(frame, reading)
    sink.close(complete=complete)
    assert memory.seen == list(range(50))
    assert memory.ending == ("complete" if complete else "incomplete")


def test_an_error_reaches_the_owner_and_nothing_is_kept() -> None:
    memory = Memory(bad=3)

    def write_all() -> None:
        with Background(memory, room=2) as sink:
            for frame, reading in run(50):
                sink.write(frame, reading)

    with pytest.raises(ValueError, match="does not fit"):
        write_all()
    assert memory.seen == [0, 1, 2]
    assert memory.ending == "aborted"


def test_an_error_in_the_last_frame_reaches_the_owner_at_the_end() -> None:
    memory = Memory(bad=4)
    sink = Background(memory, room=8)
    for frame, reading in run(5):
        sink.write(frame, reading)
    with pytest.raises(ValueError, match="does not fit"):
        sink.close()
    assert memory.ending == "aborted"
