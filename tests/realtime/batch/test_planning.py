"""What is read, and where it goes: nothing twice, and nothing in the place of another."""

import os
import random
from pathlib import Path

import pytest

from realtime.batch.content import Stamp
from realtime.products import Outputs
from tests.realtime.batch import made


def test_a_file_that_lies_where_it_lay_is_known_without_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = made.file(tmp_path / "a.mp4")
    made.summary(Outputs(tmp_path / "out", "a"), clip)
    monkeypatch.setattr("realtime.batch.planning.content_of", lambda *_: pytest.fail("it was read"))
    (unit,) = made.planned([clip], tmp_path / "out")
    assert unit.known is not None
    (unit,) = made.planned([clip], tmp_path / "out", again=True)
    assert unit.known is None


def test_a_new_file_is_not_read_before_its_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.batch.planning.content_of", lambda *_: pytest.fail("it was read"))
    clips = [made.file(tmp_path / "a.mp4", "a"), made.file(tmp_path / "b.mp4", "bb")]
    assert [unit.content for unit in made.planned(clips, tmp_path / "out")] == ["", ""]


def test_a_file_that_was_moved_or_touched_is_known_by_its_content(tmp_path: Path) -> None:
    clip = made.file(tmp_path / "a.mp4", "the same")
    made.summary(Outputs(tmp_path / "out", "a"), clip)
    os.utime(clip, (1, 1))
    (unit,) = made.planned([clip], tmp_path / "out")
    assert unit.known is not None
    (unit,) = made.planned([clip.rename(tmp_path / "b.mp4")], tmp_path / "out")
    assert unit.known is not None
    assert unit.outputs == Outputs(tmp_path / "out", "a")


def test_a_file_that_was_changed_is_read_again_into_its_place(tmp_path: Path) -> None:
    clip = made.file(tmp_path / "a.mp4", "before")
    made.summary(Outputs(tmp_path / "out", "a"), clip)
    clip.write_text("after!")
    os.utime(clip, (1, 1))
    (unit,) = made.planned([clip], tmp_path / "out")
    assert unit.known is None
    assert unit.outputs == Outputs(tmp_path / "out", "a")


@pytest.mark.parametrize(
    ("changed", "known"),
    [
        ({"settings": "others"}, False),
        ({"complete": False}, False),
        ({"files": ["a.parquet"]}, False),
        ({"complete": False, "error": "a.mp4 ends at 0.4 s"}, True),
    ],
    ids=["other settings", "interrupted", "a result is gone", "failed as far as it can be read"],
)
def test_what_is_known_need_not_be_read_again(tmp_path: Path, changed: dict[str, object], known: bool) -> None:
    clip = made.file(tmp_path / "a.mp4")
    made.summary(Outputs(tmp_path / "out", "a"), clip, **changed)  # type: ignore[arg-type]
    (unit,) = made.planned([clip], tmp_path / "out")
    assert (unit.known is not None) is known


def test_a_file_that_is_there_twice_is_read_once(tmp_path: Path) -> None:
    first, other, second = (made.file(tmp_path / f"{name}.mp4", name[0]) for name in ("xa", "ya", "xb"))
    one, two, three = made.planned([first, other, second], tmp_path / "out")
    assert (one.twin, two.twin, three.twin) == (None, None, one)
    assert three.outputs is None


def test_files_that_differ_in_their_suffix_keep_it(tmp_path: Path) -> None:
    clips = [made.file(tmp_path / name, name * n) for n, name in enumerate(("a.mov", "A.mp4", "b.mp4"), start=1)]
    expected = {"a.mov": "a.mov", "A.mp4": "A.mp4", "b.mp4": "b"}
    for seed in range(6):
        order = random.Random(seed).sample(clips, 3)
        assert made.names(made.planned(order, tmp_path / "out")) == expected


def test_a_result_stays_in_its_place_whatever_the_order_and_the_subset(tmp_path: Path) -> None:
    out = tmp_path / "out"
    clips = [made.file(tmp_path / folder / "a.mp4", folder * n) for n, folder in enumerate("xyz", start=1)]
    units = made.planned(clips, out)
    assert [unit.outputs.name for unit in units if unit.outputs] == ["a", "a-2", "a-3"]
    for unit, clip in zip(units, clips, strict=True):
        assert unit.outputs is not None
        made.summary(unit.outputs, clip, complete=False)
    for unit in made.planned(clips[::-1], out):
        assert unit.outputs == units[clips.index(Path(unit.found.source))].outputs
    (last,) = made.planned(clips[2:], out)
    assert last.outputs == units[2].outputs


def test_no_result_goes_where_that_of_another_or_the_index_lies(tmp_path: Path) -> None:
    out = tmp_path / "out"
    moved = made.file(tmp_path / "talk.mp4", "old")
    made.summary(Outputs(out, "talk"), moved)
    moved = moved.rename(tmp_path / "moved.mp4")
    new = made.file(tmp_path / "talk.mp4", "new one")
    index = made.file(tmp_path / "index.mp4", "a third, long one")
    assert made.names(made.planned([new, index, moved], out)) == {
        "moved.mp4": "talk",
        "talk.mp4": "talk-2",
        "index.mp4": "index-2",
    }


@pytest.mark.parametrize("own", ["talk.json", "talk.csv", "Talk.HTML", "talk.annotated.mp4", "talk.annotated"])
def test_no_result_goes_where_a_file_of_the_users_own_lies(tmp_path: Path, own: str) -> None:
    clip = made.file(tmp_path / "talk.mp4")
    made.file(tmp_path / own, '{"subject": 12}')
    assert made.names(made.planned([clip], tmp_path)) == {"talk.mp4": "talk-2"}
    made.summary(Outputs(tmp_path, "talk-2"), clip, settings="others")
    assert made.names(made.planned([clip], tmp_path)) == {"talk.mp4": "talk-2"}


def test_no_result_goes_where_a_recording_lies_that_is_read(tmp_path: Path) -> None:
    clip, copy = made.file(tmp_path / "talk.mp4", "a"), made.file(tmp_path / "talk.annotated.mp4", "bb")
    expected = {"talk.mp4": "talk-2", "talk.annotated.mp4": "talk.annotated"}
    assert made.names(made.planned([clip, copy], tmp_path)) == expected
    made.summary(Outputs(tmp_path, "talk"), clip, settings="others")
    assert made.names(made.planned([clip, copy], tmp_path)) == expected, "also where an earlier result lies"


def test_no_two_results_have_a_file_of_one_name(tmp_path: Path) -> None:
    clips = [made.file(tmp_path / name, name) for name in ("talk.mp4", "talk.episodes.mp4")]
    assert made.names(made.planned(clips, tmp_path / "out")) == {
        "talk.mp4": "talk",
        "talk.episodes.mp4": "talk.episodes-2",
    }


def test_what_a_run_has_left_that_was_killed_is_replaced(tmp_path: Path) -> None:
    clip = made.file(tmp_path / "talk.mp4")
    for name in (".talk.json.partial", "talk.parquet", "talk.annotated.mp4"):
        made.file(tmp_path / "out" / name)
    assert made.names(made.planned([clip], tmp_path / "out")) == {"talk.mp4": "talk"}


def test_a_file_that_vanishes_while_it_is_looked_at_is_its_own_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips = [made.file(tmp_path / name, "same") for name in ("a.mp4", "b.mp4", "c.mp4")]
    stamp_of = Stamp.of

    def vanishing(files: list[Path]) -> Stamp:
        stamp = stamp_of(files)
        if files[0].name == "b.mp4":
            files[0].unlink()
        return stamp

    monkeypatch.setattr("realtime.batch.planning.Stamp.of", vanishing)
    problems = [unit.problem for unit in made.planned(clips, tmp_path / "out")]
    assert problems[::2] == ["", ""]
    assert "b.mp4 does not exist" in problems[1]
