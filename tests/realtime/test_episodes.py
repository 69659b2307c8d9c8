"""Episodes: all the time for which a face is seen, and no more, parted by what leads in it."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.episodes import GAP_S, LONGEST_FRAME_S, SHORTEST_S, Episode, Timeline, episode_labels
from realtime.records import UNKNOWN_POINTS, Face, Reading

CLASSES = ("calm", "glad", "sad")
BOX = np.zeros(4, np.float32)
UNSURE = "?"
AWAY = " "


def face(label: str, face_id: int = 1, lead: float = 0.8) -> Face:
    """One in which the class that begins with ``label`` leads, or none."""
    shares = np.full(len(CLASSES), (1 - lead) / (len(CLASSES) - 1), np.float32)
    shares["cgs".find(label)] = lead
    return Face(face_id, BOX, UNKNOWN_POINTS, 0.9, shares, 0.9 if label == UNSURE else 0.2)


def told(readings: Sequence[Reading]) -> list[Episode]:
    timeline = Timeline(CLASSES)
    return [*(each for reading in readings for each in timeline.add(reading)), *timeline.end()]


def spans(seen: str, step: float = 0.1, start: float = 5.0) -> list[tuple[str, float, float]]:
    """The episodes of a face of which ``seen`` has a letter for each frame, in seconds from the first frame."""
    faces = [() if letter == AWAY else (face(letter),) for letter in seen]
    readings = [Reading(i, start + i * step, CLASSES, faces[i]) for i in range(len(seen))]
    return [(each.label, round(each.start - start, 6), round(each.end - start, 6)) for each in told(readings)]


def test_a_reading_holds_until_the_next_frame_and_the_last_as_long_as_the_one_before() -> None:
    assert spans("ccccgggg") == [("calm", 0, 0.4), ("glad", 0.4, 0.8)]


def test_unsure_is_a_label_of_its_own() -> None:
    assert spans("ccc???ccc") == [("calm", 0, 0.3), ("unsure", 0.3, 0.6), ("calm", 0.6, 0.9)]


def test_what_is_too_short_goes_to_the_episode_before_it() -> None:
    assert spans("cccgccc") == [("calm", 0, 0.7)]
    assert spans("cccgsss") == [("calm", 0, 0.4), ("sad", 0.4, 0.7)]
    assert spans("cccgs?") == [("calm", 0, 0.6)]
    assert spans("cccggccc") == [("calm", 0, 0.3), ("glad", 0.3, 0.5), ("calm", 0.5, 0.8)]


def test_at_the_beginning_it_goes_to_the_one_after() -> None:
    assert spans("gsccc") == [("calm", 0, 0.5)]


def test_where_none_leads_for_long_it_is_what_led_longest() -> None:
    assert spans("gcgsg") == [("glad", 0, 0.5)]
    assert spans("   g   ") == [("glad", 0.3, 0.4)]


def test_who_is_away_for_a_moment_was_there() -> None:
    assert spans("ccc    ccc") == [("calm", 0, 1.0)]
    assert spans("ccc    ggg") == [("calm", 0, 0.7), ("glad", 0.7, 1.0)]


def test_who_is_away_for_longer_was_not() -> None:
    assert spans("ccc     ccc") == [("calm", 0, 0.3), ("calm", 0.8, 1.1)]


def test_frames_may_come_slowly() -> None:
    assert spans("ccgg", step=2.0) == [("calm", 0, 4), ("glad", 4, 8)]


def test_a_stream_that_stands_still_is_not_seen() -> None:
    readings = [Reading(i, time, CLASSES, (face("c"),)) for i, time in enumerate((0.0, 0.5, 60.0, 60.5))]
    assert [(each.start, each.end) for each in told(readings)] == [(0, 0.5 + LONGEST_FRAME_S), (60, 61)]


def test_the_only_frame_lasts_as_a_frame_mostly_does() -> None:
    (episode,) = told([Reading(0, 3.0, CLASSES, (face("g"),))])
    assert (episode.start, episode.frames) == (3, 1)
    assert episode.end == pytest.approx(3 + 1 / 30)


def test_mean_and_peak_are_of_the_label() -> None:
    leads = (0.5, 0.9, 0.7)
    readings = [
        Reading(i, time, CLASSES, (face("g", lead=lead),))
        for i, (time, lead) in enumerate(zip((0, 0.3, 0.4), leads, strict=True))
    ]
    (episode,) = told(readings)
    assert episode.mean == pytest.approx((0.5 * 0.3 + 0.9 * 0.1 + 0.7 * 0.1) / 0.5)
    assert episode.peak == pytest.approx(0.9)
    assert (episode.peak_time, episode.frames) == (0.3, 3)


def test_what_is_no_class_has_no_probability() -> None:
    (episode,) = told([Reading(i, i / 10, CLASSES, (face(UNSURE),)) for i in range(5)])
    assert (episode.mean, episode.peak, episode.peak_time) == (None, None, None)


def test_a_class_may_be_called_unsure() -> None:
    assert episode_labels(CLASSES)[-1] == "unsure"
    assert len(set(episode_labels(("calm", "unsure")))) == 3


@st.composite
def streams(draw: st.DrawFn) -> list[Reading]:
    """Of two faces, at uneven times, with gaps, jitter, doubt and times that come again."""
    steps = draw(st.lists(st.sampled_from([0.0, 1 / 30, 0.04, 0.1, 0.3, 0.6, 2.0, 5.0]), max_size=40))
    times = np.cumsum([draw(st.floats(-10, 1e6)), *steps])
    letters = st.sampled_from(["c", "c", "g", "s", UNSURE, AWAY])
    return [
        Reading(i, float(time), CLASSES, tuple(face(letter, n) for n in (1, 2) if (letter := draw(letters)) != AWAY))
        for i, time in enumerate(times)
    ]


@given(readings=streams())
def test_episodes_are_the_time_seen_without_gap_or_overlap(readings: list[Reading]) -> None:
    of_face = defaultdict(list)
    for episode in told(readings):
        of_face[episode.face_id].append(episode)
    for face_id, episodes in of_face.items():
        seen = _seen(readings, face_id)
        assert sum(each.end - each.start for each in episodes) == pytest.approx(sum(b - a for a, b in seen), abs=1e-6)
        for one, following in pairwise(episodes):
            assert one.end <= following.start
            assert one.end < following.start or one.label != following.label
        for each in episodes:
            assert each.start < each.end
            assert any(a <= each.start and each.end <= b for a, b in seen)
            whole = any((each.start, each.end) == span for span in seen)
            assert whole or each.end - each.start >= SHORTEST_S - 1e-3  # times of a million seconds are coarse
            assert each.mean is None or (each.peak is not None and 0 < each.mean <= each.peak + 1e-9)


def _seen(readings: Sequence[Reading], face_id: int) -> list[tuple[float, float]]:
    """The stretches for which a face was seen, reckoned anew in the plainest way."""
    times = [reading.time for reading in readings]
    last_step = min(times[-1] - times[-2], LONGEST_FRAME_S) if len(times) > 1 else 1 / 30
    ends = [min(b, a + LONGEST_FRAME_S) for a, b in pairwise(times)] + [times[-1] + last_step]
    here = [i for i, reading in enumerate(readings) if any(each.face_id == face_id for each in reading.faces)]
    stretches: list[tuple[float, float]] = []
    for i in here:
        before = stretches[-1] if stretches else None
        if before is not None and (before[1] >= times[i] or times[i] - times[_last(here, i)] <= GAP_S + 1e-6):
            stretches[-1] = (before[0], ends[i])
        else:
            stretches.append((times[i], ends[i]))
    return [(a, b) for a, b in stretches if a < b]


def _last(here: Sequence[int], i: int) -> int:
    return max(j for j in here if j < i)


def test_memory_does_not_grow_with_time() -> None:
    timeline = Timeline(CLASSES)
    for i in range(2000):
        timeline.add(Reading(i, i / 10, CLASSES, (face("cg"[i % 2], i // 20),)))
    assert len(timeline._stretches) == 1
