"""The controller under a person's hands: quick, impatient, and closing at the wrong moment."""

import threading

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from engines.errors import SourceError
from gui.controller import Controller
from gui.scene import Scene
from realtime.options import Options
from tests.gui.conftest import MakeController, Until, our_threads
from tests.gui.fakes import FakeOpener, FakePipeline, face


class Diary(QObject):
    """Writes down what a controller tells, in order."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.scenes: list[Scene] = []
        controller.started.connect(lambda started: self.lines.append(f"started {started.info.name}"))
        controller.notice.connect(lambda line: self.lines.append(f"notice {line}"))
        controller.failed.connect(lambda line: self.lines.append(f"failed {line}"))
        controller.stopped.connect(lambda: self.lines.append("stopped"))
        controller.shown.connect(self.scenes.append)


def test_a_run_starts_shows_pictures_and_stops(until: Until, make_controller: MakeController) -> None:
    pipeline = FakePipeline([face()])
    controller = make_controller(pipeline)
    diary = Diary(controller)
    controller.start(Options())
    until(lambda: len(diary.scenes) > 3)
    assert not pipeline.closed.is_set()
    controller.stop()
    until(lambda: "stopped" in diary.lines)
    assert pipeline.closed.is_set()
    assert diary.lines == ["started camera 0 (Fake)", "stopped"]


def test_nothing_is_shown_after_stop(until: Until, make_controller: MakeController) -> None:
    controller = make_controller(FakePipeline([face()], pause=0))
    diary = Diary(controller)
    controller.start(Options())
    until(lambda: len(diary.scenes) > 0)
    controller.stop()
    shown = len(diary.scenes)
    until(lambda: "stopped" in diary.lines)
    assert len(diary.scenes) == shown


def test_a_file_ends_by_itself_and_is_closed(until: Until, make_controller: MakeController) -> None:
    pipeline = FakePipeline([face()], frames=3, live=False, name="clip.mp4")
    controller = make_controller(pipeline)
    diary = Diary(controller)
    controller.start(Options(source="clip.mp4"))
    until(lambda: diary.lines == ["started clip.mp4", "stopped"])
    assert pipeline.closed.is_set()
    assert diary.scenes


def test_a_source_that_cannot_be_opened_is_one_line(until: Until, make_controller: MakeController) -> None:
    controller = make_controller(SourceError("camera 0 cannot be opened: plug it in"))
    diary = Diary(controller)
    controller.start(Options())
    until(lambda: diary.lines == ["failed camera 0 cannot be opened: plug it in"])


def test_a_source_that_fails_on_the_way_is_closed(until: Until, make_controller: MakeController) -> None:
    pipeline = FakePipeline([face()], frames=2, error=SourceError("clip.mp4 ends in the middle"))
    controller = make_controller(pipeline)
    diary = Diary(controller)
    controller.start(Options())
    until(lambda: diary.lines[1:] == ["failed clip.mp4 ends in the middle"])
    assert pipeline.closed.is_set()


def test_an_unexpected_error_is_shown_and_logged(
    until: Until, make_controller: MakeController, capsys: pytest.CaptureFixture[str]
) -> None:
    controller = make_controller(FakePipeline(frames=1, error=ZeroDivisionError("by chance")))
    diary = Diary(controller)
    controller.start(Options())
    until(lambda: diary.lines[1:] == ["failed ZeroDivisionError: by chance"])
    assert "Traceback" in capsys.readouterr().err


def test_after_a_failure_it_starts_again(until: Until, make_controller: MakeController) -> None:
    controller = make_controller(SourceError("busy"), FakePipeline([face()]))
    diary = Diary(controller)
    controller.start(Options())
    until(lambda: diary.lines == ["failed busy"])
    controller.start(Options())
    until(lambda: len(diary.scenes) > 0)


def test_a_slow_window_gets_the_newest_picture_and_no_backlog(until: Until, make_controller: MakeController) -> None:
    pipeline = FakePipeline([face()], frames=50, pause=0)
    controller = make_controller(pipeline)
    diary = Diary(controller)
    ended = threading.Event()
    # The Qt thread is busy from the first picture on, until the pipeline has given all of its own.
    controller.shown.connect(lambda _: ended.wait(10) if len(diary.scenes) == 1 else None)
    pipeline.when_closed = ended.set
    controller.start(Options())
    until(lambda: "stopped" in diary.lines)
    assert pipeline.yielded == 50
    assert len(diary.scenes) == 2


def test_only_the_last_of_many_quick_choices_is_shown(
    qtbot: QtBot, until: Until, make_controller: MakeController
) -> None:
    pipelines = [FakePipeline([face()], name=f"camera {n}") for n in range(20)]
    opener = FakeOpener(*pipelines)
    controller = make_controller(opener)
    diary = Diary(controller)
    for n in range(19):
        controller.start(Options(source=n))
        if n % 3 == 0:
            controller.stop()
        if n % 5 == 0:
            qtbot.wait(10)
    controller.start(Options(source=19))
    until(lambda: opener.asked[-1].source == 19 and bool(diary.scenes))
    assert our_threads().count("mien-play") == 1
    until(lambda: "mien-close" not in our_threads())
    assert [pipeline.closed.is_set() for pipeline in opener.opened] == [True] * (len(opener.opened) - 1) + [False]


def test_a_source_is_given_back_before_the_next_is_opened(until: Until, make_controller: MakeController) -> None:
    first, second = FakePipeline([face()]), FakePipeline([face()], name="camera 1")
    opener = FakeOpener(first, second)
    before: list[bool] = []
    opener.when_asked = lambda: before.append(first.closed.is_set())
    controller = make_controller(opener)
    diary = Diary(controller)
    controller.start(Options())
    until(lambda: bool(diary.scenes))
    controller.start(Options(source=1))
    until(lambda: "started camera 1" in diary.lines)
    assert before == [False, True]


def test_shutting_down_while_a_source_opens_leaves_it_closed(qtbot: QtBot, make_controller: MakeController) -> None:
    gate = threading.Event()
    pipeline = FakePipeline([face()])
    opener = FakeOpener(pipeline, gate=gate)
    controller = make_controller(opener)
    diary = Diary(controller)
    controller.start(Options())
    assert opener.opening.wait(5)
    assert not controller.shutdown(0.05)
    gate.set()
    assert controller.shutdown(5)
    qtbot.wait(10)
    assert pipeline.closed.is_set()
    assert pipeline.yielded == 0
    assert diary.scenes == []


def test_stopping_does_not_wait_for_a_pipeline_that_is_slow_to_close(
    until: Until, make_controller: MakeController
) -> None:
    class Slow(FakePipeline):
        may_close = threading.Event()

        def close(self) -> None:
            self.may_close.wait(10)
            super().close()

    pipeline = Slow([face()])
    controller = make_controller(pipeline)
    diary = Diary(controller)
    controller.start(Options())
    until(lambda: bool(diary.scenes))
    controller.stop()
    assert not pipeline.closed.is_set()
    pipeline.may_close.set()
    until(lambda: "stopped" in diary.lines)


def test_notices_of_opening_arrive_in_order(until: Until, make_controller: MakeController) -> None:
    opener = FakeOpener(FakePipeline([face()]))
    opener.notices = ("Fetching one", "Fetching two")
    controller = make_controller(opener)
    diary = Diary(controller)
    controller.start(Options())
    until(lambda: diary.lines == ["notice Fetching one", "notice Fetching two", "started camera 0 (Fake)"])
