"""The readings of a table: at a time, face by face, and where they are strongest."""

import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.errors import TableError
from realtime.records import Reading
from realtime.replay import Recorded
from realtime.replay.table import Rows
from realtime.sources.pictures import STILL_S
from tests.realtime.replay.made import CLASSES, face, reading, write_table

CALM, GLAD, STARTLED = (0.8, 0.1, 0.1), (0.1, 0.8, 0.1), (0.1, 0.2, 0.7)


def load(folder: Path, readings: Sequence[Reading], name: str = "t.parquet") -> Recorded:
    return Recorded.load(write_table(folder / name, readings))


def ids(found: Reading) -> list[int]:
    return [each.face_id for each in found.faces]


def test_a_time_shows_the_last_frame_before_it(tmp_path: Path) -> None:
    recorded = load(tmp_path, [reading(i, 5 + i / 10, face(i + 1, CALM, left=i)) for i in range(4)])
    assert [ids(recorded.at(time)) for time in (4.9, 5.0, 5.05, 5.1, 5.19, 5.3)] == [[], [1], [1], [2], [2], [4]]
    found = recorded.at(5.25)
    assert (found.index, found.time, found.classes) == (2, 5.2, CLASSES)
    assert found.faces[0].box.tolist() == [2, 30, 40, 40]
    assert found.faces[0].probabilities == pytest.approx(CALM)
    assert (found.faces[0].score, found.faces[0].uncertainty) == pytest.approx((0.9, 0.25))


def test_a_time_that_was_rounded_is_still_that_of_its_frame(tmp_path: Path) -> None:
    recorded = load(tmp_path, [reading(i, round(i / 30, 6), face(i, CALM)) for i in range(30)])
    assert [ids(recorded.at(round(i / 30 * 90_000) / 90_000)) for i in range(30)] == [[i] for i in range(30)]


def test_frames_without_a_face_show_none(tmp_path: Path) -> None:
    seen = {0, 1, 2, 6, 7}
    recorded = load(tmp_path, [reading(i, i / 10, *([face(1, CALM)] if i in seen else [])) for i in range(12)])
    assert {i for i in range(12) if ids(recorded.at(i / 10))} == seen


def test_uneven_frames_show_none_while_there_was_none(tmp_path: Path) -> None:
    times = [0, 0.04, 0.08, 0.5, 1.5, 1.54, 1.58]
    seen = {1, 2, 5, 6}
    recorded = load(tmp_path, [reading(i, t, *([face(1, CALM)] if i in seen else [])) for i, t in enumerate(times)])
    assert {i for i, t in enumerate(times) if ids(recorded.at(t))} == seen


def test_a_slow_frame_is_shown_until_the_next(tmp_path: Path) -> None:
    recorded = load(tmp_path, [reading(i, t, face(i, CALM)) for i, t in enumerate([0, 0.1, 0.2, 3.0])])
    assert ids(recorded.at(2.9)) == [2]


def test_faces_are_told_on_the_whole_longest_first(tmp_path: Path) -> None:
    readings = [
        reading(i, 2 + i / 10, *([face(9, GLAD)] if i < 3 else []), *([face(4, CALM)] if 1 <= i < 7 else []))
        for i in range(10)
    ]
    first, second = load(tmp_path, readings).faces
    assert (first.face_id, first.frames, first.share, first.label) == (4, 6, 0.6, "neutral")
    assert (first.first, first.last) == (2.1, 2.6)
    assert (second.face_id, second.share, second.label) == (9, 0.3, "happiness")


def test_without_a_summary_shares_are_of_the_frames_between_the_first_and_the_last_row(tmp_path: Path) -> None:
    path = write_table(tmp_path / "t.csv", [reading(i, i / 10, *([face(1, CALM)] if i % 2 else [])) for i in range(10)])
    path.with_suffix(".json").write_text("{ damaged", encoding="utf-8")
    recorded = Recorded.load(path)
    assert recorded.faces[0].share == pytest.approx(5 / 9)
    assert (recorded.start, recorded.end, recorded.first_time) == (0.1, 0.9, None)


def test_the_summary_tells_where_the_film_begins_and_ends(tmp_path: Path) -> None:
    recorded = load(tmp_path, [reading(i, 7 + i / 10, *([face(1, CALM)] if i == 4 else [])) for i in range(10)])
    assert (recorded.start, recorded.end) == pytest.approx((7.0, 7.9))


@pytest.mark.parametrize("name", ["t.parquet", "t.csv", "t.jsonl"])
def test_a_film_without_faces_is_no_error(name: str, tmp_path: Path) -> None:
    recorded = load(tmp_path, [reading(0, 0.0), reading(1, 1.0)], name)
    assert (recorded.faces, recorded.classes) == ((), CLASSES)
    assert recorded.at(0.5).faces == ()
    assert recorded.strongest("happiness") == []
    assert (recorded.start, recorded.end) == (0.0, 1.0)


def test_a_face_s_series_is_its_own(tmp_path: Path) -> None:
    recorded = load(
        tmp_path, [reading(i, i / 10, face(1, CALM), *([face(2, GLAD)] if i > 1 else [])) for i in range(5)]
    )
    series = recorded.series(2)
    assert series.times == pytest.approx([0.2, 0.3, 0.4])
    assert series.probabilities == pytest.approx(np.array([GLAD] * 3))
    assert (series.uncertainty.shape, series.boxes.shape, series.gaps) == ((3,), (3, 4), ())
    assert len(recorded.series(77).times) == 0


def test_the_time_for_which_a_face_was_away_is_a_gap(tmp_path: Path) -> None:
    away = range(20, 40)
    recorded = load(tmp_path, [reading(i, i / 10, *([] if i in away else [face(1, CALM)])) for i in range(60)])
    (gap,) = recorded.series(1).gaps
    assert gap == pytest.approx((1.9, 4.0))


def test_a_blink_and_a_slow_film_have_no_gap(tmp_path: Path) -> None:
    blink = load(tmp_path, [reading(i, i / 10, *([] if i in (5, 6) else [face(1, CALM)])) for i in range(10)])
    slow = load(tmp_path, [reading(i, i * 2.0, face(1, CALM)) for i in range(10)], "slow.parquet")
    assert (blink.series(1).gaps, slow.series(1).gaps) == ((), ())


def test_the_strongest_moments_are_the_peaks(tmp_path: Path) -> None:
    def at(i: int) -> tuple[float, float, float]:
        glad = 0.1 + 0.8 * np.exp(-(((i / 30 - 3) / 0.5) ** 2)) + 0.5 * np.exp(-(((i / 30 - 9) / 0.5) ** 2))
        return (1 - glad, glad, 0.0)

    recorded = load(tmp_path, [reading(i, i / 30, face(3, at(i))) for i in range(360)])
    first, second = recorded.strongest("happiness")[:2]
    assert (first.time, second.time) == pytest.approx((3, 9), abs=0.04)
    assert (first.face_id, first.name) == (3, "happiness")
    assert 0.8 < first.probability < 0.9
    assert recorded.strongest("happiness", count=1) == [first]


def test_one_misread_frame_is_no_moment(tmp_path: Path) -> None:
    shares = [GLAD if i == 30 else STARTLED if 90 <= i < 120 else CALM for i in range(180)]
    recorded = load(tmp_path, [reading(i, i / 30, face(1, each)) for i, each in enumerate(shares)])
    assert recorded.strongest("happiness", count=1)[0].probability < 0.3
    assert recorded.strongest("surprise", count=1)[0].probability == pytest.approx(0.7)


def test_a_long_laugh_is_one_moment(tmp_path: Path) -> None:
    def glad(time: float) -> float:
        laughs = 2 < time < 12 or 20 < time < 24
        return 0.9 + 0.05 * float(np.sin(3 * time)) if laughs else 0.1

    shares = [(1 - glad(i / 20), glad(i / 20), 0.0) for i in range(600)]
    recorded = load(tmp_path, [reading(i, i / 20, face(1, each)) for i, each in enumerate(shares)])
    strong = [moment for moment in recorded.strongest("happiness") if moment.probability > 0.5]
    assert [2 < moment.time < 12 for moment in sorted(strong, key=lambda each: each.time)] == [True, False]


def test_moments_are_of_one_face_where_one_is_named(tmp_path: Path) -> None:
    recorded = load(tmp_path, [reading(i, i / 10, face(1, CALM), face(2, GLAD)) for i in range(30)])
    assert {each.face_id for each in recorded.strongest("happiness")} == {2}
    assert {each.face_id for each in recorded.strongest("happiness", 1)} == {1}
    assert recorded.strongest("happiness", 5) == []
    with pytest.raises(ValueError, match="boredom"):
        recorded.strongest("boredom")


def plainly_strongest(rows: Sequence[tuple[float, int, float]], count: int) -> list[tuple[float, int, float]]:
    """The same in plain words: mean over half a second, local peaks of each face, the best that are moments."""
    of_faces = []
    for face_id in {row[1] for row in rows}:
        own = [(time, value) for time, each, value in rows if each == face_id]
        means = []
        for time, _ in own:
            near = [value for other, value in own if abs(other - time) <= 0.25 + 1e-6]
            means.append(sum(near) / len(near))
        tops = []
        for i, mean in enumerate(means):
            before = means[i - 1] if i else -1.0
            after = means[i + 1] if i + 1 < len(means) else -1.0
            if mean > before and mean >= after:
                tops.append(i)
        chosen: list[int] = []
        for i in sorted(tops, key=lambda top: -means[top]):
            apart = all(abs(own[i][0] - own[j][0]) >= 2 for j in chosen)
            parted = all(min(means[min(i, j) : max(i, j) + 1]) < 0.75 * means[i] for j in chosen)
            if len(chosen) < count and apart and parted:
                chosen.append(i)
        of_faces += [(own[i][0], face_id, means[i]) for i in chosen]
    best: list[tuple[float, int, float]] = []
    for each in sorted(of_faces, key=lambda one: -one[2]):
        if len(best) < count and all(abs(each[0] - other[0]) >= 2 for other in best):
            best.append(each)
    return best


@given(
    steps=st.lists(st.sampled_from([0.031, 0.04, 0.2, 1.7]), min_size=1, max_size=80),
    seed=st.integers(0, 1000),
    count=st.integers(1, 6),
)
def test_the_strongest_moments_are_those_of_the_plain_reference(steps: list[float], seed: int, count: int) -> None:
    generator = np.random.default_rng(seed)
    times = np.cumsum(steps).round(6)
    glad = generator.random(len(times)).astype(np.float32)
    face_ids = generator.integers(1, 3, len(times))
    frames = np.arange(len(times))
    recorded = Recorded(
        Rows(
            classes=("neutral", "happiness"),
            frames=frames,
            times=times,
            face_ids=face_ids,
            boxes=np.ones((len(times), 4), np.float32),
            scores=np.ones(len(times), np.float32),
            uncertainty=np.zeros(len(times), np.float32),
            probabilities=np.stack([1 - glad, glad], axis=1),
        )
    )
    rows = list(zip(times.tolist(), face_ids.tolist(), glad.tolist(), strict=True))
    found = recorded.strongest("happiness", count=count)
    wanted = plainly_strongest(rows, count)
    assert [(m.time, m.face_id) for m in found] == [(time, face_id) for time, face_id, _ in wanted]
    assert [m.probability for m in found] == pytest.approx([mean for *_, mean in wanted])
    assert all(abs(a.time - b.time) >= 2 for a, b in itertools.combinations(found, 2))


def test_pictures_are_shown_one_after_the_other(tmp_path: Path) -> None:
    path = write_table(tmp_path / "t.csv", [reading(i, 0.0, face(i, CALM)) for i in range(3)])
    summary = {**json.loads(path.with_suffix(".json").read_text(encoding="utf-8")), "still": True}
    path.with_suffix(".json").write_text(json.dumps(summary), encoding="utf-8")
    recorded = Recorded.load(path)
    assert [ids(recorded.at(i * STILL_S)) for i in range(3)] == [[0], [1], [2]]
    assert recorded.end == 2 * STILL_S


def test_a_damaged_table_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "t.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(TableError, match="damaged or cut off"):
        Recorded.load(tmp_path / "t.parquet")
