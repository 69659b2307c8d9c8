"""The plot of probabilities over time, used as a person would."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import theme
from gui.marks import Mark, Span
from gui.plot import ProbabilityPlot
from realtime.palette import colors
from tests.gui.fakes import CLASSES

PAINT = tuple(QColor(*rgb) for rgb in colors(CLASSES))
Make = Callable[..., ProbabilityPlot]


@pytest.fixture
def make_plot(qtbot: QtBot) -> Make:
    """A plot of a minute in which happiness is all there is, but for a second at 20 s when no face was there."""

    def make(seconds: float = 60) -> ProbabilityPlot:
        times = np.arange(0, seconds, 1 / 30)
        times = times[(times < 20) | (times >= 21)]
        values = np.zeros((len(times), len(CLASSES)), np.float32)
        values[:, 1] = 1
        plot = ProbabilityPlot()
        qtbot.addWidget(plot)
        plot.resize(800, 240)
        plot.set_series(times, values, CLASSES, PAINT)
        plot.show()
        QApplication.processEvents()
        return plot

    return make


def canvas(plot: ProbabilityPlot) -> tuple[int, int]:
    """A place amid the lines."""
    return round(plot.x_of(sum(plot.view) / 2)), plot.height() // 2


def drag(plot: ProbabilityPlot, start: QPoint, end: QPoint) -> None:
    inside = plot.viewport
    places = [inside.mapFrom(plot, start + (end - start) * step / 5) for step in range(6)]
    QTest.mousePress(inside, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(inside, place)
        QTest.qWait(60)  # pyqtgraph takes moves at 20 a second
    QTest.mouseRelease(inside, Qt.MouseButton.LeftButton, pos=places[-1])


def wheel(plot: ProbabilityPlot, at: QPoint, notches: int, *, sideways: bool = False) -> None:
    inside = plot.viewport
    local = QPointF(inside.mapFrom(plot, at))
    QApplication.sendEvent(
        inside,
        QWheelEvent(
            local,
            inside.mapToGlobal(local),
            QPoint(),
            QPoint(120 * notches, 0) if sideways else QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def column(plot: ProbabilityPlot, seconds: float) -> list[tuple[int, int, int]]:
    """The pixels at ``seconds``, from the top of the plot half way down."""
    image = plot.grab().toImage()
    x, top = round(plot.x_of(seconds)), plot.viewport.mapTo(plot, QPoint(0, 0)).y()
    colors = [image.pixelColor(x, y) for y in range(top, image.height() // 2)]
    return [rgb(color) for color in colors]


def rgb(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()


def has_color(plot: ProbabilityPlot, seconds: float, paint: QColor) -> bool:
    """Whether there is this colour at ``seconds``; a smooth line shares it with the background."""
    background = np.array(rgb(theme.look().background), float)
    full = np.array(rgb(paint)) - background
    shares = (np.array(column(plot, seconds)) - background) @ full / (full @ full)
    return bool(shares.max() > 0.4)


def test_a_line_is_drawn_where_the_face_was_and_nowhere_else(make_plot: Make) -> None:
    plot = make_plot()
    happiness = PAINT[1]
    assert has_color(plot, 10, happiness)
    assert not has_color(plot, 20.5, happiness)
    assert has_color(plot, 30, happiness)


def test_a_chip_switches_its_class_off_and_on(qtbot: QtBot, make_plot: Make) -> None:
    plot = make_plot()
    chip = plot.legend.chips[1]
    with qtbot.waitSignal(plot.classes_switched):
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert plot.shown == set(CLASSES) - {"happiness"}
    assert not has_color(plot, 10, PAINT[1])
    QTest.keyClick(chip, Qt.Key.Key_Space)
    assert plot.shown == set(CLASSES)
    assert has_color(plot, 10, PAINT[1])


def test_shift_leaves_one_class_alone_and_brings_back_all(make_plot: Make) -> None:
    plot = make_plot()
    for shown in ({"fear"}, set(CLASSES)):
        QTest.mouseClick(plot.legend.chips[6], Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier)
        assert plot.shown == shown


def test_classes_are_switched_by_name_and_stay_so_for_another_face(make_plot: Make) -> None:
    plot = make_plot()
    plot.show_classes({"happiness", "anger"})
    times = np.arange(0, 60, 0.1)
    plot.set_series(times, np.zeros((len(times), 2), np.float32), ("happiness", "boredom"), PAINT[:2])
    assert plot.shown == {"happiness", "boredom"}


def test_the_wheel_zooms_and_a_drag_moves_within_the_data(qtbot: QtBot, make_plot: Make) -> None:
    plot = make_plot()
    assert plot.view == plot.bounds == pytest.approx((0, 60), abs=0.1)
    x, y = canvas(plot)
    with qtbot.waitSignal(plot.view_moved):
        wheel(plot, QPoint(x, y), 4)
    left, right = plot.view
    assert 0 < left < 30 < right < 59
    with qtbot.waitSignal(plot.view_moved):
        drag(plot, QPoint(x, y), QPoint(x + 80, y))
    assert plot.view[0] < left
    assert plot.view[1] - plot.view[0] == pytest.approx(right - left)
    wheel(plot, QPoint(x, y), -40)
    assert plot.view == plot.bounds


def test_a_wheel_turned_sideways_moves_the_view(qtbot: QtBot, make_plot: Make) -> None:
    plot = make_plot()
    plot.set_view(20, 40)
    with qtbot.waitSignal(plot.view_moved):
        wheel(plot, QPoint(*canvas(plot)), -1, sideways=True)
    assert plot.view == pytest.approx((22, 42))
    wheel(plot, QPoint(*canvas(plot)), 40, sideways=True)
    assert plot.view == pytest.approx((0, 20))


def test_the_keys_do_what_the_mouse_does(qtbot: QtBot, make_plot: Make) -> None:
    plot = make_plot()
    with qtbot.waitSignal(plot.view_moved):
        QTest.keyClick(plot, Qt.Key.Key_Plus)
    left, right = plot.view
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.view[0] > left
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert plot.view == pytest.approx((0, right - left))
    QTest.keyClick(plot, Qt.Key.Key_End)
    assert plot.view[1] == plot.bounds[1]
    QTest.keyClick(plot, Qt.Key.Key_0)
    assert plot.view == plot.bounds


def test_the_play_head_is_dragged_and_clicked_to_a_time(qtbot: QtBot, make_plot: Make) -> None:
    plot = make_plot()
    assert plot.play_head is None
    plot.play_head = 30.0
    QApplication.processEvents()
    y = canvas(plot)[1]
    with qtbot.waitSignal(plot.play_head_moved):
        drag(plot, QPoint(round(plot.x_of(30)), y), QPoint(round(plot.x_of(40)), y))
    assert plot.play_head == pytest.approx(40, abs=0.5)
    assert plot.view == plot.bounds  # the drag was the play-head's
    clicked = plot.viewport.mapFrom(plot, QPoint(round(plot.x_of(10)), y))
    with qtbot.waitSignal(plot.play_head_moved) as moved:
        QTest.mouseClick(plot.viewport, Qt.MouseButton.LeftButton, pos=clicked)
    assert moved.args == [pytest.approx(10, abs=0.5)]


def test_moving_the_play_head_from_outside_is_no_news(qtbot: QtBot, make_plot: Make) -> None:
    plot = make_plot()
    with qtbot.assertNotEmitted(plot.play_head_moved), qtbot.assertNotEmitted(plot.view_moved):
        plot.play_head = 12.0
        plot.set_view(5, 25)
    plot.play_head = None
    assert plot.play_head is None


def test_the_view_stays_when_more_comes(make_plot: Make) -> None:
    plot = make_plot()
    plot.set_view(10, 20)
    times = np.arange(0, 90, 1 / 30)
    values = np.zeros((len(times), len(CLASSES)), np.float32)
    plot.set_series(times, values, CLASSES, PAINT, bounds=(0, 100))
    assert plot.view == (10, 20)
    plot.set_series(times + 200, values, CLASSES, PAINT)
    assert plot.view == plot.bounds


def test_marks_and_spans_say_what_they_are(make_plot: Make) -> None:
    plot = make_plot()
    plot.set_marks([Mark(10, PAINT[4], "angriest"), Mark(50, PAINT[4])])
    plot.set_spans([Span(30, 40, PAINT[5], "he laughs"), Span(35, 45, PAINT[3], "unsure", height=0.1)])
    assert has_color(plot, 10, PAINT[4])
    assert has_color(plot, 32, PAINT[5])
    assert plot.tip_at(plot.x_of(10) + 2) == "angriest"
    assert plot.tip_at(plot.x_of(32)) == "he laughs"
    assert plot.tip_at(plot.x_of(37)) == "he laughs\nunsure"
    assert plot.tip_at(plot.x_of(20)) == ""


def test_it_takes_the_look_of_the_theme(make_plot: Make) -> None:
    plot = make_plot()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    try:
        theme.apply(app, theme.Theme.LIGHT)
        QApplication.processEvents()
        QApplication.sendEvent(plot, QEvent(QEvent.Type.PaletteChange))
        assert rgb(theme.LIGHT.background) in column(plot, 20.5)
        theme.apply(app, theme.Theme.DARK)
        QApplication.processEvents()
        assert rgb(theme.DARK.background) in column(plot, 20.5)
    finally:
        theme.apply(app, theme.Theme.DARK)


def test_nothing_to_show_is_no_error(make_plot: Make) -> None:
    plot = make_plot()
    plot.clear()
    assert not has_color(plot, sum(plot.view) / 2, PAINT[1])
