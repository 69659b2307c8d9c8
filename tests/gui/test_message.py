"""The words in the middle of the view, and their buttons."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.first_steps import Action, Screen
from gui.message import Message


@pytest.fixture
def message(qtbot: QtBot) -> Iterator[Message]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 300)
    window.show()
    yield Message(window)
    window.close()


def shown(message: Message) -> set[Action]:
    return {action for action in Action if message.button(action).isVisible()}


def test_there_is_a_button_for_each_thing_that_can_be_done(message: Message) -> None:
    message.show_screen(Screen("No camera found", "Connect one.", (Action.OPEN_FILE, Action.DEMO)))
    assert (message.title, message.detail) == ("No camera found", "Connect one.")
    assert shown(message) == {Action.OPEN_FILE, Action.DEMO}
    assert message.accessibleName() == "No camera found"
    message.show_screen(Screen("Stopped", "", (Action.TRY_AGAIN,)))
    assert shown(message) == {Action.TRY_AGAIN}
    message.say("Starting…")
    assert shown(message) == set()


@pytest.mark.parametrize("action", Action)
def test_a_button_tells_what_is_wanted(message: Message, action: Action) -> None:
    wanted: list[Action] = []
    message.wanted.connect(wanted.append)
    message.show_screen(Screen("Stopped", "", (action,)))
    QTest.mouseClick(message.button(action), Qt.MouseButton.LeftButton)
    assert wanted == [action]
    assert message.button(action).toolTip()


def test_the_first_button_comes_first_for_eye_and_keyboard(message: Message) -> None:
    for actions in ((Action.OPEN_FILE, Action.DEMO), (Action.TRY_AGAIN, Action.OPEN_FILE)):
        message.show_screen(Screen("No picture", "", actions))
        first, second = (message.button(action) for action in actions)
        message.adjustSize()
        assert first.x() < second.x()
        first.setFocus()
        QTest.keyClick(first, Qt.Key.Key_Tab)
        assert second.hasFocus()
