"""The last readings of each face, against a plain list of all."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.history import History
from realtime.records import UNKNOWN_POINTS, Face, Reading

CLASSES = ("neutral", "happiness", "surprise")
BOX = np.zeros(4, np.float32)


def face(face_id: int, happiness: float = 0.5, uncertainty: float = 0.25) -> Face:
    probabilities = np.array([1 - happiness, happiness, 0], np.float32)
    return Face(face_id, BOX, UNKNOWN_POINTS, 0.9, probabilities, uncertainty)


def reading(time: float, *faces: Face, classes: tuple[str, ...] = CLASSES) -> Reading:
    return Reading(0, time, classes, faces)


STEPS = st.lists(
    st.tuples(st.floats(0.001, 0.4), st.sets(st.integers(1, 3)), st.floats(0, 1, width=32)), min_size=1, max_size=700
)


@given(STEPS, st.sampled_from([0.5, 5.0, 60.0]))
def test_it_keeps_what_a_list_would(steps: list[tuple[float, set[int], float]], seconds: float) -> None:
    history = History(seconds)
    everything: list[tuple[float, int, float]] = []
    now = 1000.0
    for step, ids, happiness in steps:
        now += step
        history.add(reading(now, *(face(face_id, happiness, happiness) for face_id in ids)))
        everything += [(now, face_id, happiness) for face_id in ids]
    kept = [entry for entry in everything if entry[0] >= now - seconds]
    assert history.faces == tuple(sorted({face_id for _, face_id, _ in kept}))
    for face_id in (1, 2, 3):
        wanted = [(time, happiness) for time, entry_id, happiness in kept if entry_id == face_id]
        series = history.series(face_id)
        assert series.times.tolist() == [time for time, _ in wanted]
        assert series.uncertainty.tolist() == [happiness for _, happiness in wanted]
        assert series.probabilities[:, 1].tolist() == [happiness for _, happiness in wanted]


def room_of(history: History) -> int:
    """The bytes of memory behind the series of the first face."""
    ring = history._rings[1]
    return ring._times.nbytes + ring._probabilities.nbytes + ring._uncertainty.nbytes


def test_memory_does_not_grow_with_time() -> None:
    history = History(2.0)
    sizes = []
    for index in range(6000):
        history.add(reading(index / 100, face(1)))
        if index in (400, 5999):
            sizes.append(room_of(history))
    assert sizes[0] == sizes[1]
    assert len(history.series(1).times) == 201


def test_even_the_fastest_stream_has_an_end() -> None:
    history = History(0.5)
    for index in range(4000):
        history.add(reading(index / 10_000, face(1)))
    times = history.series(1).times
    assert len(times) == 120
    assert times[-1] == pytest.approx(0.3999)


def test_other_classes_begin_anew() -> None:
    history = History()
    history.add(reading(1, face(1)))
    history.add(reading(2, face(2), classes=("calm", "bored", "tense")))
    assert history.faces == (2,)
    moment = history.moment(2)
    assert moment.classes == ("calm", "bored", "tense")
    assert moment.series.times.tolist() == [2]


def test_a_jump_back_begins_anew() -> None:
    history = History()
    history.add(reading(10, face(1)))
    history.add(reading(3, face(1)))
    assert history.series(1).times.tolist() == [3]


def test_a_moment_that_is_read_again_counts_once() -> None:
    history = History()
    history.add(reading(1, face(1, 0.1)))
    for _ in range(1000):
        history.add(reading(2, face(1, 0.9)))
    assert history.series(1).times.tolist() == [1, 2]
    assert history.series(1).probabilities[-1, 1] == pytest.approx(0.9)


def test_time_goes_on_without_faces_and_forgets_them() -> None:
    history = History(10)
    history.add(reading(0, face(1)))
    history.add(reading(9))
    assert (history.faces, history.moment(1).newest) == ((1,), 9)
    history.add(reading(10.5))
    assert history.faces == ()
    assert history.moment(1).newest == 10.5


def test_clear_forgets_everything() -> None:
    history = History()
    history.add(reading(5, face(1)))
    history.clear()
    assert history.faces == ()
    assert history.moment(1).newest is None
    history.add(reading(1, face(1)))
    assert history.series(1).times.tolist() == [1]


def test_an_unknown_face_has_an_empty_series() -> None:
    history = History()
    history.add(reading(1, face(1)))
    for unknown in (None, 7):
        series = history.series(unknown)
        assert [part.shape for part in series] == [(0,), (0, 3), (0,)]


def test_a_series_is_the_callers_own() -> None:
    history = History()
    history.add(reading(1, face(1)))
    series = history.series(1)
    history.add(reading(2, face(1)))
    series.times[:] = 99
    assert history.series(1).times.tolist() == [1, 2]


def test_a_series_is_cut_at_a_time() -> None:
    history = History()
    for time in (1.0, 2.0, 3.0):
        history.add(reading(time, face(1, uncertainty=time)))
    earlier = history.series(1).until(2.0)
    assert earlier.times.tolist() == earlier.uncertainty.tolist() == [1, 2]
    assert earlier.probabilities.shape == (2, 3)


def test_it_is_read_while_another_thread_adds() -> None:
    history = History(1.0)
    done = threading.Event()

    def write() -> None:
        for index in range(3000):
            classes = CLASSES if index % 700 else ("calm", "bored", "tense")
            history.add(reading(index / 100, face(1, (index % 100) / 100, (index % 100) / 100), classes=classes))
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        series = history.series(1)
        assert np.all(np.diff(series.times) > 0)
        assert np.array_equal(series.probabilities[:, 1], series.uncertainty)
    writer.join()
