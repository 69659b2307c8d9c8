"""The lines at the foot of the picture, in the window."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engines.errors import SourceError
from gui import notices
from gui.rail import Page
from gui.settings import Loaded, Settings, load
from gui.window import Window
from realtime.options import DEMO, Options
from tests.gui.conftest import MakeWindow, Until
from tests.gui.fakes import FakeOpener, FakePipeline, face

LOST = "camera 0 gives no picture: waiting until it is back"


def start(until: Until, window: Window) -> None:
    window.start()
    until(lambda: window.live.view.scene is not None)


def test_settings_that_are_damaged_are_said_to_be(until: Until, make_window: MakeWindow) -> None:
    window = make_window(FakePipeline([face()]), settings=Loaded(Settings(), damaged=True))
    start(until, window)
    assert "settings could not be read" in window.live.view.notice


def test_settings_that_fell_back_are_named(until: Until, make_window: MakeWindow, tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"version": 1, "theme": "sepia", "smoothing": -1, "mirror": false}')
    window = make_window(FakePipeline([face()]), settings=load(file))
    start(until, window)
    assert window.live.view.notice.endswith("have their defaults: smoothing, theme.")


def test_they_are_said_to_be_also_where_there_is_no_camera(until: Until, make_window: MakeWindow) -> None:
    failure = SourceError("camera 0 cannot be opened")
    window = make_window(failure, cameras=(), settings=Loaded(Settings(), damaged=True))
    window.start()
    until(lambda: window.live.view.message.title == "No camera found")
    assert "settings could not be read" in window.live.view.notice


def test_a_notice_goes_by_itself_though_the_picture_stands(
    until: Until, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "SHOWN_MS", 20)
    window = make_window(FakePipeline([face()], frames=2, live=False))
    start(until, window)
    until(lambda: not window.live.running)
    window.live.say("Saved timeline.png")
    assert window.live.view.notice == "Saved timeline.png."
    until(lambda: window.live.view.notice == "")


def test_what_nobody_sees_is_not_said_in_vain(
    until: Until, qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "SHOWN_MS", 20)
    window = make_window(FakePipeline([face()]))
    start(until, window)
    window.show_page(Page.LIBRARY)
    window.live.say("The expressions cannot be kept")
    qtbot.wait(100)
    window.show_page(Page.LIVE)
    assert window.live.view.notice
    until(lambda: window.live.view.notice == "")


def test_that_a_camera_is_lost_is_said_until_it_is_back_or_another_source_is_chosen(
    until: Until, qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "SHOWN_MS", 20)
    opener = FakeOpener(FakePipeline([face()], frames=2, pause=60))
    window = make_window(opener)
    start(until, window)
    opener.notice(LOST)
    until(lambda: window.live.view.notice)
    qtbot.wait(100)
    assert window.live.view.notice
    scene = window.live.view.scene
    assert scene is not None
    window._controller.shown.emit(scene)
    until(lambda: window.live.view.notice == "")
    opener.notice(LOST)
    until(lambda: window.live.view.notice)
    window.live.stop()
    assert window.live.view.notice == ""


def test_that_it_is_a_demo_is_not_said_any_more_when_it_is_stopped(until: Until, make_window: MakeWindow) -> None:
    window = make_window(FakePipeline([face()]), options=Options(DEMO))
    start(until, window)
    assert "drawn" in window.live.view.notice
    window.live.stop()
    assert window.live.view.notice == ""


def test_a_notice_and_what_was_recorded_lie_one_above_the_other(until: Until, make_window: MakeWindow) -> None:
    window = make_window(FakePipeline([face()]))
    start(until, window)
    window.recorded.say_failed("Cannot write there.")
    window.live.say("The settings could not be read")
    view = window.live.view
    until(lambda: view.notice_area.height() > 0 and window.recorded.height() > 0)
    until(lambda: not view.notice_area.intersects(window.recorded.geometry()))
    assert view.rect().contains(view.notice_area)
    assert view.rect().contains(window.recorded.geometry())
