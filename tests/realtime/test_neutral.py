"""Each face's first seconds as its neutral, or a few at the present moment."""

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.neutral import NeutralGuide, OwnNeutral
from realtime.neutral import LEAST_READINGS, NeutralState, OwnNeutrals
from tests import tiny

_VECTORS = tiny.words().vectors
_NEUTRAL, _HAPPY, _ANGRY = (tiny.CLASSES.index(name) for name in ("neutral", "happiness", "anger"))
_FPS = 10.0


def _neutrals(seconds: float | None = None) -> OwnNeutrals:
    return OwnNeutrals(NeutralGuide(tiny.words(), 14.0), seconds)


def _see(neutrals: OwnNeutrals, ids: list[int], shown: list[int], time: float) -> list[int]:
    """What faces that show these classes are read as."""
    corrected = neutrals.correct(ids, _VECTORS[shown], time)
    read: list[int] = (corrected @ _VECTORS.T).argmax(axis=1).tolist()
    return read


def _watch(neutrals: OwnNeutrals, face: int, shown: int, start: float, seconds: float) -> list[int]:
    """A face that shows one class for some seconds, ``start`` included."""
    times = start + np.arange(round(seconds * _FPS)) / _FPS
    return [_see(neutrals, [face], [shown], time)[0] for time in times.tolist()]


def test_readings_are_as_usual_while_the_neutral_is_taken_and_corrected_afterwards() -> None:
    neutrals = _neutrals(2.0)
    assert _watch(neutrals, 1, _ANGRY, 100.0, 2.0) == [_ANGRY] * 20
    assert neutrals.state(1) is NeutralState.TAKING
    assert _watch(neutrals, 1, _ANGRY, 102.0, 1.0) == [_NEUTRAL] * 10
    assert neutrals.state(1) is NeutralState.TAKEN
    assert _watch(neutrals, 1, _HAPPY, 103.0, 1.0) == [_HAPPY] * 10


def test_each_face_has_its_own() -> None:
    neutrals = _neutrals(1.0)
    for time in np.arange(0, 1.0, 0.1).tolist():
        _see(neutrals, [1, 2], [_ANGRY, _NEUTRAL], time)
    assert _see(neutrals, [2, 1], [_ANGRY, _ANGRY], 1.05) == [_ANGRY, _NEUTRAL]


def test_a_slow_stream_takes_longer_rather_than_too_little() -> None:
    neutrals = _neutrals(0.5)
    read = [_see(neutrals, [1], [_ANGRY], float(second))[0] for second in range(LEAST_READINGS + 1)]
    assert read == [_ANGRY] * LEAST_READINGS + [_NEUTRAL]


def test_without_seconds_nothing_is_taken_until_it_is_asked_for() -> None:
    neutrals = _neutrals()
    assert set(_watch(neutrals, 1, _ANGRY, 0.0, 5.0)) == {_ANGRY}
    assert neutrals.state(1) is NeutralState.NONE
    assert neutrals.take(1, 1.0)
    assert neutrals.state(1) is NeutralState.TAKING
    assert set(_watch(neutrals, 1, _ANGRY, 5.0, 1.0)) == {_ANGRY}
    assert set(_watch(neutrals, 1, _ANGRY, 6.0, 1.0)) == {_NEUTRAL}


def test_taken_again_the_first_one_counts_no_more() -> None:
    neutrals = _neutrals(1.0)
    _watch(neutrals, 1, _ANGRY, 0.0, 2.0)
    neutrals.take(1, 1.0)
    assert set(_watch(neutrals, 1, _HAPPY, 2.0, 1.0)) == {_HAPPY}
    assert _see(neutrals, [1], [_HAPPY], 3.1) == [_NEUTRAL]
    assert _see(neutrals, [1], [_ANGRY], 3.2) == [_ANGRY]


@pytest.mark.parametrize("after", [0.5, 2.0], ids=["while it is taken", "once it is taken"])
def test_what_is_forgotten_stays_forgotten(after: float) -> None:
    neutrals = _neutrals(1.0)
    _watch(neutrals, 1, _ANGRY, 0.0, after)
    assert neutrals.forget(1)
    assert neutrals.state(1) is NeutralState.NONE
    assert set(_watch(neutrals, 1, _ANGRY, after, 3.0)) == {_ANGRY}


def test_what_was_taken_can_be_kept_and_given_to_a_face_that_comes_back() -> None:
    neutrals = _neutrals(1.0)
    _watch(neutrals, 1, _ANGRY, 0.0, 1.5)
    kept = neutrals.own(1)
    assert kept is not None
    another = _neutrals()
    _see(another, [7], [_ANGRY], 0.0)
    assert another.own(7) is None
    assert another.give(7, kept)
    assert another.state(7) is NeutralState.TAKEN
    assert _see(another, [7], [_ANGRY], 0.1) == [_NEUTRAL]
    assert not another.give(8, kept)
    with pytest.raises(ValueError, match="neutral"):
        another.give(7, OwnNeutral(np.zeros(3, np.float32)))


def test_a_face_that_is_not_there_has_no_neutral() -> None:
    neutrals = _neutrals()
    _see(neutrals, [1], [_ANGRY], 0.0)
    assert not neutrals.take(2, 1.0)
    assert not neutrals.forget(2)
    assert neutrals.state(2) is NeutralState.NONE


def test_a_face_that_is_gone_is_forgotten_and_one_that_blinks_is_not() -> None:
    neutrals = _neutrals(1.0)
    _watch(neutrals, 1, _ANGRY, 0.0, 1.5)
    _see(neutrals, [], [], 2.0)
    assert _see(neutrals, [1], [_ANGRY], 2.5) == [_NEUTRAL]
    _see(neutrals, [], [], 60.0)
    assert neutrals.state(1) is NeutralState.NONE
    assert not neutrals.forget(1)


def test_a_time_that_falls_leaves_nothing_of_a_face_of_the_same_name() -> None:
    neutrals = _neutrals(1.0)
    assert _watch(neutrals, 1, _ANGRY, 100.0, 2.0)[-1] == _NEUTRAL
    assert _see(neutrals, [1], [_ANGRY], 50.0) == [_ANGRY]
    assert neutrals.state(1) is NeutralState.TAKING


def test_time_that_starts_over_finds_no_one_of_before() -> None:
    neutrals = _neutrals(1.0)
    _watch(neutrals, 1, _ANGRY, 100.0, 2.0)
    _see(neutrals, [2], [_ANGRY], 0.0)
    assert neutrals.state(1) is NeutralState.NONE


def test_a_frame_without_faces_has_none_to_correct() -> None:
    none: NDArray[np.float32] = np.empty((0, _VECTORS.shape[1]), np.float32)
    assert _neutrals(1.0).correct([], none, 0.0).shape == none.shape


def test_what_was_embedded_is_left_as_it_was() -> None:
    neutrals = _neutrals(1.0)
    _watch(neutrals, 1, _ANGRY, 0.0, 2.0)
    embeddings = _VECTORS[[_ANGRY]].copy()
    neutrals.correct([1], embeddings, 2.0)
    np.testing.assert_array_equal(embeddings, _VECTORS[[_ANGRY]])


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), float("inf")])
def test_a_neutral_takes_time(seconds: float) -> None:
    with pytest.raises(ValueError, match="more than 0 seconds"):
        _neutrals(seconds)
    with pytest.raises(ValueError, match="more than 0 seconds"):
        _neutrals().take(1, seconds)
