"""What the view tells of itself."""

import math
import time

import pytest
from pytestqt.qtbot import QtBot

from gui.scene import Scene, compose
from gui.view import View
from realtime.records import Frame, Reading
from tests.gui.fakes import CLASSES, face, grey


def scene(captured: float | None) -> Scene:
    reading = Reading(0, 0.0, CLASSES, (face(),))
    return compose(Frame(grey(), 0, 0.0), reading, mirrored=False, within=(640, 360), captured=captured)


@pytest.fixture
def view(qtbot: QtBot) -> View:
    view = View()
    qtbot.addWidget(view)
    view.resize(640, 360)
    return view


def test_a_live_picture_is_measured_once_however_often_it_is_painted(view: View) -> None:
    live = scene(time.monotonic() - 5)
    for _ in range(3):
        view.show_scene(live)
        view.grab()
    view.show_scene(scene(time.monotonic() - 5))
    view.grab()
    sample = view.meter.sample()
    assert sample.lag_ms.p50 >= 5000
    assert sample.painted_fps > 0


def test_one_picture_alone_has_no_rate(view: View) -> None:
    live = scene(time.monotonic())
    for _ in range(3):
        view.show_scene(live)
        view.grab()
    assert math.isnan(view.meter.sample().painted_fps)


def test_a_picture_of_a_file_has_no_lag(view: View) -> None:
    view.show_scene(scene(None))
    view.grab()
    assert math.isnan(view.meter.sample().lag_ms.p50)
