"""The timeline, driven as a person would."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.timeline import SPAN_S, Timeline, unsure_stretches
from realtime.history import History, Series
from realtime.palette import UNSURE_ABOVE
from realtime.records import Reading
from tests.gui.conftest import Until
from tests.gui.fakes import CLASSES, face

START = 5000.0
"""A camera's clock starts anywhere."""
Make = Callable[..., Timeline]


class Feed:
    """Readings at 20 a second, one after the other."""

    def __init__(self) -> None:
        self.history = History(300)
        self.now = START

    def add(self, seconds: float, *ids: int, classes: tuple[str, ...] = CLASSES, uncertainty: float = 0.2) -> None:
        for _ in range(round(seconds * 20)):
            faces = tuple(face(face_id, share=0.5 + face_id / 10, uncertainty=uncertainty) for face_id in ids)
            self.history.add(Reading(0, self.now, classes, faces))
            self.now += 0.05

    @property
    def newest(self) -> float:
        return self.now - 0.05


@pytest.fixture
def feed() -> Feed:
    return Feed()


@pytest.fixture
def make_timeline(qtbot: QtBot, feed: Feed) -> Make:
    """A visible timeline of the feed; with ``running``, on face 1."""

    def make(*, running: bool = True, live: bool = True, path: Path | None = None) -> Timeline:
        def ask(_: QWidget) -> Path | None:
            return path

        timeline = Timeline(feed.history, ask)
        qtbot.addWidget(timeline)
        timeline.resize(900, 300)
        timeline.show()
        if running:
            timeline.start(live=live)
            timeline.show_face(1)
        return timeline

    return make


def view(timeline: Timeline) -> tuple[float, float]:
    assert timeline.plot is not None
    return timeline.plot.view


def labels(timeline: Timeline) -> list[str]:
    assert timeline.plot is not None
    return [text for _, text in timeline.plot.time_labels(6)]


def drag(timeline: Timeline, pixels: int) -> None:
    assert timeline.plot is not None
    inside = timeline.plot.viewport
    middle = inside.rect().center()
    QTest.mousePress(inside, Qt.MouseButton.LeftButton, pos=middle)
    for step in range(1, 5):
        QTest.mouseMove(inside, middle + QPoint(pixels * step // 4, 0))
        QTest.qWait(60)  # pyqtgraph takes moves at 20 a second
    QTest.mouseRelease(inside, Qt.MouseButton.LeftButton, pos=middle + QPoint(pixels, 0))


def wheel(timeline: Timeline, notches: int) -> None:
    assert timeline.plot is not None
    inside = timeline.plot.viewport
    middle = QPointF(inside.rect().center())
    buttons, keys, phase = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        middle, inside.mapToGlobal(middle), QPoint(), QPoint(0, 120 * notches), buttons, keys, phase, False
    )
    QApplication.sendEvent(inside, event)


def test_the_window_need_not_wait_for_the_plot() -> None:
    code = "import sys, gui.timeline; print(*{'pyqtgraph', 'cv2', 'onnxruntime'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_without_a_face_it_says_so_calmly(make_timeline: Make) -> None:
    timeline = make_timeline()
    assert timeline.state == "No face yet. What is read in one is drawn here."
    assert timeline.plot is None
    assert not timeline.export_button.isEnabled()


def test_the_newest_is_at_the_right_edge_and_a_minute_is_seen(until: Until, make_timeline: Make, feed: Feed) -> None:
    feed.add(80, 1)
    timeline = make_timeline()
    assert view(timeline) == pytest.approx((feed.newest - SPAN_S, feed.newest))
    feed.add(3, 1)
    until(lambda: view(timeline)[1] == pytest.approx(feed.newest))
    assert view(timeline)[0] == pytest.approx(feed.newest - SPAN_S)
    assert timeline.state == "the last 1:00"


def test_time_goes_on_while_the_face_is_away(until: Until, make_timeline: Make, feed: Feed) -> None:
    feed.add(10, 1)
    timeline = make_timeline()
    feed.add(5)
    until(lambda: view(timeline)[1] == pytest.approx(feed.newest))
    assert timeline.plot is not None
    assert timeline.plot.points()[0][-1] == pytest.approx(feed.newest - 5)


def test_a_camera_tells_times_from_now_and_a_file_its_own(make_timeline: Make, feed: Feed) -> None:
    feed.now = 100.0
    feed.add(30.05, 1)
    assert labels(make_timeline(live=True))[-1] == "now"
    file = labels(make_timeline(live=False))
    assert "2:00" in file
    assert "now" not in file


def test_a_file_has_no_times_before_its_begin(make_timeline: Make, feed: Feed) -> None:
    feed.now = 0.0
    feed.add(20, 1)
    assert labels(make_timeline(live=False)) == ["0:00", "0:10"]


def test_it_keeps_its_height_when_the_first_face_comes(qtbot: QtBot, until: Until, feed: Feed) -> None:
    window, timeline = QWidget(), Timeline(feed.history)
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    layout.addStretch(1)
    layout.addWidget(timeline)
    window.resize(700, 600)
    window.show()
    height = timeline.height()
    timeline.start(live=True)
    timeline.show_face(1)
    feed.add(5, 1)
    until(lambda: timeline.plot is not None)
    QApplication.processEvents()
    assert timeline.height() == height


def test_pause_holds_and_resume_shows_what_came_meanwhile(until: Until, make_timeline: Make, feed: Feed) -> None:
    feed.add(90, 1)
    timeline = make_timeline()
    until(timeline.isActiveWindow)  # or Qt holds its shortcuts back
    QTest.keyClick(timeline, Qt.Key.Key_P)
    assert timeline.paused
    assert timeline.state == "Paused. Drag or scroll to look back."
    assert timeline.pause_button.text() == "Resume"
    held = view(timeline)
    feed.add(20, 1)
    QTest.qWait(250)
    assert view(timeline) == held
    QTest.mouseClick(timeline.pause_button, Qt.MouseButton.LeftButton)
    assert not timeline.paused
    assert view(timeline)[1] == pytest.approx(feed.newest)
    assert timeline.plot is not None
    assert timeline.plot.bounds[0] == pytest.approx(START)


def test_a_drag_looks_back_and_pauses(qtbot: QtBot, make_timeline: Make, feed: Feed) -> None:
    feed.add(120, 1)
    timeline = make_timeline()
    newest = feed.newest
    with qtbot.waitSignal(timeline.pause_changed):
        drag(timeline, 200)
    left, right = view(timeline)
    assert right < newest - 5
    assert right - left == pytest.approx(SPAN_S)
    for _ in range(20):
        drag(timeline, 300)
        if view(timeline)[0] == pytest.approx(START):
            break
    assert view(timeline)[0] == pytest.approx(START)


def test_resume_goes_to_the_newest_though_nothing_came(make_timeline: Make, feed: Feed) -> None:
    feed.add(120, 1)
    timeline = make_timeline()
    drag(timeline, 200)
    assert "now" not in labels(timeline)
    timeline.toggle_pause()
    assert view(timeline) == pytest.approx((feed.newest - SPAN_S, feed.newest))
    assert labels(timeline)[-1] == "now"


def test_the_wheel_zooms_and_goes_on_running(until: Until, make_timeline: Make, feed: Feed) -> None:
    feed.add(120, 1)
    timeline = make_timeline()
    wheel(timeline, 5)
    left, right = view(timeline)
    assert right - left < 0.9 * SPAN_S
    feed.add(2, 1)
    until(lambda: view(timeline)[1] == pytest.approx(feed.newest))
    assert view(timeline)[1] - view(timeline)[0] == pytest.approx(right - left)
    assert not timeline.paused


def test_another_face_is_shown_as_it_was_while_paused(make_timeline: Make, feed: Feed) -> None:
    feed.add(30, 1, 2)
    timeline = make_timeline()
    timeline.toggle_pause()
    paused_at = feed.newest
    feed.add(10, 1, 2)
    held = view(timeline)
    timeline.show_face(2)
    assert timeline.plot is not None
    times, values = timeline.plot.points()
    assert times[-1] == pytest.approx(paused_at)
    assert values[-1].max() == pytest.approx(0.7)
    assert view(timeline) == held
    timeline.show_face(None)
    assert timeline.face == 2


def test_what_was_read_stays_when_the_source_ends(make_timeline: Make, feed: Feed) -> None:
    feed.add(30, 1)
    timeline = make_timeline()
    timeline.stop()
    timeline.show_face(None)
    feed.history.clear()
    assert timeline.state == "Stopped. Drag or scroll to look back."
    assert timeline.plot is not None
    assert len(timeline.plot.points()[0]) == 600
    assert not timeline.pause_button.isEnabled()
    timeline.start(live=True)
    assert timeline.state.startswith("No face yet")


def test_it_asks_only_while_it_is_seen_and_runs(make_timeline: Make) -> None:
    timeline = make_timeline(running=False)
    assert not timeline.refreshing
    timeline.start(live=True)
    assert timeline.refreshing
    timeline.hide()
    assert not timeline.refreshing
    timeline.show()
    assert timeline.refreshing
    timeline.toggle_pause()
    assert not timeline.refreshing
    timeline.toggle_pause()
    timeline.stop()
    assert not timeline.refreshing


def test_other_classes_are_taken_as_they_come(until: Until, make_timeline: Make, feed: Feed) -> None:
    feed.add(5, 1)
    timeline = make_timeline()
    assert timeline.plot is not None
    feed.add(1, 1, classes=("bored", *CLASSES[1:]))
    until(lambda: timeline.plot is not None and timeline.plot.classes[0] == "bored")
    assert view(timeline)[1] == pytest.approx(feed.newest)


def test_unsure_stretches_are_marked(make_timeline: Make, feed: Feed) -> None:
    feed.add(5, 1)
    feed.add(2, 1, uncertainty=UNSURE_ABOVE + 0.1)
    feed.add(5, 1)
    timeline = make_timeline()
    assert timeline.plot is not None
    [span] = timeline.plot.spans
    assert (span.start, span.end) == pytest.approx((START + 5, START + 7))
    assert span.tip == "unsure"


def test_an_unsure_stretch_ends_where_the_face_went() -> None:
    times = np.array([0.0, 0.1, 0.2, 5.0, 5.1, 5.2])
    unsure = np.array([0.9, 0.1, 0.9, 0.9, 0.9, 0.1], np.float32)
    series = Series(times, np.zeros((6, 1), np.float32), unsure)
    assert unsure_stretches(series) == [(0.0, 0.1), (0.2, 0.2), (5.0, 5.2)]
    assert unsure_stretches(series.until(-1)) == ()


def test_the_picture_has_the_names_and_the_times(qtbot: QtBot, make_timeline: Make, feed: Feed, tmp_path: Path) -> None:
    feed.add(30, 1)
    timeline = make_timeline(path=tmp_path / "timeline.svg")
    assert timeline.plot is not None
    timeline.plot.show_classes({"happiness", "fear"})
    with qtbot.waitSignal(timeline.notice) as said:
        QTest.mouseClick(timeline.export_button, Qt.MouseButton.LeftButton)
    assert said.args == [f"Saved {tmp_path / 'timeline.svg'}"]
    root = ElementTree.parse(tmp_path / "timeline.svg").getroot()  # noqa: S314 - our own file
    words = {text.text.strip() for text in root.iter("{http://www.w3.org/2000/svg}text") if text.text}
    assert {"Face 1", "happiness", "fear", "0 %", "100 %", "now"} <= words
    assert "anger" not in words


def test_the_picture_is_fine_enough_to_print(qtbot: QtBot, make_timeline: Make, feed: Feed, tmp_path: Path) -> None:
    feed.add(30, 1)
    timeline = make_timeline(path=tmp_path / "timeline.png")
    assert timeline.plot is not None
    with qtbot.waitSignal(timeline.notice):
        timeline.export_picture()
    image = QImage(str(tmp_path / "timeline.png"))
    assert image.width() == 2 * timeline.plot.width()
    assert [file.name for file in tmp_path.iterdir()] == ["timeline.png"]


def test_a_picture_that_cannot_be_written_is_a_line(
    qtbot: QtBot, make_timeline: Make, feed: Feed, tmp_path: Path
) -> None:
    feed.add(30, 1)
    timeline = make_timeline(path=tmp_path / "nowhere" / "timeline.png")
    with qtbot.waitSignal(timeline.failed) as said:
        timeline.export_picture()
    assert said.args[0].startswith(f"Cannot write {tmp_path / 'nowhere' / 'timeline.png'}: ")


def test_no_name_is_no_picture(qtbot: QtBot, make_timeline: Make, feed: Feed, tmp_path: Path) -> None:
    feed.add(30, 1)
    timeline = make_timeline(path=None)
    with qtbot.assertNotEmitted(timeline.notice), qtbot.assertNotEmitted(timeline.failed):
        timeline.export_picture()
    assert list(tmp_path.iterdir()) == []
