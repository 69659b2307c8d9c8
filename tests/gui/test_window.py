"""The window, driven as a person would."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engines.errors import SourceError
from gui.rail import Page
from gui.settings import Settings, for_start
from gui.window import Window
from realtime.options import Options
from realtime.palette import UNSURE_ABOVE, color
from tests.gui.conftest import CAMERAS, MakeWindow, Until
from tests.gui.fakes import CLASSES, FakeOpener, FakePipeline, face


def start(until: Until, window: Window) -> None:
    window.start()
    until(lambda: window.live.view.scene is not None)


def color_at(window: Window, point: QPointF) -> QColor:
    return QColor(window.live.view.grab().toImage().pixelColor(int(point.x()), int(point.y())))


def close_to(got: QColor, want: tuple[int, int, int]) -> bool:
    return max(abs(a - b) for a, b in zip((got.red(), got.green(), got.blue()), want, strict=True)) < 40


def test_nothing_but_the_window_comes_on_the_screen(until: Until, qtbot: QtBot, make_window: MakeWindow) -> None:
    shown: list[str] = []

    class Screen(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
            if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(type(watched).__name__)
            return False

    app, screen = QApplication.instance(), Screen()
    assert app is not None
    app.installEventFilter(screen)
    window = make_window(FakePipeline([face()]))
    start(until, window)
    window.show_page(Page.LIBRARY)
    until(lambda: window.archive.library is not None)
    qtbot.wait(50)
    app.removeEventFilter(screen)
    assert shown == ["Window"]


def test_a_face_has_a_box_a_label_and_bars(until: Until, make_window: MakeWindow) -> None:
    window = make_window(FakePipeline([face(best="happiness", share=0.86, uncertainty=0.2)]))
    start(until, window)
    scene = window.live.view.scene
    assert scene is not None
    assert scene.faces[0].label == "happiness 86 %"
    box = window.live.view.box_of(scene.faces[0])
    assert close_to(color_at(window, QPointF(box.center().x(), box.top())), color("happiness"))
    assert close_to(color_at(window, QPointF(box.left(), box.center().y())), color("happiness"))
    bars = window.live.panel.bars
    assert (bars.caption, bars.heading, bars.certainty) == ("Face 1", "Happiness", "uncertainty 20 %")
    assert bars.classes == CLASSES
    assert bars.face is not None
    assert bars.face.probabilities[1] == pytest.approx(0.86)


def test_a_camera_is_a_mirror_and_a_file_is_not(until: Until, make_window: MakeWindow) -> None:
    at_the_left = face(box=(0, 80, 160, 160))
    camera = make_window(FakePipeline([at_the_left]))
    start(until, camera)
    assert camera.live.view.scene is not None
    assert camera.live.view.scene.faces[0].box.right() == pytest.approx(1)
    file = make_window(FakePipeline([at_the_left], live=False), options=Options(source="clip.mp4"))
    start(until, file)
    assert file.live.view.scene is not None
    assert file.live.view.scene.faces[0].box.left() == pytest.approx(0)


def test_an_uncertain_reading_is_unsure_and_no_guess(until: Until, make_window: MakeWindow) -> None:
    window = make_window(FakePipeline([face(best="fear", share=0.3, uncertainty=UNSURE_ABOVE + 0.05)]))
    start(until, window)
    assert window.live.view.scene is not None
    assert window.live.view.scene.faces[0].label == "unsure"
    assert window.live.panel.bars.heading == "Unsure"
    assert window.live.panel.bars.accessibleDescription() == "unsure"


def test_many_faces_are_listed_and_a_click_selects(until: Until, make_window: MakeWindow) -> None:
    faces = [face(n, (40 * n, 100, 30 + n, 30 + n), best=CLASSES[n % 8]) for n in range(12, 0, -1)]
    window = make_window(FakePipeline(faces))
    start(until, window)
    assert [row.split()[0] for row in window.live.panel.list.rows] == [str(n) for n in range(1, 13)]
    assert window.live.panel.selected == 12  # the largest
    QTest.mouseClick(window.live.panel.list, Qt.MouseButton.LeftButton, pos=QPoint(40, 10))
    assert window.live.panel.bars.caption == "Face 1"
    assert window.live.view.scene is not None
    third = window.live.view.scene.face(3)
    assert third is not None
    QTest.mouseClick(window.live.view, Qt.MouseButton.LeftButton, pos=window.live.view.box_of(third).center().toPoint())
    assert window.live.panel.bars.caption == "Face 3"
    QTest.keyClick(window.live.panel.list, Qt.Key.Key_Down)
    assert window.live.panel.bars.caption == "Face 4"


def test_rows_stay_where_they_are_whatever_is_read(until: Until, make_window: MakeWindow) -> None:
    window = make_window(FakePipeline([face(best="fear")]), FakePipeline([]))
    start(until, window)
    size = window.live.panel.bars.size()
    window.start()
    until(lambda: window.live.panel.bars.heading == "No face in view")
    assert window.live.panel.bars.size() == size
    assert window.live.panel.bars.classes == CLASSES


def test_the_status_bar_tells_rate_latency_engine_and_source(until: Until, make_window: MakeWindow) -> None:
    window = make_window(FakePipeline([face()]))
    start(until, window)
    until(lambda: window.live.status.fps == "30.0 fps")
    assert window.live.status.latency == "latency 23 ms"
    assert window.live.status.engine == "openvino CPU bf16"
    assert window.live.status.source == "camera 0 (Fake) · 640 x 360"


def test_space_and_the_button_start_and_stop(until: Until, make_window: MakeWindow) -> None:
    window = make_window(FakePipeline([face()]))
    QTest.keyClick(window, Qt.Key.Key_Space)
    until(lambda: window.live.view.scene is not None)
    assert window.live.toggle_button.text() == "Stop"
    QTest.mouseClick(window.live.toggle_button, Qt.MouseButton.LeftButton)
    assert window.live.toggle_button.text() == "Start"
    assert window.live.view.scene is None
    assert window.live.view.message.title == "Stopped"
    assert window.live.status.fps == "— fps"
    QTest.mouseClick(window.live.toggle_button, Qt.MouseButton.LeftButton)
    until(lambda: window.live.view.scene is not None)


def test_cameras_are_chosen_by_name(until: Until, make_window: MakeWindow) -> None:
    opener = FakeOpener(FakePipeline([face()]), FakePipeline([face()], name="camera 2 (Desk Camera)"))
    window = make_window(opener)
    start(until, window)
    until(lambda: [choice.text for choice in window.live.chooser.choices] == ["Integrated Camera", "Desk Camera"])
    window.live.chooser.setFocus()
    QTest.keyClick(window.live.chooser, Qt.Key.Key_Down)
    until(lambda: window.live.status.source.startswith("camera 2"))
    assert [options.source for options in opener.asked] == [0, 2]
    assert opener.opened[0].closed.is_set()


def test_a_file_is_opened_played_and_listed(until: Until, make_window: MakeWindow) -> None:
    path = Path("some") / "clip.mp4"
    opener = FakeOpener(FakePipeline([face()], frames=3, live=False, name="clip.mp4"))
    window = make_window(opener, ask=lambda _: path)
    until(lambda: len(window.live.chooser.choices) == 2 and window.isActiveWindow())
    QTest.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    until(lambda: window.live.view.scene is not None and not window.live.running)
    assert [options.source for options in opener.asked] == [path]
    assert [choice.text for choice in window.live.chooser.choices] == ["Integrated Camera", "Desk Camera", "clip.mp4"]
    assert window.live.chooser.currentText() == "clip.mp4"
    assert window.live.toggle_button.text() == "Start"
    assert window.live.view.message.isHidden()  # the last picture stays


def test_choosing_no_file_changes_nothing(until: Until, make_window: MakeWindow) -> None:
    window = make_window(FakePipeline([face()]), ask=lambda _: None)
    start(until, window)
    window.live.open_button.open_file()
    assert window.live.running
    assert window.live.chooser.source == 0


def test_an_error_is_a_calm_line_with_a_way_on(until: Until, make_window: MakeWindow) -> None:
    error = SourceError("clip.mp4 is not a readable video: it is empty")
    window = make_window(error, FakePipeline([face()]), options=Options(source="clip.mp4"))
    window.start()
    assert window.live.view.message.title == "Starting…"
    until(lambda: window.live.view.message.title == "Cannot start")
    assert window.live.view.message.detail == "Clip.mp4 is not a readable video: it is empty."
    assert window.live.view.message.open_file.isVisible()
    assert window.live.toggle_button.text() == "Start"
    start(until, window)
    assert window.live.view.message.isHidden()


def test_without_a_camera_it_says_what_to_do(until: Until, make_window: MakeWindow) -> None:
    window = make_window(SourceError("camera 0 cannot be opened"), cameras=())
    window.start()
    until(lambda: window.live.view.message.title == "No camera found")
    assert "press Start" in window.live.view.message.detail


def test_a_remembered_camera_that_is_gone_is_told_from_a_wrong_file(until: Until, make_window: MakeWindow) -> None:
    error = SourceError("there is no file, folder or camera called 'Desk Camera': check the name; no camera was found")
    options = for_start(Options(source=""), Settings(source="Desk Camera"))
    window = make_window(error, options=options, cameras=CAMERAS[:1])
    window.start()
    until(lambda: window.live.view.message.title == "This camera is not connected")


def test_a_download_is_told_while_it_starts(until: Until, make_window: MakeWindow) -> None:
    gate = threading.Event()
    opener = FakeOpener(FakePipeline([face()]), gate=gate)
    opener.notices = ("Fetching the face detector (0.2 MB), once",)
    window = make_window(opener)
    window.start()
    until(lambda: window.live.view.message.detail.startswith("Fetching"))
    gate.set()
    until(lambda: window.live.view.scene is not None)
    assert window.live.view.notice == ""


def test_a_lost_camera_is_said_over_the_last_picture(until: Until, make_window: MakeWindow) -> None:
    opener = FakeOpener(FakePipeline([face()], frames=2, pause=60))
    window = make_window(opener)
    start(until, window)
    opener.notice("camera 0 gives no picture: waiting until it is back")
    until(lambda: window.live.view.notice == "Camera 0 gives no picture: waiting until it is back.")
    assert window.live.view.scene is not None
    assert window.live.panel.bars.isHidden()  # nothing is read just now


def test_closing_while_it_runs_ends_it(until: Until, make_window: MakeWindow) -> None:
    pipeline = FakePipeline([face()])
    window = make_window(pipeline)
    start(until, window)
    window.close()
    until(pipeline.closed.is_set)


def test_closing_while_it_opens_ends_it(until: Until, make_window: MakeWindow) -> None:
    gate = threading.Event()
    opener = FakeOpener(FakePipeline([face()]), gate=gate)
    window = make_window(opener)
    window.start()
    until(opener.opening.is_set)
    window.close()
    gate.set()
    until(lambda: bool(opener.opened) and opener.opened[0].closed.is_set())
    assert window.live.view.scene is None


def test_full_screen_comes_and_goes(until: Until, make_window: MakeWindow) -> None:
    window = make_window(FakePipeline())
    until(window.isActiveWindow)  # or Qt holds its shortcuts back
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()


def test_a_timeline_that_was_hidden_stays_so_after_full_screen(make_window: MakeWindow) -> None:
    live = make_window(FakePipeline()).live
    live.toggle_timeline()
    live.show_frame(False)
    live.show_frame(True)
    assert live.timeline.isHidden()
    live.toggle_timeline()
    live.show_frame(False)
    assert live.timeline.isHidden()
    live.show_frame(True)
    assert not live.timeline.isHidden()
