"""The bar under what is played: it shows what it is told, tells what is wanted, and leaves a hand alone."""

from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from gui.clock import elapsed
from gui.marks import Mark
from gui.transport import SPEEDS, Transport

_LEFT = Qt.MouseButton.LeftButton


@dataclass
class Wishes:
    """What the user was said to want."""

    toggled: int = 0
    sought: list[float] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    speeds: list[float] = field(default_factory=list)

    def toggle(self) -> None:
        self.toggled += 1


@pytest.fixture
def transport(qtbot: QtBot) -> Transport:
    bar = Transport()
    qtbot.addWidget(bar)
    bar.resize(700, 44)
    bar.show()
    return bar


@pytest.fixture
def wishes(transport: Transport) -> Wishes:
    told = Wishes()
    transport.play_toggled.connect(told.toggle)
    transport.seeked.connect(told.sought.append)
    transport.stepped.connect(told.steps.append)
    transport.speed_chosen.connect(told.speeds.append)
    return told


def at(bar: Transport, seconds: float) -> QPoint:
    return QPoint(round(bar.slider.x_of(seconds)), bar.slider.height() // 2)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0:00"), (9.9999, "0:10"), (59.9, "0:59"), (83, "1:23"), (3599, "59:59"), (5025, "1:23:45"), (-1, "0:00")],
)
def test_times_are_said_as_on_a_clock(seconds: float, said: str) -> None:
    assert elapsed(seconds) == said


def test_it_shows_where_it_is(transport: Transport, wishes: Wishes) -> None:
    transport.show_position(83.4, 312.0, paused=False, speed=1.5)
    assert (transport.elapsed, transport.total) == ("1:23", "5:12")
    assert transport.slider.seconds == pytest.approx(83.4)
    assert transport.speed_button.text() == "1.5×"  # noqa: RUF001 - so it is written
    assert transport.play_button.accessibleName() == "Pause"
    transport.show_position(83.4, 312.0, paused=True, speed=1.0)
    assert transport.play_button.accessibleName() == "Play"
    assert wishes == Wishes(), "to be shown something is no wish"


def test_of_what_lasts_hours_the_elapsed_time_has_them_too(transport: Transport) -> None:
    transport.show_position(65.0, 7391.0, paused=False, speed=1.0)
    assert (transport.elapsed, transport.total) == ("0:01:05", "2:03:11")


def test_nothing_moves_while_it_plays(transport: Transport) -> None:
    places = set()
    for seconds in (0.0, 71.0, 148.8, 599.0):
        transport.show_position(seconds, 599.0, paused=False, speed=1.0)
        QApplication.processEvents()
        places.add((transport.slider.geometry().left(), transport.slider.geometry().right()))
    assert len(places) == 1


def test_the_button_and_space_on_it_toggle(transport: Transport, wishes: Wishes) -> None:
    QTest.mouseClick(transport.play_button, _LEFT)
    QTest.keyClick(transport.play_button, Qt.Key.Key_Space)
    assert wishes.toggled == 2
    assert transport.paused, "only who plays knows whether it does"


def test_a_click_goes_to_the_moment_under_it(transport: Transport, wishes: Wishes) -> None:
    transport.show_position(0.0, 100.0, paused=False, speed=1.0)
    QTest.mouseClick(transport.slider, _LEFT, pos=at(transport, 75.0))
    assert wishes.sought == [pytest.approx(75.0, abs=0.2)]
    assert transport.elapsed in ("1:14", "1:15")


@pytest.mark.parametrize(("x", "sought"), [(-50, 0.0), (10_000, 100.0)])
def test_beyond_its_ends_are_its_ends(transport: Transport, wishes: Wishes, x: int, sought: float) -> None:
    transport.show_position(50.0, 100.0, paused=False, speed=1.0)
    QTest.mousePress(transport.slider, _LEFT, pos=at(transport, 50.0))
    QTest.mouseMove(transport.slider, QPoint(x, 5))
    QTest.mouseRelease(transport.slider, _LEFT, pos=QPoint(x, 5))
    assert wishes.sought[-1] == sought


def test_a_handle_that_is_dragged_stays_in_the_hand(transport: Transport, wishes: Wishes) -> None:
    transport.show_position(10.0, 100.0, paused=False, speed=1.0)
    QTest.mousePress(transport.slider, _LEFT, pos=at(transport, 20.0))
    for seconds in (40.0, 60.0):
        QTest.mouseMove(transport.slider, at(transport, seconds))
        transport.show_position(11.0, 100.0, paused=False, speed=1.0)
        assert transport.slider.seconds == pytest.approx(seconds, abs=0.2)
    assert transport.elapsed in ("0:59", "1:00")
    QTest.mouseRelease(transport.slider, _LEFT, pos=at(transport, 60.0))
    assert wishes.sought == [pytest.approx(each, abs=0.2) for each in (20.0, 40.0, 60.0)]
    transport.show_position(61.0, 100.0, paused=False, speed=1.0)
    assert transport.slider.seconds == 61.0


@pytest.mark.parametrize("part", ["play_button", "speed_button", "slider"])
def test_arrows_jump_wherever_the_focus_is_and_add_up(transport: Transport, wishes: Wishes, part: str) -> None:
    transport.show_position(50.0, 100.0, paused=False, speed=1.0)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(getattr(transport, part), key)
    assert wishes.sought == [55.0, 60.0, 55.0]


def test_jumps_end_at_the_ends(transport: Transport, wishes: Wishes) -> None:
    transport.show_position(2.0, 6.0, paused=False, speed=1.0)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(transport, key)
    assert wishes.sought == [0.0, 5.0, 6.0]


@pytest.mark.parametrize("part", ["play_button", "speed_button", "slider"])
def test_comma_and_full_stop_step_while_it_is_paused(transport: Transport, wishes: Wishes, part: str) -> None:
    transport.show_position(2.0, 6.0, paused=False, speed=1.0)
    QTest.keyClick(getattr(transport, part), Qt.Key.Key_Period)
    assert wishes.steps == []
    transport.show_position(2.0, 6.0, paused=True, speed=1.0)
    for key in (Qt.Key.Key_Period, Qt.Key.Key_Comma):
        QTest.keyClick(getattr(transport, part), key)
    assert wishes.steps == [1, -1]


def test_it_tells_whether_a_key_was_for_it(transport: Transport, wishes: Wishes) -> None:
    def key(code: int, with_: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> QKeyEvent:
        return QKeyEvent(QEvent.Type.KeyPress, code, with_)

    assert transport.take_key(key(Qt.Key.Key_Right))
    assert not transport.take_key(key(Qt.Key.Key_A))
    assert not transport.take_key(key(0))
    assert not transport.take_key(key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier))
    assert wishes.sought == [5.0]


def test_a_speed_is_chosen_from_the_menu(transport: Transport, wishes: Wishes) -> None:
    transport.show_position(0.0, 6.0, paused=False, speed=2.0)
    actions = transport.speed_button.menu().actions()
    assert [action.isChecked() for action in actions] == [speed == 2.0 for speed in SPEEDS]
    for action in actions:
        action.trigger()
    assert tuple(wishes.speeds) == SPEEDS


def test_what_has_no_known_length_has_no_handle(transport: Transport, wishes: Wishes) -> None:
    transport.show_position(12.0, None, paused=False, speed=1.0)
    assert (transport.elapsed, transport.total) == ("0:12", "")
    assert not transport.slider.isEnabled()
    QTest.mouseClick(transport.slider, _LEFT, pos=QPoint(100, 10))
    assert wishes.sought == []


def test_marks_are_drawn_at_their_moments(transport: Transport) -> None:
    red = QColor(255, 0, 0)
    transport.show_position(0.0, 100.0, paused=True, speed=1.0)
    transport.show_marks([Mark(25.0, red), Mark(80.0, red)])
    assert [mark.time for mark in transport.marks] == [25.0, 80.0]
    image = transport.slider.grab().toImage()
    ratio = image.width() / transport.slider.width()
    drawn = {x for x in range(image.width()) if image.pixelColor(x, round(7 * ratio)) == red}
    assert {round(transport.slider.x_of(each) * ratio) for each in (25.0, 80.0)} <= drawn
    assert round(transport.slider.x_of(50.0) * ratio) not in drawn
    transport.show_marks([])
    assert transport.marks == ()


def test_the_pointer_is_told_the_moment_under_it(transport: Transport) -> None:
    transport.show_position(0.0, 100.0, paused=True, speed=1.0)
    place = at(transport, 75.2)
    QApplication.sendEvent(
        transport.slider, QHelpEvent(QEvent.Type.ToolTip, place, transport.slider.mapToGlobal(QPointF(place)).toPoint())
    )
    assert QToolTip.text() == "1:15"
    QToolTip.hideText()
