"""What engines share: splitting, checks, and calls that neither overlap nor lose the engine under them."""

import threading
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.base import MAX_BATCH
from engines.errors import EngineUnavailable, ModelError
from tests import tiny

_PATIENCE = 30.0


def _faces(count: int) -> NDArray[np.uint8]:
    return np.zeros((count, 1, tiny.SIZE, tiny.SIZE), np.uint8)


class Held(tiny.BrightnessEngine):
    """Runs a batch for as long as a test wants."""

    def __init__(self) -> None:
        super().__init__(tiny.package())
        self.began, self.may_end = threading.Event(), threading.Event()

    def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.began.set()
        assert self.may_end.wait(_PATIENCE)
        assert not self.released, "closed under a call"
        return super()._run(faces)


class Odd(tiny.BrightnessEngine):
    """Gives embeddings of a shape or dtype that its package has not."""

    def __init__(self, spoil: Callable[[NDArray[np.float32]], NDArray[np.float32]]) -> None:
        super().__init__(tiny.package())
        self._spoil = spoil

    def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        return self._spoil(super()._run(faces))


@pytest.mark.parametrize(
    ("count", "batches"),
    [
        (0, []),
        (1, [1]),
        (MAX_BATCH, [MAX_BATCH]),
        (MAX_BATCH + 1, [MAX_BATCH, 1]),
        (2 * MAX_BATCH, [MAX_BATCH, MAX_BATCH]),
    ],
)
def test_only_what_is_too_many_is_split(count: int, batches: list[int]) -> None:
    engine = tiny.BrightnessEngine(tiny.package())
    assert len(engine.embed(_faces(count))) == count
    assert engine.batches == batches


def test_a_batch_lies_in_one_piece_before_native_code_sees_it() -> None:
    seen = []

    class Looks(tiny.BrightnessEngine):
        def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
            seen.append(faces.flags["C_CONTIGUOUS"])
            return super()._run(faces)

    Looks(tiny.package()).embed(_faces(600)[::2, :, :, ::-1])
    assert seen == [True, True]


class Buffered(tiny.BrightnessEngine):
    """Keeps what it gave, and gives a view of it but for a single face."""

    def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.kept = super()._run(faces)
        return self.kept[:] if len(faces) > 1 else self.kept


def test_memory_of_the_engines_own_is_not_handed_out_and_nothing_else_is_copied() -> None:
    engine = Buffered(tiny.package())
    assert not np.shares_memory(engine.embed(_faces(2)), engine.kept)
    assert engine.embed(_faces(1)) is engine.kept


@pytest.mark.parametrize("count", [1, MAX_BATCH + 1])
@pytest.mark.parametrize(
    "spoil",
    [lambda e: e[:, :-1], lambda e: e[1:], lambda e: e.astype(np.float16)],
    ids=["too-short", "too-few", "halves"],
)
def test_an_encoder_that_is_not_the_cards_is_said(
    count: int, spoil: Callable[[NDArray[np.float32]], NDArray[np.float32]]
) -> None:
    with pytest.raises(ModelError, match="install the model again"):
        Odd(spoil).embed(_faces(count))


def test_closing_waits_for_the_call_under_way() -> None:
    engine = Held()
    results: list[NDArray[np.float32]] = []
    calling = threading.Thread(target=lambda: results.append(engine.embed(_faces(2))))
    calling.start()
    assert engine.began.wait(_PATIENCE)
    closing = threading.Thread(target=engine.close)
    closing.start()
    engine.may_end.set()
    for thread in (calling, closing):
        thread.join(_PATIENCE)
        assert not thread.is_alive()
    assert [len(result) for result in results] == [2]
    assert engine.released == 1
    with pytest.raises(EngineUnavailable, match="closed"):
        engine.embed(_faces(1))


def test_two_threads_run_one_after_the_other() -> None:
    inside = threading.Lock()
    overlaps = []

    class Jealous(tiny.BrightnessEngine):
        def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
            if not inside.acquire(blocking=False):
                overlaps.append(len(faces))
            try:
                return super()._run(faces)
            finally:
                inside.release()

    engine = Jealous(tiny.package())

    def call(count: int) -> None:
        for _ in range(100):
            engine.embed(_faces(count))

    threads = [threading.Thread(target=call, args=(count,)) for count in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_PATIENCE)
    assert overlaps == []
    assert len(engine.batches) == 300


def test_a_call_that_fails_leaves_the_engine_usable() -> None:
    class Once(tiny.BrightnessEngine):
        def _run(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
            if not self.batches:
                self.batches.append(0)
                raise RuntimeError("a hiccup")
            return super()._run(faces)

    engine = Once(tiny.package())
    with pytest.raises(RuntimeError, match="hiccup"):
        engine.embed(_faces(1))
    assert len(engine.embed(_faces(1))) == 1
    engine.close()
    assert engine.released == 1
