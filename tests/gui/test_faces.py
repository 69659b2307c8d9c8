"""The panel beside the picture: which face is shown large, and for how long."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.faces import FacePanel
from gui.scene import Scene, compose
from realtime.records import Face, Frame, Reading
from tests.gui.fakes import CLASSES, face, grey

LARGE, SMALL = face(1, (0, 0, 300, 300)), face(2, (400, 0, 50, 50))


class Clock:
    """Moves on when it is told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def panel(qtbot: QtBot, clock: Clock) -> FacePanel:
    panel = FacePanel(clock)
    qtbot.addWidget(panel)
    panel.resize(300, 420)
    panel.show()
    return panel


def scene(*faces: Face) -> Scene:
    return compose(Frame(grey(), 0, 0.0), Reading(0, 0.0, CLASSES, faces), mirrored=False, within=(640, 360))


def test_the_largest_face_is_shown_until_another_is_chosen(panel: FacePanel) -> None:
    panel.show_scene(scene(LARGE, SMALL))
    assert panel.bars.caption == "Face 1"
    panel.select(2)
    panel.show_scene(scene(LARGE, SMALL))
    assert panel.bars.caption == "Face 2"


@pytest.mark.parametrize("others", [(LARGE,), ()])
def test_a_chosen_face_that_is_missed_in_a_picture_or_two_stays_chosen(
    panel: FacePanel, clock: Clock, others: tuple[Face, ...]
) -> None:
    panel.show_scene(scene(LARGE, SMALL))
    panel.select(2)
    for _ in range(20):
        clock.now += 0.2
        panel.show_scene(scene(*others))
        assert (panel.selected, panel.bars.caption) == (2, "Face 2")
        clock.now += 0.2
        panel.show_scene(scene(LARGE, SMALL))
    assert panel.bars.caption == "Face 2"


def test_when_it_has_left_the_largest_is_shown(panel: FacePanel, clock: Clock) -> None:
    panel.show_scene(scene(LARGE, SMALL))
    panel.select(2)
    clock.now += 1
    panel.show_scene(scene(LARGE))
    assert panel.bars.caption == "Face 1"
    clock.now += 1
    panel.show_scene(scene())
    assert panel.bars.heading == "No face in view"


def test_the_line_that_is_chosen_by_keys_is_in_sight(qtbot: QtBot, panel: FacePanel) -> None:
    panel.show_scene(scene(*(face(n, (50 * n, 100, 40, 40)) for n in range(1, 13))))
    panel.select(1)
    qtbot.waitUntil(lambda: panel.verticalScrollBar().maximum() > 0)
    for key, steps in ((Qt.Key.Key_Down, 11), (Qt.Key.Key_Up, 11)):
        for _ in range(steps):
            QTest.keyClick(panel.list, key)
            area = panel.list.area_of(panel.selected or 0)
            assert area is not None
            assert panel.list.visibleRegion().contains(area.center())
    assert panel.selected == 1
