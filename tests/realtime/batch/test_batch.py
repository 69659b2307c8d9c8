"""Everything in a folder, read for real: what fails, what is full, what is stopped, and how it goes on."""

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from engines.assets import Assets
from engines.errors import MienError, ModelError, OutputError, SourceError
from realtime import analysis
from realtime.batch.batch import Order, read_all
from realtime.batch.task import Task
from realtime.options import Options
from realtime.pipeline import Pipeline
from realtime.products import Products
from realtime.sinks.table import TableFormat
from tests.realtime.batch import made
from tests.realtime.faces import portrait
from tests.realtime.sources.helpers import no_thread_left, write_picture

Read = Callable[..., int]


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three videos of a face in two folders."""
    folder = tmp_path_factory.mktemp("videos") / "in"
    for number, name in enumerate(("a.mp4", "b.mp4", "deep/c.mov")):
        made.video(folder / name, tint=number)
    return folder


@pytest.fixture
def folder(videos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test's own copy; it works in the folder above."""
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(videos, tmp_path / "in"))


@pytest.fixture
def read(assets: Assets) -> Iterator[Read]:
    """Read ``in`` and all below into ``out``, and return how many failed."""
    options = Options(detector="short", assets=assets)

    def run(*inputs: str, annotate: bool = False, **how: Any) -> int:
        order = Order(inputs or ("in",), Path("out"), Products(table="jsonl", annotate=annotate), recursive=True)
        return read_all(options, Order(**{**{name: getattr(order, name) for name in order.__slots__}, **how}))

    with no_thread_left():
        yield run


def index() -> dict[str, dict[str, Any]]:
    """The rows of the table over all, by path."""
    rows = [json.loads(line) for line in Path("out/index.jsonl").read_text().splitlines()]
    return {Path(row["path"]).as_posix(): row for row in rows}


def results() -> dict[str, int]:
    """When each result was written, by its path; the index apart, which is written each time."""
    found = {path.as_posix(): path.stat().st_mtime_ns for path in Path("out").rglob("*") if path.is_file()}
    return {name: time for name, time in found.items() if "/index." not in name}


@pytest.mark.usefixtures("folder")
def test_a_folder_is_read_once_and_its_tree_is_mirrored(read: Read, capfd: pytest.CaptureFixture[str]) -> None:
    assert read() == 0
    before = results()
    names = ("in/a", "in/b", "in/deep/c")
    assert sorted(before) == sorted(f"out/{name}.{ending}" for name in names for ending in ("html", "json", "jsonl"))
    assert [row["status"] for row in index().values()] == ["done"] * 3
    assert "about" in capfd.readouterr().err
    assert read() == 0
    assert results() == before
    assert "3 of 3 were already done" in capfd.readouterr().err
    assert read(again=True) == 0
    assert results().keys() == before.keys()
    assert not set(results().items()) & set(before.items())


def test_what_fails_is_told_at_the_end_and_stops_nothing(
    read: Read, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = (folder / "b.mp4").read_bytes()
    (folder / "b.mp4").write_bytes(whole[: len(whole) // 2])
    (folder / "letter.mp4").write_text("Dear diary")
    assert read() == 2
    *_, title, first, second = capfd.readouterr().err.splitlines()
    assert title == "2 of 4 failed:"
    assert "b.mp4" in first
    assert "letter.mp4" in second
    assert [row["status"] for row in index().values()] == ["done", "failed", "failed", "done"]
    (folder / "b.mp4").write_bytes(whole)
    assert read() == 1
    assert index()["in/b.mp4"]["status"] == "done"


def test_a_file_that_vanishes_before_its_turn_fails_alone(
    read: Read, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    analyze = analysis.analyze

    def vanishing(*arguments: Any, **more: Any) -> Any:
        (folder / "b.mp4").unlink(missing_ok=True)
        return analyze(*arguments, **more)

    monkeypatch.setattr(analysis, "analyze", vanishing)
    assert read() == 1
    assert [row["status"] for row in index().values()] == ["done", "failed", "done"]
    assert "b.mp4 does not exist" in index()["in/b.mp4"]["error"]


@pytest.mark.usefixtures("folder")
def test_a_full_disk_ends_all_and_what_is_done_is_kept(
    read: Read, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from realtime.sinks import base  # noqa: PLC0415

    to_disk = base.to_disk

    def filling(path: Path) -> None:
        if path.name.startswith(".b."):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        to_disk(path)

    monkeypatch.setattr(base, "to_disk", filling)
    assert read() == 1
    assert sorted(results()) == ["out/in/a.html", "out/in/a.json", "out/in/a.jsonl"], (
        "nothing of b, and c was not begun"
    )
    assert [row["status"] for row in index().values()] == ["done", "failed", "waiting"]
    assert "The disk is full: 1 were not begun" in capfd.readouterr().err
    before = results()
    monkeypatch.setattr(base, "to_disk", to_disk)
    assert read() == 0
    assert len(results()) == 9
    assert before.items() <= results().items()


@pytest.mark.usefixtures("folder")
def test_a_disk_that_is_full_when_the_files_are_finished_leaves_none_that_nobody_speaks_of(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    from realtime.sinks import base  # noqa: PLC0415

    to_disk = base.to_disk

    def filling(path: Path) -> None:
        if path.name.startswith(".a.jsonl"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        to_disk(path)

    one = Path("in") / "a.mp4"
    monkeypatch.setattr(base, "to_disk", filling)
    with pytest.raises(OutputError, match="No space left"):
        read(str(one), products=Products(table="jsonl"))
    assert not list(Path("out").iterdir()), "the annotated video was whole already"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("error", [ModelError("no such model"), KeyboardInterrupt()], ids=["failed", "stopped"])
def test_what_ends_before_the_first_frame_leaves_the_former_results(
    read: Read, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    one = str(Path("in") / "a.mp4")
    assert read(one) == 0
    before = results()

    def failing(*_: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(Pipeline, "run", failing)
        with pytest.raises(type(error)):
            read(one, again=True)
    assert results() == before
    assert not list(Path("out").glob(".*"))


@pytest.mark.usefixtures("folder")
def test_what_was_finished_when_it_was_killed_is_replaced_and_is_no_recording(read: Read) -> None:
    for name in (".a.json.partial", "a.annotated.mp4", "a.jsonl"):
        shutil.copy(Path("in") / "b.mp4", Path("in") / name)
    assert read(out=Path(), products=Products(table="jsonl"), recursive=False) == 0
    made_of_a = {path.name for path in Path("in").glob("a*")}
    assert made_of_a == {"a.mp4", "a.html", "a.json", "a.jsonl", "a.annotated.mp4"}
    assert not list(Path("in").glob(".*"))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("x" * 300 + ".mp4", r"x\.mp4 cannot be read \(File name too long\): check the name"),
        ("~nobody-of-this-name/a.mp4", r"a\.mp4 does not exist: check the name"),
        ("in/loop/a.mp4", r"a\.mp4 cannot be read|a\.mp4 does not exist"),
        ("closed/a.mp4", r"closed.a\.mp4 cannot be read \(Permission denied\)"),
    ],
    ids=["too long", "in nobody's home", "behind a circle", "in a closed folder"],
)
def test_a_name_that_cannot_be_looked_at_is_said_in_a_line(
    read: Read, folder: Path, name: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "loop").symlink_to("loop")
    stat = Path.stat

    def guarded(path: Path, **how: bool) -> os.stat_result:  # root sees into every folder
        if "closed" in path.parts:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return stat(path, **how)

    monkeypatch.setattr(Path, "stat", guarded)
    with pytest.raises(MienError, match=line):
        read(name)
    assert read(name, "in/a.mp4", recursive=False) == 1
    assert [row["status"] for row in index().values()] == ["failed", "done"]


@pytest.mark.parametrize("table", ["parquet", "csv", "jsonl"])
def test_a_name_that_is_not_utf8_breaks_nothing(
    read: Read, folder: Path, table: TableFormat, capfd: pytest.CaptureFixture[str]
) -> None:
    odd = Path(os.fsdecode(b"caf\xe9"))
    try:
        (folder / "a.mp4").rename(folder / odd.with_suffix(".mp4"))
    except OSError:
        pytest.skip("this file system takes only names that are UTF-8")
    shutil.rmtree(folder / "deep")
    (folder / odd).mkdir()
    write_picture(folder / odd / odd.with_suffix(".jpg"), portrait())
    (folder / "letter.mp4").write_text("Dear diary")
    products = Products(table=table, episodes=("elan", "boris"))
    for said in ("1 of 4 failed", "3 of 4 were already done"):
        assert read(products=products) == 1
        assert said in capfd.readouterr().err
    summaries = [json.loads(path.read_text(encoding="utf-8")) for path in Path("out").rglob("*.json")]
    assert {Path("in") / odd.with_suffix(".mp4"), Path("in") / odd} < {Path(told["source"]) for told in summaries}
    assert "in/caf\ufffd.mp4".encode() in Path(f"out/index.{table}").read_bytes() or table == "parquet"
    tables = list(Path("out").rglob(f"caf*.{table}"))
    assert len(tables) == 2
    assert table == "parquet" or any("caf\ufffd.jpg" in path.read_text(encoding="utf-8") for path in tables)


@pytest.mark.usefixtures("folder")
def test_a_source_that_ended_before_it_should_is_not_read_again_but_fails_again(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    analyze = analysis.analyze
    asked: list[str] = []

    def torn(options: Options, *arguments: Any, known: dict[str, object], **more: Any) -> Any:
        asked.append(str(options.source))
        error = {"error": "a.mp4 ends at 0.4 s"} if str(options.source).endswith("a.mp4") else {}
        return analyze(options, *arguments, known={**known, **error}, **more)

    monkeypatch.setattr(analysis, "analyze", torn)
    for _ in range(2):
        assert read() == 1
        assert index()["in/a.mp4"]["error"] == "a.mp4 ends at 0.4 s"
        assert len(asked) == 3


def test_ctrl_c_keeps_what_was_read_and_the_next_run_goes_on(
    read: Read, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from realtime.batch.batch import _Run  # noqa: PLC0415

    made.video(folder / "b.mp4", frames=400, tint=9)

    def stop(_run: _Run, task: Task, _progress: object) -> None:
        if task.number == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(_Run, "moved", stop)
    with pytest.raises(KeyboardInterrupt):
        read()
    assert [row["status"] for row in index().values()] == ["done", "interrupted", "waiting"]
    assert "the same command goes on from there" in capfd.readouterr().err
    monkeypatch.undo()
    monkeypatch.chdir(folder.parent)
    before = results()
    assert read() == 0
    assert {name: time for name, time in before.items() if "/a." in name}.items() <= results().items()
    assert index()["in/b.mp4"]["frames"] == 400


@pytest.mark.usefixtures("folder")
def test_a_run_by_other_settings_that_was_stopped_does_not_call_old_results_done(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    from realtime.batch.batch import _Run  # noqa: PLC0415

    assert read() == 0
    begun = _Run.begun

    def stop(run: _Run, task: Task) -> None:
        if task.number == 1:
            raise KeyboardInterrupt
        begun(run, task)

    monkeypatch.setattr(_Run, "begun", stop)
    with pytest.raises(KeyboardInterrupt):
        read(products=Products(table="jsonl", annotate=False, report=False))
    assert [row["status"] for row in index().values()] == ["done", "waiting", "waiting"]


@pytest.mark.usefixtures("folder")
def test_an_index_that_cannot_be_written_is_said_and_is_no_recording(
    read: Read, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("out/index.jsonl/taken").mkdir(parents=True)
    assert read() == 1
    *_, last = capfd.readouterr().err.splitlines()
    assert "index.jsonl: Is a directory" in last
    (Path("in") / "letter.mp4").write_text("Dear diary")
    assert read() == 2
    *_, title, failed = capfd.readouterr().err.splitlines()
    assert title == "1 of 4 failed:"
    assert "letter.mp4" in failed


def test_a_bug_that_one_file_brings_out_is_its_failure(
    read: Read, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    analyze = analysis.analyze

    def buggy(options: Options, *arguments: Any, **more: Any) -> Any:
        if options.source == str(Path("in") / "b.mp4"):
            raise ZeroDivisionError("division by zero")
        return analyze(options, *arguments, **more)

    monkeypatch.setattr(analysis, "analyze", buggy)
    assert folder.is_dir()
    assert read() == 1
    assert "an error in Mien (ZeroDivisionError" in capfd.readouterr().err


def test_of_a_single_source_the_error_is_raised_and_there_is_no_index(read: Read, folder: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.mp4"):
        read("nowhere.mp4")
    assert read(str(folder / "a.mp4")) == 0
    assert sorted(results()) == ["out/a.html", "out/a.json", "out/a.jsonl"]
    assert not Path("out/index.jsonl").exists()
    (folder / "gone.mp4").symlink_to("nowhere.mp4")
    with pytest.raises(MienError, match=r"gone\.mp4 does not exist"):
        read(str(folder / "gone.mp4"))


def test_results_beside_recordings_leave_the_users_own_files_alone(read: Read, folder: Path) -> None:
    (folder / "a.annotated.mp4").write_bytes((folder / "b.mp4").read_bytes())
    own = {"b.json": '{"subject": 12}', "letter.mp4": "Dear diary", "letter.json": "{}"}
    for name, text in own.items():
        (folder / name).write_text(text)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    own_index = made.file(Path("index.jsonl"), '{"page": 12, "term": "smile"}\n')
    with pytest.raises(OutputError, match="would be lost"):
        read(out=Path())
    own_index.rename("pages.jsonl")
    for _ in range(2):
        assert read(out=Path(), products=Products(table="jsonl"), recursive=False) == 1
        assert {path: path.read_bytes() for path in before} == before
        summaries = {path.name for path in folder.glob("*.json")} - own.keys()
        assert summaries == {"a-2.json", "a.annotated.json"}, "b is there twice"


def test_a_result_beside_its_recording_is_known_again_and_replaced(
    read: Read, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    names = {"a.mp4", "a.html", "a.json", "a.jsonl", "a.annotated.mp4"}
    clip = shutil.copy(folder / "a.mp4", "a.mp4")
    for again, said in ((False, ""), (False, "Already done: a.mp4"), (True, "")):
        assert read(clip, out=Path(), products=Products(table="jsonl"), again=again) == 0
        assert said in capfd.readouterr().err
        assert {path.name for path in Path().iterdir() if path.is_file()} == names


@pytest.mark.usefixtures("folder")
def test_leftovers_of_a_run_that_was_killed_are_cleared_and_those_of_others_are_not(read: Read) -> None:
    Path("out/in/b.annotated").mkdir(parents=True)
    mine = [".a.jsonl.partial", ".a.json.partial", ".b.json.partial", "b.annotated/.000001.jpg.partial"]
    mine += [f".b.annotated.{ending}.partial" for ending in ("mp4", "mkv", "mov", "jpg")]
    others = [".a.mov.json.partial", ".z.json.partial", ".b.annotated.json.partial"]
    for name in (*mine, *others):
        made.file(Path("out/in") / name)
    assert read() == 0
    left = sorted(path.name for path in Path("out").rglob("*.partial"))
    assert left == sorted(others)


@pytest.mark.usefixtures("folder")
def test_the_results_are_the_same_whatever_the_number_of_processes(read: Read) -> None:
    products = Products(annotate=False)
    assert read(products=products, out=Path("one")) == 0
    assert read(products=products, out=Path("three"), workers=3) == 0
    for name in ("a", "b", "deep/c"):
        one, three = (pyarrow.parquet.read_table(f"{out}/in/{name}.parquet") for out in ("one", "three"))
        assert one.num_rows == 12
        assert one.equals(three)
    rows = [pyarrow.parquet.read_table(f"{out}/index.parquet") for out in ("one", "three")]
    assert rows[0].equals(rows[1])
