"""Videos wait their turn, are analysed, can be cancelled, and survive the end of the program."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engines.base import EngineName
from engines.package import DEFAULT_PACKAGE
from realtime.library import AnalysisQueue, JobState, Library, Progress
from realtime.library.requests import Request
from realtime.options import Options
from tests.realtime.library import made
from tests.realtime.library.analysts import FakeAnalyst

MakeQueue = Callable[..., AnalysisQueue]
DONE, FAILED, CANCELLED = JobState.DONE, JobState.FAILED, JobState.CANCELLED
LEFT, QUEUED, RUNNING = JobState.LEFT, JobState.QUEUED, JobState.RUNNING


@pytest.fixture
def make_queue(library: Library, tmp_path: Path) -> Iterator[MakeQueue]:
    """Makes queues, and ends them."""
    queues: list[AnalysisQueue] = []

    def make(analyst: FakeAnalyst) -> AnalysisQueue:
        queues.append(AnalysisQueue(library, tmp_path / "out", analyst=analyst))
        return queues[-1]

    yield make
    for queue in queues:
        assert queue.close(30)
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("mien-analyse")]


@pytest.fixture
def opened() -> FakeAnalyst:
    analyst = FakeAnalyst()
    analyst.gate.set()
    return analyst


def wait(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def states(queue: AnalysisQueue) -> list[JobState]:
    return [job.state for job in queue.jobs]


def ended(queue: AnalysisQueue) -> bool:
    return all(state.ended for state in states(queue))


def videos(tmp_path: Path, *names: str) -> list[Path]:
    return [tmp_path / name for name in names]


def crash(library: Library, folder: Path) -> None:
    """Leave what a process leaves that is killed while it analyses into ``folder``."""
    folder.mkdir(parents=True)
    (folder / f".{folder.name}.parquet.partial").touch()
    with library.database.change() as change:
        change.execute("UPDATE jobs SET folder = ? WHERE request LIKE ?", (str(folder), f"%{folder.name}.mp4%"))


def test_videos_are_analysed_one_after_the_other_into_the_library(
    library: Library, make_queue: MakeQueue, opened: FakeAnalyst, tmp_path: Path
) -> None:
    queue = make_queue(opened)
    queue.add(videos(tmp_path, "one.mp4", "two.mp4"), Options(smoothing=0.5))
    wait(lambda: ended(queue))

    assert states(queue) == [DONE, DONE]
    assert opened.names == ["one.mp4", "two.mp4"]
    assert opened.asked[0].options.smoothing == 0.5
    assert {entry.title for entry in library.entries()} == {"one", "two"}
    first = library.get(queue.jobs[0].entry or 0)
    assert first.source_file == tmp_path / "one.mp4" or first.source == str(tmp_path / "one.mp4")
    assert first.table == tmp_path / "out" / "one" / "one.parquet"
    queue.clear(queue.jobs[0].id)
    assert [job.title for job in queue.jobs] == ["two.mp4"]
    queue.clear()
    assert queue.jobs == ()


def test_progress_and_notices_are_told_while_one_runs(make_queue: MakeQueue, tmp_path: Path) -> None:
    analyst = FakeAnalyst(says=(Progress(0.5, 40.0, 12.0), "The sound does not fit."))
    queue = make_queue(analyst)
    seen: list[tuple[object, ...]] = []
    unsubscribe = queue.subscribe(lambda: seen.append(tuple((job.state, job.progress, job.line) for job in queue.jobs)))
    queue.add(videos(tmp_path, "one.mp4"), Options())
    analyst.begun.wait(30)

    (job,) = queue.jobs
    assert (job.state, job.progress, job.line) == (RUNNING, Progress(0.5, 40.0, 12.0), "The sound does not fit.")
    assert seen[-1] == ((RUNNING, job.progress, job.line),)
    unsubscribe()
    told = len(seen)
    analyst.gate.set()
    wait(lambda: ended(queue))
    assert len(seen) == told


def test_what_waits_already_is_not_queued_again(make_queue: MakeQueue, tmp_path: Path) -> None:
    queue = make_queue(FakeAnalyst())
    assert len(queue.add(videos(tmp_path, "one.mp4", "two.mp4", "one.mp4"), Options())) == 2
    assert queue.add(videos(tmp_path, "two.mp4"), Options()) == ()
    assert [job.title for job in queue.jobs] == ["one.mp4", "two.mp4"]


def test_two_videos_of_one_name_get_a_folder_each(
    library: Library, make_queue: MakeQueue, opened: FakeAnalyst, tmp_path: Path
) -> None:
    queue = make_queue(opened)
    queue.add(videos(tmp_path, "a/take [2].mp4", "b/take [2].mov"), Options())
    wait(lambda: ended(queue))
    assert {entry.title for entry in library.entries()} == {"take [2]", "take [2]-2"}


def test_a_failure_is_said_in_a_line_and_the_next_one_goes_on(
    library: Library, make_queue: MakeQueue, opened: FakeAnalyst, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queue = make_queue(opened)
    queue.add(videos(tmp_path, "bad.mp4", "broken.mp4", "good.mp4"), Options())
    wait(lambda: ended(queue))

    assert states(queue) == [FAILED, FAILED, DONE]
    assert [job.line for job in queue.jobs] == ["bad.mp4 is damaged", "bug", ""]
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["good"]
    assert len(library.entries()) == 1

    queue.retry(queue.jobs[0].id)
    wait(lambda: ended(queue))
    assert [job.title for job in queue.jobs] == ["broken.mp4", "good.mp4", "bad.mp4"]
    assert opened.names[-1] == "bad.mp4"


def test_one_that_runs_or_waits_is_cancelled_and_leaves_nothing(make_queue: MakeQueue, tmp_path: Path) -> None:
    analyst = FakeAnalyst()
    queue = make_queue(analyst)
    one, two, _ = queue.add(videos(tmp_path, "one.mp4", "two.mp4", "three.mp4"), Options())
    analyst.begun.wait(30)
    queue.cancel(two.id)
    assert states(queue) == [RUNNING, CANCELLED, QUEUED]
    queue.cancel(one.id)
    wait(lambda: states(queue) == [CANCELLED, CANCELLED, RUNNING])
    analyst.gate.set()
    wait(lambda: ended(queue))

    assert states(queue) == [CANCELLED, CANCELLED, DONE]
    assert analyst.names == ["one.mp4", "three.mp4"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["three"]
    queue.cancel(queue.jobs[2].id)  # too late
    assert states(queue) == [CANCELLED, CANCELLED, DONE]


def test_all_are_cancelled_and_none_begins_after(make_queue: MakeQueue, tmp_path: Path) -> None:
    analyst = FakeAnalyst()
    queue = make_queue(analyst)
    queue.add(videos(tmp_path, "one.mp4", "two.mp4", "three.mp4"), Options())
    analyst.begun.wait(30)
    queue.cancel_all()
    wait(lambda: ended(queue))
    assert states(queue) == [CANCELLED] * 3
    assert analyst.names == ["one.mp4"]
    assert list((tmp_path / "out").iterdir()) == []


def test_the_order_of_those_that_wait_can_be_changed(make_queue: MakeQueue, tmp_path: Path) -> None:
    analyst = FakeAnalyst()
    queue = make_queue(analyst)
    jobs = queue.add(videos(tmp_path, "run.mp4", "a.mp4", "b.mp4", "c.mp4"), Options())
    analyst.begun.wait(30)
    queue.move(jobs[3].id, 0)
    queue.move(jobs[1].id, 9)
    queue.move(jobs[0].id, 2)  # it runs: it stays
    assert [job.title for job in queue.jobs] == ["run.mp4", "c.mp4", "b.mp4", "a.mp4"]
    analyst.gate.set()
    wait(lambda: ended(queue))
    assert analyst.names == ["run.mp4", "c.mp4", "b.mp4", "a.mp4"]


def test_what_was_not_done_is_offered_again_in_its_order(
    library: Library, make_queue: MakeQueue, opened: FakeAnalyst, tmp_path: Path
) -> None:
    first = FakeAnalyst()
    queue = make_queue(first)
    jobs = queue.add(videos(tmp_path, "one.mp4", "two.mp4", "three.mp4"), Options(neutral=3.0), annotate=True)
    first.begun.wait(30)
    queue.move(jobs[2].id, 0)
    assert queue.close(30)
    assert list((tmp_path / "out").iterdir()) == []

    again = make_queue(opened)
    assert states(again) == [LEFT] * 3
    assert opened.asked == []
    again.resume()
    wait(lambda: ended(again))
    assert opened.names == ["one.mp4", "three.mp4", "two.mp4"]
    assert (opened.asked[0].options.neutral, opened.asked[0].annotate) == (3.0, True)
    assert {entry.title for entry in library.entries()} == {"one", "two", "three"}
    assert make_queue(opened).jobs == ()


def test_what_was_not_done_can_be_forgotten(library: Library, make_queue: MakeQueue, tmp_path: Path) -> None:
    first = FakeAnalyst()
    queue = make_queue(first)
    queue.add(videos(tmp_path, "one.mp4", "two.mp4"), Options())
    first.begun.wait(30)
    queue.close(30)
    crash(library, tmp_path / "out" / "one")

    again = make_queue(FakeAnalyst())
    again.forget()
    assert again.jobs == ()
    assert list((tmp_path / "out").iterdir()) == []
    assert make_queue(FakeAnalyst()).jobs == ()


def test_results_that_a_crash_kept_from_the_library_are_not_made_twice(
    library: Library, make_queue: MakeQueue, opened: FakeAnalyst, tmp_path: Path
) -> None:
    queue = make_queue(FakeAnalyst())
    queue.add(videos(tmp_path, "one.mp4"), Options())
    wait(lambda: queue.jobs[0].folder)
    queue.close(30)
    crash(library, tmp_path / "out" / "one")
    made.results(tmp_path / "out" / "one", "one")

    again = make_queue(opened)
    again.resume()
    wait(lambda: ended(again))
    assert states(again) == [DONE]
    assert opened.asked == []
    assert [entry.title for entry in library.entries()] == ["one"]


def test_jobs_of_a_window_that_is_open_are_its_own_and_of_one_that_died_anybodys(
    library: Library, make_queue: MakeQueue, opened: FakeAnalyst, tmp_path: Path
) -> None:
    make_queue(FakeAnalyst()).add(videos(tmp_path, "one.mp4", "two.mp4"), Options())
    assert make_queue(opened).jobs == ()
    with library.database.change() as change:
        change.execute("UPDATE jobs SET owner = '999999999 12.5' WHERE request LIKE '%one.mp4%'")
    late, quick = make_queue(opened), make_queue(opened)
    assert [job.title for job in late.jobs] == [job.title for job in quick.jobs] == ["one.mp4"]
    quick.resume()
    late.resume()
    assert late.jobs == ()
    wait(lambda: ended(quick))
    assert opened.names == ["one.mp4"]


def test_where_no_folder_can_be_made_the_job_says_so(
    make_queue: MakeQueue, opened: FakeAnalyst, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file in the way")
    queue = make_queue(opened)
    queue.add(videos(tmp_path, "one.mp4"), Options())
    wait(lambda: ended(queue))
    assert states(queue) == [FAILED]
    assert "Cannot make a folder" in queue.jobs[0].line


def test_a_request_comes_back_from_the_index_as_it_was(tmp_path: Path) -> None:
    options = Options(
        source=tmp_path / "a.mp4",
        model=tmp_path / "model",
        engine=EngineName.ONNXRUNTIME,
        detector="full",
        confidence=0.4,
        smoothing=0.0,
        neutral=2.0,
        prompts=tmp_path / "words.toml",
    )
    back = Request.from_json(Request(options, annotate=True).to_json())
    assert (back.source, back.annotate) == (tmp_path / "a.mp4", True)
    for name in ("model", "engine", "detector", "confidence", "smoothing", "neutral", "prompts"):
        assert getattr(back.options, name) == getattr(options, name)
    for text in ("{}", "[]", "nonsense", '{"source": 3}'):
        with pytest.raises(ValueError, match=r"request|Expecting"):
            Request.from_json(text)


def test_a_model_that_ships_is_queued_by_its_name(make_queue: MakeQueue, tmp_path: Path) -> None:
    queue = make_queue(FakeAnalyst())
    (job,) = queue.add(videos(tmp_path, "one.mp4"), Options(model=Path("mien-xs")))
    assert job.request.options.model == DEFAULT_PACKAGE.with_name("mien-xs")


def test_it_is_known_whether_anything_is_owed(make_queue: MakeQueue, tmp_path: Path) -> None:
    queue = make_queue(analyst := FakeAnalyst())
    assert not queue.owes()
    queue.add(videos(tmp_path, "one.mp4"), Options())
    assert queue.owes()
    analyst.gate.set()
    wait(lambda: ended(queue))
    assert not queue.owes()
