"""What every sink does, whatever it writes: a whole file under its name, or nothing at all."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engines.errors import OutputError
from realtime.sinks import (
    AnnotatedPicture,
    AnnotatedVideo,
    Background,
    Extras,
    RawVideo,
    Sink,
    Summary,
    open_episodes,
    open_table,
)
from tests.realtime.sinks.made import CLASSES, full_disk, run

Make = Callable[[Path], Sink]

SINKS: dict[str, Make] = {
    "video": AnnotatedVideo,
    "raw video": RawVideo,
    "video in the background": lambda path: Background(AnnotatedVideo(path), room=2),
    "parquet": lambda path: open_table(path, CLASSES, "parquet"),
    "csv": lambda path: open_table(path, CLASSES, "csv"),
    "jsonl": lambda path: open_table(path, CLASSES, "jsonl"),
    "picture": AnnotatedPicture,
    "parquet with all": lambda path: open_table(path, CLASSES, "parquet", Extras(keypoints=True, embeddings=3)),
    "episodes": lambda path: open_episodes(path, CLASSES, "csv"),
    "episodes for ELAN": lambda path: open_episodes(path, CLASSES, "elan"),
    "episodes for BORIS": lambda path: open_episodes(path, CLASSES, "boris"),
    "summary": lambda path: Summary(path, CLASSES, {"source": "made"}),
}


@pytest.fixture(params=list(SINKS.values()), ids=list(SINKS))
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


def fill(sink: Sink, frames: int = 5) -> None:
    for frame, reading in run(frames):
        sink.write(frame, reading)


def fill_and_fail(sink: Sink, error: BaseException) -> None:
    with sink:
        fill(sink)
        raise error


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_appears_when_it_is_finished_and_not_before(make: Make, tmp_path: Path) -> None:
    sink = make(tmp_path / "out")
    fill(sink)
    assert "out" not in names(tmp_path)
    sink.close()
    assert names(tmp_path) == ["out"]
    assert (tmp_path / "out").stat().st_size > 0


def test_abort_leaves_nothing(make: Make, tmp_path: Path) -> None:
    for frames in (0, 3):
        sink = make(tmp_path / "out")
        fill(sink, frames)
        sink.abort()
        sink.abort()
        sink.close()
        assert names(tmp_path) == []


def test_closing_twice_is_closing_once(make: Make, tmp_path: Path) -> None:
    sink = make(tmp_path / "out")
    fill(sink)
    sink.close()
    finished = (tmp_path / "out").read_bytes()
    sink.close()
    sink.abort()
    assert (tmp_path / "out").read_bytes() == finished


def test_an_older_file_stays_until_it_is_replaced(make: Make, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("older")
    sink = make(tmp_path / "out")
    fill(sink)
    sink.abort()
    assert (tmp_path / "out").read_text() == "older"
    sink = make(tmp_path / "out")
    fill(sink)
    sink.close()
    assert not (tmp_path / "out").read_bytes().startswith(b"older")


@pytest.mark.parametrize("end", [lambda sink: sink.close(), lambda sink: sink.abort()], ids=["close", "abort"])
def test_writing_after_the_end_is_refused(make: Make, tmp_path: Path, end: Callable[[Sink], None]) -> None:
    sink = make(tmp_path / "out")
    fill(sink)
    end(sink)
    with pytest.raises(OutputError, match="already finished"):
        fill(sink)


def test_leaving_the_with_block_finishes_the_file(make: Make, tmp_path: Path) -> None:
    with make(tmp_path / "out") as sink:
        fill(sink)
    assert names(tmp_path) == ["out"]


def test_an_error_in_the_with_block_leaves_nothing(make: Make, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="the camera fell"):
        fill_and_fail(make(tmp_path / "out"), RuntimeError("the camera fell"))
    assert names(tmp_path) == []


def test_ctrl_c_keeps_what_was_done(make: Make, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        fill_and_fail(make(tmp_path / "out"), KeyboardInterrupt())
    assert names(tmp_path) == ["out"]


def refused(make: Make, path: Path) -> str:
    with pytest.raises(OutputError) as caught:
        make(path)
    line = str(caught.value)
    assert str(path) in line
    assert "\n" not in line
    return line


def test_a_missing_folder_is_said_at_once(make: Make, tmp_path: Path) -> None:
    assert "No such file or directory" in refused(make, tmp_path / "missing" / "out")


def test_a_file_in_the_place_of_the_folder_is_said_at_once(make: Make, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "Not a directory" in refused(make, tmp_path / "file" / "out")


def test_a_folder_in_the_place_of_the_file_is_said_at_once(make: Make, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert "Is a directory" in refused(make, tmp_path / "out")
    assert names(tmp_path) == ["out"]


def test_a_name_that_is_too_long_is_said_at_once(make: Make, tmp_path: Path) -> None:
    assert "too long" in refused(make, tmp_path / ("o" * 300))


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that even root cannot write to")
def test_a_read_only_folder_is_said_at_once(make: Make) -> None:
    refused(make, Path("/proc/self/fdinfo/out"))


@pytest.mark.parametrize("share", [0, 0.5, 0.95])
def test_a_full_disk_is_one_line_and_leaves_nothing(make: Make, tmp_path: Path, share: float) -> None:
    def write_all() -> None:
        with make(tmp_path / "out") as sink:
            fill(sink, 20)

    write_all()
    needed = (tmp_path / "out").stat().st_size
    (tmp_path / "out").write_text("older")
    with full_disk(int(share * needed)), pytest.raises(OutputError) as caught:
        write_all()
    assert str(caught.value).startswith(f"Cannot write {tmp_path / 'out'}: File too large;")
    assert names(tmp_path) == ["out"]
    assert (tmp_path / "out").read_text() == "older"


def test_what_a_killed_run_left_is_replaced(make: Make, tmp_path: Path) -> None:
    (tmp_path / ".out.partial").write_bytes(b"left over" * 1000)
    with make(tmp_path / "out") as sink:
        fill(sink)
    assert names(tmp_path) == ["out"]
    assert b"left over" not in (tmp_path / "out").read_bytes()
