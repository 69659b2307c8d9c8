"""What is found in what a person names: every file once, in an order that a person would expect."""

import os
import random
from pathlib import Path

import pytest

from engines.errors import SourceError
from realtime.batch.finding import VIDEO_SUFFIXES, Found, find
from tests.realtime.batch import made


def found(tmp_path: Path, *inputs: str | Path, recursive: bool = True, results: set[Path] | None = None) -> list[str]:
    """Relative to the folder of the test."""
    there = find(list(map(str, inputs)), recursive=recursive, out=tmp_path / "out", results=results or set())
    return [Path(os.path.relpath(each.source, tmp_path)).as_posix() for each in there]


def test_a_folder_gives_its_own_videos_and_with_recursive_all_below_in_natural_order(tmp_path: Path) -> None:
    wanted = ["in/1.mp4", "in/2.mov", "in/10.MKV", "in/a/x.webm", "in/b2/x.mp4", "in/b10/x.mp4"]
    for name in random.Random(0).sample(wanted, len(wanted)):
        made.file(tmp_path / name)
    made.file(tmp_path / "in" / "notes.txt")
    assert found(tmp_path, tmp_path / "in") == wanted
    assert found(tmp_path, tmp_path / "in", recursive=False) == wanted[:3]


def test_the_pictures_of_a_folder_are_one(tmp_path: Path) -> None:
    for name in ("in/1.jpg", "in/2.jpg", "in/talk.mp4", "in/day/3.png"):
        made.file(tmp_path / name)
    there = find([str(tmp_path / "in")], recursive=True, out=tmp_path / "out")
    assert [(Path(each.source).name, each.place.as_posix()) for each in there] == [
        ("in", "."),
        ("talk.mp4", "in"),
        ("day", "in"),
    ]
    assert [path.name for path in there[0].files()] == ["1.jpg", "2.jpg"]


def test_pictures_that_cannot_be_read_are_not_passed_over(tmp_path: Path) -> None:
    """A folder of an iPhone's, beside a video."""
    for name in ("in/IMG_1.HEIC", "in/talk.mp4"):
        made.file(tmp_path / name)
    assert found(tmp_path, tmp_path / "in") == ["in", "in/talk.mp4"]


def test_what_is_hidden_and_the_results_are_left_out(tmp_path: Path) -> None:
    for name in ("in/.hidden.mp4", "in/.cache/x.mp4", "in/talk.mp4", "out/talk.annotated.mp4", "in/talk.annotated.mp4"):
        made.file(tmp_path / name)
    results = {tmp_path.resolve() / "in" / "talk.annotated.mp4"}
    assert found(tmp_path, tmp_path / "in", results=results) == ["in/talk.mp4"]
    assert found(tmp_path, tmp_path, results=results) == ["in/talk.mp4"]
    assert found(tmp_path, tmp_path / "out") == ["out/talk.annotated.mp4"], "it was asked for"


def test_what_a_run_has_left_that_was_killed_is_no_recording(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.annotated.mp4", ".a.json.partial", "b.mp4", "b.annotated.mp4"):
        made.file(tmp_path / "in" / name)
    assert found(tmp_path, tmp_path / "in") == ["in/a.mp4", "in/b.annotated.mp4", "in/b.mp4"]
    made.file(tmp_path / "in" / "a.json")
    assert "in/a.annotated.mp4" in found(tmp_path, tmp_path / "in"), "there is a summary, which does not know it"


def test_links_that_lead_in_a_circle_are_survived(tmp_path: Path) -> None:
    made.file(tmp_path / "in" / "a" / "x.mp4")
    (tmp_path / "in" / "a" / "up").symlink_to(tmp_path / "in", target_is_directory=True)
    (tmp_path / "in" / "b").symlink_to(tmp_path / "in" / "a", target_is_directory=True)
    (tmp_path / "in" / "self").symlink_to("self")
    assert found(tmp_path, tmp_path / "in") == ["in/a/x.mp4"]


def test_a_link_to_a_video_that_is_gone_is_not_passed_over(tmp_path: Path) -> None:
    made.file(tmp_path / "in" / "a.mp4")
    (tmp_path / "in" / "b.mp4").symlink_to(tmp_path / "gone.mp4")
    assert found(tmp_path, tmp_path / "in") == ["in/a.mp4", "in/b.mp4"]


def test_every_file_comes_once_and_one_that_is_named_itself_whatever_its_suffix(tmp_path: Path) -> None:
    clip, odd = made.file(tmp_path / "in" / "a.mp4"), made.file(tmp_path / "in" / "recording.dat")
    assert found(tmp_path, clip, tmp_path / "in", odd, clip) == ["in/a.mp4", "in/recording.dat"]


def test_what_is_no_file_is_taken_as_it_is(tmp_path: Path) -> None:
    there = find(["synthetic:2", "rtsp://camera/1", "nowhere.mp4"], recursive=True, out=tmp_path)
    assert there == [Found("synthetic:2"), Found("rtsp://camera/1"), Found("nowhere.mp4")]


def test_a_folder_with_nothing_to_read_says_so(tmp_path: Path) -> None:
    made.file(tmp_path / "letters" / "deep" / "a.mp4")
    with pytest.raises(SourceError, match=r"letters holds no videos .*--recursive"):
        find([str(tmp_path / "letters")], recursive=False, out=tmp_path / "out")


def test_a_folder_that_is_closed_is_a_problem_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made.file(tmp_path / "in" / "a.mp4")
    made.file(tmp_path / "in" / "closed" / "b.mp4")
    scandir = os.scandir

    def guarded(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("realtime.batch.finding.os.scandir", guarded)
    open_one, closed = find([str(tmp_path / "in")], recursive=True, out=tmp_path / "out")
    assert open_one.problem == ""
    assert "closed cannot be read (Permission denied)" in closed.problem


def test_the_suffixes_are_those_of_videos() -> None:
    wanted = {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".wmv", ".flv"}
    assert wanted | {".3gp", ".ogv", ".mxf"} <= VIDEO_SUFFIXES
